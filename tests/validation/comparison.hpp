#pragma once
// Rows of the validation page: what a reference says, what the program says, and how far apart they
// are.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace wintergrid::validation {

/// One quantity of one case, at the place where the difference is largest in units of its
/// tolerance.
struct Row {
  std::string case_name{};
  std::string quantity{};  ///< with its unit, and where the worst place is
  double ours = 0.0;
  double reference = 0.0;
  double difference = 0.0;  ///< absolute
  double tolerance = 0.0;   ///< allowed there, absolute
  double seconds = 0.0;     ///< the program's, for the whole case
  std::string failure{};    ///< why there is nothing to compare; empty: there is
  bool passes() const { return failure.empty() && difference <= tolerance; }
};

using Rows = std::vector<Row>;

/// A CSV file read by column names.
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;

  /// SIZE_MAX if there is none.
  std::size_t column(const std::string& name) const;
};
/// Throws std::runtime_error if the file cannot be read or a row has another number of cells.
Table read_table(const std::filesystem::path& path, char separator = ',');

/// How far `ours` may be from `reference`: absolute + relative * |reference|.
struct Tolerance {
  double absolute = 0.0;
  double relative = 0.0;
};

struct ComparedColumn {
  std::string quantity;  ///< as printed
  std::string ours, reference;
  Tolerance tolerance;
  double scale = 1.0;  ///< ours * scale + offset is compared
  double offset = 0.0;
};

/// Rows of both tables are matched by the key columns (same names in both, or "ours=reference").
/// `skip` is asked with the reference's row. A row missing in ours is a failure.
Rows compare(const std::string& case_name, double seconds, const Table& ours,
             const Table& reference, const std::vector<std::string>& keys,
             const std::vector<ComparedColumn>& columns,
             const std::function<bool(const std::vector<std::string>&)>& skip = {});

/// Runs the program; returns wall seconds. Throws std::runtime_error with its message if it does
/// not exit with 0.
double run_wintergrid(const std::vector<std::string>& arguments);

/// Files of a folder whose name ends so, sorted.
std::vector<std::filesystem::path> files_ending(const std::filesystem::path& folder,
                                                const std::string& ending);

/// A folder for the program's output, emptied.
std::filesystem::path scratch(const std::string& name);

void append(Rows& rows, Rows more);
/// Runs `body`, which appends rows; what it throws becomes a failed row.
void guarded(const std::string& case_name, Rows& rows, const std::function<void()>& body);

/// All cases found under the reference root.
Rows validate_power(const std::filesystem::path& root);
Rows validate_water(const std::filesystem::path& root);
Rows validate_heat(const std::filesystem::path& root);
Rows validate_models(const std::filesystem::path& root);  ///< buildings and freezing

}  // namespace wintergrid::validation

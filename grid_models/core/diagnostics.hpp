#pragma once
// What is wrong with an input, collected so that all errors are shown at once.

#include <cstddef>
#include <string>
#include <vector>

namespace wintergrid {

/// A place in an input file; line and column count from 1, column in characters; 0 means unknown.
struct SourcePlace {
  std::string file;
  std::size_t line = 0;
  std::size_t column = 0;
};

enum class Severity { error, warning };

struct Diagnostic {
  Severity severity = Severity::error;
  SourcePlace place;
  std::string problem;  ///< lower case, with the offending value: "'load_mw' is -80 (must be >= 0)"
  std::string path;     ///< logical path: "power.generators[3].capacity_mw"; may be empty
  std::string hint;     ///< what to do: "did you mean 'repair_hours'?"; may be empty
};

/// Collects diagnostics. Keeps the first kMaxKept of them and counts the rest.
class Diagnostics {
 public:
  static constexpr std::size_t kMaxKept = 50;

  void error(SourcePlace place, std::string problem, std::string hint = {}, std::string path = {});
  void warning(SourcePlace place, std::string problem, std::string hint = {},
               std::string path = {});
  void add(Diagnostic diagnostic);

  bool ok() const { return error_count_ == 0; }
  std::size_t error_count() const { return error_count_; }
  std::size_t warning_count() const { return warning_count_; }
  const std::vector<Diagnostic>& items() const { return items_; }

  /// "file:line:column: error: problem\n   at path\n   hint: ...\n" for each, then a closing count.
  std::string to_text() const;

 private:
  std::vector<Diagnostic> items_;
  std::size_t error_count_ = 0;
  std::size_t warning_count_ = 0;
};

}  // namespace wintergrid

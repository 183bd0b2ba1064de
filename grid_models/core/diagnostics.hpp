#pragma once
// What is wrong with an input, collected so that all errors are shown at once.

#include <cstddef>
#include <cstdint>
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

/// What kind of mistake it is; stated where it is found. What people read of each stands in
/// engine/io/error_kinds.cpp, in this order.
enum class ErrorCode : std::uint8_t {
  file,           ///< cannot be read, or is empty
  encoding,       ///< not plain UTF-8 text
  syntax,         ///< cannot be parsed
  unknown_name,   ///< a key, column, table or section that is not known
  missing,        ///< a key, column, row or cell that nothing can be assumed for
  twice,          ///< the same thing twice, or a name that means two things
  type,           ///< of the wrong type or form, or not one of a few words
  range,          ///< readable, but makes no sense there
  reference,      ///< a name that points to nothing
  contradiction,  ///< two values of which only one can be true
  network,        ///< a network that cannot work
  private_data,   ///< geographic coordinates
  unknown_cell,   ///< `unknown` where nothing can be drawn
  too_little,     ///< too little data for a fit
  statement,      ///< a statement of another program that is not followed
  simplified,     ///< followed only in part: said, not refused
  doubtful,       ///< possible, but look at it: said, not refused
};
inline constexpr std::size_t kErrorCodeCount = static_cast<std::size_t>(ErrorCode::doubtful) + 1;

struct Diagnostic {
  Severity severity;
  ErrorCode code;
  SourcePlace place;
  std::string problem;  ///< lower case, with the offending value: "'load_mw' is -80 (must be >= 0)"
  std::string path;     ///< logical path: "power.generators[3].capacity_mw"; may be empty
  std::string hint;     ///< what to do: "did you mean 'repair_hours'?"; may be empty
};

/// Collects diagnostics. Keeps the first kMaxKept of them and counts the rest.
class Diagnostics {
 public:
  static constexpr std::size_t kMaxKept = 50;

  void error(ErrorCode code, SourcePlace place, std::string problem, std::string hint = {},
             std::string path = {});
  void warning(ErrorCode code, SourcePlace place, std::string problem, std::string hint = {},
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

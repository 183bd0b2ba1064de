#pragma once
// CSV as people's programs write it, split into cells with places; nothing is interpreted. RFC
// 4180, with cells separated by comma, semicolon or tab, line ends LF, CRLF or CR, comment lines
// (#), blank lines, and a first line 'sep=;'.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/source_text.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::scenario {

struct CsvCell {
  std::string text;  ///< without quotes; spaces around an unquoted text removed
  bool quoted = false;
  std::size_t line = 0;  ///< a quoted cell may begin on a later line than its record
  std::size_t column = 0;
};

/// Reads record by record, so that a large table is never held twice.
class CsvReader {
 public:
  /// The separator is tab if the first record has one, else semicolon, else comma: column names
  /// contain none of them.
  CsvReader(const io::SourceText& source, Diagnostics& diagnostics);

  /// The next record that is neither blank nor a comment; false at the end. A record with a broken
  /// quote is reported and ends the file: what follows cannot be trusted.
  bool next(std::vector<CsvCell>& record);

  char separator() const { return separator_; }
  /// Whether the last record ended with the file instead of a line end: the file may be cut off.
  bool ended_without_line_end() const { return ended_without_line_end_; }

 private:
  bool at_line_end() const {
    return offset_ == text_.size() || text_[offset_] == '\n' || text_[offset_] == '\r';
  }
  void end_line();
  void skip_line();
  std::size_t column_of(std::size_t offset) const;
  bool read_quoted(CsvCell& cell);
  void read_plain(CsvCell& cell);

  std::string path_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  char separator_ = ',';
  std::size_t offset_ = 0;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
  mutable std::size_t counted_offset_ =
      0;  ///< columns are counted on from here, not from the line's start each time
  mutable std::size_t counted_column_ = 1;
  bool ended_without_line_end_ = false;
};

}  // namespace wintergrid::scenario

#include "engine/scenario/csv_text.hpp"

#include <fmt/format.h>

#include "engine/io/utf8.hpp"
#include "engine/scenario/messages.hpp"

namespace wintergrid::scenario {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

CsvReader::CsvReader(const io::SourceText& source, Diagnostics& diagnostics)
    : path_(source.path), text_(source.text()), diagnostics_(diagnostics) {
  constexpr std::string_view kSeparatorLine = "sep=";  // a spreadsheet's own note to itself
  if (text_.starts_with(kSeparatorLine) && text_.size() > kSeparatorLine.size()) {
    separator_ = text_[kSeparatorLine.size()];
    skip_line();
    if (separator_ == ',' || separator_ == ';' || separator_ == '\t') {
      return;
    }
  }
  const std::size_t start = offset_;
  const std::size_t start_line = line_;
  while (offset_ < text_.size() && (at_line_end() || text_[offset_] == '#')) {
    skip_line();
  }
  const std::string_view header =
      text_.substr(offset_, text_.find_first_of("\r\n", offset_) - offset_);
  separator_ = header.find('\t') != std::string_view::npos  ? '\t'
               : header.find(';') != std::string_view::npos ? ';'
                                                            : ',';
  offset_ = start;
  line_ = start_line;
  line_start_ = start;
  counted_offset_ = start;
  counted_column_ = 1;
}

void CsvReader::end_line() {
  if (offset_ == text_.size()) {
    ended_without_line_end_ = true;
    return;
  }
  offset_ += text_.substr(offset_).starts_with("\r\n") ? 2 : 1;
  ++line_;
  line_start_ = offset_;
  counted_offset_ = offset_;
  counted_column_ = 1;
}

void CsvReader::skip_line() {
  while (!at_line_end()) {
    ++offset_;
  }
  end_line();
}

std::size_t CsvReader::column_of(std::size_t offset) const {
  counted_column_ += io::count_characters(text_.substr(counted_offset_, offset - counted_offset_));
  counted_offset_ = offset;
  return counted_column_;
}

void CsvReader::read_plain(CsvCell& cell) {
  const std::size_t start = offset_;
  while (!at_line_end() && text_[offset_] != separator_) {
    ++offset_;
  }
  cell.text = trimmed(text_.substr(start, offset_ - start));
  if (const std::size_t quote = cell.text.find('"'); quote != std::string::npos) {
    diagnostics_.error(ErrorCode::syntax,
                       {path_, line_, column_of(start + text_.substr(start).find('"'))},
                       fmt::format("a quote inside the cell {}", in_quotes(cell.text)),
                       "put the whole cell in quotes and double the quotes inside it");
  }
}

bool CsvReader::read_quoted(CsvCell& cell) {
  cell.quoted = true;
  ++offset_;
  while (true) {
    if (offset_ == text_.size()) {
      diagnostics_.error(ErrorCode::syntax, {path_, cell.line, cell.column},
                         "the quote that begins here is never closed",
                         "close it; or the file is cut off");
      return false;
    }
    const char character = text_[offset_];
    if (character == '"') {
      if (!text_.substr(offset_).starts_with("\"\"")) {
        ++offset_;
        break;
      }
      ++offset_;  // two quotes stand for one
    }
    cell.text += character;
    if (character == '\n' || (character == '\r' && !text_.substr(offset_).starts_with("\r\n"))) {
      end_line();
    } else {
      ++offset_;
    }
  }
  while (!at_line_end() && text_[offset_] == ' ' && separator_ != ' ') {
    ++offset_;
  }
  if (!at_line_end() && text_[offset_] != separator_) {
    diagnostics_.error(ErrorCode::syntax, {path_, line_, column_of(offset_)},
                       "text after the closing quote",
                       "double a quote inside a quoted cell, or separate the cells");
    return false;
  }
  return true;
}

bool CsvReader::next(std::vector<CsvCell>& record) {
  while (offset_ < text_.size()) {
    if (text_[offset_] == '#' || at_line_end()) {
      skip_line();
      continue;
    }
    record.clear();
    bool blank = true;
    while (true) {
      std::size_t first = offset_;
      while (first < text_.size() && text_[first] == ' ') {
        ++first;
      }
      CsvCell cell;
      cell.line = line_;
      const bool is_quoted = first < text_.size() && text_[first] == '"';
      if (is_quoted) {
        offset_ = first;
      }
      cell.column = column_of(first);
      if (is_quoted) {
        if (!read_quoted(cell)) {
          offset_ = text_.size();
          return false;
        }
      } else {
        read_plain(cell);
      }
      blank = blank && cell.text.empty() && !cell.quoted;
      record.push_back(std::move(cell));
      if (at_line_end()) {
        break;
      }
      ++offset_;
    }
    end_line();
    if (!blank) {  // spreadsheets pad with rows of separators
      return true;
    }
  }
  return false;
}

}  // namespace wintergrid::scenario

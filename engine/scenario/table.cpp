#include "engine/scenario/table.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/scenario/assign.hpp"
#include "engine/scenario/csv_text.hpp"
#include "engine/scenario/messages.hpp"
#include "engine/scenario/rules.hpp"
#include "engine/scenario/scalar.hpp"
#include "engine/scenario/unknown.hpp"

namespace wintergrid::scenario {
namespace {

/// Errors of one column beyond the first few say nothing new and would hide those of other columns.
class ColumnErrors {
 public:
  explicit ColumnErrors(std::size_t column_count)
      : counts_(column_count, 0), first_hidden_(column_count) {}

  void add(std::size_t column, const SourcePlace& place, ScalarError error, const std::string& path,
           Diagnostics& diagnostics) {
    if (++counts_[column] <= kMostErrorsPerColumn) {
      diagnostics.error(error.code, place, std::move(error.problem), std::move(error.hint), path);
    } else if (counts_[column] == kMostErrorsPerColumn + 1) {
      first_hidden_[column] = place;
    }
  }

  template <class Row>
  void report_hidden(const std::vector<Field<Row>>& columns, Diagnostics& diagnostics) const {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] > kMostErrorsPerColumn) {
        diagnostics.error(ErrorCode::type, first_hidden_[i],
                          fmt::format("{} more wrong values of '{}' from here on",
                                      counts_[i] - kMostErrorsPerColumn, columns[i].key));
      }
    }
  }

 private:
  std::vector<std::size_t> counts_;
  std::vector<SourcePlace> first_hidden_;
};

constexpr std::size_t kUnknownColumn = SIZE_MAX;

/// The field of each column, kUnknownColumn where there is none. Reports what is wrong with the
/// header.
template <class Row>
std::vector<std::size_t> match_header(const std::string& file, const std::vector<CsvCell>& header,
                                      const TableInfo& table, Diagnostics& diagnostics) {
  const std::vector<Field<Row>>& columns = fields<Row>();
  std::vector<std::string> known;
  known.reserve(columns.size());
  for (const Field<Row>& column : columns) {
    known.push_back(column.key);
  }
  std::vector<std::size_t> field_of(header.size(), kUnknownColumn);
  std::vector<std::size_t> column_of(columns.size(), kUnknownColumn);
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string& name = header[i].text;
    const SourcePlace place{file, header[i].line, header[i].column};
    const auto found =
        static_cast<std::size_t>(std::find(known.begin(), known.end(), name) - known.begin());
    if (found < known.size()) {
      if (column_of[found] != kUnknownColumn) {
        diagnostics.error(ErrorCode::twice, place, fmt::format("column '{}' is given twice", name),
                          "keep one of them");
      } else {
        column_of[found] = i;
        field_of[i] = found;
      }
    } else if (name.empty()) {
      diagnostics.error(ErrorCode::syntax, place, fmt::format("column {} has no name", i + 1),
                        "name it, or remove the separator");
    } else if (is_coordinate(name)) {
      diagnostics.error(ErrorCode::private_data, place,
                        fmt::format("column {}: {}", in_quotes(name), kNoCoordinates),
                        std::string(kNoCoordinatesHint));
    } else {
      diagnostics.error(ErrorCode::unknown_name, place,
                        fmt::format("unknown column {} in table '{}'", in_quotes(name), table.key),
                        hint_for_unknown(name, known, "columns"));
    }
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].required && column_of[i] == kUnknownColumn) {
      diagnostics.error(
          ErrorCode::missing, {file, header.front().line, 1},
          fmt::format("column '{}' is missing in table '{}'", columns[i].key, table.key),
          description_of(columns[i]));
    }
  }
  return field_of;
}

SourcePlace place_of_cell(const std::string& file, const CsvCell& cell) {
  return {file, cell.line, cell.column};
}

/// The name of the row for messages: "generator 'TPP-6'", or nothing before its identifier is
/// known.
template <class Row>
std::string row_path(const Row& row, const TableInfo& table) {
  const Field<Row>& first = fields<Row>().front();
  if (first.kind != FieldKind::key) {
    return {};
  }
  const std::string name = value_text(row, first);
  return name.empty() ? std::string() : fmt::format("{} {}", table.row_name, in_quotes(name));
}

template <class Row>
class TableReader {
 public:
  TableReader(const io::SourceText& source, const TableInfo& table, Diagnostics& diagnostics)
      : file_(source.path),
        table_(table),
        diagnostics_(diagnostics),
        reader_(source, diagnostics),
        errors_(fields<Row>().size()) {
    decimal_.comma_allowed = reader_.separator() != ',';
  }

  std::vector<Row> read() {
    std::vector<Row> rows;
    std::vector<CsvCell> record;
    const std::size_t errors_before = diagnostics_.error_count();
    if (!reader_.next(record)) {
      if (diagnostics_.error_count() == errors_before) {
        diagnostics_.error(
            ErrorCode::file, {file_, 1, 1}, "the file is empty",
            fmt::format("a table begins with a line of column names: {}", header_example()));
      }
      return rows;
    }
    field_of_ = match_header<Row>(file_, record, table_, diagnostics_);
    header_is_fine_ = diagnostics_.error_count() == errors_before;
    column_count_ = record.size();
    while (reader_.next(record)) {
      ++row_count_;
      if (std::optional<Row> row = read_row(record)) {
        rows.push_back(std::move(*row));
      }
    }
    errors_.report_hidden(fields<Row>(), diagnostics_);
    if (row_count_ == 0 && table_.needs_rows && diagnostics_.error_count() == errors_before) {
      diagnostics_.error(ErrorCode::missing, {file_, 1, 1},
                         fmt::format("table '{}' has no rows", table_.key),
                         fmt::format("give at least one {}", table_.row_name));
    }
    return rows;
  }

 private:
  std::string header_example() const {
    std::string names;
    for (const Field<Row>& column : fields<Row>()) {
      names += (names.empty() ? "" : ",") + column.key;
    }
    return names;
  }

  bool check_cell_count(const std::vector<CsvCell>& record) {
    // Spreadsheets pad rows: empty cells beyond the header say nothing.
    const bool only_padding =
        record.size() > column_count_ &&
        std::all_of(record.begin() + static_cast<std::ptrdiff_t>(column_count_), record.end(),
                    [](const CsvCell& cell) { return cell.text.empty(); });
    if (record.size() == column_count_ || only_padding) {
      return true;
    }
    const bool cut_off = record.size() < column_count_ && reader_.ended_without_line_end();
    std::string hint = cut_off ? "the file ends in the middle of this line: it is cut off"
                               : "separate the cells as in the first line; put a text that "
                                 "contains the separator in quotes";
    if (!cut_off && record.size() > column_count_ && reader_.separator() == ',') {
      hint =
          "a decimal comma? Write a point, or separate the cells by semicolons; put a text with a "
          "comma in quotes";
    }
    diagnostics_.error(
        ErrorCode::syntax, {file_, record.front().line, 1},
        fmt::format("{} cells, but the first line has {} columns", record.size(), column_count_),
        hint);
    return false;
  }

  std::optional<Row> read_row(const std::vector<CsvCell>& record) {
    if (!check_cell_count(record)) {
      return std::nullopt;
    }
    const std::vector<Field<Row>>& columns = fields<Row>();
    Row row;
    static_cast<SourcePlace&>(row.place) = {file_, record.front().line, 1};
    row.place.values.resize(columns.size());
    bool good = true;
    for (std::size_t i = 0; i < column_count_; ++i) {
      if (field_of_[i] != kUnknownColumn) {
        good = read_cell(row, field_of_[i], record[i]) && good;
      }
    }
    good = is_first_of_its_name(row) && good;
    if (!good) {
      return std::nullopt;
    }
    std::sort(row.place.unknown.begin(), row.place.unknown.end());
    // What the values must satisfy is asked of donors, and not of values whose column is missing.
    if (!row.place.unknown.empty() || !header_is_fine_) {
      return row;
    }
    const std::size_t errors_before = diagnostics_.error_count();
    check_row(row, diagnostics_);
    return diagnostics_.error_count() == errors_before ? std::optional<Row>(std::move(row))
                                                       : std::nullopt;
  }

  bool read_cell(Row& row, std::size_t index, const CsvCell& cell) {
    const Field<Row>& field = fields<Row>()[index];
    ScalarError error;
    if (cell.text.empty()) {
      if (!field.required) {
        return true;
      }
      error.code = ErrorCode::missing;
      error.problem = fmt::format("'{}' is empty", field.key);
      error.hint = "a value is needed in every row";
    } else {
      row.place.values[index] = {static_cast<std::uint32_t>(cell.line),
                                 static_cast<std::uint32_t>(cell.column)};
      const ScalarContext context{true, cell.quoted, cell.line, &decimal_};
      if (cell.text == kUnknown) {
        if (may_be_unknown(table_.key, field.key)) {
          row.place.unknown.push_back(static_cast<std::uint16_t>(index));
          return true;
        }
        errors_.add(index, place_of_cell(file_, cell), why_not_unknown(field),
                    row_path(row, table_), diagnostics_);
        return false;
      }
      if (const std::optional<ScalarValue> value =
              parse_scalar(field, is_unsigned_member(field), cell.text, context, error)) {
        assign(row, field, *value);
        return true;
      }
      if (may_be_unknown(table_.key, field.key) && lower_case(cell.text) == kUnknown) {
        error.hint = "write unknown in lower case";
      }
    }
    errors_.add(index, place_of_cell(file_, cell), std::move(error), row_path(row, table_),
                diagnostics_);
    return false;
  }

  bool is_first_of_its_name(const Row& row) {
    const Field<Row>& first = fields<Row>().front();
    if (first.kind != FieldKind::key) {
      return true;
    }
    const std::string name = value_text(row, first);
    if (name.empty()) {
      return true;  // reported as empty, or its column is missing
    }
    const auto [known, is_new] = line_of_name_.emplace(name, row.place.line);
    if (!is_new) {
      errors_.add(0, place_of(row, first.key),
                  {ErrorCode::twice,
                   fmt::format("{} {} is given twice (first on line {})", table_.row_name,
                               in_quotes(name), known->second),
                   "names are unique in a table"},
                  {}, diagnostics_);
    }
    return is_new;
  }

  std::string file_;
  const TableInfo& table_;
  Diagnostics& diagnostics_;
  CsvReader reader_;
  ColumnErrors errors_;
  DecimalMark decimal_;
  std::vector<std::size_t> field_of_;
  bool header_is_fine_ = false;
  std::size_t column_count_ = 0;
  std::size_t row_count_ = 0;
  std::map<std::string, std::size_t> line_of_name_;
};

/// RFC 4180: quotes around what would read as something else.
std::string csv_cell(const std::string& text) {
  const bool needs_quotes = text.find_first_of(",;\t\"\r\n") != std::string::npos ||
                            text.starts_with('#') || text.starts_with(' ') || text.ends_with(' ') ||
                            text.starts_with("sep=");
  if (!needs_quotes) {
    return text;
  }
  std::string quoted_text = "\"";
  for (const char character : text) {
    quoted_text += character;
    if (character == '"') {
      quoted_text += '"';
    }
  }
  return quoted_text + '"';
}

}  // namespace

template <class Row>
std::vector<Row> read_table(const io::SourceText& source, const TableInfo& table,
                            Diagnostics& diagnostics) {
  return TableReader<Row>(source, table, diagnostics).read();
}

template <class Row>
std::string to_csv(const std::vector<Row>& rows) {
  const std::vector<Field<Row>>& columns = fields<Row>();
  std::string csv;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    csv += (i == 0 ? "" : ",") + columns[i].key;
  }
  csv += '\n';
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const bool unknown =
          std::binary_search(row.place.unknown.begin(), row.place.unknown.end(), i);
      csv += (i == 0 ? "" : ",") +
             (unknown ? std::string(kUnknown) : csv_cell(value_text(row, columns[i])));
    }
    csv += '\n';
  }
  return csv;
}

#define WG_INSTANTIATE(Row)                                                          \
  template std::vector<Row> read_table<Row>(const io::SourceText&, const TableInfo&, \
                                            Diagnostics&);                           \
  template std::string to_csv<Row>(const std::vector<Row>&);
WG_INSTANTIATE(ZoneRow)
WG_INSTANTIATE(BusRow)
WG_INSTANTIATE(BranchRow)
WG_INSTANTIATE(GeneratorRow)
WG_INSTANTIATE(FeederRow)
WG_INSTANTIATE(HouseholdRow)
WG_INSTANTIATE(FacilityRow)
WG_INSTANTIATE(HeatNodeRow)
WG_INSTANTIATE(HeatPipeRow)
WG_INSTANTIATE(HeatSourceRow)
WG_INSTANTIATE(WaterNodeRow)
WG_INSTANTIATE(WaterLinkRow)
#undef WG_INSTANTIATE

}  // namespace wintergrid::scenario

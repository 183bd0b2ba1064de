#pragma once
// A sheet of a workbook: headings, a row of HXL tags, rows, charts of their columns.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/report/start_day.hpp"

struct lxw_format;     // NOLINT(readability-identifier-naming): names of libxlsxwriter
struct lxw_workbook;   // NOLINT(readability-identifier-naming)
struct lxw_worksheet;  // NOLINT(readability-identifier-naming)

namespace wintergrid::report {

struct SheetFormats {
  lxw_format *heading = nullptr, *tag = nullptr, *text = nullptr, *number = nullptr,
             *percent = nullptr, *moment = nullptr, *title = nullptr;
};

/// xlsxwriter takes text as char pointers that it copies.
class Sheet {
 public:
  struct Column {
    std::string heading, tag;  ///< tag: of HXL, empty: none
    double width = 12;
  };

  Sheet(lxw_workbook* workbook, const SheetFormats& formats, const std::string& name,
        const std::vector<Column>& columns);

  void text(std::size_t column, const std::string& value);
  void number(std::size_t column, std::optional<double> value);
  /// A share, shown in per cent.
  void share(std::size_t column, std::optional<double> value);
  void moment(std::size_t column, const LocalHour& value);
  void end_row() { ++row_; }
  std::size_t rows() const { return row_ - kFirstRow; }

  struct Series {
    std::size_t column = 0;
    std::string name;                     ///< empty: the column's heading
    std::size_t first_row = 0, rows = 0;  ///< of the table; rows 0: all
  };
  enum class Shape { columns, bars, line };
  struct Plot {
    Shape shape = Shape::columns;
    std::string title, x_axis, y_axis;
    std::size_t categories = 0;  ///< column
    std::vector<Series> series;
  };
  /// To the right of the table.
  void plot(const Plot& plot);
  /// Filters, and headings that stay in view.
  void finish();

 private:
  static constexpr std::uint32_t kFirstRow = 2;  ///< under headings and tags

  lxw_workbook* workbook_;
  lxw_worksheet* sheet_;
  const SheetFormats& formats_;
  std::string name_;
  std::vector<Column> columns_;
  std::uint32_t row_ = kFirstRow;
};

}  // namespace wintergrid::report

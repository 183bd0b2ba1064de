#include "engine/report/workbook_sheet.hpp"

#include <fmt/format.h>
#include <xlsxwriter.h>

namespace wintergrid::report {
namespace {

lxw_col_t column_of(std::size_t column) { return static_cast<lxw_col_t>(column); }

}  // namespace

Sheet::Sheet(lxw_workbook* workbook, const SheetFormats& formats, const std::string& name,
             const std::vector<Column>& columns)
    : workbook_(workbook),
      sheet_(workbook_add_worksheet(workbook, name.c_str())),
      formats_(formats),
      name_(name),
      columns_(columns) {
  constexpr double kThreeLines = 48.0;  // points
  worksheet_set_row(sheet_, 0, kThreeLines, nullptr);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    worksheet_set_column(sheet_, column_of(c), column_of(c), columns_[c].width, nullptr);
    worksheet_write_string(sheet_, 0, column_of(c), columns_[c].heading.c_str(), formats_.heading);
    worksheet_write_string(sheet_, 1, column_of(c), columns_[c].tag.c_str(), formats_.tag);
  }
}

void Sheet::text(std::size_t column, const std::string& value) {
  worksheet_write_string(sheet_, row_, column_of(column), value.c_str(), formats_.text);
}

void Sheet::number(std::size_t column, std::optional<double> value) {
  if (value) {
    worksheet_write_number(sheet_, row_, column_of(column), *value, formats_.number);
  }
}

void Sheet::share(std::size_t column, std::optional<double> value) {
  if (value) {
    worksheet_write_number(sheet_, row_, column_of(column), *value, formats_.percent);
  }
}

void Sheet::moment(std::size_t column, const LocalHour& value) {
  lxw_datetime moment{value.year, value.month, value.day, value.hour, 0, 0.0};
  worksheet_write_datetime(sheet_, row_, column_of(column), &moment, formats_.moment);
}

void Sheet::plot(const Plot& plot) {
  if (rows() == 0) {
    return;
  }
  lxw_chart* chart = workbook_add_chart(workbook_, plot.shape == Shape::columns ? LXW_CHART_COLUMN
                                                   : plot.shape == Shape::bars  ? LXW_CHART_BAR
                                                                                : LXW_CHART_LINE);
  for (const Series& one : plot.series) {
    const lxw_row_t first = kFirstRow + static_cast<lxw_row_t>(one.first_row);
    const lxw_row_t last = one.rows == 0 ? row_ - 1 : first + static_cast<lxw_row_t>(one.rows) - 1;
    lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
    chart_series_set_categories(series, name_.c_str(), first, column_of(plot.categories), last,
                                column_of(plot.categories));
    chart_series_set_values(series, name_.c_str(), first, column_of(one.column), last,
                            column_of(one.column));
    if (one.name.empty()) {
      chart_series_set_name_range(series, name_.c_str(), 0, column_of(one.column));
    } else {
      chart_series_set_name(series, one.name.c_str());
    }
  }
  chart_title_set_name(chart, plot.title.c_str());
  chart_axis_set_name(chart->x_axis, plot.x_axis.c_str());
  chart_axis_set_name(chart->y_axis, plot.y_axis.c_str());
  chart_axis_set_num_format(chart->y_axis, "#,##0");
  if (plot.shape == Shape::line) {
    chart_axis_set_num_format(chart->x_axis, "dd.mm");
    chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
  }
  chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
  lxw_chart_options options{};
  options.x_scale = 1.8;
  options.y_scale = 1.8;
  worksheet_insert_chart_opt(sheet_, 1, column_of(columns_.size() + 1), chart, &options);
}

void Sheet::finish() {
  worksheet_freeze_panes(sheet_, kFirstRow, 1);
  if (rows() > 0) {
    worksheet_autofilter(sheet_, 1, 0, row_ - 1, column_of(columns_.size() - 1));
  }
  worksheet_set_landscape(sheet_);
  worksheet_set_paper(sheet_, 9);  // A4
  worksheet_fit_to_pages(sheet_, 1, 0);
  worksheet_repeat_rows(sheet_, 0, 1);
}

}  // namespace wintergrid::report

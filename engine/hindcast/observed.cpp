#include "engine/hindcast/observed.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

#include <fmt/format.h>

#include "engine/scenario/csv_text.hpp"
#include "engine/scenario/number_text.hpp"
#include "grid_models/system/outcome.hpp"

namespace wintergrid::hindcast {
namespace {

constexpr std::array<const char*, 4> kUses = {"onset", "in_sample", "unseen", "not_scored"};
enum Column : std::size_t {
  time_column,
  service_column,
  share_column,
  of_column,
  use_column,
  source_column
};
constexpr std::array<const char*, 6> kColumns = {"time", "service", "without_share",
                                                 "of",   "use",     "source"};

std::int64_t hours_between(const scenario::StartTime& start, const scenario::StartTime& time) {
  const auto days = [](const scenario::StartTime& t) {
    return std::chrono::sys_days{std::chrono::year{t.year} /
                                 std::chrono::month{static_cast<unsigned>(t.month)} /
                                 std::chrono::day{static_cast<unsigned>(t.day)}};
  };
  return std::int64_t{24} * (days(time) - days(start)).count() + time.hour - start.hour;
}

class ObservedReader {
 public:
  ObservedReader(const io::SourceText& source, const scenario::StartTime& start, std::size_t hours,
                 Diagnostics& diagnostics)
      : path_(source.path),
        reader_(source, diagnostics),
        start_(start),
        hours_(hours),
        diagnostics_(diagnostics) {}

  std::vector<Observation> read() {
    if (!read_header()) {
      return {};
    }
    while (reader_.next(record_)) {
      read_row();
    }
    if (rows_.empty() && diagnostics_.ok()) {
      diagnostics_.error(ErrorCode::too_little, {path_, 1, 1}, "there is no observation",
                         "give one row for each");
    }
    return std::move(rows_);
  }

 private:
  bool read_header() {
    column_.fill(kNoColumn);
    const std::string hint = fmt::format("columns: {}", fmt::join(kColumns, ", "));
    if (!reader_.next(record_)) {
      diagnostics_.error(ErrorCode::file, {path_, 1, 1}, "the file is empty", hint);
      return false;
    }
    for (std::size_t i = 0; i < record_.size(); ++i) {
      const auto found = std::find(kColumns.begin(), kColumns.end(), record_[i].text);
      if (found != kColumns.end()) {
        std::size_t& column = column_[static_cast<std::size_t>(found - kColumns.begin())];
        if (column != kNoColumn) {
          diagnostics_.error(ErrorCode::twice, {path_, record_[i].line, record_[i].column},
                             fmt::format("column '{}' stands here a second time", *found),
                             "remove one of them");
        }
        column = i;
      }
    }
    columns_ = record_.size();
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      if (column_[i] == kNoColumn && i != of_column) {
        diagnostics_.error(ErrorCode::missing, {path_, 1, 1},
                           fmt::format("column '{}' is missing", kColumns[i]), hint);
      }
    }
    return diagnostics_.ok();
  }

  void error(ErrorCode code, Column column, std::string problem, std::string hint) {
    const scenario::CsvCell& cell = record_[column_[column]];
    diagnostics_.error(code, {path_, cell.line, cell.column}, std::move(problem), std::move(hint));
  }

  const std::string& text(Column column) const { return record_[column_[column]].text; }

  std::optional<std::size_t> hour_of(Column column) {
    scenario::NoStart why;
    const std::optional<scenario::StartTime> time = scenario::parse_start(text(column) + "Z", why);
    if (!time) {
      error(ErrorCode::type, column, fmt::format("'{}' is no time", text(column)),
            "write local time on the hour, like 2026-01-09T08:00, without an offset");
      return std::nullopt;
    }
    const std::int64_t hour = hours_between(start_, *time);
    if (hour < 0 || hour >= static_cast<std::int64_t>(hours_)) {
      error(ErrorCode::range, column, fmt::format("{} lies outside the scenario", text(column)),
            "change its start or horizon_days, or leave the row out");
      return std::nullopt;
    }
    return static_cast<std::size_t>(hour);
  }

  void read_row() {
    if (record_.size() != columns_) {
      diagnostics_.error(
          ErrorCode::syntax, {path_, record_.front().line, 1},
          fmt::format("{} cells, but the first line has {}", record_.size(), columns_),
          "separate the cells as in the first line; quote a text with commas");
      return;
    }
    Observation row;
    row.time = text(time_column);
    row.source = text(source_column);
    row.line = record_.front().line;
    row.hour = hour_of(time_column).value_or(0);
    const auto service =
        std::find(kServiceNames.begin(), kServiceNames.end(), text(service_column));
    if (service == kServiceNames.end()) {
      error(ErrorCode::type, service_column,
            fmt::format("service '{}' is not known", text(service_column)), "power, heat or water");
    } else {
      row.service = static_cast<std::size_t>(service - kServiceNames.begin());
    }
    std::string number = text(share_column);
    if (reader_.separator() != ',') {
      std::replace(number.begin(), number.end(), ',', '.');
    }
    const std::optional<double> share = scenario::to_double(number);
    if (!share || *share < 0.0 || *share > 1.0) {
      error(ErrorCode::range, share_column,
            fmt::format("'{}' is no share of households", text(share_column)),
            "a number from 0 to 1");
    }
    row.share = share.value_or(0.0);
    const auto use = std::find(kUses.begin(), kUses.end(), text(use_column));
    if (use == kUses.end()) {
      error(ErrorCode::type, use_column, fmt::format("use '{}' is not known", text(use_column)),
            "onset (it decided how the strikes are described), in_sample (parameters were derived "
            "from it), unseen, or not_scored (shown only)");
    } else {
      row.use = static_cast<Use>(use - kUses.begin());
    }
    if (column_[of_column] != kNoColumn && !text(of_column).empty()) {
      read_reference(row);
    }
    for (const Observation& other : rows_) {
      if (other.hour == row.hour && other.service == row.service) {
        error(ErrorCode::twice, time_column,
              fmt::format("{} at {} stands in line {} already", kServiceNames[row.service],
                          row.time, other.line),
              "give one row for a service and hour");
        break;
      }
    }
    rows_.push_back(std::move(row));
  }

  void read_reference(Observation& row) {
    const std::optional<std::size_t> hour = hour_of(of_column);
    if (!hour) {
      return;
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].hour == *hour && *hour < row.hour && rows_[i].service == row.service &&
          rows_[i].share > 0.0) {
        row.of = i;
        return;
      }
    }
    error(ErrorCode::reference, of_column,
          fmt::format("no earlier row above says how many were without {} at {}",
                      kServiceNames[row.service], text(of_column)),
          "give the share at that time in a row of its own, more than 0, before this one");
  }

  static constexpr std::size_t kNoColumn = SIZE_MAX;

  std::string path_;
  scenario::CsvReader reader_;
  scenario::StartTime start_;
  std::size_t hours_;
  Diagnostics& diagnostics_;
  std::array<std::size_t, kColumns.size()> column_{};
  std::size_t columns_ = 0;  ///< of the first line
  std::vector<scenario::CsvCell> record_;
  std::vector<Observation> rows_;
};

}  // namespace

std::vector<Observation> read_observed(const io::SourceText& source,
                                       const scenario::StartTime& start, std::size_t hours,
                                       Diagnostics& diagnostics) {
  return ObservedReader(source, start, hours, diagnostics).read();
}

const char* to_text(Use use) { return kUses[static_cast<std::size_t>(use)]; }

}  // namespace wintergrid::hindcast

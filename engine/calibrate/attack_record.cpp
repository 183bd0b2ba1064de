// An attack belongs to the day on which its window ends (an end at midnight: the day before), so
// that a night of strikes is one day and a massive wave is not cut in two at midnight. Without an
// end it is the day of the start, the next one from 18:00 on.

#include "engine/calibrate/attack_record.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "engine/scenario/csv_text.hpp"
#include "engine/scenario/messages.hpp"
#include "engine/scenario/number_text.hpp"

namespace wintergrid::calibrate {
namespace {

using random::Weapon;

struct Pattern {
  std::string_view text;
  Weapon weapon;
};

// In the Latin letters of the record; x stands for kh, c for s where the name is Cyrillic.
constexpr std::array<Pattern, 26> kClasses{{
    {"shahed", Weapon::drone},          {"geran", Weapon::drone},
    {"gerber", Weapon::drone},          {"parody", Weapon::drone},
    {"decoy", Weapon::drone},           {"strike uav", Weapon::drone},
    {"attack uav", Weapon::drone},      {"x-101", Weapon::cruise},
    {"x-55", Weapon::cruise},           {"kalibr", Weapon::cruise},
    {"3m14", Weapon::cruise},           {"3m-14", Weapon::cruise},
    {"iskander-k", Weapon::cruise},     {"iskander", Weapon::ballistic},
    {"kn-23", Weapon::ballistic},       {"9m723", Weapon::ballistic},
    {"oreshnik", Weapon::ballistic},    {"kinzhal", Weapon::aeroballistic},
    {"x-47", Weapon::aeroballistic},    {"x-22", Weapon::aeroballistic},
    {"x-32", Weapon::aeroballistic},    {"zircon", Weapon::aeroballistic},
    {"tsirkon", Weapon::aeroballistic}, {"3m22", Weapon::aeroballistic},
    {"3m-22", Weapon::aeroballistic},   {"ballistic", Weapon::ballistic},
}};

constexpr std::array<std::string_view, 24> kLeftOut{
    "c-300",  "c-400",  "x-59",  "x-69",    "x-31",     "x-35",   "x-58",        "x-25",
    "oniks",  "p-800",  "orlan", "zala",    "supercam", "lancet", "mohajer",     "forpost",
    "eleron", "merlin", "kub",   "molniya", "privet",   "kab",    "unknown uav", "reconnaissance"};

std::string plain_name(std::string_view model) {
  std::string name = scenario::lower_case(model);
  for (const std::string_view ha : {"\u0425", "\u0445", "kh"}) {
    name = scenario::replaced(name, ha, "x");
  }
  for (const std::string_view es : {"\u0421", "\u0441"}) {
    name = scenario::replaced(name, es, "c");
  }
  return scenario::replaced(scenario::replaced(name, "s-300", "c-300"), "s-400", "c-400");
}

std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.front() == '-' || result.ec != std::errc{} ||
      result.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

constexpr const char* kColumnsHint =
    "the record has time_start, time_end, model, launched, destroyed, not_reach_goal, one row per "
    "weapon model and attack";

/// Reads the cells of one column; every wrong one is an error with its place.
class Columns {
 public:
  Columns(const io::SourceText& source, const std::vector<scenario::CsvCell>& header,
          Diagnostics& diagnostics)
      : path_(source.path), diagnostics_(diagnostics) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      const std::string name = scenario::lower_case(header[i].text);
      if (!column_.emplace(name, i).second && is_used(name)) {
        diagnostics_.error(ErrorCode::twice, {path_, header[i].line, header[i].column},
                           fmt::format("column '{}' is given twice", name), "keep one of them");
      }
    }
    std::string missing;
    for (const char* needed : {"time_start", "model", "launched", "destroyed"}) {
      if (!column_.contains(needed)) {
        missing += (missing.empty() ? "'" : ", '") + std::string(needed) + "'";
      }
    }
    if (!missing.empty()) {
      diagnostics_.error(ErrorCode::missing, {path_, 1, 1}, fmt::format("no column {}", missing),
                         kColumnsHint);
    }
  }

  /// The cell of a column, or nothing if the column or the cell is not there or empty.
  const scenario::CsvCell* cell(const std::vector<scenario::CsvCell>& record,
                                const std::string& name) const {
    const auto found = column_.find(name);
    if (found == column_.end() || found->second >= record.size()) {
      return nullptr;
    }
    const scenario::CsvCell& here = record[found->second];
    const std::string text = scenario::lower_case(here.text);
    const bool empty = text.empty() || text == "nan" || text == "na" || text == "none";
    return empty ? nullptr : &here;
  }

  std::optional<std::int64_t> count(const std::vector<scenario::CsvCell>& record,
                                    const std::string& name) const {
    const scenario::CsvCell* const here = cell(record, name);
    if (here == nullptr) {
      return std::nullopt;
    }
    constexpr double kMost = 1e6;
    const std::optional<double> value = scenario::to_double(here->text);
    if (!value || *value < 0.0 || *value > kMost || *value != std::floor(*value)) {
      error(ErrorCode::type, *here,
            fmt::format("'{}' is {} (must be a whole number of 0 or more)", name,
                        scenario::in_quotes(here->text)));
      return std::nullopt;
    }
    return static_cast<std::int64_t>(*value);
  }

  std::optional<std::int64_t> day(const scenario::CsvCell& here, const std::string& name,
                                  int& minutes) const {
    const std::optional<std::int64_t> day = parse_day(here.text, minutes);
    if (!day) {
      error(ErrorCode::type, here,
            fmt::format("'{}' is {} (must be a date)", name, scenario::in_quotes(here.text)),
            "write it like 2026-01-09 03:00 or 2026-01-09");
    }
    return day;
  }

  void error(ErrorCode code, const scenario::CsvCell& here, std::string problem,
             std::string hint = {}) const {
    diagnostics_.error(code, {path_, here.line, here.column}, std::move(problem), std::move(hint));
  }

  void warning(ErrorCode code, const scenario::CsvCell& here, std::string problem) const {
    diagnostics_.warning(code, {path_, here.line, here.column}, std::move(problem));
  }

  /// See the head of the file. Nothing, with an error, if there is no such day.
  std::optional<std::int64_t> day_of_window(const std::vector<scenario::CsvCell>& record) const {
    int start_minutes = -1;
    int end_minutes = -1;
    const scenario::CsvCell* const start = cell(record, "time_start");
    if (start == nullptr) {
      error(ErrorCode::missing, record.front(), "'time_start' is missing",
            "give the date of every attack");
      return std::nullopt;
    }
    const std::optional<std::int64_t> first = day(*start, "time_start", start_minutes);
    const scenario::CsvCell* const end = cell(record, "time_end");
    if (end == nullptr) {
      constexpr int kEvening = 18 * 60;
      return first && start_minutes >= kEvening ? *first + 1 : first;
    }
    const std::optional<std::int64_t> last = day(*end, "time_end", end_minutes);
    if (!first || !last) {
      return std::nullopt;
    }
    if (*last < *first || (*last == *first && end_minutes >= 0 && end_minutes < start_minutes)) {
      error(ErrorCode::contradiction, *end,
            fmt::format("'time_end' is {}, before 'time_start' {}", end->text, start->text));
      return std::nullopt;
    }
    return end_minutes == 0 && *last > *first ? *last - 1 : *last;
  }

 private:
  static bool is_used(std::string_view name) {
    constexpr std::array<std::string_view, 8> kUsed{
        "time_start", "time_end",       "model",     "launched",
        "destroyed",  "not_reach_goal", "is_shahed", "num_hit_location"};
    return std::find(kUsed.begin(), kUsed.end(), name) != kUsed.end();
  }

  std::string path_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::size_t> column_;
};

void leave_out(std::vector<LeftOut>& all, const std::string& model, bool known) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const LeftOut& each) { return each.model == model; });
  if (found == all.end()) {
    all.push_back({model, 1, known});
  } else {
    ++found->rows;
  }
}

}  // namespace

std::optional<Weapon> class_of_model(std::string_view model, bool& known) {
  const std::string name = plain_name(model);
  std::size_t best = std::string::npos;
  std::size_t longest = 0;
  std::optional<Weapon> weapon;
  for (const Pattern& pattern : kClasses) {
    const std::size_t at = name.find(pattern.text);
    if (at != std::string::npos &&
        (best == std::string::npos || at < best || (at == best && pattern.text.size() > longest))) {
      best = at;
      longest = pattern.text.size();
      weapon = pattern.weapon;
    }
  }
  known = weapon || std::any_of(kLeftOut.begin(), kLeftOut.end(), [&](std::string_view text) {
            return name.find(text) != std::string::npos;
          });
  return weapon;
}

std::optional<std::int64_t> parse_day(std::string_view text, int& minutes) {
  minutes = -1;
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const std::optional<int> year = digits(text.substr(0, 4));
  const std::optional<int> month = digits(text.substr(5, 2));
  const std::optional<int> day = digits(text.substr(8, 2));
  if (!year || !month || !day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  constexpr int kFirstYear = 2000;
  constexpr int kLastYear = 2100;
  if (!date.ok() || *year < kFirstYear || *year > kLastYear) {
    return std::nullopt;
  }
  const std::int64_t number = std::chrono::sys_days{date}.time_since_epoch().count();
  const std::string_view rest = text.substr(10);
  if (rest.empty()) {
    return number;
  }
  const bool with_seconds = rest.size() >= 9 && rest[6] == ':';
  if (rest.size() < 6 || (rest[0] != ' ' && rest[0] != 'T') || rest[3] != ':' ||
      (rest.size() > 6 && !with_seconds)) {
    return std::nullopt;
  }
  const std::optional<int> hour = digits(rest.substr(1, 2));
  const std::optional<int> minute = digits(rest.substr(4, 2));
  if (!hour || !minute || *hour > 23 || *minute > 59 ||
      (with_seconds && !digits(rest.substr(7, 2)))) {
    return std::nullopt;
  }
  minutes = 60 * *hour + *minute;
  return number;
}

AttackRecord read_attacks(const io::SourceText& source, Diagnostics& diagnostics) {
  scenario::CsvReader reader(source, diagnostics);
  std::vector<scenario::CsvCell> record;
  AttackRecord result;
  result.file = source.path;
  if (!reader.next(record)) {
    diagnostics.error(ErrorCode::file, {source.path, 1, 1}, "the file is empty", kColumnsHint);
    return result;
  }
  const Columns columns(source, record, diagnostics);
  if (!diagnostics.ok()) {
    return result;
  }
  while (reader.next(record)) {
    const scenario::CsvCell* const model = columns.cell(record, "model");
    if (model == nullptr) {
      columns.error(ErrorCode::missing, record.front(), "'model' is missing",
                    "name the weapon of every row");
      continue;
    }
    bool known = false;
    const std::optional<Weapon> weapon = class_of_model(model->text, known);
    if (!weapon) {
      leave_out(result.left_out, model->text, known);
      continue;
    }
    const std::optional<std::int64_t> day = columns.day_of_window(record);
    const std::size_t errors = diagnostics.error_count();
    const std::optional<std::int64_t> launched = columns.count(record, "launched");
    const std::optional<std::int64_t> destroyed = columns.count(record, "destroyed");
    const std::optional<std::int64_t> not_reached = columns.count(record, "not_reach_goal");
    AttackRow row;
    row.weapon = *weapon;
    row.locations = columns.count(record, "num_hit_location");
    const scenario::CsvCell* const shahed = columns.cell(record, "is_shahed");
    if (shahed != nullptr && *weapon == Weapon::drone && scenario::to_double(shahed->text)) {
      row.real = columns.count(record, "is_shahed");  // true or false is no count
    }
    if (!day || diagnostics.error_count() > errors) {
      continue;
    }
    if (!launched) {
      columns.warning(ErrorCode::missing, *model,
                      fmt::format("a row of '{}' has no 'launched': left out", model->text));
      continue;
    }
    row.day = *day;
    row.launched = *launched;
    if (destroyed || not_reached) {
      row.neutralised = destroyed.value_or(0) + not_reached.value_or(0);
      if (*row.neutralised > row.launched) {
        columns.warning(ErrorCode::contradiction, *model,
                        fmt::format("{} of {} launched '{}' were neutralised: taken as all",
                                    *row.neutralised, row.launched, model->text));
        row.neutralised = row.launched;
      }
    }
    if (row.real && *row.real > row.launched) {
      row.real.reset();
    }
    result.rows.push_back(row);
  }
  return result;
}

}  // namespace wintergrid::calibrate

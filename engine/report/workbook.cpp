// Office Open XML by libxlsxwriter. HXL 1.1: a row of tags straight above the data; own tags begin
// with #x_.

#include "engine/report/workbook.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>
#include <xlsxwriter.h>

#include "engine/io/file_ops.hpp"
#include "engine/report/read_me.hpp"
#include "engine/report/start_day.hpp"
#include "engine/report/workbook_sheet.hpp"

namespace wintergrid::report {
namespace {

constexpr std::array<int, 3> kZoneHours = {24, 72, 168};     ///< on end
constexpr std::size_t kZoneColumns = 2 + kZoneHours.size();  ///< of a service

using Json = nlohmann::ordered_json;

/// 2026-01-01T00:00:00Z: the bytes may not depend on the clock.
constexpr std::time_t kCreated = 1767225600;

constexpr std::uint8_t kA4 = 9;  // the number that Excel has for it

std::optional<double> real(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? std::optional(found->get<double>())
                                                   : std::nullopt;
}

std::optional<double> divided(std::optional<double> value, double by) {
  return value && by > 0.0 ? std::optional(*value / by) : std::nullopt;
}

class Workbook {
 public:
  Workbook(lxw_workbook* workbook, const Json& json, Language language)
      : workbook_(workbook), json_(json), language_(language) {
    const auto format = [&] {
      lxw_format* made = workbook_add_format(workbook_);
      format_set_align(made, LXW_ALIGN_VERTICAL_TOP);
      return made;
    };
    formats_.text = format();
    formats_.number = format();
    format_set_num_format(formats_.number, "[>=100]#,##0;[<=-100]-#,##0;General");
    formats_.percent = format();
    format_set_num_format(formats_.percent, "0.0%");
    formats_.moment = format();
    format_set_num_format(formats_.moment, "yyyy-mm-dd hh:mm");
    formats_.heading = format();
    format_set_bold(formats_.heading);
    format_set_text_wrap(formats_.heading);
    format_set_bg_color(formats_.heading, 0xDCE6F1);
    format_set_bottom(formats_.heading, LXW_BORDER_THIN);
    formats_.tag = format();
    format_set_italic(formats_.tag);
    format_set_font_size(formats_.tag, 8);
    format_set_font_color(formats_.tag, 0x595959);
    formats_.title = format();
    format_set_bold(formats_.title);
    format_set_font_size(formats_.title, 14);
    wrapped_ = format();
    format_set_text_wrap(wrapped_);
  }

  void write() {
    read_me();
    headline();
    zones();
    generators();
    policies();
    daily();
    zone_days();
  }

 private:
  const std::string& in(const Label& label) const { return label.in(language_); }
  std::string t(const char* en, const char* uk) const {
    return language_ == Language::ukrainian ? uk : en;
  }

  void read_me();
  void headline();
  void zones();
  void generators();
  void policies();
  void daily();
  void zone_days();

  std::string zone_name(const Json& zone) const {
    const auto merged = zone.at("merged_zones").get<std::size_t>();
    return merged == 0
               ? zone.at("name").get<std::string>()
               : t("Others (small zones: ", "Інші (малих зон: ") + std::to_string(merged) + ")";
  }
  const Json& facts() const { return json_.at("facts"); }

  lxw_workbook* workbook_;
  const Json& json_;
  Language language_;
  SheetFormats formats_;
  lxw_format* wrapped_ = nullptr;
};

void Workbook::read_me() {
  lxw_worksheet* sheet = workbook_add_worksheet(workbook_, t("Read me", "Про файл").c_str());
  worksheet_set_column(sheet, 0, 0, 34, nullptr);
  worksheet_set_column(sheet, 1, 1, 100, nullptr);
  lxw_row_t row = 0;
  worksheet_write_string(sheet, row++, 0, read_me_title(language_).c_str(), formats_.title);
  for (const auto& [what, value] : read_me_lines(json_.dump(), language_)) {
    worksheet_write_string(sheet, row, 0, what.c_str(), wrapped_);
    worksheet_write_string(sheet, row++, 1, value.c_str(), wrapped_);
  }
  worksheet_set_paper(sheet, kA4);
  worksheet_set_landscape(sheet);
  worksheet_fit_to_pages(sheet, 1, 0);
}

void Workbook::headline() {
  Sheet sheet(workbook_, formats_, t("Headline", "Коротко"),
              {{t("Measure", "Показник"), "#indicator+name", 58},
               {t("Unit", "Одиниця"), "#indicator+unit", 22},
               {t("Mean", "Середнє"), "#indicator+value+mean", 14},
               {t("Mean, 95 % from", "Середнє, 95 % від"), "#indicator+value+mean+ci95_low", 14},
               {t("Mean, 95 % to", "Середнє, 95 % до"), "#indicator+value+mean+ci95_high", 14},
               {t("9 of 10 winters, from", "9 із 10 зим, від"), "#indicator+value+p05", 14},
               {t("Median winter", "Медіанна зима"), "#indicator+value+p50", 14},
               {t("9 of 10 winters, to", "9 із 10 зим, до"), "#indicator+value+p95", 14},
               {t("Parameters, 9 of 10, from", "Параметри, 9 із 10, від"),
                "#indicator+value+parameters+p05", 14},
               {t("Parameters, 9 of 10, to", "Параметри, 9 із 10, до"),
                "#indicator+value+parameters+p95", 14}});
  const Json& metrics = json_.at("metrics");
  const auto row = [&](const std::string& name, const Json& metric) {
    sheet.text(0, in(metric_label(name)));
    sheet.text(1, in(unit_label(metric.at("unit").get<std::string>())));
    std::size_t column = 2;
    for (const char* key : {"mean", "ci95_low", "ci95_high", "p05", "p50", "p95", "p05_parameters",
                            "p95_parameters"}) {
      sheet.number(column++, real(metric, key));
    }
    sheet.end_row();
  };
  // What the chart shows comes first.
  constexpr std::string_view kCharted = ".household_hours_lost";
  for (const auto& [name, metric] : metrics.items()) {
    if (name.ends_with(kCharted)) {
      row(name, metric);
    }
  }
  const std::size_t charted = sheet.rows();
  for (const auto& [name, metric] : metrics.items()) {
    if (!name.ends_with(kCharted)) {
      row(name, metric);
    }
  }
  Sheet::Plot plot;
  plot.title = t("Household-hours without a service in a winter",
                 "Домогосподарство-годин без послуги за зиму");
  plot.y_axis = t("household-hours", "домогосподарство-години");
  for (const std::size_t column : {2U, 6U, 7U}) {
    plot.series.push_back({column, {}, 0, charted});
  }
  sheet.plot(plot);
  sheet.finish();
}

void Workbook::zones() {
  std::vector<Sheet::Column> columns = {
      {t("Zone", "Зона"), "#loc+zone+name", 26},
      {t("Households", "Домогосподарства"), "#population+hh+num", 14}};
  std::vector<std::string> services;
  for (const Json& service : json_.at("services")) {
    services.push_back(service.at("service").get<std::string>());
    const std::string& name = services.back();
    const std::string without = in(without_label(name));
    columns.push_back({t("Hours per household ", "Годин на домогосподарство ") + without,
                       fmt::format("#indicator+{}+hours+per_hh+mean", name), 18});
    columns.push_back({t("Household-hours ", "Домогосподарство-годин ") + without,
                       fmt::format("#indicator+{}+hh_hours+mean", name), 18});
    for (const int hours : kZoneHours) {
      columns.push_back({fmt::format(fmt::runtime(t("Households {} h or more ",
                                                    "Домогосподарств {} год і довше ")),
                                     hours) +
                             without,
                         fmt::format("#affected+hh+{}+over{}h+mean", name, hours), 18});
    }
  }
  Sheet sheet(workbook_, formats_, t("Zones", "Зони"), columns);
  for (const Json& zone : json_.at("zones")) {
    const auto households = zone.at("households").get<double>();
    sheet.text(0, zone_name(zone));
    sheet.number(1, households);
    for (std::size_t s = 0; s < services.size(); ++s) {
      const Json& part = zone.at(services[s]);
      const std::optional<double> hours = real(part, "household_hours_mean");
      sheet.number(2 + kZoneColumns * s, divided(hours, households));
      sheet.number(3 + kZoneColumns * s, hours);
      for (std::size_t k = 0; k < kZoneHours.size(); ++k) {
        sheet.number(4 + kZoneColumns * s + k,
                     real(part, fmt::format("households_over_{}h_mean", kZoneHours[k]).c_str()));
      }
    }
    sheet.end_row();
  }
  Sheet::Plot plot;
  plot.shape = Sheet::Shape::bars;
  plot.title = t("Hours without a service per household, mean winter",
                 "Годин без послуги на домогосподарство, середня зима");
  plot.y_axis = t("hours", "години");
  for (std::size_t s = 0; s < services.size(); ++s) {
    plot.series.push_back({2 + kZoneColumns * s, {}, 0, 0});
  }
  sheet.plot(plot);
  sheet.finish();
}

void Workbook::generators() {
  std::vector<Sheet::Column> columns = {
      {t("Class of set", "Клас генератора"), "#item+generator+type", 18},
      {t("Facilities", "Об’єкти"), "#service+facilities+num", 12},
      {t("Mean load, kW", "Середнє навантаження, кВт"), "#indicator+load+kw+mean", 14}};
  for (const auto& [share, of_ten] : {std::pair{50, t("5 of 10", "5 із 10")},
                                      {80, t("8 of 10", "8 із 10")},
                                      {95, t("19 of 20", "19 із 20")}}) {
    columns.push_back({t("Sets at once, enough in ", "Генератори водночас, досить у ") + of_ten,
                       fmt::format("#item+generator+num+p{}", share), 16});
  }
  for (const auto& [share, of_ten] : {std::pair{50, t("5 of 10", "5 із 10")},
                                      {80, t("8 of 10", "8 із 10")},
                                      {95, t("19 of 20", "19 із 20")}}) {
    columns.push_back(
        {t("Litres on the worst day, enough in ", "Літрів у найгіршу добу, досить у ") + of_ten,
         fmt::format("#item+diesel+litres+p{}", share), 16});
  }
  columns.push_back({t("Set-hours in a winter, mean", "Генератор-годин за зиму, середнє"),
                     "#indicator+generator+hours+mean", 16});
  Sheet sheet(workbook_, formats_, t("Generators", "Генератори"), columns);
  for (const Json& need : json_.at("generators")) {
    sheet.text(0, in(set_class_label(need.at("set_class").get<std::string>())));
    sheet.number(1, real(need, "facilities"));
    sheet.number(2, real(need, "mean_load_kw"));
    for (std::size_t q = 0; q < 3; ++q) {
      sheet.number(3 + q, need.at("sets").at(q).get<double>());
      sheet.number(6 + q, need.at("litres_worst_day").at(q).get<double>());
    }
    sheet.number(9, real(need, "set_hours_mean"));
    sheet.end_row();
  }
  Sheet::Plot plot;
  plot.title = t("Sets needed at once", "Генератори, потрібні водночас");
  plot.x_axis = t("class of set", "клас генератора");
  plot.y_axis = t("sets", "генератори");
  plot.series = {{3, {}, 0, 0}, {4, {}, 0, 0}, {5, {}, 0, 0}};
  sheet.plot(plot);
  sheet.finish();
}

void Workbook::policies() {
  const auto comparison = json_.find("comparison");
  if (comparison == json_.end()) {
    return;
  }
  const bool of_policies = comparison->at("kind") == "policy";
  const double households = facts().at("households").get<double>();
  const std::string base = in(policy_label(comparison->at("with").get<std::string>()));
  Sheet sheet(
      workbook_, formats_, of_policies ? t("Policies", "Черговості") : t("Overlays", "Зміни"),
      {{of_policies ? t("Policy", "Черговість") : t("Overlay", "Зміна"), "#activity+name", 34},
       {t("Compared with", "Порівняно з"), "#activity+name+base", 28},
       {t("Service", "Послуга"), "#sector+name", 14},
       {t("Change of hours without it per household", "Зміна годин без неї на домогосподарство"),
        "#indicator+change+hours+per_hh", 18},
       {t("95 % from", "95 % від"), "#indicator+change+hours+per_hh+ci95_low", 14},
       {t("95 % to", "95 % до"), "#indicator+change+hours+per_hh+ci95_high", 14},
       {t("Change of household-hours", "Зміна домогосподарство-годин"),
        "#indicator+change+hh_hours", 18},
       {t("Household-hours lost, mean", "Втрачено домогосподарство-годин, середнє"),
        "#indicator+hh_hours+mean", 18},
       {t("Better in, of winters", "Краще, частка зим"), "#indicator+share+better", 12},
       {t("Worse in, of winters", "Гірше, частка зим"), "#indicator+share+worse", 12},
       {t("Winters", "Зими"), "#indicator+winters+num", 10}});
  Sheet::Plot plot;
  for (const Json& pair : comparison->at("pairs")) {
    const std::string service = in(service_label(pair.at("service").get<std::string>()));
    if (plot.series.empty() || plot.series.back().name != service) {
      plot.series.push_back({3, service, sheet.rows(), 0});
    }
    ++plot.series.back().rows;
    sheet.text(0, in(policy_label(pair.at("name").get<std::string>())));
    sheet.text(1, base);
    sheet.text(2, service);
    sheet.number(3, divided(real(pair, "change"), households));
    sheet.number(4, divided(real(pair, "ci95_low"), households));
    sheet.number(5, divided(real(pair, "ci95_high"), households));
    sheet.number(6, real(pair, "change"));
    sheet.number(7, real(pair, "mean"));
    sheet.share(8, real(pair, "share_better"));
    sheet.share(9, real(pair, "share_worse"));
    sheet.number(10, real(pair, "winters"));
    sheet.end_row();
  }
  plot.shape = Sheet::Shape::bars;
  plot.title = t("Change of hours without a service per household (less is better)",
                 "Зміна годин без послуги на домогосподарство (менше — краще)");
  plot.y_axis = t("hours", "години");
  sheet.plot(plot);
  sheet.finish();
}

/// Of the 24 hours of a day the largest of the hourly quantiles.
double worst_hour(const Json& hours, std::size_t day) {
  double worst = 0.0;
  for (std::size_t hour = day * 24; hour < std::min(hours.size(), day * 24 + 24); ++hour) {
    worst = std::max(worst, hours[hour].get<double>());
  }
  return worst;
}

LocalHour moment_of(const std::string& start, std::size_t day) {
  return local_hour(start, static_cast<std::int64_t>(day) * 24);
}

void Workbook::daily() {
  std::vector<Sheet::Column> columns = {{t("Day begins", "Початок доби"), "#date+start", 17}};
  const Json& services = json_.at("services");
  for (const Json& service : services) {
    const auto name = service.at("service").get<std::string>();
    const std::string without = in(without_label(name));
    columns.push_back(
        {t("Households ", "Домогосподарств ") + without +
             t(" in the worst hour, median winter", " у найгіршу годину, медіанна зима"),
         fmt::format("#affected+hh+{}+p50", name), 20});
    columns.push_back({t("Households ", "Домогосподарств ") + without +
                           t(" in the worst hour, one winter in twenty",
                             " у найгіршу годину, одна зима з двадцяти"),
                       fmt::format("#affected+hh+{}+p95", name), 20});
  }
  Sheet sheet(workbook_, formats_, t("Daily", "За добами"), columns);
  const auto start = facts().at("start").get<std::string>();
  const std::size_t hours =
      services.empty() ? 0 : services[0].at("households_off_by_hour").at("p50").size();
  for (std::size_t day = 0; day * 24 < hours; ++day) {
    sheet.moment(0, moment_of(start, day));
    std::size_t column = 1;
    for (const Json& service : services) {
      const Json& fan = service.at("households_off_by_hour");
      sheet.number(column++, worst_hour(fan.at("p50"), day));
      sheet.number(column++, worst_hour(fan.at("p95"), day));
    }
    sheet.end_row();
  }
  Sheet::Plot plot;
  plot.shape = Sheet::Shape::line;
  plot.title = t("Households without a service in the day's worst hour",
                 "Домогосподарства без послуги в найгіршу годину доби");
  plot.y_axis = t("households", "домогосподарства");
  for (std::size_t s = 0; s < services.size(); ++s) {
    plot.series.push_back({1 + 2 * s, {}, 0, 0});
    plot.series.push_back({2 + 2 * s, {}, 0, 0});
  }
  sheet.plot(plot);
  sheet.finish();
}

void Workbook::zone_days() {
  Sheet sheet(
      workbook_, formats_, t("Zones by day", "Зони за добами"),
      {{t("Day begins", "Початок доби"), "#date+start", 17},
       {t("Zone", "Зона"), "#loc+zone+name", 26},
       {t("Service", "Послуга"), "#sector+name", 14},
       {t("Share of the day without it, median winter", "Частка доби без неї, медіанна зима"),
        "#indicator+share+p50", 18},
       {t("Share of the day without it, one winter in twenty",
          "Частка доби без неї, одна зима з двадцяти"),
        "#indicator+share+p95", 18}});
  const auto start = facts().at("start").get<std::string>();
  for (const Json& zone : json_.at("zones")) {
    for (const Json& service : json_.at("services")) {
      const Json& part = zone.at(service.at("service").get<std::string>());
      const auto median = part.find("daily_percent_p50");
      for (std::size_t day = 0; median != part.end() && day < median->size(); ++day) {
        sheet.moment(0, moment_of(start, day));
        sheet.text(1, zone_name(zone));
        sheet.text(2, in(service_label(service.at("service").get<std::string>())));
        sheet.share(3, (*median)[day].get<double>() / 100.0);
        sheet.share(4, part.at("daily_percent_p95")[day].get<double>() / 100.0);
        sheet.end_row();
      }
    }
  }
  sheet.finish();
}

/// libxlsxwriter prints a line of its own for every error; what to say is up to us.
class QuietStandardError {
 public:
  QuietStandardError() : before_(dup(STDERR_FILENO)) {
    std::FILE* nowhere = std::fopen("/dev/null", "w");
    if (nowhere != nullptr) {
      std::fflush(stderr);
      if (before_ >= 0) {
        dup2(fileno(nowhere), STDERR_FILENO);
      }
      std::fclose(nowhere);
    }
  }
  ~QuietStandardError() {
    if (before_ >= 0) {
      std::fflush(stderr);
      dup2(before_, STDERR_FILENO);
      close(before_);
    }
  }
  QuietStandardError(const QuietStandardError&) = delete;
  QuietStandardError& operator=(const QuietStandardError&) = delete;

 private:
  int before_;
};

/// What the library says of the file, and the system's reason if there is one for a file.
std::pair<lxw_error, int> close_quietly(lxw_workbook* workbook) {
  const QuietStandardError quiet;
  errno = 0;
  const lxw_error error = workbook_close(workbook);
  const int number = errno;
  constexpr std::array<int, 9> kOfFiles = {ENOSPC, EDQUOT,  EACCES, EPERM, EROFS,
                                           ENOENT, ENOTDIR, EISDIR, EFBIG};
  const bool of_files = std::find(kOfFiles.begin(), kOfFiles.end(), number) != kOfFiles.end();
  return {error, of_files ? number : 0};
}

void fill(lxw_workbook* workbook, const Json& json, Language language) {
  std::string title = "wintergrid", subject = json.at("facts").at("scenario").get<std::string>(),
              comments = "wintergrid " + json.at("facts").at("program_version").get<std::string>();
  lxw_doc_properties properties{};
  properties.title = title.data();
  properties.subject = subject.data();
  properties.comments = comments.data();
  properties.created = kCreated;
  workbook_set_properties(workbook, &properties);
  Workbook(workbook, json, language).write();
}

}  // namespace

std::string write_workbook(const std::string& path, std::string_view report_json,
                           Language language) {
  io::FileOps& files = io::system_file_ops();
  const std::string partial = path + ".partial";
  files.unlink(partial);
  const Json json = Json::parse(report_json);
  // Beside the file, so that a full or missing temporary folder does not matter.
  std::string folder = std::filesystem::path(path).parent_path().string();
  folder = folder.empty() ? "." : folder;
  lxw_workbook_options options{};
  options.tmpdir = folder.data();
  lxw_workbook* workbook = workbook_new_opt(partial.c_str(), &options);
  if (workbook == nullptr) {
    return fmt::format("cannot write '{}': out of memory", path);
  }
  try {
    fill(workbook, json, language);
  } catch (...) {  // data of another shape
    lxw_workbook_free(workbook);
    throw;
  }
  const auto [error, number] = close_quietly(workbook);
  if (error != LXW_NO_ERROR) {
    files.unlink(partial);
    return number != 0 ? io::file_error("cannot write", path, number)
                       : fmt::format("cannot write '{}': {}", path, lxw_strerror(error));
  }
  const int renamed = files.rename(partial, path);
  if (renamed < 0) {
    files.unlink(partial);
    return io::file_error("cannot rename into place", path, -renamed);
  }
  return {};
}

}  // namespace wintergrid::report

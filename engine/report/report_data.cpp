// Exceedance: P(loss >= x) over winters, from the order statistics x(1) >= x(2) >= ... of n
// winters: P(loss >= x(i)) = i / n. Fan: quantiles over winters of the households off at an hour.

#include "engine/report/report_data.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/random/parameters.hpp"
#include "engine/report/public_zones.hpp"

namespace wintergrid::report {
namespace {

using Json = nlohmann::ordered_json;

/// JSON has no infinity: what cannot be stated is null.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

/// Three decimals are more than a page shows, and keep it small.
Json thousandths(double value) {
  return std::isfinite(value) ? Json(std::round(value * 1000.0) / 1000.0) : Json(nullptr);
}

/// Without the folder, which may name a person: "file /home/me/x.epw" gives "file x.epw".
std::string without_folder(const std::string& text) {
  if (text.find('=') != std::string::npos) {  // a setting, not a file
    return text;
  }
  const std::size_t slash = text.rfind('/');
  if (slash == std::string::npos) {
    return text;
  }
  constexpr std::string_view kFile = "file ";
  return (text.starts_with(kFile) ? std::string(kFile) : std::string()) + text.substr(slash + 1);
}

bool says_synthetic(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text.find("synthetic") != std::string::npos;
}

Json facts_json(const Summary& summary) {
  const RunFacts& facts = summary.facts;
  Json json;
  json["program_version"] = facts.program_version;
  json["scenario"] = facts.scenario_name;
  json["description"] = facts.scenario_description;
  json["scenario_sha256"] = facts.scenario_sha256;
  json["synthetic"] =
      says_synthetic(facts.scenario_name) || says_synthetic(facts.scenario_description);
  json["start"] = facts.start;
  json["horizon_days"] = facts.horizon_days;
  json["households"] = summary.households;
  json["people_per_household"] = facts.people_per_household;
  json["policy"] = facts.policy;
  json["campaign"] = facts.campaign;
  json["weather"] = without_folder(facts.weather);
  Json overlays = Json::array();
  for (const std::string& overlay : facts.overlays) {
    overlays.push_back(without_folder(overlay));
  }
  json["overlays"] = std::move(overlays);
  json["parameters_sampled"] = facts.parameters_sampled;
  json["seed"] = std::to_string(facts.seed);  // 64 bits do not fit a number of a browser
  json["replications"] = summary.replications;
  json["failed_replications"] = summary.failed;
  json["replications_wanted"] = facts.replications_wanted;
  json["ended"] = to_text(facts.stop_reason);
  json["missing_crews"] = summary.missing_crews;
  return json;
}

/// What the page says something about; the facilities' sets have their own table.
bool is_shown(std::string_view metric) {
  return !metric.starts_with("sets_needed") && !metric.starts_with("set_hours");
}

Json metrics_json(const Summary& summary) {
  Json json;
  const std::vector<montecarlo::Metric>& metrics = montecarlo::metrics();
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    const montecarlo::Estimate& e = summary.estimates[m];
    if (!is_shown(metrics[m].name) || std::isnan(e.mean)) {
      continue;
    }
    Json& part = json[metrics[m].name];
    part["unit"] = metrics[m].unit;
    part["meaning"] = metrics[m].meaning;
    for (const auto& [name, value] : std::initializer_list<std::pair<const char*, double>>{
             {"mean", e.mean},
             {"ci95_low", e.ci95_low},
             {"ci95_high", e.ci95_high},
             {"p05", e.p05},
             {"p50", e.p50},
             {"p95", e.p95},
             {"p05_parameters", e.p05_parameters},
             {"p95_parameters", e.p95_parameters},
             {"parameter_variance_share", e.parameter_variance_share}}) {
      part[name] = number(value);
    }
  }
  return json;
}

Json fan_json(std::size_t service, const montecarlo::Tally& tally) {
  const montecarlo::Shape& shape = tally.shape();
  std::vector<std::uint64_t> counts(montecarlo::kHourBins + 1);
  Json json;
  for (const auto& [name, probability] :
       {std::pair{"p05", 0.05}, {"p25", 0.25}, {"p50", 0.50}, {"p75", 0.75}, {"p95", 0.95}}) {
    Json values = Json::array();
    for (std::size_t hour = 0; hour < shape.hours; ++hour) {
      for (std::size_t bin = 0; bin < counts.size(); ++bin) {
        counts[bin] = tally.hour_count(service, hour, bin);
      }
      values.push_back(std::llround(montecarlo::histogram_quantile(counts, probability) *
                                    static_cast<double>(shape.total_households)));
    }
    json[name] = std::move(values);
  }
  return json;
}

Json exceedance_json(std::size_t service, const montecarlo::Tally& tally) {
  const std::size_t metric =
      montecarlo::metric_index(fmt::format("{}.household_hours_lost", kServiceNames[service]));
  std::vector<double> values =
      montecarlo::values_of(tally, metric, montecarlo::metrics()[metric].per_unit).value;
  std::sort(values.begin(), values.end(), std::greater<>());
  const std::size_t points = std::min(values.size(), kExceedancePoints);
  Json probability = Json::array(), household_hours = Json::array();
  for (std::size_t point = 0; point < points; ++point) {
    const std::size_t i = points < 2 ? 0 : point * (values.size() - 1) / (points - 1);
    probability.push_back(
        thousandths(100.0 * static_cast<double>(i + 1) / static_cast<double>(values.size())));
    household_hours.push_back(std::llround(values[i]));
  }
  Json json;
  json["probability_percent"] = std::move(probability);
  json["household_hours"] = std::move(household_hours);
  return json;
}

/// Per cent of the zone's household-hours of a day that are lost.
Json daily_json(std::size_t service, std::size_t zone, const montecarlo::Tally& tally,
                double probability) {
  std::vector<std::uint64_t> counts(montecarlo::kZoneDayBins + 1);
  Json values = Json::array();
  for (std::size_t day = 0; day < tally.shape().days; ++day) {
    for (std::size_t bin = 0; bin < counts.size(); ++bin) {
      counts[bin] = tally.zone_day_count(service, zone, day, bin);
    }
    values.push_back(std::llround(100.0 * montecarlo::histogram_quantile(counts, probability)));
  }
  return values;
}

/// The same of one winter, of several zones together where they are shown so.
Json winter_json(std::size_t service, const PublicZone& shown, const ShownWinter& winter,
                 std::size_t days) {
  Json values = Json::array();
  for (std::size_t day = 0; day < days; ++day) {
    std::uint64_t lost = 0;
    for (const std::size_t zone : shown.zones) {
      lost += winter.zone_day_household_hours[service][zone * days + day];
    }
    values.push_back(std::llround(100.0 * static_cast<double>(lost) / 24.0 /
                                  static_cast<double>(shown.households)));
  }
  return values;
}

Json zone_json(const PublicZone& shown, const Model& model, const montecarlo::Tally& tally,
               const std::vector<ShownWinter>& winters) {
  Json json;
  const std::size_t zone = shown.zones.front();
  json["name"] = shown.merged ? std::string() : model.zones.name[zone];
  json["merged_zones"] = shown.merged ? shown.zones.size() : 0;
  json["households"] = shown.households;
  if (!shown.merged) {
    json["zone"] = model.zones.id[zone];
    json["x_km"] = thousandths(static_cast<double>(model.zones.x_km[zone]));
    json["y_km"] = thousandths(static_cast<double>(model.zones.y_km[zone]));
  }
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    if (!model.has_service(s)) {
      continue;
    }
    Json& part = json[std::string(kServiceNames[s])];
    part["household_hours_mean"] = thousandths(shown.household_hours_mean[s]);
    for (std::size_t k = 0; k < kZoneThresholdCount; ++k) {
      part[fmt::format("households_over_{}h_mean",
                       kOutageThresholdHours[kFirstZoneThreshold + k])] =
          thousandths(shown.over_mean[s][k]);
    }
    for (const ShownWinter& winter : winters) {
      part["daily_percent_" + winter.kind] = winter_json(s, shown, winter, tally.shape().days);
    }
    if (!shown.merged) {  // quantiles of several zones together are not known
      part["daily_percent_p50"] = daily_json(s, zone, tally, 0.50);
      part["daily_percent_p95"] = daily_json(s, zone, tally, 0.95);
    }
  }
  return json;
}

Json generators_json(const Summary& summary) {
  Json list = Json::array();
  for (const GeneratorNeed& need : summary.generators) {
    list.push_back({{"set_class", need.set_class},
                    {"facilities", need.facilities},
                    {"mean_load_kw", thousandths(need.mean_load_kw)},
                    {"sets", {need.sets_p50, need.sets_p80, need.sets_p95}},
                    {"litres_worst_day",
                     {std::round(need.litres_day_p50), std::round(need.litres_day_p80),
                      std::round(need.litres_day_p95)}},
                    {"set_hours_mean", thousandths(need.set_hours_mean)}});
  }
  return list;
}

/// How well the shipped parameters are known, and what they rest on.
Json parameters_json() {
  std::map<char, std::uint64_t> by_confidence{{'S', 0}, {'D', 0}, {'A', 0}, {'U', 0}};
  std::map<std::pair<std::string, char>, std::uint64_t> sources;
  const random::ParameterTable table = random::load_default_parameters();
  for (const random::ParameterEntry& entry : table.entries) {
    ++by_confidence[entry.confidence];
    ++sources[{entry.source, entry.confidence}];
  }
  Json json;
  json["count"] = table.entries.size();
  for (const auto& [confidence, count] : by_confidence) {
    json["by_confidence"][std::string(1, confidence)] = count;
  }
  Json& list = json["sources"] = Json::array();
  for (const auto& [key, count] : sources) {
    list.push_back(
        {{"source", key.first}, {"confidence", std::string(1, key.second)}, {"parameters", count}});
  }
  return json;
}

/// What is compared with the first one.
Json comparison_json(const Comparison& comparison) {
  Json json;
  json["kind"] = comparison.kind;
  json["with"] = without_folder(comparison.pairs.front().a);
  Json& list = json["pairs"] = Json::array();
  for (const ComparedPair& pair : comparison.pairs) {
    if (pair.a == comparison.pairs.front().a) {
      const montecarlo::Paired& d = pair.difference;
      list.push_back({{"service", pair.service},
                      {"name", without_folder(pair.b)},
                      {"winters", d.winters},
                      {"mean", number(pair.mean_b)},
                      {"change", number(-d.mean)},
                      {"ci95_low", number(-d.ci95_high)},
                      {"ci95_high", number(-d.ci95_low)},
                      {"share_better", thousandths(1.0 - d.share_a_smaller - d.share_equal)},
                      {"share_worse", thousandths(d.share_a_smaller)}});
    }
  }
  return json;
}

}  // namespace

std::string report_json(const Summary& summary, const Model& model, const montecarlo::Tally& tally,
                        const std::vector<ShownWinter>& winters, const Comparison* comparison) {
  Json json;
  json["format"] = kReportFormat;
  json["format_version"] = kReportFormatVersion;
  json["facts"] = facts_json(summary);
  json["metrics"] = metrics_json(summary);
  Json& services = json["services"] = Json::array();
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    if (model.has_service(s)) {
      Json part;
      part["service"] = kServiceNames[s];
      part["households_off_by_hour"] = fan_json(s, tally);
      part["exceedance"] = exceedance_json(s, tally);
      services.push_back(std::move(part));
    }
  }
  json["smallest_zone_households"] = kSmallestPublicZone;
  Json& zones = json["zones"] = Json::array();
  for (const PublicZone& zone : public_zones(model, tally)) {
    zones.push_back(zone_json(zone, model, tally, winters));
  }
  Json& shown = json["shown_winters"] = Json::array();
  for (const ShownWinter& winter : winters) {
    shown.push_back({{"kind", winter.kind}, {"replication", winter.replication}});
  }
  json["generators"] = generators_json(summary);
  if (comparison != nullptr && !comparison->pairs.empty()) {
    json["comparison"] = comparison_json(*comparison);
  }
  json["parameters"] = parameters_json();
  return json.dump() + "\n";
}

}  // namespace wintergrid::report

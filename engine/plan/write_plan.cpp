#include "engine/plan/write_plan.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "engine/plan/places.hpp"
#include "engine/plan/plan_words.hpp"

namespace wintergrid::plan {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kFormatVersion = 1;

double rounded(double value, double step) { return std::round(value / step) * step; }

/// Hours to the hundredth, losses to whole household-hours: more digits would pretend.
Json hours_json(const Band& band) {
  return {{"p10", rounded(band.p10, 0.01)},
          {"p50", rounded(band.p50, 0.01)},
          {"p90", rounded(band.p90, 0.01)}};
}
Json services_json(const std::array<double, kServiceCount>& values) {
  Json json;
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    json[std::string(kServiceNames[s])] = rounded(values[s], 1.0);
  }
  return json;
}
Json stage_json(const StageTimes& times) {
  if (times.share == 0.0) {
    return nullptr;
  }
  return {{"share_of_futures", times.share},
          {"begins_hours", hours_json(times.begins)},
          {"ends_hours", hours_json(times.ends)}};
}
Json interval_json(double mean, double low, double high) {
  return {{"mean", rounded(mean, 1.0)},
          {"ci95_low", rounded(low, 1.0)},
          {"ci95_high", rounded(high, 1.0)}};
}
Json interval_json(const montecarlo::Paired& d) {
  return interval_json(d.mean, d.ci95_low, d.ci95_high);
}
Json judged_json(const Judged& judged) {
  return {{"name", judged.name},
          {"loss", interval_json(judged.total.mean, judged.total.ci95_low, judged.total.ci95_high)},
          {"household_hours", services_json(judged.hours)},
          {"household_hours_beyond_24h", services_json(judged.beyond_24h)},
          {"household_degree_hours_below_16c", rounded(judged.degree_hours, 1.0)}};
}

/// On the abstract plane, in km.
Json place_json(const Model& model, ZoneId zone) {
  const std::size_t z = zone.index();
  const auto km = [](float value) {
    return std::round(static_cast<double>(value) * 1000.0) / 1000.0;
  };
  return {{"x_km", km(model.zones.x_km[z])}, {"y_km", km(model.zones.y_km[z])}};
}

Json job_json(const Situation& situation, const Plan& plan, const PlannedJob& job,
              const std::vector<ZoneId>& far) {
  const Model& model = situation.model();
  const std::size_t c = job.component.index();
  const AssetClass asset_class = model.components.asset_class[c];
  Json json = {
      {"position", job.position},
      {"component", model.components.name[c]},
      {"asset_class", to_text(asset_class)},
      {"zone", model.zones.id[model.components.zone[c].index()]},
      {"place", place_json(model, model.components.zone[c])},
      {"crew_type", to_text(crew_type_of(asset_class))},
      {"share_of_futures_with_a_job", job.probability},
      {"share_of_futures_damaged", job.damaged},
      {"under_way", job.under_way},
      {"temporarily_fixed", std::any_of(situation.damage.begin(), situation.damage.end(),
                                        [&](const Damage& damage) {
                                          return damage.component == job.component &&
                                                 damage.temporarily_fixed;
                                        })},
      {"back", stage_json(job.restoring)},
      {"permanent_repair", stage_json(job.permanent)},
      {"saves_loss", interval_json(job.saves.mean, job.saves.ci95_low, job.saves.ci95_high)},
      {"saves_household_hours", services_json(job.saves_hours)},
      {"households_returned", services_json(job.returned)}};
  if (far[c] != model.components.zone[c]) {
    json["far_end"] = place_json(model, far[c]);
  }
  if (job.first_three) {
    json["stays_among_first_three"] = job.stays_first_three;
    json["crews_for_all_at_once"] =
        !plan.search.contested[static_cast<std::size_t>(crew_type_of(asset_class))];
  }
  return json;
}

Json search_json(const Plan& plan, const Provenance& provenance) {
  Json policies = Json::array();
  for (const PolicyResult& policy : plan.search.policies) {
    policies.push_back({{"policy", recovery::to_text(policy.kind)},
                        {"loss", rounded(policy.loss, 1.0)},
                        {"loss_of_its_order_as_a_list", rounded(policy.order_loss, 1.0)}});
  }
  return {{"futures", provenance.futures},
          {"budget", provenance.budget},
          {"simulated", plan.search.simulated},
          {"cut_short", provenance.cut_short},
          {"moves_tried", plan.search.moves_tried},
          {"moves_taken", plan.search.moves_taken},
          {"no_better_neighbour", plan.search.local_best},
          {"policies", std::move(policies)}};
}

Json counts_json(const Situation& situation, const Plan& plan) {
  Json list = Json::array();
  for (std::size_t i = 0; i < situation.counts.size(); ++i) {
    const Count& count = situation.counts[i];
    Json causes = Json::array();
    for (const auto& cause : plan.explained[i]) {
      causes.push_back({{"component", situation.model().components.name[cause.first.index()]},
                        {"share_of_futures", cause.second}});
    }
    list.push_back({{"zone", situation.model().zones.id[count.zone]},
                    {"service", kServiceNames[count.service]},
                    {"counted", count.buildings ? "buildings" : "households"},
                    {"off", count.off},
                    {"of", count.of},
                    {"off_in_futures", hours_json(plan.counted[i])},
                    {"of_them_by_faults_inside_buildings", hours_json(plan.inside[i])},
                    {"possible_causes", std::move(causes)}});
  }
  return list;
}

Json series_json(const std::array<std::vector<Band>, kServiceCount>& bands) {
  Json json;
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    Json p10 = Json::array(), p50 = Json::array(), p90 = Json::array();
    for (const Band& band : bands[s]) {
      p10.push_back(rounded(band.p10, 1.0));
      p50.push_back(rounded(band.p50, 1.0));
      p90.push_back(rounded(band.p90, 1.0));
    }
    json[std::string(kServiceNames[s])] = {
        {"p10", std::move(p10)}, {"p50", std::move(p50)}, {"p90", std::move(p90)}};
  }
  return json;
}

Json visits_json(const Situation& situation, const Plan& plan) {
  const Model& model = situation.model();
  Json list = Json::array();
  for (const Visit& visit : plan.visits) {
    const Dispatch& d = visit.dispatch;
    const auto hours = [&](Seconds time) {
      return rounded(hours_from_seconds(time - situation.now), 0.0001);
    };
    list.push_back({{"crew_type", to_text(d.type)},
                    {"crew", d.crew + 1},
                    {"crews", d.crews},
                    {"component", model.components.name[d.component.index()]},
                    {"zone", model.zones.id[model.components.zone[d.component.index()].index()]},
                    {"stage", stage_word(d)},
                    {"sets_out_hours", hours(d.sets_out)},
                    {"begins_hours", hours(d.begins)},
                    {"ends_hours", hours(d.ends)}});
  }
  return list;
}

}  // namespace

std::string plan_json(const Situation& situation, const Plan& plan, const Provenance& provenance) {
  Json json;
  json["format"] = "wintergrid-plan";
  json["format_version"] = kFormatVersion;
  json["program_version"] = provenance.program_version;
  json["scenario"] = situation.scenario.name;
  json["scenario_sha256"] = situation.scenario.sha256;
  json["today_sha256"] = situation.today_sha256;
  json["seed"] = situation.which->seed;
  json["moment"] = situation.moment;
  json["horizon_hours"] = hours_from_seconds(situation.model().horizon - situation.now);
  json["weights"] = {{"power", situation.weights.service[0]},
                     {"heat", situation.weights.service[1]},
                     {"water", situation.weights.service[2]},
                     {"beyond_24h", situation.weights.beyond_24h},
                     {"degree_hours", situation.weights.degree_hours}};
  json["rule"] = plan.rule;
  json["futures_judged"] = plan.futures_judged;
  json["orders"] = Json::array();
  for (const Judged& judged : plan.judged) {
    json["orders"].push_back(judged_json(judged));
  }
  json["saved_against_first_come"] = interval_json(plan.saving);
  json["saved_against_best_policy"] = interval_json(plan.policy_saving);
  json["lower_bound"] = {{"loss", rounded(plan.of("lower_bound").total.mean, 1.0)},
                         {"gap", gap_of(plan)},
                         {"futures_below_it", plan.bound_undercut},
                         {"largest_share_below_it", plan.bound_undercut_share}};
  const std::vector<ZoneId> far = far_zones(situation.scenario, situation.model());
  json["jobs"] = Json::array();
  for (const PlannedJob& job : plan.jobs) {
    json["jobs"].push_back(job_json(situation, plan, job, far));
  }
  json["median_future"] = plan.median_future;
  json["visits"] = visits_json(situation, plan);
  json["households_without_by_hour"] = {{"plan", series_json(plan.off_plan)},
                                        {"first_come", series_json(plan.off_first_come)}};
  json["search"] = search_json(plan, provenance);
  json["counts"] = counts_json(situation, plan);
  if (plan.moved) {
    Json hours;
    for (std::size_t s = 0; s < kServiceCount; ++s) {
      hours[std::string(kServiceNames[s])] = interval_json(plan.move_cost_hours[s]);
    }
    json["moved"] = {{"job", provenance.moved_job},
                     {"position", provenance.moved_to},
                     {"costs_loss", interval_json(plan.move_cost)},
                     {"costs_household_hours", std::move(hours)}};
  }
  json["assumptions"] = assumptions_of(situation, plan);
  return json.dump(1) + "\n";
}

std::vector<Pinned> dispatched_by(const std::string& path, const std::string& text,
                                  const std::string& moment, Diagnostics& diagnostics) {
  std::vector<Pinned> pinned;
  const Json json = Json::parse(text, nullptr, false);
  const auto refuse = [&] {
    diagnostics.error(ErrorCode::syntax, {path, 1, 1},
                      "this is not the plan.json of an earlier plan",
                      "give the file that 'wintergrid plan' wrote");
    return std::vector<Pinned>{};
  };
  if (json.is_discarded() || !json.is_object() || json.value("format", "") != "wintergrid-plan") {
    return refuse();
  }
  try {
    const auto elapsed =
        static_cast<double>(hours_between(json.at("moment").get<std::string>(), moment));
    if (elapsed < 0.0) {
      diagnostics.error(ErrorCode::contradiction, {path, 1, 1},
                        "the earlier plan is of a later moment", "check the moment of TODAY.yaml");
      return pinned;
    }
    for (const Json& visit : json.at("visits")) {
      const double ends = visit.at("ends_hours").get<double>();
      if (visit.at("sets_out_hours").get<double>() < elapsed && ends > elapsed) {
        pinned.push_back({visit.at("component").get<std::string>(), ends - elapsed,
                          visit.at("crews").get<std::uint16_t>()});
      }
    }
  } catch (const Json::exception&) {
    return refuse();
  }
  return pinned;
}

}  // namespace wintergrid::plan

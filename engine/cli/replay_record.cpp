// Repairs are seen by looking at the open jobs after every step: a stage begins when its crews set
// out and ends when the job said it would; what began and ended within one step is timed to its
// end.

#include "engine/cli/replay_record.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/montecarlo/tally.hpp"
#include "engine/plan/places.hpp"

namespace wintergrid::cli {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kFormatVersion = 1;

double thousandths(float value) { return std::round(static_cast<double>(value) * 1000.0) / 1000.0; }

Json place_json(const Model& model, std::size_t zone) {
  return {{"x_km", thousandths(model.zones.x_km[zone])},
          {"y_km", thousandths(model.zones.y_km[zone])}};
}

}  // namespace

ReplayRecord::ReplayRecord(const Model& model)
    : model_(&model), zone_households_(montecarlo::shape_of(model).zone_households) {
  for (std::vector<Runs>& zones : zone_percent_) {
    zones.resize(model.zones.count());
  }
}

ReplayRecord::Status ReplayRecord::status_of(const recovery::Job& job) {
  if (!recovery::restores_supply(job)) {
    return Status::temporarily_fixed;  // permanent repair waiting or under way
  }
  return recovery::is_waiting(job) ? Status::damaged : Status::under_way;
}

void ReplayRecord::note(std::uint32_t component, Seconds time, Status status, DamageState damage) {
  std::vector<Event>& events = events_[component];
  // A stage may begin while a crew is on its way from before the last event: keep the order.
  events.push_back({events.empty() ? time : std::max(time, events.back().time), status, damage});
}

void ReplayRecord::look(const Timeline& timeline, const State& state) {
  const auto end_of = [](const Seen& seen, Seconds latest) {
    return std::min(seen.ends, latest);  // kNever is later than anything
  };
  std::map<std::uint32_t, const recovery::Job*> open;
  for (const recovery::Job& job : state.recovery.jobs) {
    open[job.component.value()] = &job;
  }
  for (; hits_seen_ < timeline.hits.size() && timeline.hits[hits_seen_].time <= state.now;
       ++hits_seen_) {
    const Hit& hit = timeline.hits[hits_seen_];
    const std::uint32_t c = hit.component.value();
    const auto before = seen_.find(c);
    const auto job = open.find(c);
    if (before != seen_.end() &&
        (job == open.end() || job->second->opened_at != before->second.opened_at)) {
      note(c, end_of(before->second, hit.time), Status::restored);  // and then hit again
    }
    note(c, hit.time, Status::damaged, hit.state);
    seen_[c] = {Status::damaged, job == open.end() ? hit.time : job->second->opened_at, kNever};
  }
  for (const auto& [c, job] : open) {
    const auto [found, fresh] = seen_.try_emplace(c);
    Seen& seen = found->second;
    if (fresh) {
      note(c, job->opened_at, Status::damaged);
      seen = {Status::damaged, job->opened_at, kNever};
    }
    if (const Status now = status_of(*job); now != seen.status) {
      const bool began = now == Status::under_way && job->stage_began != kNever;
      note(c, began ? job->stage_began : end_of(seen, state.now), now);
      seen.status = now;
    }
    seen.opened_at = job->opened_at;
    seen.ends = recovery::is_waiting(*job) ? kNever : job->stage_ends;
  }
  for (auto seen = seen_.begin(); seen != seen_.end();) {
    if (open.contains(seen->first)) {
      ++seen;
    } else {
      note(seen->first, end_of(seen->second, state.now), Status::restored);
      seen = seen_.erase(seen);
    }
  }
  if (state.now % kSecondsPerHour != 0) {
    return;  // a step shorter than an hour
  }
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    households_off_[s].push_back(state.ledger.households_off[s]);
    for (std::size_t zone = 0; zone < zone_households_.size(); ++zone) {
      const auto all = static_cast<double>(std::max<std::uint64_t>(1, zone_households_[zone]));
      const auto percent = static_cast<std::uint32_t>(std::lround(
          100.0 * static_cast<double>(state.ledger.zone_households_off[s][zone]) / all));
      Runs& runs = zone_percent_[s][zone];
      if (runs.empty() || runs.back() != percent) {
        runs.insert(runs.end(), {0U, percent});
      }
      ++runs[runs.size() - 2];
    }
  }
}

std::string ReplayRecord::json(const scenario::Scenario& scenario, const report::RunFacts& facts,
                               std::uint64_t replication) const {
  constexpr const char* kStatuses[] = {"damaged", "under_way", "temporarily_fixed", "restored"};
  constexpr const char* kDamage[] = {"none", "slight", "moderate", "extensive", "complete"};
  const Model& model = *model_;
  Json json;
  json["format"] = "wintergrid-replay";
  json["format_version"] = kFormatVersion;
  json["program_version"] = facts.program_version;
  json["scenario"] = facts.scenario_name;
  json["scenario_sha256"] = facts.scenario_sha256;
  json["overlays"] = facts.overlays;
  json["policy"] = facts.policy;
  json["seed"] = std::to_string(facts.seed);  // 64 bits do not fit a number of a browser
  json["replication"] = replication;
  json["hours"] = households_off_[0].size();
  Json& components = json["components"] = Json::array();
  const std::vector<ZoneId> far = plan::far_zones(scenario, model);
  for (const auto& [c, events] : events_) {
    const ZoneId zone = model.components.zone[c];
    Json list = Json::array();
    for (const Event& event : events) {
      list.push_back({{"hour", std::round(hours_from_seconds(event.time) * 100.0) / 100.0},
                      {"status", kStatuses[static_cast<std::size_t>(event.status)]}});
      if (event.damage != DamageState::none) {
        list.back()["damage_state"] = kDamage[static_cast<std::size_t>(event.damage)];
      }
    }
    const AssetClass asset_class = model.components.asset_class[c];
    components.push_back({{"component", model.components.name[c]},
                          {"asset_class", to_text(asset_class)},
                          {"crew_type", to_text(crew_type_of(asset_class))},
                          {"zone", model.zones.id[zone.index()]},
                          {"place", place_json(model, zone.index())},
                          {"events", std::move(list)}});
    if (far[c] != zone) {
      components.back()["far_end"] = place_json(model, far[c].index());
    }
  }
  Json& zones = json["zones"] = Json::array();
  for (std::size_t zone = 0; zone < zone_households_.size(); ++zone) {
    if (zone_households_[zone] > 0) {
      zones.push_back({{"zone", model.zones.id[zone]}, {"households", zone_households_[zone]}});
    }
  }
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    if (!model.has_service(s)) {
      continue;
    }
    const std::string service(kServiceNames[s]);
    json["households_without_by_hour"][service] = households_off_[s];
    std::size_t at = 0;
    for (std::size_t zone = 0; zone < zone_households_.size(); ++zone) {
      if (zone_households_[zone] > 0) {
        zones[at++]["runs_of_hours_and_percent_without"][service] = zone_percent_[s][zone];
      }
    }
  }
  return json.dump() + "\n";
}

}  // namespace wintergrid::cli

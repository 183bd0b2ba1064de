#pragma once
// Test-only: facilities with sets, moved through time as the simulator does.

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "grid_models/core/name_hash.hpp"
#include "grid_models/power/backup.hpp"

namespace wintergrid::power::test {

/// 0.5 unless a draw is given.
class ScriptedLuck : public Luck {
 public:
  double uniform(LuckAddress address) const override {
    const auto found = draws.find({address.purpose, address.k});
    return found != draws.end() ? found->second : 0.5;
  }
  std::map<std::pair<Purpose, std::uint32_t>, double> draws;
};

/// Independent numbers per address.
class HashedLuck : public Luck {
 public:
  double uniform(LuckAddress address) const override {
    std::uint64_t x = address.entity + 0x9E3779B97F4A7C15ULL * (address.k + 1) +
                      0xD1B54A32D192ED03ULL * static_cast<std::uint64_t>(address.purpose);
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    x ^= x >> 31;
    return (static_cast<double>(x >> 11) + 0.5) / 9007199254740992.0;
  }
};

struct Site {
  double load_kw = 60.0;
  double generator_kw = 100.0;
  double fuel_hours = 120.0;
  Seconds phase_in_seconds = 10;
  std::string group = {};  ///< empty: of its own
};

/// Facilities, one feeder each, moved through time as the simulator does: settle, run to the next
/// event or step.
struct Timeline {
  BackupModel model;
  BackupParameters parameters;
  ScriptedLuck scripted;
  const Luck* luck = &scripted;
  std::vector<std::uint8_t> feeder_on;
  BackupState state;
  Seconds now = 0;
  Seconds step = kNever;
  double outdoor_c = 0.0;
  double litres = 0.0;
  std::vector<std::pair<Seconds, int>> switches;  ///< of facility 0: time, powered

  explicit Timeline(const std::vector<Site>& sites) {
    for (const Site& site : sites) {
      model.feeder.push_back(static_cast<std::uint32_t>(model.feeder.size()));
      model.kind.push_back(FacilityKind::hospital);
      model.load_kw.push_back(site.load_kw);
      model.generator_kw.push_back(site.generator_kw);
      model.fuel_hours.push_back(site.fuel_hours);
      model.phase_in_seconds.push_back(site.phase_in_seconds);
      const std::string name = "site " + std::to_string(model.feeder.size());
      model.name_hash.push_back(name_hash(name));
      model.group_hash.push_back(name_hash("group " + (site.group.empty() ? name : site.group)));
    }
    feeder_on.assign(sites.size(), 1);
    state = initial_backup_state(model);
    settle();
  }

  void settle() {
    settle_backup(model, parameters, now, outdoor_c, feeder_on, *luck, state);
    if (switches.empty() || switches.back().second != state.powered[0]) {
      switches.emplace_back(now, state.powered[0]);
    }
  }
  void move_to(Seconds until) {
    while (now < until) {
      const Seconds event = next_backup_event(model, parameters, state);
      ASSERT_GT(event, now) << "an event in the past would stop time";
      const Seconds next =
          std::min({until, event, step < kNever ? (now / step + 1) * step : kNever});
      litres += run_backup(model, parameters, now, next - now, state);
      now = next;
      settle();
    }
  }
  void grid(std::uint8_t on) {
    feeder_on.assign(feeder_on.size(), on);
    settle();
  }
};

}  // namespace wintergrid::power::test

// "1,200 of 3,000 buildings off, cause unknown". Components of the zone that could be behind it are
// damaged one at a time in the first future: that gives each one's set of units. In every future
// they are then taken in random order as long as the union of their sets, and of those that known
// damage leaves without, does not exceed the count; of kTries orders the one that comes closest is
// kept. What is still missing of buildings without heat are faults inside buildings, which plumbing
// crews repair. What was met is noted for people, not forced: unions overlook that two losses
// together may cost more than each alone.

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "engine/plan/futures.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::plan {
namespace {

constexpr std::uint32_t kTries = 8;
constexpr std::uint64_t kCause = name_hash("plan.cause");
constexpr std::uint64_t kInside = name_hash("plan.inside");

bool may_explain(AssetClass asset_class, std::size_t service) {
  switch (asset_class) {
    case AssetClass::substation_110:
      return true;
    case AssetClass::substation_330:
    case AssetClass::line:
      return service == static_cast<std::size_t>(Service::power);
    case AssetClass::heat_main:
    case AssetClass::boiler_house:
    case AssetClass::chp_plant:
      return service == static_cast<std::size_t>(Service::heat);
    case AssetClass::water_works:
    case AssetClass::pump_station:
    case AssetClass::water_main:
      return service == static_cast<std::size_t>(Service::water);
    default:
      return false;
  }
}

}  // namespace

bool may_be_counted(const Model& model, const Count& count, std::size_t unit) {
  return model.units.zone[unit] == count.zone &&
         (count.service != static_cast<std::size_t>(Service::heat) ||
          model.heat.block_heating[model.units.block[unit]] == heat::Heating::district);
}

std::vector<std::uint8_t> units_off(const Model& model, const Count& count, const State& state) {
  std::vector<std::uint8_t> off(model.units.count(), 0);
  for (std::size_t unit = 0; unit < off.size(); ++unit) {
    off[unit] =
        may_be_counted(model, count, unit) && ((state.ledger.mask[unit] >> count.service) & 1U) != 0
            ? 1
            : 0;
  }
  return off;
}

std::int64_t counted(const Model& model, const Count& count,
                     const std::vector<std::uint8_t>& unit_off) {
  std::int64_t total = 0;
  std::vector<std::uint8_t> block_off(model.heat.block_count(), 0);
  for (std::size_t unit = 0; unit < unit_off.size(); ++unit) {
    if (unit_off[unit] == 0) {
      continue;
    }
    const std::uint32_t block = model.units.block[unit];
    if (!count.buildings) {
      total += model.units.households[unit];
    } else if (block_off[block] == 0) {
      block_off[block] = 1;
      total += model.heat.block_buildings[block];
    }
  }
  return total;
}

std::vector<CountCauses> FutureMaker::find_causes(const Situation& situation) {
  const std::vector<CountCauses> none;
  FutureMaker maker(situation, situation.model(), none);
  return maker.causes_of_counts();
}

std::vector<CountCauses> FutureMaker::causes_of_counts() {
  std::vector<CountCauses> all;
  Future future;
  for (const Count& count : situation_->counts) {
    CountCauses& found = all.emplace_back();
    const auto off_with = [&](const std::vector<Extra>& extra) {
      draw_weather(0, future);
      draw_hits(0, extra, future);
      simulate_until_now(future);
      return units_off(*model_, count, future.start);
    };
    found.off_already = off_with({});
    for (std::size_t c = 0; c < model_->components.count(); ++c) {
      if (model_->components.zone[c].index() != count.zone ||
          !may_explain(model_->components.asset_class[c], count.service)) {
        continue;
      }
      Cause cause{ComponentId{c}, off_with({{ComponentId{c}, DamageState::complete}})};
      if (counted(*model_, count, cause.off) > counted(*model_, count, found.off_already)) {
        found.causes.push_back(std::move(cause));
      }
    }
  }
  return all;
}

std::vector<FutureMaker::Extra> FutureMaker::draw_causes(std::uint64_t replication,
                                                         Future& future) const {
  const random::Draw draw(situation_->which->seed, replication);
  future.counted.assign(situation_->counts.size(), 0);
  future.inside.assign(situation_->counts.size(), 0);
  std::vector<Extra> extra;
  for (std::size_t i = 0; i < causes_->size(); ++i) {
    const Count& count = situation_->counts[i];
    const CountCauses& possible = (*causes_)[i];
    std::vector<ComponentId> best;
    std::int64_t best_error = INT64_MAX;
    for (std::uint32_t attempt = 0; attempt < kTries; ++attempt) {
      std::vector<std::pair<double, std::size_t>> order;
      for (std::size_t c = 0; c < possible.causes.size(); ++c) {
        const std::uint64_t name =
            model_->components.name_hash[possible.causes[c].component.index()];
        order.emplace_back(
            draw.uniform({random::combine_hash(kCause, name), Purpose::asset_race, attempt}), c);
      }
      std::sort(order.begin(), order.end());
      std::vector<std::uint8_t> off = possible.off_already;
      std::vector<ComponentId> taken;
      for (const auto& item : order) {
        std::vector<std::uint8_t> with = off;
        const Cause& cause = possible.causes[item.second];
        for (std::size_t unit = 0; unit < with.size(); ++unit) {
          with[unit] = with[unit] | cause.off[unit];
        }
        const std::int64_t now_off = counted(*model_, count, with);
        if (now_off <= count.off && now_off > counted(*model_, count, off)) {
          off = std::move(with);
          taken.push_back(cause.component);
        }
      }
      const std::int64_t error = std::abs(count.off - counted(*model_, count, off));
      if (error < best_error) {
        best_error = error;
        best = std::move(taken);
      }
    }
    for (const ComponentId component : best) {
      const std::uint64_t name = model_->components.name_hash[component.index()];
      // Out of service altogether: extensive or, one time in four, complete (assumption).
      const double u = draw.uniform({random::combine_hash(kCause, name), Purpose::damage_state, 0});
      extra.push_back({component, u < 0.75 ? DamageState::extensive : DamageState::complete});
    }
  }
  return extra;
}

void FutureMaker::fault_inside(Future& future) const {
  State& state = future.start;
  const random::Draw draw(situation_->which->seed, future.replication);
  for (std::size_t i = 0; i < situation_->counts.size(); ++i) {
    const Count& count = situation_->counts[i];
    const std::vector<std::uint8_t> off = units_off(*model_, count, state);
    future.counted[i] = counted(*model_, count, off);
    if (count.service != static_cast<std::size_t>(Service::heat)) {
      continue;
    }
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t block = 0; block < situation_->block_zone.size(); ++block) {
      if (situation_->block_zone[block] == count.zone &&
          model_->heat.block_heating[block] == heat::Heating::district &&
          state.heat.phase[block] == heat::BlockPhase::connected &&
          state.ledger.block_cold[block] == 0) {
        const std::uint64_t name = model_->heat.block_name_hash[block];
        order.emplace_back(
            draw.uniform({random::combine_hash(kInside, name), Purpose::drain_order, 0}), block);
      }
    }
    std::sort(order.begin(), order.end());
    std::int64_t left = count.off - future.counted[i];
    for (const auto& item : order) {
      const std::size_t block = item.second;
      const std::int64_t size = count.buildings
                                    ? std::int64_t{model_->heat.block_buildings[block]}
                                    : std::int64_t{model_->heat.block_households[block]};
      if (2 * left < size) {
        continue;  // blocks are whole: closer without it
      }
      left -= size;
      future.inside[i] += size;
      future.counted[i] += size;
      state.heat.phase[block] = heat::BlockPhase::waiting_crew;
      state.heat.phase_since[block] = state.now;
      state.heat.phase_until[block] = kNever;
      state.heat.delivered_share[block] = 0.0F;
      state.heat.group_activity[model_->heat.block_node[block]] = heat::GroupActivity::general;
    }
  }
}

}  // namespace wintergrid::plan

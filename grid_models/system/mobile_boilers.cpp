// Where modular boilers go.
//
//   missing_s = c_s C_s (1 - left_s) - sent_s     MW that units could replace at source s
//
// C capacity (MW), left: share that damage leaves, sent: units there or on the way (MW); c: 1 for a
// boiler house, for a CHP the share of it that modular boilers can replace.
//
// A source gets units while its damage is extensive or complete, something is missing, and
// households are without heat in the part of the network that its pipes reach; the source with most
// of them first (ties: lowest index). One crew of the source's trade brings as many units as the
// stock has of what is missing.
//
// Sources of times: a boiler house 3 to 7 days, after a destroyed CHP 14 to 30 days at 10 to 25 %
// of its load (assumptions, after Kharkiv, February 2026: about 300 of 1,200 buildings fed by
// modular boilers and other sources within days).

#include "grid_models/system/mobile_boilers.hpp"

#include <algorithm>

#include "grid_models/system/heat_supply.hpp"

namespace wintergrid {
namespace {

constexpr double kToleranceMw = 1e-6;
constexpr float kWithoutHeat = 0.5F;  ///< as the ledger: less than half of demand

}  // namespace

MobileBoilers::MobileBoilers(const Model& model)
    : model_(&model),
      node_households_(model.heat.node_count, 0),
      reached_(model.heat.node_count, 0),
      passed_over_(model.heat.source_node.size(), 0) {
  for (std::size_t block = 0; block < model.heat.block_count(); ++block) {
    if (model.heat.block_node[block] != kNone) {
      node_households_[model.heat.block_node[block]] += model.heat.block_households[block];
    }
  }
}

MobileBoilerState MobileBoilers::initial_state() const {
  const std::size_t sources = model_->heat.source_node.size();
  MobileBoilerState state;
  state.stock = model_->mobile_boiler_units;
  state.units_at.assign(sources * state.stock.size(), 0);
  state.connected_mw.assign(sources, 0.0);
  state.arriving_mw.assign(sources, 0.0);
  state.ready_at.assign(sources, kNever);
  state.times_sent.assign(sources, 0);
  return state;
}

void MobileBoilers::act(const Availability& availability, const MobileBoilerParameters& parameters,
                        const Luck& luck, recovery::Recovery& recovery, State& state) {
  MobileBoilerState& mobile = state.mobile_boilers;
  if (mobile.units_out > 0) {
    connect(state.now, mobile);
    take_back(availability, mobile);
  }
  if (!availability.heat_sources_lost) {
    return;
  }
  std::fill(passed_over_.begin(), passed_over_.end(), std::uint8_t{0});
  const auto in_stock = [&] {
    return std::any_of(mobile.stock.begin(), mobile.stock.end(), [](auto n) { return n > 0; });
  };
  while (in_stock()) {
    std::size_t chosen = passed_over_.size();
    std::int64_t most = 0;
    for (std::size_t s = 0; s < passed_over_.size(); ++s) {
      if (passed_over_[s] != 0 || mobile.ready_at[s] != kNever ||
          missing_mw(s, availability, parameters, mobile) < kToleranceMw ||
          !may_be_reached(s, state)) {
        continue;
      }
      const std::int64_t cold = cold_households(s, availability, state);
      if (cold > most) {
        chosen = s;
        most = cold;
      }
    }
    if (chosen == passed_over_.size()) {
      return;
    }
    const double wanted_mw = missing_mw(chosen, availability, parameters, mobile);
    if (!send(chosen, wanted_mw, parameters, luck, recovery, state)) {
      passed_over_[chosen] = 1;
    }
  }
}

bool MobileBoilers::is_chp(std::size_t source) const {
  const std::uint32_t component = model_->heat_source_component[source];
  return component != kNone && model_->components.asset_class[component] == AssetClass::chp_plant;
}

double MobileBoilers::missing_mw(std::size_t source, const Availability& availability,
                                 const MobileBoilerParameters& parameters,
                                 const MobileBoilerState& mobile) const {
  const double lost_mw =
      model_->heat.source_capacity_mw[source] * (1.0 - availability.heat_source_factor[source]);
  return (is_chp(source) ? parameters.chp_share : 1.0) * lost_mw - mobile.connected_mw[source] -
         mobile.arriving_mw[source];
}

/// Damaged badly enough, and the hold-off is over.
bool MobileBoilers::may_be_reached(std::size_t source, const State& state) const {
  const std::uint32_t component = model_->heat_source_component[source];
  if (component == kNone || state.damage[component] < DamageState::extensive) {
    return false;
  }
  return std::none_of(state.recovery.jobs.begin(), state.recovery.jobs.end(),
                      [&](const recovery::Job& job) {
                        return job.component.value() == component && job.not_before > state.now;
                      });
}

/// In the part of the network that pipes join with the source; not where the heating point has no
/// power, which boilers do not help.
std::int64_t MobileBoilers::cold_households(std::size_t source, const Availability& availability,
                                            const State& state) {
  const heat::Model& heat = model_->heat;
  std::fill(reached_.begin(), reached_.end(), std::uint8_t{0});
  reached_[heat.source_node[source]] = 1;
  for (bool grew = true; grew;) {
    grew = false;
    for (std::size_t p = 0; p < heat.pipe_from.size(); ++p) {
      std::uint8_t& from = reached_[heat.pipe_from[p]];
      std::uint8_t& to = reached_[heat.pipe_to[p]];
      if (availability.heat_pipe_factor[p] > 0.0 && from != to) {
        from = to = 1;
        grew = true;
      }
    }
  }
  std::int64_t households = 0;
  for (std::size_t node = 0; node < reached_.size(); ++node) {
    const bool cold = reached_[node] != 0 &&
                      facility_powered(state, model_->heat_node_facility[node]) &&
                      state.heat.node_share[node] < kWithoutHeat;
    households += cold ? node_households_[node] : 0;
  }
  return households;
}

/// A crew sets out with units; false if there is none.
bool MobileBoilers::send(std::size_t source, double wanted_mw,
                         const MobileBoilerParameters& parameters, const Luck& luck,
                         recovery::Recovery& recovery, State& state) const {
  MobileBoilerState& mobile = state.mobile_boilers;
  const bool chp = is_chp(source);
  const double shortest = chp ? parameters.chp_shortest_days : parameters.shortest_days;
  const double longest =
      std::max(shortest, chp ? parameters.chp_longest_days : parameters.longest_days);
  const double u = luck.uniform(
      {model_->heat_source_name_hash[source], Purpose::mobile_boilers, mobile.times_sent[source]});
  const Seconds work = seconds_from_hours(24.0 * (shortest + (longest - shortest) * u));
  const std::uint32_t component = model_->heat_source_component[source];
  const Seconds ready_at =
      recovery.send_crew(state.recovery, crew_type_of(model_->components.asset_class[component]),
                         model_->components.zone[component], state.now, work);
  if (ready_at == kNever) {
    return false;
  }
  const std::size_t kinds = mobile.stock.size();
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    while (mobile.stock[kind] > 0 && mobile.arriving_mw[source] < wanted_mw - kToleranceMw) {
      --mobile.stock[kind];
      ++mobile.units_at[source * kinds + kind];
      ++mobile.units_out;
      mobile.arriving_mw[source] += model_->mobile_boiler_mw[kind];
    }
  }
  ++mobile.times_sent[source];
  mobile.ready_at[source] = ready_at;
  mobile.next_ready = std::min(mobile.next_ready, ready_at);
  return true;
}

void MobileBoilers::connect(Seconds now, MobileBoilerState& mobile) const {
  if (mobile.next_ready > now) {
    return;
  }
  mobile.next_ready = kNever;
  for (std::size_t s = 0; s < mobile.ready_at.size(); ++s) {
    if (mobile.ready_at[s] <= now) {
      mobile.connected_mw[s] += mobile.arriving_mw[s];
      mobile.arriving_mw[s] = 0.0;
      mobile.ready_at[s] = kNever;
    }
    mobile.next_ready = std::min(mobile.next_ready, mobile.ready_at[s]);
  }
}

/// From sources that are whole again; units that a crew is still connecting stay until it is done.
void MobileBoilers::take_back(const Availability& availability, MobileBoilerState& mobile) const {
  const std::size_t kinds = mobile.stock.size();
  for (std::size_t s = 0; s < mobile.ready_at.size(); ++s) {
    if (availability.heat_source_factor[s] < 1.0 || mobile.ready_at[s] != kNever) {
      continue;
    }
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      std::uint32_t& units = mobile.units_at[s * kinds + kind];
      mobile.stock[kind] += units;
      mobile.units_out -= units;
      units = 0;
    }
    mobile.connected_mw[s] = 0.0;
  }
}

}  // namespace wintergrid

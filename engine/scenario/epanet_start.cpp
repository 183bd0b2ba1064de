// The mean day and the first moment of an EPANET file.
//
//   mean demand     base x multiplier x mean of its pattern
//   hour profile h  sum of all demands in local hour h / mean demand
//
// Patterns are averaged minute by minute over the days after which they repeat, at most 60.
//
// The first moment is solved as the file asks (demand- or pressure-driven); where that has no
// solution, pressure-driven with 20 m. What is open then is open. Pumps, which controls switch by
// the level of tanks, count as running if they do so at any time of the first 24 hours: the water
// model has no controls, and a full tank takes nothing however long a pump runs.

#include "engine/scenario/epanet_start.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "grid_models/hydraulics/simulation.hpp"

namespace wintergrid::scenario::epanet {
namespace {

using hydraulics::kNone;
using hydraulics::LinkKind;
using hydraulics::LinkStatus;

constexpr std::int64_t kSecondsPerDay = 86400, kMostDays = 60;
constexpr std::size_t kHours = 24;

/// Mean of a pattern in every local hour, over the days after which it repeats.
std::array<double, kHours> hours_of(const hydraulics::WaterModel& model, std::uint32_t pattern) {
  std::array<double, kHours> hours{};
  const std::vector<double>& factors = model.patterns[pattern];
  const std::int64_t cycle_s = model.pattern_step_s * static_cast<std::int64_t>(factors.size());
  std::int64_t days = 1;
  while (days < kMostDays && days * kSecondsPerDay % cycle_s != 0) {
    ++days;
  }
  for (std::int64_t second = 0; second < days * kSecondsPerDay; second += 60) {
    const auto period =
        static_cast<std::size_t>((second + model.pattern_start_s) / model.pattern_step_s);
    const auto hour = static_cast<std::size_t>((second + model.clock_start_s) / 3600) % kHours;
    hours[hour] += factors[period % factors.size()] / static_cast<double>(60 * days);
  }
  return hours;
}

template <class Factors>
double mean_of(const Factors& factors) {
  return std::accumulate(factors.begin(), factors.end(), 0.0) / static_cast<double>(factors.size());
}

void read_demands(const hydraulics::WaterModel& model, Start& start) {
  std::vector<std::array<double, kHours>> hours(model.patterns.size());
  std::vector<std::uint8_t> used(model.patterns.size(), 0);
  for (const hydraulics::Demand& demand : model.demands) {
    if (demand.pattern != kNone && used[demand.pattern]++ == 0) {
      hours[demand.pattern] = hours_of(model, demand.pattern);
      ++start.patterns;
      used[demand.pattern] = 1;
    }
  }
  std::vector<double> mean(model.network.node_count(), 0.0);
  start.hour_profile.fill(0.0);
  for (const hydraulics::Demand& demand : model.demands) {
    const double base_m3s = demand.base_m3s * model.demand_multiplier;
    const bool constant = demand.pattern == kNone;
    mean[demand.node] += base_m3s * (constant ? 1.0 : mean_of(model.patterns[demand.pattern]));
    if (base_m3s > 0.0) {
      for (std::size_t hour = 0; hour < kHours; ++hour) {
        start.hour_profile[hour] += base_m3s * (constant ? 1.0 : hours[demand.pattern][hour]);
      }
    }
  }
  const double total_m3s = mean_of(start.hour_profile);
  for (double& factor : start.hour_profile) {
    factor = total_m3s > 0.0 ? factor / total_m3s : 1.0;
  }
  start.demand_m3s.assign(mean.size(), 0.0);
  start.inflow_m3s.assign(mean.size(), 0.0);
  for (std::size_t i = 0; i < mean.size(); ++i) {
    if (model.network.fixed_head[i] == 0) {
      start.demand_m3s[i] = std::max(mean[i], 0.0);
      start.inflow_m3s[i] = std::max(-mean[i], 0.0);
    }
  }
}

/// Closed by the file or a control; check valves and links at full or empty tanks close and open by
/// themselves.
bool is_shut(LinkKind kind, LinkStatus status, double setting) {
  return kind == LinkKind::pump ? status == LinkStatus::closed || setting == 0.0
                                : kind != LinkKind::check_valve && status == LinkStatus::closed;
}

void find_later_pumps(const hydraulics::WaterModel& model, hydraulics::Simulation& simulation,
                      Start& start) {
  const hydraulics::State& state = simulation.state();
  while (simulation.next(kSecondsPerDay) > 0) {
    const bool solved = simulation.solve().status == hydraulics::SolveStatus::converged;
    for (std::uint32_t k = 0; solved && k < model.network.link_count(); ++k) {
      if (model.network.kind[k] == LinkKind::pump && start.is_open[k] == 0 &&
          !is_shut(LinkKind::pump, state.status[k], state.setting[k])) {
        start.is_open[k] = start.runs_later[k] = 1;
        start.flow_m3s[k] = state.flow_m3s[k];
        start.setting[k] = state.setting[k];
      }
    }
  }
}

/// True if the moment has a solution; what there is is taken over anyway.
bool solve_moment(const hydraulics::WaterModel& model, Start& start) {
  hydraulics::Simulation simulation(model);
  const bool solved = simulation.solve().status == hydraulics::SolveStatus::converged;
  const hydraulics::State& state = simulation.state();
  start.head_m = state.head_m;
  start.flow_m3s = state.flow_m3s;
  start.setting = state.setting;
  start.is_open.assign(state.status.size(), 1);
  start.runs_later.assign(state.status.size(), 0);
  for (std::size_t k = 0; k < state.status.size(); ++k) {
    start.is_open[k] = is_shut(model.network.kind[k], state.status[k], state.setting[k]) ? 0 : 1;
    if (!solved || !std::isfinite(start.flow_m3s[k])) {
      start.flow_m3s[k] = 0.0;
    }
  }
  start.reservoir_m3s.assign(state.head_m.size(), 0.0);
  for (std::size_t i = 0; solved && i < state.head_m.size(); ++i) {
    start.reservoir_m3s[i] = model.network.fixed_head[i] != 0 ? state.outflow_m3s[i] : 0.0;
  }
  for (std::size_t i = 0; solved && i < model.network.outlets.size(); ++i) {
    const double leak_m3s = std::max(0.0, state.outlet_m3s[i]);
    start.demand_m3s[model.network.outlets[i].node] += leak_m3s;
    start.leaked_m3s += leak_m3s;
  }
  if (solved) {
    find_later_pumps(model, simulation, start);
  }
  return solved;
}

bool lets_back(LinkKind kind) {
  return kind == LinkKind::pipe || kind == LinkKind::throttle_valve ||
         kind == LinkKind::curve_valve || kind == LinkKind::positional_valve ||
         kind == LinkKind::pressure_breaker_valve;
}

/// Marks what water can reach from the marked nodes.
void spread(const hydraulics::Network& network, const std::vector<std::uint8_t>& is_open,
            std::vector<std::uint8_t>& reached) {
  for (bool grew = true; grew;) {
    grew = false;
    for (std::size_t k = 0; k < network.link_count(); ++k) {
      std::uint8_t& from = reached[network.from[k]];
      std::uint8_t& to = reached[network.to[k]];
      const bool forward = from != 0 && to == 0;
      const bool backward = from == 0 && to != 0 && lets_back(network.kind[k]);
      if (is_open[k] != 0 && (forward || backward)) {
        from = to = 1;
        grew = true;
      }
    }
  }
}

bool feeds_somebody(const std::vector<std::uint8_t>& before, const std::vector<std::uint8_t>& after,
                    const std::vector<double>& demand) {
  for (std::size_t i = 0; i < demand.size(); ++i) {
    if (before[i] == 0 && after[i] != 0 && demand[i] > 0.0) {
      return true;
    }
  }
  return false;
}

/// Demand that neither a reservoir nor an inflow can reach has its largest tank as a source, else
/// nothing.
void find_unfed(const EpanetFile& file, Start& start) {
  const hydraulics::Network& network = file.model.network;
  std::vector<std::uint8_t> fed(network.node_count(), 0);
  for (std::size_t i = 0; i < fed.size(); ++i) {
    fed[i] = file.node_kinds[i] == EpanetNodeKind::reservoir || start.inflow_m3s[i] > 0.0 ? 1 : 0;
  }
  spread(network, start.is_open, fed);
  std::vector<const hydraulics::Tank*> tanks;
  for (const hydraulics::Tank& tank : file.model.tanks) {
    tanks.push_back(&tank);
  }
  std::stable_sort(tanks.begin(), tanks.end(), [](const auto* a, const auto* b) {
    return a->most_m3 - a->least_m3 > b->most_m3 - b->least_m3;
  });
  start.endless_tanks.assign(fed.size(), 0);
  for (const hydraulics::Tank* tank : tanks) {
    if (fed[tank->node] == 0) {
      std::vector<std::uint8_t> with = fed;
      with[tank->node] = 1;
      spread(network, start.is_open, with);
      if (feeds_somebody(fed, with, start.demand_m3s)) {
        start.endless_tanks[tank->node] = 1;
        fed = std::move(with);
      }
    }
  }
  for (std::size_t i = 0; i < fed.size(); ++i) {
    if (fed[i] == 0 && start.demand_m3s[i] > 0.0) {
      start.unfed_m3s += start.demand_m3s[i];
      ++start.unfed_junctions;
      start.demand_m3s[i] = 0.0;
    }
  }
}

}  // namespace

Start read_start(const EpanetFile& file) {
  Start start;
  hydraulics::WaterModel model = file.model;
  model.options.accuracy = std::min(model.options.accuracy, 1e-5);
  model.options.max_iterations = std::max(model.options.max_iterations, 200);
  read_demands(model, start);
  if (std::all_of(start.demand_m3s.begin(), start.demand_m3s.end(),
                  [](double demand) { return demand <= 0.0; })) {
    return start;  // of no use to anybody
  }
  start.solved = solve_moment(model, start);
  if (!start.solved && !model.options.pressure_driven) {
    model.options.pressure_driven = true;
    model.options.minimum_pressure_m = 0.0;
    model.options.required_pressure_m = 20.0;
    model.options.pressure_exponent = 0.5;
    start.solved = solve_moment(model, start);
  }
  find_unfed(file, start);
  return start;
}

double pipe_loss_m(const hydraulics::Network& network, std::size_t link, double flow_m3s) {
  const double minor_m = network.minor_loss[link] * flow_m3s * flow_m3s;
  switch (network.law) {
    case hydraulics::HeadlossLaw::hazen_williams:
      return network.resistance[link] * std::pow(flow_m3s, 1.852) + minor_m;
    case hydraulics::HeadlossLaw::chezy_manning:
      return network.resistance[link] * flow_m3s * flow_m3s + minor_m;
    default:
      return hydraulics::darcy_loss(network.law, flow_m3s, network.resistance[link],
                                    network.minor_loss[link], network.relative_roughness[link],
                                    network.viscosity_m2s * network.diameter_m[link])
          .head_m;
  }
}

}  // namespace wintergrid::scenario::epanet

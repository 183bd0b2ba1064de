// When ties between heat networks are opened and shut.
//
//   hours(u) = shortest + (longest - shortest) u      from the moment both sides are known
//
// A network is what open pipes join, ties aside. An undamaged tie is wanted where one of its two
// networks has a working source of its own and the other none, or where neither has and only one
// is fed through other ties. It is opened after `hours`, u drawn by (tie, opening); ties act in
// order of name hash and see what those before them did. What heat there is, all share that open
// ties join, so nobody opens one that would leave both sides cold: what works on both must cover
//     cover = available / (households x heat per household at this temperature) >= least_cover.
// It is shut, at once, when both networks have sources of their own again, or the cover has fallen
// below one half, where the giving side would be without heat too. One under way is given up when
// it is not wanted any more.
//
// Times and covers are assumptions: a valve chamber is reached and opened in hours, then the main
// is filled and vented slowly.

#include "grid_models/system/heat_ties.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace wintergrid {
namespace {

constexpr double kGivenUpBelow = 0.5;  ///< as the ledger: less than half of demand is without heat

}  // namespace

bool heat_pipe_is_open(const Model& model, const HeatTieState& ties, std::size_t pipe) {
  return !model.heat.is_tie(pipe) || ties.open[pipe] != 0;
}

HeatTies::HeatTies(const Model& model)
    : model_(&model),
      node_households_(model.heat.node_count, 0),
      network_(model.heat.node_count, 0),
      cluster_(model.heat.node_count, 0),
      own_(model.heat.node_count, 0),
      supply_(model.heat.node_count),
      factor_(model.heat.pipe_from.size(), 1.0) {
  for (std::size_t block = 0; block < model.heat.block_count(); ++block) {
    if (model.heat.block_node[block] != kNone) {
      node_households_[model.heat.block_node[block]] += model.heat.block_households[block];
    }
  }
  for (std::uint32_t pipe = 0; pipe < model.heat.pipe_from.size(); ++pipe) {
    if (model.heat.is_tie(pipe)) {
      ties_.push_back(pipe);
    }
  }
  std::sort(ties_.begin(), ties_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair{model.heat_pipe_name_hash[a], a} < std::pair{model.heat_pipe_name_hash[b], b};
  });
}

HeatTieState HeatTies::initial_state() const {
  HeatTieState state;
  const std::size_t pipes = model_->heat.pipe_from.size();
  state.open.assign(pipes, 0);
  state.opens_at.assign(pipes, kNever);
  state.openings.assign(pipes, 0);
  return state;
}

std::pair<std::uint32_t, std::uint32_t> HeatTies::networks_of(std::uint32_t tie) const {
  return {network_[model_->heat.pipe_from[tie]], network_[model_->heat.pipe_to[tie]]};
}

/// Networks by their lowest node, each its own cluster.
void HeatTies::find_networks(const Inputs& inputs) {
  const heat::Model& heat = model_->heat;
  std::iota(network_.begin(), network_.end(), 0U);
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t pipe = 0; pipe < heat.pipe_from.size(); ++pipe) {
      std::uint32_t& from = network_[heat.pipe_from[pipe]];
      std::uint32_t& to = network_[heat.pipe_to[pipe]];
      if (!heat.is_tie(pipe) && inputs.pipe_factor[pipe] > 0.0 && from != to) {
        from = to = std::min(from, to);
        moved = true;
      }
    }
  }
  std::iota(cluster_.begin(), cluster_.end(), 0U);
  std::fill(own_.begin(), own_.end(), std::uint8_t{0});
  std::fill(supply_.begin(), supply_.end(), Supply{});
  for (std::size_t node = 0; node < network_.size(); ++node) {
    supply_[network_[node]].households += node_households_[node];
  }
  for (std::size_t source = 0; source < heat.source_node.size(); ++source) {
    const std::uint32_t network = network_[heat.source_node[source]];
    if (inputs.source_available_mw[source] > 0.0) {
      own_[network] = 1;
      supply_[network].available_mw += inputs.source_available_mw[source];
    }
  }
}

void HeatTies::join(std::uint32_t tie) {
  const auto [a, b] = networks_of(tie);
  const std::uint32_t kept = cluster_[a], gone = cluster_[b];
  if (kept != gone) {
    supply_[kept].available_mw += supply_[gone].available_mw;
    supply_[kept].households += supply_[gone].households;
    std::replace(cluster_.begin(), cluster_.end(), gone, kept);
  }
}

bool HeatTies::wanted(std::uint32_t tie) const {
  const auto [a, b] = networks_of(tie);
  const bool fed_a = supply_[cluster_[a]].available_mw > 0.0;
  const bool fed_b = supply_[cluster_[b]].available_mw > 0.0;
  return own_[a] != own_[b] || (own_[a] == 0 && fed_a != fed_b);
}

/// Of what both sides want, the heat that works there.
double HeatTies::cover(std::uint32_t tie, double household_mw) const {
  const auto [a, b] = networks_of(tie);
  Supply both = supply_[cluster_[a]];
  if (cluster_[a] != cluster_[b]) {
    both.available_mw += supply_[cluster_[b]].available_mw;
    both.households += supply_[cluster_[b]].households;
  }
  const double wanted_mw = household_mw * static_cast<double>(both.households);
  return both.available_mw >= wanted_mw ? 1.0 : both.available_mw / wanted_mw;
}

/// What stands open, less what nobody needs any more, what damage took and what would leave both
/// sides without heat. From the networks that are fed outwards, so that a chain of ties stands
/// whatever its names.
void HeatTies::keep_open(const Inputs& inputs, HeatTieState& state) {
  for (bool more = true; more;) {
    more = false;
    for (const std::uint32_t tie : ties_) {
      const auto [a, b] = networks_of(tie);
      const bool fed =
          supply_[cluster_[a]].available_mw > 0.0 || supply_[cluster_[b]].available_mw > 0.0;
      if (state.open[tie] != 0 && !(factor_[tie] > 0.0) && inputs.pipe_factor[tie] > 0.0 && fed &&
          (own_[a] == 0 || own_[b] == 0) && cover(tie, inputs.household_mw) >= kGivenUpBelow) {
        join(tie);
        factor_[tie] = inputs.pipe_factor[tie];
        more = true;
      }
    }
  }
  for (const std::uint32_t tie : ties_) {
    if (state.open[tie] != 0 && !(factor_[tie] > 0.0)) {
      state.open[tie] = 0;
      state.opens_at[tie] = kNever;
    }
  }
}

std::span<const double> HeatTies::act(const Inputs& inputs, const HeatTieParameters& parameters,
                                      const Luck& luck, HeatTieState& state) {
  std::copy(inputs.pipe_factor.begin(), inputs.pipe_factor.end(), factor_.begin());
  for (const std::uint32_t tie : ties_) {
    factor_[tie] = 0.0;
  }
  const auto all_work = [](std::span<const double> of) {
    return std::find(of.begin(), of.end(), 0.0) == of.end();
  };
  if (state.in_use == 0 && all_work(inputs.source_available_mw) && all_work(inputs.pipe_factor)) {
    return factor_;
  }
  find_networks(inputs);
  keep_open(inputs, state);
  state.in_use = 0;
  state.next_opening = kNever;
  for (const std::uint32_t tie : ties_) {
    Seconds& at = state.opens_at[tie];
    if (state.open[tie] == 0) {
      const bool covered = cover(tie, inputs.household_mw) >= parameters.least_cover;
      if (inputs.pipe_factor[tie] <= 0.0 || !wanted(tie) || (at == kNever && !covered)) {
        at = kNever;
        continue;
      }
      if (at == kNever) {
        const double u = luck.uniform(
            {model_->heat_pipe_name_hash[tie], Purpose::heat_tie, state.openings[tie]++});
        const double longest = std::max(parameters.shortest_hours, parameters.longest_hours);
        at = inputs.now + seconds_from_hours(parameters.shortest_hours +
                                             (longest - parameters.shortest_hours) * u);
      }
      if (at > inputs.now) {
        state.next_opening = std::min(state.next_opening, at);
      } else if (covered) {
        state.open[tie] = 1;
        join(tie);
        factor_[tie] = inputs.pipe_factor[tie];
      }
    }
    ++state.in_use;
  }
  return factor_;
}

}  // namespace wintergrid

// Connected parts of a heat network, each solved apart and only if something it depends on changed.
// Networks that ties would join are parts of their own while these are shut, and one part, with the
// pumps as they are, while one of them is open.
//
// A source runs if it has heat. Where several feed a part, each runs as much of its pumps as it has
// heat, compared with the one that has most (so that a plant with a tenth of its boilers does not
// send cold water to half a city); one alone runs all of them, so that a lack of heat cools
// everybody rather than leaving the far ones without flow. Where ties are, the comparison is among
// the sources that open pipes join.
//
// What is kept. Flows do not depend on weather: one solution serves until a source, pipe or valve
// changes. Let a part serve everybody at two loads. It then does at every load in between: with
// nobody short, temperatures and the heat sent out are linear in the load, and a building's reserve
// is linear too. So a part that served everybody at the ends of a range of loads is skipped inside
// it.

#include "grid_models/heat/circulation.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "grid_models/core/contract.hpp"
#include "grid_models/heat/circulation_heat.hpp"

namespace wintergrid::heat {
namespace {

constexpr double kWattsPerMegawatt = 1e6;
/// Shares this close to 1 are 1: accuracy of the flows. A skipped range is tested more strictly, so
/// that rounding cannot tell a skipped answer from a solved one.
constexpr double kFullShare = 1.0 - 1e-4;
constexpr double kSurelyFullShare = 1.0 - 0.9e-4;
constexpr double kLeastWatts = 1.0;
constexpr int kMostSizings = 8;
constexpr double kSizingStep = 0.99;

template <class T>
bool same_values(std::span<const T> left, const std::vector<T>& right) {
  return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin());
}

}  // namespace

struct Circulation::Part {
  /// Flows of a state of sources, pipes and valves, and what is known of the heat in it.
  struct Kept {
    std::vector<double> key;  ///< shares of pumps, factors of pipes, households
    bool valid = false;
    bool solved = false;
    CirculationOrder order;
    std::vector<std::uint8_t> reached;          ///< by node
    std::vector<double> available_w;            ///< for which the loads hold
    double served_from = 1.0, served_to = 0.0;  ///< loads; empty range: not known
  };

  CirculationPart model;
  std::vector<std::uint32_t> node, pipe, source;  ///< in the whole network
  std::unique_ptr<CirculationFlow> flow;
  std::unique_ptr<CirculationHeat> heat;
  Kept intact, last;
  // scratch
  CirculationFlows flows;
  std::vector<double> key, available_w, pump_share, factor, share, sent_w;
  std::vector<std::int64_t> households;
  bool has_ties = false;
  std::vector<std::uint32_t> label;  ///< by node: joined by open pipes
  std::vector<double> best;          ///< by label

  void prepare();
  void gather(const CirculationInputs& inputs);
  bool tie_is_open(std::span<const double> pipe_factor) const;
  bool any_source() const;
  Kept& kept_for_key(std::uint64_t& solves);
  void find_reached(std::vector<std::uint8_t>& reached) const;
};

/// Sizes, and keeps the intact part's flows. Sources whose flow takes more heat than they have on
/// the design day (long mains ahead of them) are sized for less flow, while others have some to
/// spare.
void Circulation::Part::prepare() {
  model.source_share.assign(source.size(), 1.0);
  for (int round = 0; round < kMostSizings; ++round) {
    flow = std::make_unique<CirculationFlow>(model);
    heat = std::make_unique<CirculationHeat>(model, *flow);
    bool fits = true;
    for (std::size_t i = 0; i < source.size(); ++i) {
      const double excess = heat->design_sent_w()[i] / std::max(1.0, model.source_capacity_w[i]);
      if (excess > 1.0) {
        fits = false;
        model.source_share[i] *= kSizingStep / excess;
      }
    }
    if (fits) {
      break;
    }
  }
  flows = flow->make_flows();
  const std::size_t pipes = pipe.size(), sources = source.size();
  available_w = model.source_capacity_w;
  factor.assign(pipes, 1.0);
  households = model.node_households;
  pump_share.assign(sources, 0.0);
  share.assign(node.size(), 0.0);
  label.assign(node.size(), 0);
  best.assign(node.size(), 0.0);
  sent_w.assign(sources, 0.0);
  key.reserve(sources + pipes + node.size());
  for (Kept* kept : {&intact, &last}) {
    kept->key.reserve(sources + pipes + node.size());
    kept->order = heat->make_order();
    kept->reached.assign(node.size(), 0);
    kept->available_w.assign(sources, -1.0);
  }
}

void Circulation::Part::gather(const CirculationInputs& inputs) {
  for (std::size_t i = 0; i < pipe.size(); ++i) {
    factor[i] = inputs.pipe_factor[pipe[i]];
  }
  if (has_ties) {
    label_joined(model.pipe_from, model.pipe_to, factor, label);
  }
  std::fill(best.begin(), best.end(), 0.0);
  for (std::size_t i = 0; i < source.size(); ++i) {
    const double watts = kWattsPerMegawatt * inputs.source_available_mw[source[i]];
    available_w[i] = watts >= kLeastWatts ? watts : 0.0;
    pump_share[i] = model.source_capacity_w[i] > 0.0
                        ? std::min(1.0, available_w[i] / model.source_capacity_w[i])
                        : (available_w[i] > 0.0 ? 1.0 : 0.0);
    double& most = best[label[model.source_node[i]]];
    most = std::max(most, pump_share[i]);
  }
  key.clear();
  for (std::size_t i = 0; i < source.size(); ++i) {
    const double most = best[label[model.source_node[i]]];
    pump_share[i] = most > 0.0 ? pump_share[i] / most : 0.0;
    key.push_back(pump_share[i]);
  }
  key.insert(key.end(), factor.begin(), factor.end());
  for (std::size_t i = 0; i < node.size(); ++i) {
    households[i] = inputs.taking_households[node[i]];
    key.push_back(static_cast<double>(households[i]));
  }
}

bool Circulation::Part::any_source() const {
  return std::any_of(pump_share.begin(), pump_share.end(), [](double of) { return of > 0.0; });
}

void Circulation::Part::find_reached(std::vector<std::uint8_t>& reached) const {
  std::fill(reached.begin(), reached.end(), std::uint8_t{0});
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (pump_share[i] > 0.0) {
      reached[model.source_node[i]] = 1;
    }
  }
  bool grown = true;
  while (grown) {
    grown = false;
    for (std::size_t i = 0; i < pipe.size(); ++i) {
      const std::uint32_t from = model.pipe_from[i], to = model.pipe_to[i];
      if (factor[i] > 0.0 && reached[from] != reached[to]) {
        reached[from] = reached[to] = 1;
        grown = true;
      }
    }
  }
}

Circulation::Part::Kept& Circulation::Part::kept_for_key(std::uint64_t& solves) {
  if (intact.valid && key == intact.key) {
    return intact;
  }
  if (last.valid && key == last.key) {
    return last;
  }
  Kept& kept = intact.valid ? last : intact;  // the first that is asked is the intact part
  flow->solve(pump_share, factor, households, flows);
  ++solves;
  kept.key = key;
  kept.valid = true;
  kept.solved = flows.solved;
  heat->sort(flows, households, kept.order);
  find_reached(kept.reached);
  for (std::size_t i = 0; i < node.size(); ++i) {
    if (households[i] > 0 && flows.served[i] <= 0.0) {
      kept.reached[i] = 0;
    }
  }
  kept.served_from = 1.0;
  kept.served_to = 0.0;
  return kept;
}

/// Of nodes that pipes join, by their lowest node; with or without ties.
std::vector<Circulation::Part> Circulation::make_parts(
    const Model& model, std::span<const std::int64_t> node_households, bool with_ties) {
  const std::vector<double> usual = model.usual_pipe_factor();
  const std::vector<double> joins =
      with_ties ? std::vector<double>(model.pipe_from.size(), 1.0) : usual;
  std::vector<std::uint32_t> label(model.node_count), part_of(model.node_count),
      place(model.node_count);
  label_joined(model.pipe_from, model.pipe_to, joins, label);
  std::vector<Part> parts;
  for (std::uint32_t node = 0; node < model.node_count; ++node) {
    const std::uint32_t first = label[node];
    if (first == node) {
      part_of[node] = static_cast<std::uint32_t>(parts.size());
      parts.emplace_back();
      parts.back().model.design = model.design;
      parts.back().model.household_w = model.design_household_w;
      parts.back().model.indoor_c = model.design_indoor_c;
      parts.back().model.loss_share = model.network_loss_share;
    }
    part_of[node] = part_of[first];
    Part& part = parts[part_of[node]];
    place[node] = static_cast<std::uint32_t>(part.node.size());
    part.node.push_back(node);
    part.model.node_households.push_back(node_households[node]);
    part.model.node_count = part.node.size();
  }
  for (std::uint32_t pipe = 0; pipe < model.pipe_from.size(); ++pipe) {
    if (joins[pipe] == 0.0 || model.pipe_from[pipe] == model.pipe_to[pipe]) {
      continue;
    }
    Part& part = parts[part_of[model.pipe_from[pipe]]];
    part.has_ties = part.has_ties || model.is_tie(pipe);
    part.pipe.push_back(pipe);
    part.model.pipe_from.push_back(place[model.pipe_from[pipe]]);
    part.model.pipe_to.push_back(place[model.pipe_to[pipe]]);
    part.model.pipe_length_m.push_back(model.pipe_length_m[pipe]);
    part.model.pipe_diameter_m.push_back(model.pipe_diameter_m[pipe]);
    part.model.pipe_usual.push_back(usual[pipe]);
  }
  for (std::uint32_t source = 0; source < model.source_node.size(); ++source) {
    Part& part = parts[part_of[model.source_node[source]]];
    part.source.push_back(source);
    part.model.source_node.push_back(place[model.source_node[source]]);
    part.model.source_capacity_w.push_back(kWattsPerMegawatt * model.source_capacity_mw[source]);
  }
  return parts;
}

/// Parts with a tie in them, and which of the others each takes the place of.
void Circulation::add_joined(const Model& model, std::span<const std::int64_t> node_households) {
  constexpr std::size_t kNobody = static_cast<std::size_t>(-1);
  std::vector<std::size_t> joined_of_node(model.node_count, kNobody);
  for (Part& part : make_parts(model, node_households, true)) {
    if (part.has_ties) {
      part.prepare();
      for (const std::uint32_t node : part.node) {
        joined_of_node[node] = joined_.size();
      }
      joined_.push_back(std::move(part));
    }
  }
  replaces_.assign(joined_.size(), {});
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    const std::size_t joined = joined_of_node[parts_[part].node.front()];
    if (joined != kNobody) {
      replaces_[joined].push_back(part);
    }
  }
}

bool Circulation::Part::tie_is_open(std::span<const double> pipe_factor) const {
  for (std::size_t i = 0; i < pipe.size(); ++i) {
    if (model.pipe_usual[i] == 0.0 && pipe_factor[pipe[i]] > 0.0) {
      return true;
    }
  }
  return false;
}

Circulation::Circulation(const Model& model, std::span<const std::int64_t> node_households)
    : share_(model.node_count, 0.0),
      unsolved_(model.node_count, 0),
      source_lift_m_(model.source_node.size(), 0.0),
      source_sent_mw_(model.source_node.size(), 0.0),
      asked_mw_(model.source_node.size(), 0.0),
      asked_factor_(model.pipe_from.size(), 0.0),
      asked_households_(model.node_count, 0) {
  WG_CHECK(model.pipe_length_m.size() == model.pipe_from.size() &&
               model.pipe_diameter_m.size() == model.pipe_from.size() &&
               model.source_capacity_mw.size() == model.source_node.size() &&
               node_households.size() == model.node_count,
           "arrays of a heat network differ in length");
  parts_ = make_parts(model, node_households, false);
  double sent = 0.0, delivered = 0.0;
  for (Part& part : parts_) {
    part.prepare();
    for (std::size_t i = 0; i < part.source.size(); ++i) {
      source_lift_m_[part.source[i]] = part.flow->lift_m()[i];
    }
    const double wanted_w =
        model.design_household_w *
        static_cast<double>(std::accumulate(part.model.node_households.begin(),
                                            part.model.node_households.end(), std::int64_t{0}));
    delivered += wanted_w;
    sent += wanted_w / (1.0 - part.heat->design_loss_share());
  }
  design_loss_share_ = sent > 0.0 ? 1.0 - delivered / sent : 0.0;
  if (!model.pipe_normally_closed.empty()) {
    add_joined(model, node_households);
  }
  passed_over_.assign(parts_.size(), 0);
  const std::vector<double> usual = model.usual_pipe_factor();
  solve({model.source_capacity_mw, usual, node_households, 1.0});
  asked_ = false;
  flow_solves_ = 0;
}

Circulation::~Circulation() = default;
Circulation::Circulation(Circulation&&) noexcept = default;
Circulation& Circulation::operator=(Circulation&&) noexcept = default;

void Circulation::solve_part(Part& part, const CirculationInputs& inputs) {
  part.gather(inputs);
  const auto set = [&](std::size_t i, double share, bool unsolved) {
    share_[part.node[i]] = share;
    unsolved_[part.node[i]] = unsolved ? 1 : 0;
  };
  for (const std::uint32_t source : part.source) {
    source_sent_mw_[source] = 0.0;
  }
  if (!part.any_source()) {
    for (std::size_t i = 0; i < part.node.size(); ++i) {
      set(i, 0.0, false);
    }
    return;
  }
  Part::Kept& kept = part.kept_for_key(flow_solves_);
  if (part.available_w != kept.available_w) {
    kept.available_w = part.available_w;
    kept.served_from = 1.0;
    kept.served_to = 0.0;
  }
  const bool known = kept.served_from <= inputs.load && inputs.load <= kept.served_to;
  if (known || !kept.solved || !(inputs.load > 0.0)) {
    // Where nothing is wanted, whatever circulates is enough.
    for (std::size_t i = 0; i < part.node.size(); ++i) {
      set(i, kept.reached[i] != 0 ? 1.0 : 0.0, !kept.solved);
    }
    return;
  }
  part.heat->solve(kept.order, part.available_w, inputs.load, part.share, part.sent_w);
  bool surely_full = true;
  for (std::size_t i = 0; i < part.node.size(); ++i) {
    const bool reached = kept.reached[i] != 0;
    const double share = part.share[i];
    surely_full = surely_full && (!reached || share >= kSurelyFullShare);
    set(i, !reached ? 0.0 : share >= kFullShare ? 1.0 : share, false);
  }
  for (std::size_t i = 0; i < part.source.size(); ++i) {
    source_sent_mw_[part.source[i]] = part.sent_w[i] / kWattsPerMegawatt;
  }
  if (surely_full) {
    const bool first = kept.served_from > kept.served_to;
    kept.served_from = first ? inputs.load : std::min(kept.served_from, inputs.load);
    kept.served_to = first ? inputs.load : std::max(kept.served_to, inputs.load);
  }
}

void Circulation::solve(const CirculationInputs& inputs) {
  WG_EXPECT(inputs.source_available_mw.size() == asked_mw_.size());
  WG_EXPECT(inputs.pipe_factor.size() == asked_factor_.size());
  WG_EXPECT(inputs.taking_households.size() == asked_households_.size());
  if (asked_ && asked_load_ == inputs.load && same_values(inputs.source_available_mw, asked_mw_) &&
      same_values(inputs.pipe_factor, asked_factor_) &&
      same_values(inputs.taking_households, asked_households_)) {
    return;
  }
  asked_ = true;
  asked_load_ = inputs.load;
  std::copy(inputs.source_available_mw.begin(), inputs.source_available_mw.end(),
            asked_mw_.begin());
  std::copy(inputs.pipe_factor.begin(), inputs.pipe_factor.end(), asked_factor_.begin());
  std::copy(inputs.taking_households.begin(), inputs.taking_households.end(),
            asked_households_.begin());
  std::fill(passed_over_.begin(), passed_over_.end(), std::uint8_t{0});
  for (std::size_t j = 0; j < joined_.size(); ++j) {
    if (joined_[j].tie_is_open(inputs.pipe_factor)) {
      solve_part(joined_[j], inputs);
      for (const std::size_t part : replaces_[j]) {
        passed_over_[part] = 1;
      }
    }
  }
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    if (passed_over_[part] == 0) {
      solve_part(parts_[part], inputs);
    }
  }
  all_served_ = std::all_of(share_.begin(), share_.end(), [](double of) { return of == 1.0; });
  any_unsolved_ = std::any_of(unsolved_.begin(), unsolved_.end(), [](auto is) { return is != 0; });
  all_served_ = all_served_ && !any_unsolved_;
}

}  // namespace wintergrid::heat

#include "grid_models/water/parts.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "grid_models/core/contract.hpp"

namespace wintergrid::water {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

std::uint32_t root(std::vector<std::uint32_t>& parent, std::uint32_t node) {
  while (parent[node] != node) {
    parent[node] = parent[parent[node]];
    node = parent[node];
  }
  return node;
}

void add_node(const Model& model, std::uint32_t node, Model& part) {
  part.node_kind.push_back(model.node_kind[node]);
  part.node_capacity_m3_per_h.push_back(model.node_capacity_m3_per_h[node]);
  part.node_demand_m3_per_h.push_back(model.node_demand_m3_per_h[node]);
  part.tank_volume_m3.push_back(model.tank_volume_m3[node]);
  if (model.fidelity == Fidelity::hydraulic) {
    part.node_elevation_m.push_back(model.node_elevation_m[node]);
    part.node_head_m.push_back(model.node_head_m[node]);
  }
}

void add_link(const Model& model, std::uint32_t link, std::uint32_t from, std::uint32_t to,
              Model& part) {
  part.link_from.push_back(from);
  part.link_to.push_back(to);
  part.link_capacity_m3_per_h.push_back(model.link_capacity_m3_per_h[link]);
  part.link_two_way.push_back(model.link_two_way[link]);
  if (model.fidelity == Fidelity::hydraulic) {
    part.link_length_m.push_back(model.link_length_m[link]);
    part.link_diameter_m.push_back(model.link_diameter_m[link]);
  }
}

Model without_elements(const Model& model) {
  Model part;
  part.fidelity = model.fidelity;
  part.tank_depth_m = model.tank_depth_m;
  part.roughness_coefficient = model.roughness_coefficient;
  part.required_pressure_m = model.required_pressure_m;
  return part;
}

bool same_bytes(const std::vector<double>& left, const std::vector<double>& right) {
  return std::memcmp(left.data(), right.data(), left.size() * sizeof(double)) == 0;
}

}  // namespace

Parts::Parts(const Model& model) {
  const std::size_t nodes = model.node_count();
  const std::size_t links = model.link_from.size();
  WG_CHECK(model.node_capacity_m3_per_h.size() == nodes &&
               model.node_demand_m3_per_h.size() == nodes && model.tank_volume_m3.size() == nodes &&
               model.link_to.size() == links && model.link_capacity_m3_per_h.size() == links &&
               model.link_two_way.size() == links,
           "arrays of a water model differ in length");
  const bool hydraulic = model.fidelity == Fidelity::hydraulic;
  WG_CHECK(
      !hydraulic || (model.node_elevation_m.size() == nodes && model.node_head_m.size() == nodes &&
                     model.link_length_m.size() == links && model.link_diameter_m.size() == links),
      "arrays of a hydraulic water model differ in length");
  split(model);
  for (Part& part : parts_) {
    part.flow = hydraulic ? make_hydraulic(part.model) : make_transport(part.model);
    if (hydraulic) {
      Model wide = part.model;  // by pressure a pipe's capacity only gives its diameter
      std::fill(wide.link_capacity_m3_per_h.begin(), wide.link_capacity_m3_per_h.end(),
                std::numeric_limits<double>::infinity());
      part.fallback = make_transport(wide);
    }
    const std::size_t count = part.node.size();
    const std::size_t value_count = 4 * count + part.link.size() + 2;
    for (std::array<Kept, kSlots>& of_question : part.kept) {
      for (Kept& kept : of_question) {
        kept.values.assign(value_count, 0.0);
        kept.answer.share.assign(count, 1.0);
        kept.answer.fill_m3_per_h.assign(count, 0.0);
      }
    }
    values_.reserve(value_count);
  }
  for (Asked& asked : asked_) {  // room for everything: nothing allocates later
    asked.node_factor.reserve(nodes);
    asked.link_factor.reserve(links);
    asked.extra_m3_per_h.reserve(nodes);
    asked.tank_level_m3.reserve(nodes);
    asked.node_powered.reserve(nodes);
    asked.node_pressurised_at.reserve(nodes);
  }
  for (Answer& answer : answer_) {
    answer.share.assign(nodes, 1.0);
    answer.fill_m3_per_h.assign(nodes, 0.0);
  }
}

void Parts::split(const Model& model) {
  const auto nodes = static_cast<std::uint32_t>(model.node_count());
  std::vector<std::uint32_t> parent(nodes), part_of(nodes, kNone), place(nodes);
  std::iota(parent.begin(), parent.end(), 0U);
  for (std::size_t l = 0; l < model.link_from.size(); ++l) {
    WG_CHECK(model.link_from[l] < nodes && model.link_to[l] < nodes, "link end outside the model");
    parent[root(parent, model.link_from[l])] = root(parent, model.link_to[l]);
  }
  for (std::uint32_t node = 0; node < nodes; ++node) {
    const std::uint32_t top = root(parent, node);
    if (part_of[top] == kNone) {
      part_of[top] = static_cast<std::uint32_t>(parts_.size());
      parts_.emplace_back();
      parts_.back().model = without_elements(model);
    }
    part_of[node] = part_of[top];
    Part& part = parts_[part_of[node]];
    place[node] = static_cast<std::uint32_t>(part.node.size());
    part.node.push_back(node);
    add_node(model, node, part.model);
  }
  for (std::uint32_t l = 0; l < model.link_from.size(); ++l) {
    Part& part = parts_[part_of[model.link_from[l]]];
    part.link.push_back(l);
    add_link(model, l, place[model.link_from[l]], place[model.link_to[l]], part.model);
  }
}

/// True if the part is undamaged, powered, has full tanks and all its nodes draw what is usual at
/// the hour.
bool Parts::is_whole(const Part& part, const Inputs& inputs, const State& state,
                     Question question) {
  for (std::size_t n = 0; n < part.node.size(); ++n) {
    const std::uint32_t node = part.node[n];
    const bool draws = question == Question::possible || state.node_pressurised_at[node] != kNever;
    if (!draws || inputs.node_powered[node] == 0 || inputs.node_factor[node] != 1.0 ||
        state.tank_level_m3[node] != part.model.tank_volume_m3[n] ||
        (!inputs.node_extra_demand_m3_per_h.empty() &&
         inputs.node_extra_demand_m3_per_h[node] != 0.0)) {
      return false;
    }
  }
  return std::all_of(part.link.begin(), part.link.end(),
                     [&](std::uint32_t link) { return inputs.link_factor[link] == 1.0; });
}

/// Puts the moment into values_.
void Parts::gather(const Part& part, const Inputs& inputs, const Parameters& parameters,
                   const State& state, Question question) {
  const std::size_t nodes = part.node.size();
  values_.resize(4 * nodes + part.link.size() + 2);
  double* const wanted = values_.data();
  double* const powered = wanted + nodes;
  double* const factor = powered + nodes;
  double* const level = factor + nodes;
  double* const link_factor = level + nodes;
  for (std::size_t n = 0; n < nodes; ++n) {
    const std::uint32_t node = part.node[n];
    const bool draws = question == Question::possible || state.node_pressurised_at[node] != kNever;
    const double extra =
        inputs.node_extra_demand_m3_per_h.empty() ? 0.0 : inputs.node_extra_demand_m3_per_h[node];
    wanted[n] = draws ? part.model.node_demand_m3_per_h[n] * inputs.demand_factor + extra : 0.0;
    powered[n] = static_cast<double>(inputs.node_powered[node]);
    factor[n] = inputs.node_factor[node];
    level[n] = state.tank_level_m3[node];
  }
  for (std::size_t l = 0; l < part.link.size(); ++l) {
    link_factor[l] = inputs.link_factor[part.link[l]];
  }
  link_factor[part.link.size()] = parameters.repressurisation_hours;
  link_factor[part.link.size() + 1] = parameters.refill_share;
}

Moment Parts::moment_of(const Part& part, const std::vector<double>& values,
                        Question question) const {
  const std::size_t nodes = part.node.size();
  const std::span<const double> all(values);
  Moment moment;
  moment.wanted_m3_per_h = all.subspan(0, nodes);
  moment.node_powered = all.subspan(nodes, nodes);
  moment.node_factor = all.subspan(2 * nodes, nodes);
  moment.tank_level_m3 = all.subspan(3 * nodes, nodes);
  moment.link_factor = all.subspan(4 * nodes, part.link.size());
  moment.repressurisation_hours = values[values.size() - 2];
  moment.refill_share = values.back();
  moment.question = question;
  return moment;
}

/// Hours have at most 24 factors; should there be more, the last slot takes the rest.
std::size_t Parts::slot_of(double demand_factor) {
  const auto begin = factor_of_slot_.begin();
  const auto used = begin + static_cast<std::ptrdiff_t>(slots_used_);
  const auto found = std::find(begin, used, demand_factor);
  if (found == used && slots_used_ < kSlots - 1) {
    factor_of_slot_[slots_used_++] = demand_factor;
  }
  return static_cast<std::size_t>(found - begin);
}

/// True if the question was the same the last time; else takes it down. A moment asks up to three
/// times.
bool Parts::asked_before(Asked& asked, const Inputs& inputs, const Parameters& parameters,
                         const State& state) {
  bool same = asked.valid && asked.demand_factor == inputs.demand_factor &&
              asked.repressurisation_hours == parameters.repressurisation_hours &&
              asked.refill_share == parameters.refill_share;
  const auto keep = [&same](auto& kept, const auto& given) {
    if (!std::equal(kept.begin(), kept.end(), given.begin(), given.end())) {
      kept.assign(given.begin(), given.end());
      same = false;
    }
  };
  keep(asked.node_factor, inputs.node_factor);
  keep(asked.link_factor, inputs.link_factor);
  keep(asked.extra_m3_per_h, inputs.node_extra_demand_m3_per_h);
  keep(asked.node_powered, inputs.node_powered);
  keep(asked.tank_level_m3, state.tank_level_m3);
  keep(asked.node_pressurised_at, state.node_pressurised_at);
  asked.valid = true;
  asked.demand_factor = inputs.demand_factor;
  asked.repressurisation_hours = parameters.repressurisation_hours;
  asked.refill_share = parameters.refill_share;
  return same;
}

const Answer& Parts::solve(const Inputs& inputs, const Parameters& parameters, const State& state,
                           Question question) {
  const auto which = static_cast<std::size_t>(question);
  Answer& all = answer_[which];
  if (asked_before(asked_[which], inputs, parameters, state)) {
    return all;
  }
  const std::size_t slot = slot_of(inputs.demand_factor);
  all.from_works_alone = true;
  all.bounded = false;
  for (Part& part : parts_) {
    const bool whole = is_whole(part, inputs, state, question);
    if (whole && inputs.demand_factor <= part.calm_factor) {
      for (const std::uint32_t node : part.node) {
        all.share[node] = 1.0;
        all.fill_m3_per_h[node] = 0.0;
      }
      continue;
    }
    gather(part, inputs, parameters, state, question);
    Kept& kept = part.kept[which][slot];
    if (!kept.valid || !same_bytes(kept.values, values_)) {
      std::copy(values_.begin(), values_.end(), kept.values.begin());
      kept.valid = true;
      const Moment moment = moment_of(part, kept.values, question);
      part.flow->solve(moment, kept.answer);
      if (kept.answer.bounded) {
        part.fallback->solve(moment, kept.answer);
        kept.answer.from_works_alone = false;
      }
    }
    for (std::size_t n = 0; n < part.node.size(); ++n) {
      all.share[part.node[n]] = kept.answer.share[n];
      all.fill_m3_per_h[part.node[n]] = kept.answer.fill_m3_per_h[n];
    }
    if (whole && question == Question::present && kept.answer.from_works_alone) {
      part.calm_factor = inputs.demand_factor;
    }
    all.from_works_alone = all.from_works_alone && kept.answer.from_works_alone;
    all.bounded = all.bounded || kept.answer.bounded;
  }
  return all;
}

}  // namespace wintergrid::water

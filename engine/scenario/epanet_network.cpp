// An EPANET network pipe by pipe, for the pressure-driven water model.
//
//   junction, tank     a water node at its elevation
//   reservoir          a works at its head whose lift is next to nothing (for its pipes); a pump
//   that
//                      draws from it is a works of its own, at the reservoir's head
//   other pumps        stations between two links
//   pipe               the diameter whose Hazen-Williams loss over its length (10 m at least) with
//   the
//                      common coefficient C is the file's loss at q = max(flow at the start, that
//                      at 0.1 m/s):
//                          d = (R(L, 1, C) q^1.852 / loss(q))^(1 / 4.871),  R as headloss.hpp
//                      exact for every flow where the file has Hazen-Williams and no minor loss
//   valve              10 m of pipe with the loss it has at the start
//   tank               its head is the file's at the start; full and empty levels lie apart by the
//                      common depth. Its capacity is such that the pipe that the water model puts
//                      before every tank loses 1 cm when all its pipes carry 1.5 m/s.
//   demand < 0         a works with that yield and the head it has at the start

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "engine/scenario/epanet_town.hpp"

namespace wintergrid::scenario::epanet {
namespace {

using hydraulics::LinkKind;

constexpr double kLeastLengthM = 10.0;   ///< of the water model
constexpr double kTankPipeM = 100.0;     ///< of the water model
constexpr double kTankPipeLossM = 0.01;  ///< [A] nothing beside the levels
constexpr double kTankPipeMps = 1.0;     ///< of the water model: gives its diameter
constexpr double kReservoirLiftM = 0.1;  ///< the least lift of the water model
constexpr double kLeastMps = 0.1;        ///< [A] at rest there is no loss to be equal to
constexpr double kLeastLossM = 5e-4;     ///< [A] of a pipe at 1.5 m/s: equations stay solvable
constexpr double kHazenWilliams = 1.852, kDiameterExponent = 4.871;
constexpr double kLargestDiameterMm = 10000.0, kLargestFlowM3PerH = 1e6;  ///< of the format

double capacity_m3_per_h(double flow_m3s, int digits) {
  const double flow = std::clamp(flow_m3s * kSecondsPerHour, 0.1, kLargestFlowM3PerH);
  return rounded(flow, digits);
}

class Piped {
 public:
  explicit Piped(Town& town)
      : town_(town),
        file_(town.file),
        network_(town.network()),
        start_(town.start),
        roughness_(common_roughness(file_, start_)),
        depth_m_(common_tank_depth_m(file_)) {}

  void add() {
    count_works();
    name_links();
    add_nodes();
    for (std::uint32_t k = 0; k < network_.link_count(); ++k) {
      if (start_.is_open[k] != 0) {
        network_.kind[k] == LinkKind::pump ? add_pump(k) : add_pipe(k);
      }
    }
    town_.scenario.parameters.push_back(
        {"water.roughness_coefficient", rounded(roughness_, 4), {}});
    if (!file_.model.tanks.empty()) {
      town_.scenario.parameters.push_back({"water.tank_depth_m", rounded(depth_m_, 4), {}});
    }
    if (file_.model.options.pressure_driven) {
      town_.scenario.parameters.push_back(
          {"water.required_pressure_m", rounded(file_.model.options.required_pressure_m, 4), {}});
    }
  }

 private:
  bool is_reservoir(std::uint32_t node) const {
    return file_.node_kinds[node] == EpanetNodeKind::reservoir || start_.endless_tanks[node] != 0;
  }
  bool draws_from_reservoir(std::uint32_t k) const {
    return network_.kind[k] == LinkKind::pump && is_reservoir(network_.from[k]);
  }
  double pipe_flow_m3s(std::uint32_t k, double metres_per_second) const {
    const double d = network_.diameter_m[k];
    return metres_per_second * std::numbers::pi * d * d / 4.0;
  }

  void count_works() {
    has_pipes_.assign(network_.node_count(), 0);
    for (std::uint32_t k = 0; k < network_.link_count(); ++k) {
      if (start_.is_open[k] == 0) {
        continue;
      }
      if (draws_from_reservoir(k)) {
        ++works_;
      } else {
        has_pipes_[network_.from[k]] = 1;
      }
      has_pipes_[network_.to[k]] = 1;
    }
    for (std::uint32_t i = 0; i < network_.node_count(); ++i) {
      works_ += (is_reservoir(i) && has_pipes_[i] != 0) || start_.inflow_m3s[i] > 0.0 ? 1 : 0;
    }
  }

  /// By their place among those of their kind in the file: P12 is its twelfth pipe.
  void name_links() {
    int pipes = 0, pumps = 0, valves = 0;
    for (const LinkKind kind : network_.kind) {
      if (kind == LinkKind::pump) {
        link_name_.push_back(fmt::format("PU{}", ++pumps));
      } else if (kind == LinkKind::pipe || kind == LinkKind::check_valve) {
        link_name_.push_back(fmt::format("P{}", ++pipes));
      } else {
        link_name_.push_back(fmt::format("V{}", ++valves));
      }
    }
  }

  WaterNodeRow& push_node(const std::string& name, const std::string& kind, std::uint32_t near,
                          double elevation_m) {
    WaterNodeRow row;
    row.water_node = name;
    row.kind = kind;
    row.zone = Town::zone_name(town_.zone_of_node(near));
    row.elevation_m = rounded(elevation_m, 3);
    town_.scenario.water_nodes.push_back(row);
    return town_.scenario.water_nodes.back();
  }

  void add_nodes() {
    int junctions = 0, reservoirs = 0, tanks = 0;
    for (std::uint32_t i = 0; i < network_.node_count(); ++i) {
      switch (file_.node_kinds[i]) {
        case EpanetNodeKind::junction:
          node_name_.push_back(fmt::format("J{}", ++junctions));
          add_junction(i);
          break;
        case EpanetNodeKind::reservoir:
          node_name_.push_back(fmt::format("R{}", ++reservoirs));
          add_reservoir(i);
          break;
        case EpanetNodeKind::tank:
          node_name_.push_back(fmt::format("T{}", ++tanks));
          is_reservoir(i) ? add_reservoir(i) : add_tank(i);
          break;
      }
    }
  }

  void add_junction(std::uint32_t i) {
    push_node(node_name_[i], "junction", i, network_.elevation_m[i]);
    if (start_.demand_m3s[i] > 0.0) {
      town_.dwellings.push_back({node_name_[i], town_.zone_of_node(i), start_.demand_m3s[i], 0});
    }
    if (start_.inflow_m3s[i] > 0.0) {
      const double pressure_m = start_.head_m[i] - network_.elevation_m[i];
      WaterNodeRow& row = push_node("W" + node_name_[i], "works", i, network_.elevation_m[i]);
      row.capacity_m3_per_h = capacity_m3_per_h(start_.inflow_m3s[i], 3);
      row.head_m = rounded(std::clamp(pressure_m, 1.0, 1000.0), 3);
      give_works_facility(row);
      add_short_link(row.water_node, row.water_node, node_name_[i], start_.inflow_m3s[i], 0.0);
    }
  }

  void give_works_facility(WaterNodeRow& row) {
    row.facility = row.water_node + "-F";
    town_.add_facility(row.facility, "water_works", row.zone, town_.works_kw(works_));
  }

  void add_reservoir(std::uint32_t i) {
    if (has_pipes_[i] == 0) {
      return;
    }
    double capacity_m3s = 0.0;
    for (std::uint32_t k = 0; k < network_.link_count(); ++k) {
      if (start_.is_open[k] != 0 && (network_.from[k] == i || network_.to[k] == i) &&
          network_.kind[k] != LinkKind::pump) {
        capacity_m3s +=
            std::max(pipe_flow_m3s(k, kVelocityMps), 3.0 * std::abs(start_.flow_m3s[k]));
      }
    }
    WaterNodeRow& row =
        push_node(node_name_[i], "works", i, start_.head_m[i] - kReservoirLiftM * 4.0 / 3.0);
    row.head_m = kReservoirLiftM;
    row.capacity_m3_per_h = capacity_m3_per_h(capacity_m3s, 1);
    give_works_facility(row);
  }

  void add_tank(std::uint32_t i) {
    const auto tank = std::find_if(file_.model.tanks.begin(), file_.model.tanks.end(),
                                   [i](const hydraulics::Tank& other) { return other.node == i; });
    const double volume_m3 = std::max(tank->most_m3 - tank->least_m3, 0.1);
    const double full = std::clamp((tank->start_m3 - tank->least_m3) / volume_m3, 0.0, 1.0);
    const double bottom_m = tank->start_m - full * depth_m_;
    double through_m3s = 0.0;
    for (std::uint32_t k = 0; k < network_.link_count(); ++k) {
      if (start_.is_open[k] != 0 && (network_.from[k] == i || network_.to[k] == i)) {
        through_m3s +=
            network_.kind[k] == LinkKind::pump
                ? fit_pump(file_, start_, k).capacity_m3s
                : std::max(pipe_flow_m3s(k, kVelocityMps), 1.5 * std::abs(start_.flow_m3s[k]));
      }
    }
    const double width_m = diameter_m(
        kTankPipeLossM / std::pow(std::max(through_m3s, 1e-6), kHazenWilliams), kTankPipeM);
    const double capacity_m3s = kTankPipeMps * std::numbers::pi * width_m * width_m / 4.0;
    WaterNodeRow& row =
        push_node(node_name_[i], "tank", i, std::min(network_.elevation_m[i], bottom_m));
    row.head_m = rounded(std::clamp(bottom_m - row.elevation_m, 0.0, 1000.0), 3);
    row.volume_m3 = rounded(volume_m3, 1);
    row.capacity_m3_per_h = capacity_m3_per_h(capacity_m3s, 1);
  }

  /// Hazen-Williams pipes of this length and the common coefficient: loss = resistance q^1.852.
  double diameter_m(double resistance, double length_m) const {
    return std::pow(hydraulics::hazen_williams_resistance(length_m, 1.0, roughness_) / resistance,
                    1.0 / kDiameterExponent);
  }

  void push_link(const std::string& name, const std::string& from, const std::string& to,
                 double capacity_m3s, double length_m, double resistance, bool two_way) {
    WaterLinkRow row;
    row.water_link = name;
    row.from_node = from;
    row.to_node = to;
    row.capacity_m3_per_h = capacity_m3_per_h(capacity_m3s, 1);
    row.length_km = rounded(length_m / 1000.0, 6);
    row.diameter_mm =
        std::clamp(rounded(1000.0 * diameter_m(resistance, 1000.0 * row.length_km), 3), 0.001,
                   kLargestDiameterMm);
    row.two_way = two_way;
    town_.scenario.water_links.push_back(row);
  }

  /// Next to no loss unless a resistance is given; one way.
  void add_short_link(const std::string& name, const std::string& from, const std::string& to,
                      double capacity_m3s, double resistance) {
    const double least = kLeastLossM / std::pow(capacity_m3s, kHazenWilliams);
    push_link(name, from, to, capacity_m3s, kLeastLengthM, std::max(resistance, least), false);
  }

  void add_pipe(std::uint32_t k) {
    const LinkKind kind = network_.kind[k];
    const bool is_pipe = kind == LinkKind::pipe || kind == LinkKind::check_valve;
    const double at_start = std::abs(start_.flow_m3s[k]);
    const double flow = std::max(at_start, pipe_flow_m3s(k, kLeastMps));
    const double loss_m =
        is_pipe ? pipe_loss_m(network_, k, flow)
        : at_start < flow
            ? network_.minor_loss[k] * flow * flow
            : std::abs(start_.head_m[network_.from[k]] - start_.head_m[network_.to[k]]);
    const double most = std::max(pipe_flow_m3s(k, kVelocityMps), 1.5 * at_start);
    const double resistance = std::max(loss_m / std::pow(flow, kHazenWilliams),
                                       kLeastLossM / std::pow(most, kHazenWilliams));
    const bool one_way =
        kind == LinkKind::check_valve || kind == LinkKind::pressure_reducing_valve ||
        kind == LinkKind::pressure_sustaining_valve || kind == LinkKind::flow_control_valve;
    push_link(link_name_[k], node_name_[network_.from[k]], node_name_[network_.to[k]], most,
              std::max(file_.length_m[k], kLeastLengthM), resistance, !one_way);
  }

  void add_pump(std::uint32_t k) {
    const std::uint32_t from = network_.from[k], to = network_.to[k];
    const FittedPump fitted = fit_pump(file_, start_, k);
    const bool is_works = draws_from_reservoir(k);
    const double elevation_m = is_works || network_.fixed_head[from] != 0
                                   ? start_.head_m[from]
                                   : network_.elevation_m[from];
    const std::string name = link_name_[k];
    WaterNodeRow& row = push_node(name, is_works ? "works" : "pump_station", to, elevation_m);
    row.head_m = rounded(std::min(fitted.lift_m, 1000.0), 3);
    row.capacity_m3_per_h = capacity_m3_per_h(fitted.capacity_m3s, 3);
    row.facility = name + "-F";
    town_.add_facility(row.facility, is_works ? "water_works" : "pump_station", row.zone,
                       fitted.shaft_kw + (is_works ? town_.works_kw(works_) : 0.0));
    if (!is_works) {
      add_short_link(name + "-IN", node_name_[from], name, fitted.capacity_m3s, 0.0);
    }
    add_short_link(name + "-OUT", name, node_name_[to], fitted.capacity_m3s, fitted.resistance);
  }

  Town& town_;
  const EpanetFile& file_;
  const hydraulics::Network& network_;
  const Start& start_;
  double roughness_, depth_m_;
  std::size_t works_ = 0;
  std::vector<std::uint8_t> has_pipes_;  // by node: a link that is not a pump drawing from it
  std::vector<std::string> link_name_, node_name_;
};

}  // namespace

void add_piped_water(Town& town) { Piped(town).add(); }

}  // namespace wintergrid::scenario::epanet

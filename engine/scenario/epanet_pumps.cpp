// Pumps, valves and initial status of EPANET input files.
//
//   one point (q1, h1)      h = 4/3 h1 - h1 / (3 q1^2) q^2        (EPANET: 1.33334)
//   three points, q0 = 0    h = h0 - b q^c through them
//   more points             straight lines
//   constant power N        h = N / (rho g q):  8.814 N / q       (ft, hp, cfs)
//
// Source: EPANET 2.2 Users Manual (EPA/600/R-20/133), chapters 3.1 and 12.1.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <fmt/format.h>

#include "engine/scenario/epanet_reader.hpp"
#include "engine/scenario/messages.hpp"

namespace wintergrid::scenario::epanet {

using hydraulics::kNone;
using hydraulics::kNoSetting;
using hydraulics::LinkKind;
using hydraulics::LinkStatus;
using hydraulics::PumpKind;

hydraulics::Curve Reader::curve_in(std::uint32_t curve, double x_unit, double y_unit) const {
  hydraulics::Curve scaled = raw_curves_[curve];
  for (double& x : scaled.x) {
    x *= x_unit;
  }
  for (double& y : scaled.y) {
    y *= y_unit;
  }
  return scaled;
}

std::uint32_t Reader::store_curve(hydraulics::Curve curve) {
  network_.curves.push_back(std::move(curve));
  return static_cast<std::uint32_t>(network_.curves.size() - 1);
}

void Reader::read_pump_curve(const Line& line, hydraulics::Pump& pump, std::uint32_t curve_index) {
  const hydraulics::Curve curve = curve_in(curve_index, units_.flow, units_.length);
  const std::string name = in_quotes(line.at(0));
  const std::size_t points = curve.x.size();
  if (points != 1 && !(points == 3 && curve.x[0] == 0.0)) {
    pump.kind = PumpKind::piecewise;
    for (std::size_t i = 1; i < points; ++i) {
      if (curve.y[i] >= curve.y[i - 1]) {
        error(ErrorCode::range, line, 0,
              fmt::format("the head of pump {} does not fall along its curve", name));
        return;
      }
    }
    if (points < 2) {
      error(ErrorCode::missing, line, 0, fmt::format("the curve of pump {} has no points", name));
      return;
    }
    pump.shutoff_head_m = curve.y.front();
    pump.start_flow_m3s = (curve.x.front() + curve.x.back()) / 2.0;
    pump.curve = store_curve(curve);
    return;
  }
  const double h0 = points == 1 ? 1.33334 * curve.y[0] : curve.y[0];
  const double q1 = points == 1 ? curve.x[0] : curve.x[1];
  const double h1 = points == 1 ? curve.y[0] : curve.y[1];
  const double q2 = points == 1 ? 2.0 * q1 : curve.x[2];
  const double h2 = points == 1 ? 0.0 : curve.y[2];
  const bool falls = h0 > h1 && h1 > h2 && q1 > 0.0 && q2 > q1;
  const double exponent = falls ? std::log((h0 - h2) / (h0 - h1)) / std::log(q2 / q1) : 0.0;
  if (!(exponent > 0.0 && exponent <= 20.0)) {
    error(ErrorCode::range, line, 0,
          fmt::format("no pump curve h0 - b q^c goes through the points of pump {}", name),
          "head must fall with flow");
    return;
  }
  pump.kind = PumpKind::power_function;
  pump.shutoff_head_m = h0;
  pump.exponent = std::abs(exponent - 1.0) < 1e-6 ? 1.0 : exponent;
  pump.coefficient = (h0 - h1) / std::pow(q1, exponent);
  pump.start_flow_m3s = q1;
}

void Reader::read_pumps() {
  for (const Line& line : lines(Section::pumps)) {
    if (!enough(line, 3, "pump node node HEAD curve | POWER power (SPEED speed PATTERN pattern)")) {
      continue;
    }
    const std::uint32_t k = add_link(line, LinkKind::pump);
    if (k == kNone) {
      continue;
    }
    hydraulics::Pump pump;
    double speed = 1.0, power = 0.0;
    std::uint32_t curve = kNone;
    for (std::size_t word = 3; word + 1 < line.size(); word += 2) {
      const std::string& key = line.at(word);
      if (begins(key, "POWER")) {
        power = positive(line, word + 1, "power", 1.0);
      } else if (begins(key, "HEAD")) {
        curve = find(line, word + 1, "curve", curves_);
        if (curve == kNone) {
          power = 1.0;  // reported
        }
      } else if (begins(key, "PATT")) {
        const std::uint32_t pattern = find(line, word + 1, "pattern", patterns_);
        if (pattern != kNone) {
          model_.speed_patterns.push_back({k, pattern});
        }
      } else if (begins(key, "SPEE")) {
        speed = not_negative(line, word + 1, "speed");
      } else {
        error(ErrorCode::unknown_name, line, word,
              fmt::format("{} is not a property of pumps", in_quotes(key)),
              "HEAD, POWER, SPEED or PATTERN");
      }
    }
    if (curve != kNone) {
      read_pump_curve(line, pump, curve);
    } else if (power > 0.0) {
      pump.kind = PumpKind::constant_power;
      const double horse_power = power / (units_.si ? 0.7457 : 1.0);
      pump.coefficient = 8.814 * horse_power * kFt * kCfs;
      pump.shutoff_head_m = 1e10;
      pump.start_flow_m3s = kCfs;
    } else {
      error(ErrorCode::missing, line, 0,
            fmt::format("pump {} has neither a curve nor a power", in_quotes(line.at(0))),
            "add HEAD curve or POWER power");
    }
    network_.attachment[k] = static_cast<std::uint32_t>(network_.pumps.size());
    network_.pumps.push_back(pump);
    model_.start_setting[k] = speed;
  }
}

double Reader::setting_unit(LinkKind kind) const {
  switch (kind) {
    case LinkKind::pressure_reducing_valve:
    case LinkKind::pressure_sustaining_valve:
    case LinkKind::pressure_breaker_valve:
      return units_.pressure;
    case LinkKind::flow_control_valve:
      return units_.flow;
    default:
      return 1.0;
  }
}

void Reader::read_valves() {
  for (const Line& line : lines(Section::valves)) {
    if (!enough(line, 5, "valve node node diameter type setting loss")) {
      continue;
    }
    const std::string& type = line.at(4);
    const LinkKind kind = begins(type, "PRV")   ? LinkKind::pressure_reducing_valve
                          : begins(type, "PSV") ? LinkKind::pressure_sustaining_valve
                          : begins(type, "PBV") ? LinkKind::pressure_breaker_valve
                          : begins(type, "FCV") ? LinkKind::flow_control_valve
                          : begins(type, "TCV") ? LinkKind::throttle_valve
                          : begins(type, "GPV") ? LinkKind::curve_valve
                          : begins(type, "PCV") ? LinkKind::positional_valve
                                                : LinkKind::pipe;
    if (kind == LinkKind::pipe) {
      error(ErrorCode::type, line, 4, fmt::format("{} is not a kind of valve", in_quotes(type)),
            "PRV, PSV, PBV, FCV, TCV, GPV or PCV");
      continue;
    }
    const std::uint32_t k = add_link(line, kind);
    if (k == kNone) {
      continue;
    }
    check_valve_place(line, k);
    const double diameter = positive(line, 3, "diameter", 1.0) * units_.diameter;
    network_.diameter_m[k] = diameter;
    model_.start_status[k] = LinkStatus::active;
    if (kind == LinkKind::curve_valve) {
      const std::uint32_t raw = line.size() > 5 ? find(line, 5, "curve", curves_) : kNone;
      if (raw == kNone || raw_curves_[raw].x.size() < 2) {
        error(ErrorCode::missing, line, 0,
              fmt::format("valve {} needs a head loss curve of two points or more",
                          in_quotes(line.at(0))));
      } else {
        network_.attachment[k] = store_curve(curve_in(raw, units_.flow, units_.length));
      }
      model_.start_status[k] = LinkStatus::open;
    } else {
      model_.start_setting[k] = value(line, 5, "setting") * setting_unit(kind);
    }
    if (line.size() > 6) {
      network_.minor_loss[k] =
          hydraulics::minor_loss(not_negative(line, 6, "loss coefficient"), diameter);
    }
    if (kind == LinkKind::positional_valve && line.size() > 7) {
      const std::uint32_t raw = find(line, 7, "curve", curves_);
      if (raw != kNone) {
        network_.attachment[k] = store_curve(raw_curves_[raw]);
      }
    }
  }
}

/// Rows of valves that have no solution: EPANET's errors 219 and 220.
void Reader::check_valve_place(const Line& line, std::size_t link) {
  const LinkKind kind = network_.kind[link];
  constexpr LinkKind kPrv = LinkKind::pressure_reducing_valve;
  constexpr LinkKind kPsv = LinkKind::pressure_sustaining_valve;
  constexpr LinkKind kFcv = LinkKind::flow_control_valve;
  if (kind != kPrv && kind != kPsv && kind != kFcv) {
    return;
  }
  const std::uint32_t a = network_.from[link], b = network_.to[link];
  if (network_.fixed_head[a] != 0 || network_.fixed_head[b] != 0) {
    error(ErrorCode::network, line, network_.fixed_head[a] != 0 ? 1 : 2,
          fmt::format("valve {} is at a reservoir or tank", in_quotes(line.at(0))),
          "put a pipe between them");
    return;
  }
  for (std::size_t k = 0; k < link; ++k) {
    const LinkKind other = network_.kind[k];
    const std::uint32_t from = network_.from[k], to = network_.to[k];
    const bool bad =
        (kind == kPrv && other == kPrv && (to == b || to == a || from == b)) ||
        (kind == kPsv && other == kPsv && (from == a || from == b || to == a)) ||
        (kind == kPrv && other == kPsv && from == b) ||
        (kind == kPsv && other == kPrv && to == a) || (kind == kPsv && other == kFcv && to == a) ||
        (kind == kPrv && other == kFcv && from == b) ||
        (kind == kFcv && other == kPsv && from == b) || (kind == kFcv && other == kPrv && to == a);
    if (bad) {
      error(ErrorCode::network, line, 0,
            fmt::format("valves {} and {} cannot be next to each other", in_quotes(line.at(0)),
                        in_quotes(result_.link_ids[k])),
            "put a pipe between them");
    }
  }
}

void Reader::read_status() {
  const auto set = [this](std::uint32_t k, LinkStatus status, bool numeric, double setting) {
    const LinkKind kind = network_.kind[k];
    if (kind == LinkKind::pipe || kind == LinkKind::curve_valve) {
      model_.start_status[k] = numeric ? model_.start_status[k] : status;
    } else if (kind == LinkKind::pump) {
      model_.start_setting[k] = numeric ? setting : status == LinkStatus::open ? 1.0 : 0.0;
      model_.start_status[k] =
          model_.start_setting[k] == 0.0 ? LinkStatus::closed : LinkStatus::open;
    } else if (kind != LinkKind::check_valve) {
      model_.start_status[k] = status;
      if (numeric) {
        model_.start_setting[k] = setting * setting_unit(kind);
      }
    }
  };
  for (const Line& line : lines(Section::status)) {
    if (!enough(line, 2, "link OPEN | CLOSED | setting")) {
      continue;
    }
    const std::size_t last = line.size() - 1;
    LinkStatus status = LinkStatus::active;
    double setting = 0.0;
    const bool numeric = !parse_status(line.at(last), status) || status == LinkStatus::active;
    if (numeric) {
      status = LinkStatus::active;
      setting = not_negative(line, last, "status");
    }
    if (last == 1) {
      const std::uint32_t k = find(line, 0, "link", links_);
      if (k != kNone && network_.kind[k] == LinkKind::check_valve) {
        error(ErrorCode::contradiction, line, 0, "the status of a check valve cannot be set");
      } else if (k != kNone) {
        set(k, status, numeric, setting);
      }
      continue;
    }
    // a range of links: by number if both ends are numbers, else by name
    const long first = std::strtol(line.at(0).c_str(), nullptr, 10);
    const long end = std::strtol(line.at(1).c_str(), nullptr, 10);
    for (std::uint32_t k = 0; k < network_.link_count(); ++k) {
      const std::string& id = result_.link_ids[k];
      const long own = std::strtol(id.c_str(), nullptr, 10);
      if (first > 0 && end > 0 ? own >= first && own <= end
                               : id >= line.at(0) && id <= line.at(1)) {
        set(k, status, numeric, setting);
      }
    }
  }
  // a valve whose status is fixed has no setting; the others start active
  for (std::size_t k = 0; k < network_.link_count(); ++k) {
    const LinkKind kind = network_.kind[k];
    const bool valve = kind != LinkKind::pipe && kind != LinkKind::check_valve &&
                       kind != LinkKind::pump && kind != LinkKind::curve_valve;
    if (valve && model_.start_status[k] != LinkStatus::active) {
      model_.start_setting[k] = kNoSetting;
    }
  }
}

}  // namespace wintergrid::scenario::epanet

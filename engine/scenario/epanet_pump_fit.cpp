// A pump of an EPANET file as a pump of the water model.
//
//   file    gain(q) = w^2 h0 - c w^(2 - n) q^n, or straight lines, or c / q (constant power); w
//   speed model   gain(q) = H (4/3 - (q/Q)^2 / 3) - r q^1.852      the last term is a pipe on the
//   outlet
//
// H = 3/4 of the shut-off head; Q is 4/3, 2 or 4 times the flow at the start of the file (the
// points of the model's curve, where it is exact), the first that reaches 80 % of the flow at no
// head; r makes the gain at that flow the file's. A one-point curve is met within 3 % of its
// shut-off head in between. Constant power has no shut-off head: h0 = h (1 + 1/1.9), tangent at the
// start.

#include <algorithm>
#include <cmath>

#include "engine/scenario/epanet_town.hpp"

namespace wintergrid::scenario::epanet {
namespace {

using hydraulics::Curve;
using hydraulics::Pump;
using hydraulics::PumpKind;

constexpr double kPumpEfficiency = 0.75;      ///< EPANET's default
constexpr double kConstantPowerHeadM = 30.0;  ///< [A] lift of a pump known by its power only
constexpr double kExponent = 1.9;             ///< between those of pump (2) and pipe (1.852)
constexpr double kPipeExponent = 1.852;
constexpr double kLeastFlowM3s = 1e-6;

double on_curve(const Curve& curve, double x) {
  std::size_t i = 1;
  while (i + 1 < curve.x.size() && curve.x[i] < x) {
    ++i;
  }
  const double slope = (curve.y[i] - curve.y[i - 1]) / (curve.x[i] - curve.x[i - 1]);
  return curve.y[i] + slope * (x - curve.x[i]);
}

double gain_m(const hydraulics::Network& network, const Pump& pump, double speed, double flow) {
  switch (pump.kind) {
    case PumpKind::constant_power:
      return pump.coefficient / flow;
    case PumpKind::piecewise:
      return speed * speed * on_curve(network.curves[pump.curve], flow / speed);
    case PumpKind::power_function:
      break;
  }
  return speed * speed * pump.shutoff_head_m -
         pump.coefficient * std::pow(speed, 2.0 - pump.exponent) * std::pow(flow, pump.exponent);
}

/// The flow at which the pump lifts nothing; not of a constant power.
double free_flow_m3s(const hydraulics::Network& network, const Pump& pump) {
  if (pump.kind == PumpKind::power_function) {
    return std::pow(pump.shutoff_head_m / pump.coefficient, 1.0 / pump.exponent);
  }
  const Curve& curve = network.curves[pump.curve];
  const std::size_t last = curve.x.size() - 1;
  const double slope = (curve.y[last] - curve.y[last - 1]) / (curve.x[last] - curve.x[last - 1]);
  return std::max(curve.x[last], curve.x[last] - curve.y[last] / slope);
}

}  // namespace

FittedPump fit_pump(const EpanetFile& file, const Start& start, std::uint32_t link) {
  const hydraulics::Network& network = file.model.network;
  const Pump& pump = network.pumps[network.attachment[link]];
  const double speed = start.setting[link] > 0.0 ? start.setting[link] : 1.0;
  const bool by_power = pump.kind == PumpKind::constant_power;
  double flow = start.flow_m3s[link], free_flow = 0.0, shutoff_m = 0.0;
  if (by_power) {
    flow = flow > kLeastFlowM3s ? flow : pump.coefficient / kConstantPowerHeadM;
    shutoff_m = gain_m(network, pump, speed, flow) * (1.0 + 1.0 / kExponent);
    free_flow = flow * std::pow(1.0 + kExponent, 1.0 / kExponent);
  } else {
    free_flow = speed * free_flow_m3s(network, pump);
    flow = flow > 1e-3 * free_flow ? flow : 0.5 * free_flow;
    shutoff_m = gain_m(network, pump, speed, 0.0);
  }
  const double gain = gain_m(network, pump, speed, flow);
  double part = 0.75;  // of the capacity
  while (part > 0.25 && flow / part < 0.8 * free_flow) {
    part -= 0.25;
  }
  const double left = 1.0 - part * part / 4.0;  // of the shut-off head
  shutoff_m = std::max({shutoff_m, gain / left, 0.2});
  FittedPump fitted;
  fitted.lift_m = 0.75 * shutoff_m;
  fitted.capacity_m3s = flow / part;
  fitted.resistance = std::max(0.0, shutoff_m * left - gain) / std::pow(flow, kPipeExponent);
  fitted.shaft_kw = flow * 9.81 * std::max(gain, 0.0) / kPumpEfficiency;
  return fitted;
}

double half_head_flow_m3s(const EpanetFile& file, std::uint32_t link) {
  const hydraulics::Network& network = file.model.network;
  const Pump& pump = network.pumps[network.attachment[link]];
  switch (pump.kind) {
    case PumpKind::constant_power:
      return pump.coefficient / kConstantPowerHeadM;
    case PumpKind::piecewise:
      return network.curves[pump.curve].x.back();
    case PumpKind::power_function:
      break;
  }
  return std::pow(pump.shutoff_head_m / 2.0 / pump.coefficient, 1.0 / pump.exponent);
}

}  // namespace wintergrid::scenario::epanet

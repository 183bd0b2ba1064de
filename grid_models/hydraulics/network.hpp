#pragma once
// A network of pipes, pumps and valves as the solver sees it: arrays by node and by link, SI units.
// Water and district heat share it.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wintergrid::hydraulics {

enum class HeadlossLaw : std::uint8_t {
  hazen_williams,
  darcy_weisbach,  ///< Swamee-Jain, as EPANET
  chezy_manning,
  colebrook,  ///< Darcy-Weisbach with the implicit Colebrook-White factor
};

enum class LinkKind : std::uint8_t {
  pipe,
  check_valve,  ///< pipe that lets water flow only from `from` to `to`
  pump,
  pressure_reducing_valve,
  pressure_sustaining_valve,
  pressure_breaker_valve,
  flow_control_valve,
  throttle_valve,
  curve_valve,       ///< EPANET's general purpose valve: head loss by a curve
  positional_valve,  ///< loss by per cent open, with or without a curve of relative Kv
};

/// Ordered: everything up to `closed` lets nothing through.
enum class LinkStatus : std::uint8_t {
  cannot_lift,  ///< pump: the head asked for is above its shut-off head
  temporarily_closed,
  closed,
  open,
  active,
  cannot_pass,  ///< flow control valve: fully open, the flow is below its setting
  cannot_hold,  ///< pressure valve that would have made the equations singular
};
inline bool is_closed(LinkStatus status) { return status <= LinkStatus::closed; }

/// The setting of a valve whose status is fixed to open or closed.
inline constexpr double kNoSetting = -1e10;
inline constexpr std::uint32_t kNone = UINT32_MAX;

/// Points with x ascending; straight lines between them and beyond.
struct Curve {
  std::vector<double> x, y;
};

enum class PumpKind : std::uint8_t { constant_power, power_function, piecewise };

/// Head gain at speed w: constant_power c / q; power_function w^2 h0 - c w^(2 - n) q^n; piecewise
/// w^2 curve(q / w).
struct Pump {
  PumpKind kind = PumpKind::power_function;
  double shutoff_head_m = 0.0;   ///< h0; also what a piecewise pump can lift at most
  double coefficient = 0.0;      ///< c, in m and m3/s
  double exponent = 2.0;         ///< n
  double start_flow_m3s = 0.03;  ///< where the first iteration begins
  std::uint32_t curve = kNone;   ///< piecewise: head (m) over flow (m3/s)
};

/// Water leaving at a node against its pressure head: pressure = coefficient x flow^exponent
/// (emitters, leaks).
struct Outlet {
  std::uint32_t node = 0;
  double coefficient = 0.0;
  double exponent = 2.0;
  bool backflow = true;  ///< whether water may enter when the pressure is negative
};

struct Network {
  // nodes
  std::vector<double> elevation_m;
  std::vector<std::uint8_t> fixed_head;  ///< 1: reservoir or tank, its head is given
  // links
  std::vector<std::uint32_t> from, to;
  std::vector<LinkKind> kind;
  std::vector<double> diameter_m;
  std::vector<double> resistance;          ///< pipes: see headloss.hpp
  std::vector<double> minor_loss;          ///< m per (m3/s)^2
  std::vector<double> relative_roughness;  ///< Darcy-Weisbach and Colebrook; else unused
  std::vector<std::uint32_t>
      attachment;  ///< number of the pump or of the valve's curve; else kNone
  std::vector<Pump> pumps;
  std::vector<Curve> curves;
  std::vector<Outlet> outlets;
  HeadlossLaw law = HeadlossLaw::hazen_williams;
  double viscosity_m2s = 1.0e-6;  ///< kinematic

  std::size_t node_count() const { return elevation_m.size(); }
  std::size_t link_count() const { return from.size(); }

  std::uint32_t add_node(double elevation, bool fixed) {
    elevation_m.push_back(elevation);
    fixed_head.push_back(fixed ? 1 : 0);
    return static_cast<std::uint32_t>(elevation_m.size() - 1);
  }
  /// A link without loss; set what it has afterwards.
  std::uint32_t add_link(LinkKind link_kind, std::uint32_t from_node, std::uint32_t to_node,
                         double diameter) {
    from.push_back(from_node);
    to.push_back(to_node);
    kind.push_back(link_kind);
    diameter_m.push_back(diameter);
    resistance.push_back(0.0);
    minor_loss.push_back(0.0);
    relative_roughness.push_back(0.0);
    attachment.push_back(kNone);
    return static_cast<std::uint32_t>(from.size() - 1);
  }
};

/// What moves: a copyable value.
struct State {
  std::vector<double> head_m;         ///< by node; of fixed nodes an input
  std::vector<double> delivered_m3s;  ///< by node: demand that is met
  std::vector<double> outflow_m3s;    ///< by node: demand met and outlets; fixed nodes: net inflow
  std::vector<double> outlet_m3s;     ///< by outlet
  std::vector<double> flow_m3s;       ///< by link
  std::vector<double> setting;        ///< by link: pump speed, valve setting (m, m3/s, loss)
  std::vector<LinkStatus> status;     ///< by link
  std::vector<std::uint8_t> gives_nothing;   ///< by node: an empty tank
  std::vector<std::uint8_t> takes_nothing;   ///< by node: a full tank
  std::vector<std::uint8_t> isolated;        ///< by node: no water can come; head is the elevation
  std::vector<std::uint8_t> out_of_service;  ///< by link: closed whatever its status says
};

}  // namespace wintergrid::hydraulics

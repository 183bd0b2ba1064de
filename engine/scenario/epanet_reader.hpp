#pragma once
// The reader of EPANET input files, section by section; used by its own files only.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scenario/epanet.hpp"
#include "engine/scenario/epanet_text.hpp"

namespace wintergrid::scenario::epanet {

inline constexpr double kFt = 0.3048;
inline constexpr double kCfs = kFt * kFt * kFt;

/// SI per unit of the file.
struct Units {
  bool si = false;
  double flow = kCfs / 448.831;
  double length = kFt;
  double diameter = kFt / 12.0;
  double pressure = kFt / 0.4333;
};

class Reader {
 public:
  Reader(std::string path, Diagnostics& diagnostics);
  EpanetFile read();

 private:
  using Names = std::map<std::string, std::uint32_t, std::less<>>;

  const std::vector<Line>& lines(Section section) const;
  // messages
  SourcePlace place(const Line& line, std::size_t word) const;
  void error(ErrorCode code, const Line& line, std::size_t word, const std::string& problem,
             const std::string& hint = {});
  void unknown(const Line& line, std::size_t word, const char* what, const Names& names);
  bool enough(const Line& line, std::size_t words, const char* form);
  double value(const Line& line, std::size_t word, const char* what, double otherwise = 0.0);
  double positive(const Line& line, std::size_t word, const char* what, double otherwise);
  double not_negative(const Line& line, std::size_t word, const char* what);
  std::uint32_t find(const Line& line, std::size_t word, const char* what, const Names& names);

  // epanet_options.cpp
  void read_units();
  void read_options();
  bool read_named_option(const Line& line);
  void read_numeric_option(const Line& line);
  void read_times();
  void finish_options();
  // epanet.cpp
  void read_patterns();
  void read_curves();
  void read_junctions();
  void read_reservoirs(Section section);
  void read_tank(const Line& line, std::uint32_t node);
  void read_pipes();
  void read_pumps();
  void read_pump_curve(const Line& line, hydraulics::Pump& pump, std::uint32_t curve_index);
  void read_valves();
  void check_valve_place(const Line& line, std::size_t link);
  void read_demands();
  void read_outlets();
  void read_status();
  void check_network();
  std::uint32_t add_node(const Line& line, EpanetNodeKind kind);
  std::uint32_t add_link(const Line& line, hydraulics::LinkKind kind);
  void add_default_demand_patterns();
  hydraulics::Curve curve_in(std::uint32_t curve, double x_unit, double y_unit) const;
  std::uint32_t store_curve(hydraulics::Curve curve);
  double setting_unit(hydraulics::LinkKind kind) const;
  // epanet_controls.cpp
  void read_controls();
  void read_control(const Line& line);
  void read_rules();
  void read_premise(const Line& line, hydraulics::Rule& rule);
  void read_action(const Line& line, std::vector<hydraulics::Action>& actions);
  bool parse_status(std::string_view word, hydraulics::LinkStatus& status) const;

  std::string path_;
  Diagnostics& diagnostics_;
  std::vector<std::vector<Line>> sections_;
  EpanetFile result_;
  hydraulics::WaterModel& model_ = result_.model;
  hydraulics::Network& network_ = result_.model.network;
  Units units_;
  Names nodes_, links_, patterns_, curves_;
  std::vector<hydraulics::Curve> raw_curves_;  // in the file's units
  std::vector<std::size_t> curve_lines_;
  std::string default_pattern_ = "1";
  double specific_gravity_ = 1.0, viscosity_ = 0.0, emitter_exponent_ = 2.0;
  double least_pressure_ = 0.0, required_pressure_ = 0.1, pressure_exponent_ = 0.5;
  double head_error_ = 0.0, flow_change_ = 0.0;
  std::string pressure_unit_;
  bool backflow_ = true;
};

}  // namespace wintergrid::scenario::epanet

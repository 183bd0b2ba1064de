#pragma once
// What an EPANET file says about an average day and about its first moment: the ground on which an
// import stands. Private to the import.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/scenario/epanet.hpp"

namespace wintergrid::scenario::epanet {

struct Start {
  // an average day, by node: demand categories and patterns averaged, emitters as at the start
  std::vector<double> demand_m3s;  ///< 0 where no water can come
  std::vector<double> inflow_m3s;  ///< of junctions whose mean demand is negative
  double leaked_m3s = 0.0;         ///< part of demand_m3s that runs out of emitters
  double unfed_m3s = 0.0;          ///< demand of junctions that nothing feeds
  std::size_t unfed_junctions = 0;
  std::size_t patterns = 0;                 ///< different ones that demands follow
  std::array<double, 24> hour_profile{};    ///< of all demands, by local hour, mean 1
  std::vector<std::uint8_t> endless_tanks;  ///< by node: the only source of its part

  // the file's own solution at its start, after the controls of that moment
  bool solved = false;
  std::vector<double> head_m;         ///< by node
  std::vector<double> flow_m3s;       ///< by link
  std::vector<double> setting;        ///< by link
  std::vector<std::uint8_t> is_open;  ///< by link: at the start; a pump: ever on the first day
  /// by link: pumps closed at the start, with flow and setting of the moment they first run
  std::vector<std::uint8_t> runs_later;
  std::vector<double> reservoir_m3s;  ///< by node: what a reservoir takes in
};

Start read_start(const EpanetFile& file);

/// Head loss of a pipe (m) at a flow >= 0, its minor loss included.
double pipe_loss_m(const hydraulics::Network& network, std::size_t link, double flow_m3s);

}  // namespace wintergrid::scenario::epanet

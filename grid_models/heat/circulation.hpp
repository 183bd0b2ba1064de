#pragma once
// Heat carried by circulating water: which share of the heat it wants each node of a damaged
// network gets, from pressures and temperatures. Private to grid_models/heat.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "grid_models/heat/circulation_flow.hpp"
#include "grid_models/heat/heat.hpp"

namespace wintergrid::heat {

/// What a moment gives.
struct CirculationInputs {
  std::span<const double> source_available_mw;
  std::span<const double> pipe_factor;              ///< 0..1; 0: closed, as ties usually are
  std::span<const std::int64_t> taking_households;  ///< by node: those whose valves are open
  double load = 1.0;  ///< heat that a household wants, relative to the design day; >= 0
};

/// Scratch for one thread. Every answer is a pure function of the inputs; what is kept between
/// calls only saves work. Nothing allocates after construction.
class Circulation {
 public:
  /// `node_households` are those connected when nothing is wrong. Sizes pumps and losses for them.
  Circulation(const Model& model, std::span<const std::int64_t> node_households);
  ~Circulation();
  Circulation(Circulation&&) noexcept;
  Circulation& operator=(Circulation&&) noexcept;

  void solve(const CirculationInputs& inputs);

  /// Of the heat that the node's households want; > 0 wherever water moves, 1 where there is water
  /// and nobody asks, 0 where no running source reaches.
  double share(std::size_t node) const { return share_[node]; }
  bool all_served() const { return all_served_; }
  /// No pressures were found for the node's part of the network: its share means nothing.
  bool unsolved(std::size_t node) const { return unsolved_[node] != 0; }
  bool any_unsolved() const { return any_unsolved_; }

  /// What was sized, for reports and tests: head of each source's pumps, m, with the intact network
  /// at its design flow; and what of the heat sent out is lost on the design day.
  std::span<const double> source_lift_m() const { return source_lift_m_; }
  double design_loss_share() const { return design_loss_share_; }
  /// Heat sent out by each source at the last solve, MW; 0 where a part was skipped.
  std::span<const double> source_sent_mw() const { return source_sent_mw_; }
  std::uint64_t flow_solves() const { return flow_solves_; }

 private:
  struct Part;
  static std::vector<Part> make_parts(const Model& model,
                                      std::span<const std::int64_t> node_households,
                                      bool with_ties);
  void add_joined(const Model& model, std::span<const std::int64_t> node_households);
  void solve_part(Part& part, const CirculationInputs& inputs);

  std::vector<Part> parts_;                         // ties shut
  std::vector<Part> joined_;                        // those that ties join
  std::vector<std::vector<std::size_t>> replaces_;  // by joined part: of parts_
  std::vector<std::uint8_t> passed_over_;           // by part: its joined part was solved
  std::vector<double> share_;                       // by node
  std::vector<std::uint8_t> unsolved_;
  std::vector<double> source_lift_m_, source_sent_mw_;
  bool all_served_ = false, any_unsolved_ = false;
  double design_loss_share_ = 0.0;
  std::uint64_t flow_solves_ = 0;
  // the last moment
  bool asked_ = false;
  double asked_load_ = -1.0;
  std::vector<double> asked_mw_, asked_factor_;
  std::vector<std::int64_t> asked_households_;
};

}  // namespace wintergrid::heat

#pragma once
// Re-feeding of heat: ties to a neighbouring network, shut in ordinary times. People open one where
// one side has no heat source left that works and the other has enough for both; they shut it when
// both have again.

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "grid_models/core/luck.hpp"
#include "grid_models/system/model.hpp"
#include "grid_models/system/state.hpp"
#include "grid_models/system/timeline.hpp"

namespace wintergrid {

/// Whether heat may pass the pipe, damage aside: it is no tie, or one that has been opened.
bool heat_pipe_is_open(const Model& model, const HeatTieState& ties, std::size_t pipe);

/// Scratch for one thread, sized once; the model must outlive it. Results are a function of the
/// arguments only.
class HeatTies {
 public:
  explicit HeatTies(const Model& model);

  /// All shut.
  HeatTieState initial_state() const;

  struct Inputs {
    Seconds now = 0;
    std::span<const double> pipe_factor;  ///< after damage
    std::span<const double> source_available_mw;
    double household_mw = 0.0;  ///< that a source sends out for one, at this temperature
  };
  /// Once per moment, when it is known what sources can give: opens and shuts. Returns the factor
  /// of each pipe, damage and shut ties included; valid until the next call.
  std::span<const double> act(const Inputs& inputs, const HeatTieParameters& parameters,
                              const Luck& luck, HeatTieState& state);

 private:
  /// What open pipes join: the heat that works there and who wants it.
  struct Supply {
    double available_mw = 0.0;
    std::int64_t households = 0;
  };
  std::pair<std::uint32_t, std::uint32_t> networks_of(std::uint32_t tie) const;
  void find_networks(const Inputs& inputs);
  void keep_open(const Inputs& inputs, HeatTieState& state);
  void join(std::uint32_t tie);
  bool wanted(std::uint32_t tie) const;
  double cover(std::uint32_t tie, double household_mw) const;

  const Model* model_;
  std::vector<std::uint32_t> ties_;            ///< pipes, by name hash
  std::vector<std::int64_t> node_households_;  ///< on district heating
  std::vector<std::uint32_t> network_;         ///< by heat node: its network, ties shut
  std::vector<std::uint32_t> cluster_;         ///< by network: with open ties
  std::vector<std::uint8_t> own_;              ///< by network: a source of its own works
  std::vector<Supply> supply_;                 ///< by cluster
  std::vector<double> factor_;
};

}  // namespace wintergrid

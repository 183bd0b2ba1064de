#pragma once
// A water network as the parts that no link joins: each is solved apart, and only if something it
// depends on has changed. Private to grid_models/water.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "grid_models/water/node_flow.hpp"

namespace wintergrid::water {

class Parts {
 public:
  explicit Parts(const Model& model);

  /// Valid until the next call with the same question. A pure function of the arguments; what is
  /// kept between calls only saves work.
  const Answer& solve(const Inputs& inputs, const Parameters& parameters, const State& state,
                      Question question);

 private:
  static constexpr std::size_t kSlots = 32;
  struct Kept {
    std::vector<double> values;  ///< of the moment answered last
    bool valid = false;
    Answer answer;
  };
  struct Part {
    Model model;
    std::vector<std::uint32_t> node, link;  ///< in the whole model
    std::unique_ptr<NodeFlow> flow;
    std::unique_ptr<NodeFlow> fallback;  ///< hydraulic: by capacity, if pressures are not found
    /// By question and, because what is damaged for days meets the same demands every day, by
    /// demand factor.
    std::array<std::array<Kept, kSlots>, 2> kept;
    /// The undamaged part with full tanks serves average demand times this from works alone, or
    /// more. More demand never makes less feasible, so that skipping up to here is exact.
    double calm_factor = -1.0;
  };

  /// All that the answers of every part depend on.
  struct Asked {
    bool valid = false;
    double demand_factor = 0.0, repressurisation_hours = 0.0, refill_share = 0.0;
    std::vector<double> node_factor, link_factor, extra_m3_per_h, tank_level_m3;
    std::vector<std::uint8_t> node_powered;
    std::vector<Seconds> node_pressurised_at;
  };

  static bool asked_before(Asked& asked, const Inputs& inputs, const Parameters& parameters,
                           const State& state);
  std::size_t slot_of(double demand_factor);
  void split(const Model& model);
  static bool is_whole(const Part& part, const Inputs& inputs, const State& state,
                       Question question);
  void gather(const Part& part, const Inputs& inputs, const Parameters& parameters,
              const State& state, Question question);
  Moment moment_of(const Part& part, const std::vector<double>& values, Question question) const;

  std::vector<Part> parts_;
  std::vector<double> values_;  // of the part at hand
  std::array<Answer, 2> answer_;
  std::array<Asked, 2> asked_;
  std::array<double, kSlots> factor_of_slot_{};
  std::size_t slots_used_ = 0;
};

}  // namespace wintergrid::water

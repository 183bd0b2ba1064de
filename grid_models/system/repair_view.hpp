#pragma once
// What repair policies may ask about the networks.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "grid_models/core/luck.hpp"
#include "grid_models/system/indoor_behind.hpp"
#include "grid_models/system/model.hpp"
#include "grid_models/system/state.hpp"
#include "grid_models/system/timeline.hpp"

namespace wintergrid {

/// The component works again: temporarily, or for good.
void apply(const recovery::Repaired& repair, State& state);

/// Networks to try things in.
class TrialNetworks {
 public:
  TrialNetworks() = default;
  TrialNetworks(const TrialNetworks&) = delete;
  TrialNetworks& operator=(const TrialNetworks&) = delete;
  virtual ~TrialNetworks() = default;

  /// Solves the moment of the state, without repairs and hits; how many household-services are off
  /// in it.
  virtual std::int64_t households_off(State& state, const Timeline& timeline,
                                      const Parameters& parameters, const Luck& luck) = 0;
};

/// Answers for the moment in which recovery.advance() is called. What would come back with a repair
/// is solved on copies of the state, with networks of their own, so that nothing else moves.
/// Answers are kept for the moment: in the next, demand is another. Scratch of one thread; nothing
/// allocates after use() and a first winter.
class RepairView final : public recovery::NetworkView {
 public:
  explicit RepairView(const Model& model);

  /// Makes networks for households_regained() by `make` if there are none.
  template <class Make>
  void use(Make make) {
    if (!trials_) {
      trials_ = make();
      make_room(*model_, base_);
      make_room(*model_, changed_);
    }
  }

  /// Until the next call: of this moment. `state` has its hits, and `repaired` will hold what is
  /// repaired in it; all must live while questions are asked.
  void begin(const State& state, const std::vector<recovery::Repaired>& repaired,
             const Timeline& timeline, const Luck& luck);

  double indoor_c(ComponentId component) override;
  std::int64_t households_regained(const recovery::Job& job) override;

 private:
  void solve_base();

  const Model* model_;
  const State* state_ = nullptr;
  const std::vector<recovery::Repaired>* repaired_ = nullptr;
  const Timeline* timeline_ = nullptr;
  const Luck* luck_ = nullptr;
  IndoorBehind indoor_;
  bool indoor_noted_ = false;
  std::unique_ptr<TrialNetworks> trials_;
  State base_, changed_;
  Parameters parameters_;
  std::int64_t base_off_ = 0;
  bool base_solved_ = false;
  std::vector<std::int64_t> regained_;  ///< by component
};

}  // namespace wintergrid

#pragma once
// From a Scenario to everything that replications share: the compiled model, the sampler of
// timelines, the policy.

#include <memory>
#include <string>

#include "engine/montecarlo/runner.hpp"
#include "engine/random/timeline_sampler.hpp"
#include "engine/scenario/compile.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/scenario/unknown.hpp"
#include "grid_models/core/diagnostics.hpp"
#include "grid_models/recovery/recovery.hpp"
#include "grid_models/system/advance.hpp"
#include "grid_models/system/model.hpp"

namespace wintergrid::montecarlo {

/// What a model is compiled from when unknown cells are drawn.
struct UnknownCells {
  std::shared_ptr<const scenario::Unknowns> cells;
  scenario::CompileDefaults defaults;
  random::BuildDefaults build;
};

/// Const while replications run; shared by all threads.
struct Case {
  Model model;  ///< with unknown cells at their typical filling
  std::unique_ptr<random::TimelineSampler> sampler;
  recovery::PolicyKind policy = recovery::PolicyKind::first_come;
  std::uint64_t seed = 1;
  std::uint64_t group = 1;  ///< replications per parameter draw: 1 with `parameters: fixed`
  std::unique_ptr<const UnknownCells> unknown;  ///< null if no cell is unknown
};

/// Crew types that something of the model needs and that have no crew, joined by commas: what they
/// would repair stays broken.
std::string missing_crews(const Model& model);

/// Compiles the scenario; usable only if diagnostics.ok().
std::unique_ptr<Case> prepare_case(const scenario::Scenario& scenario, Diagnostics& diagnostics);

/// The policy of a name ("first_come"); false if there is none.
bool policy_from_text(std::string_view text, recovery::PolicyKind& kind);

/// Runs replications of a case on one thread. Unknown cells are drawn once per parameter draw
/// (`group` replications), so that the spread over parameters includes what is not known of the
/// tables; each such draw compiles a model of its own.
class Simulation final : public Replicator {
 public:
  /// `filling` tells apart fillings of the unknown cells by the same seed: all else is the same.
  explicit Simulation(const Case& which, recovery::PolicyKind policy, std::uint32_t filling = 0);
  ~Simulation() override;

  void run(std::uint64_t replication, Record& record) override;

  /// One replication, keeping its timeline, state and outcome for inspection (replay).
  const Outcome& run_one(std::uint64_t replication, bool solve_every_hour = false);
  const Timeline& timeline() const { return timeline_; }
  const State& state() const { return state_; }
  /// Of the last replication.
  const Model& model() const { return workspace_.model(); }
  /// The same replication step by step: `look` is called after every whole step.
  void replay(std::uint64_t replication, const std::function<void(const State&)>& look);

 private:
  void sample(std::uint64_t replication);
  /// The model and sampler of a parameter draw. Throws if its values contradict each other.
  void fill_unknown(std::uint64_t parameter_draw);

  const Case* case_;
  std::uint32_t filling_;
  // of the unknown cells' present filling
  std::uint64_t filled_for_ = UINT64_MAX;  ///< parameter draw
  scenario::Scenario tables_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<random::TimelineSampler> sampler_;

  recovery::PolicyKind policy_;
  Workspace workspace_;
  State state_;
  Timeline timeline_;
  Outcome outcome_;
  random::TimelineScratch scratch_;
};

}  // namespace wintergrid::montecarlo

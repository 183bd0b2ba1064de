#pragma once
// Reading a scenario for a command: all errors shown, the right exit code.

#include <memory>
#include <string>

#include "engine/cli/commands.hpp"
#include "engine/montecarlo/prepare.hpp"
#include "engine/report/summary.hpp"
#include "engine/scenario/scenario.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::cli {

struct Loaded {
  scenario::Scenario scenario;
  std::unique_ptr<montecarlo::Case> which;
  Diagnostics diagnostics;
  int exit_code = 0;  ///< 0: usable
};

/// Reads and compiles with what is laid on top; prints every diagnostic to stderr.
Loaded load(const std::string& path, const WhatIf& what_if = {});

/// What result files say about the run.
report::RunFacts run_facts(const scenario::Scenario& scenario, recovery::PolicyKind policy,
                           std::uint64_t seed);

/// What to tell a person who named a policy that does not exist: the known ones and the closest.
std::string policy_problem(const std::string& given);

/// What is wrong with policy `priority_list` in a scenario without a list; empty if nothing is.
std::string policy_without_list(recovery::PolicyKind policy, const scenario::Scenario& scenario);

/// "0.1.0".
std::string program_version();

}  // namespace wintergrid::cli

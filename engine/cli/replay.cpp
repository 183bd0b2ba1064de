// One replication step by step: for looking at a winter, or at a failure. Asset detail stays local.

#include <cstdio>
#include <exception>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/load.hpp"
#include "engine/cli/replay_record.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/report/command_tables.hpp"
#include "engine/report/data_package.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/terminal.hpp"

namespace wintergrid::cli {
namespace {

std::string events_csv(const Timeline& timeline, const Model& model) {
  std::string text =
      "hour,component,asset_class,zone,damage_state,temporary_repair_hours,permanent_repair_"
      "hours\n";
  constexpr const char* kStates[] = {"none", "slight", "moderate", "extensive", "complete"};
  for (const Hit& hit : timeline.hits) {
    const std::size_t c = hit.component.index();
    fmt::format_to(std::back_inserter(text), "{:.2f},{},{},{},{},{:.1f},{:.1f}\n",
                   hours_from_seconds(hit.time), report::csv_field(model.components.name[c]),
                   to_text(model.components.asset_class[c]),
                   report::csv_field(model.zones.id[model.components.zone[c].index()]),
                   kStates[static_cast<std::size_t>(hit.state)],
                   hours_from_seconds(hit.work.temporary_seconds),
                   hours_from_seconds(hit.work.permanent_seconds));
  }
  return text;
}

}  // namespace

int replay_command(const ReplayArguments& arguments, const CommonArguments& common) {
  Loaded loaded = load(arguments.scenario, arguments.what_if);
  if (loaded.exit_code != kOk) {
    return loaded.exit_code;
  }
  montecarlo::Case& which = *loaded.which;
  which.seed = arguments.seed.value_or(loaded.scenario.seed);
  recovery::PolicyKind policy = which.policy;
  if (!arguments.policy.empty() && !montecarlo::policy_from_text(arguments.policy, policy)) {
    fmt::print(stderr, "{}", policy_problem(arguments.policy));
    return kUsage;
  }
  const std::string unready = policy_without_list(policy, loaded.scenario);
  if (!unready.empty()) {
    fmt::print(stderr, "{}", unready);
    return kBadData;
  }
  const std::string error = make_folders(arguments.out);
  if (!error.empty()) {
    fmt::print(stderr, "error: {}\n", error);
    return kCannotCreate;
  }
  const FolderLock lock(arguments.out);
  if (!lock.error().empty()) {
    fmt::print(stderr, "error: {}\n", lock.error());
    return kCannotCreate;
  }
  montecarlo::Simulation simulation(which, policy);
  std::string hours =
      "hour,outdoor_c,households_without_power,households_without_heat,households_without_water,"
      "open_jobs,coldest_home_c\n";
  std::string failure;
  std::optional<ReplayRecord> record;  // once the winter's model is there
  try {
    simulation.replay(arguments.replication, [&](const State& state) {
      if (!record) {
        record.emplace(simulation.model());
      }
      record->look(simulation.timeline(), state);
      const auto hour = static_cast<std::size_t>((state.now - 1) / kSecondsPerHour);
      float coldest = 100.0F;
      for (const float indoor : state.heat.indoor_c) {
        coldest = std::min(coldest, indoor);
      }
      fmt::format_to(std::back_inserter(hours), "{},{:.1f},{},{},{},{},{:.1f}\n", hour,
                     simulation.timeline().outdoor_c[hour], state.ledger.households_off[0],
                     state.ledger.households_off[1], state.ledger.households_off[2],
                     state.recovery.jobs.size(), coldest);
    });
  } catch (const std::exception& thrown) {
    failure = thrown.what();
  }
  const report::Label title = {
      fmt::format("Winter {} hour by hour. Names components: keep it local.",
                  arguments.replication),
      fmt::format("Зима {} погодинно. Названо складові: не поширювати.", arguments.replication)};
  const auto facts = run_facts(loaded.scenario, policy, which.seed);
  std::vector<std::pair<std::string, std::string>> files = {
      {"hours.csv", hours}, {"events.csv", events_csv(simulation.timeline(), simulation.model())}};
  if (record) {
    files.emplace_back("replay.json", record->json(loaded.scenario, facts, arguments.replication));
  }
  files.emplace_back("datapackage.json",
                     report::data_package_json(facts, title, report::replay_tables(),
                                               report::language_of(common.language)));
  for (const auto& [name, text] : files) {
    const std::string problem =
        io::write_file_atomically(io::system_file_ops(), arguments.out + "/" + name, text);
    if (!problem.empty()) {
      fmt::print(stderr, "error: {}\n", problem);
      return kInputOutput;
    }
  }
  if (!failure.empty()) {
    fmt::print(stderr, "replication {} failed at hour {:.2f}: {}\n", arguments.replication,
               hours_from_seconds(simulation.state().now), failure);
    return kBug;
  }
  if (common.quiet) {
    return kOk;
  }
  const Outcome& outcome = simulation.run_one(arguments.replication);
  std::vector<std::int64_t> row(montecarlo::metrics().size());
  montecarlo::fill_row(outcome, row);
  fmt::print("replication {} of seed {}: {}\n", arguments.replication, which.seed,
             report::counted(simulation.timeline().hits.size(), "hit", "hits"));
  for (std::size_t m = 0; m < row.size(); ++m) {
    const montecarlo::Metric& metric = montecarlo::metrics()[m];
    if (row[m] != 0) {
      fmt::print("  {:<44} {} {}\n", metric.name,
                 report::rounded(static_cast<double>(row[m]) / metric.per_unit), metric.unit);
    }
  }
  fmt::print(
      "hour by hour in {0}/hours.csv, hits in {0}/events.csv (asset detail: keep it local); both "
      "on "
      "a map: wintergrid report RUNDIR --with {0}\n",
      arguments.out);
  return kOk;
}

}  // namespace wintergrid::cli

// plan: which repair first, from today on. Asset detail of what is already damaged: it stays local.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/load.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/io/diagnostics_text.hpp"
#include "engine/io/suggest.hpp"
#include "engine/plan/today.hpp"
#include "engine/plan/write_plan.hpp"
#include "engine/report/command_tables.hpp"
#include "engine/report/data_package.hpp"
#include "engine/scenario/compile.hpp"

namespace wintergrid::cli {
namespace {

constexpr std::uint64_t kLargestBytes = std::uint64_t{16} << 20;
constexpr double kLaterWork = 2.0;  ///< of a judged future, relative to one of the search

void print_no_job(const std::string& name) {
  fmt::print(stderr,
             "error: --move names '{}', which is not among the jobs\n   hint: jobs.csv of a plan "
             "lists them\n",
             name);
}

/// "JOB:POSITION"; false and a message if it is not.
bool parse_move(const std::string& given, const plan::Situation& situation,
                plan::PlanOptions& options, plan::Provenance& provenance) {
  const Model& model = situation.model();
  const std::size_t colon = given.rfind(':');
  const std::string name = given.substr(0, colon);
  const std::string position = colon == std::string::npos ? "" : given.substr(colon + 1);
  const bool number = !position.empty() && position.size() < 6 &&
                      position.find_first_not_of("0123456789") == std::string::npos &&
                      position != "0";
  if (!number) {
    fmt::print(stderr,
               "error: --move '{}' is not JOB:POSITION\n   hint: write --move bus/NAME:1 for the "
               "first place\n",
               given);
    return false;
  }
  const ComponentId job = scenario::find_component(model.components, name);
  if (!job.valid()) {
    const std::string hint = io::did_you_mean(name, model.components.name);
    fmt::print(stderr, "error: --move names component '{}', which does not exist\n{}", name,
               hint.empty() ? "" : "   hint: " + hint + "\n");
    return false;
  }
  // Which components explain a count is known only when futures have been drawn.
  const bool listed =
      std::any_of(situation.damage.begin(), situation.damage.end(),
                  [&](const plan::Damage& damage) { return damage.component == job; });
  if (!listed && situation.counts.empty()) {
    print_no_job(name);
    return false;
  }
  provenance.moved_job = name;
  provenance.moved_to = std::stoul(position);
  options.move = std::pair{job, provenance.moved_to - 1};
  return true;
}

struct Prepared {
  plan::Situation situation;
  int exit_code = kOk;
};

Prepared prepare(const PlanArguments& arguments, scenario::Scenario scenario) {
  Prepared result;
  Diagnostics diagnostics;
  const auto read = [&](const std::string& path) {
    return io::read_source(path, kLargestBytes, SourcePlace{}, diagnostics);
  };
  std::vector<plan::Pinned> pinned;
  if (const auto source = read(arguments.today)) {
    const plan::Today today = plan::read_today(*source, diagnostics);
    if (diagnostics.ok() && !arguments.previous.empty()) {
      if (const auto previous = read(arguments.previous)) {
        pinned = plan::dispatched_by(arguments.previous, std::string(previous->text()),
                                     today.values.moment, diagnostics);
      }
    }
    if (diagnostics.ok()) {
      result.situation = plan::make_situation(std::move(scenario), today, pinned, diagnostics);
    }
  }
  if (!diagnostics.items().empty()) {
    fmt::print(stderr, "{}", io::diagnostics_text(diagnostics));
  }
  result.exit_code = diagnostics.ok() ? kOk : kBadData;
  return result;
}

}  // namespace

int plan_schema_command() {
  fmt::print("{}", plan::today_schema());
  return kOk;
}

int plan_command(const PlanArguments& arguments, const CommonArguments& common) {
  const auto started = std::chrono::steady_clock::now();
  Loaded loaded = load(arguments.scenario, arguments.what_if);
  if (loaded.exit_code != kOk) {
    return loaded.exit_code;
  }
  std::error_code ignored;
  for (const std::string& path : {arguments.today, arguments.previous}) {
    if (!path.empty() && !std::filesystem::exists(path, ignored)) {
      fmt::print(stderr,
                 "error: {}: no such file\n   hint: data/oblast/today.yaml is an example; "
                 "'wintergrid plan --schema' lists the keys\n",
                 path);
      return kNoInput;
    }
  }
  Prepared prepared = prepare(arguments, std::move(loaded.scenario));
  if (prepared.exit_code != kOk) {
    return prepared.exit_code;
  }
  plan::Situation& situation = prepared.situation;
  situation.which->seed = arguments.seed.value_or(situation.scenario.seed);
  plan::PlanOptions options;
  options.futures = static_cast<std::uint64_t>(arguments.futures);
  options.budget = static_cast<std::uint64_t>(arguments.budget);
  options.threads = arguments.threads;
  plan::Provenance provenance;
  provenance.program_version = program_version();
  provenance.today_file = arguments.today;
  provenance.futures = options.futures;
  provenance.budget = options.budget;
  if (!arguments.move.empty() && !parse_move(arguments.move, situation, options, provenance)) {
    return kUsage;
  }
  const FolderLock lock(arguments.out);
  if (!lock.error().empty()) {
    fmt::print(stderr, "error: {}\n", lock.error());
    return kCannotCreate;
  }
  const std::string missing = montecarlo::missing_crews(situation.model());
  if (!missing.empty() && !common.quiet) {
    fmt::print(stderr, "note: there are no crews of type {}: what they would repair stays broken\n",
               missing);
  }
  options.stop = [&](std::uint64_t simulated, std::uint64_t afterwards) {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
    // What comes after the search takes its time as well, an hour at a time instead of three.
    const double whole = elapsed.count() * (1.0 + kLaterWork * static_cast<double>(afterwards) /
                                                      static_cast<double>(simulated + 1));
    provenance.cut_short = provenance.cut_short || whole > arguments.seconds;
    return provenance.cut_short;
  };
  options.interrupt = &stop_flag();
  plan::Plan plan;
  try {
    plan = plan::make_plan(situation, options);
  } catch (const plan::Interrupted&) {
    fmt::print(stderr,
               "\ninterrupted: nothing was written\n   hint: --seconds 20 makes a plan sooner, "
               "from a shorter search\n");
    return kInterrupted;
  }
  if (options.move &&
      std::find(plan.order.begin(), plan.order.end(), options.move->first) == plan.order.end()) {
    print_no_job(provenance.moved_job);
    return kUsage;
  }
  report::RunFacts facts =
      run_facts(situation.scenario, situation.which->policy, situation.which->seed);
  facts.policy = plan.rule;
  const std::string package =
      report::data_package_json(facts,
                                {"Repair plan. Names components: keep it local.",
                                 "План ремонтів. Названо складові: не поширювати."},
                                report::plan_tables(), report::language_of(common.language));
  for (const auto& [name, text] : {std::pair<std::string, std::string>{
                                       "plan.json", plan::plan_json(situation, plan, provenance)},
                                   {"timetable.csv", plan::timetable_csv(situation, plan)},
                                   {"jobs.csv", plan::jobs_csv(situation, plan)},
                                   {"datapackage.json", package}}) {
    const std::string error =
        io::write_file_atomically(io::system_file_ops(), arguments.out + "/" + name, text);
    if (!error.empty()) {
      fmt::print(stderr, "error: {}\n", error);
      return kInputOutput;
    }
  }
  if (common.json) {
    fmt::print("{}", plan::plan_json(situation, plan, provenance));
    return kOk;
  }
  if (provenance.cut_short) {
    fmt::print(stderr,
               "note: --seconds {} ended the search before its budget of {} futures: "
               "another run may find another plan\n",
               arguments.seconds, arguments.budget);
  }
  if (!common.quiet) {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
    fmt::print("{}", plan::plan_text(situation, plan, provenance));
    fmt::print(stderr, "{:.1f} s\n", elapsed.count());
    fmt::print("Results are in {} (asset detail: keep it local)\n", arguments.out);
  }
  return kOk;
}

}  // namespace wintergrid::cli

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/utsname.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/console.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/load.hpp"
#include "engine/cli/provenance.hpp"
#include "engine/io/suggest.hpp"
#include "engine/montecarlo/checkpoint.hpp"
#include "engine/report/terminal.hpp"
#include "engine/report/write_results.hpp"

namespace wintergrid::cli {
namespace {

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

/// Not a single winter came to an end: no numbers, which would read as "nothing is lost".
int no_result(const montecarlo::Tally& tally, montecarlo::StopReason reason,
              const RunArguments& arguments) {
  if (reason == montecarlo::StopReason::interrupted && tally.count() == 0) {
    fmt::print(stderr,
               "\ninterrupted before the first {} winters were finished: no results were written\n",
               montecarlo::kBlock);
    return kInterrupted;
  }
  fmt::print(stderr,
             "\nerror: all {} replications failed; no results were written; the first: replication "
             "{}: {}\n   hint: wintergrid replay {} --replication {} -o DIR\n",
             tally.failures().size(), tally.failures().front().replication,
             tally.failures().front().what, arguments.scenario,
             tally.failures().front().replication);
  return kBug;
}

report::ManifestFacts manifest_facts(const CommonArguments& common, int threads, double seconds,
                                     std::uint64_t resumed_after) {
  report::ManifestFacts facts;
  facts.command_line = common.command_line;
  facts.source = provenance().source;
  facts.compiler = provenance().compiler;
  facts.build_type = provenance().build_type;
  utsname host{};
  if (uname(&host) == 0) {
    facts.host = fmt::format("{} {} {}", host.sysname, host.release, host.machine);
  }
  facts.started_utc = utc_now();
  facts.threads = threads;
  facts.wall_seconds = seconds;
  facts.resumed_after = resumed_after;
  return facts;
}

/// The stop rule, or an exit code.
int stop_rule(const RunArguments& arguments, const montecarlo::Case& which,
              montecarlo::RunOptions& options) {
  const std::size_t metric = montecarlo::metric_index(arguments.metric);
  if (metric == montecarlo::metrics().size()) {
    std::vector<std::string> names;
    for (const montecarlo::Metric& known : montecarlo::metrics()) {
      names.push_back(known.name);
    }
    const std::string hint = io::did_you_mean(arguments.metric, names);
    fmt::print(stderr, "error: --metric '{}' is not known\n   hint: {}\n", arguments.metric,
               hint.empty() ? "headline.csv of a run lists them" : hint);
    return kUsage;
  }
  if (!montecarlo::is_modelled(metric, which.model)) {
    fmt::print(stderr, "error: --metric '{}' is of a service that the scenario does not model\n",
               arguments.metric);
    return kUsage;
  }
  if (!arguments.until_relative_ci) {
    return kOk;
  }
  montecarlo::StopRule rule;
  rule.metric = metric;
  rule.relative_half_width = *arguments.until_relative_ci;
  rule.failed_bound =
      montecarlo::upper_bound(metric, which.model) * montecarlo::metrics()[metric].per_unit;
  options.stop_rule = rule;
  return kOk;
}

/// The first winters again with other draws of the unknown cells, if there are any; false if that
/// was interrupted.
bool simulate_again(const montecarlo::Case& which, recovery::PolicyKind policy,
                    montecarlo::RunOptions options, bool quiet, const montecarlo::Tally& tally,
                    std::vector<report::UnknownEffectOn>& effects) {
  if (!which.unknown) {
    return true;
  }
  montecarlo::Tally again(montecarlo::shape_of(which.model));
  ProgressLine progress("unknown cells drawn again: ",
                        montecarlo::metric_index("power.household_hours_lost"), which.group, quiet);
  options.replications = std::min(tally.count(), montecarlo::kWintersFilledAgain);
  options.stop_rule.reset();
  options.checkpoint = nullptr;
  options.progress = [&](const montecarlo::Progress& now) { progress.show(now); };
  constexpr std::uint32_t kOtherFilling = 1;
  const montecarlo::StopReason reason = montecarlo::run(
      again, [&] { return std::make_unique<montecarlo::Simulation>(which, policy, kOtherFilling); },
      options);
  if (reason == montecarlo::StopReason::interrupted) {
    return false;
  }
  effects = report::unknown_effects(which, tally, again);
  return true;
}

}  // namespace

int run_command(const RunArguments& arguments, const CommonArguments& common) {
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
  montecarlo::RunOptions options;
  options.replications =
      static_cast<std::uint64_t>(arguments.replications.value_or(loaded.scenario.replications));
  options.threads = arguments.threads;
  options.group = which.group;
  options.stop = &stop_flag();
  const int rule = stop_rule(arguments, which, options);
  if (rule != kOk) {
    return rule;
  }

  const FolderLock lock(arguments.out);
  if (!lock.error().empty()) {
    fmt::print(stderr, "error: {}\n", lock.error());
    return kCannotCreate;
  }

  montecarlo::Tally tally(montecarlo::shape_of(which.model));
  report::RunFacts facts = run_facts(loaded.scenario, policy, which.seed);
  facts.replications_wanted = options.replications;
  ProgressLine progress("", montecarlo::metric_index(arguments.metric), which.group, common.quiet);
  montecarlo::StopReason reason = montecarlo::StopReason::finished;
  std::optional<montecarlo::Checkpoint> checkpoint;
  try {
    if (!arguments.resume) {
      montecarlo::remove_checkpoint(arguments.out + "/checkpoint.sqlite");
    }
    checkpoint.emplace(arguments.out + "/checkpoint.sqlite",
                       montecarlo::RunIdentity{facts.scenario_sha256, facts.program_version,
                                               facts.policy, which.seed});
    if (arguments.resume && checkpoint->load(tally)) {
      if (!common.quiet) {
        fmt::print(stderr, "resuming after {} winters\n", tally.count());
      }
      progress.start_from(tally.count());
    }
    // A checkpoint costs a disk write: after every batch at first, then at most every ten seconds.
    // When it is taken does not affect any result.
    auto last_save = std::chrono::steady_clock::now() - std::chrono::seconds(60);
    options.checkpoint = [&](const montecarlo::Tally& now) {
      const bool due = std::chrono::steady_clock::now() - last_save > std::chrono::seconds(10);
      if (due || stop_flag().load()) {
        checkpoint->save(now);
        last_save = std::chrono::steady_clock::now();
      }
    };
    options.progress = [&](const montecarlo::Progress& now) { progress.show(now); };
    reason = montecarlo::run(
        tally, [&] { return std::make_unique<montecarlo::Simulation>(which, policy); }, options);
    checkpoint->save(tally);
  } catch (const montecarlo::CheckpointError& failure) {
    fmt::print(stderr, "error: {}\n", failure.what());
    if (tally.count() > 0) {
      fmt::print(stderr,
                 "   hint: make room and run again with --resume: it goes on after the last "
                 "winters that were saved\n");
    }
    return arguments.resume && tally.count() == 0 ? kBadData : kInputOutput;
  }
  if (tally.count() == tally.failures().size()) {
    return no_result(tally, reason, arguments);
  }
  std::vector<report::UnknownEffectOn> effects;
  if (reason != montecarlo::StopReason::interrupted &&
      !simulate_again(which, policy, options, common.quiet, tally, effects)) {
    reason = montecarlo::StopReason::interrupted;
  }
  facts.stop_reason = reason;

  const double seconds = progress.seconds();
  report::Summary summary = report::summarise(which, tally, facts);
  summary.unknown_effects = std::move(effects);
  const std::string error = report::write_results(
      arguments.out, summary, which, policy, tally,
      manifest_facts(common, montecarlo::threads_of(options), seconds, progress.started_from()),
      report::language_of(common.language));
  if (!error.empty()) {
    fmt::print(stderr,
               "\nerror: {}\n   hint: what was computed is in {}/checkpoint.sqlite; make room and "
               "run again with --resume\n",
               error, arguments.out);
    return kInputOutput;
  }
  if (common.json) {
    fmt::print("{}", report::run_json(summary));
  } else {
    fmt::print("\n{}\nResults are in {}\n", report::terminal_summary(summary), arguments.out);
  }
  switch (reason) {
    case montecarlo::StopReason::interrupted:
      fmt::print(stderr, "\ninterrupted after {} of {} winters; go on with: --resume\n",
                 tally.count(), options.replications);
      return kInterrupted;
    case montecarlo::StopReason::too_many_failures:
      fmt::print(stderr,
                 "\nerror: {} replications failed; the first: replication {}: {}\n   hint: "
                 "wintergrid replay {} --replication {} -o DIR\n",
                 tally.failures().size(), tally.failures().front().replication,
                 tally.failures().front().what, arguments.scenario,
                 tally.failures().front().replication);
      return kBug;
    case montecarlo::StopReason::finished:
      if (options.stop_rule &&
          !montecarlo::precise_enough(tally, *options.stop_rule, options.group)) {
        fmt::print(stderr,
                   "\nnot precise enough after {} winters: allow more with --replications\n",
                   tally.count());
        return kCheckFailed;
      }
      return kOk;
    case montecarlo::StopReason::precise_enough:
      return kOk;
  }
  return kOk;
}

}  // namespace wintergrid::cli

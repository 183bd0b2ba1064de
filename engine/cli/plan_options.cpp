#include "engine/cli/plan_options.hpp"

#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "engine/cli/report_options.hpp"

namespace wintergrid::cli {

void add_plan(CLI::App& app, PlanArguments& arguments, CommonArguments& common,
              std::function<int()>& chosen) {
  CLI::App* command =
      app.add_subcommand("plan", "what to repair first, from today on: crew by crew");
  command->add_flag("--schema", arguments.schema,
                    "print the JSON Schema of TODAY.yaml, and nothing else");
  command->add_option("scenario", arguments.scenario, "scenario file (YAML)");
  command->add_option("--today", arguments.today, "what is damaged, who is where (YAML)");
  command->add_option("-o,--output", arguments.out, "folder for the results");
  command->add_option("-n,--replications", arguments.futures, "futures that the search looks at")
      ->check(CLI::Range(4, 10000))
      ->capture_default_str();
  command
      ->add_option("--evaluations", arguments.budget,
                   "futures that the search simulates; the same budget and seed give the same plan")
      ->check(CLI::Range(1, 100000000))
      ->capture_default_str();
  command
      ->add_option("--seconds", arguments.seconds,
                   "leave off searching so that all is done about then, budget spent or not")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  command
      ->add_option("-t,--threads", arguments.threads,
                   "threads (0: all cores); results do not depend on it")
      ->check(CLI::Range(0, 4096));
  command->add_option("--seed", arguments.seed, "seed (default: the scenario's)");
  command->add_option("--move", arguments.move,
                      "JOB:POSITION, what it costs to put a job at another place of the list");
  command->add_option("--previous,--pinned", arguments.previous,
                      "plan.json of an earlier plan: crews that it has sent out stay at work");
  command
      ->add_option("--overlay", arguments.what_if.overlays,
                   "overlay to lay on top (file, or name of a bundled one); may be repeated")
      ->expected(1)
      ->take_all();
  command
      ->add_option("--set", arguments.what_if.settings,
                   "key=value: a key of the scenario or a model parameter; may be repeated")
      ->expected(1)
      ->take_all();
  add_language_of_titles(*command, common);
  command->add_flag("-q,--quiet", common.quiet, "print errors only");
  command->add_flag("--json", common.json, "results on standard output as JSON");
  command->callback([&arguments, &common, &chosen] {
    if (arguments.schema) {
      chosen = plan_schema_command;
      return;
    }
    for (const auto& [given, name] :
         {std::pair<std::string*, const char*>{&arguments.scenario, "scenario"},
          {&arguments.today, "--today"},
          {&arguments.out, "--output"}}) {
      if (given->empty()) {
        throw CLI::RequiredError(name);
      }
    }
    chosen = [&arguments, &common] { return plan_command(arguments, common); };
  });
}

}  // namespace wintergrid::cli

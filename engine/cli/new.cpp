// `wintergrid new`: a scenario to start from.

#include <cmath>
#include <cstdio>

#include <fmt/format.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/cli/write_scenario.hpp"
#include "engine/io/suggest.hpp"
#include "engine/report/terminal.hpp"
#include "engine/scenario/synthetic/oblast.hpp"

namespace wintergrid::cli {

int new_command(const NewArguments& arguments, const CommonArguments& common) {
  if (arguments.template_name != "oblast") {
    const std::vector<std::string> known = {"oblast"};
    fmt::print(stderr, "error: template '{}' is not known (known: oblast)\n",
               arguments.template_name);
    const std::string hint = io::did_you_mean(arguments.template_name, known);
    if (!hint.empty()) {
      fmt::print(stderr, "   hint: {}\n", hint);
    }
    return kUsage;
  }
  if (!std::isfinite(arguments.people) || arguments.people < scenario::kSmallestOblastPeople ||
      arguments.people > scenario::kLargestOblastPeople) {
    fmt::print(stderr, "error: --people is {} (must be from {} to {})\n", arguments.people,
               report::grouped(scenario::kSmallestOblastPeople),
               report::grouped(scenario::kLargestOblastPeople));
    return kUsage;
  }
  const scenario::Scenario made = scenario::make_oblast({arguments.people, arguments.seed});
  return write_scenario(made, arguments.folder, arguments.force, common);
}

}  // namespace wintergrid::cli

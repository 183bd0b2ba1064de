// `wintergrid new`: a scenario to start from.

#include <algorithm>
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
  const std::vector<std::string> known = {"oblast", "city"};
  if (std::find(known.begin(), known.end(), arguments.template_name) == known.end()) {
    fmt::print(stderr, "error: template '{}' is not known (known: {})\n", arguments.template_name,
               fmt::join(known, ", "));
    const std::string hint = io::did_you_mean(arguments.template_name, known);
    if (!hint.empty()) {
      fmt::print(stderr, "   hint: {}\n", hint);
    }
    return kUsage;
  }
  if (!std::isfinite(arguments.people) || arguments.people < scenario::kSmallestSyntheticPeople ||
      arguments.people > scenario::kLargestSyntheticPeople) {
    fmt::print(stderr, "error: --people is {} (must be from {} to {})\n", arguments.people,
               report::grouped(scenario::kSmallestSyntheticPeople),
               report::grouped(scenario::kLargestSyntheticPeople));
    return kUsage;
  }
  const scenario::SyntheticRequest request{arguments.people, arguments.seed};
  const scenario::Scenario made = arguments.template_name == "city"
                                      ? scenario::make_city(request)
                                      : scenario::make_oblast(request);
  return write_scenario(made, arguments.folder, arguments.force, common);
}

}  // namespace wintergrid::cli

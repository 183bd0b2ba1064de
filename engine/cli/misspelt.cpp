#include "engine/cli/misspelt.hpp"

#include <algorithm>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "engine/io/suggest.hpp"

namespace wintergrid::cli {
namespace {

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

}  // namespace

std::string unknown_command(const CLI::App& app, int count, char** words) {
  const CLI::App* at = &app;
  for (int i = 1; i < count; ++i) {
    const std::string given = words[i];
    const std::vector<std::string> names = command_names(*at);
    if (names.empty() || given.rfind('-', 0) == 0) {
      return {};
    }
    if (std::find(names.begin(), names.end(), given) == names.end()) {
      const std::string hint = io::did_you_mean(given, names);
      return fmt::format("error: '{}' is not a command (known: {})\n{}", given,
                         fmt::join(names, ", "),
                         hint.empty() ? hint : fmt::format("   hint: {}\n", hint));
    }
    at = at->get_subcommand(given);
  }
  return {};
}

std::string unknown_option(const CLI::App& app, int count, char** words) {
  const CLI::App* at = &app;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word.rfind("--", 0) != 0 || word == "--") {
      const std::vector<const CLI::App*> inner =
          at->get_subcommands([&](const CLI::App* command) { return command->get_name() == word; });
      at = inner.empty() ? at : inner.front();
      continue;
    }
    const std::string given = word.substr(0, word.find('='));
    if (at->get_option_no_throw(given) != nullptr) {
      continue;
    }
    std::vector<std::string> known;
    for (const CLI::Option* option : at->get_options()) {
      for (const std::string& name : option->get_lnames()) {
        known.push_back("--" + name);
      }
    }
    const std::string hint = io::did_you_mean(given, known);
    return fmt::format("error: '{}' is not an option here (known: {})\n{}", given,
                       fmt::join(known, ", "),
                       hint.empty() ? hint : fmt::format("   hint: {}\n", hint));
  }
  return {};
}

}  // namespace wintergrid::cli

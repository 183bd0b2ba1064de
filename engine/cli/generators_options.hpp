#pragma once
// The options of `wintergrid generators`.

#include <functional>

#include "engine/cli/commands.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the name is the library's
class App;
}

namespace wintergrid::cli {

/// Adds the subcommand; what it is told goes to `arguments`, what is to be done to `chosen`. All
/// three must outlive `app`. `add_what_if` adds --overlay and --set, `seed` checks a seed.
void add_generators(CLI::App& app, GeneratorsArguments& arguments, CommonArguments& common,
                    std::function<int()>& chosen,
                    const std::function<void(CLI::App*, WhatIf&)>& add_what_if,
                    const std::function<std::string(const std::string&)>& seed);

}  // namespace wintergrid::cli

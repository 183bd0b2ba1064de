#pragma once
// The options of `wintergrid report`, and --lang, which others have too.

#include <functional>

#include "engine/cli/commands.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the name is the library's
class App;
}

namespace wintergrid::cli {

/// Adds --lang.
void add_language(CLI::App& command, CommonArguments& common);
/// The same for commands without workbook and page.
void add_language_of_titles(CLI::App& command, CommonArguments& common);

/// Adds the subcommand; what it is told goes to `arguments`, what is to be done to `chosen`. All
/// three must outlive `app`.
void add_report(CLI::App& app, ReportArguments& arguments, CommonArguments& common,
                std::function<int()>& chosen);

}  // namespace wintergrid::cli

#pragma once
// Words of the command line that are not known, with the closest that are.

#include <string>

namespace CLI {  // NOLINT(readability-identifier-naming): the name is the library's
class App;
}

namespace wintergrid::cli {

/// A first word, or one after a command that has commands of its own, that is no command; with the
/// closest one. Empty if all is well.
std::string unknown_command(const CLI::App& app, int count, char** words);

/// An option that the named command does not have, with the closest one that it has; empty if all
/// are known.
std::string unknown_option(const CLI::App& app, int count, char** words);

}  // namespace wintergrid::cli

#include "engine/cli/report_options.hpp"

#include <CLI/CLI.hpp>

namespace wintergrid::cli {

void add_report(CLI::App& app, ReportArguments& arguments, CommonArguments& common,
                std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "report", "the results of a run as one page to read, print and pass on (HTML)");
  command->add_option("folder", arguments.folder, "folder that `wintergrid run` wrote")->required();
  command->add_option("-o,--output", arguments.out, "file (default: report.html in the folder)");
  command->add_option("--lang", arguments.language, "language that the page opens in; it has both")
      ->capture_default_str()
      ->check(CLI::IsMember({"en", "uk"}));
  command->add_flag("-q,--quiet", common.quiet, "print errors only");
  command->callback([&] { chosen = [&] { return report_command(arguments, common); }; });
}

}  // namespace wintergrid::cli

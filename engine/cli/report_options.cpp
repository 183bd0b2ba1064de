#include "engine/cli/report_options.hpp"

#include <CLI/CLI.hpp>

namespace wintergrid::cli {

static void add_lang(CLI::App& command, CommonArguments& common, const char* what) {
  command.add_option("--lang", common.language, what)
      ->check(CLI::IsMember({"en", "uk"}))
      ->capture_default_str();
}

void add_language(CLI::App& command, CommonArguments& common) {
  add_lang(command, common, "language of workbook and column titles, and that the page opens in");
}

void add_language_of_titles(CLI::App& command, CommonArguments& common) {
  add_lang(command, common, "language of the column titles in datapackage.json");
}

void add_report(CLI::App& app, ReportArguments& arguments, CommonArguments& common,
                std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "report", "the results of a run as a page and a workbook to read, print and pass on");
  command->add_option("folder", arguments.folder, "folder that `wintergrid run` or compare wrote")
      ->required();
  command->add_option("-o,--output", arguments.out,
                      "one file, .html or .xlsx (default: report.html and summary.xlsx in the "
                      "folder)");
  command
      ->add_option("--with", arguments.with,
                   "folders of `wintergrid plan`, generators, sensitivity or replay of the same "
                   "scenario: shown on the page too (a plan and a replay name what is damaged)")
      ->delimiter(',');
  add_language(*command, common);
  command->add_flag("-q,--quiet", common.quiet, "print errors only");
  command->callback([&] { chosen = [&] { return report_command(arguments, common); }; });
}

}  // namespace wintergrid::cli

// report: page, workbook and titles of columns of a finished run, from the report.json in its
// folder.

#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/cli/commands.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/io/diagnostics_text.hpp"
#include "engine/io/source_text.hpp"
#include "engine/report/data_package.hpp"
#include "engine/report/report_page.hpp"
#include "engine/report/report_parts.hpp"
#include "engine/report/workbook.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::cli {
namespace {

constexpr std::uint64_t kLargestBytes = 256 * io::kMebibyte;

/// The CSV tables of a folder: those of a run, or the one of a comparison.
std::vector<report::CsvTable> tables_in(const std::string& folder, std::string_view report_json) {
  std::error_code ignored;
  if (!std::filesystem::exists(folder + "/compare.csv", ignored)) {
    return report::run_tables();
  }
  const nlohmann::json json = nlohmann::json::parse(report_json);
  return {report::compare_table(json.at("comparison").at("kind").get<std::string>())};
}

/// Into the folder, or the workbook alone into the file that was asked for.
std::string write_workbook_and_titles(const ReportArguments& arguments,
                                      std::string_view report_json, report::Language language) {
  if (!arguments.out.empty()) {
    return report::write_workbook(arguments.out, report_json, language);
  }
  const std::string error =
      report::write_workbook(arguments.folder + "/summary.xlsx", report_json, language);
  return error.empty() ? io::write_file_atomically(
                             io::system_file_ops(), arguments.folder + "/datapackage.json",
                             report::data_package_json(
                                 report_json, tables_in(arguments.folder, report_json), language))
                       : error;
}

/// What `--with` names, into the page's data; an exit code and its message otherwise.
int add_parts(const ReportArguments& arguments, std::string& page_data) {
  std::vector<report::Part> parts;
  for (const std::string& folder : arguments.with) {
    const std::size_t before = parts.size();
    for (const char* file : report::kPartFiles) {
      const std::string path = folder + "/" + file;
      std::error_code ignored;
      if (std::filesystem::exists(path, ignored)) {
        Diagnostics diagnostics;
        const std::optional<io::SourceText> source =
            io::read_source(path, kLargestBytes, SourcePlace{}, diagnostics);
        if (!source) {  // a folder, too large, not to be read
          fmt::print(stderr, "{}", io::diagnostics_text(diagnostics));
          return kBadData;
        }
        parts.push_back({path, std::string(source->text())});
      }
    }
    if (parts.size() == before) {
      fmt::print(
          stderr,
          "error: '{}' has nothing for the page: no plan.json, generators.json, "
          "sensitivity.json or replay.json\n   hint: --with takes the -o of wintergrid plan, "
          "generators, sensitivity or replay\n",
          folder);
      return kNoInput;
    }
  }
  std::string problem;
  std::string with = report::with_parts(page_data, parts, problem);
  if (!problem.empty()) {
    fmt::print(stderr, "error: {}\n   hint: run them again for the scenario and overlays of '{}'\n",
               problem, arguments.folder);
    return kBadData;
  }
  page_data = std::move(with);
  return kOk;
}

}  // namespace

int report_command(const ReportArguments& arguments, const CommonArguments& common) {
  const bool workbook_only = arguments.out.ends_with(".xlsx");
  if (!arguments.out.empty() && !workbook_only && !arguments.out.ends_with(".html")) {
    fmt::print(stderr, "error: '{}' is neither a page (.html) nor a workbook (.xlsx)\n",
               arguments.out);
    return kUsage;
  }
  if (workbook_only && !arguments.with.empty()) {
    fmt::print(stderr, "error: --with is for the page; '{}' is a workbook\n", arguments.out);
    return kUsage;
  }
  const std::string data_file = arguments.folder + "/report.json";
  std::error_code ignored;
  if (!std::filesystem::exists(data_file, ignored)) {
    fmt::print(stderr,
               "error: '{}' is not there\n   hint: wintergrid run SCENARIO -o {} writes it with "
               "the other results\n",
               data_file, arguments.folder);
    return kNoInput;
  }
  Diagnostics diagnostics;
  const std::optional<io::SourceText> source =
      io::read_source(data_file, kLargestBytes, SourcePlace{}, diagnostics);
  const std::string problem =
      source ? report::report_json_problem(source->text()) : std::string("cannot be read");
  if (!problem.empty()) {
    fmt::print(stderr, "error: '{}' {}\n   hint: run the scenario again into that folder\n",
               data_file, problem);
    return kBadData;
  }
  const report::Language language = report::language_of(common.language);
  std::string page_data(source->text());
  if (const int status = add_parts(arguments, page_data); status != kOk) {
    return status;  // before anything is written
  }
  if (arguments.out.empty() || workbook_only) {
    std::string error;
    try {
      error = write_workbook_and_titles(arguments, source->text(), language);
    } catch (const std::exception& damaged) {  // JSON, but not what this program writes
      fmt::print(stderr,
                 "error: '{}' is damaged: {}\n   hint: run the scenario again into that folder\n",
                 data_file, damaged.what());
      return kBadData;
    }
    if (!error.empty()) {
      fmt::print(stderr, "error: {}\n", error);
      return kCannotCreate;
    }
  }
  if (!workbook_only && !report::has_page_template()) {
    fmt::print(stderr,
               "error: this program was built without the page (Node or its packages were "
               "missing)\n   hint: with Node 18 or newer and npm, in the source folder: "
               "engine/report/web/fetch, then build again; all numbers are in {} and the tables "
               "beside it\n",
               data_file);
    return kUnavailable;
  }
  const std::string page =
      arguments.out.empty() ? arguments.folder + "/report.html" : arguments.out;
  if (!workbook_only) {
    const std::string error = io::write_file_atomically(io::system_file_ops(), page,
                                                        report::report_page(page_data, language));
    if (!error.empty()) {
      fmt::print(stderr, "error: {}\n", error);
      return kCannotCreate;
    }
  }
  if (!common.quiet) {
    if (arguments.out.empty()) {
      fmt::print("{}/summary.xlsx\n", arguments.folder);
    }
    fmt::print("{}\n", page);
  }
  return kOk;
}

}  // namespace wintergrid::cli

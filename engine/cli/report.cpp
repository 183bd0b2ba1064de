// report: the page of a finished run, from the report.json in its folder.

#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "engine/cli/commands.hpp"
#include "engine/cli/exit_codes.hpp"
#include "engine/io/atomic_file.hpp"
#include "engine/io/source_text.hpp"
#include "engine/report/report_page.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::cli {
namespace {

constexpr std::uint64_t kLargestBytes = 256 * io::kMebibyte;

}  // namespace

int report_command(const ReportArguments& arguments, const CommonArguments& common) {
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
  if (!report::has_page_template()) {
    fmt::print(stderr,
               "error: this program was built without the page (Node or its packages were "
               "missing)\n   hint: with Node 18 or newer and npm, in the source folder: "
               "engine/report/web/fetch, then build again; all numbers are in {} and the tables "
               "beside it\n",
               data_file);
    return kUnavailable;
  }
  const std::string out = arguments.out.empty() ? arguments.folder + "/report.html" : arguments.out;
  const report::Language language =
      arguments.language == "uk" ? report::Language::ukrainian : report::Language::english;
  const std::string error = io::write_file_atomically(
      io::system_file_ops(), out, report::report_page(source->text(), language));
  if (!error.empty()) {
    fmt::print(stderr, "error: {}\n", error);
    return kCannotCreate;
  }
  if (!common.quiet) {
    fmt::print("{}\n", out);
  }
  return kOk;
}

}  // namespace wintergrid::cli

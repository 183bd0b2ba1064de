#include "engine/report/write_results.hpp"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/io/atomic_file.hpp"
#include "engine/io/file_ops.hpp"
#include "engine/report/data_package.hpp"
#include "engine/report/geopackage.hpp"
#include "engine/report/report_data.hpp"
#include "engine/report/report_page.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/workbook.hpp"

namespace wintergrid::report {

std::string write_for_people(const std::string& folder, const std::string& report_json,
                             const std::vector<CsvTable>& tables, Language language) {
  io::FileOps& files = io::system_file_ops();
  std::string error = io::write_file_atomically(files, folder + "/report.json", report_json);
  if (error.empty()) {
    error = io::write_file_atomically(files, folder + "/datapackage.json",
                                      data_package_json(report_json, tables, language));
  }
  if (error.empty()) {
    error = write_workbook(folder + "/summary.xlsx", report_json, language);
  }
  if (error.empty() && has_page_template()) {
    error = io::write_file_atomically(files, folder + "/report.html",
                                      report_page(report_json, language));
  } else if (error.empty()) {
    std::error_code ignored;
    std::filesystem::remove(folder + "/report.html", ignored);
  }
  return error;
}

std::string write_results(const std::string& folder, const Summary& summary,
                          const montecarlo::Case& which, recovery::PolicyKind policy,
                          const montecarlo::Tally& tally, const ManifestFacts& manifest,
                          Language language) {
  io::FileOps& files = io::system_file_ops();
  // run.json goes first and comes last: a folder that has it is complete.
  std::error_code ignored;
  std::filesystem::remove(folder + "/run.json", ignored);
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"headline.csv", headline_csv(summary)},
      {"replications.csv", replications_csv(tally)},
      {"zones.csv", zones_csv(which.model, tally)},
      {"hourly.csv", hourly_csv(summary)},
      {"generators.csv", generators_csv(summary)},
      {"manifest.json", manifest_json(summary, manifest)}};
  for (const auto& [name, text] : texts) {
    std::string error = io::write_file_atomically(files, fmt::format("{}/{}", folder, name), text);
    if (!error.empty()) {
      return error;
    }
  }
  std::string error = write_for_people(
      folder, report_json(summary, which.model, tally, shown_winters(which, policy, tally)),
      run_tables(), language);
  if (!error.empty()) {
    return error;
  }
  error = write_geopackage(folder + "/results.gpkg", summary, which.model, tally);
  if (!error.empty()) {
    return error;
  }
  return io::write_file_atomically(files, folder + "/run.json", run_json(summary));
}

}  // namespace wintergrid::report

#include "engine/report/write_results.hpp"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/io/atomic_file.hpp"
#include "engine/io/file_ops.hpp"
#include "engine/report/geopackage.hpp"
#include "engine/report/report_data.hpp"
#include "engine/report/report_page.hpp"
#include "engine/report/tables.hpp"

namespace wintergrid::report {

std::string write_results(const std::string& folder, const Summary& summary,
                          const montecarlo::Case& which, const montecarlo::Tally& tally,
                          const ManifestFacts& manifest) {
  io::FileOps& files = io::system_file_ops();
  // run.json goes first and comes last: a folder that has it is complete.
  std::error_code ignored;
  std::filesystem::remove(folder + "/run.json", ignored);
  const std::string data = report_json(summary, which.model, tally);
  std::vector<std::pair<std::string, std::string>> texts = {
      {"headline.csv", headline_csv(summary)},
      {"replications.csv", replications_csv(tally)},
      {"zones.csv", zones_csv(which.model, tally)},
      {"hourly.csv", hourly_csv(summary)},
      {"generators.csv", generators_csv(summary)},
      {"report.json", data},
      {"manifest.json", manifest_json(summary, manifest)}};
  if (has_page_template()) {
    texts.emplace_back("report.html", report_page(data, Language::english));
  } else {  // not that of an earlier run
    std::filesystem::remove(folder + "/report.html", ignored);
  }
  for (const auto& [name, text] : texts) {
    std::string error = io::write_file_atomically(files, fmt::format("{}/{}", folder, name), text);
    if (!error.empty()) {
      return error;
    }
  }
  std::string error = write_geopackage(folder + "/results.gpkg", summary, which.model, tally);
  if (!error.empty()) {
    return error;
  }
  return io::write_file_atomically(files, folder + "/run.json", run_json(summary));
}

}  // namespace wintergrid::report

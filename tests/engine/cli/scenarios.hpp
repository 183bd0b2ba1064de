#pragma once
// Scenarios and results that tests of the program share.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/cli/program.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::test {

inline const std::string kTown = std::string(WINTERGRID_SOURCE_DIR) + "/data/town/scenario.yaml";
inline const std::string kOblast =
    std::string(WINTERGRID_SOURCE_DIR) + "/data/oblast/scenario.yaml";

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A change of one line of a file.
inline void replace_in(const std::filesystem::path& file, const std::string& before,
                       const std::string& after) {
  std::string text = bytes_of(file);
  const std::size_t at = text.find(before);
  ASSERT_NE(at, std::string::npos) << before;
  text.replace(at, before.size(), after);
  std::ofstream(file, std::ios::binary) << text;
}

/// The smallest oblast, ten days long, under the full campaign.
inline std::string small_oblast(const TempDir& folder) {
  const Finished made =
      run_program({"new", "oblast", (folder / "oblast").string(), "--people", "1e5", "-q"});
  EXPECT_EQ(made.code, 0) << made.err;
  const std::filesystem::path file = folder / "oblast/scenario.yaml";
  replace_in(file, "tables:\n", "horizon_days: 10\ntables:\n");
  return file.string();
}

inline void expect_same_results(const std::filesystem::path& a, const std::filesystem::path& b) {
  for (const char* name :
       {"run.json", "results.gpkg", "headline.csv", "replications.csv", "zones.csv", "hourly.csv",
        "generators.csv", "report.json", "summary.xlsx", "datapackage.json"}) {
    EXPECT_GT(bytes_of(a / name).size(), 0U) << name;
    EXPECT_TRUE(bytes_of(a / name) == bytes_of(b / name)) << name;
  }
}

inline std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  if (std::filesystem::exists(folder)) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      names.push_back(entry.path().filename().string());
    }
  }
  return names;
}

}  // namespace wintergrid::test

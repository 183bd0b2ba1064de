// The README's four paths as a person follows them: the commands of each, in order, in one folder.
// With few winters, a small oblast and flows by capacity; else as they stand.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/cli/program.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid {
namespace {

namespace fs = std::filesystem;
using test::bytes_of;
using test::TempDir;

std::vector<std::string> paths() {
  std::vector<std::string> blocks;
  std::istringstream readme(bytes_of(fs::path(WINTERGRID_SOURCE_DIR) / "README.md"));
  bool inside = false;
  for (std::string line; std::getline(readme, line);) {
    if (line == "```sh") {
      blocks.emplace_back();
      inside = true;
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

std::string quick(std::string commands) {
  commands = std::regex_replace(commands, std::regex("-n [0-9]+"), "-n 8");
  commands = std::regex_replace(commands, std::regex("hindcast (.*) -n 8"), "hindcast $1 -n 10");
  commands = std::regex_replace(commands, std::regex("--evaluations [0-9]+"), "--evaluations 1");
  commands = std::regex_replace(commands, std::regex("--people [0-9.e]+"), "--people 1e5");
  return std::regex_replace(commands,
                            std::regex("wintergrid (plan|run|generators) ([^ ;\n]+scenario.yaml)"),
                            "wintergrid $1 $2 --set fidelity=transport");
}

/// In a folder of its own that has data/ and the program.
void follow(const std::string& commands) {
  const TempDir folder;
  fs::create_directory_symlink(fs::path(WINTERGRID_SOURCE_DIR) / "data", folder / "data");
  fs::create_directory(folder / "bin");
  fs::create_symlink(WINTERGRID_PROGRAM, folder / "bin/wintergrid");
  // Without Node there is no page, and report says so with 69: the one command that may.
  folder.write("path.sh", "set -e\nPATH=" + (folder / "bin").string() +
                              ":$PATH\nwintergrid() { command wintergrid \"$@\" || { status=$?; [ "
                              "\"$1/$status\" = report/69 ] || exit $status; }; }\n" +
                              quick(commands));
  const std::string command = "cd '" + folder.path().string() + "' && bash path.sh > log 2>&1";
  const int status = std::system(command.c_str());  // NOLINT: a shell is what is tested
  EXPECT_EQ(status, 0) << quick(commands) << bytes_of(folder / "log");
}

TEST(Paths, OfAPlanner) {
  ASSERT_EQ(paths().size(), 4U);
  follow(paths()[0]);
}
TEST(Paths, OfAnNgo) { follow(paths().at(1)); }
TEST(Paths, OfAResearcher) { follow(paths().at(2)); }
TEST(Paths, OfABenchmarkEngineer) { follow(paths().at(3)); }

}  // namespace
}  // namespace wintergrid

// Every case is a folder under cases/: its files replace those of base/, and expected.txt is what
// a person reads about scenario.yaml, to the letter: message, code, line and hint. After a wanted
// change of messages run with WINTERGRID_UPDATE=1 and review the difference.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "engine/io/diagnostics_text.hpp"
#include "tests/bad_inputs/check.hpp"

namespace wintergrid::bad_inputs {
namespace {

namespace fs = std::filesystem;

const fs::path kHere = fs::path(WINTERGRID_SOURCE_DIR) / "tests/bad_inputs";
const fs::path kScratch = fs::path(WINTERGRID_BINARY_DIR) / "bad_inputs";

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(kHere / "cases")) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Every path below a folder with its bytes.
std::vector<std::string> contents_of(const fs::path& folder) {
  std::vector<std::string> contents;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    contents.push_back(entry.path().string() + "\n" +
                       (entry.is_regular_file() ? bytes_of(entry.path()) : ""));
  }
  std::sort(contents.begin(), contents.end());
  return contents;
}

/// A fresh folder that is the working folder while the object lives, so that messages name files as
/// a person would.
class WorkingFolder {
 public:
  explicit WorkingFolder(const std::string& name)
      : before_(fs::current_path()), folder_(kScratch / name) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    fs::copy(kHere / "base", folder_, fs::copy_options::recursive);
    fs::current_path(folder_);
  }
  WorkingFolder(const WorkingFolder&) = delete;
  WorkingFolder& operator=(const WorkingFolder&) = delete;
  ~WorkingFolder() { fs::current_path(before_); }

  /// The files of a case; a folder of the case replaces a file of the same name.
  void add(const fs::path& from) {
    for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
      if (entry.path().filename() != "expected.txt") {
        const fs::path to = folder_ / entry.path().filename();
        fs::remove_all(to);
        fs::copy(entry.path(), to, fs::copy_options::recursive);
      }
    }
  }
  const fs::path& folder() const { return folder_; }

 private:
  fs::path before_;
  fs::path folder_;
};

class BadInput : public testing::TestWithParam<std::string> {};

TEST_P(BadInput, IsReportedWithPlaceAndHintAndChangesNothing) {
  const fs::path case_folder = kHere / "cases" / GetParam();
  WorkingFolder working(GetParam());
  working.add(case_folder);
  const std::vector<std::string> before = contents_of(working.folder());

  const Diagnostics diagnostics = check("scenario.yaml");

  EXPECT_EQ(contents_of(working.folder()), before);
  EXPECT_FALSE(diagnostics.ok()) << "a bad-input case must be refused";
  const std::string said = io::diagnostics_text(diagnostics);
  if (std::getenv("WINTERGRID_UPDATE") != nullptr) {
    std::ofstream(case_folder / "expected.txt", std::ios::binary) << said;
  }
  EXPECT_EQ(said, bytes_of(case_folder / "expected.txt"));
}

INSTANTIATE_TEST_SUITE_P(Cases, BadInput, testing::ValuesIn(case_names()),
                         [](const testing::TestParamInfo<std::string>& one) { return one.param; });

TEST(BadInputs, BaseIsGood) {
  const WorkingFolder working("base");
  EXPECT_EQ(check("scenario.yaml").to_text(), "");
}

TEST(BadInputs, AtLeastSixtyCases) { EXPECT_GE(case_names().size(), 60U); }

TEST(BadInputs, MissingScenario) {
  const WorkingFolder working("missing_scenario");
  EXPECT_EQ(check("scenari.yaml").to_text(),
            "scenari.yaml: error: file 'scenari.yaml' does not exist\n"
            "   hint: did you mean 'scenario.yaml'?\n"
            "1 error. Nothing was run.\n");
}

TEST(BadInputs, ScenarioIsAFolder) {
  const WorkingFolder working("scenario_is_a_folder");
  EXPECT_EQ(check(".").to_text(),
            ".: error: '.' is a folder, not a file\n"
            "   hint: name a file in it\n"
            "1 error. Nothing was run.\n");
}

TEST(BadInputs, ScenarioBelowAFile) {
  const WorkingFolder working("scenario_below_a_file");
  EXPECT_EQ(check("zones.csv/scenario.yaml").to_text(),
            "zones.csv/scenario.yaml: error: file 'zones.csv/scenario.yaml' does not exist\n"
            "1 error. Nothing was run.\n");
}

// The files have holes and take no space; they are refused by their size before a byte is read.
TEST(BadInputs, HugeScenario) {
  const WorkingFolder working("huge_scenario");
  fs::resize_file("scenario.yaml", (std::uintmax_t{16} << 20) + 1);
  EXPECT_EQ(check("scenario.yaml").to_text(),
            "scenario.yaml: error: file 'scenario.yaml' is too large (16.0 MiB; at most 16.0 MiB)\n"
            "   hint: check that it is the right file\n"
            "1 error. Nothing was run.\n");
}

TEST(BadInputs, HugeTable) {
  const WorkingFolder working("huge_table");
  fs::resize_file("households.csv", std::uintmax_t{513} << 20);
  EXPECT_EQ(check("scenario.yaml").to_text(),
            "scenario.yaml:18:15: error: file 'households.csv' is too large (513.0 MiB; at most "
            "512.0 MiB)\n"
            "   hint: check that it is the right file\n"
            "1 error. Nothing was run.\n");
}

TEST(BadInputs, PipeInsteadOfATable) {
  const WorkingFolder working("pipe");
  fs::remove("zones.csv");
  ASSERT_EQ(::mkfifo("zones.csv", 0600), 0);
  EXPECT_EQ(check("scenario.yaml").to_text(),
            "scenario.yaml:13:10: error: 'zones.csv' is not a regular file\n"
            "   hint: give a file: devices and pipes are not read\n"
            "1 error. Nothing was run.\n");
}

TEST(BadInputs, LinkThatLeadsToItself) {
  const WorkingFolder working("link_loop");
  fs::remove("zones.csv");
  fs::create_symlink("zones.csv", "zones.csv");
  EXPECT_EQ(check("scenario.yaml").to_text(),
            "scenario.yaml:13:10: error: file 'zones.csv' cannot be opened: Too many levels of "
            "symbolic links\n"
            "1 error. Nothing was run.\n");
}

// A file cut anywhere is refused or, if the cut falls between rows, reads as a shorter one: never a
// crash or a wrong value.
TEST(BadInputs, ScenarioCutAnywhereNeverCrashes) {
  const WorkingFolder working("cut_scenario");
  const std::string whole = bytes_of("scenario.yaml");
  std::size_t refused = 0;
  for (std::size_t length = 0; length < whole.size(); length += 13) {
    std::ofstream("scenario.yaml", std::ios::binary) << whole.substr(0, length);
    refused += check("scenario.yaml").ok() ? 0U : 1U;
  }
  EXPECT_GT(refused, whole.size() / 13 / 2);  // all required tables stand in the first half
}

TEST(BadInputs, TableCutAnywhereNeverCrashes) {
  const WorkingFolder working("cut_table");
  const std::string whole = bytes_of("zones.csv");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    std::ofstream("zones.csv", std::ios::binary) << whole.substr(0, length);
    const Diagnostics diagnostics = check("scenario.yaml");
    for (const Diagnostic& item : diagnostics.items()) {
      EXPECT_FALSE(item.place.file.empty());
    }
  }
}

TEST(BadInputs, AnyByteChangedNeverCrashes) {
  const WorkingFolder working("changed_byte");
  const std::string whole = bytes_of("scenario.yaml");
  for (std::size_t at = 0; at < whole.size(); at += 23) {
    for (const char replacement :
         {'\0', '\x04', '\t', '"', '{', '[', '&', '*', '!', ':', '-', '\n', '\xFF'}) {
      std::string changed = whole;
      changed[at] = replacement;
      std::ofstream("scenario.yaml", std::ios::binary) << changed;
      const Diagnostics diagnostics = check("scenario.yaml");
      for (const Diagnostic& item : diagnostics.items()) {
        EXPECT_EQ(item.place.file.empty(), false);
      }
    }
  }
}

}  // namespace
}  // namespace wintergrid::bad_inputs

// `wintergrid report`: the page from a run's folder, and what it says where there is none.

#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/cli/program.hpp"
#include "tests/engine/cli/scenarios.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid {
namespace {

namespace fs = std::filesystem;
using test::bytes_of;
using test::contains;
using test::Finished;
using test::kTown;
using test::run_program;
using test::TempDir;

TEST(Report, ThePageOfARun) {
  const TempDir folder;
  const std::string out = (folder / "out").string();
  ASSERT_EQ(run_program({"run", kTown, "-o", out, "-n", "8", "-q"}).code, 0);
  const std::string data = bytes_of(folder / "out/report.json");
  EXPECT_EQ(nlohmann::json::parse(data).at("format"), "wintergrid-report");
  const Finished result = run_program({"report", out, "-o", (folder / "page.html").string()});
  if (result.code == 69) {  // built without Node
    EXPECT_TRUE(contains(result.err, "built without the page")) << result.err;
    EXPECT_TRUE(contains(result.err, "engine/report/web/fetch")) << result.err;
    EXPECT_FALSE(fs::exists(folder / "out/report.html"));
    EXPECT_FALSE(fs::exists(folder / "page.html"));
    return;
  }
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, (folder / "page.html").string() + "\n");
  EXPECT_EQ(bytes_of(folder / "page.html") == bytes_of(folder / "out/report.html"), true);
  ASSERT_EQ(run_program({"report", out, "--lang", "uk", "-q"}).code, 0);
  EXPECT_TRUE(contains(bytes_of(folder / "out/report.html"), "{\"language\":\"uk\","));
  const Finished nowhere = run_program({"report", out, "-o", (folder / "no/where.html").string()});
  EXPECT_EQ(nowhere.code, 73);
  EXPECT_TRUE(contains(nowhere.err, "where.html")) << nowhere.err;
}

TEST(Report, WhatCannotBeDoneIsRefusedBeforeAnythingIsWritten) {
  const TempDir folder;
  const std::string out = (folder / "out").string();
  ASSERT_EQ(run_program({"run", kTown, "-o", out, "-n", "2", "-q"}).code, 0);
  const Finished pdf = run_program({"report", out, "-o", (folder / "page.pdf").string()});
  EXPECT_EQ(pdf.code, 64);
  EXPECT_FALSE(fs::exists(folder / "page.pdf"));
  const Finished sheet =
      run_program({"report", out, "-o", (folder / "x.xlsx").string(), "--with", out});
  EXPECT_EQ(sheet.code, 64);
  EXPECT_FALSE(fs::exists(folder / "x.xlsx"));
  fs::create_directories(folder / "part/plan.json");  // a folder, where a file should be
  fs::remove(folder / "out/summary.xlsx");
  const Finished part = run_program({"report", out, "--with", (folder / "part").string()});
  EXPECT_EQ(part.code, 65);
  EXPECT_TRUE(contains(part.err, "plan.json")) << part.err;
  EXPECT_FALSE(contains(part.err, "not JSON")) << part.err;
  EXPECT_FALSE(fs::exists(folder / "out/summary.xlsx"));
}

/// Title of a column in datapackage.json.
std::string title_of(const fs::path& folder, std::size_t table, std::size_t column) {
  return nlohmann::json::parse(bytes_of(folder / "datapackage.json"))
      .at("resources")
      .at(table)
      .at("schema")
      .at("fields")
      .at(column)
      .at("title");
}

TEST(Report, WorkbookAndTitlesInEitherLanguage) {
  const TempDir folder;
  const std::string out = (folder / "out").string();
  ASSERT_EQ(run_program({"run", kTown, "-o", out, "-n", "8", "-q", "--lang", "uk"}).code, 0);
  const std::string ukrainian = bytes_of(folder / "out/summary.xlsx");
  EXPECT_EQ(ukrainian.substr(0, 4), "PK\x03\x04");
  EXPECT_EQ(title_of(folder / "out", 2, 2), "Домогосподарства");
  const int page = run_program({"report", out, "-q"}).code;
  EXPECT_TRUE(page == 0 || page == 69) << page;  // 69: built without the page
  EXPECT_EQ(title_of(folder / "out", 2, 2), "Households");
  EXPECT_FALSE(bytes_of(folder / "out/summary.xlsx") == ukrainian);
  const std::string file = (folder / "alone.xlsx").string();
  const Finished alone = run_program({"report", out, "--lang", "uk", "-o", file});
  EXPECT_EQ(alone.code, 0) << alone.err;
  EXPECT_EQ(alone.out, file + "\n");
  EXPECT_TRUE(bytes_of(file) == ukrainian);  // the same, byte for byte
  const Finished nowhere = run_program({"report", out, "-o", (folder / "no/x.xlsx").string()});
  EXPECT_EQ(nowhere.code, 73);
  // One line, ours: the library that writes workbooks has its own on standard error.
  EXPECT_EQ(nowhere.err, "error: " + (folder / "no/x.xlsx").string() +
                             ": cannot write: No such file or directory\n");
  EXPECT_EQ(run_program({"run", kTown, "-o", out, "-n", "8", "--lang", "fr"}).code, 64);
}

TEST(Report, AComparisonHasItsOwnTable) {
  const TempDir folder;
  const std::string out = (folder / "out").string();
  ASSERT_EQ(run_program({"compare", kTown, "--policies", "first_come,nearest", "-o", out, "-n", "8",
                         "-q", "--lang", "uk"})
                .code,
            0);
  EXPECT_EQ(title_of(folder / "out", 0, 1), "Черговість А");
  EXPECT_EQ(bytes_of(folder / "out/summary.xlsx").substr(0, 2), "PK");
  const int page = run_program({"report", out, "-q"}).code;
  EXPECT_TRUE(page == 0 || page == 69) << page;
  EXPECT_EQ(title_of(folder / "out", 0, 1), "Policy A");
  // Columns as they stand in the table.
  const nlohmann::json package =
      nlohmann::json::parse(bytes_of(folder / "out/datapackage.json")).at("resources").at(0);
  std::string header;
  for (const nlohmann::json& field : package.at("schema").at("fields")) {
    header += (header.empty() ? "" : ",") + field.at("name").get<std::string>();
  }
  EXPECT_EQ(package.at("path"), "compare.csv");
  EXPECT_EQ(bytes_of(folder / "out/compare.csv").rfind(header + "\n", 0), 0U) << header;
}

TEST(Report, WhatIsNotARunIsRefused) {
  const TempDir folder;
  const Finished missing = run_program({"report", (folder / "nothing").string()});
  EXPECT_EQ(missing.code, 66);
  EXPECT_TRUE(contains(missing.err, "report.json' is not there")) << missing.err;
  EXPECT_TRUE(contains(missing.err, "hint: wintergrid run SCENARIO -o ")) << missing.err;
  for (const char* text :
       {"", "{", "[]", "{\"format\": \"other\"}", "\xff\xfe", "{\"a\": \"\xff\"}"}) {
    folder.write("out/report.json", text);
    const Finished bad = run_program({"report", (folder / "out").string()});
    EXPECT_EQ(bad.code, 65) << text;
    EXPECT_TRUE(contains(bad.err, "error: ")) << bad.err;
    EXPECT_FALSE(fs::exists(folder / "out/report.html"));
  }
  folder.write("out/report.json",
               R"({"format": "wintergrid-report", "format_version": 1, "facts": {}, "metrics": {},
                  "services": [], "zones": [], "generators": []})");
  const Finished damaged = run_program({"report", (folder / "out").string()});
  EXPECT_EQ(damaged.code, 65);
  EXPECT_TRUE(contains(damaged.err, "is damaged")) << damaged.err;
  EXPECT_FALSE(fs::exists(folder / "out/summary.xlsx"));
  EXPECT_EQ(run_program({"report", (folder / "out").string(), "--lang", "fr"}).code, 64);
  EXPECT_EQ(run_program({"report"}).code, 64);
}

}  // namespace
}  // namespace wintergrid

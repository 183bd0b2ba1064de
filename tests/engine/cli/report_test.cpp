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
  EXPECT_EQ(run_program({"report", (folder / "out").string(), "--lang", "fr"}).code, 64);
  EXPECT_EQ(run_program({"report"}).code, 64);
}

}  // namespace
}  // namespace wintergrid

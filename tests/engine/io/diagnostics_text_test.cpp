#include "engine/io/diagnostics_text.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/io/error_kinds.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::io {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(const std::string& file, std::size_t line, std::size_t column,
                    const std::string& problem = "unknown key 'horizon_hour'",
                    const std::string& hint = "did you mean 'horizon_hours'?") {
  Diagnostics diagnostics;
  diagnostics.error(ErrorCode::unknown_name, {file, line, column}, problem, hint, "a.b");
  return diagnostics_text(diagnostics);
}

TEST(DiagnosticsText, PlaceCodeLineAndCaret) {
  const test::TempDir folder;
  folder.write("bad.yaml", "wintergrid: 1\nname: x\nhorizon_hour: 336\n");
  const std::string file = (folder / "bad.yaml").string();
  EXPECT_EQ(text_of(file, 3, 1), file +
                                     ":3:1: error: unknown key 'horizon_hour' [WG0104]\n"
                                     "  3 | horizon_hour: 336\n"
                                     "    | ^^^^^^^^^^^^\n"
                                     "   at a.b\n"
                                     "   hint: did you mean 'horizon_hours'?\n"
                                     "1 error. Nothing was run.\n"
                                     "   `wintergrid explain WG0104` says more\n");
}

TEST(DiagnosticsText, ColumnsCountCharactersNotBytes) {
  const test::TempDir folder;
  folder.write("uk.csv", "\xEF\xBB\xBFзона,назва\r\nлівий\tберег,\"так, ні\",x\r\n");
  const std::string file = (folder / "uk.csv").string();
  EXPECT_THAT(text_of(file, 1, 6), HasSubstr("  1 | зона,назва\n    |      ^^^^^\n"));
  EXPECT_THAT(text_of(file, 2, 13),
              HasSubstr("  2 | лівий берег,\"так, ні\",x\n    |             ^^^^^^^^^\n"));
  EXPECT_THAT(text_of(file, 2, 24), HasSubstr("\n    |                        ^\n"));
}

TEST(DiagnosticsText, ALongLineIsCutAroundThePlace) {
  const test::TempDir folder;
  folder.write("long.csv", std::string(5000, 'a') + ",wrong," + std::string(5000, 'b') + "\n");
  const std::string text = text_of((folder / "long.csv").string(), 1, 5002);
  EXPECT_THAT(text, HasSubstr("  1 | ..."));
  EXPECT_THAT(text, HasSubstr(",wrong,bb"));
  EXPECT_LT(text.size(), 500U + 2 * folder.path().string().size());
  const std::size_t line = text.find("  1 | ") + 6, caret = text.find('^');
  EXPECT_EQ(caret - (text.find("    | ") + 6), text.find("wrong", line) - line);
}

TEST(DiagnosticsText, WhatCannotBeShownIsLeftOut) {
  const test::TempDir folder;
  folder.write("bytes.csv", "a,\xff\xfe\nb,\x1b[31mred\nc\n");
  const std::string file = (folder / "bytes.csv").string();
  for (const auto& [line, column] : std::vector<std::pair<std::size_t, std::size_t>>{
           {1, 1}, {2, 1}, {3, 9}, {99, 1}, {0, 0}, {3, 0}}) {
    EXPECT_THAT(text_of(file, line, column), Not(HasSubstr(" | "))) << line << ":" << column;
  }
  EXPECT_THAT(text_of((folder / "gone.csv").string(), 1, 1), Not(HasSubstr(" | ")));
  EXPECT_THAT(text_of(folder.path().string(), 1, 1), Not(HasSubstr(" | ")));
  EXPECT_THAT(text_of("", 0, 0), ::testing::StartsWith("error: unknown key"));
  EXPECT_EQ(diagnostics_text({}), "");
}

TEST(DiagnosticsText, WarningsAndTheRest) {
  Diagnostics diagnostics;
  diagnostics.warning(ErrorCode::reference, {"a.csv", 0, 0}, "no row of 'x' fits this change");
  EXPECT_EQ(diagnostics_text(diagnostics),
            "a.csv: warning: no row of 'x' fits this change [WG0109]\n");
  for (int i = 0; i < 60; ++i) {
    diagnostics.error(ErrorCode::missing, {"a.csv", 0, 0}, "column 'x' is missing");
  }
  EXPECT_THAT(diagnostics_text(diagnostics),
              HasSubstr("... and 11 more\n60 errors. Nothing was run."));
  EXPECT_THAT(diagnostics_text(diagnostics), HasSubstr("explain WG0105"));
}

// A code that people have looked up keeps its meaning: the order of the enumeration and that of the
// texts may not drift apart.
TEST(ErrorKinds, EachCodeHasItsText) {
  const std::vector<std::pair<ErrorCode, std::string_view>> all = {
      {ErrorCode::file, "WG0101"},         {ErrorCode::encoding, "WG0102"},
      {ErrorCode::syntax, "WG0103"},       {ErrorCode::unknown_name, "WG0104"},
      {ErrorCode::missing, "WG0105"},      {ErrorCode::twice, "WG0106"},
      {ErrorCode::type, "WG0107"},         {ErrorCode::range, "WG0108"},
      {ErrorCode::reference, "WG0109"},    {ErrorCode::contradiction, "WG0110"},
      {ErrorCode::network, "WG0111"},      {ErrorCode::private_data, "WG0112"},
      {ErrorCode::unknown_cell, "WG0113"}, {ErrorCode::too_little, "WG0114"},
      {ErrorCode::statement, "WG0115"},    {ErrorCode::simplified, "WG0201"},
      {ErrorCode::doubtful, "WG0202"}};
  EXPECT_EQ(all.size(), error_kinds().size());
  for (const auto& [code, text] : all) {
    Diagnostics diagnostics;
    diagnostics.error(code, {}, "the words do not decide: unknown, twice, 'missing'");
    EXPECT_EQ(kind_of(diagnostics.items().front()).code, text);
  }
}

TEST(ErrorKinds, CodesAreDistinctAndExplained) {
  std::vector<std::string_view> codes;
  for (const ErrorKind& kind : error_kinds()) {
    EXPECT_EQ(std::count(codes.begin(), codes.end(), kind.code), 0) << kind.code;
    EXPECT_GT(kind.explanation.size(), 30U) << kind.code;
    codes.push_back(kind.code);
  }
}

}  // namespace
}  // namespace wintergrid::io

#include "grid_models/core/diagnostics.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wintergrid {
namespace {

TEST(Diagnostics, AreFineWhenEmpty) {
  const Diagnostics diagnostics;
  EXPECT_TRUE(diagnostics.ok());
  EXPECT_EQ(diagnostics.to_text(), "");
}

TEST(Diagnostics, ShowPlaceProblemPathAndHint) {
  Diagnostics diagnostics;
  diagnostics.error(ErrorCode::range, {"oblast.yaml", 12, 5}, "'load_mw' is -80 (must be >= 0)",
                    "give the peak load", "power.buses[3].load_mw");
  EXPECT_FALSE(diagnostics.ok());
  EXPECT_EQ(diagnostics.items().front().code, ErrorCode::range);
  EXPECT_EQ(diagnostics.to_text(),
            "oblast.yaml:12:5: error: 'load_mw' is -80 (must be >= 0)\n"
            "   at power.buses[3].load_mw\n"
            "   hint: give the peak load\n"
            "1 error. Nothing was run.\n");
}

TEST(Diagnostics, LeaveOutWhatIsUnknown) {
  Diagnostics diagnostics;
  diagnostics.error(ErrorCode::syntax, {"a.csv", 3, 0}, "too few columns");
  diagnostics.error(ErrorCode::file, {"b.csv", 0, 9}, "cannot be read");
  diagnostics.error(ErrorCode::missing, {}, "no scenario given");
  EXPECT_EQ(diagnostics.to_text(),
            "a.csv:3: error: too few columns\n"
            "b.csv: error: cannot be read\n"
            "error: no scenario given\n"
            "3 errors. Nothing was run.\n");
}

TEST(Diagnostics, WarningsDoNotStopARun) {
  Diagnostics diagnostics;
  diagnostics.warning(ErrorCode::doubtful, {"a.yaml", 1, 1}, "'crews' is 0",
                      "nothing will be repaired");
  EXPECT_TRUE(diagnostics.ok());
  EXPECT_EQ(diagnostics.warning_count(), 1U);
  EXPECT_EQ(diagnostics.to_text(),
            "a.yaml:1:1: warning: 'crews' is 0\n   hint: nothing will be repaired\n");
}

TEST(Diagnostics, KeepTheFirstFiftyAndCountTheRest) {
  Diagnostics diagnostics;
  for (int i = 0; i < 53; ++i) {
    diagnostics.error(ErrorCode::type, {}, "problem " + std::to_string(i));
  }
  EXPECT_EQ(diagnostics.items().size(), 50U);
  EXPECT_EQ(diagnostics.error_count(), 53U);
  EXPECT_THAT(diagnostics.to_text(), testing::HasSubstr("error: problem 49\n"));
  EXPECT_THAT(diagnostics.to_text(), testing::Not(testing::HasSubstr("problem 50")));
  EXPECT_THAT(diagnostics.to_text(),
              testing::EndsWith("... and 3 more\n53 errors. Nothing was run.\n"));
}

}  // namespace
}  // namespace wintergrid

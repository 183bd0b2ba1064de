#include "engine/io/suggest.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace wintergrid::io {
namespace {

TEST(EditDistance, KnownPairs) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);   // Levenshtein's usual example
  EXPECT_EQ(edit_distance("horizon", "hroizon"), 1U);  // two neighbours swapped are one edit
  EXPECT_EQ(edit_distance("CHP", "chp"), 0U);
  EXPECT_EQ(edit_distance("Київ", "Киів"), 1U);  // one character, not two bytes
}

RC_GTEST_PROP(EditDistance, IsSymmetricAndBounded, (const std::string& a, const std::string& b)) {
  RC_PRE(a.size() < 40 && b.size() < 40);
  RC_ASSERT(edit_distance(a, b) == edit_distance(b, a));
  RC_ASSERT(edit_distance(a, b) <= std::max(a.size(), b.size()));
  RC_ASSERT(edit_distance(a, a) == 0U);
}

TEST(Closest, TheNearestWithinAThird) {
  const std::vector<std::string> names{"horizon_days", "step_minutes", "seed"};
  EXPECT_EQ(closest("horizn_days", names), "horizon_days");
  EXPECT_EQ(closest("sed", names), "seed");
  EXPECT_EQ(closest("weather", names), "");
  EXPECT_EQ(closest("", names), "");
  EXPECT_EQ(did_you_mean("sead", names), "did you mean 'seed'?");
  EXPECT_EQ(did_you_mean("weather", names), "");
}

TEST(Closest, TheFirstOfEquals) {
  const std::vector<std::string> names{"B-20", "B-30"};
  EXPECT_EQ(closest("B-40", names), "B-20");
}

TEST(Closest, VeryLongNamesAreNotCompared) {
  const std::vector<std::string> names{std::string(101, 'a')};
  EXPECT_EQ(closest(std::string(101, 'a'), names), "");
}

}  // namespace
}  // namespace wintergrid::io

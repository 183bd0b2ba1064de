#include "grid_models/network/islands.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "grid_models/network/analysis.hpp"
#include "tests/support/allocation_counter.hpp"

namespace wintergrid {
namespace {

using testing::ElementsAre;
constexpr std::uint32_t kNo = Islands::kNoIsland;

TEST(Islands, AreNumberedByTheirLowestNode) {
  const std::vector<std::uint32_t> from{5, 4, 1}, to{3, 2, 4};
  Islands islands(6);
  islands.find(from, to);
  EXPECT_EQ(islands.count(), 3U);
  EXPECT_THAT(islands.island_of_node(), ElementsAre(0, 1, 1, 2, 1, 2));
}

TEST(Islands, HeedWhatIsDown) {
  const std::vector<std::uint32_t> from{0, 1, 2}, to{1, 2, 3};
  Islands islands(4);
  islands.find(from, to, std::vector<std::uint8_t>{1, 0, 1});
  EXPECT_THAT(islands.island_of_node(), ElementsAre(0, 0, 1, 1));
  islands.find(from, to, {}, std::vector<std::uint8_t>{1, 0, 1, 1});
  EXPECT_EQ(islands.count(), 2U);
  EXPECT_THAT(islands.island_of_node(), ElementsAre(0, kNo, 1, 1));
}

TEST(Islands, OfNoEdgesAreTheNodes) {
  Islands islands(3);
  islands.find({}, {});
  EXPECT_EQ(islands.count(), 3U);
  Islands none(0);
  none.find({}, {});
  EXPECT_EQ(none.count(), 0U);
}

RC_GTEST_PROP(IslandsProperty, AgreeWithBoostAndDoNotAllocate, ()) {
  const auto nodes = *rc::gen::inRange<std::size_t>(1, 30);
  const auto edges = *rc::gen::inRange<std::size_t>(0, 40);
  const auto node = rc::gen::inRange<std::uint32_t>(0, static_cast<std::uint32_t>(nodes));
  const auto from = *rc::gen::container<std::vector<std::uint32_t>>(edges, node);
  const auto to = *rc::gen::container<std::vector<std::uint32_t>>(edges, node);
  Islands islands(nodes);
  const test::AllocationScope scope;
  islands.find(from, to);
  const std::uint64_t allocations = scope.count();  // before RC_ASSERT writes its message
  RC_ASSERT(allocations == 0U);
  const std::vector<std::uint32_t> expected = connected_components({nodes, from, to, {}});
  const auto found = islands.island_of_node();
  RC_ASSERT(std::vector<std::uint32_t>(found.begin(), found.end()) == expected);
}

}  // namespace
}  // namespace wintergrid

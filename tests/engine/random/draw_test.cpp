#include "engine/random/draw.hpp"

#include <array>
#include <cmath>
#include <set>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "grid_models/core/contract.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::random {
namespace {

using Block = std::array<std::uint32_t, 4>;

TEST(Philox, KnownAnswersOfRandom123) {
  EXPECT_EQ(philox4x32_10({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(
      philox4x32_10({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
      (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(
      philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Draw, AddressIsPackedAsDocumented) {
  const std::uint64_t seed = 0x0123456789abcdefULL;
  const std::uint64_t entity = name_hash("riser 7");
  const std::uint64_t what = mix64(entity + 999ULL * 0x9e3779b97f4a7c15ULL);
  const Block block = philox4x32_10(
      {42, 5, static_cast<std::uint32_t>(what), static_cast<std::uint32_t>(what >> 32)},
      {0x89abcdef, 0x01234567});
  const std::uint64_t bits = (static_cast<std::uint64_t>(block[1]) << 32) | block[0];
  const double expected = (static_cast<double>(bits >> 12) + 0.5) / 4503599627370496.0;
  EXPECT_EQ(Draw(seed, 42).uniform({entity, Purpose::test, 5}), expected);
}

TEST(Draw, ReplicationIsOneWord) {
  EXPECT_NO_THROW(Draw(1, 0xffffffffULL));
  EXPECT_THROW(Draw(1, 0x100000000ULL), ContractViolation);
}

TEST(Draw, EveryPartOfTheAddressMatters) {
  std::set<double> seen;
  std::size_t made = 0;
  for (std::uint64_t seed : {1ULL, 2ULL, 1ULL << 32U, 1ULL << 63U}) {
    for (std::uint64_t replication : {0ULL, 1ULL, 0xffffffffULL}) {
      for (std::uint64_t entity : {0ULL, 1ULL, 1ULL << 40U}) {
        for (const Purpose purpose : {Purpose::test, Purpose::parameter, Purpose::backup_start}) {
          for (std::uint32_t k : {0U, 1U, 0xffffffffU}) {
            seen.insert(Draw(seed, replication).uniform({entity, purpose, k}));
            ++made;
          }
        }
      }
    }
  }
  EXPECT_EQ(seen.size(), made);
}

RC_GTEST_PROP(Draw, LiesInTheOpenIntervalAndIsItsAddress,
              (std::uint64_t seed, std::uint32_t replication, std::uint64_t entity,
               std::uint32_t k)) {
  const Draw draw(seed, replication);
  const double u = draw.uniform({entity, Purpose::test, k});
  RC_ASSERT(u > 0.0);
  RC_ASSERT(u < 1.0);
  RC_ASSERT(Draw(seed, replication).uniform({entity, Purpose::test, k}) == u);
  RC_ASSERT(1.0 - (1.0 - u) == u);
}

/// Chi-square over 64 cells, along each coordinate of the address: 63 degrees of freedom, 99.99 %
/// quantile about 113.
double chi_square(const std::vector<double>& sample) {
  std::array<int, 64> cells{};
  for (const double u : sample) {
    ++cells[static_cast<std::size_t>(u * 64.0)];
  }
  const double expected = static_cast<double>(sample.size()) / 64.0;
  double sum = 0.0;
  for (const int count : cells) {
    sum += (count - expected) * (count - expected) / expected;
  }
  return sum;
}

double lag_correlation(const std::vector<double>& sample) {
  double sum = 0.0;
  for (std::size_t i = 1; i < sample.size(); ++i) {
    sum += (sample[i] - 0.5) * (sample[i - 1] - 0.5);
  }
  return 12.0 * sum / static_cast<double>(sample.size() - 1);
}

TEST(Draw, IsUniformAndUncorrelatedAlongEveryCoordinate) {
  constexpr std::size_t kCount = 64000;
  std::vector<std::vector<double>> along(4);
  for (std::size_t i = 0; i < kCount; ++i) {
    const auto k = static_cast<std::uint32_t>(i);
    along[0].push_back(Draw(7, 0).uniform({name_hash("a"), Purpose::test, k}));
    along[1].push_back(Draw(7, i).uniform({name_hash("a"), Purpose::test, 0}));
    along[2].push_back(Draw(7, 0).uniform({i, Purpose::test, 0}));
    along[3].push_back(Draw(i, 0).uniform({name_hash("a"), Purpose::test, 0}));
  }
  for (const std::vector<double>& sample : along) {
    EXPECT_LT(chi_square(sample), 113.0);
    EXPECT_GT(chi_square(sample), 28.0);  // too even is not random either
    EXPECT_LT(std::abs(lag_correlation(sample)), 4.0 / std::sqrt(static_cast<double>(kCount)));
  }
}

RC_GTEST_PROP(CombineHash, IsNotSymmetricAndInjectiveInTheSecond,
              (std::uint64_t first, std::uint64_t second, std::uint64_t other)) {
  RC_PRE(second != other);
  RC_ASSERT(combine_hash(first, second) != combine_hash(first, other));
  RC_PRE(first != second);
  RC_ASSERT(combine_hash(first, second) != combine_hash(second, first));
}

}  // namespace
}  // namespace wintergrid::random

#include <array>
#include <type_traits>
#include <unordered_set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "grid_models/core/contract.hpp"
#include "grid_models/core/csr.hpp"
#include "grid_models/core/damage.hpp"
#include "grid_models/core/id.hpp"
#include "grid_models/core/luck.hpp"
#include "grid_models/core/name_hash.hpp"
#include "grid_models/core/time.hpp"

namespace wintergrid {
namespace {

TEST(Id, IsInvalidUnlessGivenAValue) {
  EXPECT_FALSE(ZoneId().valid());
  EXPECT_EQ(ZoneId().value(), UINT32_MAX);
  const ZoneId zone(std::size_t{7});
  EXPECT_TRUE(zone.valid());
  EXPECT_EQ(zone.index(), 7U);
}

TEST(Id, OfOneKindIsNotOfAnother) {
  static_assert(!std::is_convertible_v<ZoneId, BusId>);
  static_assert(!std::is_constructible_v<BusId, ZoneId>);
  static_assert(!std::is_convertible_v<std::size_t, ZoneId>);
  static_assert(sizeof(ZoneId) == sizeof(std::uint32_t));
  SUCCEED();
}

TEST(Id, OrdersByIndexWithInvalidLast) {
  EXPECT_LT(ZoneId(std::size_t{1}), ZoneId(std::size_t{2}));
  EXPECT_LT(ZoneId(std::size_t{2}), ZoneId());
  EXPECT_EQ(ZoneId(std::size_t{3}), ZoneId(std::size_t{3}));
  const std::unordered_set<ZoneId> zones{ZoneId(std::size_t{3}), ZoneId(std::size_t{3})};
  EXPECT_EQ(zones.size(), 1U);
}

TEST(Time, HoursBecomeWholeSecondsRoundedHalfAwayFromZero) {
  EXPECT_EQ(seconds_from_hours(1.0), 3600);
  EXPECT_EQ(seconds_from_hours(0.0), 0);
  EXPECT_EQ(seconds_from_hours(0.5 / 3600.0), 1);
  EXPECT_EQ(seconds_from_hours(0.49 / 3600.0), 0);
  EXPECT_EQ(seconds_from_hours(-0.5 / 3600.0), -1);
  EXPECT_EQ(seconds_from_hours(1.0 / 3.0), 1200);
  EXPECT_DOUBLE_EQ(hours_from_seconds(5400), 1.5);
}

TEST(Time, NeverMayHaveAWinterAddedToIt) {
  EXPECT_GT(kNever + 365 * kSecondsPerDay, kNever);
  EXPECT_GT(kNever, 100 * 365 * kSecondsPerDay);
}

TEST(NameHash, IsFnv1aOf64Bits) {
  // Test vectors of the authors of FNV (Fowler, Noll, Vo).
  EXPECT_EQ(name_hash(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(name_hash("a"), 0xaf63dc4c8601ec8cULL);
  EXPECT_EQ(name_hash("b"), 0xaf63df4c8601f1a5ULL);
  EXPECT_EQ(name_hash("foobar"), 0x85944171f73967e8ULL);
  static_assert(name_hash("foobar") == 0x85944171f73967e8ULL);
}

TEST(NameHash, TakesBytesAboveAsciiAsUnsigned) {
  // One step of FNV-1a by hand: (offset basis xor 0xff) * prime.
  EXPECT_EQ(name_hash("\xff"), (14695981039346656037ULL ^ 0xffULL) * 1099511628211ULL);
}

TEST(Luck, PurposesKeepTheirNumbers) {
  // They are part of every draw's address: renumbering would change all results.
  EXPECT_EQ(static_cast<int>(Purpose::backup_start), 1);
  EXPECT_EQ(static_cast<int>(Purpose::riser_burst), 3);
  EXPECT_EQ(static_cast<int>(Purpose::parameter), 100);
  EXPECT_EQ(static_cast<int>(Purpose::wave_gap), 110);
  EXPECT_EQ(static_cast<int>(Purpose::damage_state), 118);
  EXPECT_EQ(static_cast<int>(Purpose::pause), 122);
}

TEST(Damage, StatesRiseInSeverity) {
  EXPECT_LT(DamageState::none, DamageState::slight);
  EXPECT_LT(DamageState::extensive, DamageState::complete);
  EXPECT_EQ(static_cast<std::size_t>(DamageState::complete) + 1, kDamageStateCount);
}

TEST(Contract, CheckIsAlwaysOnAndSaysWhatAndWhere) {
  const int two = 2;
  try {
    WG_CHECK(two == 3, "two is not three");
    FAIL() << "no exception";
  } catch (const ContractViolation& violation) {
    EXPECT_THAT(violation.what(), testing::StartsWith("check failed: two == 3 ("));
    EXPECT_THAT(violation.what(), testing::HasSubstr("core_test.cpp:"));
    EXPECT_THAT(violation.what(), testing::EndsWith("): two is not three"));
  }
  EXPECT_NO_THROW(WG_CHECK(two == 2, "fine"));
}

TEST(Contract, ExpectAndEnsureAreCheckedWhereNdebugIsNotSet) {
  const auto broken_expectation = [] { WG_EXPECT(1 + 1 == 3); };
  const auto broken_promise = [] { WG_ENSURE(1 + 1 == 3); };
#ifndef NDEBUG
  EXPECT_THROW(broken_expectation(), ContractViolation);
  EXPECT_THROW(broken_promise(), ContractViolation);
#else
  EXPECT_NO_THROW(broken_expectation());
  EXPECT_NO_THROW(broken_promise());
#endif
}

TEST(Contract, AFailureWithoutDetailEndsAfterThePlace) {
  try {
    fail_contract("precondition", "x > 0", "file.cpp", 12);
    FAIL() << "no exception";
  } catch (const ContractViolation& violation) {
    EXPECT_STREQ(violation.what(), "precondition failed: x > 0 (file.cpp:12)");
  }
}

TEST(Csr, GroupsItemsByRowInAscendingOrder) {
  const std::vector<std::uint32_t> row_of_item{2, 0, 2, UINT32_MAX, 0, 2};
  const Csr csr = group_by(row_of_item, 4);
  ASSERT_EQ(csr.row_count(), 4U);
  EXPECT_THAT(csr.row(0), testing::ElementsAre(1, 4));
  EXPECT_THAT(csr.row(1), testing::IsEmpty());
  EXPECT_THAT(csr.row(2), testing::ElementsAre(0, 2, 5));
  EXPECT_THAT(csr.row(3), testing::IsEmpty());
}

TEST(Csr, OfNothingHasNoRows) {
  EXPECT_EQ(Csr().row_count(), 0U);
  EXPECT_EQ(group_by({}, 0).row_count(), 0U);
}

}  // namespace
}  // namespace wintergrid

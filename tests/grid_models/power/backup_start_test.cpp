// Failures to start: common causes and cold, against the beta-factor model's equations.

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
// gtest first
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "grid_models/power/backup.hpp"
#include "tests/grid_models/power/backup_timeline.hpp"

namespace wintergrid::power {
namespace {

using test::HashedLuck;
using test::Site;
using test::Timeline;
using testing::ElementsAre;

constexpr Seconds kHour = kSecondsPerHour;

/// Sets of two to a group that all lose the grid at once: how many failed, and in how many groups
/// both did.
struct Pairs {
  double failed = 0, both = 0;
};
constexpr int kPairs = 40000;

Pairs pairs_that_fail(const BackupParameters& parameters, double outdoor_c) {
  static std::vector<Site> sites;
  for (int i = static_cast<int>(sites.size()); i < 2 * kPairs; ++i) {
    sites.push_back(Site{60.0, 100.0, 120.0, 10, std::to_string(i / 2)});
  }
  Timeline t(sites);
  const HashedLuck hashed;
  t.luck = &hashed;
  t.parameters = parameters;
  t.outdoor_c = outdoor_c;
  t.grid(0);
  Pairs result;
  for (std::size_t i = 0; i < 2 * kPairs; i += 2) {
    const int failed = static_cast<int>(t.state.phase[i] == BackupPhase::failed) +
                       static_cast<int>(t.state.phase[i + 1] == BackupPhase::failed);
    result.failed += failed;
    result.both += failed == 2 ? 1.0 : 0.0;
  }
  return result;
}

/// Four standard errors of a share of `count` groups; sets of a pair are counted as one group,
/// which bounds their dependence.
double bound(double share) { return 4.0 * std::sqrt(share * (1.0 - share) / kPairs); }

TEST(BackupCommonCause, LeavesEachSetsChanceAndGivesTheJointOneOfTheBetaFactorModel) {
  for (const double beta : {0.0, 0.1, 0.5, 1.0}) {
    for (const double outdoor_c : {0.0, -25.0}) {
      BackupParameters parameters;
      parameters.common_cause_share = beta;
      const double q = start_failure_probability(parameters, outdoor_c);
      const double own = 1.0 - (1.0 - q) / (1.0 - beta * q);
      const double both = beta * q + (1.0 - beta * q) * own * own;
      const Pairs pairs = pairs_that_fail(parameters, outdoor_c);
      EXPECT_NEAR(pairs.failed / (2.0 * kPairs), q, bound(q)) << beta << " at " << outdoor_c;
      EXPECT_NEAR(pairs.both / kPairs, both, bound(both)) << beta << " at " << outdoor_c;
      if (beta == 0.0) {
        EXPECT_DOUBLE_EQ(both, q * q);
      } else if (beta == 1.0) {
        EXPECT_DOUBLE_EQ(pairs.failed, 2.0 * pairs.both) << "all or none";
      }
    }
  }
}

TEST(BackupCommonCause, IsNotSharedBetweenGroups) {
  std::vector<Site> sites(kPairs, Site{});
  for (int i = 0; i < kPairs; ++i) {
    sites[static_cast<std::size_t>(i)].group = std::to_string(i);
  }
  Timeline t(sites);
  const HashedLuck hashed;
  t.luck = &hashed;
  t.parameters.start_probability = 0.7;
  t.parameters.common_cause_share = 1.0;
  t.grid(0);
  double both = 0;
  for (std::size_t i = 0; i < kPairs; i += 2) {
    both += t.state.phase[i] == BackupPhase::failed && t.state.phase[i + 1] == BackupPhase::failed;
  }
  EXPECT_NEAR(both / (kPairs / 2.0), 0.09, 4.0 * std::sqrt(0.09 * 0.91 / (kPairs / 2.0)));
}

TEST(BackupCommonCause, HoldsForTheDayAndNotForTheNext) {
  Timeline t({Site{60.0, 100.0, 120.0, 0, "a"}, Site{60.0, 100.0, 120.0, 0, "a"}});
  t.scripted.draws = {{{Purpose::backup_common_cause, 0}, 0.004}};  // below 0.1 x 0.05
  t.parameters.retry_hours = 6.0;
  t.grid(0);
  EXPECT_THAT(t.state.phase, ElementsAre(BackupPhase::failed, BackupPhase::failed));
  t.move_to(18 * kHour);  // tried again at 6, 12 and 18 h: the same day
  EXPECT_THAT(t.state.phase, ElementsAre(BackupPhase::failed, BackupPhase::failed));
  EXPECT_THAT(t.state.starts, ElementsAre(4, 4));
  t.move_to(24 * kHour);
  EXPECT_THAT(t.state.phase, ElementsAre(BackupPhase::running, BackupPhase::running));
}

TEST(BackupCold, RaisesTheChanceOfFailingBelowTheThresholdUpToOne) {
  BackupParameters parameters;
  parameters.cold_threshold_c = -10.0;
  parameters.cold_factor_per_10_k = 3.0;
  EXPECT_EQ(start_failure_probability(parameters, 5.0), 1.0 - parameters.start_probability);
  EXPECT_EQ(start_failure_probability(parameters, -10.0), 1.0 - parameters.start_probability);
  EXPECT_NEAR(start_failure_probability(parameters, -15.0), 0.05 * std::sqrt(3.0), 1e-15);
  EXPECT_NEAR(start_failure_probability(parameters, -20.0), 0.15, 1e-15);
  EXPECT_NEAR(start_failure_probability(parameters, -30.0), 0.45, 1e-15);
  EXPECT_EQ(start_failure_probability(parameters, -40.0), 1.0);
  parameters.start_probability = 1.0;
  EXPECT_EQ(start_failure_probability(parameters, -40.0), 0.0) << "nothing to multiply";
}

TEST(BackupCold, WhatIsSureToStartDoesSoHoweverCold) {
  BackupParameters parameters;
  parameters.start_probability = 1.0;
  parameters.cold_threshold_c = 1000.0;
  parameters.cold_factor_per_10_k = 1e9;  // to the power of 100: more than a double holds
  EXPECT_EQ(start_failure_probability(parameters, -20.0), 0.0);
  parameters.start_probability = 0.9;
  EXPECT_EQ(start_failure_probability(parameters, -20.0), 1.0);
}

/// The rule with neither common cause nor cold.
bool starts_alone(const Luck& luck, const BackupModel& model, std::size_t i, double chance) {
  return luck.uniform({model.name_hash[i], Purpose::backup_start, 0}) < chance;
}

RC_GTEST_PROP(BackupProperty, WithoutCommonCauseAndColdStartsAreDrawnAsAlone, ()) {
  BackupParameters parameters;
  parameters.start_probability = 1e-3 * *rc::gen::inRange(0, 1001);
  parameters.common_cause_share = 0.0;
  parameters.cold_factor_per_10_k = 1.0;
  Timeline t(std::vector<Site>(50, Site{60.0, 100.0, 120.0, 0, "all"}));
  const HashedLuck hashed;
  t.luck = &hashed;
  t.parameters = parameters;
  t.outdoor_c = 1.0 * *rc::gen::inRange(-40, 20);
  t.model.name_hash.clear();
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  for (std::uint64_t i = 0; i < 50; ++i) {
    t.model.name_hash.push_back(seed + i);
  }
  if (*rc::gen::inRange(0, 2) == 1) {  // one draw exactly at the chance: a rounding would show
    t.parameters.start_probability =
        hashed.uniform({t.model.name_hash[7], Purpose::backup_start, 0});
  }
  t.grid(0);
  for (std::size_t i = 0; i < 50; ++i) {
    RC_ASSERT((t.state.phase[i] == BackupPhase::running) ==
              starts_alone(hashed, t.model, i, t.parameters.start_probability));
  }
}

RC_GTEST_PROP(BackupProperty, WhatFailsInTheWarmFailsInTheCold, ()) {
  BackupParameters parameters;
  parameters.start_probability = 1e-2 * *rc::gen::inRange(0, 101);
  parameters.common_cause_share = 1e-2 * *rc::gen::inRange(0, 101);
  parameters.cold_threshold_c = 1.0 * *rc::gen::inRange(-30, 10);
  parameters.cold_factor_per_10_k = 1e-1 * *rc::gen::inRange(10, 100);
  const double warm_c = 1.0 * *rc::gen::inRange(-40, 20);
  const double cold_c = warm_c - 1.0 * *rc::gen::inRange(0, 30);
  RC_ASSERT(start_failure_probability(parameters, cold_c) >=
            start_failure_probability(parameters, warm_c));
  const auto failed_at = [&, seed = *rc::gen::arbitrary<std::uint64_t>()](double outdoor_c) {
    Timeline t(std::vector<Site>(50, Site{60.0, 100.0, 120.0, 0, "all"}));
    const HashedLuck hashed;
    t.luck = &hashed;
    t.parameters = parameters;
    t.outdoor_c = outdoor_c;
    for (std::uint64_t i = 0; i < 50; ++i) {
      t.model.name_hash[i] = seed + i;
      t.model.group_hash[i] = seed + i / 10;
    }
    t.grid(0);
    return t.state.phase;
  };
  const std::vector<BackupPhase> warm = failed_at(warm_c), cold = failed_at(cold_c);
  for (std::size_t i = 0; i < warm.size(); ++i) {
    RC_ASSERT(warm[i] == BackupPhase::running || cold[i] == BackupPhase::failed);
  }
}

}  // namespace
}  // namespace wintergrid::power

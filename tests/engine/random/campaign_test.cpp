// Semantics of the campaign: addresses, events, interceptors, protection.

#include "engine/random/campaign.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/random/damage.hpp"
#include "grid_models/core/contract.hpp"
#include "tests/engine/random/world.hpp"

namespace wintergrid::random {
namespace {

using test::fixed_settings;
using test::make_world;
using test::same_hit;
using test::sample;
using test::set_parameter;

// --- promise 3: an address, not an order
// ------------------------------------------------------------------------------

/// Adding an asset: as long as it is not struck itself, every hit stays as it was, and weather
/// always does.
RC_GTEST_PROP(Campaign, AddingAnAssetLeavesAllOthersAlone, (std::uint16_t seed)) {
  const test::World before = make_world(2, 2, 3);
  test::World after = before;
  const auto which = static_cast<AssetClass>(*rc::gen::inRange<std::size_t>(0, kAssetClassCount));
  const auto zone = ZoneId{*rc::gen::inRange<std::size_t>(0, before.zones.count())};
  // So small that it loses every race: a new asset that is struck takes the place of another, also
  // where it is not damaged.
  after.components.add(which, zone, 1e-9F, Protection::none, "new asset");
  const TimelineSettings settings = fixed_settings(60.0);
  const Timeline old_world =
      sample(TimelineSampler(settings, before.components, before.zones), 0, seed);
  const Timeline new_world =
      sample(TimelineSampler(settings, after.components, after.zones), 0, seed);
  RC_ASSERT(old_world.outdoor_c == new_world.outdoor_c);
  RC_ASSERT(old_world.hits.size() == new_world.hits.size());
  for (std::size_t i = 0; i < old_world.hits.size(); ++i) {
    RC_ASSERT(same_hit(old_world.hits[i], new_world.hits[i]));
  }
}

TEST(Campaign, RaceWinsInProportionToSizeAndKeysDoNotMove) {
  test::World world = make_world(1, 1, 4);  // sizes 1, 2, 3, 4
  const AssetIndex index(world.components, world.zones);
  const AssetIndex::Range range = index.in_region(StrikeGroup::line, 0);
  ASSERT_EQ(range.end - range.begin, 4U);
  std::array<double, 4> wins{};
  constexpr std::size_t kEvents = 20000;
  const Draw draw(1, 0);
  for (std::size_t event = 0; event < kEvents; ++event) {
    const std::uint32_t winner = index.race(draw, event, range);
    for (std::uint32_t asset = range.begin; asset < range.end; ++asset) {
      EXPECT_LE(index.race_key(draw, event, winner), index.race_key(draw, event, asset));
    }
    wins[winner - range.begin] += 1.0 / kEvents;
  }
  for (std::size_t asset = 0; asset < 4; ++asset) {
    const double share = static_cast<double>(asset + 1) / 10.0;
    EXPECT_NEAR(wins[asset], share, 3.5 * std::sqrt(share * (1.0 - share) / kEvents));
  }
}

TEST(Campaign, NameAndOrderOfComponentsDoNotChangeWhoIsHit) {
  const test::World world = make_world(1, 2, 3);
  test::World reversed = world;
  reversed.components = ComponentTable{};
  for (std::size_t i = world.components.count(); i-- > 0;) {
    reversed.components.add(world.components.asset_class[i], world.components.zone[i],
                            world.components.size[i], world.components.protection[i],
                            world.components.name[i]);
  }
  const TimelineSettings settings = fixed_settings();
  for (std::uint64_t replication = 0; replication < 20; ++replication) {
    const Timeline a =
        sample(TimelineSampler(settings, world.components, world.zones), replication);
    const Timeline b =
        sample(TimelineSampler(settings, reversed.components, reversed.zones), replication);
    std::multiset<std::pair<Seconds, std::string>> names_a;
    std::multiset<std::pair<Seconds, std::string>> names_b;
    for (const Hit& hit : a.hits) {
      names_a.emplace(hit.time, world.components.name[hit.component.index()]);
    }
    for (const Hit& hit : b.hits) {
      names_b.emplace(hit.time, reversed.components.name[hit.component.index()]);
    }
    EXPECT_EQ(names_a, names_b);
  }
}

TEST(Campaign, AClassThatTheScenarioLacksIsLostNotRedirected) {
  const test::World full = make_world(1, 2, 3);
  test::World without = full;
  without.components = ComponentTable{};
  for (std::size_t i = 0; i < full.components.count(); ++i) {
    if (full.components.asset_class[i] != AssetClass::substation_110) {
      without.components.add(full.components.asset_class[i], full.components.zone[i],
                             full.components.size[i], full.components.protection[i],
                             full.components.name[i]);
    }
  }
  TimelineSettings settings = fixed_settings();
  set_parameter(settings, "strikes.restrike_probability", 0.0);
  const TimelineSampler all(settings, full.components, full.zones);
  const TimelineSampler some(settings, without.components, without.zones);
  std::int64_t lost = 0;
  for (std::uint64_t replication = 0; replication < 30; ++replication) {
    CampaignCounts counts;
    const Timeline a = sample(all, replication);
    const Timeline b = sample(some, replication, 1, &counts);
    std::multiset<std::pair<Seconds, std::string>> expected;
    for (const Hit& hit : a.hits) {
      if (full.components.asset_class[hit.component.index()] != AssetClass::substation_110) {
        expected.emplace(hit.time, full.components.name[hit.component.index()]);
      }
    }
    std::multiset<std::pair<Seconds, std::string>> got;
    for (const Hit& hit : b.hits) {
      got.emplace(hit.time, without.components.name[hit.component.index()]);
    }
    EXPECT_EQ(got, expected);
    lost += counts.lost_locations;
  }
  EXPECT_GT(lost, 0);
}

// --- what a scenario states
// -------------------------------------------------------------------------------------------

TimelineSettings events_only() {
  TimelineSettings settings = fixed_settings();
  settings.campaign.active = false;
  return settings;
}

TEST(Events, StrikeDifferentObjectsOfTheClassAndZone) {
  const test::World world = make_world(2, 2, 3);
  TimelineSettings settings = events_only();
  EventSpec event;
  event.time = 3 * kSecondsPerHour;
  event.asset_class = AssetClass::chp_plant;
  event.zone = ZoneId{std::size_t{1}};
  event.weapon = Weapon::ballistic;
  event.hits = 5;  // three objects: the first two of the race are struck twice
  event.state = DamageState::extensive;
  settings.campaign.events.push_back(event);
  for (std::uint64_t replication = 0; replication < 20; ++replication) {
    const Timeline timeline =
        sample(TimelineSampler(settings, world.components, world.zones), replication);
    ASSERT_EQ(timeline.hits.size(), 5U);
    std::multiset<std::uint32_t> components;
    for (const Hit& hit : timeline.hits) {
      EXPECT_EQ(hit.time, event.time);
      EXPECT_EQ(hit.state, DamageState::extensive);
      EXPECT_EQ(world.components.asset_class[hit.component.index()], AssetClass::chp_plant);
      EXPECT_EQ(world.components.zone[hit.component.index()], event.zone);
      EXPECT_GT(hit.work.permanent_seconds, 0);
      components.insert(hit.component.value());
    }
    EXPECT_EQ(std::set<std::uint32_t>(components.begin(), components.end()).size(), 3U);
  }
}

TEST(Events, WithoutZoneTheyFallAnywhereAndWithoutStateTheyMayFail) {
  const test::World world = make_world(2, 2, 3);
  TimelineSettings settings = events_only();
  EventSpec event;
  event.asset_class = AssetClass::substation_330;
  event.hits = 1;
  settings.campaign.events.push_back(event);
  const TimelineSampler sampler(settings, world.components, world.zones);
  std::set<std::uint32_t> zones;
  std::size_t damaged = 0;
  constexpr std::size_t kReplications = 2000;
  for (std::uint64_t replication = 0; replication < kReplications; ++replication) {
    for (const Hit& hit : sample(sampler, replication).hits) {
      zones.insert(world.components.zone[hit.component.index()].value());
      ++damaged;
    }
  }
  EXPECT_EQ(zones.size(), 4U);
  EXPECT_NEAR(static_cast<double>(damaged) / kReplications, 0.6,
              3.5 * std::sqrt(0.24 / kReplications));
}

TEST(Events, InitialDamageStandsAtTimeZero) {
  const test::World world = make_world(1, 1, 1);
  TimelineSettings settings = events_only();
  settings.campaign.initial_damage = {{ComponentId{std::size_t{2}}, DamageState::complete},
                                      {ComponentId{std::size_t{0}}, DamageState::slight}};
  const Timeline timeline = sample(TimelineSampler(settings, world.components, world.zones), 0);
  ASSERT_EQ(timeline.hits.size(), 2U);
  EXPECT_EQ(timeline.hits[0].component, ComponentId{std::size_t{0}});
  EXPECT_EQ(timeline.hits[0].time, 0);
  EXPECT_EQ(timeline.hits[0].state, DamageState::slight);
  EXPECT_EQ(timeline.hits[1].component, ComponentId{std::size_t{2}});
  EXPECT_EQ(timeline.hits[1].state, DamageState::complete);
}

TEST(Events, WhatIsNotThereIsAContractViolation) {
  const test::World world = make_world(1, 1, 1);
  TimelineSettings settings = events_only();
  settings.campaign.initial_damage = {{ComponentId{std::size_t{99}}, DamageState::complete}};
  EXPECT_THROW(TimelineSampler(settings, world.components, world.zones), ContractViolation);
  settings = events_only();
  settings.campaign.events.push_back({});
  settings.campaign.events[0].zone = ZoneId{std::size_t{7}};
  EXPECT_THROW(TimelineSampler(settings, world.components, world.zones), ContractViolation);
}

// --- regions --------------------------------------------------------------------------------

TEST(Regions, StrikeShareScalesWavesAndRoutineNightsAndZeroMeansNone) {
  const test::World world = make_world(1);
  const auto launched = [&world](double strike_share) {
    TimelineSettings settings = fixed_settings(182.0);
    settings.campaign.regions = {{strike_share}};
    const TimelineSampler sampler(settings, world.components, world.zones);
    CampaignCounts counts;
    for (std::uint64_t replication = 0; replication < 50; ++replication) {
      sample(sampler, replication, 1, &counts);
    }
    return std::pair<double, double>(static_cast<double>(counts.launched[0]),
                                     static_cast<double>(counts.routine_launched));
  };
  const auto average = launched(-1.0);
  const auto stated = launched(0.20);
  EXPECT_EQ(stated, average);  // the central value is what a negative one stands for
  const auto twice = launched(0.40);
  EXPECT_NEAR(twice.first / average.first, 2.0, 0.05);
  EXPECT_NEAR(twice.second / average.second, 2.0, 0.05);
  EXPECT_EQ(launched(0.0), (std::pair<double, double>(0.0, 0.0)));
}

// --- interceptors
// -----------------------------------------------------------------------------------------------------

/// More stock or resupply: never more leakers, in any replication.
RC_GTEST_PROP(Interceptors, MoreNeverLetMoreThrough, (std::uint16_t seed)) {
  const test::World world = make_world(1, 1, 1);
  const double stock = *rc::gen::inRange(0, 60);
  const double more_stock = stock + *rc::gen::inRange(0, 60);
  const double resupply = *rc::gen::inRange(0, 20);
  const double more_resupply = resupply + *rc::gen::inRange(0, 20);
  const auto through = [&world, seed](double full, double rate) {
    TimelineSettings settings = fixed_settings(60.0);
    for (const char* kind : {"drone", "cruise", "ballistic"}) {
      set_parameter(settings, std::string("strikes.interceptors_") + kind, full);
      set_parameter(settings, std::string("strikes.resupply_") + kind + "_per_day", rate);
    }
    CampaignCounts counts;
    sample(TimelineSampler(settings, world.components, world.zones), 0, seed, &counts);
    std::array<std::int64_t, kWeaponCount + 1> leakers{};
    for (std::size_t weapon = 0; weapon < kWeaponCount; ++weapon) {
      leakers[weapon] = counts.launched[weapon] - counts.neutralised[weapon];
    }
    leakers[kWeaponCount] = counts.routine_launched - counts.routine_neutralised;
    return leakers;
  };
  const auto few = through(stock, resupply);
  const auto many = through(more_stock, more_resupply);
  for (std::size_t weapon = 0; weapon < few.size(); ++weapon) {
    RC_ASSERT(many[weapon] <= few[weapon]);
  }
}

TEST(Interceptors, SaturationRaisesTheLeak) {
  const test::World world = make_world(1);
  const auto drone_leak = [&world](double stock) {
    TimelineSettings settings = fixed_settings(182.0);
    set_parameter(settings, "strikes.interceptors_drone", stock);
    set_parameter(settings, "strikes.resupply_drone_per_day", stock / 10.0);
    CampaignCounts counts;
    const TimelineSampler sampler(settings, world.components, world.zones);
    for (std::uint64_t replication = 0; replication < 50; ++replication) {
      sample(sampler, replication, 1, &counts);
    }
    return 1.0 -
           static_cast<double>(counts.neutralised[0]) / static_cast<double>(counts.launched[0]);
  };
  EXPECT_NEAR(drone_leak(1000.0), 0.09, 0.01);
  EXPECT_GT(drone_leak(40.0), 0.3);
  EXPECT_NEAR(drone_leak(0.0), 1.0 - 0.91 * 0.3, 0.01);
}

// --- damage and repair
// ------------------------------------------------------------------------------------------------

TEST(Damage, ProtectionAndWeaponDecide) {
  const DamageParameters parameters;
  const Draw draw(1, 0);
  constexpr std::size_t kEvents = 20000;
  for (std::size_t protection = 0; protection < kProtectionCount; ++protection) {
    for (const Weapon weapon : {Weapon::drone, Weapon::ballistic}) {
      Asset asset;
      asset.protection = static_cast<Protection>(protection);
      std::array<double, kDamageStateCount> states{};
      for (std::size_t event = 0; event < kEvents; ++event) {
        states[static_cast<std::size_t>(draw_damage(parameters, draw, event, asset, weapon, 1))] +=
            1.0 / kEvents;
      }
      const std::size_t column = weapon == Weapon::drone ? 0 : 1;
      const double p = parameters.probability[protection][column];
      EXPECT_NEAR(1.0 - states[0], p, 3.5 * std::sqrt(p * (1.0 - p) / kEvents));
      for (std::size_t state = 0; state < kDamagedStateCount; ++state) {
        const double expected = p * parameters.state_weight[0][column][state];
        EXPECT_NEAR(states[state + 1], expected,
                    3.5 * std::sqrt(expected * (1.0 - expected) / kEvents));
      }
    }
  }
}

RC_GTEST_PROP(Damage, MoreHitsAndLessProtectionAreNeverBetter, (std::uint64_t event)) {
  const DamageParameters parameters;
  const Draw draw(1, 0);
  Asset asset;
  asset.protection =
      static_cast<Protection>(*rc::gen::inRange<std::size_t>(0, kProtectionCount - 1));
  Asset better = asset;
  better.protection = static_cast<Protection>(static_cast<std::size_t>(asset.protection) + 1);
  const auto hits = *rc::gen::inRange<std::uint32_t>(1, 8);
  RC_ASSERT(draw_damage(parameters, draw, event, asset, Weapon::drone, hits) <=
            draw_damage(parameters, draw, event, asset, Weapon::drone, hits + 1));
  RC_ASSERT(draw_damage(parameters, draw, event, better, Weapon::drone, hits) <=
            draw_damage(parameters, draw, event, asset, Weapon::drone, hits));
}

TEST(Damage, ProtectedOblastHasFewerDamagingHits) {
  const auto damaging = [](Protection protection) {
    const test::World world = make_world(1, 4, 5, protection);
    const TimelineSampler sampler(fixed_settings(), world.components, world.zones);
    CampaignCounts counts;
    for (std::uint64_t replication = 0; replication < 100; ++replication) {
      sample(sampler, replication, 1, &counts);
    }
    return counts.damaging_hits;
  };
  const std::int64_t none = damaging(Protection::none);
  const std::int64_t concrete = damaging(Protection::concrete);
  EXPECT_LT(concrete, none / 2);
  EXPECT_LT(damaging(Protection::bunker), concrete);
}

TEST(Repair, MediansSpreadAndSpares) {
  const RepairParameters parameters;
  const Draw draw(1, 0);
  Asset asset;
  asset.asset_class = AssetClass::substation_330;
  constexpr std::size_t kEvents = 20001;
  std::vector<double> hours;
  std::array<double, 3> units{};
  for (std::size_t event = 0; event < kEvents; ++event) {
    const recovery::RepairWork work =
        draw_repair(parameters, draw, event, asset, DamageState::extensive);
    hours.push_back(hours_from_seconds(work.permanent_seconds));
    EXPECT_NEAR(static_cast<double>(work.temporary_seconds),
                static_cast<double>(work.permanent_seconds) * 96.0 / 312.0, 1.0);
    ASSERT_LT(work.spare_units, 3);
    units[work.spare_units] += 1.0 / kEvents;
    EXPECT_EQ(work.spare, work.spare_units > 0 ? 0 : recovery::kNoSpare);
  }
  std::sort(hours.begin(), hours.end());
  EXPECT_NEAR(hours[kEvents / 2] / 312.0, 1.0, 0.025);
  EXPECT_NEAR(hours[static_cast<std::size_t>(0.8413 * kEvents)] / 312.0, 1.7, 0.06);
  EXPECT_NEAR(units[1], 0.5, 0.015);
  EXPECT_EQ(units[2], 0.0);

  asset.asset_class = AssetClass::line;
  EXPECT_EQ(draw_repair(parameters, draw, 1, asset, DamageState::complete).spare,
            recovery::kNoSpare);
  EXPECT_EQ(draw_repair(parameters, draw, 1, asset, DamageState::slight).temporary_seconds, 0);
  asset.asset_class = AssetClass::substation_110;
  const recovery::RepairWork complete =
      draw_repair(parameters, draw, 1, asset, DamageState::complete);
  EXPECT_EQ(complete.spare, static_cast<std::uint8_t>(SpareType::transformer_110));
  EXPECT_GE(complete.spare_units, 1);
}

}  // namespace
}  // namespace wintergrid::random

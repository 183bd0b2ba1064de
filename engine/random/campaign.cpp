// The strike campaign: when and how much
//   When: the national clock of wave_clock.cpp. A wave: missiles M and drones D ~ lognormal; M
//   splits into cruise, ballistic and aeroballistic (binomial). A region is attacked with
//   probability p; then each class sends Binomial(n, share).
//   Other nights: national drones ~ negative binomial; a region gets Binomial(n, routine share).
//   Interception, weapon by weapon: engaged with e = min(1, stock), which leaves the stock, it is
//   neutralised with probability q (e + (1 - e) f), q of its class, f the unengaged factor. More
//   stock never lets more through. Stock per region and kind (drone; cruise; ballistic with
//   aeroballistic) refills at a rate up to its full value.
//   Pauses withhold an attack's weapons of the named kinds; a share of the missiles joins the
//   region's first attacked wave afterwards.
// Published aggregates: "Massive Missile Attacks on Ukraine" (P. Ivaniuk, from Ukrainian Air Force
// reports); fits in data/parameters/strikes.yaml.

#include "engine/random/campaign.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/random/inversion.hpp"
#include "engine/random/locations.hpp"
#include "engine/random/wave_clock.hpp"
#include "grid_models/core/name_hash.hpp"

namespace wintergrid::random {
namespace {

constexpr std::uint64_t kNight = name_hash("routine night");
constexpr std::int64_t kMostPerWave = 5000;  ///< a lognormal has no end; a wave has
constexpr auto kDrone = static_cast<std::size_t>(Weapon::drone);
constexpr std::uint32_t kDecoy = 1U << 28U;  ///< k of the draws that tell real drones from decoys

class Campaign {
 public:
  Campaign(const TimelineSettings& settings, const AssetIndex& assets, const Draw& draw,
           double central_region_share, TimelineScratch& scratch, Locations& locations,
           CampaignCounts& counts)
      : settings_(settings),
        assets_(assets),
        draw_(draw),
        strikes_(scratch.parameters.strikes),
        preset_(strikes_.preset[static_cast<std::size_t>(settings.campaign.preset)]),
        central_region_share_(central_region_share),
        scratch_(scratch),
        locations_(locations),
        counts_(counts),
        clock_offset_(settings.start.hour * kSecondsPerHour) {
    reset_regions();
  }

  void run();

 private:
  /// What the pauses say about a weapon at a time and place.
  struct Pause {
    bool on = false;         ///< in the window of one
    bool withholds = false;  ///< and complied with
    double carry_over = 0.0;
  };

  double uniform(std::uint64_t entity, Purpose purpose, std::uint32_t k) const {
    return draw_.uniform({entity, purpose, k});
  }
  void reset_regions();
  void wave(std::uint32_t index, Seconds start);
  void attack_region(std::uint64_t attack, std::size_t region, Seconds start,
                     const std::array<std::int64_t, kWeaponCount>& national);
  void routine_night(std::uint64_t attack_on_nation, Seconds start);
  /// A region's share against that of an average one; sampled shares are scaled with it.
  double exposure(std::size_t region) const;
  Pause pause_at(std::uint64_t attack, Seconds time, std::size_t region, std::size_t weapon) const;
  std::uint32_t intercept(std::uint64_t attack, std::size_t region, std::size_t weapon,
                          std::int64_t count, double neutralised);
  std::uint32_t without_decoys(std::uint64_t attack, std::uint32_t through) const;
  void refill(std::size_t region, Seconds now);
  /// The record of one attack: what the counts have grown by between the two, regions together.
  void begin(std::int64_t night, bool massive);
  void end();

  const TimelineSettings& settings_;
  const AssetIndex& assets_;
  const Draw& draw_;
  const StrikeParameters& strikes_;
  const StrikePreset& preset_;
  double central_region_share_;
  TimelineScratch& scratch_;
  Locations& locations_;
  CampaignCounts& counts_;
  CampaignCounts before_;  ///< the attack that is under way
  NationalAttack attack_;
  Seconds clock_offset_;  ///< local clock time at t = 0
};

void Campaign::begin(std::int64_t night, bool massive) {
  if (counts_.attacks == nullptr) {
    return;
  }
  before_ = counts_;
  attack_ = {};
  attack_.night = night;
  attack_.massive = massive;
}

void Campaign::end() {
  if (counts_.attacks == nullptr) {
    return;
  }
  for (std::size_t weapon = 0; weapon < kWeaponCount; ++weapon) {
    attack_.national[weapon] = counts_.national[weapon] - before_.national[weapon];
    attack_.launched[weapon] = counts_.launched[weapon] - before_.launched[weapon];
    attack_.neutralised[weapon] = counts_.neutralised[weapon] - before_.neutralised[weapon];
  }
  attack_.national[kDrone] += counts_.routine_national - before_.routine_national;
  attack_.launched[kDrone] += counts_.routine_launched - before_.routine_launched;
  attack_.neutralised[kDrone] += counts_.routine_neutralised - before_.routine_neutralised;
  attack_.locations = counts_.wave_locations - before_.wave_locations + counts_.routine_locations -
                      before_.routine_locations;
  counts_.attacks->push_back(attack_);
}

void Campaign::reset_regions() {
  for (TimelineScratch::Region& region : scratch_.regions) {
    region.interceptors = {strikes_.interceptors_drone, strikes_.interceptors_cruise,
                           strikes_.interceptors_ballistic};
    region.interceptors_at = 0;
    region.withheld = {};
  }
}

void Campaign::run() {
  const std::int64_t nights =
      (settings_.horizon + clock_offset_ + kSecondsPerDay - 1) / kSecondsPerDay;
  std::size_t next = 0;
  for (std::int64_t night = 0; night < nights; ++night) {
    if (next < scratch_.waves.size() && scratch_.waves[next].night == night) {
      for (; next < scratch_.waves.size() && scratch_.waves[next].night == night; ++next) {
        const Seconds start = scratch_.waves[next].start;
        if (start >= 0 && start < settings_.horizon) {
          begin(night, true);
          wave(scratch_.waves[next].index, start);
          end();
        }
      }
      continue;
    }
    const std::uint64_t attack = combine_hash(kNight, static_cast<std::uint64_t>(night));
    const Seconds start =
        attack_start(draw_, attack, night, clock_offset_, strikes_.wave_start_latest_hour);
    if (start >= 0 && start < settings_.horizon) {
      begin(night, false);
      routine_night(attack, start);
      end();
    }
  }
}

double Campaign::exposure(std::size_t region) const {
  const auto& regions = settings_.campaign.regions;
  const double given = region < regions.size() ? regions[region].strike_share : -1.0;
  return given >= 0.0 && central_region_share_ > 0.0 ? given / central_region_share_ : 1.0;
}

void Campaign::wave(std::uint32_t index, Seconds start) {
  const std::uint64_t name = combine_hash(kWaveClock, index);
  const auto lognormal_count = [this, name](std::uint32_t k, double median, double log_sd) {
    const double count = lognormal_quantile(uniform(name, Purpose::wave_size, k), median, log_sd);
    return std::min(kMostPerWave, static_cast<std::int64_t>(std::llround(std::min(count, 1e9))));
  };
  const std::int64_t missiles =
      lognormal_count(0, preset_.missiles_median, preset_.missiles_log_sd);
  const double not_cruise = preset_.ballistic_weight + preset_.aeroballistic_weight;
  const double all = preset_.cruise_weight + not_cruise;
  std::array<std::int64_t, kWeaponCount> national{};
  national[0] = lognormal_count(1, preset_.drones_median, preset_.drones_log_sd);
  national[1] = binomial_quantile(uniform(name, Purpose::wave_size, 2), missiles,
                                  all > 0.0 ? preset_.cruise_weight / all : 0.0);
  national[2] = binomial_quantile(uniform(name, Purpose::wave_size, 3), missiles - national[1],
                                  not_cruise > 0.0 ? preset_.ballistic_weight / not_cruise : 0.0);
  national[3] = missiles - national[1] - national[2];
  ++counts_.waves;
  for (std::size_t weapon = 0; weapon < kWeaponCount; ++weapon) {
    counts_.national[weapon] += national[weapon];
  }
  for (std::size_t region = 0; region < assets_.region_count(); ++region) {
    const std::uint64_t attack = combine_hash(name, region + 1);
    if (uniform(attack, Purpose::wave_regions, 0) < strikes_.region_attacked_probability) {
      ++counts_.waves_on_regions;
      attack_region(attack, region, start, national);
    }
  }
}

void Campaign::attack_region(std::uint64_t attack, std::size_t region, Seconds start,
                             const std::array<std::int64_t, kWeaponCount>& national) {
  const std::array<double, kWeaponCount> neutralised{
      preset_.neutralised_drone, preset_.neutralised_cruise, preset_.neutralised_ballistic,
      preset_.neutralised_aeroballistic};
  refill(region, start);
  std::uint32_t missiles = 0;
  std::uint32_t drones = 0;
  for (std::size_t weapon = 0; weapon < kWeaponCount; ++weapon) {
    const auto k = static_cast<std::uint32_t>(weapon);
    std::int64_t count = binomial_quantile(uniform(attack, Purpose::wave_size, k), national[weapon],
                                           std::min(1.0, strikes_.region_share * exposure(region)));
    double& stored = scratch_.regions[region].withheld[weapon];
    const Pause pause = pause_at(attack, start, region, weapon);
    if (pause.withholds) {
      counts_.withheld[weapon] += count;
      stored += weapon == kDrone ? 0.0 : pause.carry_over * static_cast<double>(count);
      continue;
    }
    if (!pause.on && stored > 0.0) {
      const auto carried =
          static_cast<std::int64_t>(stored + uniform(attack, Purpose::pause, 1000 + k));
      counts_.carried_over[weapon] += carried;
      count += carried;
      stored = 0.0;
    }
    const std::uint32_t through = intercept(attack, region, weapon, count, neutralised[weapon]);
    counts_.launched[weapon] += count;
    counts_.neutralised[weapon] += count - through;
    (weapon == kDrone ? drones : missiles) += through;
  }
  counts_.wave_locations += locations_.fall(attack, region, start, Weapon::cruise, missiles);
  counts_.wave_locations +=
      locations_.fall(attack, region, start, Weapon::drone, without_decoys(attack, drones));
}

void Campaign::routine_night(std::uint64_t attack_on_nation, Seconds start) {
  const std::int64_t national =
      negative_binomial_quantile(uniform(attack_on_nation, Purpose::night_drones, 0),
                                 preset_.routine_drones_mean, preset_.routine_drones_dispersion);
  counts_.routine_national += national;
  for (std::size_t region = 0; region < assets_.region_count(); ++region) {
    const std::uint64_t attack = combine_hash(attack_on_nation, region + 1);
    const std::int64_t count =
        binomial_quantile(uniform(attack, Purpose::night_drones, 1), national,
                          std::min(1.0, strikes_.routine_share * exposure(region)));
    if (pause_at(attack, start, region, kDrone).withholds) {
      counts_.withheld[kDrone] += count;
      continue;
    }
    refill(region, start);
    const std::uint32_t through =
        intercept(attack, region, kDrone, count, preset_.neutralised_drone_routine);
    counts_.routine_launched += count;
    counts_.routine_neutralised += count - through;
    counts_.routine_locations +=
        locations_.fall(attack, region, start, Weapon::drone, without_decoys(attack, through));
  }
}

Campaign::Pause Campaign::pause_at(std::uint64_t attack, Seconds time, std::size_t region,
                                   std::size_t weapon) const {
  Pause result;
  for (std::size_t index = 0; index < settings_.campaign.pauses.size(); ++index) {
    const PauseSpec& pause = settings_.campaign.pauses[index];
    const bool here = pause.regions.empty() || std::find(pause.regions.begin(), pause.regions.end(),
                                                         region) != pause.regions.end();
    if (time < pause.from || time >= pause.to || !pause.weapons[weapon] || !here ||
        !pause.zones.empty()) {
      continue;
    }
    result.on = true;
    if (uniform(attack, Purpose::pause, static_cast<std::uint32_t>(index)) < pause.compliance) {
      result.withholds = true;
      result.carry_over = pause.carry_over;
      break;
    }
  }
  return result;
}

void Campaign::refill(std::size_t region, Seconds now) {
  TimelineScratch::Region& state = scratch_.regions[region];
  const double days =
      static_cast<double>(now - state.interceptors_at) / static_cast<double>(kSecondsPerDay);
  const std::array<double, 3> full{strikes_.interceptors_drone, strikes_.interceptors_cruise,
                                   strikes_.interceptors_ballistic};
  const std::array<double, 3> rate{strikes_.resupply_drone_per_day,
                                   strikes_.resupply_cruise_per_day,
                                   strikes_.resupply_ballistic_per_day};
  for (std::size_t kind = 0; kind < full.size(); ++kind) {
    state.interceptors[kind] = std::min(full[kind], state.interceptors[kind] + rate[kind] * days);
  }
  state.interceptors_at = now;
}

std::uint32_t Campaign::intercept(std::uint64_t attack, std::size_t region, std::size_t weapon,
                                  std::int64_t count, double neutralised) {
  double& stock = scratch_.regions[region].interceptors[std::min<std::size_t>(weapon, 2)];
  std::uint32_t through = 0;
  for (std::int64_t each = 0; each < count; ++each) {
    // The last fraction of an engagement counts as that fraction: a whole-number rule would let
    // more stock leave less after a wave, by less than one.
    const double engaged = std::min(1.0, stock);
    stock -= engaged;
    const double probability =
        neutralised * (engaged + (1.0 - engaged) * strikes_.unengaged_factor);
    const auto k = static_cast<std::uint32_t>(weapon << 24U) + static_cast<std::uint32_t>(each);
    through += uniform(attack, Purpose::interception, k) < probability ? 0 : 1;
  }
  return through;
}

std::uint32_t Campaign::without_decoys(std::uint64_t attack, std::uint32_t through) const {
  std::uint32_t real = 0;
  for (std::uint32_t drone = 0; drone < through; ++drone) {
    const double u = uniform(attack, Purpose::interception, kDecoy + drone);
    real += u < preset_.real_drone_share ? 1 : 0;
  }
  return real;
}

}  // namespace

void sample_strikes(const TimelineSettings& settings, const AssetIndex& assets, const Draw& draw,
                    double central_region_share, TimelineScratch& scratch, std::vector<Hit>& hits,
                    CampaignCounts& counts) {
  Locations locations(settings, assets, draw, scratch, hits, counts);
  locations.given();
  if (settings.campaign.active) {
    Campaign(settings, assets, draw, central_region_share, scratch, locations, counts).run();
  }
}

}  // namespace wintergrid::random

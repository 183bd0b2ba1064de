#include "grid_models/system/ledger.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace wintergrid {
namespace {

constexpr float kHeatMinimumShare = 0.5F;  ///< below: "without heat"
constexpr std::size_t kTwelveDegrees = 2;  ///< index of 12 C in kColdThresholdsC
static_assert(kColdThresholdsC[kTwelveDegrees] == 12.0F);
constexpr std::uint8_t kAllServices = (1U << kServiceCount) - 1U;

/// The service mask of one unit from the present conditions. Definitions of "without": power: the
/// feeder is off; heat: below half of demand; water: the node is dry, the building's booster has no
/// power, the building burst, or an own well has no power.
std::uint8_t unit_mask(const Model& model, const Ledger& ledger, std::size_t unit) {
  const bool powered = ledger.feeder_on[model.units.feeder[unit]] != 0;
  const std::uint32_t block = model.units.block[unit];
  const bool cold = ledger.block_cold[block] != 0;
  const std::uint32_t node = model.units.water_node[unit];
  const bool dry = node == kNone ? !powered
                                 : (ledger.water_dry[node] != 0 || ledger.block_burst[block] != 0 ||
                                    (model.units.above_pressure[unit] != 0 && !powered));
  const unsigned without = (powered ? 0U : 1U) | (cold ? 2U : 0U) | (dry ? 4U : 0U);
  return static_cast<std::uint8_t>(without & model.services);
}

/// Opens or closes the time during which a condition holds.
void switch_condition(bool holds, std::int32_t now, std::int32_t& since, std::int32_t& longest) {
  if (holds) {
    since = now;
  } else {
    longest = std::max(longest, now - since);
    since = -1;
  }
}

void change_unit(const Model& model, Seconds now, std::size_t unit, std::uint8_t mask,
                 Ledger& ledger) {
  const std::uint8_t before = ledger.mask[unit];
  const auto time = static_cast<std::int32_t>(now);
  const std::int64_t households = model.units.households[unit];
  const std::uint32_t zone = model.units.zone[unit];
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    const bool was_off = ((before >> s) & 1U) != 0;
    const bool is_off = ((mask >> s) & 1U) != 0;
    if (was_off == is_off) {
      continue;
    }
    if (!is_off) {
      ledger.cumulative[s][unit] += time - ledger.off_since[s][unit];
    }
    switch_condition(is_off, time, ledger.off_since[s][unit], ledger.longest[s][unit]);
    const std::int64_t change = is_off ? households : -households;
    ledger.households_off[s] += change;
    ledger.zone_households_off[s][zone] += change;
    if (is_off) {
      ledger.outcome.service[s].household_interruptions += households;
    }
    if (s == static_cast<std::size_t>(Service::heat) &&
        model.heat.block_heating[model.units.block[unit]] == heat::Heating::district) {
      ledger.feeder_cold_households[model.units.feeder[unit]] += static_cast<std::int32_t>(change);
    }
  }
  const bool two_before = std::popcount(before) >= 2;
  const bool two_now = std::popcount(mask) >= 2;
  if (two_before != two_now) {
    switch_condition(two_now, time, ledger.two_since[unit], ledger.two_longest[unit]);
    ledger.households_two += two_now ? households : -households;
  }
  const bool three_before = before == kAllServices;
  const bool three_now = mask == kAllServices;
  if (three_before != three_now) {
    switch_condition(three_now, time, ledger.three_since[unit], ledger.three_longest[unit]);
    ledger.households_three += three_now ? households : -households;
  }
  ledger.mask[unit] = mask;
}

void update_units(const Model& model, Seconds now, std::span<const std::uint32_t> units,
                  Ledger& ledger) {
  for (const std::uint32_t unit : units) {
    const std::uint8_t mask = unit_mask(model, ledger, unit);
    if (mask != ledger.mask[unit]) {
      change_unit(model, now, unit, mask, ledger);
    }
  }
}

/// Blocks are looked at in chunks: most chunks hold the same bytes as at the last call and are
/// passed over whole.
constexpr std::size_t kChunk = 256;

void note_chunk(const ServiceConditions& conditions, std::size_t first, std::size_t last,
                LedgerScratch& scratch, Ledger& ledger) {
  const std::size_t count = last - first;
  const float* share = conditions.block_heat_share.data() + first;
  const heat::BlockPhase* phase = conditions.block_phase.data() + first;
  if (scratch.copies_valid &&
      std::memcmp(share, scratch.block_heat_share.data() + first, count * sizeof *share) == 0 &&
      std::memcmp(phase, scratch.block_phase.data() + first, count * sizeof *phase) == 0) {
    return;
  }
  std::memcpy(scratch.block_heat_share.data() + first, share, count * sizeof *share);
  std::memcpy(scratch.block_phase.data() + first, phase, count * sizeof *phase);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t block = first + i;
    const auto cold = static_cast<std::uint8_t>(share[i] < kHeatMinimumShare);
    const auto burst = static_cast<std::uint8_t>(phase[i] == heat::BlockPhase::burst);
    if (cold != ledger.block_cold[block] || burst != ledger.block_burst[block]) {
      ledger.block_cold[block] = cold;
      ledger.block_burst[block] = burst;
      scratch.blocks.push_back(static_cast<std::uint32_t>(block));
    }
  }
}

/// Could any block of the chunk be, or have been, below the highest threshold?
bool may_be_cold(const float* indoor_c, const std::uint8_t* below, std::size_t count) {
  int cold = 0;
  for (std::size_t i = 0; i < count; ++i) {
    cold |= static_cast<int>(indoor_c[i] < kColdThresholdsC[0]);
  }
  std::uint8_t was = 0;
  for (std::size_t i = 0; i < count; ++i) {
    was = static_cast<std::uint8_t>(was | below[i]);
  }
  return cold != 0 || was != 0;
}

/// Thresholds that each block of a chunk is below. Without branches, so that it vectorises.
void count_below(const float* indoor_c, std::size_t count, std::uint8_t* below) {
  for (std::size_t i = 0; i < count; ++i) {
    int thresholds = 0;
    for (const float threshold : kColdThresholdsC) {
      thresholds += static_cast<int>(indoor_c[i] < threshold);
    }
    below[i] = static_cast<std::uint8_t>(thresholds);
  }
}

void note_temperature(const Model& model, std::int32_t time, std::size_t b, std::uint8_t below,
                      Ledger& ledger) {
  const std::uint8_t before = ledger.below[b];
  const std::int64_t households = model.heat.block_households[b];
  for (std::size_t c = 0; c < kColdThresholdsC.size(); ++c) {
    ledger.households_below[c] += (below > c ? households : 0) - (before > c ? households : 0);
  }
  if ((below > kTwelveDegrees) != (before > kTwelveDegrees)) {
    switch_condition(below > kTwelveDegrees, time, ledger.below_12_since[b],
                     ledger.below_12_longest[b]);
  }
  ledger.below[b] = below;
  ledger.ever_below[b] = std::max(ledger.ever_below[b], below);
}

}  // namespace

void LedgerScratch::prepare(const Model& model) {
  feeders.reserve(model.power.feeder_count());
  blocks.reserve(model.heat.block_count());
  water_nodes.reserve(model.water.node_count());
  block_heat_share.assign(model.heat.block_count(), 0.0F);
  block_phase.assign(model.heat.block_count(), heat::BlockPhase::connected);
}

Ledger initial_ledger(const Model& model) {
  Ledger ledger;
  const std::size_t units = model.units.count();
  const std::size_t blocks = model.heat.block_count();
  const std::size_t feeders = model.power.feeder_count();
  ledger.mask.assign(units, 0);
  ledger.feeder_on.assign(feeders, 1);
  ledger.block_cold.assign(blocks, 0);
  ledger.block_burst.assign(blocks, 0);
  ledger.water_dry.assign(model.water.node_count(), 0);
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    ledger.off_since[s].assign(units, -1);
    ledger.longest[s].assign(units, 0);
    ledger.cumulative[s].assign(units, 0);
    ledger.zone_households_off[s].assign(model.zones.count(), 0);
    ledger.zone_day_household_seconds[s].assign(model.zones.count() * model.days(), 0);
  }
  for (auto* times : {&ledger.two_since, &ledger.three_since}) {
    times->assign(units, -1);
  }
  for (auto* times : {&ledger.two_longest, &ledger.three_longest}) {
    times->assign(units, 0);
  }
  ledger.below.assign(blocks, 0);
  ledger.ever_below.assign(blocks, 0);
  ledger.below_12_since.assign(blocks, -1);
  ledger.below_12_longest.assign(blocks, 0);
  ledger.feeder_cold_households.assign(feeders, 0);
  prepare(ledger.outcome, model);
  return ledger;
}

void note_changes(const Model& model, Seconds now, const ServiceConditions& conditions,
                  LedgerScratch& scratch, Ledger& ledger) {
  // All conditions are stored before any unit is judged, so that a unit touched by two changes is
  // judged once on the new conditions. The loops run over feeders, blocks and water nodes, not
  // units: most hours change nothing.
  scratch.feeders.clear();
  scratch.blocks.clear();
  scratch.water_nodes.clear();
  const bool switched = !std::equal(conditions.feeder_on.begin(), conditions.feeder_on.end(),
                                    ledger.feeder_on.begin(), ledger.feeder_on.end());
  for (std::size_t f = 0; switched && f < conditions.feeder_on.size(); ++f) {
    if (conditions.feeder_on[f] != ledger.feeder_on[f]) {
      ledger.feeder_on[f] = conditions.feeder_on[f];
      scratch.feeders.push_back(static_cast<std::uint32_t>(f));
    }
  }
  for (std::size_t first = 0; first < conditions.block_heat_share.size(); first += kChunk) {
    note_chunk(conditions, first, std::min(first + kChunk, conditions.block_heat_share.size()),
               scratch, ledger);
  }
  scratch.copies_valid = true;
  const auto water_minimum = static_cast<float>(conditions.water_minimum_share);
  for (std::size_t n = 0; n < conditions.water_node_share.size(); ++n) {
    const auto dry = static_cast<std::uint8_t>(conditions.water_node_share[n] < water_minimum);
    if (dry != ledger.water_dry[n]) {
      ledger.water_dry[n] = dry;
      scratch.water_nodes.push_back(static_cast<std::uint32_t>(n));
    }
  }
  for (const std::uint32_t feeder : scratch.feeders) {
    update_units(model, now, model.units_of_feeder.row(feeder), ledger);
  }
  for (const std::uint32_t block : scratch.blocks) {
    update_units(model, now, model.units_of_block.row(block), ledger);
  }
  for (const std::uint32_t node : scratch.water_nodes) {
    update_units(model, now, model.units_of_water_node.row(node), ledger);
  }
}

void note_facilities(const Model& model, std::span<const std::uint8_t> feeder_on, Ledger& ledger) {
  ledger.sets_needed.fill(0);
  for (std::size_t i = 0; i < model.facilities.count(); ++i) {
    if (feeder_on[model.facilities.feeder[i]] == 0) {
      ++ledger.sets_needed[model.facility_set_class[i]];
    }
  }
  for (std::size_t c = 0; c < kSetClassCount; ++c) {
    ledger.outcome.sets_needed_peak[c] =
        std::max(ledger.outcome.sets_needed_peak[c], ledger.sets_needed[c]);
  }
}

void note_temperatures(const Model& model, Seconds now, std::span<const float> indoor_c,
                       Ledger& ledger) {
  const auto time = static_cast<std::int32_t>(now);
  std::array<std::uint8_t, kChunk> below{};
  for (std::size_t first = 0; first < indoor_c.size(); first += kChunk) {
    const std::size_t count = std::min(kChunk, indoor_c.size() - first);
    if (!may_be_cold(indoor_c.data() + first, ledger.below.data() + first, count)) {
      continue;
    }
    count_below(indoor_c.data() + first, count, below.data());
    if (std::memcmp(below.data(), ledger.below.data() + first, count) == 0) {
      continue;
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (below[i] != ledger.below[first + i]) {
        note_temperature(model, time, first + i, below[i], ledger);
      }
    }
  }
}

void accumulate(const Model& model, Seconds now, Seconds duration, Ledger& ledger) {
  Outcome& outcome = ledger.outcome;
  const std::size_t days = model.days();
  const auto day = static_cast<std::size_t>(now / kSecondsPerDay);
  const bool on_the_hour = now % kSecondsPerHour == 0;
  const auto hour = static_cast<std::size_t>(now / kSecondsPerHour);
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    const std::int64_t off = ledger.households_off[s];
    ServiceOutcome& service = outcome.service[s];
    service.peak_households = std::max(service.peak_households, off);
    if (on_the_hour) {
      outcome.households_off_by_hour[s][hour] = static_cast<std::uint32_t>(off);
    }
    if (off == 0) {
      continue;
    }
    service.household_seconds_lost += off * duration;
    for (std::size_t zone = 0; zone < model.zones.count(); ++zone) {
      const std::int64_t lost = ledger.zone_households_off[s][zone] * duration;
      outcome.zone_household_seconds[s][zone] += lost;
      ledger.zone_day_household_seconds[s][zone * days + day] += lost;
    }
  }
  outcome.two_services_household_seconds += ledger.households_two * duration;
  outcome.three_services_household_seconds += ledger.households_three * duration;
  for (std::size_t c = 0; c < kColdThresholdsC.size(); ++c) {
    outcome.household_seconds_below[c] += ledger.households_below[c] * duration;
  }
  for (std::size_t c = 0; c < kSetClassCount; ++c) {
    const std::int64_t seconds = ledger.sets_needed[c] * duration;
    outcome.set_seconds[c] += seconds;
    if (day != ledger.set_day) {
      ledger.day_set_seconds.fill(0);
      ledger.set_day = day;
    }
    ledger.day_set_seconds[c] += seconds;
    outcome.set_seconds_peak_day[c] =
        std::max(outcome.set_seconds_peak_day[c], ledger.day_set_seconds[c]);
  }
}

void finish(const Model& model, Seconds now, const Ledger& ledger, Outcome& outcome) {
  outcome = ledger.outcome;
  const auto time = static_cast<std::int32_t>(now);
  // An outage still open at the horizon counts up to the horizon.
  const auto closed = [time](std::int32_t since, std::int32_t longest) {
    return since >= 0 ? std::max(longest, time - since) : longest;
  };
  constexpr std::int32_t kDay = static_cast<std::int32_t>(kSecondsPerDay);
  for (std::size_t unit = 0; unit < model.units.count(); ++unit) {
    const std::int64_t households = model.units.households[unit];
    for (std::size_t s = 0; s < kServiceCount; ++s) {
      ServiceOutcome& service = outcome.service[s];
      const std::int32_t since = ledger.off_since[s][unit];
      const std::int32_t longest = closed(since, ledger.longest[s][unit]);
      const std::int32_t cumulative = ledger.cumulative[s][unit] + (since >= 0 ? time - since : 0);
      if (longest == 0) {
        continue;
      }
      service.households_ever += households;
      service.longest_outage_seconds = std::max<Seconds>(service.longest_outage_seconds, longest);
      service.longest_cumulative_seconds =
          std::max<Seconds>(service.longest_cumulative_seconds, cumulative);
      for (std::size_t k = 0; k < kOutageThresholdHours.size(); ++k) {
        if (longest >= kOutageThresholdHours[k] * kSecondsPerHour) {
          service.households_over[k] += households;
          if (k >= kFirstZoneThreshold) {
            outcome.zone_over[s][model.units.zone[unit] * kZoneThresholdCount + k -
                                 kFirstZoneThreshold] += households;
          }
        }
      }
    }
    outcome.two_services_over_24h +=
        closed(ledger.two_since[unit], ledger.two_longest[unit]) >= kDay ? households : 0;
    outcome.three_services_over_24h +=
        closed(ledger.three_since[unit], ledger.three_longest[unit]) >= kDay ? households : 0;
  }
  for (std::size_t b = 0; b < model.heat.block_count(); ++b) {
    const std::int64_t households = model.heat.block_households[b];
    for (std::size_t c = 0; c < ledger.ever_below[b]; ++c) {
      outcome.households_ever_below[c] += households;
    }
    if (closed(ledger.below_12_since[b], ledger.below_12_longest[b]) >= kDay) {
      outcome.households_below_12c_over_24h += households;
    }
  }
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    for (std::size_t i = 0; i < outcome.zone_day_household_hours[s].size(); ++i) {
      outcome.zone_day_household_hours[s][i] = static_cast<std::uint32_t>(
          (ledger.zone_day_household_seconds[s][i] + kSecondsPerHour / 2) / kSecondsPerHour);
    }
  }
}

}  // namespace wintergrid

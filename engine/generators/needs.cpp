// Needs of generator sets.
//
// Facility f needs a set at time t if its feeder is off and it has no set of its own that covers
// its essential load:                       n_f(t) in {0, 1}
// Sets at once of a group G:                max over t of sum_{f in G} n_f(t)
// Run-hours:                                H_f = integral of n_f
// Litres:                                   sum H_f (a R_f + 0.25 L_f), R_f required prime kW, L_f
//                                           load kW, a as in power::fuel_litres_per_hour
// Left with S_c sets of class c at hand:    integral of max(0, sum_{f in c} n_f - S_c)
// The last moves sets at once to where they are needed, within a class: a lower bound of what is
// left. Quantiles are over winters; prime rating: the level's quantile of H_f above 200 h (ISO
// 8528-1, limit of emergency standby power in a year; the horizon may be shorter).

#include "engine/generators/needs.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "grid_models/core/contract.hpp"

namespace wintergrid::generators {
namespace {

constexpr std::size_t index_of(Gap gap) { return static_cast<std::size_t>(gap); }

Levels levels_of(std::span<const double> values, const std::array<double, kLevelCount>& level) {
  Levels result;
  for (std::size_t i = 0; i < kLevelCount; ++i) {
    result[i] = montecarlo::quantile(values, level[i]);
  }
  return result;
}

/// Of a quantity by winter.
template <class Value>
Levels levels_over(std::size_t winters, const std::array<double, kLevelCount>& level,
                   const Value& value) {
  std::vector<double> values(winters);
  for (std::size_t w = 0; w < winters; ++w) {
    values[w] = value(w);
  }
  return levels_of(values, level);
}

template <class Value>
montecarlo::Estimate mean_over(std::span<const std::uint64_t> replication, std::uint64_t group,
                               const Value& value) {
  montecarlo::Values values;
  values.replication.assign(replication.begin(), replication.end());
  for (std::size_t w = 0; w < replication.size(); ++w) {
    values.value.push_back(value(w));
  }
  return montecarlo::estimate(values, group);
}

double hours(std::int64_t seconds) { return hours_from_seconds(seconds); }

}  // namespace

Grouping grouping_of(const Facilities& facilities) {
  using Key = std::tuple<Scope, std::uint32_t, std::size_t>;
  const auto keys_of = [&facilities](std::size_t i) {
    const std::size_t c = facilities.set_class[i];
    const std::uint32_t zone = facilities.zone[i];
    const auto kind = static_cast<std::uint32_t>(facilities.kind[i]);
    return std::array<Key, 6>{Key{Scope::all, 0U, c},    Key{Scope::all, 0U, kAllClasses},
                              Key{Scope::zone, zone, c}, Key{Scope::zone, zone, kAllClasses},
                              Key{Scope::kind, kind, c}, Key{Scope::kind, kind, kAllClasses}};
  };
  std::map<Key, std::uint32_t> number;
  for (std::size_t i = 0; i < facilities.count(); ++i) {
    for (const Key& key : keys_of(i)) {
      number.emplace(key, 0U);
    }
  }
  Grouping result;
  for (auto& [key, place] : number) {
    place = static_cast<std::uint32_t>(result.groups.size());
    Group group;
    std::tie(group.scope, group.index, group.set_class) = key;
    result.groups.push_back(group);
  }
  result.of_facility.resize(facilities.count());
  for (std::size_t i = 0; i < facilities.count(); ++i) {
    for (const Key& key : keys_of(i)) {
      const std::uint32_t place = number.at(key);
      result.of_facility[i].push_back(place);
      ++result.groups[place].facilities;
      result.groups[place].without_set += facilities.has_set[i] == 0 ? 1U : 0U;
    }
  }
  return result;
}

Gap gap_of(const Model& model, const State& state, std::size_t i) {
  const double own_kw = model.facilities.generator_kw[i];
  if (!(own_kw > 0.0) || own_kw < model.facilities.load_kw[i]) {
    return Gap::no_set;
  }
  switch (state.backup.phase[i]) {
    case power::BackupPhase::failed:
      return Gap::failed;
    case power::BackupPhase::out_of_fuel:
      return Gap::fuel;
    default:
      return Gap::starting;
  }
}

NeedsCounter::NeedsCounter(const Facilities& facilities, const Grouping& grouping)
    : facilities_(&facilities), grouping_(&grouping) {
  for (std::size_t gap = 0; gap < kGapCount; ++gap) {
    now_[gap].assign(grouping.groups.size(), 0);
    touched_[gap].reserve(grouping.groups.size());
  }
}

void NeedsCounter::begin(WinterNeeds& winter) {
  winter_ = &winter;
  for (std::size_t gap = 0; gap < kGapCount; ++gap) {
    winter.at_once[gap].assign(grouping_->groups.size(), 0);
    winter.facility_seconds[gap].assign(facilities_->count(), 0);
  }
  std::array<std::size_t, kSetClassCount> most{};
  for (std::size_t i = 0; i < facilities_->count(); ++i) {
    most[facilities_->set_class[i]] += facilities_->has_set[i] == 0 ? 1U : 0U;
  }
  for (std::size_t c = 0; c < kSetClassCount; ++c) {
    winter.seconds_at_count[c].assign(most[c] + 1, 0);
  }
}

void NeedsCounter::note(const Model& model, const State& state, Seconds duration) {
  std::array<std::size_t, kSetClassCount> count{};
  for (std::size_t i = 0; i < facilities_->count(); ++i) {
    if (state.backup.powered[i] != 0) {
      continue;
    }
    const std::size_t gap = index_of(gap_of(model, state, i));
    winter_->facility_seconds[gap][i] += duration;
    count[facilities_->set_class[i]] += gap == index_of(Gap::no_set) ? 1U : 0U;
    for (const std::uint32_t group : grouping_->of_facility[i]) {
      if (now_[gap][group]++ == 0) {
        touched_[gap].push_back(group);
      }
    }
  }
  for (std::size_t c = 0; c < kSetClassCount; ++c) {
    winter_->seconds_at_count[c][count[c]] += duration;
  }
  for (std::size_t gap = 0; gap < kGapCount; ++gap) {
    for (const std::uint32_t group : touched_[gap]) {
      winter_->at_once[gap][group] = std::max(winter_->at_once[gap][group], now_[gap][group]);
      now_[gap][group] = 0;
    }
    touched_[gap].clear();
  }
}

namespace {

std::vector<std::vector<std::uint32_t>> members_of(const Grouping& grouping) {
  std::vector<std::vector<std::uint32_t>> members(grouping.groups.size());
  for (std::uint32_t i = 0; i < grouping.of_facility.size(); ++i) {
    for (const std::uint32_t group : grouping.of_facility[i]) {
      members[group].push_back(i);
    }
  }
  return members;
}

UnmetGap gap_of_class(std::size_t c, std::uint32_t sets, const Facilities& facilities,
                      std::span<const WinterNeeds> winters,
                      std::span<const std::uint64_t> replication, std::uint64_t group) {
  UnmetGap result;
  result.set_class = c;
  result.sets = sets;
  const auto without = [&](std::size_t w, std::size_t at_hand) {
    const std::vector<std::int64_t>& seconds = winters[w].seconds_at_count[c];
    std::int64_t sum = 0;
    for (std::size_t n = at_hand + 1; n < seconds.size(); ++n) {
      sum += seconds[n] * static_cast<std::int64_t>(n - at_hand);
    }
    return hours(sum);
  };
  const auto of_gap = [&](std::size_t w, Gap gap) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < facilities.count(); ++i) {
      sum += facilities.set_class[i] == c ? winters[w].facility_seconds[index_of(gap)][i] : 0;
    }
    return hours(sum);
  };
  result.no_set_hours = mean_over(replication, group, [&](std::size_t w) { return without(w, 0); });
  result.remaining_hours =
      mean_over(replication, group, [&](std::size_t w) { return without(w, sets); });
  result.failed_hours =
      mean_over(replication, group, [&](std::size_t w) { return of_gap(w, Gap::failed); });
  result.fuel_gap_hours =
      mean_over(replication, group, [&](std::size_t w) { return of_gap(w, Gap::fuel); });
  return result;
}

}  // namespace

Needs summarise_needs(const Model& model, const Facilities& facilities, const Grouping& grouping,
                      std::span<const WinterNeeds> winters,
                      std::span<const std::uint64_t> replication, std::uint64_t group,
                      double level) {
  WG_EXPECT(!winters.empty() && winters.size() == replication.size());
  Needs result;
  result.level[kLevelCount - 1] = level;
  const std::size_t n = winters.size();
  constexpr std::size_t kNoSet = index_of(Gap::no_set);

  std::vector<double> litres_per_hour(facilities.count());
  std::vector<std::uint8_t> prime(facilities.count());
  std::vector<double> run(n);
  for (std::size_t i = 0; i < facilities.count(); ++i) {
    litres_per_hour[i] =
        power::fuel_litres_per_hour(facilities.required_kw[i], model.facilities.load_kw[i]);
    for (std::size_t w = 0; w < n; ++w) {
      run[w] = hours(winters[w].facility_seconds[kNoSet][i]);
    }
    prime[i] = montecarlo::quantile(run, level).value > kStandbyHours ? 1 : 0;
  }

  const std::vector<std::vector<std::uint32_t>> members = members_of(grouping);
  for (std::size_t g = 0; g < grouping.groups.size(); ++g) {
    GroupNeeds needs;
    needs.group = grouping.groups[g];
    const auto at_once = [&](Gap gap) {
      return levels_over(n, result.level, [&winters, gap, g](std::size_t w) {
        return static_cast<double>(winters[w].at_once[index_of(gap)][g]);
      });
    };
    needs.sets_at_once = at_once(Gap::no_set);
    needs.start_failures_at_once = at_once(Gap::failed);
    needs.fuel_gaps_at_once = at_once(Gap::fuel);
    std::size_t winters_over = 0;
    std::vector<double> run_hours(n, 0.0), litres(n, 0.0);
    for (std::size_t w = 0; w < n; ++w) {
      bool over = false;
      for (const std::uint32_t i : members[g]) {
        const double h = hours(winters[w].facility_seconds[kNoSet][i]);
        run_hours[w] += h;
        litres[w] += h * litres_per_hour[i];
        over = over || h > kStandbyHours;
      }
      winters_over += over ? 1U : 0U;
    }
    needs.run_hours = levels_of(run_hours, result.level);
    needs.litres = levels_of(litres, result.level);
    for (const std::uint32_t i : members[g]) {
      needs.prime_rated += prime[i];
    }
    needs.share_of_winters_over_200_hours =
        static_cast<double>(winters_over) / static_cast<double>(n);
    if (needs.group.scope == Scope::all && needs.group.set_class != kAllClasses) {
      const auto sets = static_cast<std::uint32_t>(needs.sets_at_once[kLevelCount - 1].value);
      result.gaps.push_back(
          gap_of_class(needs.group.set_class, sets, facilities, winters, replication, group));
    }
    result.groups.push_back(needs);
  }
  return result;
}

}  // namespace wintergrid::generators

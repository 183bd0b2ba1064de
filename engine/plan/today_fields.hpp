#pragma once
// The keys of TODAY.yaml, once: the reader's checks and the schema come from here.

#include <cstddef>
#include <string_view>
#include <vector>

#include "engine/plan/today.hpp"
#include "engine/scenario/fields.hpp"

namespace wintergrid::plan {

/// The keys of a list's items or, for TodayValues, the dotted paths of single values.
template <class Owner>
const std::vector<scenario::Field<Owner>>& today_fields();
template <>
const std::vector<scenario::Field<TodayValues>>& today_fields<TodayValues>();
template <>
const std::vector<scenario::Field<DamagedItem>>& today_fields<DamagedItem>();
template <>
const std::vector<scenario::Field<CountItem>>& today_fields<CountItem>();
template <>
const std::vector<scenario::Field<UnderWayItem>>& today_fields<UnderWayItem>();
template <>
const std::vector<scenario::Field<AwayItem>>& today_fields<AwayItem>();
template <>
const std::vector<scenario::Field<IndoorItem>>& today_fields<IndoorItem>();
template <>
const std::vector<scenario::Field<DrainedItem>>& today_fields<DrainedItem>();
template <>
const std::vector<scenario::Field<TankItem>>& today_fields<TankItem>();
template <>
const std::vector<scenario::Field<FuelItem>>& today_fields<FuelItem>();
template <>
const std::vector<scenario::Field<CrewsNow>>& today_fields<CrewsNow>();
template <>
const std::vector<scenario::Field<SpareNow>>& today_fields<SpareNow>();
template <>
const std::vector<scenario::Field<ForecastDay>>& today_fields<ForecastDay>();

struct TodayList {
  const char* key;
  const char* doc;
};
/// In the order of for_each_today_list().
const std::vector<TodayList>& today_lists();

/// function(list index, member pointer of Today) for each list of items.
template <class Function>
void for_each_today_list(Function&& function) {
  std::size_t i = 0;
  function(i++, &Today::damaged);
  function(i++, &Today::counts);
  function(i++, &Today::under_way);
  function(i++, &Today::crews_away);
  function(i++, &Today::indoor);
  function(i++, &Today::drained);
  function(i++, &Today::tanks);
  function(i++, &Today::fuel);
  function(i++, &Today::crews);
  function(i++, &Today::spares);
  function(i++, &Today::forecast_days);
}

/// Place of one value of an item that was read; of the item if the value was not given.
template <class Owner>
SourcePlace place_in(const Owner& owner, std::string_view key) {
  const std::vector<scenario::Field<Owner>>& all = today_fields<Owner>();
  for (std::size_t i = 0; i < all.size() && i < owner.place.values.size(); ++i) {
    if (all[i].key == key && owner.place.values[i].line > 0) {
      return {owner.place.file, owner.place.values[i].line, owner.place.values[i].column};
    }
  }
  return owner.place;
}

}  // namespace wintergrid::plan

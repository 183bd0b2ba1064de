#pragma once
// The field table: every key of the YAML file and every column of the tables, once. From it come
// the reader's checks and defaults, the writer, the JSON Schema and the reference page
// (schema.hpp).

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/scenario/scenario.hpp"

namespace wintergrid::scenario {

enum class FieldKind : std::uint8_t {
  key,        ///< name of the row or item, unique in its table or list
  reference,  ///< name of something else
  text,
  choice,  ///< one of a list; with a bool member: the second choice is true
  number,
  integer,
  boolean,
  timestamp,
};

/// What is known of a field without its owner's type.
struct FieldInfo {
  std::string key;  ///< column name, or dotted path of keys below the owner
  FieldKind kind = FieldKind::text;
  std::string doc;        ///< one sentence, with the source of the default
  std::string unit;       ///< also part of the key
  std::string refers_to;  ///< table whose names a reference uses; empty: said in doc
  std::vector<std::string> choices;
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  bool minimum_excluded = false;
  bool required = false;
  bool list = false;            ///< YAML only
  bool several_lines = false;   ///< text may contain line breaks
  std::size_t list_length = 0;  ///< exact length of a list; 0: any
  std::string hint;             ///< shown with any error of this field's value
};

template <class Owner>
struct Field : FieldInfo {
  using Member = std::variant<std::string Owner::*, double Owner::*, int Owner::*,
                              std::int64_t Owner::*, std::uint64_t Owner::*, bool Owner::*,
                              std::vector<double> Owner::*, std::vector<std::string> Owner::*>;
  Member member;
};

/// The columns of a table's rows, the keys of a list's items, or (Owner = Scenario) the single
/// values of the YAML file, in the order in which they are documented and written.
template <class Owner>
const std::vector<Field<Owner>>& fields();
template <>
const std::vector<Field<Scenario>>& fields<Scenario>();
template <>
const std::vector<Field<RegionItem>>& fields<RegionItem>();
template <>
const std::vector<Field<EventItem>>& fields<EventItem>();
template <>
const std::vector<Field<InitialDamageItem>>& fields<InitialDamageItem>();
template <>
const std::vector<Field<PauseItem>>& fields<PauseItem>();
template <>
const std::vector<Field<GasOutageItem>>& fields<GasOutageItem>();
template <>
const std::vector<Field<GridFailureItem>>& fields<GridFailureItem>();
template <>
const std::vector<Field<HourValue>>& fields<HourValue>();
template <>
const std::vector<Field<CrewItem>>& fields<CrewItem>();
template <>
const std::vector<Field<ReinforcementItem>>& fields<ReinforcementItem>();
template <>
const std::vector<Field<SpareItem>>& fields<SpareItem>();
template <>
const std::vector<Field<MobileBoilerItem>>& fields<MobileBoilerItem>();
template <>
const std::vector<Field<ZoneRow>>& fields<ZoneRow>();
template <>
const std::vector<Field<BusRow>>& fields<BusRow>();
template <>
const std::vector<Field<BranchRow>>& fields<BranchRow>();
template <>
const std::vector<Field<GeneratorRow>>& fields<GeneratorRow>();
template <>
const std::vector<Field<FeederRow>>& fields<FeederRow>();
template <>
const std::vector<Field<HouseholdRow>>& fields<HouseholdRow>();
template <>
const std::vector<Field<FacilityRow>>& fields<FacilityRow>();
template <>
const std::vector<Field<HeatNodeRow>>& fields<HeatNodeRow>();
template <>
const std::vector<Field<HeatPipeRow>>& fields<HeatPipeRow>();
template <>
const std::vector<Field<HeatSourceRow>>& fields<HeatSourceRow>();
template <>
const std::vector<Field<WaterNodeRow>>& fields<WaterNodeRow>();
template <>
const std::vector<Field<WaterLinkRow>>& fields<WaterLinkRow>();

struct TableInfo {
  std::string key;       ///< below `tables`; written as KEY.csv
  std::string row_name;  ///< "zone": one row
  bool required = false;
  bool needs_rows = false;
  std::string doc;
};
/// In the order of for_each_table().
const std::vector<TableInfo>& tables();

/// function(table index, member pointer of Scenario) for each table.
template <class Function>
void for_each_table(Function&& function) {
  std::size_t i = 0;
  function(i++, &Scenario::zones);
  function(i++, &Scenario::buses);
  function(i++, &Scenario::branches);
  function(i++, &Scenario::generators);
  function(i++, &Scenario::feeders);
  function(i++, &Scenario::households);
  function(i++, &Scenario::facilities);
  function(i++, &Scenario::heat_nodes);
  function(i++, &Scenario::heat_pipes);
  function(i++, &Scenario::heat_sources);
  function(i++, &Scenario::water_nodes);
  function(i++, &Scenario::water_links);
}

struct ListInfo {
  std::string key;  ///< dotted path in the YAML file
  std::string doc;
};
/// Lists of items in the YAML file, in the order of for_each_list().
const std::vector<ListInfo>& lists();

/// function(list index, member pointer of Scenario) for each list of items.
template <class Function>
void for_each_list(Function&& function) {
  std::size_t i = 0;
  function(i++, &Scenario::import_limit);
  function(i++, &Scenario::grid_failures);
  function(i++, &Scenario::regions);
  function(i++, &Scenario::events);
  function(i++, &Scenario::pauses);
  function(i++, &Scenario::gas_outages);
  function(i++, &Scenario::initial_damage);
  function(i++, &Scenario::crews);
  function(i++, &Scenario::reinforcements);
  function(i++, &Scenario::spares);
  function(i++, &Scenario::mobile_boilers);
}

/// Explains a section: "power" or "" for the whole file; empty if there is nothing to say.
std::string section_doc(std::string_view section);
inline constexpr std::string_view kTablesDoc =
    "CSV files, one per kind of thing; paths are relative to this file.";
inline constexpr std::string_view kSetDoc =
    "Model parameters by dotted name, each replaced by a number and no longer sampled.";

/// The default as it would be written ("" for none), taken from a newly made Owner so that it is
/// stated once.
template <class Owner>
std::string default_text(const Field<Owner>& field);

/// A field's value as it would be written in a file; empty for a number that is not given.
template <class Owner>
std::string value_text(const Owner& owner, const Field<Owner>& field);

/// Place of one value of a row or item that was read; of the whole row if the value was not given.
template <class Owner>
SourcePlace place_of(const Owner& owner, std::string_view key) {
  const std::vector<Field<Owner>>& all = fields<Owner>();
  for (std::size_t i = 0; i < all.size() && i < owner.place.values.size(); ++i) {
    if (all[i].key == key && owner.place.values[i].line > 0) {
      return {owner.place.file, owner.place.values[i].line, owner.place.values[i].column};
    }
  }
  return owner.place;
}

/// Place of a key of the YAML file, of the file if it was not given.
SourcePlace place_of(const Scenario& scenario, const std::string& dotted_key);

}  // namespace wintergrid::scenario

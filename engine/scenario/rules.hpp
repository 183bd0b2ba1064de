#pragma once
// What the values of one row or item must satisfy together; cross-references are resolved later, by
// compile().

#include "engine/scenario/fields.hpp"
#include "grid_models/core/diagnostics.hpp"

namespace wintergrid::scenario {

/// Most rows have no rule of their own.
template <class Row>
void check_row(const Row&, Diagnostics&) {}
void check_row(const BranchRow& row, Diagnostics& diagnostics);
void check_row(const HouseholdRow& row, Diagnostics& diagnostics);
void check_row(const FacilityRow& row, Diagnostics& diagnostics);
void check_row(const HeatPipeRow& row, Diagnostics& diagnostics);
void check_row(const HeatSourceRow& row, Diagnostics& diagnostics);
void check_row(const WaterNodeRow& row, Diagnostics& diagnostics);
void check_row(const WaterLinkRow& row, Diagnostics& diagnostics);
void check_row(const PauseItem& item, Diagnostics& diagnostics);
void check_row(const GasOutageItem& item, Diagnostics& diagnostics);
void check_row(const GridFailureItem& item, Diagnostics& diagnostics);
void check_row(const CrewItem& item, Diagnostics& diagnostics);

/// Keys and tables that a scenario cannot do without.
void check_required(const Scenario& scenario, Diagnostics& diagnostics);

/// Values of the YAML file that depend on each other.
void check_scenario(const Scenario& scenario, Diagnostics& diagnostics);

}  // namespace wintergrid::scenario

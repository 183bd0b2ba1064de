// D_f = ordinary_f p_h (1 + r (max(0, T_ref - T) - min(13 K, max(0, T - T_ref)))) + facility_f
//       + heater x cold households
// D demand (MW), p share of the peak at local hour h, r rise per K, T outdoors (C). Parameters and
// sources: data/parameters/demand.yaml.

#include "grid_models/system/demand.hpp"

#include <algorithm>

namespace wintergrid {

void find_demand(const Model& model, const DemandParameters& parameters, std::size_t hour,
                 double outdoor_c, std::span<const double> ordinary_mw,
                 std::span<const std::int32_t> cold_households, std::span<double> demand_mw) {
  const double cold_k = std::max(0.0, parameters.reference_c - outdoor_c);
  const double mild_k = std::max(0.0, outdoor_c - parameters.reference_c);
  // Below the reference demand rises, above it falls at the same rate down to what it is at +8 C
  // (end of heating).
  const double factor = model.hour_profile[hour] * (1.0 + parameters.rise_per_k * cold_k -
                                                    parameters.rise_per_k * std::min(mild_k, 13.0));
  const double heater_mw = parameters.cold_flat_electric_kw * parameters.cold_flat_share / 1000.0;
  const std::span<const double> facility_mw = model.feeder_facility_mw;
  for (std::size_t f = 0; f < demand_mw.size(); ++f) {
    demand_mw[f] = ordinary_mw[f] * factor + facility_mw[f] +
                   heater_mw * static_cast<double>(cold_households[f]);
  }
}

}  // namespace wintergrid

#include "grid_models/system/gas.hpp"

#include <algorithm>

namespace wintergrid {

bool gas_is_out(const Model& model, std::uint32_t zone, Seconds now) {
  return zone != kNone && std::any_of(model.gas_outages.begin(), model.gas_outages.end(),
                                      [&](const Model::GasOutage& outage) {
                                        return (outage.zone == kNone || outage.zone == zone) &&
                                               outage.from <= now && now < outage.to;
                                      });
}

Seconds next_gas_event(const Model& model, Seconds now) {
  Seconds next = kNever;
  for (const Model::GasOutage& outage : model.gas_outages) {
    for (const Seconds at : {outage.from, outage.to}) {
      next = at > now ? std::min(next, at) : next;
    }
  }
  return next;
}

}  // namespace wintergrid

#include "engine/plan/loss.hpp"

#include <algorithm>

namespace wintergrid::plan {
namespace {

constexpr float kColdC = 16.0F;  // WHO's lower limit for homes of the vulnerable is 18; assumption

}  // namespace

void add_step(const Model& model, const State& state, Seconds step, Loss& loss) {
  const Ledger& ledger = state.ledger;
  const auto now = static_cast<std::int32_t>(state.now);
  constexpr std::int32_t kDay = static_cast<std::int32_t>(kSecondsPerDay);
  const auto length = static_cast<std::int32_t>(step);
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    if (ledger.households_off[s] == 0) {
      continue;
    }
    std::int64_t household_seconds = 0;
    for (std::size_t unit = 0; unit < model.units.count(); ++unit) {
      const std::int32_t since = ledger.off_since[s][unit];
      if (since >= 0 && now - since > kDay) {
        household_seconds +=
            std::int64_t{model.units.households[unit]} * std::min(length, now - since - kDay);
      }
    }
    loss.beyond_24h[s] += hours_from_seconds(household_seconds);
  }
  double degree_hours = 0.0;
  for (std::size_t block = 0; block < model.heat.block_count(); ++block) {
    const float below = kColdC - state.heat.indoor_c[block];
    if (below > 0.0F) {
      degree_hours += static_cast<double>(below) * model.heat.block_households[block];
    }
  }
  loss.degree_hours += degree_hours * hours_from_seconds(step);
}

}  // namespace wintergrid::plan

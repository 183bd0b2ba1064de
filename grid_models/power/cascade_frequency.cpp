// One island, one frequency, from the moment of an event.
//
//   2 E / f0  df/dt = -(d - r(t)),   r(t) = R min(1, t / T)
//
//   f0   nominal frequency, Hz
//   E    kinetic energy of the units that run, sum_j H_j S_j, MW s (H inertia constant, s; S rated
//        power, MW)
//   d    deficit: load less generation, MW; less what under-frequency stages have shed
//   R    primary reserve, MW; full after T seconds, in proportion to time until then
//   k  = f0 / (2 E), Hz per MW s
//
// Between events f is a parabola (t < T) or a straight line (t >= T). With the fall rate e = d -
// r(t0) at the start of a piece, a depth h below it is reached after
//
//   tau = 2 (h / k) / (e + sqrt(e^2 - 2 (R / T) (h / k)))
//
// (the smaller root, written so that R = 0 is the straight line). Without stages and for d <= R the
// lowest frequency is reached at t = d T / R:
//
//   nadir = f0 - f0 d^2 T / (4 E R)
//
// A stage that is crossed sheds its load after the delay, whatever the frequency does meanwhile.
// The fall ends where reserve and shedding have caught up with the deficit; stages already crossed
// still act. At the collapse frequency everything is lost.
//
// Left out, on the safe side: load that falls with frequency (about 1 % per Hz). Left out
// otherwise: voltage, rate-of-change relays, differences of frequency inside an island, and the
// return to nominal frequency.
//
// Sources: P. Kundur, Power System Stability and Control, McGraw-Hill 1994, chapter 11; I. Egido,
// F. Fernandez-Bernal, P. Centeno, L. Rouco, IEEE Trans. Power Systems 24(3), 2009 (maximum
// frequency deviation with linear reserve).

#include "grid_models/power/cascade_frequency.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "grid_models/core/contract.hpp"

namespace wintergrid::power {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

double stage_frequency_hz(const FrequencyParameters& parameters, std::size_t stage,
                          std::size_t count) {
  const double share =
      count > 1 ? static_cast<double>(stage) / static_cast<double>(count - 1) : 0.0;
  return parameters.first_stage_hz + share * (parameters.last_stage_hz - parameters.first_stage_hz);
}

FrequencyResponse frequency_response(const FrequencyParameters& parameters,
                                     const IslandImbalance& island,
                                     std::span<const double> stage_mw) {
  WG_EXPECT(!stage_mw.empty() && parameters.reserve_full_seconds > 0.0);
  FrequencyResponse response;
  response.nadir_hz = parameters.nominal_hz;
  response.left_mw = island.deficit_mw;
  if (island.deficit_mw <= 0.0) {
    return response;
  }
  const double ramp_end = parameters.reserve_full_seconds;
  const double reserve = std::max(0.0, island.reserve_mw);
  const auto collapse = [&](double at) {
    response.black = true;
    response.nadir_hz = parameters.collapse_hz;
    response.nadir_seconds = at;
  };
  if (island.kinetic_energy_mws <= 0.0) {
    response.initial_rate_hz_per_second = -kInfinity;
    collapse(0.0);
    return response;
  }
  const double per_mws = parameters.nominal_hz / (2.0 * island.kinetic_energy_mws);
  response.initial_rate_hz_per_second = -per_mws * island.deficit_mw;

  double t = 0.0;
  double hz = parameters.nominal_hz;
  double deficit = island.deficit_mw;
  std::uint32_t crossed = 0;  // stages
  std::uint32_t acted = 0;
  // The delay is the same for all: stages act in the order in which they were crossed. The moments
  // of those under way are known from the last ones crossed.
  double act_at[kMostStages];
  WG_CHECK(stage_mw.size() <= kMostStages, "too many under-frequency stages");
  for (;;) {
    const double ramp = t < ramp_end ? reserve / ramp_end : 0.0;
    const double fall = deficit - reserve * std::min(1.0, t / ramp_end);
    if (fall <= 0.0) {
      break;
    }
    // The piece ends where the reserve is full, a stage acts, or the fall is caught up with.
    double end = t < ramp_end ? ramp_end : kInfinity;
    end = acted < crossed ? std::min(end, act_at[acted]) : end;
    end = ramp > 0.0 ? std::min(end, t + fall / ramp) : end;
    const bool collapses =
        crossed == stage_mw.size() ||
        stage_frequency_hz(parameters, crossed, stage_mw.size()) <= parameters.collapse_hz;
    const double target = collapses ? parameters.collapse_hz
                                    : stage_frequency_hz(parameters, crossed, stage_mw.size());
    const double depth = std::max(0.0, hz - target) / per_mws;
    const double root = fall * fall - 2.0 * ramp * depth;
    const double reached = root >= 0.0 ? t + 2.0 * depth / (fall + std::sqrt(root)) : kInfinity;
    if (reached <= end) {
      t = reached;
      hz = std::min(hz, target);
      if (collapses) {
        collapse(t);
        return response;
      }
      act_at[crossed++] = t + parameters.stage_delay_seconds;
      continue;
    }
    const double span = end - t;
    hz -= per_mws * (fall * span - 0.5 * ramp * span * span);
    const bool caught_up = ramp > 0.0 && end == t + fall / ramp;
    t = end;
    if (caught_up) {
      break;
    }
    if (acted < crossed && act_at[acted] <= t) {
      deficit -= stage_mw[acted++];
    }
  }
  response.nadir_hz = hz;
  response.nadir_seconds = t;
  for (; acted < crossed; ++acted) {
    deficit -= stage_mw[acted];
  }
  response.stages = crossed;
  response.shed_mw = island.deficit_mw - deficit;
  response.left_mw = deficit;
  return response;
}

}  // namespace wintergrid::power

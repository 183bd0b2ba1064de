// Plug flow with a wall.
//
//   water   rho A c (dT/dt + v dT/dx) = g (W - T)
//   wall    C_w dW/dt = g (T - W) + (T_amb - W) / R
//   without a wall: rho A c (dT/dt + v dT/dx) = (T_amb - T) / R
//
// T water, W wall, K; v velocity; g = Nu k pi, film per metre, W/(m K); R to the surroundings,
// m K/W; C_w J/(m K). Characteristics: water moves in portions that do not mix, so that a front
// stays a front; while a portion passes a cell of the wall, the two relax together and to the
// surroundings, exactly (a 2x2 exponential). Longitudinal conduction and mixing are left out.
//
//   Nu = 0.023 Re^0.8 Pr^0.4, at least 3.66                       Dittus-Boelter 1930, laminar
//   limit k  = 0.5562 + 1.9905e-3 t - 8.1e-6 t^2, W/(m K), t in C       fit to the VDI Heat Atlas,
//   1 %
//
// Source: method of characteristics; B. van der Heijde et al., Energy Conversion and Management 151
// (2017) 158-169 for plug flow with the wall's heat.

#include "grid_models/heat/transport_delay.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "grid_models/core/contract.hpp"

namespace wintergrid::heat {
namespace {

double disc_m2(double diameter_m) { return 0.25 * std::numbers::pi * diameter_m * diameter_m; }

}  // namespace

DelayPipe delay_pipe(const ThermalPipe& pipe) {
  DelayPipe result;
  result.length_m = pipe.length_m;
  result.inner_diameter_m = pipe.inner_diameter_m;
  result.wall_j_per_m_k =
      kSteelWallJPerM3K * (disc_m2(pipe.outer_diameter_m) - disc_m2(pipe.inner_diameter_m));
  result.resistance_m_k_per_w =
      1.0 / std::max(1e-12, pipe.u_w_per_m2_k * std::numbers::pi * pipe.outer_diameter_m);
  return result;
}

/// What a portion and its cell of wall become, as differences to the surroundings.
struct PlugFlowPipe::Exchange {
  double water_of_water, water_of_wall, wall_of_water, wall_of_wall;

  void operator()(double& water, double& wall, double ambient) const {
    const double a = water - ambient, b = wall - ambient;
    water = ambient + water_of_water * a + water_of_wall * b;
    wall = ambient + wall_of_water * a + wall_of_wall * b;
  }
};

PlugFlowPipe::PlugFlowPipe(const DelayPipe& pipe, const Water& water, double start_k,
                           std::size_t portions)
    : pipe_(pipe), water_(water.at(start_k)) {
  WG_EXPECT(portions >= 2 && pipe.length_m > 0.0);
  heat_capacity_ = water_.heat_capacity_j_kg_k;
  cell_m_ = pipe.length_m / static_cast<double>(portions);
  portion_kg_ = water_.density_kg_m3 * disc_m2(pipe.inner_diameter_m) * cell_m_;
  water_k_.assign(portions + 1, start_k);
  wall_k_.assign(portions, start_k);
}

double PlugFlowPipe::film_w_per_m_k(double flow_kg_s, double kelvin) const {
  const double t = std::clamp(kelvin - 273.15, 0.0, 150.0);
  const double conductivity = 0.5562 + t * (1.9905e-3 - 8.1e-6 * t);
  const double viscosity = water_at(kelvin).viscosity_pa_s;
  const double reynolds =
      4.0 * std::abs(flow_kg_s) / (std::numbers::pi * pipe_.inner_diameter_m * viscosity);
  const double prandtl = viscosity * heat_capacity_ / conductivity;
  const double nusselt = std::max(3.66, 0.023 * std::pow(reynolds, 0.8) * std::pow(prandtl, 0.4));
  return nusselt * conductivity * std::numbers::pi;
}

/// Relaxation of `mass_kg` of water with one cell of wall; exp(A s) as in
/// two_element_building.cpp.
PlugFlowPipe::Exchange PlugFlowPipe::exchange(double mass_kg, double seconds,
                                              double film_w_per_m_k) const {
  const double water = mass_kg * heat_capacity_;
  const double out = cell_m_ / pipe_.resistance_m_k_per_w;
  if (pipe_.wall_j_per_m_k <= 0.0) {
    // A partial portion has its part of the surface.
    return {std::exp(-out * seconds / (portion_kg_ * heat_capacity_)), 0.0, 0.0, 1.0};
  }
  const double wall = cell_m_ * pipe_.wall_j_per_m_k;
  const double film = cell_m_ * film_w_per_m_k * mass_kg / portion_kg_;
  const double a = -film / water, b = film / water, c = film / wall, d = -(film + out) / wall;
  const double middle = 0.5 * (a + d);
  const double spread = std::sqrt(0.25 * (a - d) * (a - d) + b * c);
  const double fast = middle - spread, slow = (a * d - b * c) / fast, gap = slow - fast;
  const double es = std::exp(slow * seconds) / gap, ef = std::exp(fast * seconds) / gap;
  return {(a - fast) * es - (a - slow) * ef, b * (es - ef), c * (es - ef),
          (d - fast) * es - (d - slow) * ef};
}

/// Serves all walls for the time since they were served last. The first slot shares a cell with the
/// second one; the two together are about one portion long, so each meets it in turn.
void PlugFlowPipe::exchange_all(double ambient_k, double flow_kg_s) {
  if (due_s_ <= 0.0) {
    return;
  }
  const std::size_t cells = wall_k_.size();
  const double film = film_w_per_m_k(flow_kg_s, water_k_[cells / 2]);
  const Exchange whole = exchange(portion_kg_, due_s_, film);
  for (std::size_t k = 1; k < cells; ++k) {
    whole(water_k_[k], wall_k_[k - 1], ambient_k);
  }
  // The two ends are parts of a portion: the first slot at the first wall, the last at the last.
  const double last_kg = portion_kg_ - entered_kg_;
  if (entered_kg_ > 1e-9 * portion_kg_) {
    if (pipe_.wall_j_per_m_k > 0.0) {
      Exchange part = exchange(entered_kg_, due_s_, film);
      // The wall's own loss is counted with the whole portion.
      double unused_wall = wall_k_.front();
      const double before = water_k_.front();
      part(water_k_.front(), unused_wall, ambient_k);
      wall_k_.front() -= (water_k_.front() - before) * entered_kg_ * heat_capacity_ /
                         (cell_m_ * pipe_.wall_j_per_m_k);
    } else {
      whole(water_k_.front(), wall_k_.front(), ambient_k);
    }
  }
  if (last_kg > 1e-9 * portion_kg_) {
    exchange(last_kg, due_s_, film)(water_k_.back(), wall_k_.back(), ambient_k);
  }
  due_s_ = 0.0;
}

double PlugFlowPipe::advance(double flow_kg_s, double inlet_k, double ambient_k, double seconds) {
  const double size = std::abs(flow_kg_s);
  double left_s = seconds, out_kg = 0.0, out_kg_k = 0.0;
  while (left_s > 0.0) {
    const bool forward = flow_kg_s > 0.0;
    double& first = forward ? water_k_.front() : water_k_.back();
    const double first_kg = forward ? entered_kg_ : portion_kg_ - entered_kg_;
    const double room_kg = portion_kg_ - first_kg;
    const double step_s =
        size * left_s >= room_kg && size > 0.0 ? std::min(left_s, room_kg / size) : left_s;
    const double moved_kg = std::min(room_kg, size * step_s);
    if (moved_kg > 0.0) {
      out_kg += moved_kg;
      out_kg_k += moved_kg * (forward ? water_k_.back() : water_k_.front());
      first += (inlet_k - first) * moved_kg / (first_kg + moved_kg);
      entered_kg_ += forward ? moved_kg : -moved_kg;
    }
    due_s_ += step_s;
    left_s -= step_s;
    if (size > 0.0 && room_kg - moved_kg <= 1e-12 * portion_kg_) {
      // The portion at the inlet is whole: everything moves on by one slot. Walls and portions face
      // each other when nothing is in the first slot.
      if (forward) {
        std::copy_backward(water_k_.begin(), water_k_.end() - 1, water_k_.end());
        entered_kg_ = 0.0;
        water_k_.front() = inlet_k;
        exchange_all(ambient_k, flow_kg_s);
      } else {
        entered_kg_ = 0.0;
        exchange_all(ambient_k, flow_kg_s);
        std::copy(water_k_.begin() + 1, water_k_.end(), water_k_.begin());
        entered_kg_ = portion_kg_;
        water_k_.back() = inlet_k;
      }
    }
  }
  exchange_all(ambient_k, flow_kg_s);
  if (out_kg > 0.0) {
    return out_kg_k / out_kg;
  }
  return flow_kg_s < 0.0 ? water_k_.front() : water_k_.back();
}

double PlugFlowPipe::mean_k() const {
  double sum = entered_kg_ * water_k_.front() + (portion_kg_ - entered_kg_) * water_k_.back();
  for (std::size_t k = 1; k + 1 < water_k_.size(); ++k) {
    sum += portion_kg_ * water_k_[k];
  }
  return sum / (portion_kg_ * static_cast<double>(wall_k_.size()));
}

double PlugFlowPipe::energy_j() const {
  double energy = mean_k() * portion_kg_ * static_cast<double>(wall_k_.size()) * heat_capacity_;
  for (const double wall : wall_k_) {
    energy += wall * cell_m_ * pipe_.wall_j_per_m_k;
  }
  return energy;
}

TransportDelay::TransportDelay(const ThermalNetwork& network, const ThermalState& state,
                               double portion_m) {
  pipes_.reserve(network.pipes.size());
  for (std::size_t k = 0; k < network.pipes.size(); ++k) {
    ThermalPipe pipe = network.pipes[k];
    pipe.length_m = std::max(pipe.length_m, 0.01);
    const double portions = std::clamp(std::ceil(pipe.length_m / portion_m), 4.0, 400.0);
    pipes_.emplace_back(delay_pipe(pipe), network.water, state.pipe_mean_k[k],
                        static_cast<std::size_t>(portions));
  }
}

}  // namespace wintergrid::heat

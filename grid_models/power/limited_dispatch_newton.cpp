// Dual active-set Newton method for a separable, box-constrained quadratic programme with few rows.
//
// For prices y (y_0 free for the balance, y_i >= 0 for limits) the inner minimum is separable,
//
//   x_j(y) = min(max(z_j, 0), u_j),   z_j = m_j + v_j (sum_i a_ij y_i - c_j),
//
// so the dual function is concave and piecewise quadratic in y, with
//
//   gradient  r_i = b_i - a_i . x(y)
//   Hessian  -S,  S = A_F V_F A_F^T,  F = { j : 0 < z_j < u_j }
//
// One iteration solves S dy = r over the working rows by L D L^T. A row that depends on earlier
// ones over F either agrees with them or gives a ray along which the dual rises while x_F stands
// still. The step then goes exactly along dy through the kinks, where variables meet or leave
// their bounds, to the maximum of the dual on that line, or to the first limit whose price reaches
// 0; that limit leaves the working rows. A ray without end proves that the rows contradict each
// other.
//
// z is carried along with the steps instead of being computed anew from y: rounding then acts like
// a relative change of 1e-16 of the costs and never disturbs balance or limits. S is carried along
// too, by v_j a_j a_j^T for each variable that enters or leaves F, and built anew where so much has
// left that rounding would show.
//
// Sources: D. Goldfarb, A. Idnani, Math. Programming 27, 1983 (dual active set); X. Li, D. Sun,
// K.-C. Toh, SIAM J. Optim. 30, 2020 (semismooth Newton for linear programmes); D. P. Bertsekas,
// SIAM J. Control Optim. 20, 1982 (projected Newton).

#include <algorithm>
#include <cmath>
#include <limits>

#include "grid_models/power/dot.hpp"
#include "grid_models/power/limited_dispatch.hpp"

namespace wintergrid::power {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// A pivot of S below this share of its diagonal means that the row depends on the rows before it.
// When rounding in S spoils a direction (the dual would fall along it), a coarser share is tried.
constexpr double kDependentShare = 1e-11;
constexpr double kCoarsestShare = 1e-6;
// Nor does a row count whose coefficients over F, against the balance's of 1, are below 1e-10.
constexpr double kRoundingShare = 1e-20;
// Nothing but rounding stops a price that would rise further than this: costs are below 1e13.
constexpr double kEndless = 1e20;
}  // namespace

bool LimitedDispatch::find_residuals(double tolerance) {
  for (std::size_t j = 0; j < upper_.size(); ++j) {
    value_[j] = std::min(std::max(unclipped_[j], 0.0), upper_[j]);
  }
  residual_.resize(order_.size());
  bool small = true;
  for (std::size_t k = 0; k < order_.size(); ++k) {
    const std::size_t row = order_[k];
    residual_[k] = right_side_[row] - dot(row_of(row).data(), value_.data(), value_.size());
    small = small && std::abs(residual_[k]) <= tolerance;
  }
  return small;
}

// Fills direction_ by the Newton step, or by a ray if a dependent row contradicts the rows before
// it.
void LimitedDispatch::find_direction(double tolerance, double dependent_share) {
  const std::size_t rows = order_.size();
  factor_.resize(rows * rows);
  pivot_.resize(rows);
  scaled_row_.resize(rows);
  direction_.resize(rows);
  // Row by row, so that the right-hand side is reduced along with the matrix: direction_ holds L^-1
  // r.
  for (std::size_t k = 0; k < rows; ++k) {
    double* const row = factor_.data() + k * rows;
    std::copy_n(normal_.data() + k * row_capacity_, k + 1, row);
    const double diagonal = row[k];
    double reduced = residual_[k];
    double pivot = diagonal;
    for (std::size_t i = 0; i < k; ++i) {
      if (pivot_[i] == 0.0) {
        row[i] = 0.0;
        scaled_row_[i] = 0.0;
        continue;
      }
      // L(k, i) D(i) = S(k, i) - sum_j L(k, j) D(j) L(i, j); columns of row k not yet reached are
      // still entries of S.
      const double entry = row[i] - dot(scaled_row_.data(), factor_.data() + i * rows, i);
      scaled_row_[i] = entry;
      row[i] = entry / pivot_[i];
      pivot -= row[i] * entry;
      reduced -= row[i] * direction_[i];
    }
    if (pivot > dependent_share * diagonal && pivot > kRoundingShare * normal_[0]) {
      pivot_[k] = pivot;
      direction_[k] = reduced;
      continue;
    }
    pivot_[k] = 0.0;
    direction_[k] = 0.0;
    if (std::abs(reduced) > tolerance) {
      ray_of_dependent_row(k, reduced);
      return;
    }
  }
  for (std::size_t k = 0; k < rows; ++k) {
    direction_[k] = pivot_[k] == 0.0 ? 0.0 : direction_[k] / pivot_[k];
  }
  for (std::size_t i = rows; i-- > 0;) {
    const double change = direction_[i];
    const double* const row = factor_.data() + i * rows;
    for (std::size_t j = 0; j < i; ++j) {
      direction_[j] -= row[j] * change;
    }
  }
}

// Combines the row with earlier ones so that x_F does not move: solves L^T w = -(its row of L).
void LimitedDispatch::ray_of_dependent_row(std::size_t dependent, double reduced) {
  const std::size_t rows = order_.size();
  const double sign = reduced > 0.0 ? 1.0 : -1.0;
  const double* const row = factor_.data() + dependent * rows;
  for (std::size_t i = 0; i < dependent; ++i) {
    direction_[i] = -sign * row[i];
  }
  for (std::size_t i = dependent; i-- > 0;) {
    for (std::size_t j = 0; j < i; ++j) {
      direction_[j] -= factor_[i * rows + j] * direction_[i];
    }
  }
  direction_[dependent] = sign;
  for (std::size_t i = dependent + 1; i < rows; ++i) {
    direction_[i] = 0.0;
  }
}

void LimitedDispatch::collect_breakpoints(double after, double until) {
  breakpoint_.clear();
  for (std::size_t j = 0; j < upper_.size(); ++j) {
    const double enter = enter_[j];
    const double leave = leave_[j];
    if (leave <= after || enter > until) {
      continue;
    }
    if (enter > after) {
      breakpoint_.push_back({enter, static_cast<std::uint32_t>(j), curvature_[j]});
    }
    if (leave <= until) {
      breakpoint_.push_back({leave, static_cast<std::uint32_t>(j), -curvature_[j]});
    }
  }
}

// Length of the step to the maximum of the dual along the direction; infinite if block_at comes
// first. `moving` counts the variables that move: curvature is exactly 0 when there are none.
double LimitedDispatch::line_search(double slope, double curvature, int moving, double block_at) {
  const auto later = [](const Breakpoint& a, const Breakpoint& b) {
    return a.at != b.at               ? a.at > b.at
           : a.variable != b.variable ? a.variable > b.variable
                                      : a.curvature_change < b.curvature_change;
  };
  // The maximum is mostly found before the curvature of the start would have it, which spares
  // sorting what lies beyond.
  double at = 0.0;
  double after = 0.0;
  double until = moving > 0 ? std::min(block_at, slope / curvature) : block_at;
  for (;;) {
    collect_breakpoints(after, until);
    std::make_heap(breakpoint_.begin(), breakpoint_.end(), later);
    for (auto end = breakpoint_.end();;) {
      const bool last = end == breakpoint_.begin();
      if (moving == 0) {
        curvature = 0.0;  // not the rounding left by additions and subtractions
      }
      if (curvature > 0.0 && at + slope / curvature <= (last ? until : breakpoint_.front().at)) {
        return at + slope / curvature;
      }
      if (last) {
        break;
      }
      const Breakpoint next = breakpoint_.front();
      std::pop_heap(breakpoint_.begin(), end--, later);
      slope -= curvature * (next.at - at);
      curvature += next.curvature_change;
      moving += next.curvature_change > 0.0 ? 1 : -1;
      at = next.at;
      if (slope <= 0.0) {
        return at;
      }
    }
    if (until == block_at) {
      return kInfinity;
    }
    after = until;
    until = block_at;
  }
}

// slope_ = direction . a_j for every variable, four rows at a time.
void LimitedDispatch::find_price_slopes() {
  const std::size_t count = upper_.size();
  std::fill(slope_.begin(), slope_.end(), 0.0);
  const auto add = [&](const std::size_t* places) {
    const double d0 = direction_[places[0]];
    const double d1 = direction_[places[1]];
    const double d2 = direction_[places[2]];
    const double d3 = direction_[places[3]];
    const double* const a0 = row_of(order_[places[0]]).data();
    const double* const a1 = row_of(order_[places[1]]).data();
    const double* const a2 = row_of(order_[places[2]]).data();
    const double* const a3 = row_of(order_[places[3]]).data();
    double* const slope = slope_.data();
    for (std::size_t j = 0; j < count; ++j) {
      slope[j] += (d0 * a0[j] + d1 * a1[j]) + (d2 * a2[j] + d3 * a3[j]);
    }
  };
  std::size_t places[4];
  std::size_t held = 0;
  for (std::size_t k = 0; k < order_.size(); ++k) {
    if (direction_[k] != 0.0) {
      places[held++] = k;
    }
    if (held == 4) {
      add(places);
      held = 0;
    }
  }
  for (std::size_t n = 0; n < held; ++n) {
    const double change = direction_[places[n]];
    const double* const a = row_of(order_[places[n]]).data();
    for (std::size_t j = 0; j < count; ++j) {
      slope_[j] += change * a[j];
    }
  }
}

LimitedDispatch::Step LimitedDispatch::step() {
  const std::size_t count = upper_.size();
  double slope = 0.0;  // of the dual along the direction
  double block_at = kInfinity;
  std::size_t blocking = 0;
  for (std::size_t k = 0; k < order_.size(); ++k) {
    const double change = direction_[k];
    slope += residual_[k] * change;
    if (k > 0 && change < 0.0) {
      const double at = price_[order_[k]] / -change;
      if (at < block_at) {
        block_at = at;
        blocking = k;
      }
    }
  }
  if (!(slope > 0.0)) {
    return Step::no_ascent;
  }
  find_price_slopes();
  double curvature = 0.0;
  int moving = 0;
  for (std::size_t j = 0; j < count; ++j) {
    const double p = softness_[j] * slope_[j];
    const double per_slope = 1.0 / p;
    const double to_zero = -unclipped_[j] * per_slope;
    const double to_upper = (upper_[j] - unclipped_[j]) * per_slope;
    curvature_[j] = p * slope_[j];
    slope_[j] = p;
    enter_[j] = p == 0.0 ? -1.0 : std::min(to_zero, to_upper);
    leave_[j] = p == 0.0 ? -1.0 : std::max(to_zero, to_upper);
  }
  for (std::size_t j = 0; j < count; ++j) {
    if (leave_[j] > 0.0 && enter_[j] <= 0.0) {
      curvature += curvature_[j];
      ++moving;
    }
  }
  double length = line_search(slope, curvature, moving, block_at);
  if (std::min(length, block_at) > kEndless) {
    return Step::endless;
  }
  const bool blocked = block_at <= length;
  length = std::min(length, block_at);
  for (std::size_t k = 0; k < order_.size(); ++k) {
    price_[order_[k]] += length * direction_[k];
  }
  for (std::size_t j = 0; j < count; ++j) {
    unclipped_[j] += length * slope_[j];
  }
  if (blocked) {
    price_[order_[blocking]] = 0.0;
    drop(blocking);
  }
  return Step::taken;
}

LimitedDispatch::Outcome LimitedDispatch::maximise(double tolerance) {
  const std::size_t allowed = 100 + 20 * (upper_.size() + price_.size());
  for (std::size_t iteration = 0; iteration < allowed; ++iteration) {
    if (find_residuals(tolerance)) {
      return Outcome::converged;
    }
    ++iterations_;
    update_normal_matrix();
    Step taken = Step::no_ascent;
    for (double share = kDependentShare; taken == Step::no_ascent && share <= kCoarsestShare;
         share *= 100.0) {
      find_direction(tolerance, share);
      taken = step();
    }
    if (taken != Step::taken) {
      return taken == Step::endless ? Outcome::infeasible : Outcome::stalled;
    }
  }
  return Outcome::stalled;
}

void LimitedDispatch::polish() {
  for (int count = 0; count < 2; ++count) {
    find_residuals(0.0);
    normal_valid_ = false;
    update_normal_matrix();
    find_direction(kInfinity, kDependentShare);
    step();
  }
}

}  // namespace wintergrid::power

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
// a relative change of 1e-16 of the costs and never disturbs balance or limits.
//
// Sources: D. Goldfarb, A. Idnani, Math. Programming 27, 1983 (dual active set); X. Li, D. Sun,
// K.-C. Toh, SIAM J. Optim. 30, 2020 (semismooth Newton for linear programmes); D. P. Bertsekas,
// SIAM J. Control Optim. 20, 1982 (projected Newton).

#include "grid_models/power/limited_dispatch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "grid_models/core/contract.hpp"

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

double clipped(double value, double upper) { return std::min(std::max(value, 0.0), upper); }

// Four running sums: the compiler may not reorder a plain one, and the order must not depend on the
// compiler.
double dot(const double* a, const double* b, std::size_t count) {
  double s0 = 0.0;
  double s1 = 0.0;
  double s2 = 0.0;
  double s3 = 0.0;
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (; i < count; ++i) {
    s0 += a[i] * b[i];
  }
  return (s0 + s1) + (s2 + s3);
}

}  // namespace

LimitedDispatch::LimitedDispatch(std::size_t variable_capacity, std::size_t row_capacity)
    : row_capacity_(row_capacity + 1) {
  for (auto* list :
       {&upper_, &cost_, &softness_, &centre_, &unclipped_, &value_, &slope_, &free_scaled_}) {
    list->reserve(variable_capacity);
  }
  free_.reserve(variable_capacity);
  breakpoint_.reserve(2 * variable_capacity);
  matrix_.reserve(variable_capacity * row_capacity_);
  packed_.reserve(variable_capacity * row_capacity_);
  normal_.reserve(row_capacity_ * row_capacity_);
  for (auto* list : {&right_side_, &price_, &residual_, &direction_, &pivot_, &scaled_row_}) {
    list->reserve(row_capacity_);
  }
  working_.reserve(row_capacity_);
  order_.reserve(row_capacity_);
}

void LimitedDispatch::clear() {
  for (auto* list :
       {&upper_, &cost_, &softness_, &centre_, &unclipped_, &matrix_, &right_side_, &price_}) {
    list->clear();
  }
  working_.clear();
  order_.clear();
  iterations_ = 0;
}

void LimitedDispatch::add_variable(double upper, double cost, double softness, double centre) {
  WG_EXPECT(order_.empty() && upper > 0.0 && softness > 0.0);
  upper_.push_back(upper);
  cost_.push_back(cost);
  softness_.push_back(softness);
  centre_.push_back(centre);
}

void LimitedDispatch::start(double total, double cost, double offset) {
  const std::size_t count = upper_.size();
  value_.resize(count);
  slope_.resize(count);
  for (std::size_t j = 0; j < count; ++j) {
    unclipped_.push_back(centre_[j] + softness_[j] * ((cost - cost_[j]) + offset));
  }
  matrix_.assign(count, 1.0);
  right_side_.push_back(total);
  price_.push_back(cost + offset);
  working_.push_back(1);
  order_.push_back(0);
}

std::uint32_t LimitedDispatch::add_row() {
  const auto row = static_cast<std::uint32_t>(price_.size());
  matrix_.resize(matrix_.size() + upper_.size(), 0.0);
  right_side_.push_back(0.0);
  price_.push_back(0.0);
  working_.push_back(0);
  return row;
}

std::span<double> LimitedDispatch::coefficients(std::uint32_t row) {
  return {matrix_.data() + row * upper_.size(), upper_.size()};
}

void LimitedDispatch::activate(std::uint32_t row, double violation) {
  double present = 0.0;
  const std::span<const double> a = row_of(row);
  for (std::size_t j = 0; j < a.size(); ++j) {
    present += a[j] * value(j);
  }
  right_side_[row] = present + violation;
  if (working_[row] == 0) {
    working_[row] = 1;
    order_.push_back(row);
  }
}

void LimitedDispatch::reverse(std::uint32_t row) {
  WG_EXPECT(working_[row] == 0);
  for (double& a : coefficients(row)) {
    a = -a;
  }
}

double LimitedDispatch::value(std::size_t variable) const {
  return clipped(unclipped_[variable], upper_[variable]);
}

void LimitedDispatch::recentre(std::size_t variable) {
  const double shift = value(variable) - centre_[variable];
  centre_[variable] += shift;
  unclipped_[variable] += shift;
}

bool LimitedDispatch::find_residuals(double tolerance) {
  for (std::size_t j = 0; j < upper_.size(); ++j) {
    value_[j] = value(j);
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

void LimitedDispatch::collect_free() {
  free_.clear();
  for (std::size_t j = 0; j < upper_.size(); ++j) {
    if (unclipped_[j] > 0.0 && unclipped_[j] < upper_[j]) {
      free_.push_back(static_cast<std::uint32_t>(j));
    }
  }
  const std::size_t free_count = free_.size();
  packed_.resize(order_.size() * free_count);
  free_scaled_.resize(free_count);
  for (std::size_t k = 0; k < order_.size(); ++k) {
    const std::span<const double> a = row_of(order_[k]);
    double* const packed = packed_.data() + k * free_count;
    for (std::size_t f = 0; f < free_count; ++f) {
      packed[f] = a[free_[f]];
    }
  }
}

// Fills direction_ by the Newton step, or by a ray if a dependent row contradicts the rows before
// it.
void LimitedDispatch::find_direction(double tolerance, double dependent_share) {
  const std::size_t rows = order_.size();
  const std::size_t free_count = free_.size();
  normal_.resize(rows * rows);
  pivot_.resize(rows);
  scaled_row_.resize(rows);
  direction_.resize(rows);
  for (std::size_t a = 0; a < rows; ++a) {
    const double* const packed = packed_.data() + a * free_count;
    for (std::size_t f = 0; f < free_count; ++f) {
      free_scaled_[f] = packed[f] * softness_[free_[f]];
    }
    for (std::size_t b = a; b < rows; ++b) {
      normal_[b * rows + a] = dot(free_scaled_.data(), packed_.data() + b * free_count, free_count);
    }
  }
  // Row by row, so that the right-hand side is reduced along with the matrix: direction_ holds L^-1
  // r.
  for (std::size_t k = 0; k < rows; ++k) {
    double* const row = normal_.data() + k * rows;
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
      const double entry = row[i] - dot(scaled_row_.data(), normal_.data() + i * rows, i);
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
      // Combine row k with earlier ones so that x_F does not move: solve L^T w = -(row k of L).
      const double sign = reduced > 0.0 ? 1.0 : -1.0;
      for (std::size_t i = 0; i < k; ++i) {
        direction_[i] = -sign * row[i];
      }
      for (std::size_t i = k; i-- > 0;) {
        for (std::size_t j = 0; j < i; ++j) {
          direction_[j] -= normal_[i * rows + j] * direction_[i];
        }
      }
      direction_[k] = sign;
      for (std::size_t i = k + 1; i < rows; ++i) {
        direction_[i] = 0.0;
      }
      return;
    }
  }
  for (std::size_t k = 0; k < rows; ++k) {
    direction_[k] = pivot_[k] == 0.0 ? 0.0 : direction_[k] / pivot_[k];
  }
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t j = 0; j < i; ++j) {
      direction_[j] -= normal_[i * rows + j] * direction_[i];
    }
  }
}

LimitedDispatch::Step LimitedDispatch::step() {
  const std::size_t count = upper_.size();
  std::fill(slope_.begin(), slope_.end(), 0.0);
  double slope = 0.0;  // of the dual along the direction
  double block_at = kInfinity;
  std::size_t blocking = 0;
  for (std::size_t k = 0; k < order_.size(); ++k) {
    const double change = direction_[k];
    if (change == 0.0) {
      continue;
    }
    slope += residual_[k] * change;
    const std::span<const double> a = row_of(order_[k]);
    for (std::size_t j = 0; j < count; ++j) {
      slope_[j] += change * a[j];
    }
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
  double curvature = 0.0;
  int moving = 0;  // variables that move: curvature is exactly 0 when there are none
  breakpoint_.clear();
  for (std::size_t j = 0; j < count; ++j) {
    slope_[j] *= softness_[j];
    const double p = slope_[j];
    if (p == 0.0) {
      continue;
    }
    const double weight = p * p / softness_[j];
    const double z = unclipped_[j];
    // Distance to where x_j starts to move, and to where it stops, along the direction.
    const double enter = p > 0.0 ? -z / p : (upper_[j] - z) / p;
    const double leave = p > 0.0 ? (upper_[j] - z) / p : -z / p;
    if (leave <= 0.0) {
      continue;
    }
    if (enter <= 0.0) {
      curvature += weight;
      ++moving;
    } else if (enter < block_at) {
      breakpoint_.push_back({enter, static_cast<std::uint32_t>(j), weight});
    }
    if (leave < block_at) {
      breakpoint_.push_back({leave, static_cast<std::uint32_t>(j), -weight});
    }
  }
  const auto later = [](const Breakpoint& a, const Breakpoint& b) {
    return a.at != b.at               ? a.at > b.at
           : a.variable != b.variable ? a.variable > b.variable
                                      : a.curvature_change < b.curvature_change;
  };
  std::make_heap(breakpoint_.begin(), breakpoint_.end(), later);
  double at = 0.0;
  double length = kInfinity;
  for (auto end = breakpoint_.end();;) {
    const bool last = end == breakpoint_.begin();
    if (moving == 0) {
      curvature = 0.0;  // not the rounding left by additions and subtractions
    }
    if (curvature > 0.0 && at + slope / curvature <= (last ? block_at : breakpoint_.front().at)) {
      length = at + slope / curvature;
      break;
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
      length = at;
      break;
    }
  }
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
    const std::uint32_t row = order_[blocking];
    price_[row] = 0.0;
    working_[row] = 0;
    order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(blocking));
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
    collect_free();
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
    collect_free();
    find_direction(kInfinity, kDependentShare);
    step();
  }
}

double LimitedDispatch::linear_gap() {
  std::fill(slope_.begin(), slope_.end(), 0.0);
  double bound = 0.0;
  for (std::size_t row = 0; row < price_.size(); ++row) {
    if (price_[row] != 0.0) {
      bound += price_[row] * right_side_[row];
      const std::span<const double> a = row_of(row);
      for (std::size_t j = 0; j < a.size(); ++j) {
        slope_[j] += price_[row] * a[j];
      }
    }
  }
  double cost = 0.0;
  for (std::size_t j = 0; j < upper_.size(); ++j) {
    cost += cost_[j] * value(j);
    bound += upper_[j] * std::min(0.0, cost_[j] - slope_[j]);
  }
  return cost - bound;
}

}  // namespace wintergrid::power

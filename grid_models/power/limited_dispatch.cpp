// A separable, box-constrained quadratic programme with few rows, in its dual: what it holds, and
// how it is changed between maximisations. Equations and sources: limited_dispatch_newton.cpp.
//
// Continuation in the costs. With costs tau c, and the same variables free and rows working, the
// stationarity conditions are linear in (y, tau): y(tau) and z(tau) are affine. raise_costs()
// follows that line (a secant predictor); a price that would become negative is set to 0 and its
// row leaves. Whatever y it ends at, z is that of y, so that nothing but the starting point of the
// next maximise() depends on it.
// Source: E. L. Allgower, K. Georg, Introduction to Numerical Continuation Methods, SIAM 2003,
// chapter 2.

#include "grid_models/power/limited_dispatch.hpp"

#include <algorithm>

#include "grid_models/core/contract.hpp"

namespace wintergrid::power {

LimitedDispatch::LimitedDispatch(std::size_t variable_capacity, std::size_t row_capacity)
    : row_capacity_(row_capacity + 1) {
  for (auto* list : {&upper_, &cost_, &softness_, &centre_, &unclipped_, &value_, &slope_,
                     &curvature_, &enter_, &leave_, &free_scaled_, &before_}) {
    list->reserve(variable_capacity);
  }
  free_.reserve(variable_capacity);
  is_free_.reserve(variable_capacity);
  breakpoint_.reserve(2 * variable_capacity);
  matrix_.reserve(variable_capacity * row_capacity_);
  packed_.reserve(variable_capacity * row_capacity_);
  normal_.assign(row_capacity_ * row_capacity_, 0.0);
  factor_.reserve(row_capacity_ * row_capacity_);
  for (auto* list : {&right_side_, &price_, &price_before_, &residual_, &direction_, &normal_peak_,
                     &pivot_, &scaled_row_}) {
    list->reserve(row_capacity_);
  }
  working_.reserve(row_capacity_);
  order_.reserve(row_capacity_);
}

void LimitedDispatch::clear() {
  for (auto* list : {&upper_, &cost_, &softness_, &centre_, &unclipped_, &before_, &matrix_,
                     &right_side_, &price_, &price_before_}) {
    list->clear();
  }
  working_.clear();
  order_.clear();
  normal_valid_ = false;
  cost_scale_ = 1.0;
  cost_scale_before_ = 0.0;
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
  curvature_.resize(count);
  enter_.resize(count);
  leave_.resize(count);
  is_free_.resize(count);
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
  WG_EXPECT(working_[row] == 0);
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
  for (double& a : coefficients(row)) {
    a = -a;
  }
  if (row < price_before_.size()) {
    price_before_[row] = -price_before_[row];
  }
}

double LimitedDispatch::value(std::size_t variable) const {
  return std::min(std::max(unclipped_[variable], 0.0), upper_[variable]);
}

void LimitedDispatch::recentre(std::size_t variable) {
  const double shift = value(variable) - centre_[variable];
  centre_[variable] += shift;
  unclipped_[variable] += shift;
}

void LimitedDispatch::soften(std::size_t variable, double factor) {
  softness_[variable] *= factor;
  unclipped_[variable] = centre_[variable] + factor * (unclipped_[variable] - centre_[variable]);
  normal_valid_ = false;
}

void LimitedDispatch::raise_costs(double factor) {
  const std::size_t count = upper_.size();
  if (before_.empty()) {
    before_.assign(centre_.begin(), centre_.end());
  }
  price_before_.resize(price_.size(), 0.0);
  const double share = (factor - 1.0) * cost_scale_ / (cost_scale_ - cost_scale_before_);
  cost_scale_before_ = cost_scale_;
  cost_scale_ *= factor;
  for (std::size_t j = 0; j < count; ++j) {
    cost_[j] *= factor;
    const double now = unclipped_[j];
    unclipped_[j] += share * (now - before_[j]);
    before_[j] = now;
  }
  for (std::size_t row = 0; row < price_.size(); ++row) {
    const double now = price_[row];
    price_[row] += share * (now - price_before_[row]);
    price_before_[row] = now;
    if (row > 0 && (price_[row] < 0.0 || working_[row] == 0)) {
      const double change = -price_[row];
      const std::span<const double> a = row_of(row);
      for (std::size_t j = 0; change != 0.0 && j < count; ++j) {
        unclipped_[j] += change * softness_[j] * a[j];
      }
      price_[row] = 0.0;
      if (working_[row] != 0) {
        drop(static_cast<std::size_t>(std::find(order_.begin(), order_.end(), row) -
                                      order_.begin()));
      }
    }
  }
}

// The row leaves the working rows, and the normal matrix with it.
void LimitedDispatch::drop(std::size_t place) {
  working_[order_[place]] = 0;
  order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(place));
  if (!normal_valid_ || place >= normal_rows_) {
    return;
  }
  --normal_rows_;
  for (std::size_t k = place; k < normal_rows_; ++k) {
    const double* const from = normal_.data() + (k + 1) * row_capacity_;
    double* const to = normal_.data() + k * row_capacity_;
    std::copy(from, from + place, to);
    std::copy(from + place + 1, from + k + 2, to + place);
  }
  normal_peak_.erase(normal_peak_.begin() + static_cast<std::ptrdiff_t>(place));
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

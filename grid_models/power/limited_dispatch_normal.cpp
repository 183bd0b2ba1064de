// S = A_F V_F A_F^T of the working rows over the free variables, kept from one Newton step to the
// next: a variable that enters or leaves F adds or takes v_j a_j a_j^T, new rows add theirs.
// Equations and sources: limited_dispatch_newton.cpp.

#include <algorithm>

#include "grid_models/power/dot.hpp"
#include "grid_models/power/limited_dispatch.hpp"

namespace wintergrid::power {
namespace {

// A diagonal entry of S that has fallen to this share of what it was has lost as many digits: the
// errors stay a hundred times below kDependentShare.
constexpr double kKeptShare = 1e-3;

}  // namespace

void LimitedDispatch::update_normal_matrix() {
  const std::size_t rows = order_.size();
  if (rows > row_capacity_) {
    row_capacity_ = 2 * rows;
    normal_.resize(row_capacity_ * row_capacity_);
    normal_valid_ = false;
  }
  free_.clear();
  std::size_t changes = 0;
  for (std::size_t j = 0; j < upper_.size(); ++j) {
    const bool is_free = unclipped_[j] > 0.0 && unclipped_[j] < upper_[j];
    if (is_free) {
      free_.push_back(static_cast<std::uint32_t>(j));
    }
    changes += is_free != (is_free_[j] != 0) ? 1 : 0;
  }
  if (!normal_valid_ || 2 * changes > free_.size()) {
    rebuild_normal_matrix();
    return;
  }
  for (std::uint32_t j = 0; changes > 0 && j < upper_.size(); ++j) {
    const bool is_free = unclipped_[j] > 0.0 && unclipped_[j] < upper_[j];
    if (is_free != (is_free_[j] != 0)) {
      is_free_[j] = is_free ? 1 : 0;
      change_normal_matrix(j, is_free ? 1.0 : -1.0);
      --changes;
    }
  }
  for (std::size_t k = 0; k < normal_rows_; ++k) {
    const double diagonal = normal_[k * row_capacity_ + k];
    if (diagonal < kKeptShare * normal_peak_[k]) {
      rebuild_normal_matrix();
      return;
    }
    normal_peak_[k] = std::max(normal_peak_[k], diagonal);
  }
  add_normal_rows();
}

void LimitedDispatch::rebuild_normal_matrix() {
  std::fill(is_free_.begin(), is_free_.end(), std::uint8_t{0});
  for (const std::uint32_t j : free_) {
    is_free_[j] = 1;
  }
  normal_rows_ = 0;
  normal_peak_.clear();
  normal_valid_ = true;
  add_normal_rows();
}

// Entries of the rows that normal_ does not hold yet.
void LimitedDispatch::add_normal_rows() {
  const std::size_t rows = order_.size();
  if (normal_rows_ == rows) {
    return;
  }
  const std::size_t free_count = free_.size();
  packed_.resize(rows * free_count);
  free_scaled_.resize(free_count);
  for (std::size_t k = 0; k < rows; ++k) {
    const std::span<const double> a = row_of(order_[k]);
    double* const packed = packed_.data() + k * free_count;
    for (std::size_t f = 0; f < free_count; ++f) {
      packed[f] = a[free_[f]];
    }
  }
  for (std::size_t k = normal_rows_; k < rows; ++k) {
    const double* const packed = packed_.data() + k * free_count;
    for (std::size_t f = 0; f < free_count; ++f) {
      free_scaled_[f] = packed[f] * softness_[free_[f]];
    }
    double* const normal = normal_.data() + k * row_capacity_;
    for (std::size_t i = 0; i <= k; ++i) {
      normal[i] = dot(free_scaled_.data(), packed_.data() + i * free_count, free_count);
    }
    normal_peak_.push_back(normal[k]);
  }
  normal_rows_ = rows;
}

void LimitedDispatch::change_normal_matrix(std::uint32_t variable, double sign) {
  scaled_row_.resize(normal_rows_);
  for (std::size_t k = 0; k < normal_rows_; ++k) {
    scaled_row_[k] = matrix_[order_[k] * upper_.size() + variable];
  }
  const double weight = sign * softness_[variable];
  for (std::size_t k = 0; k < normal_rows_; ++k) {
    const double scaled = weight * scaled_row_[k];
    double* const normal = normal_.data() + k * row_capacity_;
    for (std::size_t i = 0; i <= k; ++i) {
      normal[i] += scaled * scaled_row_[i];
    }
  }
}

}  // namespace wintergrid::power

#pragma once
// The uncertain parameters of a case as factors of the unit cube, and what a point of it gives.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/montecarlo/prepare.hpp"

namespace wintergrid::sensitivity {

/// Strikes and damage are one factor: from the mildest to the worst end of every range at once
/// (responsible use: which of them matters most is not told).
inline constexpr std::string_view kHazard = "hazard (strikes and damage)";

struct Factor {
  std::string name;
  std::vector<std::size_t> entries;  ///< in the parameter table
  std::vector<std::uint8_t> falls;   ///< 1: more of it is milder, so that it runs backwards
  double low = 0.0, high = 0.0;      ///< of a single parameter
  std::string unit;
};

/// Parameters that the case draws, in the order of the table, the hazard first. Those that it
/// states or leaves at their value are no factors; with `parameters: fixed` there are none.
std::vector<Factor> factors_of(const random::TimelineSettings& settings);

/// Means of metrics over the same winters, with the parameters at given quantiles.
class Evaluator {
 public:
  /// `which` is taken over: its parameters are no longer drawn.
  Evaluator(std::unique_ptr<montecarlo::Case> which, std::vector<std::size_t> metrics,
            std::uint64_t winters, int threads, const std::atomic<bool>* stop);

  const std::vector<Factor>& factors() const { return factors_; }
  /// `points` of the factors in `which`; others at their values. Empty if it was stopped.
  std::vector<double> evaluate(std::span<const std::size_t> which, std::span<const double> points);
  std::uint64_t evaluations() const { return evaluations_; }

 private:
  std::unique_ptr<montecarlo::Case> case_;
  random::TimelineSettings settings_;
  std::vector<Factor> factors_;
  std::vector<std::size_t> metrics_;
  std::uint64_t winters_;
  int threads_;
  const std::atomic<bool>* stop_;
  std::uint64_t evaluations_ = 0;
};

}  // namespace wintergrid::sensitivity

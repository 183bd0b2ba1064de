#pragma once
// What the replications came to, exactly: rows of integers in replication order and integer
// histograms. Merging is serial, in block order, so the bits do not depend on threads or schedule
// (promises 1 and 2).

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "grid_models/system/outcome.hpp"

namespace wintergrid::montecarlo {

/// Households off at an hour, as a share of all, in this many equal bins (and one for exactly
/// none).
inline constexpr std::size_t kHourBins = 200;
/// Household-hours lost in a zone and day, as a share of the zone's households x 24 h.
inline constexpr std::size_t kZoneDayBins = 50;

/// Counts of values 0..bins: bin 0 holds exact zeros, bin i values in ((i-1)/bins, i/bins] of the
/// full scale.
std::size_t share_bin(std::uint64_t value, std::uint64_t full_scale, std::size_t bins);

/// One replication's result as it leaves its thread.
struct Record {
  std::vector<std::int64_t> row;  ///< metrics().size()
  std::array<std::vector<std::uint32_t>, kServiceCount> households_off_by_hour;
  std::array<std::vector<std::uint32_t>, kServiceCount> zone_day_household_hours;
  std::array<std::vector<std::int64_t>, kServiceCount> zone_household_seconds, zone_over;
  std::string failure;  ///< empty: fine
};

/// Sizes of the series; zero for systems without them (tests).
struct Shape {
  std::size_t metrics = 0;
  std::size_t hours = 0;
  std::size_t zones = 0;
  std::size_t days = 0;
  std::uint64_t total_households = 0;
  std::vector<std::uint64_t> zone_households;
};
Shape shape_of(const Model& model);
void prepare(Record& record, const Shape& shape);
void fill(Record& record, const Outcome& outcome);

struct Failure {
  std::uint64_t replication = 0;
  std::string what;
};

class Tally {
 public:
  explicit Tally(Shape shape);

  /// Records must come in replication order, without gaps.
  void add(const Record& record);

  const Shape& shape() const { return shape_; }
  std::uint64_t count() const { return count_; }  ///< replications, failed ones included
  std::span<const std::int64_t> row(std::uint64_t replication) const;
  bool failed(std::uint64_t replication) const;
  const std::vector<Failure>& failures() const { return failures_; }

  std::uint64_t hour_count(std::size_t service, std::size_t hour, std::size_t bin) const;
  std::uint64_t zone_day_count(std::size_t service, std::size_t zone, std::size_t day,
                               std::size_t bin) const;
  /// Sums over replications.
  __extension__ using Sum = __int128;
  Sum zone_household_seconds(std::size_t service, std::size_t zone) const {
    return zone_seconds_[service][zone];
  }
  /// Households without for at least kOutageThresholdHours[kFirstZoneThreshold + threshold].
  std::int64_t zone_over(std::size_t service, std::size_t zone, std::size_t threshold) const {
    return zone_over_[service][zone * kZoneThresholdCount + threshold];
  }

  // For the checkpoint: everything as bytes, and back. restore() throws std::runtime_error on a
  // wrong size.
  std::vector<std::uint8_t> histogram_bytes() const;
  void restore(std::uint64_t count, std::span<const std::int64_t> rows,
               std::vector<Failure> failures, std::span<const std::uint8_t> histograms);

 private:
  Shape shape_;
  std::uint64_t count_ = 0;
  std::vector<std::int64_t> rows_;
  std::vector<Failure> failures_;
  std::array<std::vector<std::uint32_t>, kServiceCount> hours_;  ///< [hour * (bins + 1) + bin]
  std::array<std::vector<std::uint32_t>, kServiceCount>
      zone_days_;  ///< [(zone * days + day) * (bins + 1) + bin]
  std::array<std::vector<Sum>, kServiceCount> zone_seconds_;
  std::array<std::vector<std::int64_t>, kServiceCount> zone_over_;  ///< [zone * thresholds + k]
};

}  // namespace wintergrid::montecarlo

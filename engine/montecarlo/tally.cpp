#include "engine/montecarlo/tally.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "engine/montecarlo/metrics.hpp"
#include "grid_models/core/contract.hpp"

namespace wintergrid::montecarlo {

std::size_t share_bin(std::uint64_t value, std::uint64_t full_scale, std::size_t bins) {
  if (value == 0 || full_scale == 0) {
    return 0;
  }
  const std::uint64_t bin =
      (value * bins + full_scale - 1) / full_scale;  // ceil: exact in integers
  return std::min<std::uint64_t>(bin, bins);
}

Shape shape_of(const Model& model) {
  Shape shape;
  shape.metrics = metrics().size();
  shape.hours = model.hours();
  shape.zones = model.zones.count();
  shape.days = model.days();
  shape.total_households = model.total_households;
  shape.zone_households.assign(shape.zones, 0);
  for (std::size_t u = 0; u < model.units.count(); ++u) {
    shape.zone_households[model.units.zone[u]] += model.units.households[u];
  }
  return shape;
}

void prepare(Record& record, const Shape& shape) {
  record.row.assign(shape.metrics, 0);
  record.failure.clear();
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    record.households_off_by_hour[s].assign(shape.hours, 0);
    record.zone_day_household_hours[s].assign(shape.zones * shape.days, 0);
    record.zone_household_seconds[s].assign(shape.zones, 0);
    record.zone_over[s].assign(shape.zones * kZoneThresholdCount, 0);
  }
}

void fill(Record& record, const Outcome& outcome) {
  fill_row(outcome, record.row);
  record.households_off_by_hour = outcome.households_off_by_hour;
  record.zone_day_household_hours = outcome.zone_day_household_hours;
  record.zone_household_seconds = outcome.zone_household_seconds;
  record.zone_over = outcome.zone_over;
}

Tally::Tally(Shape shape) : shape_(std::move(shape)) {
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    hours_[s].assign(shape_.hours * (kHourBins + 1), 0);
    zone_days_[s].assign(shape_.zones * shape_.days * (kZoneDayBins + 1), 0);
    zone_seconds_[s].assign(shape_.zones, 0);
    zone_over_[s].assign(shape_.zones * kZoneThresholdCount, 0);
  }
}

void Tally::add(const Record& record) {
  WG_EXPECT(record.row.size() == shape_.metrics);
  if (!record.failure.empty()) {
    failures_.push_back({count_, record.failure});
    rows_.resize(rows_.size() + shape_.metrics, 0);
    ++count_;
    return;
  }
  rows_.insert(rows_.end(), record.row.begin(), record.row.end());
  ++count_;
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    for (std::size_t hour = 0; hour < shape_.hours; ++hour) {
      const std::size_t bin =
          share_bin(record.households_off_by_hour[s][hour], shape_.total_households, kHourBins);
      ++hours_[s][hour * (kHourBins + 1) + bin];
    }
    for (std::size_t zone = 0; zone < shape_.zones; ++zone) {
      const std::uint64_t full_scale = shape_.zone_households[zone] * 24;
      for (std::size_t day = 0; day < shape_.days; ++day) {
        const std::size_t at = zone * shape_.days + day;
        const std::size_t bin =
            share_bin(record.zone_day_household_hours[s][at], full_scale, kZoneDayBins);
        ++zone_days_[s][at * (kZoneDayBins + 1) + bin];
      }
      zone_seconds_[s][zone] += record.zone_household_seconds[s][zone];
    }
    for (std::size_t i = 0; i < zone_over_[s].size(); ++i) {
      zone_over_[s][i] += record.zone_over[s][i];
    }
  }
}

std::span<const std::int64_t> Tally::row(std::uint64_t replication) const {
  return std::span<const std::int64_t>(rows_).subspan(replication * shape_.metrics, shape_.metrics);
}

bool Tally::failed(std::uint64_t replication) const {
  const auto found = std::lower_bound(
      failures_.begin(), failures_.end(), replication,
      [](const Failure& failure, std::uint64_t r) { return failure.replication < r; });
  return found != failures_.end() && found->replication == replication;
}

std::uint64_t Tally::hour_count(std::size_t service, std::size_t hour, std::size_t bin) const {
  return hours_[service][hour * (kHourBins + 1) + bin];
}

std::uint64_t Tally::zone_day_count(std::size_t service, std::size_t zone, std::size_t day,
                                    std::size_t bin) const {
  return zone_days_[service][(zone * shape_.days + day) * (kZoneDayBins + 1) + bin];
}

namespace {

template <class T>
void append_bytes(std::vector<std::uint8_t>& bytes, const std::vector<T>& values) {
  const std::size_t size = values.size() * sizeof(T);
  const std::size_t old = bytes.size();
  bytes.resize(old + size);
  if (size > 0) {
    std::memcpy(bytes.data() + old, values.data(), size);
  }
}

template <class T>
std::size_t take_bytes(std::span<const std::uint8_t> bytes, std::size_t offset,
                       std::vector<T>& values) {
  const std::size_t size = values.size() * sizeof(T);
  if (bytes.size() - offset < size) {
    throw std::runtime_error("the checkpoint's histograms have the wrong size");
  }
  if (size > 0) {
    std::memcpy(values.data(), bytes.data() + offset, size);
  }
  return offset + size;
}

}  // namespace

std::vector<std::uint8_t> Tally::histogram_bytes() const {
  std::vector<std::uint8_t> bytes;
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    append_bytes(bytes, hours_[s]);
    append_bytes(bytes, zone_days_[s]);
    append_bytes(bytes, zone_seconds_[s]);
    append_bytes(bytes, zone_over_[s]);
  }
  return bytes;
}

void Tally::restore(std::uint64_t count, std::span<const std::int64_t> rows,
                    std::vector<Failure> failures, std::span<const std::uint8_t> histograms) {
  if (rows.size() != count * shape_.metrics) {
    throw std::runtime_error("the checkpoint's rows have the wrong size");
  }
  std::size_t offset = 0;
  for (std::size_t s = 0; s < kServiceCount; ++s) {
    offset = take_bytes(histograms, offset, hours_[s]);
    offset = take_bytes(histograms, offset, zone_days_[s]);
    offset = take_bytes(histograms, offset, zone_seconds_[s]);
    offset = take_bytes(histograms, offset, zone_over_[s]);
  }
  if (offset != histograms.size()) {
    throw std::runtime_error("the checkpoint's histograms have the wrong size");
  }
  count_ = count;
  rows_.assign(rows.begin(), rows.end());
  failures_ = std::move(failures);
}

}  // namespace wintergrid::montecarlo

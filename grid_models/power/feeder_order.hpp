#pragma once
// Fixed groupings of the feeders: blocks for the shedding solver, and the order in which whole
// feeders are cut.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/power/operation.hpp"
#include "grid_models/power/shedding.hpp"

namespace wintergrid::power {

/// Loads as the shedding solver wants them: per bus one block of ordinary and one of exempt
/// feeders, where there are or may be any.
struct FeederBlocks {
  LoadBlocks loads;
  std::vector<std::uint32_t> of_feeder;            ///< on its own bus
  std::vector<std::uint32_t> of_feeder_at_backup;  ///< on its backup bus, else as of_feeder

  explicit FeederBlocks(const OperationModel& model);
};

/// Feeders in the fixed order of emergency cuts: by bus, ordinary before exempt, then by name hash
/// (ties: lowest index). A bus lists its own feeders and those that can be switched to it; whoever
/// goes through a list passes over those that hang elsewhere now.
class CutOrder {
 public:
  explicit CutOrder(const OperationModel& model);

  std::span<const std::uint32_t> ordinary_of(std::size_t bus) const {
    return std::span(feeders_).subspan(bus_begin_[bus], exempt_begin_[bus] - bus_begin_[bus]);
  }
  std::span<const std::uint32_t> exempt_of(std::size_t bus) const {
    return std::span(feeders_).subspan(exempt_begin_[bus],
                                       bus_begin_[bus + 1] - exempt_begin_[bus]);
  }
  /// Exempt feeders of all buses, by name hash.
  std::span<const std::uint32_t> exempt() const { return exempt_; }

 private:
  std::vector<std::uint32_t> feeders_;
  std::vector<std::size_t> bus_begin_;     ///< [bus_count + 1]
  std::vector<std::size_t> exempt_begin_;  ///< [bus_count]
  std::vector<std::uint32_t> exempt_;
};

}  // namespace wintergrid::power

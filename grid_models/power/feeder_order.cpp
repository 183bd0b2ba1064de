#include "grid_models/power/feeder_order.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <utility>

namespace wintergrid::power {

namespace {

/// The buses a feeder can hang on, its own first; twice that one if it has no backup.
std::array<std::uint32_t, 2> buses_of(const OperationModel& model, std::size_t feeder) {
  const std::uint32_t own = model.feeder_bus[feeder];
  const std::uint32_t backup =
      model.feeder_backup_bus.empty() ? kNoBackupBus : model.feeder_backup_bus[feeder];
  return {own, backup == kNoBackupBus ? own : backup};
}

}  // namespace

FeederBlocks::FeederBlocks(const OperationModel& model)
    : of_feeder(model.feeder_count()), of_feeder_at_backup(model.feeder_count()) {
  std::vector<std::uint8_t> has_block(2 * model.network.bus_count, 0);
  const auto kind_of = [&](std::size_t f, std::uint32_t bus) {
    return 2 * std::size_t{bus} + (model.feeder_subqueue[f] == kExempt ? 1 : 0);
  };
  for (std::size_t f = 0; f < model.feeder_count(); ++f) {
    for (const std::uint32_t bus : buses_of(model, f)) {
      has_block[kind_of(f, bus)] = 1;
    }
  }
  // Numbered by bus and kind, not by feeder: the order of feeders within a bus may not change a bit
  // of the solution.
  std::vector<std::uint32_t> block_of_kind(has_block.size(), 0);
  for (std::size_t kind = 0; kind < has_block.size(); ++kind) {
    if (has_block[kind] != 0) {
      block_of_kind[kind] = static_cast<std::uint32_t>(loads.bus.size());
      loads.bus.push_back(static_cast<std::uint32_t>(kind / 2));
      loads.weight.push_back(kind % 2 != 0 ? model.exempt_weight : 1.0);
    }
  }
  for (std::size_t f = 0; f < model.feeder_count(); ++f) {
    const auto [own, backup] = buses_of(model, f);
    of_feeder[f] = block_of_kind[kind_of(f, own)];
    of_feeder_at_backup[f] = block_of_kind[kind_of(f, backup)];
  }
}

CutOrder::CutOrder(const OperationModel& model)
    : bus_begin_(model.network.bus_count + 1, 0), exempt_begin_(model.network.bus_count, 0) {
  struct Entry {
    std::uint32_t bus;
    bool exempt;
    std::uint64_t name_hash;
    std::uint32_t feeder;
    auto operator<=>(const Entry&) const = default;
  };
  std::vector<Entry> entries;
  for (std::uint32_t f = 0; f < model.feeder_count(); ++f) {
    const auto [own, backup] = buses_of(model, f);
    const bool exempt = model.feeder_subqueue[f] == kExempt;
    entries.push_back({own, exempt, model.feeder_name_hash[f], f});
    if (backup != own) {
      entries.push_back({backup, exempt, model.feeder_name_hash[f], f});
    }
    if (exempt) {
      exempt_.push_back(f);
    }
  }
  std::sort(entries.begin(), entries.end());
  std::size_t place = 0;
  for (std::size_t bus = 0; bus < model.network.bus_count; ++bus) {
    bus_begin_[bus] = place;
    while (place < entries.size() && entries[place].bus == bus && !entries[place].exempt) {
      ++place;
    }
    exempt_begin_[bus] = place;
    while (place < entries.size() && entries[place].bus == bus) {
      ++place;
    }
  }
  bus_begin_[model.network.bus_count] = place;
  for (const Entry& entry : entries) {
    feeders_.push_back(entry.feeder);
  }
  std::sort(exempt_.begin(), exempt_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair{model.feeder_name_hash[a], a} < std::pair{model.feeder_name_hash[b], b};
  });
}

}  // namespace wintergrid::power

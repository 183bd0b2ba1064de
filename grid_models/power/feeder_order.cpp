#include "grid_models/power/feeder_order.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <tuple>
#include <utility>

namespace wintergrid::power {

FeederBlocks::FeederBlocks(const OperationModel& model) : of_feeder(model.feeder_count()) {
  std::vector<std::uint8_t> has_block(2 * model.network.bus_count, 0);
  const auto kind_of = [&](std::size_t f) {
    return 2 * std::size_t{model.feeder_bus[f]} + (model.feeder_subqueue[f] == kExempt ? 1 : 0);
  };
  for (std::size_t f = 0; f < model.feeder_count(); ++f) {
    has_block[kind_of(f)] = 1;
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
    of_feeder[f] = block_of_kind[kind_of(f)];
  }
}

CutOrder::CutOrder(const OperationModel& model)
    : feeders_(model.feeder_count()),
      bus_begin_(model.network.bus_count + 1, 0),
      exempt_begin_(model.network.bus_count, 0) {
  const auto is_exempt = [&](std::uint32_t f) { return model.feeder_subqueue[f] == kExempt; };
  const auto key = [&](std::uint32_t f) {
    return std::tuple{model.feeder_bus[f], is_exempt(f), model.feeder_name_hash[f], f};
  };
  std::iota(feeders_.begin(), feeders_.end(), 0U);
  std::sort(feeders_.begin(), feeders_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  std::size_t place = 0;
  for (std::size_t bus = 0; bus < model.network.bus_count; ++bus) {
    bus_begin_[bus] = place;
    while (place < feeders_.size() && model.feeder_bus[feeders_[place]] == bus &&
           !is_exempt(feeders_[place])) {
      ++place;
    }
    exempt_begin_[bus] = place;
    while (place < feeders_.size() && model.feeder_bus[feeders_[place]] == bus) {
      ++place;
    }
  }
  bus_begin_[model.network.bus_count] = place;
  std::copy_if(feeders_.begin(), feeders_.end(), std::back_inserter(exempt_), is_exempt);
  std::sort(exempt_.begin(), exempt_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair{model.feeder_name_hash[a], a} < std::pair{model.feeder_name_hash[b], b};
  });
}

}  // namespace wintergrid::power

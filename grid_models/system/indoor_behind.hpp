#pragma once
// How cold it is behind a damaged component: what the policy coldest_first asks.

#include <cstdint>
#include <span>
#include <vector>

#include "grid_models/core/id.hpp"
#include "grid_models/system/model.hpp"

namespace wintergrid {

/// Mean indoor temperatures by bus, by zone and of all. Scratch of one thread, sized once.
class IndoorBehind {
 public:
  explicit IndoorBehind(const Model& model);

  /// `indoor_c` by block. O(units).
  void note(const Model& model, std::span<const float> indoor_c);

  /// Mean over the households behind the component, C; +infinity where there are none. Of the last
  /// note().
  double mean_c(const Model& model, ComponentId component) const;

 private:
  struct Sum {
    double household_c = 0.0;  ///< households times their temperature
    double households = 0.0;
  };
  std::vector<Sum> of_bus_, of_zone_;
  Sum all_;
};

}  // namespace wintergrid

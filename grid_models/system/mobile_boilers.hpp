#pragma once
// Modular boilers from the region's stock: crews bring and connect them where a heat source is out
// with damage, and they go back to stock when it is whole again.

#include <cstdint>
#include <vector>

#include "grid_models/core/luck.hpp"
#include "grid_models/system/availability.hpp"
#include "grid_models/system/model.hpp"
#include "grid_models/system/state.hpp"
#include "grid_models/system/timeline.hpp"

namespace wintergrid {

/// Scratch for one thread, sized once; the model must outlive it. Results are a function of the
/// arguments only.
class MobileBoilers {
 public:
  explicit MobileBoilers(const Model& model);

  /// All in stock.
  MobileBoilerState initial_state() const;

  /// Once per moment, after repairs and hits and after crews have chosen their jobs. Who is without
  /// heat and power is what the last moment left in `state`.
  void act(const Availability& availability, const MobileBoilerParameters& parameters,
           const Luck& luck, recovery::Recovery& recovery, State& state);

 private:
  bool is_chp(std::size_t source) const;
  double missing_mw(std::size_t source, const Availability& availability,
                    const MobileBoilerParameters& parameters,
                    const MobileBoilerState& mobile) const;
  bool may_be_reached(std::size_t source, const State& state) const;
  std::int64_t cold_households(std::size_t source, const Availability& availability,
                               const State& state);
  void take_back(const Availability& availability, MobileBoilerState& mobile) const;
  void connect(Seconds now, MobileBoilerState& mobile) const;
  bool send(std::size_t source, double wanted_mw, const MobileBoilerParameters& parameters,
            const Luck& luck, recovery::Recovery& recovery, State& state) const;

  const Model* model_;
  std::vector<std::int64_t> node_households_;  ///< on district heating
  std::vector<std::uint8_t> reached_;          ///< scratch, by heat node
  std::vector<std::uint8_t> passed_over_;      ///< scratch, by source: nobody could go there now
};

}  // namespace wintergrid

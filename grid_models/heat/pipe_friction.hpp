#pragma once
// Friction factor of pipes as heat networks state it.

#include <cstdint>

namespace wintergrid::heat {

enum class FrictionLaw : std::uint8_t { colebrook = 0, swamee_jain, nikuradse };

struct FrictionFactor {
  double value = 0.0;
  double slope = 0.0;  ///< d value / d Reynolds
};

/// Darcy factor at `reynolds` > 0 for roughness over diameter (0 to 0.05). With Colebrook and
/// Swamee-Jain never below the laminar factor, so that loss grows with flow; Nikuradse adds the
/// two.
FrictionFactor friction_factor(FrictionLaw law, double reynolds, double relative_roughness);

}  // namespace wintergrid::heat

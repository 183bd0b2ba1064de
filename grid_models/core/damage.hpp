#pragma once
// Damage states after the FEMA Hazus definitions: slight, moderate, extensive, complete.

#include <cstddef>
#include <cstdint>

namespace wintergrid {

enum class DamageState : std::uint8_t { none = 0, slight, moderate, extensive, complete };
inline constexpr std::size_t kDamageStateCount = 5;

}  // namespace wintergrid

// Philox4x32-10: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as
// easy as 1, 2, 3", SC11, 2011; Random123 is its authors' library. Known answers are in the tests.

#include "engine/random/draw.hpp"

#include <Random123/philox.h>

#include "grid_models/core/contract.hpp"

namespace wintergrid::random {

std::array<std::uint32_t, 4> philox4x32_10(const std::array<std::uint32_t, 4>& counter,
                                           const std::array<std::uint32_t, 2>& key) {
  const philox4x32_ctr_t block =
      philox4x32_R(10, philox4x32_ctr_t{{counter[0], counter[1], counter[2], counter[3]}},
                   philox4x32_key_t{{key[0], key[1]}});
  return {block.v[0], block.v[1], block.v[2], block.v[3]};
}

Draw::Draw(std::uint64_t seed, std::uint64_t replication)
    : seed_(seed), replication_(static_cast<std::uint32_t>(replication)) {
  WG_CHECK(replication <= UINT32_MAX, "the replication is one 32-bit word of the counter");
}

double Draw::uniform(LuckAddress address) const {
  const std::uint64_t what =
      mix64(address.entity + static_cast<std::uint64_t>(address.purpose) * 0x9e3779b97f4a7c15ULL);
  const philox4x32_ctr_t block =
      philox4x32_R(10,
                   philox4x32_ctr_t{{replication_, address.k, static_cast<std::uint32_t>(what),
                                     static_cast<std::uint32_t>(what >> 32U)}},
                   philox4x32_key_t{{static_cast<std::uint32_t>(seed_),
                                     static_cast<std::uint32_t>(seed_ >> 32U)}});
  const std::uint64_t bits = (static_cast<std::uint64_t>(block.v[1]) << 32U) | block.v[0];
  // 52 random bits and a final one: an odd 53-bit integer, exact in a double.
  return static_cast<double>((bits >> 12U) * 2U + 1U) * 0x1.0p-53;
}

}  // namespace wintergrid::random

#pragma once
// A random draw has an address, not an order (Philox4x32-10, counter-based): who asks first, on
// which thread, or how often changes nothing.

#include <array>
#include <cstdint>

#include "grid_models/core/luck.hpp"

namespace wintergrid::random {

/// Philox4x32-10 of Salmon et al. 2011 (Random123): one block of four 32-bit words.
std::array<std::uint32_t, 4> philox4x32_10(const std::array<std::uint32_t, 4>& counter,
                                           const std::array<std::uint32_t, 2>& key);

/// Finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection on 64 bits.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  x ^= x >> 31;
  return x;
}

/// An address made of two: (event, asset), (pause, region). Not symmetric; for fixed `first` a
/// bijection in `second`.
constexpr std::uint64_t combine_hash(std::uint64_t first, std::uint64_t second) {
  return mix64(second + 0x9e3779b97f4a7c15ULL * (mix64(first) | 1U));
}

/// Luck bound to one seed and one replication.
///   key     = (seed low, seed high)
///   counter = (replication, k, low and high word of mix64(entity + purpose * 0x9e3779b97f4a7c15))
/// Draws of different replication or k never share a counter; two (entity, purpose) pairs share one
/// only if their 64-bit hashes collide (mix64 is a bijection: never for the same purpose and
/// different entity hashes). Cheap to copy and construct; const, no state: safe from any thread.
class Draw final : public Luck {
 public:
  /// replication < 2^32 (the counter's word); more is a programming error.
  Draw(std::uint64_t seed, std::uint64_t replication);

  /// In (0, 1): odd multiples of 2^-53, so neither end can occur and 1 - u is exact.
  double uniform(LuckAddress address) const override;

  std::uint64_t seed() const { return seed_; }
  std::uint32_t replication() const { return replication_; }

 private:
  std::uint64_t seed_;
  std::uint32_t replication_;
};

}  // namespace wintergrid::random

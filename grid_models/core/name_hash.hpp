#pragma once
// The 64-bit hash of an entity's name: part of the address of its random draws (promise 3), so it
// may never change.

#include <cstdint>
#include <string_view>

namespace wintergrid {

/// FNV-1a, 64 bit (Fowler, Noll, Vo; offset basis 14695981039346656037, prime 1099511628211).
constexpr std::uint64_t name_hash(std::string_view name) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char character : name) {
    hash ^= static_cast<std::uint8_t>(character);
    hash *= 1099511628211ULL;
  }
  return hash;
}

}  // namespace wintergrid

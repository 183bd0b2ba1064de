#pragma once
// SHA-256 (FIPS 180-4): provenance of inputs and results.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wintergrid::io {

/// Incremental digest: update() any number of times, then hex() once.
class Sha256 {
 public:
  void update(std::string_view bytes);
  /// 64 lower-case hexadecimal digits. Ends the digest.
  std::string hex();

 private:
  void compress(const std::uint8_t* block);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> block_{};
  std::uint64_t byte_count_ = 0;
};

std::string sha256_hex(std::string_view bytes);

}  // namespace wintergrid::io

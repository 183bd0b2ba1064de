#pragma once
// Eight problems of the same shape side by side.
//
// Functions over them are compiled for several processors, and the best that this one can run is
// taken. Results are the same on all: every lane is a row of the same IEEE operations, and
// -ffp-contract=off forbids fused ones.

#include <array>
#include <cstddef>

namespace wintergrid {

inline constexpr std::size_t kLanes = 8;

struct alignas(64) LaneValues {
  std::array<double, kLanes> at{};
};

enum class Processor { base, avx2, avx512 };
inline Processor best_processor() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") != 0 ? Processor::avx512
         : __builtin_cpu_supports("avx2") != 0  ? Processor::avx2
                                                : Processor::base;
#else
  return Processor::base;
#endif
}

}  // namespace wintergrid

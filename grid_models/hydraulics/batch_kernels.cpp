// Laws and changes of eight cases (batch_kernels.inc) for several processors.

#include "grid_models/hydraulics/batch_kernels.hpp"

#include <cmath>

#include "grid_models/hydraulics/limits.hpp"
#include "grid_models/hydraulics/network.hpp"

namespace wintergrid::hydraulics::batch {
namespace {

#if defined(__x86_64__)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
#define WINTERGRID_VECTOR_BYTES 32
namespace avx2 {
#include "grid_models/hydraulics/batch_kernels.inc"  // NOLINT(readability-duplicate-include)
}  // namespace avx2
#undef WINTERGRID_VECTOR_BYTES
#if defined(__clang__)
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#else
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f")
#endif
#define WINTERGRID_VECTOR_BYTES 64
namespace avx512 {
#include "grid_models/hydraulics/batch_kernels.inc"  // NOLINT(readability-duplicate-include)
}  // namespace avx512
#undef WINTERGRID_VECTOR_BYTES
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
#define WINTERGRID_VECTOR_BYTES 16
namespace base {
#include "grid_models/hydraulics/batch_kernels.inc"  // NOLINT(readability-duplicate-include)
}  // namespace base
#undef WINTERGRID_VECTOR_BYTES

}  // namespace

const Kernels& kernels(Processor processor) {
  switch (processor) {
#if defined(__x86_64__)
    case Processor::avx512:
      return avx512::kKernels;
    case Processor::avx2:
      return avx2::kKernels;
#endif
    default:
      return base::kKernels;
  }
}

}  // namespace wintergrid::hydraulics::batch

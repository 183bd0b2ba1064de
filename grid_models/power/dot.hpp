#pragma once
// Scalar product with a fixed order of additions.

#include <cstddef>

namespace wintergrid::power {

// Four running sums: the compiler may not reorder a plain one, and the order must not depend on the
// compiler.
inline double dot(const double* a, const double* b, std::size_t count) {
  double s0 = 0.0;
  double s1 = 0.0;
  double s2 = 0.0;
  double s3 = 0.0;
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (; i < count; ++i) {
    s0 += a[i] * b[i];
  }
  return (s0 + s1) + (s2 + s3);
}

}  // namespace wintergrid::power

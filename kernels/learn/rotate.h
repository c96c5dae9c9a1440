// A plane rotation of two contiguous vectors.
#pragma once
#include "learn/wide-vectors.h"

namespace athanor {

/// a, b ← cosine · a − sine · b, sine · a + cosine · b.
inline void rotate(double* __restrict a, double* __restrict b, double cosine, double sine, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    const double x = a[i], y = b[i];
    a[i] = cosine * x - sine * y;
    b[i] = sine * x + cosine * y;
  }
}

}  // namespace athanor

// Dot products, sums and rotations of contiguous float64 vectors: what decompositions are made of.
#pragma once
#include "vector.h"

namespace athanor {

/// Σ a[i] · b[i], in four running sums of a register each.
inline double dotProduct(const double* a, const double* b, int64_t n) {
  constexpr int64_t w = lanes<double>;
  F64 sum[4] = {};
  int64_t i = 0;
  for (; i + 4 * w <= n; i += 4 * w)
    for (int64_t v = 0; v < 4; v++)
      sum[v] = fma(load<double>(a + i + v * w), load<double>(b + i + v * w), sum[v]);
  for (; i + w <= n; i += w) sum[0] = fma(load<double>(a + i), load<double>(b + i), sum[0]);
  if (i < n) {
    const int rest = static_cast<int>(n - i);
    sum[1] = fma(loadPart(a + i, rest), loadPart(b + i, rest), sum[1]);
  }
  return sumOfLanes((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

/// y += factor · x.
inline void addTimes(double* y, double factor, const double* x, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] += factor * x[i];
}

/// a, b ← cosine · a − sine · b, sine · a + cosine · b.
inline void rotate(double* __restrict a, double* __restrict b, double cosine, double sine, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    const double x = a[i], y = b[i];
    a[i] = cosine * x - sine * y;
    b[i] = sine * x + cosine * y;
  }
}

}  // namespace athanor

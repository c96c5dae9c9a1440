// Sums and combinations of long vectors in parallel, in blocks of a constant size.
#pragma once
#include <vector>

#include "learn/wide-vectors.h"
#include "ranges.h"

namespace athanor {

constexpr int64_t vectorBlock = 16384;

inline double dotProduct(Runtime& runtime, const double* a, const double* b, int64_t n) {
  if (n <= vectorBlock) return dotOf(a, b, n);
  const int64_t blocks = (n + vectorBlock - 1) / vectorBlock;
  std::vector<double> sums(static_cast<size_t>(blocks));
  parallelRanges(runtime, n, vectorBlock, [&](int64_t from, int64_t to, int) {
    sums[static_cast<size_t>(from / vectorBlock)] = dotOf(a + from, b + from, to - from);
  });
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum;
}

/// y += factor · x.
inline void addMultiple(Runtime& runtime, double factor, const double* x, double* y, int64_t n) {
  parallelRanges(runtime, n, vectorBlock,
                 [&](int64_t from, int64_t to, int) { addScaled(factor, x + from, y + from, to - from); });
}

/// out = x + factor · direction.
inline void moveAlong(Runtime& runtime, const double* x, double factor, const double* direction, double* out,
                      int64_t n) {
  parallelRanges(runtime, n, vectorBlock, [&](int64_t from, int64_t to, int) {
    for (int64_t i = from; i < to; i++) out[i] = x[i] + factor * direction[i];
  });
}

}  // namespace athanor

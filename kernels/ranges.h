// Splits an index range into chunks of a constant size, so that no result depends on the thread count;
// and the arithmetic of such splits.
#pragma once
#include "runtime.h"

namespace athanor {

inline int64_t ceilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }
inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

/// `length` in the fewest equal parts of at most `part`, in multiples of `unit`.
inline int64_t evenPart(int64_t length, int64_t part, int64_t unit = 1) {
  return length == 0 ? part : ceilDivide(ceilDivide(length, ceilDivide(length, part)), unit) * unit;
}

/// Elements that one task of a memory-bound kernel handles.
constexpr int64_t elementsPerTask = 32768;

/// Calls `body(begin, end, worker)` for [0, count) in chunks of `chunk`.
template <typename F>
inline void parallelRanges(Runtime& runtime, int64_t count, int64_t chunk, F body) {
  if (count <= chunk) {
    if (count > 0) body(int64_t(0), count, 0);
    return;
  }
  auto task = [&](int64_t index, int worker) {
    const int64_t begin = index * chunk;
    body(begin, least(begin + chunk, count), worker);
  };
  parallel(runtime, ceilDivide(count, chunk), task);
}

/// Rows that make up one task when each row costs `cost` elements.
inline int64_t rowsPerTask(int64_t cost) {
  return most(elementsPerTask / most(cost, 1), 1);
}

}  // namespace athanor

// Splits an index range into chunks of a constant size, so that no result depends on the thread count.
#pragma once
#include "runtime.h"

namespace athanor {

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
    const int64_t end = begin + chunk < count ? begin + chunk : count;
    body(begin, end, worker);
  };
  parallel(runtime, (count + chunk - 1) / chunk, task);
}

/// Rows that make up one task when each row costs `cost` elements.
inline int64_t rowsPerTask(int64_t cost) {
  const int64_t rows = elementsPerTask / (cost < 1 ? 1 : cost);
  return rows < 1 ? 1 : rows;
}

}  // namespace athanor

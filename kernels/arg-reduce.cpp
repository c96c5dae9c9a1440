// First position of the largest or smallest element along the middle of [outer, reduced, inner]; a
// NaN, where there is one, wins, as in NumPy.
#include "instructions.h"
#include "ranges.h"
#include "types.h"

namespace athanor {

namespace {

/// Columns handled side by side when the reduced axis is not the last.
constexpr int64_t blockColumns = 256;

template <bool largest, typename T>
inline bool beats(T candidate, T best) {
  const bool better = largest ? candidate > best : candidate < best;
  return better || (candidate != candidate && best == best);
}

template <bool largest, typename T>
int32_t firstAlong(const T* source, int64_t count) {
  T best = source[0];
  int64_t at = 0;
  for (int64_t r = 1; r < count; r++) {
    if (beats<largest>(source[r], best)) {
      best = source[r];
      at = r;
    }
  }
  return static_cast<int32_t>(at);
}

template <bool largest, typename T>
void firstDown(const T* source, int64_t reduced, int64_t inner, int32_t* target, int64_t width) {
  T best[blockColumns];
  int32_t at[blockColumns];
  for (int64_t i = 0; i < width; i++) {
    best[i] = source[i];
    at[i] = 0;
  }
  for (int64_t r = 1; r < reduced; r++) {
    const T* const row = source + r * inner;
    for (int64_t i = 0; i < width; i++) {
      const bool wins = beats<largest>(row[i], best[i]);
      best[i] = wins ? row[i] : best[i];
      at[i] = wins ? static_cast<int32_t>(r) : at[i];
    }
  }
  for (int64_t i = 0; i < width; i++) target[i] = at[i];
}

template <bool largest, typename T>
void argReduce(Runtime& runtime, const ArgReduceArguments& a) {
  const T* const source = static_cast<const T*>(a.source);
  if (a.inner == 1) {
    parallelRanges(runtime, a.outer, rowsPerTask(a.reduced), [&](int64_t begin, int64_t end, int) {
      for (int64_t o = begin; o < end; o++)
        a.target[o] = firstAlong<largest>(source + o * a.reduced, a.reduced);
    });
    return;
  }
  const int64_t blocks = (a.inner + blockColumns - 1) / blockColumns;
  const int64_t cost = a.reduced * (a.inner < blockColumns ? a.inner : blockColumns);
  parallelRanges(runtime, a.outer * blocks, rowsPerTask(cost), [&](int64_t begin, int64_t end, int) {
    for (int64_t index = begin; index < end; index++) {
      const int64_t o = index / blocks;
      const int64_t i = index % blocks * blockColumns;
      const int64_t width = a.inner - i < blockColumns ? a.inner - i : blockColumns;
      firstDown<largest>(source + o * a.reduced * a.inner + i, a.reduced, a.inner,
                         a.target + o * a.inner + i, width);
    }
  });
}

}  // namespace

Status run(Runtime& runtime, const ArgReduceArguments& a) {
  if (a.outer == 0 || a.inner == 0) return Status::ok;
  withType(a.dtype, [&](auto element) {
    using T = typename decltype(element)::Type;
    if (a.largest)
      argReduce<true, T>(runtime, a);
    else
      argReduce<false, T>(runtime, a);
  });
  return Status::ok;
}

}  // namespace athanor

// Running sums along the middle of [outer, reduced, inner], from either end, with or without the
// element itself. Floats are added in float64 and rounded where they are stored; int32 wraps around.
#include "instructions.h"
#include "ranges.h"

namespace athanor {

namespace {

constexpr int64_t blockColumns = 128;

template <typename T, typename Sum>
void sumColumns(const T* source, T* target, int64_t step, int64_t count, int64_t width,
                bool exclusive) {
  Sum sums[blockColumns] = {};
  for (int64_t r = 0; r < count; r++) {
    const T* const from = source + r * step;
    T* const to = target + r * step;
    if (exclusive) {
      for (int64_t i = 0; i < width; i++) {
        const T value = from[i];
        to[i] = static_cast<T>(sums[i]);
        sums[i] += static_cast<Sum>(value);
      }
    } else {
      for (int64_t i = 0; i < width; i++) {
        sums[i] += static_cast<Sum>(from[i]);
        to[i] = static_cast<T>(sums[i]);
      }
    }
  }
}

template <typename T, typename Sum>
void cumulativeSum(Runtime& runtime, const CumulativeSumArguments& a) {
  const T* const source = static_cast<const T*>(a.source);
  T* const target = static_cast<T*>(a.target);
  const int64_t blocks = (a.inner + blockColumns - 1) / blockColumns;
  const int64_t cost = a.reduced * (a.inner < blockColumns ? a.inner : blockColumns);
  const int64_t first = a.reverse ? (a.reduced - 1) * a.inner : 0;
  const int64_t step = a.reverse ? -a.inner : a.inner;
  parallelRanges(runtime, a.outer * blocks, rowsPerTask(cost), [&](int64_t begin, int64_t end, int) {
    for (int64_t index = begin; index < end; index++) {
      const int64_t i = index % blocks * blockColumns;
      const int64_t at = index / blocks * a.reduced * a.inner + first + i;
      const int64_t width = a.inner - i < blockColumns ? a.inner - i : blockColumns;
      sumColumns<T, Sum>(source + at, target + at, step, a.reduced, width, a.exclusive);
    }
  });
}

}  // namespace

Status run(Runtime& runtime, const CumulativeSumArguments& a) {
  if (a.outer == 0 || a.reduced == 0 || a.inner == 0) return Status::ok;
  if (a.dtype == DType::int32)
    cumulativeSum<int32_t, uint32_t>(runtime, a);
  else if (a.dtype == DType::float64)
    cumulativeSum<double, double>(runtime, a);
  else
    cumulativeSum<float, double>(runtime, a);
  return Status::ok;
}

}  // namespace athanor

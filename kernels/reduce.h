// The arithmetic of reductions: identities, pairs, and a tile's row to one number. Sums run in blocks
// (lanes, tiles, chunks), wider than the element type where there is a wider one, so that the error is
// a small multiple of ε Σ|terms|; NaN always gets through.
#pragma once
#include "elementwise.h"
#include "vector.h"

namespace athanor {

/// Numbers that tiles are gathered in. int32 sums wrap, as its addition does.
template <typename T>
struct GatherType {
  using Type = double;
};
template <>
struct GatherType<int32_t> {
  using Type = int32_t;
};
template <typename T>
using Gathered = typename GatherType<T>::Type;

template <typename A>
inline A identityOf(ReduceKind kind) {
  constexpr bool integer = sizeof(A) == 4;
  switch (kind) {
    case ReduceKind::max:
      return integer ? A(INT32_MIN) : A(-__builtin_inf());
    case ReduceKind::min:
      return integer ? A(INT32_MAX) : A(__builtin_inf());
    case ReduceKind::prod:
      return A(1);
    default:
      return A(0);
  }
}
template <>
inline float identityOf<float>(ReduceKind kind) {
  return static_cast<float>(identityOf<double>(kind));
}

template <typename A>
inline A combine(ReduceKind kind, A a, A b) {
  switch (kind) {
    case ReduceKind::max:
      return a > b || a != a ? a : b;
    case ReduceKind::min:
      return a < b || a != a ? a : b;
    case ReduceKind::prod:
      return a * b;
    default:
      return a + b;
  }
}
template <>
inline int32_t combine<int32_t>(ReduceKind kind, int32_t a, int32_t b) {
  const uint32_t x = static_cast<uint32_t>(a), y = static_cast<uint32_t>(b);
  switch (kind) {
    case ReduceKind::max:
      return a > b ? a : b;
    case ReduceKind::min:
      return a < b ? a : b;
    case ReduceKind::prod:
      return static_cast<int32_t>(x * y);
    default:
      return static_cast<int32_t>(x + y);
  }
}

template <typename T, ReduceKind kind>
ATHANOR_INLINE Vec<T> combineVectors(Vec<T> a, Vec<T> b) {
  using B = BitsVec<T>;
  if constexpr (kind == ReduceKind::max) return larger(a, b);
  if constexpr (kind == ReduceKind::min) return smaller(a, b);
  if constexpr (sizeof(T) == 4 && T(0.5) == T(0)) {  // int32
    if constexpr (kind == ReduceKind::prod) return bitsAs<Vec<T>>(bitsAs<B>(a) * bitsAs<B>(b));
    return bitsAs<Vec<T>>(bitsAs<B>(a) + bitsAs<B>(b));
  } else {
    if constexpr (kind == ReduceKind::prod) return a * b;
    return a + b;
  }
}

template <typename T, ReduceKind kind>
Gathered<T> reduceRowOf(const T* p, int step, int64_t count) {
  using A = Gathered<T>;
  constexpr int width = lanes<T>;
  A rest = identityOf<A>(kind);
  const int64_t whole = count / width;
  if (whole > 0) {
    const Vec<T> start = splat<T>(identityOf<T>(kind));
    Vec<T> sum[4] = {start, start, start, start};
    int64_t i = 0;
    for (; i + 4 <= whole; i += 4, p += 4 * step)
      for (int k = 0; k < 4; k++) sum[k] = combineVectors<T, kind>(sum[k], load<T>(p + k * step));
    for (; i < whole; i++, p += step) sum[0] = combineVectors<T, kind>(sum[0], load<T>(p));
    const Vec<T> all = combineVectors<T, kind>(combineVectors<T, kind>(sum[0], sum[1]),
                                               combineVectors<T, kind>(sum[2], sum[3]));
    T lane[width];
    memcpy(lane, &all, sizeof(all));
    A folded[width];
    for (int k = 0; k < width; k++) folded[k] = static_cast<A>(lane[k]);
    for (int half = width / 2; half > 0; half /= 2)
      for (int k = 0; k < half; k++) folded[k] = combine<A>(kind, folded[k], folded[k + half]);
    rest = folded[0];
  }
  for (int64_t i = 0; i < count - whole * width; i++)
    rest = combine<A>(kind, rest, static_cast<A>(p[i]));
  return rest;
}

/// A row of a tile to one number; `step` as in RowFunction.
template <typename T>
inline Gathered<T> reduceRow(ReduceKind kind, const T* p, int step, int64_t count) {
  switch (kind) {
    case ReduceKind::max:
      return reduceRowOf<T, ReduceKind::max>(p, step, count);
    case ReduceKind::min:
      return reduceRowOf<T, ReduceKind::min>(p, step, count);
    case ReduceKind::prod:
      return reduceRowOf<T, ReduceKind::prod>(p, step, count);
    default:
      return reduceRowOf<T, ReduceKind::sum>(p, step, count);
  }
}

/// The row function that combines two rows.
template <typename T>
inline RowFunction<T> combineRows(ReduceKind kind) {
  switch (kind) {
    case ReduceKind::max:
      return rowFunction<T>(RegisterOp::maximum);
    case ReduceKind::min:
      return rowFunction<T>(RegisterOp::minimum);
    case ReduceKind::prod:
      return rowFunction<T>(RegisterOp::multiply);
    default:
      return rowFunction<T>(RegisterOp::add);
  }
}

}  // namespace athanor

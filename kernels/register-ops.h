// What each register operation computes, as in src/graph/elementwise.ts, on one SIMD register.
#pragma once
#include <cmath>
#include <type_traits>

#include "opcodes.h"
#include "vector-math.h"

namespace athanor {

template <typename T>
constexpr bool isInteger = std::is_same<T, int32_t>::value;

/// 1 where the mask is set, 0 elsewhere.
template <typename T, typename M>
ATHANOR_INLINE Vec<T> oneWhere(M mask) {
  return select(mask, splat<T>(T(1)), Vec<T>{});
}

template <typename T, RegisterOp op>
ATHANOR_INLINE Vec<T> unary(Vec<T> x) {
  using R = RegisterOp;
  const Vec<T> zero{};
  if constexpr (op == R::copy) return x;
  if constexpr (op == R::square)
    return isInteger<T> ? bitsAs<Vec<T>>(bitsAs<BitsVec<T>>(x) * bitsAs<BitsVec<T>>(x)) : x * x;
  if constexpr (op == R::not_) return oneWhere<T>(x == zero);
  if constexpr (op == R::relu) return select(x <= zero, zero, x);
  if constexpr (isInteger<T>) {
    const U32 bits = bitsAs<U32>(x);
    if constexpr (op == R::negate) return bitsAs<I32>(U32{} - bits);
    if constexpr (op == R::abs) return select(x < zero, bitsAs<I32>(U32{} - bits), x);
    if constexpr (op == R::sign) return (x < zero) - (x > zero);
    if constexpr (op == R::isFinite) return oneWhere<T>(x == x);
    if constexpr (op == R::isNaN) return zero;
    return x;  // floor, ceil, round, trunc
  } else {
    if constexpr (op == R::negate) return -x;
    if constexpr (op == R::abs) return magnitude(x);
    if constexpr (op == R::sign)
      return select(x > zero, splat<T>(T(1)), select(x < zero, splat<T>(T(-1)), x));
    if constexpr (op == R::exp) return expOf(x);
    if constexpr (op == R::log) return logOf(x);
    if constexpr (op == R::log1p) return log1pOf(x);
    if constexpr (op == R::expm1) return expm1Of(x);
    if constexpr (op == R::sqrt) return squareRoot(x);
    if constexpr (op == R::reciprocal) return T(1) / x;
    if constexpr (op == R::rsqrt) return T(1) / squareRoot(x);
    if constexpr (op == R::sin) return sinOf(x);
    if constexpr (op == R::cos) return cosOf(x);
    if constexpr (op == R::tanh) return tanhOf(x);
    if constexpr (op == R::sigmoid) return sigmoidOf(x);
    if constexpr (op == R::erf) return erfOf(x);
    if constexpr (op == R::softplus) return softplusOf(x);
    if constexpr (op == R::floor) return roundDown(x);
    if constexpr (op == R::ceil) return roundUp(x);
    if constexpr (op == R::round) return roundEven(x);
    if constexpr (op == R::trunc) return roundToZero(x);
    if constexpr (op == R::isFinite) return oneWhere<T>(x - x == zero);
    if constexpr (op == R::isNaN) return oneWhere<T>(x != x);
    return x;
  }
}

template <typename T>
ATHANOR_INLINE T remainderOf(T a, T b) {
  if constexpr (isInteger<T>) {
    if (b == 0 || b == -1) return 0;
    const T r = a % b;
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
  } else {
    const T r = std::fmod(a, b);
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
  }
}

template <typename T, RegisterOp op>
ATHANOR_INLINE Vec<T> binary(Vec<T> a, Vec<T> b) {
  using R = RegisterOp;
  const Vec<T> zero{};
  using B = BitsVec<T>;
  if constexpr (op == R::add)
    return isInteger<T> ? bitsAs<Vec<T>>(bitsAs<B>(a) + bitsAs<B>(b)) : a + b;
  if constexpr (op == R::subtract)
    return isInteger<T> ? bitsAs<Vec<T>>(bitsAs<B>(a) - bitsAs<B>(b)) : a - b;
  if constexpr (op == R::multiply)
    return isInteger<T> ? bitsAs<Vec<T>>(bitsAs<B>(a) * bitsAs<B>(b)) : a * b;
  if constexpr (op == R::maximum) return larger(a, b);
  if constexpr (op == R::minimum) return smaller(a, b);
  if constexpr (op == R::equal) return oneWhere<T>(a == b);
  if constexpr (op == R::notEqual) return oneWhere<T>(a != b);
  if constexpr (op == R::less) return oneWhere<T>(a < b);
  if constexpr (op == R::lessEqual) return oneWhere<T>(a <= b);
  if constexpr (op == R::greater) return oneWhere<T>(a > b);
  if constexpr (op == R::greaterEqual) return oneWhere<T>(a >= b);
  if constexpr (op == R::and_) return oneWhere<T>((a != zero) & (b != zero));
  if constexpr (op == R::or_) return oneWhere<T>((a != zero) | (b != zero));
  if constexpr (op == R::modulo) {
    for (int i = 0; i < lanes<T>; i++) a[i] = remainderOf<T>(a[i], b[i]);
    return a;
  }
  if constexpr (!isInteger<T>) {
    if constexpr (op == R::divide) return a / b;
    if constexpr (op == R::power) return powerOf(a, b);
  }
  return a;
}

template <typename T, RegisterOp op>
ATHANOR_INLINE Vec<T> ternary(Vec<T> a, Vec<T> b, Vec<T> c) {
  if constexpr (op == RegisterOp::where) {
    return select(a != Vec<T>{}, b, c);
  } else if constexpr (isInteger<T>) {
    return bitsAs<I32>(bitsAs<U32>(a) * bitsAs<U32>(b) + bitsAs<U32>(c));
  } else {
    return fma(a, b, c);
  }
}

}  // namespace athanor

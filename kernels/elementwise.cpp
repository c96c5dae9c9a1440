// What each register operation computes, as in src/graph/elementwise.ts, on one SIMD register.
#include "elementwise.h"

#include <cmath>
#include <type_traits>

#include "vector-math.h"

namespace athanor {

namespace {

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

template <typename T, RegisterOp op>
void unaryRow(T* into, const T* a, int aStep, const T*, int, const T*, int, int64_t count) {
  constexpr int width = lanes<T>;
  for (; count >= width; count -= width, into += width, a += aStep)
    store<T>(into, unary<T, op>(load<T>(a)));
  const int rest = static_cast<int>(count);
  if (rest > 0) storePart(into, unary<T, op>(loadPart(a, rest)), rest);
}

template <typename T, RegisterOp op>
void binaryRow(T* into, const T* a, int aStep, const T* b, int bStep, const T*, int, int64_t count) {
  constexpr int width = lanes<T>;
  for (; count >= 2 * width; count -= 2 * width, into += 2 * width, a += 2 * aStep, b += 2 * bStep) {
    const Vec<T> first = binary<T, op>(load<T>(a), load<T>(b));
    const Vec<T> second = binary<T, op>(load<T>(a + aStep), load<T>(b + bStep));
    store<T>(into, first);
    store<T>(into + width, second);
  }
  for (; count >= width; count -= width, into += width, a += aStep, b += bStep)
    store<T>(into, binary<T, op>(load<T>(a), load<T>(b)));
  const int rest = static_cast<int>(count);
  if (rest > 0) storePart(into, binary<T, op>(loadPart(a, rest), loadPart(b, rest)), rest);
}

template <typename T, RegisterOp op>
void ternaryRow(T* into, const T* a, int aStep, const T* b, int bStep, const T* c, int cStep,
                int64_t count) {
  constexpr int width = lanes<T>;
  for (; count >= 2 * width;
       count -= 2 * width, into += 2 * width, a += 2 * aStep, b += 2 * bStep, c += 2 * cStep) {
    const Vec<T> first = ternary<T, op>(load<T>(a), load<T>(b), load<T>(c));
    const Vec<T> second = ternary<T, op>(load<T>(a + aStep), load<T>(b + bStep), load<T>(c + cStep));
    store<T>(into, first);
    store<T>(into + width, second);
  }
  for (; count >= width; count -= width, into += width, a += aStep, b += bStep, c += cStep)
    store<T>(into, ternary<T, op>(load<T>(a), load<T>(b), load<T>(c)));
  const int rest = static_cast<int>(count);
  if (rest > 0)
    storePart(into, ternary<T, op>(loadPart(a, rest), loadPart(b, rest), loadPart(c, rest)), rest);
}

}  // namespace

template <typename T>
RowFunction<T> rowFunction(RegisterOp op) {
#define ATHANOR_ANY(ARITY, NAME) \
  case RegisterOp::NAME:         \
    return ARITY##Row<T, RegisterOp::NAME>;
#define ATHANOR_FLOAT(ARITY, NAME)                \
  case RegisterOp::NAME:                          \
    if constexpr (isInteger<T>)                   \
      return nullptr;                             \
    else                                          \
      return ARITY##Row<T, RegisterOp::NAME>;
  switch (op) {
    ATHANOR_ANY(unary, copy)
    ATHANOR_ANY(unary, negate)
    ATHANOR_ANY(unary, abs)
    ATHANOR_ANY(unary, sign)
    ATHANOR_FLOAT(unary, exp)
    ATHANOR_FLOAT(unary, log)
    ATHANOR_FLOAT(unary, log1p)
    ATHANOR_FLOAT(unary, expm1)
    ATHANOR_FLOAT(unary, sqrt)
    ATHANOR_FLOAT(unary, reciprocal)
    ATHANOR_FLOAT(unary, sin)
    ATHANOR_FLOAT(unary, cos)
    ATHANOR_FLOAT(unary, tanh)
    ATHANOR_FLOAT(unary, sigmoid)
    ATHANOR_FLOAT(unary, erf)
    ATHANOR_ANY(unary, floor)
    ATHANOR_ANY(unary, ceil)
    ATHANOR_ANY(unary, round)
    ATHANOR_ANY(unary, relu)
    ATHANOR_ANY(unary, square)
    ATHANOR_ANY(unary, not_)
    ATHANOR_ANY(unary, isFinite)
    ATHANOR_ANY(unary, isNaN)
    ATHANOR_FLOAT(unary, rsqrt)
    ATHANOR_ANY(unary, trunc)
    ATHANOR_FLOAT(unary, softplus)
    ATHANOR_ANY(binary, add)
    ATHANOR_ANY(binary, subtract)
    ATHANOR_ANY(binary, multiply)
    ATHANOR_FLOAT(binary, divide)
    ATHANOR_FLOAT(binary, power)
    ATHANOR_ANY(binary, maximum)
    ATHANOR_ANY(binary, minimum)
    ATHANOR_ANY(binary, modulo)
    ATHANOR_ANY(binary, equal)
    ATHANOR_ANY(binary, notEqual)
    ATHANOR_ANY(binary, less)
    ATHANOR_ANY(binary, lessEqual)
    ATHANOR_ANY(binary, greater)
    ATHANOR_ANY(binary, greaterEqual)
    ATHANOR_ANY(binary, and_)
    ATHANOR_ANY(binary, or_)
    ATHANOR_ANY(ternary, where)
    ATHANOR_ANY(ternary, multiplyAdd)
  }
#undef ATHANOR_ANY
#undef ATHANOR_FLOAT
  return nullptr;
}

template RowFunction<float> rowFunction<float>(RegisterOp op);
template RowFunction<double> rowFunction<double>(RegisterOp op);
template RowFunction<int32_t> rowFunction<int32_t>(RegisterOp op);

}  // namespace athanor

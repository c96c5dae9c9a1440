// Register operations as loops over rows.
#include "elementwise.h"

#include "register-ops.h"

namespace athanor {

namespace {

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

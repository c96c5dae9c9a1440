// From an element type's number to its C++ type, and numbers into it by the Program's rules.
#pragma once
#include "opcodes.h"

namespace athanor {

template <typename T>
struct Element {
  using Type = T;
};

/// Calls `body(Element<float>{})` and the like.
template <typename F>
inline auto withType(DType dtype, F body) {
  switch (dtype) {
    case DType::float64:
      return body(Element<double>{});
    case DType::int32:
      return body(Element<int32_t>{});
    case DType::bool_:
      return body(Element<uint8_t>{});
    default:
      return body(Element<float>{});
  }
}

/// To int32 by truncation (held at its ends, NaN becomes 0), to bool as ≠ 0.
template <typename T>
inline T fromNumber(double value) {
  return static_cast<T>(value);
}

template <>
inline int32_t fromNumber<int32_t>(double value) {
  if (value != value) return 0;
  if (value >= 2147483647.0) return INT32_MAX;
  if (value <= -2147483648.0) return INT32_MIN;
  return static_cast<int32_t>(value);
}

template <>
inline uint8_t fromNumber<uint8_t>(double value) {
  return value != 0 ? 1 : 0;
}

}  // namespace athanor

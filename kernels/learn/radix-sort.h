// Sorts numbers, or keys with a payload, by their digits: a few passes over the data instead of
// comparisons. NaN has no place in the order and must not be among them.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>

namespace athanor {

/// Bits of a number in an order that unsigned comparison understands.
inline uint32_t sortableBits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof(bits));
  return bits ^ ((bits >> 31) != 0 ? 0xffffffffu : 0x80000000u);
}
inline uint64_t sortableBits(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof(bits));
  return bits ^ ((bits >> 63) != 0 ? ~uint64_t(0) : uint64_t(1) << 63);
}

/// Ascending; `room` has place for as many. Both may hold anything afterwards, but the result is in `values`.
template <typename T>
void radixSort(T* values, T* room, int64_t count) {
  if (count < 2048) {
    std::sort(values, values + count);
    return;
  }
  constexpr int digitBits = 11;
  constexpr int digits = 1 << digitBits;
  constexpr int passes = (static_cast<int>(sizeof(T)) * 8 + digitBits - 1) / digitBits;
  uint32_t counts[passes][digits] = {};
  for (int64_t i = 0; i < count; i++) {
    auto key = sortableBits(values[i]);
    for (int pass = 0; pass < passes; pass++, key >>= digitBits) counts[pass][key & (digits - 1)]++;
  }
  T* from = values;
  T* to = room;
  for (int pass = 0; pass < passes; pass++) {
    uint32_t* const at = counts[pass];
    const int shift = pass * digitBits;
    // A digit that all have in common moves nothing.
    if (at[(sortableBits(from[0]) >> shift) & (digits - 1)] == count) continue;
    uint32_t total = 0;
    for (int d = 0; d < digits; d++) {
      const uint32_t here = at[d];
      at[d] = total;
      total += here;
    }
    for (int64_t i = 0; i < count; i++) {
      const T x = from[i];
      to[at[(sortableBits(x) >> shift) & (digits - 1)]++] = x;
    }
    std::swap(from, to);
  }
  if (from != values) memcpy(values, from, static_cast<size_t>(count) * sizeof(T));
}

}  // namespace athanor

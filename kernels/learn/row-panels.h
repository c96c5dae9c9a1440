// Rows turned on their side: panels of a few registers' lanes of rows, feature by feature, so that a
// lane of a register belongs to a row and nothing is summed across lanes.
#pragma once
#include <cmath>

#include "gemm-pack.h"
#include "learn/aligned-array.h"

namespace athanor {

/// Rows of a panel. The last panel of a matrix is filled up with zeros.
template <typename T>
constexpr int64_t panelRows = tileColumns<T>;

inline int64_t roundUp(int64_t count, int64_t unit) { return (count + unit - 1) / unit * unit; }

/// The power of two that brings `size` to between ½ and 1; 1 for 0. Multiplying by it rounds nothing.
inline double scaleFor(double size) {
  if (!(size > 0)) return 1;
  int exponent = 0;
  std::frexp(size, &exponent);
  // Both the factor and its inverse stay ordinary numbers.
  return std::ldexp(1.0, exponent > 1000 ? -1000 : exponent < -1000 ? 1000 : -exponent);
}

/// into[k · panelRows + r] = (x[r · width + k] − shift[k]) · scale, for `count` rows; `rowMajor` is room
/// for panelRows · width values.
template <typename T, typename S>
void packPanel(T* into, const S* x, int64_t count, int64_t width, const double* shift, double scale,
               T* rowMajor) {
  for (int64_t r = 0; r < count; r++) {
    const S* const from = x + r * width;
    T* const to = rowMajor + r * width;
    for (int64_t k = 0; k < width; k++)
      to[k] = static_cast<T>((static_cast<double>(from[k]) - shift[k]) * scale);
  }
  if (count < panelRows<T>) memset(into, 0, sizeof(T) * static_cast<size_t>(panelRows<T> * width));
  packAcross(into, panelRows<T>, rowMajor, width, static_cast<int>(count), width);
}

/// A panel's rows again, row by row: panelRows · width values.
template <typename T>
inline void unpackPanel(T* rowMajor, const T* panel, int64_t width) {
  constexpr int64_t block = 16 / sizeof(T);
  int64_t k = 0;
  for (; k + block <= width; k += block)
    for (int64_t r = 0; r < panelRows<T>; r += block)
      transposeBlock(rowMajor + r * width + k, width, panel + k * panelRows<T> + r, panelRows<T>);
  for (; k < width; k++)
    for (int64_t r = 0; r < panelRows<T>; r++) rowMajor[r * width + k] = panel[k * panelRows<T> + r];
}

}  // namespace athanor

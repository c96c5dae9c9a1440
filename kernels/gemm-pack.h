// Packing: blocks of A and B copied into the order in which the register tile reads them, from any
// strides. A panel holds `rows` rows, row index fastest; a panel of B tileColumns, padded with zeros.
#pragma once
#include "gemm-tile.h"

namespace athanor {

template <typename T>
inline void packLeft(T* into, const T* a, int64_t rowStride, int64_t columnStride, int rows,
                     int64_t depth) {
  if (rowStride == 1) {
    for (int64_t k = 0; k < depth; k++, into += rows, a += columnStride)
      for (int r = 0; r < rows; r++) into[r] = a[r];
    return;
  }
  if (rows == tileRows) {
    for (int64_t k = 0; k < depth; k++, into += tileRows, a += columnStride)
      for (int r = 0; r < tileRows; r++) into[r] = a[r * rowStride];
    return;
  }
  for (int64_t k = 0; k < depth; k++, into += rows, a += columnStride)
    for (int r = 0; r < rows; r++) into[r] = a[r * rowStride];
}

template <typename T>
inline void packRight(T* into, const T* b, int64_t rowStride, int64_t columnStride, int64_t depth,
                      int columns) {
  constexpr int width = tileColumns<T>;
  if (columns == width && columnStride == 1) {
    for (int64_t k = 0; k < depth; k++, into += width, b += rowStride)
      for (int v = 0; v < tileVectors; v++) store<T>(into + v * lanes<T>, load<T>(b + v * lanes<T>));
    return;
  }
  if (columns == width) {
    for (int64_t k = 0; k < depth; k++, into += width, b += rowStride)
      for (int j = 0; j < width; j++) into[j] = b[j * columnStride];
    return;
  }
  for (int64_t k = 0; k < depth; k++, into += width, b += rowStride) {
    for (int j = 0; j < columns; j++) into[j] = b[j * columnStride];
    for (int j = columns; j < width; j++) into[j] = 0;
  }
}

}  // namespace athanor

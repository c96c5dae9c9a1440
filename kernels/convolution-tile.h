// The register tile of a convolution. It reads the picture where it lies: A's rows or its steps are
// regular distances apart, and the depth is made of runs that begin anywhere, so that windows need not
// be unfolded. (The indirect convolution of Dukhan 2019 keeps a pointer for each pixel; here one offset
// for each row of the window does.)
#pragma once
#include "gemm-tile.h"

namespace athanor {

/// The depth: `count` runs of `length` steps; run i begins `offsets[i]` elements behind A.
struct Runs {
  int64_t count;
  int64_t length;
  const int64_t* offsets;
};

/// C[rows × columns] (+)= A · B. B's steps follow each other `bStep` apart through all runs and may be
/// read up to a whole number of vectors.
template <typename T>
using RunTile = void (*)(const Runs& runs, const T* a, int64_t aStride, const T* b, int64_t bStep, T* c,
                         int64_t cRow, int columns, const TileEnd<T>& end);

/// Steps are neighbours, rows `aStride` apart: rows are pixels.
template <typename T, int rows, int vectors>
void pixelTile(const Runs& runs, const T* a, int64_t aStride, const T* b, int64_t bStep, T* c,
               int64_t cRow, int columns, const TileEnd<T>& end) {
  constexpr int width = lanes<T>;
  // One pointer for three rows: the distances 0, 1, 2 · aStride fit into addresses.
  constexpr int pointers = (rows + 2) / 3;
  Vec<T> sum[rows][vectors] = {};
  for (int64_t run = 0; run < runs.count; run++) {
    const T* p[pointers];
    ATHANOR_UNROLL
    for (int g = 0; g < pointers; g++) p[g] = a + runs.offsets[run] + 3 * g * aStride;
    const auto step = [&](int64_t u) __attribute__((always_inline)) {
      Vec<T> right[vectors];
      ATHANOR_UNROLL
      for (size_t v = 0; v < vectors; v++) right[v] = load<T>(b + v * size_t(width));
      b += bStep;
      ATHANOR_UNROLL
      for (int r = 0; r < rows; r++) {
        const Vec<T> left = splat<T>(p[r / 3][(r % 3) * aStride + u]);
        ATHANOR_UNROLL
        for (int v = 0; v < vectors; v++) sum[r][v] = fma(left, right[v], sum[r][v]);
      }
    };
    int64_t k = 0;
    for (; k + 4 <= runs.length; k += 4) {
      step(0);
      step(1);
      step(2);
      step(3);
      ATHANOR_UNROLL
      for (int g = 0; g < pointers; g++) {
        p[g] += 4;
        asm("" : "+r"(p[g]));
      }
    }
    for (; k < runs.length; k++) {
      step(0);
      ATHANOR_UNROLL
      for (int g = 0; g < pointers; g++) p[g]++;
    }
  }
  finishTile(sum, c, cRow, columns, end);
}

/// Rows are neighbours, steps `aStride` apart: rows are elements of the window.
template <typename T, int rows, int vectors>
void elementTile(const Runs& runs, const T* a, int64_t aStride, const T* b, int64_t bStep, T* c,
                 int64_t cRow, int columns, const TileEnd<T>& end) {
  constexpr int width = lanes<T>;
  Vec<T> sum[rows][vectors] = {};
  for (int64_t run = 0; run < runs.count; run++) {
    const T* p = a + runs.offsets[run];
    for (int64_t k = 0; k < runs.length; k++) {
#if defined(__wasm__)
      asm("" : "+r"(p), "+r"(b));
#endif
      Vec<T> right[vectors];
      ATHANOR_UNROLL
      for (size_t v = 0; v < vectors; v++) right[v] = load<T>(b + v * size_t(width));
      ATHANOR_UNROLL
      for (size_t r = 0; r < rows; r++) {
        const Vec<T> left = splat<T>(p[r]);
        ATHANOR_UNROLL
        for (int v = 0; v < vectors; v++) sum[r][v] = fma(left, right[v], sum[r][v]);
      }
      p += aStride;
      b += bStep;
    }
  }
  finishTile(sum, c, cRow, columns, end);
}

template <typename T, bool ofPixels, int rows>
RunTile<T> runTileFrom(int wantedRows, int vectors) {
  if (wantedRows == rows) {
    if constexpr (ofPixels) {
      if (vectors == 1) return pixelTile<T, rows, 1>;
      if (tileVectors > 2 && vectors == 2) return pixelTile<T, rows, 2>;
      return pixelTile<T, rows, tileVectors>;
    } else {
      if (vectors == 1) return elementTile<T, rows, 1>;
      if (tileVectors > 2 && vectors == 2) return elementTile<T, rows, 2>;
      return elementTile<T, rows, tileVectors>;
    }
  }
  if constexpr (rows > 1) return runTileFrom<T, ofPixels, rows - 1>(wantedRows, vectors);
  return nullptr;
}

/// By number of rows (1 .. tileRows) and of vectors.
template <typename T>
RunTile<T> pixelTileOf(int rows, int vectors) {
  return runTileFrom<T, true, tileRows>(rows, vectors);
}
template <typename T>
RunTile<T> elementTileOf(int rows, int vectors) {
  return runTileFrom<T, false, tileRows>(rows, vectors);
}

}  // namespace athanor

// How the rows of a batch are dealt out: a row's steps need no other row, so a task takes a block of rows
// through all steps and threads never wait for each other. Each product's sums run over the depth in
// order, however rows are grouped, so results do not depend on it.
#pragma once
#include "gemm-tile.h"
#include "ranges.h"

namespace athanor {

/// Rows of a block at most: its states stay in the first or second cache level.
constexpr int64_t mostBlockRows = 64;

inline int64_t blockRows(int64_t batch, int threads) {
  const int64_t rows = ceilDivide(batch, threads);
  return ceilDivide(rows, ceilDivide(rows, mostBlockRows));
}

/// Rows of a register tile that is `vectors` wide.
template <int vectors>
constexpr int mostTileRows = vectors == 1 ? (tileRows > 8 ? 14 : 8)
#if defined(__AVX512F__) || defined(__aarch64__)
                             : vectors == 2 ? 12
                             : vectors == 3 ? 8
                                            : 6;
#else
                             : vectors == 2 ? tileRows
                             : vectors == 3 ? 3
                                            : 2;
#endif

/// Calls `body(first, rows)` for the tiles that `rows` rows make, in numbers that differ by one at most.
template <int vectors, typename F>
inline void forTiles(int64_t rows, F body) {
  const int64_t tiles = ceilDivide(rows, mostTileRows<vectors>);
  for (int64_t i = 0; i < tiles; i++) {
    const int64_t first = rows * i / tiles;
    body(first, rows * (i + 1) / tiles - first);
  }
}

template <typename T, int vectors, int rows>
inline TileFunction<T> rowsTileFrom(int64_t wanted) {
  if (wanted == rows) return tile<T, rows, vectors, false>;
  if constexpr (rows > 1) return rowsTileFrom<T, vectors, rows - 1>(wanted);
  return nullptr;
}

/// The tile for `rows` rows (1 .. mostTileRows) and `vectors` vectors.
template <typename T, int vectors>
inline TileFunction<T> rowsTile(int64_t rows) {
  return rowsTileFrom<T, vectors, mostTileRows<vectors>>(rows);
}

}  // namespace athanor

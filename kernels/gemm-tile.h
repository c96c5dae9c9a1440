// The register tile of the matrix product: a few rows times a few vectors of C, kept in registers over
// the whole depth of a block. Tile sizes fill each instruction set's registers.
#pragma once
#include "vector.h"

namespace athanor {

#if defined(__clang__)
#define ATHANOR_UNROLL _Pragma("clang loop unroll(full)")
#else
#define ATHANOR_UNROLL _Pragma("GCC unroll 32")
#endif

#if defined(__AVX512F__)
constexpr int tileRows = 14, tileVectors = 2;  // 28 of 32 registers
#elif defined(__AVX2__)
constexpr int tileRows = 6, tileVectors = 2;  // 12 of 16
#elif defined(__aarch64__)
constexpr int tileRows = 8, tileVectors = 3;  // 24 of 32
#else
constexpr int tileRows = 4, tileVectors = 2;  // 8 of 16
#endif

template <typename T>
constexpr int tileColumns = tileVectors * lanes<T>;

/// What happens to a tile on its way to memory.
template <typename T>
struct TileEnd {
  /// Add to what C holds.
  bool accumulate;
  bool relu;
  /// From the tile's first column, or nullptr.
  const T* bias;
};

/// Bias, what C holds, relu; then the tile's sums go to memory.
template <typename T, int rows, int vectors>
ATHANOR_INLINE void finishTile(Vec<T> (&sum)[rows][vectors], T* c, int64_t cRow, int columns,
                               const TileEnd<T>& end) {
  constexpr int width = lanes<T>;
  const int rest = columns - (vectors - 1) * width;  // of the last vector, 1 .. width
  ATHANOR_UNROLL
  for (int v = 0; v < vectors; v++) {
    const bool part = v == vectors - 1 && rest < width;
    if (end.bias != nullptr) {
      const Vec<T> bias = part ? loadPart(end.bias + v * width, rest) : load<T>(end.bias + v * width);
      ATHANOR_UNROLL
      for (int r = 0; r < rows; r++) sum[r][v] += bias;
    }
    ATHANOR_UNROLL
    for (int r = 0; r < rows; r++) {
      T* const into = c + r * cRow + v * width;
      Vec<T> x = sum[r][v];
      if (end.accumulate) x += part ? loadPart(into, rest) : load<T>(into);
      if (end.relu) x = select(x <= Vec<T>{}, Vec<T>{}, x);
      if (part)
        storePart(into, x, rest);
      else
        store<T>(into, x);
    }
  }
}

/// C[rows × columns] over `depth` steps: A's element (r, k) is a[r · aRow + k · aStep], B's row k is at
/// b + k · bStep and may be read up to a whole number of vectors.
template <typename T>
using TileFunction = void (*)(int64_t depth, const T* a, int64_t aRow, int64_t aStep, const T* b,
                              int64_t bStep, T* c, int64_t cRow, int columns, const TileEnd<T>& end);

/// Offsets are unsigned: WebAssembly's loads can then carry them.
template <typename T, int rows, int vectors, bool packed>
void tile(int64_t depth, const T* a, int64_t aRow, int64_t aStep, const T* b, int64_t bStep, T* c,
          int64_t cRow, int columns, const TileEnd<T>& end) {
  constexpr int width = lanes<T>;
  Vec<T> sum[rows][vectors] = {};
  for (int64_t k = 0; k < depth; k++) {
#if defined(__wasm__)
    // Hides from the compiler how the pointers move: it would spend an addition on every load.
    asm("" : "+r"(a), "+r"(b));
#endif
    Vec<T> right[vectors];
    ATHANOR_UNROLL
    for (size_t v = 0; v < vectors; v++) right[v] = load<T>(b + v * size_t(width));
    ATHANOR_UNROLL
    for (size_t r = 0; r < rows; r++) {
      const Vec<T> left = splat<T>(packed ? a[r] : a[static_cast<int64_t>(r) * aRow]);
      ATHANOR_UNROLL
      for (int v = 0; v < vectors; v++) sum[r][v] = fma(left, right[v], sum[r][v]);
    }
    a += packed ? rows : aStep;
    b += packed ? tileColumns<T> : bStep;
  }
  finishTile(sum, c, cRow, columns, end);
}

/// By number of rows and of vectors.
template <typename T, bool packed>
TileFunction<T> tileFunction(int rows, int vectors);

}  // namespace athanor

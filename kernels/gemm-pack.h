// Packing: panels of A and B copied into the order in which the register tile reads them, from any
// strides. Element (r, k) of a panel lies at k · width + r, where r counts A's rows or B's columns.
#pragma once
#include "gemm-tile.h"

namespace athanor {

typedef float Quad __attribute__((vector_size(16)));
typedef double Pair __attribute__((vector_size(16)));

#if defined(__clang__)
#define ATHANOR_SHUFFLE4(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#define ATHANOR_SHUFFLE2(a, b, i, j) __builtin_shufflevector(a, b, i, j)
#else
typedef int32_t QuadOrder __attribute__((vector_size(16)));
typedef int64_t PairOrder __attribute__((vector_size(16)));
#define ATHANOR_SHUFFLE4(a, b, i, j, k, l) __builtin_shuffle(a, b, QuadOrder{i, j, k, l})
#define ATHANOR_SHUFFLE2(a, b, i, j) __builtin_shuffle(a, b, PairOrder{i, j})
#endif

/// 4 × 4 (2 × 2) block: into[k · intoStride + r] = from[r · fromStride + k].
ATHANOR_INLINE void transposeBlock(float* into, int64_t intoStride, const float* from, int64_t fromStride) {
  Quad row[4];
  for (int r = 0; r < 4; r++) memcpy(&row[r], from + r * fromStride, sizeof(Quad));
  const Quad a = ATHANOR_SHUFFLE4(row[0], row[1], 0, 4, 1, 5);
  const Quad b = ATHANOR_SHUFFLE4(row[2], row[3], 0, 4, 1, 5);
  const Quad c = ATHANOR_SHUFFLE4(row[0], row[1], 2, 6, 3, 7);
  const Quad d = ATHANOR_SHUFFLE4(row[2], row[3], 2, 6, 3, 7);
  const Quad column[4] = {ATHANOR_SHUFFLE4(a, b, 0, 1, 4, 5), ATHANOR_SHUFFLE4(a, b, 2, 3, 6, 7),
                          ATHANOR_SHUFFLE4(c, d, 0, 1, 4, 5), ATHANOR_SHUFFLE4(c, d, 2, 3, 6, 7)};
  for (int k = 0; k < 4; k++) memcpy(into + k * intoStride, &column[k], sizeof(Quad));
}

ATHANOR_INLINE void transposeBlock(double* into, int64_t intoStride, const double* from,
                                   int64_t fromStride) {
  Pair a, b;
  memcpy(&a, from, sizeof(a));
  memcpy(&b, from + fromStride, sizeof(b));
  const Pair low = ATHANOR_SHUFFLE2(a, b, 0, 2), high = ATHANOR_SHUFFLE2(a, b, 1, 3);
  memcpy(into, &low, sizeof(low));
  memcpy(into + intoStride, &high, sizeof(high));
}

/// One panel whose source runs along the depth: `count` rows of it, `width` apart in the panel.
template <typename T>
inline void packAcross(T* into, int64_t width, const T* from, int64_t stride, int count, int64_t depth) {
  constexpr int block = 16 / sizeof(T);
  int r = 0;
  for (; r + block <= count; r += block) {
    const T* const source = from + r * stride;
    T* const target = into + r;
    int64_t k = 0;
    for (; k + block <= depth; k += block) transposeBlock(target + k * width, width, source + k, stride);
    for (; k < depth; k++)
      for (int i = 0; i < block; i++) target[k * width + i] = source[i * stride + k];
  }
  for (; r + 2 <= count; r += 2)
    for (int64_t k = 0; k < depth; k++) {
      into[k * width + r] = from[r * stride + k];
      into[k * width + r + 1] = from[(r + 1) * stride + k];
    }
  if (r < count)
    for (int64_t k = 0; k < depth; k++) into[k * width + r] = from[r * stride + k];
}

/// Neighbouring panels of `width` whose source runs along r: `panels` whole ones, row by row.
template <typename T, int width>
inline void packAlong(T* into, const T* from, int64_t stride, int64_t panels, int64_t depth) {
  for (int64_t k = 0; k < depth; k++, from += stride, into += width)
    for (int64_t q = 0; q < panels; q++) memcpy(into + q * depth * width, from + q * width, sizeof(T) * width);
}

template <typename T>
inline void packAny(T* into, int64_t width, const T* from, int64_t step, int64_t depthStep, int count,
                    int64_t depth) {
  for (int64_t k = 0; k < depth; k++, into += width, from += depthStep)
    for (int r = 0; r < count; r++) into[r] = from[r * step];
}

/// `count` rows (A) or columns (B) as panels of `width`, the last one perhaps narrower. Element (r, k)
/// of the source is from[r · step + k · depthStep]. `padded`: a narrow panel is as wide, with zeros.
template <typename T, int width, bool padded>
inline void pack(T* into, const T* from, int64_t step, int64_t depthStep, int64_t count, int64_t depth) {
  const int64_t whole = count / width;
  const int rest = static_cast<int>(count - whole * width);
  if (step == 1) {
    packAlong<T, width>(into, from, depthStep, whole, depth);
  } else {
    for (int64_t q = 0; q < whole; q++) {
      T* const panel = into + q * width * depth;
      const T* const source = from + q * width * step;
      if (depthStep == 1)
        packAcross(panel, width, source, step, width, depth);
      else
        packAny(panel, width, source, step, depthStep, width, depth);
    }
  }
  if (rest == 0) return;
  T* const panel = into + whole * width * depth;
  const T* const source = from + whole * width * step;
  const int64_t panelWidth = padded ? width : rest;
  if (depthStep == 1)
    packAcross(panel, panelWidth, source, step, rest, depth);
  else
    packAny(panel, panelWidth, source, step, depthStep, rest, depth);
  if (!padded) return;
  for (int64_t k = 0; k < depth; k++)
    for (int r = rest; r < width; r++) panel[k * width + r] = 0;
}

}  // namespace athanor

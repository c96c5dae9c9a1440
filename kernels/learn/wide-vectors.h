// Float64 vectors over float or double data, and the sums of products that linear models are made of.
#pragma once
#include "vector.h"

namespace athanor {

constexpr int wide = lanes<double>;

ATHANOR_INLINE F64 loadWide(const double* p) { return load<double>(p); }
ATHANOR_INLINE F64 loadWide(const float* p) {
  F32Half half;
  memcpy(&half, p, sizeof(half));
  return __builtin_convertvector(half, F64);
}

/// `count` (1 .. wide − 1) elements, the rest zero; nothing behind them is touched.
ATHANOR_INLINE F64 loadWidePart(const double* p, int count) { return loadPart(p, count); }
ATHANOR_INLINE F64 loadWidePart(const float* p, int count) {
#if defined(__AVX512F__)
  const __mmask8 mask = static_cast<__mmask8>((1u << count) - 1);
  return _mm512_maskz_cvtps_pd(mask, _mm256_maskz_loadu_ps(mask, p));
#else
  F64 v{};
  for (int i = 0; i < wide - 1; i++)
    if (i < count) v[i] = static_cast<double>(p[i]);
  return v;
#endif
}

/// All lanes, in halves, as `sumOfLanes`, without a way through memory.
ATHANOR_INLINE double laneSum(F64 v) {
#if ATHANOR_VECTOR_BYTES == 64
  typedef double Quarter __attribute__((vector_size(16)));
  typedef double Half __attribute__((vector_size(32)));
  Half h[2];
  memcpy(h, &v, sizeof(v));
  const Half four = h[0] + h[1];
  Quarter q[2];
  memcpy(q, &four, sizeof(four));
  const Quarter two = q[0] + q[1];
  return two[0] + two[1];
#elif ATHANOR_VECTOR_BYTES == 32
  typedef double Half __attribute__((vector_size(16)));
  Half h[2];
  memcpy(h, &v, sizeof(v));
  const Half two = h[0] + h[1];
  return two[0] + two[1];
#else
  return v[0] + v[1];
#endif
}

/// Σ a[i] · b[i].
template <typename T>
inline double dotOf(const T* a, const double* b, int64_t n) {
  F64 sum[4] = {};
  int64_t i = 0;
  for (; i + 4 * wide <= n; i += 4 * wide)
    for (int k = 0; k < 4; k++)
      sum[k] = fma(loadWide(a + i + k * wide), load<double>(b + i + k * wide), sum[k]);
  for (; i + wide <= n; i += wide) sum[0] = fma(loadWide(a + i), load<double>(b + i), sum[0]);
  if (i < n) {
    const int rest = static_cast<int>(n - i);
    sum[1] = fma(loadWidePart(a + i, rest), loadPart(b + i, rest), sum[1]);
  }
  return laneSum((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

/// Σ a[i]².
template <typename T>
inline double squaresOf(const T* a, int64_t n) {
  F64 sum{};
  int64_t i = 0;
  for (; i + wide <= n; i += wide) {
    const F64 v = loadWide(a + i);
    sum = fma(v, v, sum);
  }
  if (i < n) {
    const F64 v = loadWidePart(a + i, static_cast<int>(n - i));
    sum = fma(v, v, sum);
  }
  return laneSum(sum);
}

/// y += factor · x.
template <typename T>
inline void addScaled(double factor, const T* x, double* y, int64_t n) {
  const F64 f = splat<double>(factor);
  int64_t i = 0;
  for (; i + wide <= n; i += wide) store(y + i, fma(f, loadWide(x + i), load<double>(y + i)));
  if (i < n) {
    const int rest = static_cast<int>(n - i);
    storePart(y + i, fma(f, loadWidePart(x + i, rest), loadPart(y + i, rest)), rest);
  }
}

inline double largestMagnitude(const double* x, int64_t n) {
  double most = 0;
  for (int64_t i = 0; i < n; i++) {
    const double size = x[i] < 0 ? -x[i] : x[i];
    if (!(size <= most)) most = size;  // NaN gets through
  }
  return most;
}

/// Four rows of `x` (`stride` apart) times `w` into `out[0..4)`.
template <typename T>
inline void dotFourRows(const T* x, int64_t stride, const double* w, int64_t n, double* out) {
  F64 a{}, b{}, c{}, d{};
  int64_t j = 0;
  for (; j + wide <= n; j += wide) {
    const F64 v = load<double>(w + j);
    a = fma(loadWide(x + j), v, a);
    b = fma(loadWide(x + stride + j), v, b);
    c = fma(loadWide(x + 2 * stride + j), v, c);
    d = fma(loadWide(x + 3 * stride + j), v, d);
  }
  if (j < n) {
    const int rest = static_cast<int>(n - j);
    const F64 v = loadPart(w + j, rest);
    a = fma(loadWidePart(x + j, rest), v, a);
    b = fma(loadWidePart(x + stride + j, rest), v, b);
    c = fma(loadWidePart(x + 2 * stride + j, rest), v, c);
    d = fma(loadWidePart(x + 3 * stride + j, rest), v, d);
  }
  out[0] = laneSum(a);
  out[1] = laneSum(b);
  out[2] = laneSum(c);
  out[3] = laneSum(d);
}

/// One row, its sum in the same order as in `dotFourRows`.
template <typename T>
inline double dotOneRow(const T* x, const double* w, int64_t n) {
  F64 a{};
  int64_t j = 0;
  for (; j + wide <= n; j += wide) a = fma(loadWide(x + j), load<double>(w + j), a);
  if (j < n) {
    const int rest = static_cast<int>(n - j);
    a = fma(loadWidePart(x + j, rest), loadPart(w + j, rest), a);
  }
  return laneSum(a);
}

/// `into += Σ r[row] · x[row]` over `rows` rows that lie `n` apart.
template <typename T>
inline void addRows(const T* x, int64_t rows, int64_t n, const double* r, double* into) {
  int64_t row = 0;
  for (; row + 8 <= rows; row += 8, x += 8 * n) {
    F64 f[8];
    for (int k = 0; k < 8; k++) f[k] = splat<double>(r[row + k]);
    int64_t j = 0;
    for (; j + wide <= n; j += wide) {
      F64 sum = load<double>(into + j);
      for (int k = 0; k < 8; k++) sum = fma(f[k], loadWide(x + k * n + j), sum);
      store(into + j, sum);
    }
    if (j < n) {
      const int rest = static_cast<int>(n - j);
      F64 sum = loadPart(into + j, rest);
      for (int k = 0; k < 8; k++) sum = fma(f[k], loadWidePart(x + k * n + j, rest), sum);
      storePart(into + j, sum, rest);
    }
  }
  for (; row < rows; row++, x += n) addScaled(r[row], x, into, n);
}

}  // namespace athanor

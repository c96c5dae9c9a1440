// One SIMD register of T, written once for AVX-512, AVX2, SSE2, NEON and WebAssembly: compiler vector
// types carry + − × ÷ and comparisons, this file adds what they lack. Comparisons yield lanes of 0 or
// −1 in an integer vector of the same width.
#pragma once
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

#define ATHANOR_INLINE inline __attribute__((always_inline))

namespace athanor {

#if defined(__AVX512F__)
#define ATHANOR_VECTOR_BYTES 64
#elif defined(__AVX2__)
#define ATHANOR_VECTOR_BYTES 32
#else
#define ATHANOR_VECTOR_BYTES 16
#endif

#if defined(__FMA__) || defined(__AVX512F__) || defined(__aarch64__)
constexpr bool hasExactFma = true;
#else
constexpr bool hasExactFma = false;  // relaxed SIMD's may or may not round in between
#endif

typedef float F32 __attribute__((vector_size(ATHANOR_VECTOR_BYTES)));
typedef double F64 __attribute__((vector_size(ATHANOR_VECTOR_BYTES)));
typedef int32_t I32 __attribute__((vector_size(ATHANOR_VECTOR_BYTES)));
typedef int64_t I64 __attribute__((vector_size(ATHANOR_VECTOR_BYTES)));
typedef uint32_t U32 __attribute__((vector_size(ATHANOR_VECTOR_BYTES)));
typedef uint64_t U64 __attribute__((vector_size(ATHANOR_VECTOR_BYTES)));
typedef float F32Half __attribute__((vector_size(ATHANOR_VECTOR_BYTES / 2)));

template <typename T>
struct VectorTypes;
template <>
struct VectorTypes<float> {
  using V = F32;
  using I = I32;
  using U = U32;
};
template <>
struct VectorTypes<double> {
  using V = F64;
  using I = I64;
  using U = U64;
};
template <>
struct VectorTypes<int32_t> {
  using V = I32;
  using I = I32;
  using U = U32;
};

template <typename T>
using Vec = typename VectorTypes<T>::V;
/// Signed lanes as wide as T's: what comparisons yield.
template <typename T>
using IntVec = typename VectorTypes<T>::I;
template <typename T>
using BitsVec = typename VectorTypes<T>::U;

template <typename T>
constexpr int lanes = ATHANOR_VECTOR_BYTES / static_cast<int>(sizeof(T));

template <typename V>
struct LaneOf;
template <>
struct LaneOf<F32> {
  using T = float;
};
template <>
struct LaneOf<F64> {
  using T = double;
};
template <>
struct LaneOf<I32> {
  using T = int32_t;
};

template <typename To, typename From>
ATHANOR_INLINE To bitsAs(From x) {
  static_assert(sizeof(To) == sizeof(From), "same width");
  To to;
  memcpy(&to, &x, sizeof(to));
  return to;
}

template <typename T>
ATHANOR_INLINE Vec<T> splat(T x) {
  return x - Vec<T>{};
}
template <>
ATHANOR_INLINE I32 splat<int32_t>(int32_t x) {
  return x | I32{};
}

template <typename T>
ATHANOR_INLINE Vec<T> load(const T* p) {
  Vec<T> v;
  memcpy(&v, p, sizeof(v));
  return v;
}

template <typename T>
ATHANOR_INLINE void store(T* p, Vec<T> v) {
  memcpy(p, &v, sizeof(v));
}

#if defined(__AVX512F__)
ATHANOR_INLINE F32 loadPart(const float* p, int count) {
  return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), p);
}
ATHANOR_INLINE F64 loadPart(const double* p, int count) {
  return _mm512_maskz_loadu_pd(static_cast<__mmask8>((1u << count) - 1), p);
}
ATHANOR_INLINE void storePart(float* p, F32 v, int count) {
  _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << count) - 1), v);
}
ATHANOR_INLINE void storePart(double* p, F64 v, int count) {
  _mm512_mask_storeu_pd(p, static_cast<__mmask8>((1u << count) - 1), v);
}
#elif defined(__AVX2__)
alignas(64) constexpr int32_t partMask32[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
alignas(64) constexpr int64_t partMask64[8] = {-1, -1, -1, -1, 0, 0, 0, 0};
ATHANOR_INLINE __m256i partMask(const float*, int count) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(partMask32 + 8 - count));
}
ATHANOR_INLINE __m256i partMask(const double*, int count) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(partMask64 + 4 - count));
}
ATHANOR_INLINE F32 loadPart(const float* p, int count) {
  return _mm256_maskload_ps(p, partMask(p, count));
}
ATHANOR_INLINE F64 loadPart(const double* p, int count) {
  return _mm256_maskload_pd(p, partMask(p, count));
}
ATHANOR_INLINE void storePart(float* p, F32 v, int count) {
  _mm256_maskstore_ps(p, partMask(p, count), v);
}
ATHANOR_INLINE void storePart(double* p, F64 v, int count) {
  _mm256_maskstore_pd(p, partMask(p, count), v);
}
#else
template <typename T>
ATHANOR_INLINE Vec<T> loadPartByLane(const T* p, int count) {
  Vec<T> v{};
  for (int i = 0; i < lanes<T> - 1; i++)
    if (i < count) v[i] = p[i];
  return v;
}
template <typename T>
ATHANOR_INLINE void storePartByLane(T* p, Vec<T> v, int count) {
  for (int i = 0; i < lanes<T> - 1; i++)
    if (i < count) p[i] = v[i];
}
ATHANOR_INLINE F32 loadPart(const float* p, int count) { return loadPartByLane<float>(p, count); }
ATHANOR_INLINE F64 loadPart(const double* p, int count) { return loadPartByLane<double>(p, count); }
ATHANOR_INLINE void storePart(float* p, F32 v, int count) { storePartByLane<float>(p, v, count); }
ATHANOR_INLINE void storePart(double* p, F64 v, int count) { storePartByLane<double>(p, v, count); }
#endif

/// `count` (1 .. lanes − 1) elements, the rest zero; nothing behind them is touched.
ATHANOR_INLINE I32 loadPart(const int32_t* p, int count) {
  I32 v{};
  for (int i = 0; i < lanes<int32_t> - 1; i++)
    if (i < count) v[i] = p[i];
  return v;
}
ATHANOR_INLINE void storePart(int32_t* p, I32 v, int count) {
  for (int i = 0; i < lanes<int32_t> - 1; i++)
    if (i < count) p[i] = v[i];
}

/// `count` elements, a whole vector or (1 .. lanes − 1) part of one.
template <typename T>
ATHANOR_INLINE Vec<T> loadSome(const T* p, int count) {
  return count == lanes<T> ? load<T>(p) : loadPart(p, count);
}
template <typename T>
ATHANOR_INLINE void storeSome(T* p, Vec<T> v, int count) {
  if (count == lanes<T>)
    store<T>(p, v);
  else
    storePart(p, v, count);
}

template <typename V, typename M>
ATHANOR_INLINE V select(M mask, V yes, V no) {
#if defined(__wasm_relaxed_simd__)
  // clang would turn `x < l ? l : x` into relaxed minima and maxima, which may lose a NaN.
  if constexpr (sizeof(V) == 16)
    return bitsAs<V>(
        wasm_v128_bitselect(bitsAs<v128_t>(yes), bitsAs<v128_t>(no), bitsAs<v128_t>(mask)));
#endif
  return mask ? yes : no;
}

/// x, or `low` where x is less; NaN stays.
template <typename V>
ATHANOR_INLINE V atLeast(V x, V low) {
  return select(x < low, low, x);
}
/// x, or `high` where x is more; NaN stays.
template <typename V>
ATHANOR_INLINE V atMost(V x, V high) {
  return select(x > high, high, x);
}
// Where an operand is NaN, x86's minimum is the second one; WebAssembly's pmin(a, b) is b < a ? b : a.
#define ATHANOR_BOUND(NAME, OF_FLOATS, OF_DOUBLES)                      \
  template <>                                                           \
  ATHANOR_INLINE F32 NAME(F32 x, F32 bound) { return OF_FLOATS; }       \
  template <>                                                           \
  ATHANOR_INLINE F64 NAME(F64 x, F64 bound) { return OF_DOUBLES; }
#if defined(__AVX512F__)
ATHANOR_BOUND(atLeast, _mm512_maskz_max_ps(0xffff, bound, x), _mm512_maskz_max_pd(0xff, bound, x))
ATHANOR_BOUND(atMost, _mm512_maskz_min_ps(0xffff, bound, x), _mm512_maskz_min_pd(0xff, bound, x))
#elif defined(__AVX2__)
ATHANOR_BOUND(atLeast, _mm256_max_ps(bound, x), _mm256_max_pd(bound, x))
ATHANOR_BOUND(atMost, _mm256_min_ps(bound, x), _mm256_min_pd(bound, x))
#elif defined(__SSE2__)
ATHANOR_BOUND(atLeast, _mm_max_ps(bound, x), _mm_max_pd(bound, x))
ATHANOR_BOUND(atMost, _mm_min_ps(bound, x), _mm_min_pd(bound, x))
#elif defined(__wasm_simd128__)
ATHANOR_BOUND(atLeast, bitsAs<F32>(wasm_f32x4_pmax(bitsAs<v128_t>(x), bitsAs<v128_t>(bound))),
              bitsAs<F64>(wasm_f64x2_pmax(bitsAs<v128_t>(x), bitsAs<v128_t>(bound))))
ATHANOR_BOUND(atMost, bitsAs<F32>(wasm_f32x4_pmin(bitsAs<v128_t>(x), bitsAs<v128_t>(bound))),
              bitsAs<F64>(wasm_f64x2_pmin(bitsAs<v128_t>(x), bitsAs<v128_t>(bound))))
#endif
#undef ATHANOR_BOUND

/// a · b + c, rounded once where the instruction set can.
template <typename V>
ATHANOR_INLINE V fma(V a, V b, V c) {
  return a * b + c;
}
#if defined(__AVX512F__)
template <>
ATHANOR_INLINE F32 fma(F32 a, F32 b, F32 c) {
  return _mm512_fmadd_ps(a, b, c);
}
template <>
ATHANOR_INLINE F64 fma(F64 a, F64 b, F64 c) {
  return _mm512_fmadd_pd(a, b, c);
}
#elif defined(__AVX2__) && defined(__FMA__)
template <>
ATHANOR_INLINE F32 fma(F32 a, F32 b, F32 c) {
  return _mm256_fmadd_ps(a, b, c);
}
template <>
ATHANOR_INLINE F64 fma(F64 a, F64 b, F64 c) {
  return _mm256_fmadd_pd(a, b, c);
}
#elif defined(__aarch64__)
template <>
ATHANOR_INLINE F32 fma(F32 a, F32 b, F32 c) {
  return bitsAs<F32>(vfmaq_f32(bitsAs<float32x4_t>(c), bitsAs<float32x4_t>(a), bitsAs<float32x4_t>(b)));
}
template <>
ATHANOR_INLINE F64 fma(F64 a, F64 b, F64 c) {
  return bitsAs<F64>(
      vfmaq_f64(bitsAs<float64x2_t>(c), bitsAs<float64x2_t>(a), bitsAs<float64x2_t>(b)));
}
#elif defined(__wasm_relaxed_simd__)
template <>
ATHANOR_INLINE F32 fma(F32 a, F32 b, F32 c) {
  return bitsAs<F32>(
      wasm_f32x4_relaxed_madd(bitsAs<v128_t>(a), bitsAs<v128_t>(b), bitsAs<v128_t>(c)));
}
template <>
ATHANOR_INLINE F64 fma(F64 a, F64 b, F64 c) {
  return bitsAs<F64>(
      wasm_f64x2_relaxed_madd(bitsAs<v128_t>(a), bitsAs<v128_t>(b), bitsAs<v128_t>(c)));
}
#endif

template <typename V>
ATHANOR_INLINE auto signBits() {
  using T = typename LaneOf<V>::T;
  return bitsAs<BitsVec<T>>(splat<T>(T(-0.0)));
}

template <typename V>
ATHANOR_INLINE V magnitude(V x) {
  using B = BitsVec<typename LaneOf<V>::T>;
  return bitsAs<V>(bitsAs<B>(x) & ~signBits<V>());
}

/// The size of `x` (which must not be negative) with the sign of `sign`.
template <typename V>
ATHANOR_INLINE V withSign(V x, V sign) {
  using B = BitsVec<typename LaneOf<V>::T>;
  return bitsAs<V>(bitsAs<B>(x) | (bitsAs<B>(sign) & signBits<V>()));
}

/// NaN if either is.
template <typename V>
ATHANOR_INLINE V larger(V a, V b) {
  return select((a > b) | (a != a), a, b);
}
template <typename V>
ATHANOR_INLINE V smaller(V a, V b) {
  return select((a < b) | (a != a), a, b);
}
template <>
ATHANOR_INLINE I32 larger(I32 a, I32 b) {
  return select(a > b, a, b);
}
template <>
ATHANOR_INLINE I32 smaller(I32 a, I32 b) {
  return select(a < b, a, b);
}

/// Adding this to |x| ≤ 2^22 (2^51) leaves the nearest integer in the low bits.
template <typename T>
constexpr T roundingShift = T(12582912.0);
template <>
inline constexpr double roundingShift<double> = 6755399441055744.0;

// The forms with a mask, since GCC 12 warns about the others.
#if defined(__AVX512F__)
#define ATHANOR_ROUND(NAME, MODE)                                                        \
  ATHANOR_INLINE F32 NAME(F32 x) { return _mm512_maskz_roundscale_ps(0xffff, x, (MODE) | _MM_FROUND_NO_EXC); } \
  ATHANOR_INLINE F64 NAME(F64 x) { return _mm512_maskz_roundscale_pd(0xff, x, (MODE) | _MM_FROUND_NO_EXC); }
ATHANOR_ROUND(roundEven, _MM_FROUND_TO_NEAREST_INT)
ATHANOR_ROUND(roundDown, _MM_FROUND_TO_NEG_INF)
ATHANOR_ROUND(roundUp, _MM_FROUND_TO_POS_INF)
ATHANOR_ROUND(roundToZero, _MM_FROUND_TO_ZERO)
ATHANOR_INLINE F32 squareRoot(F32 x) { return _mm512_maskz_sqrt_ps(0xffff, x); }
ATHANOR_INLINE F64 squareRoot(F64 x) { return _mm512_maskz_sqrt_pd(0xff, x); }
#elif defined(__AVX2__)
#define ATHANOR_ROUND(NAME, MODE)                                                      \
  ATHANOR_INLINE F32 NAME(F32 x) { return _mm256_round_ps(x, (MODE) | _MM_FROUND_NO_EXC); } \
  ATHANOR_INLINE F64 NAME(F64 x) { return _mm256_round_pd(x, (MODE) | _MM_FROUND_NO_EXC); }
ATHANOR_ROUND(roundEven, _MM_FROUND_TO_NEAREST_INT)
ATHANOR_ROUND(roundDown, _MM_FROUND_TO_NEG_INF)
ATHANOR_ROUND(roundUp, _MM_FROUND_TO_POS_INF)
ATHANOR_ROUND(roundToZero, _MM_FROUND_TO_ZERO)
ATHANOR_INLINE F32 squareRoot(F32 x) { return _mm256_sqrt_ps(x); }
ATHANOR_INLINE F64 squareRoot(F64 x) { return _mm256_sqrt_pd(x); }
#elif defined(__aarch64__)
#define ATHANOR_ROUND(NAME, SUFFIX)                                                                   \
  ATHANOR_INLINE F32 NAME(F32 x) { return bitsAs<F32>(SUFFIX##q_f32(bitsAs<float32x4_t>(x))); } \
  ATHANOR_INLINE F64 NAME(F64 x) { return bitsAs<F64>(SUFFIX##q_f64(bitsAs<float64x2_t>(x))); }
ATHANOR_ROUND(roundEven, vrndn)
ATHANOR_ROUND(roundDown, vrndm)
ATHANOR_ROUND(roundUp, vrndp)
ATHANOR_ROUND(roundToZero, vrnd)
ATHANOR_ROUND(squareRoot, vsqrt)
#elif defined(__wasm_simd128__)
#define ATHANOR_ROUND(NAME, OPERATION)                                                              \
  ATHANOR_INLINE F32 NAME(F32 x) { return bitsAs<F32>(wasm_f32x4_##OPERATION(bitsAs<v128_t>(x))); } \
  ATHANOR_INLINE F64 NAME(F64 x) { return bitsAs<F64>(wasm_f64x2_##OPERATION(bitsAs<v128_t>(x))); }
ATHANOR_ROUND(roundEven, nearest)
ATHANOR_ROUND(roundDown, floor)
ATHANOR_ROUND(roundUp, ceil)
ATHANOR_ROUND(roundToZero, trunc)
ATHANOR_ROUND(squareRoot, sqrt)
#else
/// Without an instruction for it: adding and subtracting 2^23 (2^52) rounds.
template <typename V>
ATHANOR_INLINE V roundEven(V x) {
  using T = typename LaneOf<V>::T;
  const T big = sizeof(T) == 4 ? T(8388608.0) : T(4503599627370496.0);
  const V size = magnitude(x);
  const V rounded = (size + big) - big;
  return select(size < big, withSign(rounded, x), x);
}
template <typename V>
ATHANOR_INLINE V roundDown(V x) {
  using T = typename LaneOf<V>::T;
  const V r = roundEven(x);
  return select(r > x, r - T(1), r);
}
template <typename V>
ATHANOR_INLINE V roundUp(V x) {
  using T = typename LaneOf<V>::T;
  const V r = roundEven(x);
  return select(r < x, withSign(magnitude(r + T(1)), r), r);
}
template <typename V>
ATHANOR_INLINE V roundToZero(V x) {
  return withSign(roundDown(magnitude(x)), x);
}
#if defined(__SSE2__)
ATHANOR_INLINE F32 squareRoot(F32 x) { return _mm_sqrt_ps(x); }
ATHANOR_INLINE F64 squareRoot(F64 x) { return _mm_sqrt_pd(x); }
#else
template <typename V>
ATHANOR_INLINE V squareRoot(V x) {
  for (int i = 0; i < lanes<typename LaneOf<V>::T>; i++) x[i] = __builtin_sqrt(x[i]);
  return x;
}
#endif
#endif

ATHANOR_INLINE void widen(F32 x, F64& low, F64& high) {
  F32Half halves[2];
  memcpy(halves, &x, sizeof(x));
  low = __builtin_convertvector(halves[0], F64);
  high = __builtin_convertvector(halves[1], F64);
}

ATHANOR_INLINE F32 narrow(F64 low, F64 high) {
  const F32Half halves[2] = {__builtin_convertvector(low, F32Half),
                             __builtin_convertvector(high, F32Half)};
  F32 x;
  memcpy(&x, halves, sizeof(x));
  return x;
}

/// Sum, largest, smallest … of all lanes, in halves: (0 ∘ n/2), (1 ∘ n/2 + 1), …
template <typename V, typename F>
ATHANOR_INLINE typename LaneOf<V>::T foldLanes(V v, F combine) {
  using T = typename LaneOf<V>::T;
  T x[lanes<T>];
  memcpy(x, &v, sizeof(v));
  for (int half = lanes<T> / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) x[i] = combine(x[i], x[i + half]);
  return x[0];
}

template <typename V>
ATHANOR_INLINE typename LaneOf<V>::T sumOfLanes(V v) {
  using T = typename LaneOf<V>::T;
  return foldLanes(v, [](T a, T b) { return a + b; });
}

}  // namespace athanor

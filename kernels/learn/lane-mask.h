// The lanes in which a comparison holds, as bits.
#pragma once
#include "vector.h"

namespace athanor {

ATHANOR_INLINE uint32_t laneMask(I32 lanesOf) {
#if defined(__AVX512DQ__)
  return _mm512_movepi32_mask(bitsAs<__m512i>(lanesOf));
#elif defined(__AVX2__)
  return static_cast<uint32_t>(_mm256_movemask_ps(bitsAs<__m256>(lanesOf)));
#elif defined(__SSE2__)
  return static_cast<uint32_t>(_mm_movemask_ps(bitsAs<__m128>(lanesOf)));
#elif defined(__wasm_simd128__)
  return wasm_i32x4_bitmask(bitsAs<v128_t>(lanesOf));
#else
  uint32_t mask = 0;
  for (int l = 0; l < lanes<float>; l++) mask |= lanesOf[l] != 0 ? 1u << l : 0u;
  return mask;
#endif
}

ATHANOR_INLINE uint32_t laneMask(I64 lanesOf) {
#if defined(__AVX512DQ__)
  return _mm512_movepi64_mask(bitsAs<__m512i>(lanesOf));
#elif defined(__AVX2__)
  return static_cast<uint32_t>(_mm256_movemask_pd(bitsAs<__m256d>(lanesOf)));
#elif defined(__SSE2__)
  return static_cast<uint32_t>(_mm_movemask_pd(bitsAs<__m128d>(lanesOf)));
#elif defined(__wasm_simd128__)
  return wasm_i64x2_bitmask(bitsAs<v128_t>(lanesOf));
#else
  uint32_t mask = 0;
  for (int l = 0; l < lanes<double>; l++) mask |= lanesOf[l] != 0 ? 1u << l : 0u;
  return mask;
#endif
}

}  // namespace athanor

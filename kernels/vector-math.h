// exp, log, tanh and the like over one SIMD register. Bounds in units in the last place, float and
// double (bench/accuracy.cpp holds them): exp 2, expm1 3, log 1, log1p 1, sigmoid 3, tanh 3, erf 2,
// softplus 2, sin and cos 1, pow 1 (float) and 2 (double), 8 where |y log x| is large. Methods: Cody & Waite
// range reduction; logarithm and sine kernels after fdlibm (Sun, 1993); erf after N. Juffa; Payne &
// Hanek's reduction for large angles.
#pragma once
#include "vector.h"

namespace athanor {

template <typename T>
struct MathConstants;

template <>
struct MathConstants<float> {
  static constexpr int mantissa = 23;
  static constexpr int bias = 127;
  static constexpr float log2e = 1.44269504088896341f;
  static constexpr float ln2High = 0.693145751953125f;
  static constexpr float ln2Low = 1.42860682030941723e-6f;
  static constexpr float expLargest = 89.0f;
  static constexpr float expSmallest = -104.0f;
  static constexpr float expm1Smallest = -20.0f;
  static constexpr int expTerms = 7;
  static constexpr float smallestNormal = 1.17549435e-38f;
};
template <>
struct MathConstants<double> {
  static constexpr int mantissa = 52;
  static constexpr int bias = 1023;
  static constexpr double log2e = 1.44269504088896341;
  static constexpr double ln2High = 6.93147180369123816490e-01;
  static constexpr double ln2Low = 1.90821492927058770002e-10;
  static constexpr double expLargest = 710.0;
  static constexpr double expSmallest = -746.0;
  static constexpr double expm1Smallest = -40.0;
  static constexpr int expTerms = 13;
  static constexpr double smallestNormal = 2.2250738585072014e-308;
};

template <typename V>
using ConstantsOf = MathConstants<typename LaneOf<V>::T>;

/// x with x's clamped to [low, high]; NaN stays.
template <typename V, typename T>
ATHANOR_INLINE V clampTo(V x, T low, T high) {
  return atMost(atLeast(x, splat<T>(low)), splat<T>(high));
}

/// 2^n for an `n` held as roundingShift + n.
template <typename V>
ATHANOR_INLINE V powerOfTwoShifted(V shifted) {
  using C = ConstantsOf<V>;
  using B = BitsVec<typename LaneOf<V>::T>;
  return bitsAs<V>((bitsAs<B>(shifted) + C::bias) << C::mantissa);
}

/// x · 2^n for a whole n, of which the result may be infinite or denormal.
template <typename V>
ATHANOR_INLINE V timesPowerOfTwo(V x, V n) {
#if defined(__AVX512F__)
  if constexpr (sizeof(typename LaneOf<V>::T) == 4)
    return _mm512_maskz_scalef_ps(0xffff, x, n);
  else
    return _mm512_maskz_scalef_pd(0xff, x, n);
#else
  using T = typename LaneOf<V>::T;
  const V shift = splat<T>(roundingShift<T>);
  const V half = fma(n, splat<T>(T(0.5)), shift);
  const V rest = n - (half - shift);
  return x * powerOfTwoShifted(half) * powerOfTwoShifted(rest + shift);
#endif
}

/// (e^r − 1) / r for |r| ≤ ln 2 / 2, by its Taylor series.
template <typename V>
ATHANOR_INLINE V expSeries(V r) {
  using T = typename LaneOf<V>::T;
  constexpr double inverseFactorial[] = {1.0,
                                         1.0 / 2,
                                         1.0 / 6,
                                         1.0 / 24,
                                         1.0 / 120,
                                         1.0 / 720,
                                         1.0 / 5040,
                                         1.0 / 40320,
                                         1.0 / 362880,
                                         1.0 / 3628800,
                                         1.0 / 39916800,
                                         1.0 / 479001600,
                                         1.0 / 6227020800.0};
  constexpr int terms = ConstantsOf<V>::expTerms;
  V p = splat<T>(T(inverseFactorial[terms - 1]));
#pragma GCC unroll 16
  for (int i = terms - 2; i >= 0; i--) p = fma(p, r, splat<T>(T(inverseFactorial[i])));
  return p;
}

template <typename V>
ATHANOR_INLINE V expOf(V x) {
  using T = typename LaneOf<V>::T;
  using C = ConstantsOf<V>;
  x = clampTo(x, C::expSmallest, C::expLargest);
  const V shift = splat<T>(roundingShift<T>);
  const V n = fma(x, splat<T>(C::log2e), shift) - shift;
  V r = fma(n, splat<T>(-C::ln2High), x);
  r = fma(n, splat<T>(-C::ln2Low), r);
  return timesPowerOfTwo(fma(expSeries(r), r, splat<T>(T(1))), n);
}

template <typename V>
ATHANOR_INLINE V expm1Of(V x) {
  using T = typename LaneOf<V>::T;
  using C = ConstantsOf<V>;
  const V c = clampTo(x, C::expm1Smallest, C::expLargest);
  const V shift = splat<T>(roundingShift<T>);
  const V n = fma(c, splat<T>(C::log2e), shift) - shift;
  V r = fma(n, splat<T>(-C::ln2High), c);
  r = fma(n, splat<T>(-C::ln2Low), r);
  const V p = expSeries(r) * r;
  const V half = powerOfTwoShifted((n - T(1)) + shift);  // 2^(n − 1)
  const V result = fma(half, p, half - T(0.5)) * T(2);
  return select(x == V{}, x, result);
}

ATHANOR_INLINE F32 logSeries(F32 z) {  // z = s², R with log(1+f) = f − f²/2 + s (f²/2 + R)
  F32 r = splat<float>(0.24279078841f);
  r = fma(r, z, splat<float>(0.28498786688f));
  r = fma(r, z, splat<float>(0.40000972152f));
  r = fma(r, z, splat<float>(0.66666662693f));
  return r * z;
}
ATHANOR_INLINE F64 logSeries(F64 z) {
  F64 r = splat<double>(1.479819860511658591e-01);
  r = fma(r, z, splat<double>(1.531383769920937332e-01));
  r = fma(r, z, splat<double>(1.818357216161805012e-01));
  r = fma(r, z, splat<double>(2.222219843214978396e-01));
  r = fma(r, z, splat<double>(2.857142874366239149e-01));
  r = fma(r, z, splat<double>(3.999999999940941908e-01));
  r = fma(r, z, splat<double>(6.666666666666735130e-01));
  return r * z;
}

/// x = 2^exponent · fraction, fraction in [√½, √2), for positive finite x.
template <typename V>
ATHANOR_INLINE void splitExponent(V x, V& exponent, V& fraction) {
  using T = typename LaneOf<V>::T;
  using C = ConstantsOf<V>;
  using B = BitsVec<T>;
  const auto tiny = x < C::smallestNormal;
  const T scale = sizeof(T) == 4 ? T(8388608.0) : T(4503599627370496.0);  // 2^mantissa
  x = select(tiny, x * scale, x);
  const T rootHalf = T(0.70710678118654752440);
  // Shifting by √½'s bits makes the exponent field count from there.
  const B offset = bitsAs<B>(splat<T>(T(1))) - bitsAs<B>(splat<T>(rootHalf));
  const B moved = bitsAs<B>(x) + offset;
  const B field = moved >> C::mantissa;
  fraction = bitsAs<V>((moved - (field << C::mantissa)) + bitsAs<B>(splat<T>(rootHalf)));
  const B magic = bitsAs<B>(splat<T>(scale));
  exponent = bitsAs<V>(field | magic) - (scale + T(C::bias));
  exponent = select(tiny, exponent - T(C::mantissa), exponent);
}

/// log(u) + correction for positive finite u.
template <typename V>
ATHANOR_INLINE V logCore(V u, V correction) {
  using T = typename LaneOf<V>::T;
  using C = ConstantsOf<V>;
  const T high = sizeof(T) == 4 ? T(6.9313812256e-01) : T(C::ln2High);
  const T low = sizeof(T) == 4 ? T(9.0580006145e-06) : T(C::ln2Low);
  V e, m;
  splitExponent(u, e, m);
  const V f = m - T(1);
  const V s = f / (f + T(2));
  const V halfSquare = f * f * T(0.5);
  const V r = logSeries(s * s);
  const V tail = fma(s, halfSquare + r, fma(e, splat<T>(low), correction));
  return fma(e, splat<T>(high), f - (halfSquare - tail));
}

template <typename V>
ATHANOR_INLINE V logSpecial(V x, V result) {
  using T = typename LaneOf<V>::T;
  const V infinity = splat<T>(T(__builtin_inf()));
  result = select(x < V{}, splat<T>(T(__builtin_nan(""))), result);
  result = select(x == V{}, -infinity, result);
  return select((x == infinity) | (x != x), x, result);
}

template <typename V>
ATHANOR_INLINE V logOf(V x) {
  return logSpecial(x, logCore(x, V{}));
}

template <typename V>
ATHANOR_INLINE V log1pOf(V x) {
  using T = typename LaneOf<V>::T;
  const V u = x + T(1);
  const V lost = select(x < splat<T>(T(1)), x - (u - T(1)), T(1) - (u - x));
  const V result = logSpecial(u, logCore(u, lost / u));
  // What is exact (±0, and tiny x where log1p(x) rounds to x) stays itself.
  return select(magnitude(x) < splat<T>(sizeof(T) == 4 ? T(2e-8) : T(5e-17)), x, result);
}

template <typename V>
ATHANOR_INLINE V sigmoidOf(V x) {
  using T = typename LaneOf<V>::T;
  return T(1) / (T(1) + expOf(-x));
}

template <typename V>
ATHANOR_INLINE V tanhOf(V x) {
  using T = typename LaneOf<V>::T;
  const V t = expm1Of(magnitude(x) * T(-2));
  return select(x != x, x, withSign(magnitude(t / (t + T(2))), x));
}

template <typename V>
ATHANOR_INLINE V softplusOf(V x) {
  return larger(x, V{}) + log1pOf(expOf(-magnitude(x)));
}

ATHANOR_INLINE F32 erfOf(F32 x) {
  const F32 t = magnitude(x);
  const F32 s = x * x;
  F32 r = fma(splat<float>(-1.72853470e-5f), t, splat<float>(3.83197126e-4f));
  const F32 u = fma(splat<float>(-3.88396438e-3f), t, splat<float>(2.42546219e-2f));
  r = fma(r, s, u);
  r = fma(r, t, splat<float>(-1.06777877e-1f));
  r = fma(r, t, splat<float>(-6.34846687e-1f));
  r = fma(r, t, splat<float>(-1.28717512e-1f));
  r = fma(r, t, -t);
  r = withSign(1.0f - expOf(select(t > splat<float>(6.0f), splat<float>(-100.0f), r)), x);
  F32 q = splat<float>(-5.96761703e-4f);
  q = fma(q, s, splat<float>(4.99119423e-3f));
  q = fma(q, s, splat<float>(-2.67681349e-2f));
  q = fma(q, s, splat<float>(1.12819925e-1f));
  q = fma(q, s, splat<float>(-3.76125336e-1f));
  q = fma(q, s, splat<float>(1.28379166e-1f));
  q = fma(q, x, x);
  return select(x != x, x, select(t > splat<float>(0.927734375f), r, q));
}

ATHANOR_INLINE F64 erfOf(F64 x) {
  // |x| ≤ 1: erf(x) / x in x²; above: −log erfc in |x| − 1, both Chebyshev fits.
  constexpr double near[] = {1.128379167095512567,      -0.3761263890318354044,
                             0.1128379167094500627,     -0.02686617064323777036,
                             0.005223977607116422732,   -0.0008548325975389692081,
                             0.0001205529490483970792,  -0.00001492473690741966034,
                             1.644742470331736241e-6,   -1.62084838018717059e-7,
                             1.37200645467776856e-8,    -7.795898827002142242e-10};
  constexpr double far[] = {
      1.849605509933248234, 2.638967514234794865, 0.8431072563583274612,
      0.04156109804938037592, -0.01003382546263497121, 0.001977903198622832754,
      -0.0002373254711564652641, -0.00002626799057756925202, 0.00002713550927299477132,
      -9.567176249351181883e-6, 2.004207699950763454e-6, -8.646472354339327503e-8,
      -1.415297086042596345e-7, 7.846484305037978004e-8, -2.714810674572325788e-8,
      7.217267174036437793e-9, -1.551880226215881599e-9, 2.733640797285653731e-10,
      -3.93097068542452113e-11, 4.550533230853444721e-12, -4.139267766144228151e-13,
      2.847812684810216453e-14, -1.392084923212940255e-15, 4.304840113498005153e-17,
      -6.325520588718492721e-19};
  const F64 t = magnitude(x);
  const F64 s = t * t;
  F64 p = splat<double>(near[11]);
  for (int i = 10; i >= 0; i--) p = fma(p, s, splat<double>(near[i]));
  const F64 u = select(t > splat<double>(6.0), splat<double>(6.0), t) - 1.0;
  F64 q = splat<double>(far[24]);
  for (int i = 23; i >= 0; i--) q = fma(q, u, splat<double>(far[i]));
  const F64 beyond = select(t > splat<double>(6.0), splat<double>(1.0), 1.0 - expOf(-q));
  return select(x != x, x, select(t > splat<double>(1.0), withSign(beyond, x), p * x));
}

/// x − n π/2 as high + low with n the nearest integer, and n mod 4; for |x| ≥ 2^19 π/2, by the first
/// 1200 bits of 2/π.
int reduceLargeAngle(double x, double& high, double& low);

constexpr double largestQuickAngle = 8e5;

/// `quadrant` holds n in its low bits.
ATHANOR_INLINE void reduceAngle(F64 x, F64& high, F64& low, U64& quadrant) {
  constexpr double first = 1.57079632673412561417e+00;   // 33 bits of π/2
  constexpr double second = 6.07710050630396597660e-11;  // the next 33
  constexpr double third = 2.02226624879595063154e-21;
  const F64 shift = splat<double>(roundingShift<double>);
  const auto large = ~(magnitude(x) <= splat<double>(largestQuickAngle));
  const F64 small = select(large, F64{}, x);
  const F64 shifted = fma(small, splat<double>(0.63661977236758134308), shift);
  const F64 n = shifted - shift;
  const F64 a = fma(n, splat<double>(-first), small);
  const F64 w = n * second;
  const F64 b = a - w;
  const F64 c = fma(n, splat<double>(third), w - (a - b));
  high = b - c;
  low = (b - high) - c;
  quadrant = bitsAs<U64>(shifted);
  bool any = false;
  for (int i = 0; i < lanes<double>; i++) any |= large[i] != 0;
  if (__builtin_expect(any, 0)) {
    for (int i = 0; i < lanes<double>; i++) {
      if (large[i] == 0) continue;
      double h, l;
      quadrant[i] = static_cast<uint64_t>(reduceLargeAngle(x[i], h, l));
      high[i] = h;
      low[i] = l;
    }
  }
}

/// sin of (high + low + turns · π/2 + its quadrant).
ATHANOR_INLINE F64 sineFrom(F64 x, uint64_t turns) {
  F64 r, low;
  U64 quadrant;
  reduceAngle(x, r, low, quadrant);
  quadrant += turns;
  const F64 z = r * r;
  F64 s = splat<double>(1.58969099521155010221e-10);
  s = fma(s, z, splat<double>(-2.50507602534068634195e-08));
  s = fma(s, z, splat<double>(2.75573137070700676789e-06));
  s = fma(s, z, splat<double>(-1.98412698298579493134e-04));
  s = fma(s, z, splat<double>(8.33333333332248946124e-03));
  s = fma(s, z, splat<double>(-1.66666666666666324348e-01));
  const F64 sine = r + fma(s * z, r, low * fma(z, splat<double>(-0.5), splat<double>(1.0)));
  F64 c = splat<double>(-1.13596475577881948265e-11);
  c = fma(c, z, splat<double>(2.08757232129817482790e-09));
  c = fma(c, z, splat<double>(-2.75573143513906633035e-07));
  c = fma(c, z, splat<double>(2.48015872894767294178e-05));
  c = fma(c, z, splat<double>(-1.38888888888741095749e-03));
  c = fma(c, z, splat<double>(4.16666666666666019037e-02));
  const F64 half = z * 0.5;
  const F64 whole = 1.0 - half;
  const F64 cosine = whole + (((1.0 - whole) - half) + (z * z * c - r * low));
  const I64 odd = bitsAs<I64>(quadrant << 63) < I64{};
  const U64 flip = (quadrant & 2) << 62;
  return bitsAs<F64>(bitsAs<U64>(select(odd, cosine, sine)) ^ flip);
}

ATHANOR_INLINE F64 sinOf(F64 x) { return select(x == F64{}, x, sineFrom(x, 0)); }
ATHANOR_INLINE F64 cosOf(F64 x) { return sineFrom(x, 1); }

/// A float's function by way of double.
template <typename F>
ATHANOR_INLINE F32 inDouble(F32 x, F apply) {
  F64 low, high;
  widen(x, low, high);
  return narrow(apply(low), apply(high));
}

ATHANOR_INLINE F32 sinOf(F32 x) {
  return inDouble(x, [](F64 v) { return sinOf(v); });
}
ATHANOR_INLINE F32 cosOf(F32 x) {
  return inDouble(x, [](F64 v) { return cosOf(v); });
}

/// What a · b lost when it was rounded to p.
ATHANOR_INLINE F64 productError(F64 a, F64 b, F64 p) {
  if (hasExactFma) return fma(a, b, -p);
  const F64 split = splat<double>(134217729.0);  // 2^27 + 1, Dekker
  const F64 ta = a * split, tb = b * split;
  const F64 ah = ta - (ta - a), bh = tb - (tb - b);
  const F64 al = a - ah, bl = b - bh;
  return ((ah * bh - p) + ah * bl + al * bh) + al * bl;
}

/// IEEE 754 pow: the logarithm in double-double, then exp.
ATHANOR_INLINE F64 powerOf(F64 x, F64 y) {
  const F64 infinity = splat<double>(__builtin_inf());
  const F64 a = magnitude(x);
  F64 e, m;
  splitExponent(a, e, m);
  // log m = 2 atanh(s), s = f / g in two parts
  const F64 f = m - 1.0;
  const F64 g = m + 1.0;
  const F64 gLow = (m - (g - 1.0)) + 0.0;
  const F64 s = f / g;
  const F64 sg = s * g;
  const F64 sLow = (((f - sg) - productError(s, g, sg)) - s * gLow) / g;
  const F64 z = s * s;
  // 2 s + s z (2/3 + 2/5 z + …)
  F64 series = splat<double>(2.0 / 23);
  series = fma(series, z, splat<double>(2.0 / 21));
  series = fma(series, z, splat<double>(2.0 / 19));
  series = fma(series, z, splat<double>(2.0 / 17));
  series = fma(series, z, splat<double>(2.0 / 15));
  series = fma(series, z, splat<double>(2.0 / 13));
  series = fma(series, z, splat<double>(2.0 / 11));
  series = fma(series, z, splat<double>(2.0 / 9));
  series = fma(series, z, splat<double>(2.0 / 7));
  series = fma(series, z, splat<double>(2.0 / 5));
  series = fma(series, z, splat<double>(2.0 / 3));
  const F64 small = fma(series * z, s, sLow * 2.0);
  // e ln 2 + 2 s, exactly as sum and rest
  const F64 base = e * 6.93147180369123816490e-01;
  const F64 twice = s * 2.0;
  F64 high = base + twice;
  const F64 back = high - base;
  const F64 rest = (base - (high - back)) + (twice - back);
  F64 low = rest + fma(e, splat<double>(1.90821492927058770002e-10), small);
  const F64 sum = high + low;
  low = low - (sum - high);
  high = sum;
  const F64 exponent = clampTo(y, -1e25, 1e25);
  const F64 p = exponent * high;
  const F64 pLow = fma(exponent, low, productError(exponent, high, p));
  const F64 clamped = clampTo(p, -800.0, 800.0);
  const F64 size = expOf(clamped);
  F64 result = select(magnitude(p) < splat<double>(760.0), fma(size, pLow, size), size);
  result = select(size == infinity, infinity, result);

  const F64 rounded = roundToZero(y);
  const I64 whole = (rounded == y);
  const F64 halved = y * 0.5;
  const I64 odd = whole & (roundToZero(halved) != halved) &
                  (magnitude(y) < splat<double>(9007199254740992.0));
  const F64 zero{};
  // x = 0, ±∞: 0 or ∞ by the sign of y
  const I64 grows = (a == infinity);
  const I64 shrinks = (a == zero);
  const F64 edge = select(grows == (y > zero), infinity, zero);
  result = select(grows | shrinks, edge, result);
  result = select((magnitude(y) == infinity) & ~(a == splat<double>(1.0)),
                  select((a > splat<double>(1.0)) == (y > zero), infinity, zero), result);
  const I64 negative = bitsAs<I64>(x) < I64{};
  result = select(negative & odd, -result, result);
  const I64 undefined = negative & ~whole & ~(a == zero) & ~(a == infinity);
  result = select(undefined, splat<double>(__builtin_nan("")), result);
  result = select((x != x) | (y != y), x + y, result);
  result = select((x == splat<double>(-1.0)) & (magnitude(y) == infinity), splat<double>(1.0), result);
  return select((x == splat<double>(1.0)) | (y == zero), splat<double>(1.0), result);
}

ATHANOR_INLINE F32 powerOf(F32 x, F32 y) {
  F64 xl, xh, yl, yh;
  widen(x, xl, xh);
  widen(y, yl, yh);
  return narrow(powerOf(xl, yl), powerOf(xh, yh));
}

}  // namespace athanor

// A numeric column of a block of rows as features: what NumericFeatures writes cell by cell, to the bit,
// in a third of the time. scripts/build-feature-kernel.mjs makes numeric-kernel-wasm.ts of it.

#include <wasm_simd128.h>

#define MOST_BINS 16

// Filled by numeric-kernel.ts; the same order and sizes there.
typedef struct {
  double lower, upper, unit, center, inverse, fill, height;
  int bins;
  int indicator;             // its place among the column's features, or -1
  float above[MOST_BINS];    // upper edges of the bins rounded to float, then infinity
  double edges[MOST_BINS + 2];
  double inverses[MOST_BINS];
} Column;

// `vectors` vectors of four bins each; a constant, so that their edges stay in registers.
static inline __attribute__((always_inline)) int write_rows(const Column *c, const double *values,
                                                             int rows, float *out, int width,
                                                             int vectors) {
  const double lower = c->lower, upper = c->upper, unit = c->unit, center = c->center;
  const double inverse = c->inverse, height = c->height;
  const int bins = c->bins, indicator = c->indicator;
  const v128_t full = wasm_f32x4_splat((float)height);
  v128_t above[4];
  for (int v = 0; v < vectors; v++) above[v] = wasm_v128_load(c->above + 4 * v);
  int missing = 0, clipped = 0;
  for (int i = 0; i < rows; i++, out += width) {
    double value = values[i];
    const int absent = !(value - value == 0);  // NaN and both infinities
    if (__builtin_expect(absent, 0)) {
      missing++;
      value = c->fill;
    }
    if (__builtin_expect(value < lower, 0)) {
      clipped += !absent;
      value = lower;
    } else if (__builtin_expect(value > upper, 0)) {
      clipped += !absent;
      value = upper;
    }
    const double scaled = (value * unit - center) * inverse;
    float *o = out + 1;
    out[0] = (float)scaled;
    if (bins > 0) {
      // Rounding is monotonic: compared as floats, a bin too many may count as full, never one too few.
      const v128_t s = wasm_f32x4_splat((float)scaled);
      v128_t mask[4] = {0};
      for (int v = 0; v < vectors; v++) {
        mask[v] = wasm_f32x4_ge(s, above[v]);
        wasm_v128_store(o + 4 * v, wasm_v128_and(mask[v], full));
      }
      const v128_t low = wasm_i16x8_narrow_i32x4(mask[0], mask[1]);
      const v128_t high = wasm_i16x8_narrow_i32x4(mask[2], mask[3]);
      int bin = __builtin_popcount(wasm_i8x16_bitmask(wasm_i8x16_narrow_i16x8(low, high)));
      for (int k = 4 * vectors; k < bins; k++) {
        const int is_full = c->above[k] <= (float)scaled;
        o[k] = is_full ? (float)height : 0;
        bin += is_full;
      }
      while (__builtin_expect(bin > 0 && scaled < c->edges[bin], 0)) o[--bin] = 0;
      const double edge = c->edges[bin];
      if (bin < bins && scaled > edge) o[bin] = (float)((scaled - edge) * c->inverses[bin] * height);
    }
    if (absent && indicator >= 0) out[indicator] = 1;
  }
  return missing | clipped << 16;
}

// At most 65,535 rows. The result: cells without a value, and those clipped times 65,536.
__attribute__((export_name("write"))) int write_column(const Column *c, const double *values,
                                                        int rows, float *out, int width) {
  switch (c->bins >> 2) {
    case 4: return write_rows(c, values, rows, out, width, 4);
    case 2: return write_rows(c, values, rows, out, width, 2);
    case 1: return write_rows(c, values, rows, out, width, 1);
    default: return write_rows(c, values, rows, out, width, 0);
  }
}

// Packing of points and rows of the kernel matrix: linear, polynomial, radial, sigmoid and given ones.
#include "learn/svm-points.h"

#include <cmath>

#include "vector-math.h"

namespace athanor {

namespace {

constexpr int vectors = 4;
constexpr int64_t width64 = lanes<double>;
constexpr int fullTerms = 12;

/// into[l · panel + p] = Σ_f lefts[l][f] · panel[f][p].
template <int count>
void panelDots(const double* points, int64_t features, const Left* lefts, double* into) {
  const double* left[count];
  for (int l = 0; l < count; l++) left[l] = lefts[l].values;
  F64 sum[count][vectors] = {};
  for (int64_t f = 0; f < features; f++, points += KernelPoints::panel) {
    F64 right[vectors];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) right[v] = load<double>(points + v * width64);
#pragma GCC unroll 4
    for (int l = 0; l < count; l++) {
      const F64 value = splat<double>(left[l][f]);
#pragma GCC unroll 4
      for (int v = 0; v < vectors; v++) sum[l][v] = fma(value, right[v], sum[l][v]);
    }
  }
  for (int l = 0; l < count; l++)
    for (int v = 0; v < vectors; v++) store<double>(into + l * KernelPoints::panel + v * width64, sum[l][v]);
}

void panelDots(const double* points, int64_t features, const Left* lefts, int count, double* into) {
#if defined(__AVX512F__) || defined(__aarch64__)
  if (count == 4) return panelDots<4>(points, features, lefts, into);
  if (count == 3) return panelDots<3>(points, features, lefts, into);
#endif
  if (count == 2) return panelDots<2>(points, features, lefts, into);
  panelDots<1>(points, features, lefts, into);
}

ATHANOR_INLINE F64 wholePower(F64 base, int exponent) {
  F64 result = splat<double>(1);
  for (; exponent > 0; exponent >>= 1, base *= base)
    if (exponent & 1) result *= base;
  return result;
}

/// e^x for x ≤ 0; what is below e^−700 counts as that. `terms` of the series: 12 give double precision, 9
/// what is left after rounding to float.
template <int terms>
ATHANOR_INLINE F64 expOfNegative(F64 x) {
  constexpr double inverseFactorial[] = {1.0,        1.0 / 2,     1.0 / 6,      1.0 / 24,      1.0 / 120,      1.0 / 720,
                                         1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600};
  using C = ConstantsOf<F64>;
  x = select(x < splat<double>(-700), splat<double>(-700), x);
  const F64 shift = splat<double>(roundingShift<double>);
  const F64 shifted = fma(x, splat<double>(C::log2e), shift);
  const F64 n = shifted - shift;
  F64 r = fma(n, splat<double>(-C::ln2High), x);
  r = fma(n, splat<double>(-C::ln2Low), r);
  F64 p = splat<double>(inverseFactorial[terms - 1]);
#pragma GCC unroll 16
  for (int i = terms - 2; i >= 0; i--) p = fma(p, r, splat<double>(inverseFactorial[i]));
  return fma(p, r, splat<double>(1)) * powerOfTwoShifted(shifted);
}

template <int terms>
ATHANOR_INLINE F64 kernelValue(const KernelFunction& kernel, F64 dot, F64 squares) {
  switch (kernel.kind) {
    case KernelKind::poly:
      return wholePower(fma(splat<double>(kernel.gamma), dot, splat<double>(kernel.coef0)), kernel.degree);
    case KernelKind::rbf: {
      const F64 distance = fma(splat<double>(-2), dot, squares);
      // Rounding may leave less than nothing of a small distance.
      return expOfNegative<terms>(select(distance < F64{}, F64{}, distance * splat<double>(-kernel.gamma)));
    }
    case KernelKind::sigmoid:
      return tanhOf(fma(splat<double>(kernel.gamma), dot, splat<double>(kernel.coef0)));
    default:
      return dot;
  }
}

double sparseDot(const Source& source, int64_t row, const double* left) {
  double sum = 0;
  for (int64_t e = source.starts[row]; e < source.starts[row + 1]; e++)
    sum += source.values[e] * left[source.columns[e]];
  return sum;
}

/// The features of a row as `width` numbers, those of a sparse one in `room`.
const double* spread(const Source& source, int64_t row, double* room) {
  if (!source.sparse()) return source.values + row * source.width;
  for (int64_t e = source.starts[row]; e < source.starts[row + 1]; e++)
    room[source.columns[e]] = source.values[e];
  return room;
}

double squareOf(const Source& source, int64_t row) {
  const double* const values = source.values + (source.sparse() ? source.starts[row] : row * source.width);
  const int64_t count = source.sparse() ? source.starts[row + 1] - source.starts[row] : source.width;
  double sum = 0;
  for (int64_t e = 0; e < count; e++) sum += values[e] * values[e];
  return sum;
}

void put(const double* from, double* into, int64_t count) {
  memcpy(into, from, count * sizeof(double));
}
void put(const double* from, float* into, int64_t count) {
  for (int64_t i = 0; i < count; i++) into[i] = static_cast<float>(from[i]);
}

}  // namespace

bool readKernel(Arguments& arguments, KernelFunction& kernel) {
  kernel.kind = static_cast<KernelKind>(arguments.integer(0, 4));
  kernel.gamma = arguments.number();
  kernel.coef0 = arguments.number();
  kernel.degree = static_cast<int>(arguments.integer(0, 1 << 20));
  return arguments.fits();
}

void KernelPoints::place(const Source& source, const KernelFunction& kernel, const int32_t* rows,
                         int64_t count) {
  source_ = source;
  kernel_ = kernel;
  rows_.assign(rows, rows + count);
  if (kernel.kind == KernelKind::precomputed) return;
  const int64_t padded = (count + panel - 1) / panel * panel;
  squares_.resize(padded);
  for (int64_t p = 0; p < padded; p++) squares_[p] = 0;
  if (!source.sparse()) panels_.resize(padded * source.width);
  reorder(nullptr);
}

void KernelPoints::pack() {
  const int64_t width = source_.width, total = count();
  for (int64_t start = 0; start < total; start += panel) {
    double* const into = panels_.data() + start * width;
    const int64_t here = total - start < panel ? total - start : panel;
    for (int64_t p = 0; p < here; p++) {
      const double* const from = source_.values + rowOf(start + p) * width;
      for (int64_t f = 0; f < width; f++) into[f * panel + p] = from[f];
    }
    for (int64_t p = here; p < panel; p++)
      for (int64_t f = 0; f < width; f++) into[f * panel + p] = 0;
    // The squares by the arithmetic of products, so that a point is at distance 0 from itself.
    for (int v = 0; v < vectors; v++) {
      F64 sum{};
      for (int64_t f = 0; f < width; f++) {
        const F64 value = load<double>(into + f * panel + v * width64);
        sum = fma(value, value, sum);
      }
      store<double>(squares_.data() + start + v * width64, sum);
    }
  }
}

void KernelPoints::reorder(const int32_t* order) {
  if (order != nullptr) {
    std::vector<int32_t> rows(rows_.size());
    for (size_t p = 0; p < rows.size(); p++) rows[p] = rows_[order[p]];
    rows_.swap(rows);
  }
  if (kernel_.kind == KernelKind::precomputed) return;
  if (source_.sparse())
    for (int64_t p = 0; p < count(); p++) squares_[p] = squareOf(source_, rowOf(p));
  else
    pack();
}

Left KernelPoints::left(int64_t point, double* room) const {
  const bool given = kernel_.kind == KernelKind::precomputed;
  return {spread(source_, rowOf(point), room), given ? 0 : squares_[point]};
}

Left KernelPoints::left(const Source& source, int64_t row, double* room) {
  return {spread(source, row, room), squareOf(source, row)};
}

void KernelPoints::leave(const Source& source, int64_t row, double* room) {
  if (!source.sparse()) return;
  for (int64_t e = source.starts[row]; e < source.starts[row + 1]; e++) room[source.columns[e]] = 0;
}

double KernelPoints::cost() const {
  if (kernel_.kind == KernelKind::precomputed) return 1;
  const double features =
      source_.sparse() ? 8.0 * source_.starts[source_.rows] / (source_.rows + 1.0) : static_cast<double>(source_.width);
  return 2 + features / (2 * width64);
}

double KernelPoints::diagonal(int64_t point) const {
  if (kernel_.kind == KernelKind::precomputed)
    return source_.values[int64_t(rowOf(point)) * source_.width + rowOf(point)];
  const F64 square = splat<double>(squares_[point]);
  return kernelValue<fullTerms>(kernel_, square, square + square)[0];
}

void KernelPoints::dots(const Left* lefts, int count, int64_t first, double* into) const {
  if (kernel_.kind == KernelKind::precomputed || source_.sparse()) {
    const int64_t here = this->count() - first < panel ? this->count() - first : panel;
    for (int l = 0; l < count; l++)
      for (int64_t p = 0; p < here; p++)
        into[l * panel + p] = source_.sparse() ? sparseDot(source_, rowOf(first + p), lefts[l].values)
                                               : lefts[l].values[rowOf(first + p)];
    return;
  }
  panelDots(panels_.data() + first * source_.width, source_.width, lefts, count, into);
}

template <int terms>
void KernelPoints::apply(const Left& left, int64_t first, double* dots) const {
  if (kernel_.kind == KernelKind::linear || kernel_.kind == KernelKind::precomputed) return;
  const F64 square = splat<double>(left.square);
  for (int v = 0; v < vectors; v++) {
    double* const at = dots + v * width64;
    const F64 squares = square + load<double>(squares_.data() + first + v * width64);
    store<double>(at, kernelValue<terms>(kernel_, load<double>(at), squares));
  }
}

template <typename T>
void KernelPoints::rowsAs(const Left* lefts, int count, int64_t from, int64_t to, T* const* out) const {
  alignas(64) double values[mostLefts * panel] = {};
  for (int64_t first = from / panel * panel; first < to; first += panel) {
    dots(lefts, count, first, values);
    const int64_t begin = first < from ? from : first;
    const int64_t end = first + panel < to ? first + panel : to;
    for (int l = 0; l < count; l++) {
      apply<sizeof(T) == sizeof(float) ? 9 : fullTerms>(lefts[l], first, values + l * panel);
      put(values + l * panel + (begin - first), out[l] + (begin - from), end - begin);
    }
  }
}

void KernelPoints::rows(const Left* lefts, int count, int64_t from, int64_t to, float* const* out) const {
  rowsAs(lefts, count, from, to, out);
}

void KernelPoints::rows(const Left* lefts, int count, int64_t from, int64_t to, double* const* out) const {
  rowsAs(lefts, count, from, to, out);
}

}  // namespace athanor

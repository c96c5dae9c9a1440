// Products of rows with weights, dense and sparse.
#include "learn/linear-solver.h"
#include "vector.h"

namespace athanor {

namespace {

constexpr int64_t width64 = lanes<double>;

double denseDot(const double* a, const double* b, int64_t count) {
  F64 sums[4] = {};
  int64_t i = 0;
  for (; i + 4 * width64 <= count; i += 4 * width64)
    for (int v = 0; v < 4; v++)
      sums[v] = fma(load<double>(a + i + v * width64), load<double>(b + i + v * width64), sums[v]);
  for (; i + width64 <= count; i += width64) sums[0] = fma(load<double>(a + i), load<double>(b + i), sums[0]);
  if (i < count) {
    const int rest = static_cast<int>(count - i);
    sums[1] = fma(loadPart(a + i, rest), loadPart(b + i, rest), sums[1]);
  }
  return sumOfLanes((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

}  // namespace

double LinearRows::dot(int64_t i, const double* w) const {
  const int64_t row = rows[i];
  double sum = bias != 0 ? bias * w[source.width] : 0;
  if (!source.sparse()) return sum + denseDot(source.values + row * source.width, w, source.width);
  for (int64_t e = source.starts[row]; e < source.starts[row + 1]; e++)
    sum += source.values[e] * w[source.columns[e]];
  return sum;
}

void LinearRows::add(int64_t i, double factor, double* w) const {
  const int64_t row = rows[i];
  if (bias != 0) w[source.width] += factor * bias;
  if (!source.sparse()) {
    const double* const x = source.values + row * source.width;
    for (int64_t j = 0; j < source.width; j++) w[j] += factor * x[j];
    return;
  }
  for (int64_t e = source.starts[row]; e < source.starts[row + 1]; e++)
    w[source.columns[e]] += factor * source.values[e];
}

double LinearRows::square(int64_t i) const {
  const int64_t row = rows[i];
  const int64_t from = source.sparse() ? source.starts[row] : row * source.width;
  const int64_t to = source.sparse() ? source.starts[row + 1] : from + source.width;
  double sum = bias * bias;
  for (int64_t e = from; e < to; e++) sum += source.values[e] * source.values[e];
  return sum;
}

double LinearRows::cost() const {
  return source.sparse() ? 4 + 1.5 * source.starts[source.rows] / (source.rows + 1.0)
                         : 4 + static_cast<double>(source.width) * 0.3;
}

}  // namespace athanor

// Losses of blocks of rows, a vector of rows at a time.
#include "learn/row-loss.h"

#include "vector-math.h"

namespace athanor {

namespace {

ATHANOR_INLINE F64 weightsAt(const double* weights, int64_t at, int count) {
  return weights == nullptr ? splat<double>(1.0) : loadSome(weights + at, count);
}

struct Terms {
  F64 loss;
  F64 slope;
  F64 curvature;
  F64 scaleSlope;
};

/// Applies `terms(score, target)` to all rows; lanes behind the last row count nothing.
template <typename F>
BlockSums eachRow(double* scores, const double* targets, const double* weights, int64_t rows,
                  double* curvature, F terms) {
  F64 loss{}, scaleSlope{};
  for (int64_t at = 0; at < rows; at += wide) {
    const int count = rows - at < wide ? static_cast<int>(rows - at) : wide;
    const Terms t = terms(loadSome(scores + at, count), loadSome(targets + at, count));
    const F64 weight = weightsAt(weights, at, count);
    F64 own = t.loss * weight, ownScale = t.scaleSlope * weight;
    if (count < wide) {
      double mask[wide] = {};
      for (int i = 0; i < count; i++) mask[i] = 1;
      const F64 inside = load<double>(mask);
      own = select(inside > F64{}, own, F64{});
      ownScale = select(inside > F64{}, ownScale, F64{});
    }
    loss += own;
    scaleSlope += ownScale;
    storeSome(scores + at, t.slope * weight, count);
    if (curvature != nullptr) storeSome(curvature + at, t.curvature * weight, count);
  }
  return {laneSum(loss), laneSum(scaleSlope)};
}

ATHANOR_INLINE Terms squaredTerms(F64 score, F64 y) {
  const F64 error = score - y;
  return {0.5 * error * error, error, splat<double>(1.0), F64{}};
}

ATHANOR_INLINE Terms logisticTerms(F64 score, F64 y) {
  // With the margin's sign turned so that the loss is log(1 + e^m).
  const F64 sign = 1.0 - 2.0 * y;
  const F64 m = score * sign;
  const F64 e = expOf(-magnitude(m));
  const F64 part = 1.0 / (1.0 + e);
  const F64 sigmoid = select(m < F64{}, e * part, part);
  return {larger(m, F64{}) + log1pOf(e), sign * sigmoid, e * part * part, F64{}};
}

ATHANOR_INLINE Terms tweedieTerms(F64 score, F64 y, double power) {
  if (power == 1) {
    const F64 mean = expOf(score);
    return {mean - y * score, mean - y, mean, F64{}};
  }
  if (power == 2) {
    const F64 ratio = y * expOf(-score);
    return {score + ratio, 1.0 - ratio, ratio, F64{}};
  }
  const F64 a = expOf(score * (2 - power));
  const F64 b = y * expOf(score * (1 - power));
  const F64 curvature = (2 - power) * a - (1 - power) * b;
  return {a / (2 - power) - b / (1 - power), a - b, curvature, F64{}};
}

ATHANOR_INLINE Terms huberTerms(F64 score, F64 y, double epsilon, double sigma) {
  const F64 error = score - y;
  const F64 size = magnitude(error);
  const auto outside = size > epsilon * sigma;
  const F64 ratio = error / sigma;
  const F64 loss =
      sigma + select(outside, 2 * epsilon * size - epsilon * epsilon * sigma, error * ratio);
  const F64 slope = select(outside, withSign(splat<double>(2 * epsilon), error), 2.0 * ratio);
  // Beyond ε the weight of iterated least squares, which bounds the loss from above.
  const F64 curvature = select(outside, 2 * epsilon / size, splat<double>(2 / sigma));
  const F64 scaleSlope =
      select(outside, splat<double>(1 - epsilon * epsilon), 1.0 - ratio * ratio);
  return {loss, slope, curvature, scaleSlope};
}

BlockSums multinomialRows(int64_t outputs, double* scores, const double* targets, const double* weights,
                          int64_t rows, double* curvature) {
  constexpr int64_t most = 64;
  double own[most], tops[most];
  BlockSums sums;
  for (int64_t from = 0; from < rows; from += most) {
    const int64_t count = rows - from < most ? rows - from : most;
    double* const block = scores + from * outputs;
    for (int64_t i = 0; i < count; i++)
      own[i] = block[i * outputs + static_cast<int64_t>(targets[from + i])];
    softmaxRows(block, count, outputs, tops);
    if (curvature != nullptr)
      memcpy(curvature + from * outputs, block, sizeof(double) * static_cast<size_t>(count * outputs));
    for (int64_t i = 0; i < count; i++) {
      const double weight = weights == nullptr ? 1 : weights[from + i];
      double* const row = block + i * outputs;
      row[static_cast<int64_t>(targets[from + i])] -= 1;
      if (weight != 1)
        for (int64_t k = 0; k < outputs; k++) row[k] *= weight;
      sums.loss += weight * (tops[i] - own[i]);
    }
  }
  return sums;
}

}  // namespace

void softmaxRows(double* scores, int64_t rows, int64_t outputs, double* tops) {
  for (int64_t i = 0; i < rows; i++) {
    double* const row = scores + i * outputs;
    double top = row[0];
    for (int64_t k = 1; k < outputs; k++) top = row[k] > top ? row[k] : top;
    for (int64_t k = 0; k < outputs; k++) row[k] -= top;
    if (tops != nullptr) tops[i] = top;
  }
  const int64_t cells = rows * outputs;
  for (int64_t at = 0; at < cells; at += wide) {
    const int count = cells - at < wide ? static_cast<int>(cells - at) : wide;
    storeSome(scores + at, expOf(loadSome(scores + at, count)), count);
  }
  for (int64_t i = 0; i < rows; i++) {
    double* const row = scores + i * outputs;
    double sum = 0;
    for (int64_t k = 0; k < outputs; k++) sum += row[k];
    const double part = 1 / sum;
    for (int64_t k = 0; k < outputs; k++) row[k] *= part;
    if (tops != nullptr) tops[i] += logOf(splat<double>(sum))[0];
  }
}

BlockSums lossOfRows(const RowLoss& loss, double* scores, const double* targets, const double* weights,
                     int64_t rows, double* curvature) {
  switch (loss.kind) {
    case LossKind::squared:
      return eachRow(scores, targets, weights, rows, curvature, squaredTerms);
    case LossKind::logistic:
      return eachRow(scores, targets, weights, rows, curvature, logisticTerms);
    case LossKind::tweedie:
      return eachRow(scores, targets, weights, rows, curvature,
                     [&](F64 s, F64 y) { return tweedieTerms(s, y, loss.shape); });
    case LossKind::huber:
      return eachRow(scores, targets, weights, rows, curvature,
                     [&](F64 s, F64 y) { return huberTerms(s, y, loss.shape, loss.scale); });
    case LossKind::multinomial:
      return multinomialRows(loss.outputs, scores, targets, weights, rows, curvature);
  }
  return {};
}

}  // namespace athanor

// Loss, gradient and products with the Hessian. Rows are cut into parts, each with sums of its own that
// are added in order; within a part, blocks of rows stay in the second-level cache between the scores
// and the gradient.
#include "learn/objective-pass.h"

#include <cmath>

#include "gemm.h"
#include "learn/vector-space.h"
#include "ranges.h"

namespace athanor {

namespace {

constexpr int64_t mostParts = 64;
/// Values that a part should hold at least.
constexpr int64_t partCells = 16384;
/// Cells of a slice.
constexpr double sliceCells = 3e7;

int64_t clamp(int64_t x, int64_t low, int64_t high) { return x < low ? low : x > high ? high : x; }

}  // namespace

ObjectivePass::ObjectivePass(const DesignRows& x, const Terms& terms)
    : x_(x), terms_(terms), loss_(terms.loss) {
  parameters_ = (x.width + 1) * loss_.outputs + (hasScale() ? 1 : 0);
  sumsStep_ = parameters_ + 2;
  blockRows_ = clamp(32768 / x.width / 8 * 8, 32, 256);
  // Parts pay for sums of their own: not many where there are many parameters.
  const int64_t cells = x.cells() * loss_.outputs + x.rows;
  const int64_t affordable = cells / (4 * parameters_) + 1;
  const int64_t filled = cells / partCells + 1;
  ends_ = cutRows(x, clamp(affordable, least(8, filled), least(mostParts, filled)));
  sums_.resize(ends_.size() * static_cast<size_t>(sumsStep_));
  gradient.resize(static_cast<size_t>(parameters_));
}

void ObjectivePass::begin(const double* at, bool keep) {
  at_ = at;
  keep_ = keep;
  product_ = false;
  next_ = 0;
  if (keep) curvature.resize(static_cast<size_t>(x_.rows * loss_.outputs));
  if (hasScale()) loss_.scale = std::exp(at[parameters_ - 1]);
}

void ObjectivePass::beginProduct(const double* direction) {
  at_ = direction;
  product_ = true;
  next_ = 0;
}

Step ObjectivePass::run(Runtime& runtime, double& work) {
  const int64_t parts = static_cast<int64_t>(ends_.size());
  const double cells = static_cast<double>(x_.cells() * loss_.outputs) / static_cast<double>(parts);
  const int64_t count = least(parts - next_, clamp(static_cast<int64_t>(sliceCells / (cells + 1)), 1, parts));
  bool failed = false;
  auto task = [&](int64_t t, int worker) {
    const size_t index = static_cast<size_t>(next_ + t);
    double* const sums = sums_.data() + index * static_cast<size_t>(sumsStep_);
    memset(sums, 0, sizeof(double) * static_cast<size_t>(sumsStep_));
    part(runtime, worker, index == 0 ? 0 : ends_[index - 1], ends_[index], sums, failed);
  };
  parallel(runtime, count, task);
  if (__atomic_load_n(&failed, __ATOMIC_RELAXED)) return Step::outOfMemory;
  work += static_cast<double>(count) * (cells * (x_.sparse() ? 2 : 0.5) + 10 * cells / static_cast<double>(x_.width));
  next_ += count;
  if (next_ < parts) return Step::more;
  parallelRanges(runtime, parameters_, 8192, [&](int64_t from, int64_t to, int) {
    double* const into = gradient.data();
    for (int64_t j = from; j < to; j++) into[j] = sums_[static_cast<size_t>(j)];
    for (int64_t p = 1; p < parts; p++)
      addScaled(1.0, sums_.data() + p * sumsStep_ + from, into + from, to - from);
    for (int64_t j = from; j < to; j++) into[j] /= terms_.total;
  });
  double loss = 0, scaleSlope = 0;
  for (int64_t p = 0; p < parts; p++) {
    loss += sums_[static_cast<size_t>(p * sumsStep_ + parameters_)];
    scaleSlope += sums_[static_cast<size_t>(p * sumsStep_ + parameters_ + 1)];
  }
  if (!terms_.intercept)
    for (int64_t k = 0; k < loss_.outputs; k++)
      gradient[static_cast<size_t>(x_.width * loss_.outputs + k)] = 0;
  if (hasScale()) gradient.back() = scaleSlope / terms_.total * loss_.scale;
  value = loss / terms_.total;
  if (terms_.penalty > 0) {
    const int64_t coefficients = x_.width * loss_.outputs;
    value += 0.5 * terms_.penalty * dotProduct(runtime, at_, at_, coefficients);
    addMultiple(runtime, terms_.penalty, at_, gradient.data(), coefficients);
  }
  return Step::done;
}

/// From the scores of `rows` rows to their derivatives (or the Hessian's answer to them).
void ObjectivePass::turn(int64_t from, int64_t rows, double* scores, double* sums) {
  const int64_t k = loss_.outputs;
  if (!product_) {
    double* const kept = keep_ ? curvature.data() + from * k : nullptr;
    const BlockSums block = lossOfRows(loss_, scores, terms_.targets + from,
                                       terms_.weights == nullptr ? nullptr : terms_.weights + from, rows, kept);
    sums[parameters_] += block.loss;
    sums[parameters_ + 1] += block.scaleSlope;
  } else if (k == 1) {
    for (int64_t i = 0; i < rows; i++) scores[i] *= curvature[static_cast<size_t>(from + i)];
  } else {
    for (int64_t i = 0; i < rows; i++) {
      const double* const p = curvature.data() + (from + i) * k;
      double* const s = scores + i * k;
      double mean = 0;
      for (int64_t c = 0; c < k; c++) mean += p[c] * s[c];
      const double weight = terms_.weights == nullptr ? 1 : terms_.weights[from + i];
      for (int64_t c = 0; c < k; c++) s[c] = weight * p[c] * (s[c] - mean);
    }
  }
  double* const intercepts = sums + x_.width * k;
  for (int64_t i = 0; i < rows; i++)
    for (int64_t c = 0; c < k; c++) intercepts[c] += scores[i * k + c];
}

void ObjectivePass::part(Runtime& runtime, int worker, int64_t from, int64_t to, double* sums,
                         bool& failed) {
  const int64_t k = loss_.outputs;
  double* const scores =
      static_cast<double*>(scratch(runtime, worker, 3, sizeof(double) * static_cast<size_t>(blockRows_ * k + wide)));
  if (scores == nullptr) return __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
  const double* const intercepts = at_ + x_.width * k;
  for (int64_t row = from; row < to; row += blockRows_) {
    const int64_t rows = least(blockRows_, to - row);
    if (x_.sparse()) {
      for (int64_t i = 0; i < rows; i++) {
        double* const s = scores + i * k;
        for (int64_t c = 0; c < k; c++) s[c] = intercepts[c];
        const int32_t* const columns = x_.columns;
        const int32_t end = x_.starts[row + i + 1];
        int32_t n = x_.starts[row + i];
        if (k == 1) {
          double a = 0, b = 0, c = 0, d = 0;
          for (; n + 4 <= end; n += 4) {
            a += x_.values[n] * at_[columns[n]];
            b += x_.values[n + 1] * at_[columns[n + 1]];
            c += x_.values[n + 2] * at_[columns[n + 2]];
            d += x_.values[n + 3] * at_[columns[n + 3]];
          }
          for (; n < end; n++) a += x_.values[n] * at_[columns[n]];
          s[0] += (a + b) + (c + d);
        } else {
          for (; n < end; n++) addScaled(x_.values[n], at_ + columns[n] * k, s, k);
        }
      }
      turn(row, rows, scores, sums);
      for (int64_t i = 0; i < rows; i++) {
        const double* const s = scores + i * k;
        const int32_t end = x_.starts[row + i + 1];
        if (k == 1)
          for (int32_t n = x_.starts[row + i]; n < end; n++) sums[x_.columns[n]] += s[0] * x_.values[n];
        else
          for (int32_t n = x_.starts[row + i]; n < end; n++)
            addScaled(x_.values[n], s, sums + x_.columns[n] * k, k);
      }
    } else if (k == 1) {
      x_.dense(row, [&](auto x) {
        const int64_t width = x_.width;
        int64_t i = 0;
        for (; i + 4 <= rows; i += 4) dotFourRows(x + i * width, width, at_, width, scores + i);
        for (; i < rows; i++) scores[i] = dotOneRow(x + i * width, at_, width);
        for (i = 0; i < rows; i++) scores[i] += intercepts[0];
        turn(row, rows, scores, sums);
        addRows(x, rows, width, scores, sums);
      });
    } else if (!denseMany(runtime, worker, row, row + rows, scores, sums)) {
      return __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
    }
  }
}

/// Dense rows with several outputs: two small matrix products.
bool ObjectivePass::denseMany(Runtime& runtime, int worker, int64_t from, int64_t to, double* scores,
                              double* sums) {
  const int64_t k = loss_.outputs, width = x_.width, rows = to - from;
  double* const product =
      static_cast<double*>(scratch(runtime, worker, 2, sizeof(double) * static_cast<size_t>(width * k)));
  if (product == nullptr) return false;
  const double* x = x_.doubles + from * width;
  if (x_.form == RowForm::float32) {
    double* const copy =
        static_cast<double*>(scratch(runtime, worker, 1, sizeof(double) * static_cast<size_t>(rows * width)));
    if (copy == nullptr) return false;
    for (int64_t i = 0; i < rows * width; i++) copy[i] = static_cast<double>(x_.floats[from * width + i]);
    x = copy;
  }
  const Product<double> forward{rows, k, width, x, width, 1, at_, k, 1, scores, k, at_ + width * k,
                                RegisterOp::copy};
  if (multiplySmall(runtime, worker, forward) != Status::ok) return false;
  turn(from, rows, scores, sums);
  const Product<double> backward{width, k, rows, x, 1, width, scores, k, 1, product, k, nullptr,
                                 RegisterOp::copy};
  if (multiplySmall(runtime, worker, backward) != Status::ok) return false;
  addScaled(1.0, product, sums, width * k);
  return true;
}

}  // namespace athanor

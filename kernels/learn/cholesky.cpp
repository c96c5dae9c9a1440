// Cholesky's factorisation: what is left of a panel comes from one matrix product with the panels
// before it.
#include "learn/cholesky.h"

#include <cmath>

#include "gemm.h"
#include "learn/wide-vectors.h"
#include "ranges.h"

namespace athanor {

namespace {

constexpr int64_t panelColumns = 96;

}  // namespace

void Cholesky::begin(double* a, int64_t n) {
  a_ = a;
  n_ = n;
  next_ = 0;
  positive_ = true;
  // What is left of a diagonal element must be more than rounding of what it was.
  least_.resize(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; i++)
    least_[static_cast<size_t>(i)] = a[i * n + i] * static_cast<double>(n + 8) * 2.3e-16;
}

Step Cholesky::run(Runtime& runtime, double& work) {
  if (next_ >= n_) return Step::done;
  const int64_t to = next_ + panelColumns < n_ ? next_ + panelColumns : n_;
  const double below = static_cast<double>(n_ - next_);
  work += below * static_cast<double>(to - next_) * static_cast<double>(to) / 4;
  if (next_ > 0) {
    product_.resize(static_cast<size_t>((n_ - next_) * (to - next_)));
    const int64_t columns = to - next_;
    const Product<double> p{n_ - next_, columns, next_, a_ + next_ * n_, n_, 1, a_ + next_ * n_, 1, n_,
                            product_.data(), columns, nullptr, RegisterOp::copy};
    if (multiply(runtime, p) != Status::ok) return Step::outOfMemory;
    parallelRanges(runtime, n_ - next_, 64, [&](int64_t from, int64_t end, int) {
      for (int64_t i = from; i < end; i++)
        addScaled(-1.0, product_.data() + i * columns, a_ + (next_ + i) * n_ + next_, columns);
    });
  }
  if (!panel(runtime, next_, to)) {
    positive_ = false;
    next_ = n_;
    return Step::done;
  }
  next_ = to;
  return next_ < n_ ? Step::more : Step::done;
}

/// Columns [from, to), of which the products with earlier columns have been taken off.
bool Cholesky::panel(Runtime& runtime, int64_t from, int64_t to) {
  for (int64_t i = from; i < to; i++) {
    double* const row = a_ + i * n_;
    for (int64_t j = from; j < i; j++)
      row[j] = (row[j] - dotOf(row + from, a_ + j * n_ + from, j - from)) / a_[j * n_ + j];
    const double left = row[i] - dotOf(row + from, row + from, i - from);
    if (!(left > least_[static_cast<size_t>(i)])) return false;
    row[i] = std::sqrt(left);
  }
  parallelRanges(runtime, n_ - to, 32, [&](int64_t begin, int64_t end, int) {
    for (int64_t i = to + begin; i < to + end; i++) {
      double* const row = a_ + i * n_;
      for (int64_t j = from; j < to; j++)
        row[j] = (row[j] - dotOf(row + from, a_ + j * n_ + from, j - from)) / a_[j * n_ + j];
    }
  });
  return true;
}

bool Cholesky::factor(Runtime& runtime, double* a, int64_t n) {
  begin(a, n);
  double work = 0;
  Step step = Step::more;
  while (step == Step::more) step = run(runtime, work);
  return step == Step::done && positive_;
}

void Cholesky::solve(double* b) const {
  for (int64_t i = 0; i < n_; i++) b[i] = (b[i] - dotOf(a_ + i * n_, b, i)) / a_[i * n_ + i];
  for (int64_t i = n_ - 1; i >= 0; i--) {
    b[i] /= a_[i * n_ + i];
    addScaled(-b[i], a_ + i * n_, b, i);
  }
}

void Cholesky::solve(Runtime& runtime, double* b, int64_t count) const {
  auto task = [&](int64_t k, int) { solve(b + k * n_); };
  parallel(runtime, count, task);
}

}  // namespace athanor

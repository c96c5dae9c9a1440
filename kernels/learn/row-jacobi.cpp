#include "learn/row-jacobi.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ranges.h"
#include "learn/rotate.h"

namespace athanor {

namespace {

/// Squares below this are lost: such rows count as 0.
constexpr double leastSquare = 1e-290;
constexpr int mostSweeps = 80;

}  // namespace

void RowJacobi::begin(std::vector<double> a, int64_t rows, int64_t width) {
  a_ = std::move(a);
  rows_ = rows;
  width_ = width;
  sweeps_ = 0;
  norms_.assign(static_cast<size_t>(rows), 0.0);
  // An even number of places: the last may stay empty.
  places_.resize(static_cast<size_t>((rows + 1) / 2 * 2));
  beginSweep();
}

void RowJacobi::beginSweep() {
  round_ = 0;
  rotated_ = false;
  sweeps_++;
  for (size_t i = 0; i < places_.size(); i++) places_[i] = static_cast<int64_t>(i);
  for (int64_t i = 0; i < rows_; i++)
    norms_[i] = dotOf(a_.data() + i * width_, a_.data() + i * width_, width_);
}

Step RowJacobi::run(Runtime& runtime, double& work) {
  const int64_t players = static_cast<int64_t>(places_.size()), pairs = players / 2;
  for (double done = 0; done < 1e5;) {
    // Everybody but the first moves on by one place: each pair meets once in a sweep.
    if (rows_ > 1) {
      const int64_t perTask = rowsPerTask(8 * width_);
      bool rotated = false;
      parallelRanges(runtime, pairs, perTask, [&](int64_t from, int64_t to, int) {
        for (int64_t p = from; p < to; p++) {
          const int64_t i = std::min(places_[p], places_[players - 1 - p]);
          const int64_t j = std::max(places_[p], places_[players - 1 - p]);
          if (j < rows_ && rotatePair(i, j)) __atomic_store_n(&rotated, true, __ATOMIC_RELAXED);
        }
      });
      rotated_ = rotated_ || __atomic_load_n(&rotated, __ATOMIC_RELAXED);
      std::rotate(places_.begin() + 1, places_.end() - 1, places_.end());
    }
    const double part = 2.0 * static_cast<double>(pairs * width_);
    done += part;
    work += part;
    if (++round_ < players - 1) continue;
    if (!rotated_) {
      finish();
      return Step::done;
    }
    if (sweeps_ == mostSweeps) return Step::notFinite;
    beginSweep();
  }
  return Step::more;
}

/// Makes two rows orthogonal, the longer one first. False where they are so already.
bool RowJacobi::rotatePair(int64_t i, int64_t j) {
  double* const a = a_.data() + i * width_;
  double* const b = a_.data() + j * width_;
  double& alpha = norms_[i];
  double& beta = norms_[j];
  if (!(alpha > leastSquare || beta > leastSquare)) return false;
  const double gamma = dotOf(a, b, width_);
  const double tolerance =
      std::numeric_limits<double>::epsilon() * std::sqrt(static_cast<double>(width_) + 100);
  const bool meet = std::fabs(gamma) > tolerance * std::sqrt(alpha) * std::sqrt(beta) &&
                    std::fabs(gamma) > leastSquare;
  if (!meet) {
    if (alpha >= beta) return false;
    std::swap_ranges(a, a + width_, b);
    std::swap(alpha, beta);
    return false;
  }
  const double zeta = (beta - alpha) / (2 * gamma);
  double t = 1 / (std::fabs(zeta) + std::hypot(1.0, zeta));
  if (zeta < 0) t = -t;
  const double cosine = 1 / std::hypot(1.0, t), sine = cosine * t;
  rotate(a, b, cosine, sine, width_);
  alpha -= t * gamma;
  beta += t * gamma;
  if (alpha < beta) {
    std::swap_ranges(a, a + width_, b);
    std::swap(alpha, beta);
  }
  return true;
}

void RowJacobi::finish() {
  std::vector<int64_t> order(static_cast<size_t>(rows_));
  for (int64_t i = 0; i < rows_; i++) {
    order[i] = i;
    norms_[i] = dotOf(a_.data() + i * width_, a_.data() + i * width_, width_);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return norms_[a] > norms_[b]; });
  std::vector<double> sorted(a_.size());
  values_.assign(static_cast<size_t>(rows_), 0.0);
  for (int64_t i = 0; i < rows_; i++) {
    const double square = norms_[order[i]];
    if (!(square > leastSquare)) continue;
    values_[i] = std::sqrt(square);
    const double* const from = a_.data() + order[i] * width_;
    for (int64_t k = 0; k < width_; k++) sorted[i * width_ + k] = from[k] / values_[i];
  }
  a_.swap(sorted);
  for (int64_t i = 0; i < rows_; i++)
    if (values_[i] == 0) completeRow(i);
}

/// Row i becomes a unit vector orthogonal to the rows before it.
void RowJacobi::completeRow(int64_t i) {
  double* const x = a_.data() + i * width_;
  // Of all unit vectors, the one that the rows before it say least about.
  std::vector<double> said(static_cast<size_t>(width_), 0.0);
  for (int64_t r = 0; r < i; r++)
    for (int64_t k = 0; k < width_; k++) said[k] += a_[r * width_ + k] * a_[r * width_ + k];
  std::fill(x, x + width_, 0.0);
  x[std::min_element(said.begin(), said.end()) - said.begin()] = 1;
  for (int pass = 0; pass < 2; pass++) {
    for (int64_t r = 0; r < i; r++) {
      const double* const other = a_.data() + r * width_;
      addScaled(-dotOf(x, other, width_), other, x, width_);
    }
    const double norm = std::sqrt(dotOf(x, x, width_));
    for (int64_t k = 0; k < width_; k++) x[k] /= norm;
  }
}

}  // namespace athanor

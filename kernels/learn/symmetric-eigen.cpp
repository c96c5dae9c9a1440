#include "learn/symmetric-eigen.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "learn/rotate.h"

namespace athanor {

void SymmetricEigen::begin(std::vector<double> a, int64_t n) {
  n_ = n;
  next_ = 0;
  largest_ = 0;
  phase_ = Phase::reduce;
  a_ = std::move(a);
  const size_t size = static_cast<size_t>(n);
  reflectors_.assign(size * size, 0.0);
  factors_.assign(size, 0.0);
  diagonal_.assign(size, 0.0);
  below_.assign(size, 0.0);
  v_.assign(size, 0.0);
  w_.assign(size, 0.0);
}

Step SymmetricEigen::run(double& work) {
  // So many columns that a slice is worth the way to it.
  Step step = Step::more;
  for (const double until = work + 1e5; step == Step::more && work < until;) step = advance(work);
  return step;
}

Step SymmetricEigen::advance(double& work) {
  const double cells = static_cast<double>(n_) * static_cast<double>(n_);
  switch (phase_) {
    case Phase::reduce:
      reduceColumn();
      work += 0.5 * cells;
      if (++next_ < n_) return Step::more;
      vectors_.assign(static_cast<size_t>(n_ * n_), 0.0);
      for (int64_t i = 0; i < n_; i++) vectors_[i * n_ + i] = 1;
      phase_ = Phase::accumulate;
      next_ = n_ - 1;
      return Step::more;
    case Phase::accumulate:
      if (next_ > 0) accumulateReflector();
      work += 0.3 * cells;
      if (--next_ > 0) return Step::more;
      phase_ = Phase::iterate;
      next_ = 0;
      for (int64_t i = 0; i < n_; i++)
        largest_ = std::fmax(largest_, std::fabs(diagonal_[i]) + std::fabs(below_[i]));
      return Step::more;
    case Phase::iterate:
      if (!findValue()) return Step::notFinite;
      work += cells;
      if (++next_ < n_) return Step::more;
      sort();
      return Step::done;
  }
  return Step::invalid;
}

/// Column `next_` below the diagonal becomes a single number by a reflector I − factor · v · vᵀ.
void SymmetricEigen::reduceColumn() {
  const int64_t k = next_, m = n_ - k - 1;
  diagonal_[k] = row(k)[k];
  if (m == 0) return;
  double* const v = reflectors_.data() + k * n_ + k + 1;
  double most = 0;
  for (int64_t i = 0; i < m; i++) {
    v[i] = row(k + 1 + i)[k];
    most = std::fmax(most, std::fabs(v[i]));
  }
  double rest = 0;
  for (int64_t i = 1; i < m; i++) rest = std::fmax(rest, std::fabs(v[i]));
  if (!(rest > 0)) {
    below_[k] = v[0];
    return;
  }
  double norm = 0;
  for (int64_t i = 0; i < m; i++) norm += (v[i] / most) * (v[i] / most);
  norm = most * std::sqrt(norm);
  const double alpha = v[0] > 0 ? -norm : norm;
  const double first = v[0] - alpha;
  for (int64_t i = 1; i < m; i++) v[i] /= first;
  v[0] = 1;
  const double factor = -first / alpha;
  factors_[k] = factor;
  below_[k] = alpha;
  // w = factor · A · v − ½ · factor · (wᵀ · v) · v, from the lower triangle of the rest of A.
  double* const w = w_.data();
  std::fill(w, w + m, 0.0);
  for (int64_t i = 0; i < m; i++) {
    const double* const a = row(k + 1 + i) + k + 1;
    w[i] += a[i] * v[i] + dotOf(a, v, i);
    addScaled(v[i], a, w, i);
  }
  for (int64_t i = 0; i < m; i++) w[i] *= factor;
  addScaled(-0.5 * factor * dotOf(w, v, m), v, w, m);
  for (int64_t i = 0; i < m; i++) {
    double* const a = row(k + 1 + i) + k + 1;
    const double vi = v[i], wi = w[i];
    for (int64_t j = 0; j <= i; j++) a[j] -= vi * w[j] + wi * v[j];
  }
}

/// vectors ← vectors · (I − factor · v · vᵀ), where reflector `next_ − 1` reaches.
void SymmetricEigen::accumulateReflector() {
  const int64_t k = next_ - 1, m = n_ - k - 1;
  const double factor = factors_[k];
  if (factor == 0 || m == 0) return;
  const double* const v = reflectors_.data() + k * n_ + k + 1;
  for (int64_t i = 0; i < m; i++) {
    double* const to = vectors_.data() + (k + 1 + i) * n_ + k + 1;
    addScaled(-factor * dotOf(to, v, m), v, to, m);
  }
}

/// The QL iteration for value `next_`. False: it does not converge, since something is not finite.
bool SymmetricEigen::findValue() {
  const int64_t l = next_;
  std::vector<double>&d = diagonal_, &e = below_;
  for (int round = 0; round < 60; round++) {
    int64_t m = l;
    for (; m < n_ - 1; m++) {
      // Rotations round by as much as the largest elements do, so that in the end only these count.
      const double size = round < 10 ? std::fabs(d[m]) + std::fabs(d[m + 1]) : largest_;
      if (std::fabs(e[m]) <= std::numeric_limits<double>::epsilon() * size) break;
    }
    if (m == l) return std::isfinite(d[l]);
    double g = (d[l + 1] - d[l]) / (2 * e[l]);
    double r = std::hypot(g, 1.0);
    g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
    double s = 1, c = 1, p = 0;
    int64_t i = m - 1;
    for (; i >= l; i--) {
      double f = s * e[i];
      const double b = c * e[i];
      r = std::hypot(f, g);
      e[i + 1] = r;
      if (r == 0) {
        d[i + 1] -= p;
        e[m] = 0;
        break;
      }
      s = f / r;
      c = g / r;
      g = d[i + 1] - p;
      r = (d[i] - g) * s + 2 * c * b;
      p = s * r;
      d[i + 1] = g + p;
      g = c * r - b;
      rotate(vectors_.data() + i * n_, vectors_.data() + (i + 1) * n_, c, s, n_);
    }
    if (r == 0 && i >= l) continue;
    d[l] -= p;
    e[l] = g;
    e[m] = 0;
  }
  return false;
}

void SymmetricEigen::sort() {
  std::vector<int64_t> order(static_cast<size_t>(n_));
  for (int64_t i = 0; i < n_; i++) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return diagonal_[a] > diagonal_[b]; });
  values_.resize(static_cast<size_t>(n_));
  for (int64_t i = 0; i < n_; i++) {
    values_[i] = diagonal_[order[i]];
    std::copy_n(vectors_.data() + order[i] * n_, n_, a_.data() + i * n_);
  }
  vectors_.swap(a_);
}

}  // namespace athanor

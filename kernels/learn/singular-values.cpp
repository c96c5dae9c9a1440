#include "learn/singular-values.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "learn/rotate.h"

namespace athanor {

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double tiny = 1e-290;

/// Makes x, of which the first element is to stay alone, a reflector with 1 in front: I − factor · x · xᵀ.
/// Returns what stays; a factor of 0 leaves x alone.
double makeReflector(double* x, int64_t n, double& factor) {
  factor = 0;
  const double first = x[0];
  if (n < 2 || !(largestMagnitude(x + 1, n - 1) > 0)) return first;
  const double most = largestMagnitude(x, n);
  double square = 0;
  for (int64_t i = 0; i < n; i++) square += (x[i] / most) * (x[i] / most);
  const double norm = most * std::sqrt(square);
  const double alpha = first > 0 ? -norm : norm;
  for (int64_t i = 1; i < n; i++) x[i] /= first - alpha;
  x[0] = 1;
  factor = -(first - alpha) / alpha;
  return alpha;
}

/// The rotation that takes (f, g) to (length, 0).
double rotation(double f, double g, double& cosine, double& sine) {
  const double length = std::hypot(f, g);
  cosine = length > 0 ? f / length : 1;
  sine = length > 0 ? g / length : 0;
  return length;
}

}  // namespace

void SingularValues::begin(std::vector<double> a, int64_t n) {
  n_ = n;
  next_ = 0;
  rounds_ = 0;
  largest_ = 0;
  phase_ = Phase::reduce;
  a_ = std::move(a);
  const size_t size = static_cast<size_t>(n);
  reflectors_.assign(size * size, 0.0);
  factors_.assign(size, 0.0);
  diagonal_.assign(size, 0.0);
  above_.assign(size + 1, 0.0);
  v_.assign(size, 0.0);
  w_.assign(size, 0.0);
}

Step SingularValues::run(double& work) {
  // So many columns that a slice is worth the way to it.
  Step step = Step::more;
  for (const double until = work + 1e5; step == Step::more && work < until;) step = advance(work);
  return step;
}

Step SingularValues::advance(double& work) {
  const double cells = static_cast<double>(n_) * static_cast<double>(n_);
  switch (phase_) {
    case Phase::reduce:
      reduceColumn();
      work += cells;
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
      next_ = n_;
      for (int64_t i = 0; i < n_; i++)
        largest_ = std::fmax(largest_, std::fabs(diagonal_[i]) + std::fabs(above_[i]));
      return Step::more;
    case Phase::iterate:
      if (!iterate(work)) return Step::notFinite;
      if (next_ > 0) return Step::more;
      sort();
      return Step::done;
  }
  return Step::invalid;
}

/// Column `next_` becomes its diagonal alone, by a reflector from the left; row `next_` becomes the
/// diagonal and its neighbour, by one from the right.
void SingularValues::reduceColumn() {
  const int64_t k = next_, m = n_ - k, rest = m - 1;
  double* const v = v_.data();
  for (int64_t i = 0; i < m; i++) v[i] = row(k + i)[k];
  double left = 0;
  diagonal_[k] = makeReflector(v, m, left);
  if (rest == 0) return;
  double* const w = w_.data();
  std::fill(w, w + rest, 0.0);
  if (left != 0)
    for (int64_t i = 0; i < m; i++) addScaled(v[i], row(k + i) + k + 1, w, rest);
  double* const u = reflectors_.data() + k * n_ + k + 1;
  std::copy_n(row(k) + k + 1, rest, u);
  if (left != 0) addScaled(-left, w, u, rest);
  above_[k] = makeReflector(u, rest, factors_[k]);
  for (int64_t i = 1; i < m; i++) {
    double* const x = row(k + i) + k + 1;
    if (left != 0) addScaled(-left * v[i], w, x, rest);
    if (factors_[k] != 0) addScaled(-factors_[k] * dotOf(x, u, rest), u, x, rest);
  }
}

/// vectors ← vectors · (I − factor · u · uᵀ), where reflector `next_ − 1` reaches.
void SingularValues::accumulateReflector() {
  const int64_t k = next_ - 1, m = n_ - k - 1;
  const double factor = factors_[k];
  if (factor == 0) return;
  const double* const u = reflectors_.data() + k * n_ + k + 1;
  for (int64_t i = 0; i < m; i++) {
    double* const to = vectors_.data() + (k + 1 + i) * n_ + k + 1;
    addScaled(-factor * dotOf(to, u, m), u, to, m);
  }
}

/// Vectors i and j: (i, j) ← (c · i + s · j, c · j − s · i).
void SingularValues::rotateVectors(int64_t i, int64_t j, double cosine, double sine) {
  rotate(vectors_.data() + j * n_, vectors_.data() + i * n_, cosine, sine, n_);
}

/// One step on the values up to `next_`: one is found, or the matrix splits, or a bulge is chased.
bool SingularValues::iterate(double& work) {
  std::vector<double>&s = diagonal_, &e = above_;
  const int64_t p = next_;
  if (++rounds_ > 200) return false;
  int64_t k = p - 2;
  for (; k >= 0; k--) {
    // Rotations round by as much as the largest elements do, so that in the end only these count.
    const double size = rounds_ < 30 ? std::fabs(s[k]) + std::fabs(s[k + 1]) : largest_;
    if (std::fabs(e[k]) > tiny + epsilon * size) continue;
    e[k] = 0;
    break;
  }
  work += static_cast<double>(p);
  if (k == p - 2) {
    if (!std::isfinite(s[p - 1])) return false;
    next_--;
    rounds_ = 0;
    return true;
  }
  int64_t zero = p - 1;
  for (; zero > k; zero--) {
    const double around = std::fabs(e[zero]) * (zero != p - 1) +
                          (zero != k + 1 ? std::fabs(e[zero - 1]) : 0.0);
    if (std::fabs(s[zero]) <= tiny + epsilon * around) {
      s[zero] = 0;
      break;
    }
  }
  work += static_cast<double>((p - k) * n_);
  if (zero == k)
    chase(k + 1);
  else if (zero == p - 1)
    dropLast(k + 1);
  else
    split(zero + 1);
  return true;
}

/// The last diagonal is 0: what stands above it is rotated away.
void SingularValues::dropLast(int64_t k) {
  const int64_t p = next_;
  double f = above_[p - 2];
  above_[p - 2] = 0;
  for (int64_t j = p - 2; j >= k; j--) {
    double cosine, sine;
    diagonal_[j] = rotation(diagonal_[j], f, cosine, sine);
    if (j != k) {
      f = -sine * above_[j - 1];
      above_[j - 1] *= cosine;
    }
    rotateVectors(j, p - 1, cosine, sine);
  }
}

/// Diagonal k − 1 is 0: its row is rotated away, which touches left vectors alone.
void SingularValues::split(int64_t k) {
  double f = above_[k - 1];
  above_[k - 1] = 0;
  for (int64_t j = k; j < next_; j++) {
    double cosine, sine;
    diagonal_[j] = rotation(diagonal_[j], f, cosine, sine);
    f = -sine * above_[j];
    above_[j] *= cosine;
  }
}

/// One implicit QR step with the shift of the last two rows.
void SingularValues::chase(int64_t k) {
  std::vector<double>&s = diagonal_, &e = above_;
  const int64_t p = next_;
  const double scale = std::max({std::fabs(s[p - 1]), std::fabs(s[p - 2]), std::fabs(e[p - 2]),
                                 std::fabs(s[k]), std::fabs(e[k])});
  const double last = s[p - 1] / scale, before = s[p - 2] / scale, over = e[p - 2] / scale;
  const double first = s[k] / scale;
  const double b = ((before + last) * (before - last) + over * over) / 2;
  const double c = (last * over) * (last * over);
  double shift = 0;
  if (b != 0 || c != 0) shift = c / (b + std::copysign(std::sqrt(b * b + c), b));
  double f = (first + last) * (first - last) + shift;
  double g = first * (e[k] / scale);
  for (int64_t j = k; j < p - 1; j++) {
    double cosine, sine;
    double length = rotation(f, g, cosine, sine);
    if (j != k) e[j - 1] = length;
    f = cosine * s[j] + sine * e[j];
    e[j] = cosine * e[j] - sine * s[j];
    g = sine * s[j + 1];
    s[j + 1] *= cosine;
    rotateVectors(j, j + 1, cosine, sine);
    length = rotation(f, g, cosine, sine);
    s[j] = length;
    f = cosine * e[j] + sine * s[j + 1];
    s[j + 1] = cosine * s[j + 1] - sine * e[j];
    g = sine * e[j + 1];
    e[j + 1] *= cosine;
  }
  e[p - 2] = f;
}

void SingularValues::sort() {
  std::vector<int64_t> order(static_cast<size_t>(n_));
  for (int64_t i = 0; i < n_; i++) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return std::fabs(diagonal_[a]) > std::fabs(diagonal_[b]);
  });
  values_.resize(static_cast<size_t>(n_));
  for (int64_t i = 0; i < n_; i++) {
    values_[i] = std::fabs(diagonal_[order[i]]);
    std::copy_n(vectors_.data() + order[i] * n_, n_, a_.data() + i * n_);
  }
  vectors_.swap(a_);
}

}  // namespace athanor

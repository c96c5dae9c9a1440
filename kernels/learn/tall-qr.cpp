#include "learn/tall-qr.h"

#include <algorithm>
#include <cmath>

#include "learn/wide-vectors.h"

namespace athanor {

namespace {

/// Columns whose reflectors are applied together.
constexpr int64_t group = 32;
/// Rows of a block at least.
constexpr int64_t leastRows = 512;

/// One block, factored where it lies. `worker` below 0: products use all threads.
class BlockQr {
 public:
  BlockQr(Runtime& runtime, int worker, double* a, int64_t rows, int64_t columns)
      : runtime_(runtime), worker_(worker), a_(a), rows_(rows), columns_(columns) {}

  Status factor(bool wantQ, double* r) {
    factors_.assign(static_cast<size_t>(columns_), 0.0);
    const int64_t groups = (columns_ + group - 1) / group;
    triangles_.resize(static_cast<size_t>(groups * group * group));
    for (int64_t j = 0; j < columns_; j += group) {
      const int64_t width = std::min(group, columns_ - j), m = rows_ - j;
      load(j, width);
      for (int64_t k = 0; k < width; k++) reflect(j, k, width);
      for (int64_t k = 0; k < width; k++)
        for (int64_t i = 0; i < m; i++) a_[(j + i) * columns_ + j + k] = panel_[k * m + i];
      if (j + width == columns_ && !wantQ) break;
      makeTriangle(j, width);
      const Status status = apply(a_, j, j + width, width, true);
      if (status != Status::ok) return status;
    }
    for (int64_t i = 0; i < columns_; i++)
      for (int64_t j = 0; j < columns_; j++) r[i * columns_ + j] = i <= j ? a_[i * columns_ + j] : 0;
    return wantQ ? makeQ() : Status::ok;
  }

 private:
  /// Rows from j on of some columns into `panel_`, column by column.
  void load(int64_t j, int64_t width) {
    const int64_t m = rows_ - j;
    panel_.resize(static_cast<size_t>(m * width));
    for (int64_t i = 0; i < m; i++)
      for (int64_t k = 0; k < width; k++) panel_[k * m + i] = a_[(j + i) * columns_ + j + k];
  }

  /// Makes the reflector of the panel's column k and applies it to the columns after it. The column keeps
  /// R above the diagonal and on it, the reflector (whose first element is 1) below.
  void reflect(int64_t j, int64_t k, int64_t width) {
    const int64_t m = rows_ - j, length = m - k;
    double* const v = panel_.data() + k * m + k;
    const double most = largestMagnitude(v, length);
    if (!(most > 0)) return;
    const double inverse = 1 / most;
    double square = 0;
    for (int64_t i = 0; i < length; i++) square += (v[i] * inverse) * (v[i] * inverse);
    const double norm = most * std::sqrt(square);
    const double alpha = v[0] > 0 ? -norm : norm;
    const double first = v[0] - alpha;
    for (int64_t i = 1; i < length; i++) v[i] /= first;
    v[0] = 1;
    const double factor = -first / alpha;
    factors_[j + k] = factor;
    for (int64_t c = k + 1; c < width; c++) {
      double* const column = panel_.data() + c * m + k;
      addScaled(-factor * dotOf(v, column, length), v, column, length);
    }
    v[0] = alpha;
  }

  /// The upper triangle T of I − V · T · Vᵀ; `panel_` becomes V, zeros above its diagonal of ones.
  void makeTriangle(int64_t j, int64_t width) {
    const int64_t m = rows_ - j;
    for (int64_t k = 0; k < width; k++) {
      double* const v = panel_.data() + k * m;
      std::fill(v, v + k, 0.0);
      v[k] = factors_[j + k] != 0 ? 1 : 0;
      if (v[k] == 0) std::fill(v, v + m, 0.0);
    }
    double* const t = triangle(j);
    std::fill(t, t + group * group, 0.0);
    double product[group];
    for (int64_t k = 0; k < width; k++) {
      const double* const v = panel_.data() + k * m;
      for (int64_t i = 0; i < k; i++) product[i] = dotOf(panel_.data() + i * m + k, v + k, m - k);
      const double factor = factors_[j + k];
      for (int64_t i = 0; i < k; i++) {
        double sum = 0;
        for (int64_t l = i; l < k; l++) sum += t[i * group + l] * product[l];
        t[i * group + k] = -factor * sum;
      }
      t[k * group + k] = factor;
    }
  }

  double* triangle(int64_t j) { return triangles_.data() + j / group * group * group; }

  Status multiplied(const Product<double>& p) {
    return worker_ < 0 ? multiply(runtime_, p) : multiplySmall(runtime_, worker_, p);
  }

  /// Rows from j on of the columns from `from` on: less V · T · Vᵀ times themselves (or Tᵀ).
  Status apply(double* x, int64_t j, int64_t from, int64_t width, bool transposed) {
    const int64_t rest = columns_ - from, m = rows_ - j;
    if (rest == 0) return Status::ok;
    double* const target = x + j * columns_ + from;
    w_.resize(static_cast<size_t>(width * rest));
    Status status = multiplied({width, rest, m, panel_.data(), m, 1, target, columns_, 1, w_.data(), rest,
                                nullptr, RegisterOp::copy});
    if (status != Status::ok) return status;
    const double* const t = triangle(j);
    weighted_.assign(static_cast<size_t>(width * rest), 0.0);
    for (int64_t i = 0; i < width; i++)
      for (int64_t k = 0; k < width; k++)
        addScaled(transposed ? t[k * group + i] : t[i * group + k], w_.data() + k * rest,
                  weighted_.data() + i * rest, rest);
    product_.resize(static_cast<size_t>(m * rest));
    status = multiplied({m, rest, width, panel_.data(), 1, m, weighted_.data(), rest, 1, product_.data(),
                         rest, nullptr, RegisterOp::copy});
    if (status != Status::ok) return status;
    for (int64_t i = 0; i < m; i++) addScaled(-1.0, product_.data() + i * rest, target + i * columns_, rest);
    return Status::ok;
  }

  Status makeQ() {
    std::vector<double> q(static_cast<size_t>(rows_ * columns_));
    for (int64_t i = 0; i < columns_; i++) q[i * columns_ + i] = 1;
    for (int64_t j = (columns_ - 1) / group * group; j >= 0; j -= group) {
      const int64_t width = std::min(group, columns_ - j);
      load(j, width);
      makeTriangle(j, width);
      const Status status = apply(q.data(), j, j, width, false);
      if (status != Status::ok) return status;
    }
    std::copy(q.begin(), q.end(), a_);
    return Status::ok;
  }

  Runtime& runtime_;
  int worker_;
  double* a_;
  int64_t rows_;
  int64_t columns_;
  std::vector<double> factors_, triangles_, panel_, w_, weighted_, product_;
};

}  // namespace

Status TallQr::factor(Runtime& runtime, double* a, int64_t rows, int64_t columns, bool wantQ,
                      std::vector<double>& r) {
  r.resize(static_cast<size_t>(columns * columns));
  const int64_t blocks = rows / std::max(leastRows, 4 * columns);
  if (blocks < 2) return BlockQr(runtime, -1, a, rows, columns).factor(wantQ, r.data());
  const int64_t cells = columns * columns;
  std::vector<double> stack(static_cast<size_t>(blocks * cells));
  bool failed = false;
  const auto begin = [&](int64_t block) { return rows * block / blocks; };
  auto factorBlock = [&](int64_t block, int worker) {
    BlockQr qr(runtime, worker, a + begin(block) * columns, begin(block + 1) - begin(block), columns);
    const Status status = qr.factor(wantQ, stack.data() + block * cells);
    if (status != Status::ok) __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
  };
  parallel(runtime, blocks, factorBlock);
  if (__atomic_load_n(&failed, __ATOMIC_RELAXED)) return Status::outOfMemory;
  const Status status = factor(runtime, stack.data(), blocks * columns, columns, wantQ, r);
  if (status != Status::ok || !wantQ) return status;
  auto multiplyBlock = [&](int64_t block, int worker) {
    double* const q = a + begin(block) * columns;
    const int64_t height = begin(block + 1) - begin(block);
    std::vector<double> product(static_cast<size_t>(height * columns));
    const Status status = multiplySmall<double>(
        runtime, worker,
        {height, columns, columns, q, columns, 1, stack.data() + block * cells, columns, 1, product.data(),
         columns, nullptr, RegisterOp::copy});
    if (status != Status::ok) __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
    std::copy(product.begin(), product.end(), q);
  };
  parallel(runtime, blocks, multiplyBlock);
  return __atomic_load_n(&failed, __ATOMIC_RELAXED) ? Status::outOfMemory : Status::ok;
}

}  // namespace athanor

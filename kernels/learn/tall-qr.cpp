#include "learn/tall-qr.h"

#include <algorithm>
#include <cmath>

#include "learn/rotate.h"

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
      const int64_t width = std::min(group, columns_ - j);
      for (int64_t k = j; k < j + width; k++) reflect(k, j + width);
      if (j + width == columns_ && !wantQ) break;
      copyReflectors(j, width);
      makeTriangle(j, width);
      const Status status = apply(a_, j, j + width, width, true);
      if (status != Status::ok) return status;
    }
    for (int64_t i = 0; i < columns_; i++)
      for (int64_t j = 0; j < columns_; j++) r[i * columns_ + j] = i <= j ? a_[i * columns_ + j] : 0;
    return wantQ ? makeQ() : Status::ok;
  }

 private:
  double& at(int64_t row, int64_t column) { return a_[row * columns_ + column]; }

  /// Makes the reflector of column k and applies it to the columns up to `end`.
  void reflect(int64_t k, int64_t end) {
    const int64_t m = rows_ - k;
    v_.resize(static_cast<size_t>(m));
    double most = 0;
    for (int64_t i = 0; i < m; i++) {
      v_[i] = at(k + i, k);
      most = std::fmax(most, std::fabs(v_[i]));
    }
    if (most == 0) return;
    double norm = 0;
    for (int64_t i = 0; i < m; i++) norm += (v_[i] / most) * (v_[i] / most);
    norm = most * std::sqrt(norm);
    const double alpha = v_[0] > 0 ? -norm : norm;
    const double first = v_[0] - alpha;
    const double factor = -first / alpha;
    for (int64_t i = 1; i < m; i++) v_[i] /= first;
    v_[0] = 1;
    factors_[k] = factor;
    const int64_t rest = end - k - 1;
    w_.assign(static_cast<size_t>(rest), 0.0);
    for (int64_t i = 0; i < m; i++) addScaled(v_[i], &at(k + i, k) + 1, w_.data(), rest);
    for (int64_t i = 0; i < m; i++) {
      addScaled(-factor * v_[i], w_.data(), &at(k + i, k) + 1, rest);
      at(k + i, k) = v_[i];
    }
    at(k, k) = alpha;
  }

  /// Reflectors j … j + width as the columns of a matrix, ones on its diagonal.
  void copyReflectors(int64_t j, int64_t width) {
    const int64_t m = rows_ - j;
    reflectors_.resize(static_cast<size_t>(m * width));
    for (int64_t i = 0; i < m; i++)
      for (int64_t k = 0; k < width; k++)
        reflectors_[i * width + k] = i > k ? at(j + i, j + k) : i == k && factors_[j + k] != 0 ? 1 : 0;
  }

  /// The upper triangle T of I − V · T · Vᵀ.
  void makeTriangle(int64_t j, int64_t width) {
    const int64_t m = rows_ - j;
    products_.assign(static_cast<size_t>(width * width), 0.0);
    for (int64_t i = 0; i < m; i++) {
      const double* const v = reflectors_.data() + i * width;
      for (int64_t k = 0; k < width; k++) addScaled(v[k], v, products_.data() + k * width, width);
    }
    double* const t = triangle(j);
    for (int64_t k = 0; k < width; k++) {
      const double factor = factors_[j + k];
      for (int64_t i = 0; i < width; i++) t[i * group + k] = 0;
      for (int64_t i = 0; i < k; i++) {
        double sum = 0;
        for (int64_t l = i; l < k; l++) sum += t[i * group + l] * products_[l * width + k];
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
    Status status = multiplied({width, rest, m, reflectors_.data(), 1, width, target, columns_, 1,
                                w_.data(), rest, nullptr, RegisterOp::copy});
    if (status != Status::ok) return status;
    const double* const t = triangle(j);
    weighted_.assign(static_cast<size_t>(width * rest), 0.0);
    for (int64_t i = 0; i < width; i++)
      for (int64_t k = 0; k < width; k++)
        addScaled(transposed ? t[k * group + i] : t[i * group + k], w_.data() + k * rest, weighted_.data() + i * rest, rest);
    product_.resize(static_cast<size_t>(m * rest));
    status = multiplied({m, rest, width, reflectors_.data(), width, 1, weighted_.data(), rest, 1,
                         product_.data(), rest, nullptr, RegisterOp::copy});
    if (status != Status::ok) return status;
    for (int64_t i = 0; i < m; i++) addScaled(-1.0, product_.data() + i * rest, target + i * columns_, rest);
    return Status::ok;
  }

  Status makeQ() {
    std::vector<double> q(static_cast<size_t>(rows_ * columns_));
    for (int64_t i = 0; i < columns_; i++) q[i * columns_ + i] = 1;
    for (int64_t j = (columns_ - 1) / group * group; j >= 0; j -= group) {
      const int64_t width = std::min(group, columns_ - j);
      copyReflectors(j, width);
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
  std::vector<double> factors_, triangles_, v_, w_, reflectors_, products_, weighted_, product_;
};

}  // namespace

Status TallQr::factor(Runtime& runtime, double* a, int64_t rows, int64_t columns, bool wantQ,
                      std::vector<double>& r) {
  r.resize(static_cast<size_t>(columns * columns));
  const int64_t blocks = rows / std::max(leastRows, 4 * columns);
  if (blocks < 2) return BlockQr(runtime, -1, a, rows, columns).factor(wantQ, r.data());
  const int64_t cells = columns * columns;
  std::vector<double> stack(static_cast<size_t>(blocks * cells));
  Status failed = Status::ok;
  const auto begin = [&](int64_t block) { return rows * block / blocks; };
  auto factorBlock = [&](int64_t block, int worker) {
    BlockQr qr(runtime, worker, a + begin(block) * columns, begin(block + 1) - begin(block), columns);
    const Status status = qr.factor(wantQ, stack.data() + block * cells);
    if (status != Status::ok) __atomic_store_n(&failed, status, __ATOMIC_RELAXED);
  };
  parallel(runtime, blocks, factorBlock);
  if (failed != Status::ok) return failed;
  failed = factor(runtime, stack.data(), blocks * columns, columns, wantQ, r);
  if (failed != Status::ok || !wantQ) return failed;
  auto multiplyBlock = [&](int64_t block, int worker) {
    double* const q = a + begin(block) * columns;
    const int64_t height = begin(block + 1) - begin(block);
    std::vector<double> product(static_cast<size_t>(height * columns));
    const Status status = multiplySmall<double>(
        runtime, worker,
        {height, columns, columns, q, columns, 1, stack.data() + block * cells, columns, 1, product.data(),
         columns, nullptr, RegisterOp::copy});
    if (status != Status::ok) __atomic_store_n(&failed, status, __ATOMIC_RELAXED);
    std::copy(product.begin(), product.end(), q);
  };
  parallel(runtime, blocks, multiplyBlock);
  return failed;
}

}  // namespace athanor

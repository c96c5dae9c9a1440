// Normal distributions with full, tied, diagonal or spherical covariances: log-densities of rows, by the
// Cholesky factors of the inverse covariances (Murphy 2012, section 4.1).
#pragma once
#include <cmath>
#include <vector>

#include "gemm.h"
#include "learn/row-panels.h"

namespace athanor {

enum class CovarianceType : int32_t { full = 0, tied = 1, diagonal = 2, spherical = 3 };

/// Numbers of all covariances.
inline int64_t covarianceSize(CovarianceType type, int64_t components, int64_t width) {
  switch (type) {
    case CovarianceType::full: return components * width * width;
    case CovarianceType::tied: return width * width;
    case CovarianceType::diagonal: return components * width;
    case CovarianceType::spherical: return components;
  }
  return 0;
}

/// The inverse of the Cholesky factor L of a covariance, transposed: an upper triangle P with
/// P · Pᵀ = covariance⁻¹. False where the covariance is not positive definite.
inline bool precisionFactor(const double* covariance, int64_t n, double* factor) {
  std::vector<double> l(covariance, covariance + n * n);
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j <= i; j++) {
      double sum = l[i * n + j];
      for (int64_t k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      if (i == j) {
        if (!(sum > 0) || !std::isfinite(sum)) return false;
        l[i * n + i] = std::sqrt(sum);
      } else {
        l[i * n + j] = sum / l[j * n + j];
      }
    }
  // Row j of L⁻¹'s transpose, by forward substitution.
  for (int64_t j = 0; j < n; j++) {
    for (int64_t i = 0; i < j; i++) factor[j * n + i] = 0;
    for (int64_t i = j; i < n; i++) {
      double sum = i == j ? 1 : 0;
      for (int64_t k = j; k < i; k++) sum -= l[i * n + k] * factor[j * n + k];
      factor[j * n + i] = sum / l[i * n + i];
    }
  }
  return true;
}

class GaussianComponents {
 public:
  GaussianComponents(CovarianceType type, int64_t components, int64_t width)
      : type_(type),
        components_(components),
        width_(width),
        means_(static_cast<size_t>(components * width)),
        factors_(static_cast<size_t>(covarianceSize(type, components, width))),
        constants_(static_cast<size_t>(components)),
        origin_(static_cast<size_t>(width)) {}

  CovarianceType type() const { return type_; }
  int64_t components() const { return components_; }
  int64_t width() const { return width_; }
  const std::vector<double>& means() const { return means_; }
  const std::vector<double>& factors() const { return factors_; }

  /// Weights, means and factors of the precisions.
  void set(const double* weights, const double* means, const double* factors) {
    const int64_t d = width_;
    std::copy_n(means, means_.size(), means_.begin());
    std::copy_n(factors, factors_.size(), factors_.begin());
    for (int64_t k = 0; k < components_; k++)
      constants_[k] = std::log(weights[k]) - 0.5 * static_cast<double>(d) * std::log(6.283185307179586) +
                      logDeterminant(k);
    if (type_ != CovarianceType::tied) return;
    for (int64_t j = 0; j < d; j++) {
      double sum = 0;
      for (int64_t k = 0; k < components_; k++) sum += means_[k * d + j] / static_cast<double>(components_);
      origin_[j] = sum;
    }
    turned_.assign(static_cast<size_t>(components_ * d), 0.0);
    for (int64_t k = 0; k < components_; k++)
      for (int64_t i = 0; i < d; i++)
        for (int64_t j = i; j < d; j++)
          turned_[k * d + j] += (means_[k * d + i] - origin_[i]) * factors_[i * d + j];
  }

  /// Bytes of room that `logDensities` needs for so many rows.
  size_t room(int64_t rows) const {
    const int64_t wide = std::max(rows, panelRows<double>) * width_;
    return sizeof(double) * static_cast<size_t>(2 * wide + width_ + 64);
  }

  /// log weight + log density of `rows` rows (row-major) for each component, `rows × components`.
  bool logDensities(Runtime& runtime, int worker, const double* x, int64_t rows, double* room,
                    double* out) const {
    if (type_ == CovarianceType::full || type_ == CovarianceType::tied)
      return byProducts(runtime, worker, x, rows, room, out);
    byPanels(x, rows, room, out);
    return true;
  }

 private:
  double logDeterminant(int64_t k) const {
    double sum = 0;
    const int64_t d = width_;
    switch (type_) {
      case CovarianceType::full:
        for (int64_t j = 0; j < d; j++) sum += std::log(factors_[(k * d + j) * d + j]);
        return sum;
      case CovarianceType::tied:
        for (int64_t j = 0; j < d; j++) sum += std::log(factors_[j * d + j]);
        return sum;
      case CovarianceType::diagonal:
        for (int64_t j = 0; j < d; j++) sum += std::log(factors_[k * d + j]);
        return sum;
      case CovarianceType::spherical: return static_cast<double>(d) * std::log(factors_[k]);
    }
    return 0;
  }

  /// Differences times factors: the squares of what comes out add up to the distance.
  bool byProducts(Runtime& runtime, int worker, const double* x, int64_t rows, double* room,
                  double* out) const {
    const int64_t d = width_;
    double* const difference = room;
    double* const product = room + rows * d;
    const bool isTied = type_ == CovarianceType::tied;
    for (int64_t k = 0; k < components_; k++) {
      if (k == 0 || !isTied) {
        const double* const less = isTied ? origin_.data() : means_.data() + k * d;
        for (int64_t r = 0; r < rows; r++)
          for (int64_t j = 0; j < d; j++) difference[r * d + j] = x[r * d + j] - less[j];
        const double* const factor = factors_.data() + (isTied ? 0 : k * d * d);
        const Product<double> p{rows, d, d, difference, d, 1, factor, d, 1, product, d, nullptr, RegisterOp::copy};
        if (multiplySmall(runtime, worker, p) != Status::ok) return false;
      }
      for (int64_t r = 0; r < rows; r++) {
        const double* const y = product + r * d;
        double sum = 0;
        if (isTied) {
          for (int64_t j = 0; j < d; j++) {
            const double z = y[j] - turned_[k * d + j];
            sum += z * z;
          }
        } else {
          sum = dotOf(y, y, d);
        }
        out[r * components_ + k] = constants_[k] - 0.5 * sum;
      }
    }
    return true;
  }

  /// A row a lane.
  void byPanels(const double* x, int64_t rows, double* room, double* out) const {
    const int64_t d = width_;
    double* const panel = room;
    double* const rowMajor = panel + panelRows<double> * d;
    double* const zeros = rowMajor + panelRows<double> * d;
    std::fill(zeros, zeros + d, 0.0);
    const bool isSpherical = type_ == CovarianceType::spherical;
    for (int64_t first = 0; first < rows; first += panelRows<double>) {
      const int64_t count = std::min(panelRows<double>, rows - first);
      packPanel(panel, x + first * d, count, d, zeros, 1, rowMajor);
      for (int64_t k = 0; k < components_; k++) {
        Vec<double> sum[tileVectors] = {};
        for (int64_t j = 0; j < d; j++) {
          const Vec<double> mean = splat<double>(means_[k * d + j]);
          const Vec<double> factor = splat<double>(factors_[isSpherical ? k : k * d + j]);
          for (int v = 0; v < tileVectors; v++) {
            const Vec<double> z =
                (load<double>(panel + j * panelRows<double> + v * lanes<double>) - mean) * factor;
            sum[v] = fma(z, z, sum[v]);
          }
        }
        double squares[panelRows<double>];
        memcpy(squares, sum, sizeof(squares));
        for (int64_t i = 0; i < count; i++)
          out[(first + i) * components_ + k] = constants_[k] - 0.5 * squares[i];
      }
    }
  }

  CovarianceType type_;
  int64_t components_;
  int64_t width_;
  std::vector<double> means_, factors_, constants_;
  /// Of tied covariances: what all rows are taken less, and the means less it, times the factor.
  std::vector<double> origin_, turned_;
};

}  // namespace athanor

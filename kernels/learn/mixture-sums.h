// What the M-step of a Gaussian mixture needs: for each component Σ r, Σ r·(x − mean) and the squares of
// x − mean weighted by r, where mean is that of the iteration before: nothing is lost to cancellation.
#pragma once
#include "learn/gaussian-components.h"
#include "learn/scatter.h"

namespace athanor {

class MixtureSums {
 public:
  MixtureSums(CovarianceType type, int64_t components, int64_t width)
      : type_(type), components_(components), width_(width), scatter_(width) {
    each_ = type == CovarianceType::full ? 1 + scatter_.size() : 1 + 2 * width;
  }

  /// Numbers of the sums.
  int64_t size() const { return components_ * each_; }
  /// Numbers of room that `add` needs; it takes Scatter's blocks of rows.
  int64_t room() const { return scatter_.room() + Scatter<double>::blockRows; }

  /// Adds a block of rows with their responsibilities (`rows × components`).
  void add(const double* x, int64_t rows, const double* responsibilities, const double* means, double* room,
           double* sums) const {
    for (int64_t k = 0; k < components_; k++) {
      double* const own = sums + k * each_;
      double total = 0;
      for (int64_t r = 0; r < rows; r++) total += responsibilities[r * components_ + k];
      own[0] += total;
      if (total == 0) continue;
      if (type_ == CovarianceType::full)
        addProducts(x, rows, responsibilities + k, means + k * width_, room, own + 1);
      else
        addSquares(x, rows, responsibilities + k, means + k * width_, own + 1);
    }
  }

  double weight(const double* sums, int64_t k) const { return sums[k * each_]; }
  /// Σ r · (x − mean)[j].
  double shift(const double* sums, int64_t k, int64_t j) const {
    const double* const own = sums + k * each_ + 1;
    return type_ == CovarianceType::full ? scatter_.total(own)[j] : own[j];
  }
  /// Σ r · (x − mean)[i] · (x − mean)[j], i ≤ j; i = j unless covariances are full.
  double product(const double* sums, int64_t k, int64_t i, int64_t j) const {
    const double* const own = sums + k * each_ + 1;
    return type_ == CovarianceType::full ? scatter_.product(own, i, j) : own[width_ + j];
  }

 private:
  void addProducts(const double* x, int64_t rows, const double* r, const double* mean, double* room,
                   double* own) const {
    double* const roots = room + scatter_.room();
    for (int64_t i = 0; i < rows; i++) roots[i] = std::sqrt(r[i * components_]);
    scatter_.pack(x, rows, mean, 1, room, own, roots);
    for (int64_t p = 0; p < scatter_.panels(); p++) scatter_.addPanel(p, rows, room, own);
  }

  void addSquares(const double* x, int64_t rows, const double* r, const double* mean, double* own) const {
    double* const squares = own + width_;
    for (int64_t i = 0; i < rows; i++) {
      const double weight = r[i * components_];
      const double* const row = x + i * width_;
      for (int64_t j = 0; j < width_; j++) {
        const double z = row[j] - mean[j], weighted = weight * z;
        own[j] += weighted;
        squares[j] += weighted * z;
      }
    }
  }

  CovarianceType type_;
  int64_t components_;
  int64_t width_;
  int64_t each_ = 0;
  Scatter<double> scatter_;
};

}  // namespace athanor

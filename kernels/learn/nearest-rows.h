// The nearest of fixed centres for raw rows: what `predict` says, and the last word of `fit`. Everything
// is taken less the centres' mean, so that features far from 0 lose nothing.
#pragma once
#include "learn/nearest-centers.h"
#include "learn/sparse-cluster-rows.h"

namespace athanor {

class NearestRows {
 public:
  virtual ~NearestRows() = default;
  /// Labels of the rows from `begin` (a multiple of 64) to `end`. False: memory is out.
  virtual bool label(Runtime& runtime, int worker, int64_t begin, int64_t end,
                     int32_t* labels) const = 0;
};

template <typename T>
class DenseNearestRows : public NearestRows {
 public:
  DenseNearestRows(const T* x, int64_t width, const double* centers, int64_t count)
      : x_(x), width_(width), origin_(static_cast<size_t>(width)) {
    for (int64_t k = 0; k < width; k++) {
      double sum = 0;
      for (int64_t c = 0; c < count; c++) sum += centers[c * width + k] / static_cast<double>(count);
      origin_[k] = sum;
    }
    double size = 0;
    for (int64_t i = 0; i < count * width; i++)
      size = std::fmax(size, std::fabs(centers[i] - origin_[i % width]));
    // Far below 1: rows may lie much farther out than the centres.
    scale_ = scaleFor(size) * 0x1p-20;
    std::vector<double> scaled(static_cast<size_t>(count * width));
    for (int64_t i = 0; i < count * width; i++) scaled[i] = (centers[i] - origin_[i % width]) * scale_;
    centers_.pack(scaled.data(), count, width);
  }

  bool label(Runtime& runtime, int worker, int64_t begin, int64_t end,
             int32_t* labels) const override {
    const size_t bytes = sizeof(T) * static_cast<size_t>(panelRows<T> * width_);
    T* const panel = static_cast<T*>(scratch(runtime, worker, 0, bytes));
    T* const room = static_cast<T*>(scratch(runtime, worker, 1, bytes));
    if (panel == nullptr || room == nullptr) return false;
    int32_t found[panelRows<T>];
    for (int64_t r = begin; r < end; r += panelRows<T>) {
      const int64_t count = r + panelRows<T> < end ? panelRows<T> : end - r;
      packPanel(panel, x_ + r * width_, count, width_, origin_.data(), scale_, room);
      nearestCenters(panel, centers_, found);
      memcpy(labels + r, found, sizeof(int32_t) * static_cast<size_t>(count));
    }
    return true;
  }

 private:
  const T* x_;
  int64_t width_;
  std::vector<double> origin_;
  double scale_ = 1;
  PackedCenters<T> centers_;
};

class SparseNearestRows : public NearestRows {
 public:
  SparseNearestRows(const DesignRows& x, int64_t width, const double* centers, int64_t count) : x_(x) {
    double size = 0;
    for (int64_t i = 0; i < count * width; i++) size = std::fmax(size, std::fabs(centers[i]));
    const double scale = scaleFor(size) * 0x1p-20;
    std::vector<double> scaled(centers, centers + count * width);
    for (double& value : scaled) value *= scale;
    centers_.pack(scaled.data(), count, width, scale);
  }

  bool label(Runtime& runtime, int worker, int64_t begin, int64_t end,
             int32_t* labels) const override {
    double* const scores = static_cast<double*>(
        scratch(runtime, worker, 0, sizeof(double) * static_cast<size_t>(centers_.stride())));
    if (scores == nullptr) return false;
    for (int64_t r = begin; r < end; r++) labels[r] = centers_.nearest(x_, r, scores);
    return true;
  }

 private:
  DesignRows x_;
  SparseNearest centers_;
};

/// Rows per task.
constexpr int64_t nearestBlock = 2048;

}  // namespace athanor

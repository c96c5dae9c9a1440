// Σ (x − shift) · (x − shift)ᵀ over rows: what covariances are made of. Rows are laid into panels of one
// register's columns; tiles of the upper triangle are sums in registers over a block of rows.
#pragma once
#include "gemm-tile.h"

namespace athanor {

class Scatter {
 public:
  explicit Scatter(int64_t width) : width_(width), panels_((width + panel - 1) / panel) {}

  /// Rows that `add` takes at most.
  static constexpr int64_t blockRows = 128;

  int64_t width() const { return width_; }
  int64_t panels() const { return panels_; }
  /// Numbers of the sums: tiles of the upper triangle by panels, then Σ (x − shift).
  int64_t size() const { return tileOf(panels_, panels_) + panels_ * panel; }
  /// Numbers of one block's panels.
  int64_t room() const { return panels_ * panel * blockRows; }

  /// Rows into panels, times `scale`; their sum is added to `sums`.
  template <typename S>
  void pack(const S* x, int64_t rows, const double* shift, double scale, double* packed,
            double* sums) const {
    double* const total = sums + tileOf(panels_, panels_);
    for (int64_t q = 0; q < panels_; q++) {
      const int64_t first = q * panel;
      const int64_t count = first + panel < width_ ? panel : width_ - first;
      double* into = packed + q * panel * blockRows;
      if (count < panel) memset(into, 0, sizeof(double) * static_cast<size_t>(panel * rows));
      Vec<double> sum{};
      for (int64_t r = 0; r < rows; r++, into += panel) {
        const S* const from = x + r * width_ + first;
        if (count == panel) {
          for (int64_t j = 0; j < panel; j++)
            into[j] = (static_cast<double>(from[j]) - shift[first + j]) * scale;
        } else {
          for (int64_t j = 0; j < count; j++)
            into[j] = (static_cast<double>(from[j]) - shift[first + j]) * scale;
        }
        sum += load<double>(into);
      }
      store<double>(total + first, load<double>(total + first) + sum);
    }
  }

  /// Adds panel p's products with those from it on.
  void addPanel(int64_t p, int64_t rows, const double* packed, double* sums) const {
    int64_t q = p;
    for (; q + most <= panels_; q += most) tiles<most>(p, q, rows, packed, sums);
    for (; q < panels_; q++) tiles<1>(p, q, rows, packed, sums);
  }

  /// Both triangles, `width × width`, less the shift's share: Σ z·zᵀ − (Σz)(Σz)ᵀ / rows.
  std::vector<double> centered(const double* sums, int64_t rows) const {
    const double* const total = sums + tileOf(panels_, panels_);
    std::vector<double> full(static_cast<size_t>(width_ * width_));
    for (int64_t i = 0; i < width_; i++)
      for (int64_t j = i; j < width_; j++) {
        const double* const t = sums + tileOf(i / panel, j / panel);
        const double value =
            t[i % panel * panel + j % panel] - total[i] / static_cast<double>(rows) * total[j];
        full[i * width_ + j] = full[j * width_ + i] = value;
      }
    return full;
  }

  const double* total(const double* sums) const { return sums + tileOf(panels_, panels_); }

 private:
  static constexpr int64_t panel = lanes<double>;
#if defined(__AVX512F__) || defined(__AVX2__)
  static constexpr int most = 3;
#else
  static constexpr int most = 4;
#endif

  /// Where tile (p, q) begins; tiles of a row of panels follow each other.
  int64_t tileOf(int64_t p, int64_t q) const {
    return (p * panels_ - p * (p - 1) / 2 + (q - p)) * panel * panel;
  }

  template <int count>
  void tiles(int64_t p, int64_t q, int64_t rows, const double* packed, double* sums) const {
    const double* a = packed + p * panel * blockRows;
    const double* b = packed + q * panel * blockRows;
    Vec<double> sum[panel][count] = {};
    for (int64_t k = 0; k < rows; k++, a += panel, b += panel) {
      Vec<double> right[count];
      ATHANOR_UNROLL
      for (int v = 0; v < count; v++) right[v] = load<double>(b + v * panel * blockRows);
      ATHANOR_UNROLL
      for (int r = 0; r < panel; r++) {
        const Vec<double> left = splat<double>(a[r]);
        ATHANOR_UNROLL
        for (int v = 0; v < count; v++) sum[r][v] = fma(left, right[v], sum[r][v]);
      }
    }
    double* const into = sums + tileOf(p, q);
    for (int v = 0; v < count; v++)
      for (int r = 0; r < panel; r++) {
        double* const at = into + (v * panel + r) * panel;
        store<double>(at, load<double>(at) + sum[r][v]);
      }
  }

  int64_t width_;
  int64_t panels_;
};

}  // namespace athanor

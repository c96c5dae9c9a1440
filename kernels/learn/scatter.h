// Σ (x − shift) · (x − shift)ᵀ over rows: what covariances are made of. Rows are laid into panels of one
// register's columns; tiles of the upper triangle are sums in registers over a block of rows, in the
// precision of the rows, and go from there into float64.
#pragma once
#include <vector>

#include "gemm-tile.h"

namespace athanor {

template <typename T>
class Scatter {
 public:
  explicit Scatter(int64_t width) : width_(width), panels_((width + panel - 1) / panel) {}

  /// Rows that `pack` takes at most.
  static constexpr int64_t blockRows = 128;

  int64_t panels() const { return panels_; }
  /// Numbers of the sums: tiles of the upper triangle by panels, then Σ (x − shift).
  int64_t size() const { return tileOf(panels_, panels_) + panels_ * panel; }
  /// Elements of one block's panels.
  int64_t room() const { return panels_ * panel * blockRows; }

  /// Rows into panels, times `scale`; their sum is added to `sums`. With `roots`, the square roots of
  /// weights, products and sums are weighted.
  void pack(const T* x, int64_t rows, const T* shift, T scale, T* packed, double* sums,
            const T* roots = nullptr) const {
    double* const total = sums + tileOf(panels_, panels_);
    for (int64_t q = 0; q < panels_; q++) {
      const int64_t first = q * panel;
      const int64_t count = first + panel < width_ ? panel : width_ - first;
      T* into = packed + first * blockRows;
      Vec<T> sum{};
      if (count == panel) {
        const Vec<T> less = load<T>(shift + first);
        for (int64_t r = 0; r < rows; r++, into += panel)
          sum += put(into, (load<T>(x + r * width_ + first) - less) * scale, roots, r);
      } else {
        const int part = static_cast<int>(count);
        const Vec<T> less = loadPart(shift + first, part);
        for (int64_t r = 0; r < rows; r++, into += panel)
          sum += put(into, (loadPart(x + r * width_ + first, part) - less) * scale, roots, r);
      }
      add(total + first, sum);
    }
  }

  /// Adds panel p's products with those from it on.
  void addPanel(int64_t p, int64_t rows, const T* packed, double* sums) const {
    int64_t q = p;
    for (; q + most <= panels_; q += most) tiles<most>(p, q, rows, packed, sums);
    for (; q < panels_; q++) tiles<1>(p, q, rows, packed, sums);
  }

  /// Σ z[i] · z[j], i ≤ j.
  double product(const double* sums, int64_t i, int64_t j) const {
    return sums[tileOf(i / panel, j / panel) + i % panel * panel + j % panel];
  }

  /// Both triangles, `width × width`, less the shift's share: Σ z·zᵀ − (Σz)(Σz)ᵀ / rows.
  std::vector<double> centered(const double* sums, int64_t rows) const {
    const double* const sum = total(sums);
    std::vector<double> full(static_cast<size_t>(width_ * width_));
    for (int64_t i = 0; i < width_; i++)
      for (int64_t j = i; j < width_; j++)
        full[i * width_ + j] = full[j * width_ + i] =
            product(sums, i, j) - sum[i] / static_cast<double>(rows) * sum[j];
    return full;
  }

  const double* total(const double* sums) const { return sums + tileOf(panels_, panels_); }

 private:
  static constexpr int64_t panel = lanes<T>;
#if defined(__AVX512F__)
  static constexpr int64_t height = panel < 8 ? panel : 8;
  static constexpr int most = 3;
#else
  static constexpr int64_t height = panel < 4 ? panel : 4;
  static constexpr int most = ATHANOR_VECTOR_BYTES == 32 ? 3 : height == 2 ? 4 : 2;
#endif

  /// Where tile (p, q) begins; tiles of a row of panels follow each other.
  int64_t tileOf(int64_t p, int64_t q) const {
    return (p * panels_ - p * (p - 1) / 2 + (q - p)) * panel * panel;
  }

  static void add(double* into, Vec<T> sum) {
    if constexpr (sizeof(T) == 8) {
      store<double>(into, load<double>(into) + sum);
    } else {
      Vec<double> low, high;
      widen(sum, low, high);
      store<double>(into, load<double>(into) + low);
      store<double>(into + lanes<double>, load<double>(into + lanes<double>) + high);
    }
  }

  /// Lays a row's part down; returns what it adds to the sum.
  static ATHANOR_INLINE Vec<T> put(T* into, Vec<T> z, const T* roots, int64_t row) {
    if (roots == nullptr) {
      store<T>(into, z);
      return z;
    }
    const Vec<T> weighted = z * roots[row];
    store<T>(into, weighted);
    return weighted * roots[row];
  }

  template <int count>
  void tiles(int64_t p, int64_t q, int64_t rows, const T* packed, double* sums) const {
    double* const into = sums + tileOf(p, q);
    for (int64_t first = 0; first < panel; first += height) {
      const T* a = packed + p * panel * blockRows + first;
      const T* b = packed + q * panel * blockRows;
      Vec<T> sum[height][count] = {};
      for (int64_t k = 0; k < rows; k++, a += panel, b += panel) {
        Vec<T> right[count];
        ATHANOR_UNROLL
        for (int v = 0; v < count; v++) right[v] = load<T>(b + v * panel * blockRows);
        ATHANOR_UNROLL
        for (int r = 0; r < height; r++) {
          const Vec<T> left = splat<T>(a[r]);
          ATHANOR_UNROLL
          for (int v = 0; v < count; v++) sum[r][v] = fma(left, right[v], sum[r][v]);
        }
      }
      for (int v = 0; v < count; v++)
        for (int64_t r = 0; r < height; r++) add(into + (v * panel + first + r) * panel, sum[r][v]);
    }
  }

  int64_t width_;
  int64_t panels_;
};

}  // namespace athanor

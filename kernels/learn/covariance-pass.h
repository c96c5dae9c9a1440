// The scatter matrix of dense rows in one pass. They are taken less the mean of a thousand of them, which
// costs next to no digits, and the rest of the mean is made good at the end.
#pragma once
#include "learn/centered-rows.h"
#include "learn/scatter.h"

namespace athanor {

class CovariancePass {
 public:
  explicit CovariancePass(CenteredRows& rows) : rows_(rows), scatter_(rows.width()) {
    const int64_t n = rows.rows(), width = rows.width();
    constexpr int64_t sample = 1024;
    const int64_t step = std::max(int64_t(1), n / sample);
    std::vector<double> sums(static_cast<size_t>(3 * width));
    rows.measure(0, n, step, sums.data());
    rows.settle(sums.data(), (n + step - 1) / step, true);
    begin();
  }

  /// Some rows; adds its operations to `work`.
  Step run(Runtime& runtime, double& work) {
    const int64_t n = rows_.rows();
    const double cost = 0.1 * static_cast<double>(rows_.width()) * static_cast<double>(rows_.width());
    if (next_ < n) {
      const int64_t count = std::min(wave_, (n - next_ + chunk_ - 1) / chunk_);
      const bool fits = isWide() ? addWide(runtime) : addNarrow(runtime, count);
      if (!fits) return Step::outOfMemory;
      const int64_t end = std::min(n, next_ + count * chunk_);
      work += cost * static_cast<double>(end - next_);
      next_ = end;
      return Step::more;
    }
    matrix_ = scatter_.centered(sums_.data(), n);
    if (allFinite(matrix_)) {
      const double* const total = scatter_.total(sums_.data());
      for (int64_t k = 0; k < rows_.width(); k++)
        rows_.shift()[k] += total[k] / static_cast<double>(n) / rows_.scale();
      return Step::done;
    }
    // Rows far larger than the sample: once more, with all of them measured.
    if (isMeasured_) return Step::notFinite;
    isMeasured_ = true;
    const std::vector<double> sums = measureAll(runtime, rows_);
    if (!allFinite(sums)) return Step::notFinite;
    rows_.settle(sums.data(), n, true);
    begin();
    return Step::more;
  }

  double done() const { return static_cast<double>(next_) / static_cast<double>(rows_.rows()); }
  /// After `Step::done`: Σ (x − mean)·(x − mean)ᵀ of the scaled rows; the rows' shift is the mean then.
  std::vector<double>& matrix() { return matrix_; }

 private:
  /// Beyond this width there is one sum, whose tiles are dealt out.
  bool isWide() const { return rows_.width() > 512; }

  void begin() {
    const int64_t width = rows_.width();
    next_ = 0;
    chunk_ = isWide() ? 4 * Scatter::blockRows
                      : std::min(int64_t(4096), std::max(int64_t(512), (int64_t(1) << 26) / (width * width)));
    wave_ = isWide() ? 1 : 32;
    sums_.resize(scatter_.size());
    std::fill(sums_.data(), sums_.data() + sums_.size(), 0.0);
    parts_.resize(isWide() ? 4 * scatter_.room() : wave_ * scatter_.size());
  }

  void pack(int64_t begin, int64_t end, double* packed, double* sums) const {
    rows_.dense([&](auto values) {
      scatter_.pack(values + begin * rows_.width(), end - begin, rows_.shift().data(), rows_.scale(),
                    packed, sums);
    });
  }

  bool addNarrow(Runtime& runtime, int64_t count) {
    bool failed = false;
    const int64_t size = scatter_.size();
    auto add = [&](int64_t t, int worker) {
      double* const packed = static_cast<double*>(
          scratch(runtime, worker, 0, sizeof(double) * static_cast<size_t>(scatter_.room())));
      if (packed == nullptr) return __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
      double* const sums = parts_.data() + t * size;
      std::fill(sums, sums + size, 0.0);
      const int64_t first = next_ + t * chunk_, last = std::min(first + chunk_, rows_.rows());
      for (int64_t r = first; r < last; r += Scatter::blockRows) {
        const int64_t end = std::min(r + Scatter::blockRows, last);
        pack(r, end, packed, sums);
        for (int64_t p = 0; p < scatter_.panels(); p++) scatter_.addPanel(p, end - r, packed, sums);
      }
    };
    parallel(runtime, count, add);
    for (int64_t t = 0; t < count; t++)
      for (int64_t i = 0; i < size; i++) sums_[i] += parts_[t * size + i];
    return !__atomic_load_n(&failed, __ATOMIC_RELAXED);
  }

  bool addWide(Runtime& runtime) {
    const int64_t last = std::min(next_ + chunk_, rows_.rows());
    const int64_t blocks = (last - next_ + Scatter::blockRows - 1) / Scatter::blockRows;
    const auto end = [&](int64_t b) { return std::min(next_ + (b + 1) * Scatter::blockRows, last); };
    for (int64_t b = 0; b < blocks; b++)
      pack(next_ + b * Scatter::blockRows, end(b), parts_.data() + b * scatter_.room(), sums_.data());
    auto add = [&](int64_t p, int) {
      for (int64_t b = 0; b < blocks; b++)
        scatter_.addPanel(p, end(b) - (next_ + b * Scatter::blockRows), parts_.data() + b * scatter_.room(),
                          sums_.data());
    };
    parallel(runtime, scatter_.panels(), add);
    return true;
  }

  CenteredRows& rows_;
  Scatter scatter_;
  int64_t next_ = 0;
  int64_t chunk_ = 0;
  int64_t wave_ = 1;
  bool isMeasured_ = false;
  AlignedArray<double> sums_, parts_;
  std::vector<double> matrix_;
};

}  // namespace athanor

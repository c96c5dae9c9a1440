// The scatter matrix of dense rows in one pass. They are taken less the mean of a thousand of them, which
// costs next to no digits, and the rest of the mean is made good at the end.
#pragma once
#include "learn/centered-rows.h"
#include "learn/scatter.h"

namespace athanor {

class CovariancePass {
 public:
  virtual ~CovariancePass() = default;
  /// Some rows; adds its operations to `work`.
  virtual Step run(Runtime& runtime, double& work) = 0;
  /// From 0 to 1.
  virtual double done() const = 0;
  /// After `Step::done`: Σ (x − mean)·(x − mean)ᵀ of the scaled rows; the rows' shift is the mean then.
  std::vector<double>& matrix() { return matrix_; }

  static std::unique_ptr<CovariancePass> of(CenteredRows& rows);

 protected:
  std::vector<double> matrix_;
};

template <typename T>
class CovariancePassOf : public CovariancePass {
 public:
  CovariancePassOf(CenteredRows& rows, const T* x) : rows_(rows), x_(x), scatter_(rows.width()) {
    const int64_t n = rows.rows();
    constexpr int64_t sample = 1024;
    const int64_t step = std::max(int64_t(1), n / sample);
    std::vector<double> sums(static_cast<size_t>(3 * rows.width()));
    rows.measure(0, n, step, sums.data());
    rows.settle(sums.data(), (n + step - 1) / step, true);
    begin();
  }

  Step run(Runtime& runtime, double& work) override {
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

  double done() const override { return static_cast<double>(next_) / static_cast<double>(rows_.rows()); }

 private:
  static constexpr int64_t blockRows = Scatter<T>::blockRows;

  /// Beyond this width there is one sum, whose tiles are dealt out.
  bool isWide() const { return rows_.width() > 512; }

  void begin() {
    const int64_t width = rows_.width();
    next_ = 0;
    chunk_ = isWide() ? 4 * blockRows
                      : std::min(int64_t(4096), std::max(int64_t(512), (int64_t(1) << 26) / (width * width)));
    wave_ = isWide() ? 1 : 32;
    sums_.resize(scatter_.size());
    std::fill(sums_.data(), sums_.data() + sums_.size(), 0.0);
    if (isWide())
      packed_.resize(4 * scatter_.room());
    else
      parts_.resize(std::min(wave_, (rows_.rows() + chunk_ - 1) / chunk_) * scatter_.size());
    // What is taken off has to be a number of the rows' precision.
    shift_.clear();
    for (double& value : rows_.shift()) {
      shift_.push_back(static_cast<T>(value));
      value = static_cast<double>(shift_.back());
    }
    scale_ = static_cast<T>(std::min(rows_.scale(), static_cast<double>(std::numeric_limits<T>::max()) / 2));
    if (!(scale_ > 0)) scale_ = std::numeric_limits<T>::min();
    rows_.setScale(static_cast<double>(scale_));
  }

  void pack(int64_t begin, int64_t end, T* packed, double* sums) const {
    scatter_.pack(x_ + begin * rows_.width(), end - begin, shift_.data(), scale_, packed, sums);
  }

  bool addNarrow(Runtime& runtime, int64_t count) {
    bool failed = false;
    const int64_t size = scatter_.size();
    auto add = [&](int64_t t, int worker) {
      T* const packed =
          static_cast<T*>(scratch(runtime, worker, 0, sizeof(T) * static_cast<size_t>(scatter_.room())));
      if (packed == nullptr) return __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
      double* const sums = parts_.data() + t * size;
      std::fill(sums, sums + size, 0.0);
      const int64_t first = next_ + t * chunk_, last = std::min(first + chunk_, rows_.rows());
      for (int64_t r = first; r < last; r += blockRows) {
        const int64_t end = std::min(r + blockRows, last);
        pack(r, end, packed, sums);
        for (int64_t p = 0; p < scatter_.panels(); p++) scatter_.addPanel(p, end - r, packed, sums);
      }
    };
    parallel(runtime, count, add);
    for (int64_t t = 0; t < count; t++) addScaled(1.0, parts_.data() + t * size, sums_.data(), size);
    return !__atomic_load_n(&failed, __ATOMIC_RELAXED);
  }

  bool addWide(Runtime& runtime) {
    const int64_t last = std::min(next_ + chunk_, rows_.rows());
    const int64_t blocks = (last - next_ + blockRows - 1) / blockRows;
    const auto end = [&](int64_t b) { return std::min(next_ + (b + 1) * blockRows, last); };
    for (int64_t b = 0; b < blocks; b++)
      pack(next_ + b * blockRows, end(b), packed_.data() + b * scatter_.room(), sums_.data());
    auto add = [&](int64_t p, int) {
      for (int64_t b = 0; b < blocks; b++)
        scatter_.addPanel(p, end(b) - (next_ + b * blockRows), packed_.data() + b * scatter_.room(),
                          sums_.data());
    };
    parallel(runtime, scatter_.panels(), add);
    return true;
  }

  CenteredRows& rows_;
  const T* x_;
  Scatter<T> scatter_;
  int64_t next_ = 0;
  int64_t chunk_ = 0;
  int64_t wave_ = 1;
  bool isMeasured_ = false;
  T scale_ = 1;
  std::vector<T> shift_;
  AlignedArray<double> sums_, parts_;
  AlignedArray<T> packed_;
};

inline std::unique_ptr<CovariancePass> CovariancePass::of(CenteredRows& rows) {
  const DesignRows& x = rows.source();
  CovariancePass* made = nullptr;
  if (x.form == RowForm::float32)
    made = new CovariancePassOf<float>(rows, x.floats);
  else
    made = new CovariancePassOf<double>(rows, x.doubles);
  return std::unique_ptr<CovariancePass>(made);
}

}  // namespace athanor

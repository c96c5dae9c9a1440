// Euclidean distances of rows to points, from the differences themselves: none is lost to cancellation.
#include <algorithm>

#include "ranges.h"
#include "learn/design-rows.h"
#include "learn/row-panels.h"

namespace athanor {

namespace {

constexpr int64_t block = 512;

class CenterDistances : public Job {
 public:
  CenterDistances(const DesignRows& x, const double* centers, int64_t count)
      : x_(x), centers_(centers), count_(count), out_(static_cast<size_t>(x.rows * count)) {
    if (x.form != RowForm::sparse) return;
    for (int64_t c = 0; c < count; c++) {
      double norm = 0;
      for (int64_t k = 0; k < x.width; k++) norm += centers[c * x.width + k] * centers[c * x.width + k];
      norms_.push_back(norm);
    }
  }

  Step step(Runtime& runtime) override {
    const int64_t end = std::min(x_.rows, next_ + 64 * block);
    bool failed = false;
    parallelRanges(runtime, end - next_, block, [&](int64_t from, int64_t to, int worker) {
      if (!measure(runtime, worker, next_ + from, next_ + to))
        __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
    });
    if (__atomic_load_n(&failed, __ATOMIC_RELAXED)) return Step::outOfMemory;
    work += 0.2 * static_cast<double>(count_ * x_.width) * static_cast<double>(end - next_);
    next_ = end;
    progress(static_cast<double>(next_) / static_cast<double>(x_.rows));
    if (next_ < x_.rows) return Step::more;
    give(out_);
    return Step::done;
  }

 private:
  bool measure(Runtime& runtime, int worker, int64_t begin, int64_t end) {
    switch (x_.form) {
      case RowForm::float32:
        return measureDense(runtime, worker, x_.floats, begin, end);
      case RowForm::float64:
        return measureDense(runtime, worker, x_.doubles, begin, end);
      case RowForm::sparse: measureSparse(begin, end); return true;
    }
    return false;
  }

  template <typename S>
  bool measureDense(Runtime& runtime, int worker, const S* x, int64_t begin, int64_t end) {
    const int64_t width = x_.width;
    const size_t bytes = sizeof(double) * static_cast<size_t>(panelRows<double> * width);
    double* const panel = static_cast<double*>(scratch(runtime, worker, 0, bytes));
    double* const room = static_cast<double*>(scratch(runtime, worker, 1, bytes));
    double* const zeros = static_cast<double*>(
        scratch(runtime, worker, 2, sizeof(double) * static_cast<size_t>(width)));
    if (panel == nullptr || room == nullptr || zeros == nullptr) return false;
    std::fill(zeros, zeros + width, 0.0);
    for (int64_t r = begin; r < end; r += panelRows<double>) {
      const int64_t rows = std::min(panelRows<double>, end - r);
      packPanel(panel, x + r * width, rows, width, zeros, 1, room);
      int64_t c = 0;
      for (; c + 4 <= count_; c += 4) distances<4>(panel, c, r, rows);
      for (; c < count_; c++) distances<1>(panel, c, r, rows);
    }
    return true;
  }

  template <int count>
  void distances(const double* panel, int64_t first, int64_t row, int64_t rows) {
    const int64_t width = x_.width;
    const double* const centers = centers_ + first * width;
    Vec<double> sum[count][tileVectors] = {};
    for (int64_t k = 0; k < width; k++, panel += panelRows<double>)
      for (int v = 0; v < tileVectors; v++) {
        const Vec<double> x = load<double>(panel + v * lanes<double>);
        for (int c = 0; c < count; c++) {
          const Vec<double> d = x - splat<double>(centers[c * width + k]);
          sum[c][v] = fma(d, d, sum[c][v]);
        }
      }
    double found[count][panelRows<double>];
    memcpy(found, sum, sizeof(found));
    for (int64_t i = 0; i < rows; i++)
      for (int c = 0; c < count; c++)
        out_[(row + i) * count_ + first + c] = std::sqrt(found[c][i]);
  }

  void measureSparse(int64_t begin, int64_t end) {
    const DesignRows& x = x_;
    for (int64_t r = begin; r < end; r++) {
      double norm = 0;
      for (int64_t n = x.starts[r]; n < x.starts[r + 1]; n++) norm += x.values[n] * x.values[n];
      for (int64_t c = 0; c < count_; c++) {
        const double* const center = centers_ + c * x_.width;
        double product = 0;
        for (int64_t n = x.starts[r]; n < x.starts[r + 1]; n++)
          product += x.values[n] * center[x.columns[n]];
        const double square = norm + norms_[c] - 2 * product;
        out_[r * count_ + c] = square > 0 ? std::sqrt(square) : 0;
      }
    }
  }

  DesignRows x_;
  const double* centers_;
  int64_t count_;
  int64_t next_ = 0;
  std::vector<double> norms_;
  std::vector<double> out_;
};

}  // namespace

Job* centerDistancesJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x)) return nullptr;
  const int64_t count = arguments.integer(1, (int64_t(1) << 31) - 1);
  const double* const centers = arguments.array<double>(count * x.width);
  return arguments.fits() ? new CenterDistances(x, centers, count) : nullptr;
}

}  // namespace athanor

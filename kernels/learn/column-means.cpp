// Sums of parts of the rows, added in order.
#include "learn/column-means.h"

#include "ranges.h"

namespace athanor {

ColumnMeans::ColumnMeans(const DesignRows& x, const double* targets, int64_t targetCount,
                         const double* weights)
    : x_(x), targets_(targets), targetCount_(targetCount), weights_(weights) {
  size_ = x.width + targetCount + 1;
  const int64_t filled = x.cells() / 16384 + 1, affordable = x.cells() / (2 * size_) + 1;
  const int64_t most = filled < affordable ? filled : affordable;
  ends_ = cutRows(x, most < 64 ? most : 64);
  sums_.assign(ends_.size() * static_cast<size_t>(size_), 0.0);
  means.assign(static_cast<size_t>(size_ - 1), 0.0);
}

Step ColumnMeans::run(Runtime& runtime, double& work) {
  const int64_t parts = static_cast<int64_t>(ends_.size());
  const double cells = static_cast<double>(x_.cells()) / static_cast<double>(parts) + 1;
  int64_t count = static_cast<int64_t>(3e7 / cells) + 1;
  if (count > parts - next_) count = parts - next_;
  auto task = [&](int64_t t, int) {
    const size_t part = static_cast<size_t>(next_ + t);
    double* const sums = sums_.data() + part * static_cast<size_t>(size_);
    for (int64_t row = part == 0 ? 0 : ends_[part - 1]; row < ends_[part]; row++) {
      const double weight = weights_ == nullptr ? 1 : weights_[row];
      if (x_.sparse())
        for (int32_t n = x_.starts[row]; n < x_.starts[row + 1]; n++)
          sums[x_.columns[n]] += weight * x_.values[n];
      else
        x_.dense(row, [&](auto x) { addScaled(weight, x, sums, x_.width); });
      for (int64_t k = 0; k < targetCount_; k++) sums[x_.width + k] += weight * targets_[row * targetCount_ + k];
      sums[size_ - 1] += weight;
    }
  };
  parallel(runtime, count, task);
  work += static_cast<double>(count) * cells;
  next_ += count;
  if (next_ < parts) return Step::more;
  for (int64_t part = 0; part < parts; part++) {
    const double* const sums = sums_.data() + part * size_;
    addScaled(1.0, sums, means.data(), size_ - 1);
    total += sums[size_ - 1];
  }
  for (double& mean : means) mean /= total;
  return Step::done;
}

}  // namespace athanor

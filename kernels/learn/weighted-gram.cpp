// Weighted Gram matrices in three ways: narrow ones in parts of the rows, each with a sum of its own;
// wide ones as matrix products of blocks of rows; wide sparse ones over the pairs of values in a row.
#include "learn/weighted-gram.h"

#include "gemm.h"
#include "ranges.h"

namespace athanor {

namespace {

/// Up to this size each part of the rows has a matrix of its own.
constexpr int64_t narrowSize = 192;
constexpr int64_t blockRows = 192;
/// Columns of G that are made at a time: the triangle above them is left out.
constexpr int64_t narrowPanel = 64;
constexpr int64_t widePanel = 512;
/// Multiply-adds of a slice.
constexpr double sliceWork = 2e8;

int64_t padded(int64_t n) { return (n + wide - 1) / wide * wide; }

}  // namespace

void WeightedGram::begin(const Wanted& wanted) {
  wanted_ = wanted;
  size_ = x_.width + (wanted.ones ? 1 : 0) + wanted.targetCount;
  next_ = panel_ = 0;
  matrix_.assign(static_cast<size_t>(size_ * size_), 0.0);
  const double inRow = static_cast<double>(x_.cells()) / static_cast<double>(x_.rows) + 2;
  const double m = static_cast<double>(size_);
  if (x_.sparse() && 8 * inRow * inRow < m * m) {
    way_ = Way::pairs;
  } else if (size_ <= narrowSize) {
    way_ = Way::blocks;
    const int64_t most = least(64, (x_.rows + blockRows - 1) / blockRows);
    ends_ = cutRows(x_, most);
    parts_.assign(ends_.size() * matrix_.size(), 0.0);
  } else {
    way_ = Way::product;
    const int64_t rows = least(x_.rows, (int64_t(1) << 22) / size_ + 64);
    z_.resize(static_cast<size_t>(rows * padded(size_)));
    weighted_.resize(z_.size());
    product_.resize(static_cast<size_t>(size_ * widePanel));
  }
}

Step WeightedGram::run(Runtime& runtime, double& work) {
  if (way_ == Way::blocks) return runBlocks(runtime, work);
  return way_ == Way::product ? runProduct(runtime, work) : runPairs(runtime, work);
}

/// Rows of z, `step` apart, and the same times their weights. What pads a row is 0.
void WeightedGram::fill(int64_t from, int64_t to, double* z, double* weighted, int64_t step) const {
  const int64_t width = x_.width;
  for (int64_t row = from; row < to; row++, z += step, weighted += step) {
    x_.copyRow(row, z);
    if (wanted_.shift != nullptr) {
      const double* shift = wanted_.shift;
      if (wanted_.groups != nullptr) shift += wanted_.groups[row] * width;
      for (int64_t j = 0; j < width; j++) z[j] -= shift[j];
    }
    int64_t at = width;
    if (wanted_.ones) z[at++] = 1;
    for (int64_t k = 0; k < wanted_.targetCount; k++)
      z[at++] = wanted_.targets[row * wanted_.targetCount + k];
    for (; at < step; at++) z[at] = 0;
    const double weight = wanted_.weights == nullptr ? 1 : wanted_.weights[row * wanted_.weightStep];
    for (int64_t j = 0; j < step; j++) weighted[j] = weight * z[j];
  }
}

Step WeightedGram::runBlocks(Runtime& runtime, double& work) {
  const int64_t parts = static_cast<int64_t>(ends_.size());
  const int64_t step = padded(size_);
  const double partWork = static_cast<double>(x_.rows) / parts * size_ * size_;
  const int64_t count = least(parts - next_, partWork > sliceWork / 8 ? 8 : parts);
  bool failed = false;
  auto task = [&](int64_t t, int worker) {
    const int64_t part = next_ + t;
    const size_t cells = static_cast<size_t>(blockRows * step);
    double* const z = static_cast<double*>(scratch(runtime, worker, 1, 2 * cells * sizeof(double)));
    double* const product =
        static_cast<double*>(scratch(runtime, worker, 2, sizeof(double) * size_ * narrowPanel));
    if (z == nullptr || product == nullptr) return __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
    double* const weighted = z + cells;
    double* const sum = parts_.data() + part * size_ * size_;
    const int64_t end = ends_[static_cast<size_t>(part)];
    for (int64_t row = part == 0 ? 0 : ends_[static_cast<size_t>(part - 1)]; row < end; row += blockRows) {
      const int64_t rows = least(blockRows, end - row);
      fill(row, row + rows, z, weighted, step);
      for (int64_t j = 0; j < size_; j += narrowPanel) {
        // With what pads them, columns are whole vectors, which the product takes as they lie.
        const int64_t columns = least(narrowPanel, step - j);
        Product<double> p{size_ - j, columns, rows, z + j, 1, step, weighted + j, step, 1,
                          product,   columns, nullptr, RegisterOp::copy};
        if (multiplySmall(runtime, worker, p) != Status::ok)
          return __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
        for (int64_t i = j; i < size_; i++)
          addScaled(1.0, product + (i - j) * columns, sum + i * size_ + j, least(columns, size_ - j));
      }
    }
  };
  parallel(runtime, count, task);
  if (failed) return Step::outOfMemory;
  work += partWork * static_cast<double>(count) / 4;
  next_ += count;
  if (next_ < parts) return Step::more;
  const int64_t cells = size_ * size_;
  parallelRanges(runtime, cells, 8192, [&](int64_t from, int64_t to, int) {
    for (int64_t part = 0; part < parts; part++)
      addScaled(1.0, parts_.data() + part * cells + from, matrix_.data() + from, to - from);
  });
  mirror(runtime);
  return Step::done;
}

Step WeightedGram::runProduct(Runtime& runtime, double& work) {
  const int64_t step = padded(size_);
  const int64_t rows = least(x_.rows - next_, static_cast<int64_t>(z_.size()) / step);
  if (panel_ == 0)
    parallelRanges(runtime, rows, 16, [&](int64_t from, int64_t to, int) {
      fill(next_ + from, next_ + to, z_.data() + from * step, weighted_.data() + from * step, step);
    });
  const int64_t j = panel_;
  const int64_t columns = least(widePanel, size_ - j);
  const Product<double> p{size_ - j, columns, rows, z_.data() + j, 1, step, weighted_.data() + j, step, 1,
                          product_.data(), columns, nullptr, RegisterOp::copy};
  if (multiply(runtime, p) != Status::ok) return Step::outOfMemory;
  parallelRanges(runtime, size_ - j, 32, [&](int64_t from, int64_t to, int) {
    for (int64_t i = from; i < to; i++)
      addScaled(1.0, product_.data() + i * columns, matrix_.data() + (j + i) * size_ + j, columns);
  });
  work += static_cast<double>(rows) * (size_ - j) * columns / 8;
  panel_ += widePanel;
  if (panel_ < size_) return Step::more;
  panel_ = 0;
  next_ += rows;
  if (next_ < x_.rows) return Step::more;
  mirror(runtime);
  return Step::done;
}

/// The products of row `row`'s values with those before them, in rows [low, high) of G.
void WeightedGram::pairRow(int64_t row, int64_t low, int64_t high) {
  const int64_t width = x_.width;
  const int32_t from = x_.starts[row], to = x_.starts[row + 1];
  const double weight = wanted_.weights == nullptr ? 1 : wanted_.weights[row * wanted_.weightStep];
  double* const g = matrix_.data();
  int32_t a = from;
  while (a < to && x_.columns[a] < low) a++;
  for (; a < to && x_.columns[a] < high; a++) {
    const double scaled = weight * x_.values[a];
    double* const into = g + x_.columns[a] * size_;
    for (int32_t b = from; b <= a; b++) into[x_.columns[b]] += scaled * x_.values[b];
  }
  for (int64_t i = low > width ? low : width; i < high; i++) {
    const int64_t extra = i - width - (wanted_.ones ? 1 : 0);
    const double own = extra < 0 ? 1 : wanted_.targets[row * wanted_.targetCount + extra];
    const double scaled = weight * own;
    double* const into = g + i * size_;
    for (int32_t b = from; b < to; b++) into[x_.columns[b]] += scaled * x_.values[b];
    for (int64_t j = width; j <= i; j++) {
      const int64_t other = j - width - (wanted_.ones ? 1 : 0);
      into[j] += scaled * (other < 0 ? 1 : wanted_.targets[row * wanted_.targetCount + other]);
    }
  }
}

Step WeightedGram::runPairs(Runtime& runtime, double& work) {
  // Each task owns some rows of G and goes over all rows of the data.
  constexpr int64_t owners = 16;
  const int64_t rows = least(x_.rows - next_, 8192);
  auto task = [&](int64_t t, int) {
    const int64_t low = size_ * t / owners, high = size_ * (t + 1) / owners;
    for (int64_t row = next_; row < next_ + rows; row++) pairRow(row, low, high);
  };
  parallel(runtime, owners, task);
  const double inRow = static_cast<double>(x_.cells()) / static_cast<double>(x_.rows) + 2;
  work += static_cast<double>(rows) * (inRow * inRow + owners * inRow);
  next_ += rows;
  if (next_ < x_.rows) return Step::more;
  mirror(runtime);
  return Step::done;
}

/// The lower triangle into the upper one.
void WeightedGram::mirror(Runtime& runtime) {
  double* const g = matrix_.data();
  const int64_t n = size_;
  parallelRanges(runtime, n, 64, [&](int64_t from, int64_t to, int) {
    for (int64_t i = from; i < to; i++)
      for (int64_t j = i + 1; j < n; j++) g[i * n + j] = g[j * n + i];
  });
}

}  // namespace athanor

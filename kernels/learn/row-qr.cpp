// Householder reflections that fold a block of rows into a triangle (Golub & Van Loan 2013, section 5.2).
#include "learn/row-qr.h"

#include <cmath>

#include "ranges.h"

namespace athanor {

RowQr::RowQr(const DesignRows& x, const Wanted& wanted) : x_(x), wanted_(wanted) {
  size_ = x.width + wanted.targetCount;
  const int64_t fit = 16384 / size_ / wide * wide;
  blockRows_ = fit < 64 ? 64 : fit > 256 ? 256 : fit;
  int64_t most = x.rows / (4 * size_ + blockRows_);
  most = most < 1 ? 1 : most > 32 ? 32 : most;
  ends_ = cutRows(x, most);
  for (size_t part = 0; part < ends_.size(); part++) {
    at_.push_back(part == 0 ? 0 : ends_[part - 1]);
    factors_.emplace_back(static_cast<size_t>(size_ * size_));
  }
}

/// Rows as columns of `blockRows_` each.
void RowQr::load(int64_t from, int64_t rows, double* block) const {
  std::vector<double> row(static_cast<size_t>(size_));
  for (int64_t i = 0; i < rows; i++) {
    x_.copyRow(from + i, row.data());
    for (int64_t k = 0; k < wanted_.targetCount; k++)
      row[static_cast<size_t>(x_.width + k)] = wanted_.targets[(from + i) * wanted_.targetCount + k];
    const double root = wanted_.weights == nullptr ? 1 : std::sqrt(wanted_.weights[from + i]);
    for (int64_t j = 0; j < size_; j++) {
      const double shift = wanted_.shift == nullptr ? 0 : wanted_.shift[j];
      block[j * blockRows_ + i] = root * (row[static_cast<size_t>(j)] - shift);
    }
  }
}

/// R of [R; block], the block's columns `blockRows_` apart.
void RowQr::fold(std::vector<double>& factor, double* block, int64_t rows) const {
  for (int64_t j = 0; j < size_; j++) {
    double* const r = factor.data() + j * size_;
    double* const v = block + j * blockRows_;
    const double below = dotOf(v, v, rows);
    if (below == 0) continue;
    const double size = std::sqrt(r[j] * r[j] + below);
    const double end = r[j] > 0 ? -size : size;
    const double head = r[j] - end;
    const double factorOf = -1 / (end * head);  // 2 / ‖(head, v)‖²
    r[j] = end;
    for (int64_t c = j + 1; c < size_; c++) {
      double* const other = block + c * blockRows_;
      const double by = factorOf * (head * r[c] + dotOf(v, other, rows));
      r[c] -= by * head;
      addScaled(-by, v, other, rows);
    }
  }
}

Step RowQr::run(Runtime& runtime, double& work) {
  if (merging_) return merge(work);
  const int64_t parts = static_cast<int64_t>(ends_.size());
  const double perBlock = static_cast<double>(blockRows_) * size_ * size_;
  const int64_t blocks = static_cast<int64_t>(1e7 / perBlock) + 1;
  bool failed = false, open = false;
  auto task = [&](int64_t t, int worker) {
    const size_t part = static_cast<size_t>(t);
    const size_t bytes = sizeof(double) * static_cast<size_t>(blockRows_ * size_);
    double* const block = static_cast<double*>(scratch(runtime, worker, 1, bytes));
    if (block == nullptr) return __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
    for (int64_t n = 0; n < blocks && at_[part] < ends_[part]; n++) {
      const int64_t left = ends_[part] - at_[part];
      const int64_t rows = left < blockRows_ ? left : blockRows_;
      load(at_[part], rows, block);
      fold(factors_[part], block, rows);
      at_[part] += rows;
    }
  };
  parallel(runtime, parts, task);
  if (failed) return Step::outOfMemory;
  for (size_t part = 0; part < ends_.size(); part++) open = open || at_[part] < ends_[part];
  work += perBlock * static_cast<double>(blocks * parts) / 2;
  if (!open) merging_ = true;
  return Step::more;
}

/// The other triangles, and what the penalty adds, are blocks of rows like any other.
Step RowQr::merge(double& work) {
  const int64_t parts = static_cast<int64_t>(ends_.size()), all = parts + (wanted_.penalty > 0 ? 1 : 0);
  if (merged_ == all) return Step::done;
  const bool penalty = merged_ == parts;
  const int64_t rows = penalty ? x_.width : size_;
  const int64_t count = rows - next_ < blockRows_ ? rows - next_ : blockRows_;
  const double* const other = factors_[penalty ? 0 : static_cast<size_t>(merged_)].data();
  std::vector<double> block(static_cast<size_t>(blockRows_ * size_));
  for (int64_t j = 0; j < size_; j++)
    for (int64_t i = 0; i < count; i++) {
      const double diagonal = j == next_ + i ? std::sqrt(wanted_.penalty) : 0;
      block[static_cast<size_t>(j * blockRows_ + i)] = penalty ? diagonal : other[(next_ + i) * size_ + j];
    }
  fold(factors_[0], block.data(), count);
  work += static_cast<double>(blockRows_) * size_ * size_ / 2;
  next_ += count;
  if (next_ == rows) {
    next_ = 0;
    merged_++;
  }
  return merged_ == all ? Step::done : Step::more;
}

}  // namespace athanor

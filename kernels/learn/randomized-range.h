// Orthonormal columns that span nearly the same as a matrix's first singular vectors, from random
// combinations of its columns and a few power iterations (Halko, Martinsson & Tropp 2011). Sparse rows are
// never centred.
#pragma once
#include "learn/centered-rows.h"
#include "learn/random-stream.h"
#include "learn/tall-qr.h"

namespace athanor {

class RandomizedRange {
 public:
  RandomizedRange(const CenteredRows& rows, int64_t size, int64_t iterations, uint64_t seed)
      : rows_(rows),
        size_(size),
        steps_(2 * iterations + 1),
        small_(static_cast<size_t>(rows.width() * size)),
        tall_(static_cast<size_t>(rows.rows() * size)) {
    RandomStream random(seed, 0);
    for (double& value : small_) value = random.normal();
  }

  /// A product or a factorisation. `done`: `projected` is there.
  Step run(Runtime& runtime, double& work) {
    work += static_cast<double>(rows_.rows()) * static_cast<double>(rows_.width() * size_) / 8;
    std::vector<double> r;
    if (next_ == steps_) {
      const Step step = times(runtime, true);
      return step == Step::more ? Step::done : step;
    }
    const bool transposed = next_ % 2 == 1;
    const Step step = times(runtime, transposed);
    if (step != Step::more) return step;
    next_++;
    const Status status =
        transposed ? TallQr::factor(runtime, small_.data(), rows_.width(), size_, true, r)
                   : TallQr::factor(runtime, tall_.data(), rows_.rows(), size_, true, r);
    return status == Status::ok ? Step::more : Step::outOfMemory;
  }

  double done() const { return static_cast<double>(next_) / static_cast<double>(steps_ + 1); }
  /// Aᵀ · Q, `width × size`.
  std::vector<double>& projected() { return small_; }

 private:
  static constexpr int64_t block = 256;

  /// tall ← A · small, or small ← Aᵀ · tall.
  Step times(Runtime& runtime, bool transposed) {
    const int64_t n = rows_.rows(), cells = rows_.width() * size_;
    const int64_t blocks = (n + block - 1) / block;
    bool failed = false;
    if (!transposed) {
      auto run = [&](int64_t b, int worker) {
        if (!forward(runtime, worker, b * block, std::min(n, (b + 1) * block)))
          __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
      };
      parallel(runtime, blocks, run);
      return __atomic_load_n(&failed, __ATOMIC_RELAXED) ? Step::outOfMemory : Step::more;
    }
    const int64_t most = std::max(int64_t(4), std::min(int64_t(32), (int64_t(1) << 24) / cells));
    const int64_t parts = std::min(most, blocks);
    std::vector<double> sums(static_cast<size_t>(parts * cells));
    auto run = [&](int64_t part, int worker) {
      for (int64_t b = blocks * part / parts; b < blocks * (part + 1) / parts; b++)
        if (!backward(runtime, worker, b * block, std::min(n, (b + 1) * block), sums.data() + part * cells))
          __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
    };
    parallel(runtime, parts, run);
    std::fill(small_.begin(), small_.end(), 0.0);
    for (int64_t part = 0; part < parts; part++)
      for (int64_t i = 0; i < cells; i++) small_[i] += sums[part * cells + i];
    return __atomic_load_n(&failed, __ATOMIC_RELAXED) ? Step::outOfMemory : Step::more;
  }

  bool forward(Runtime& runtime, int worker, int64_t begin, int64_t end) {
    double* const out = tall_.data() + begin * size_;
    if (rows_.source().form == RowForm::sparse) {
      const DesignRows& x = rows_.source();
      for (int64_t r = begin; r < end; r++) {
        double* const into = tall_.data() + r * size_;
        for (int64_t k = 0; k < size_; k++) into[k] = 0;
        for (int64_t n = x.starts[r]; n < x.starts[r + 1]; n++) {
          const double value = x.values[n] * rows_.scale();
          const double* const from = small_.data() + x.columns[n] * size_;
          for (int64_t k = 0; k < size_; k++) into[k] += value * from[k];
        }
      }
      return true;
    }
    double* const copy = room(runtime, worker);
    if (copy == nullptr) return false;
    rows_.copy(begin, end, copy);
    return multiplySmall<double>(runtime, worker,
                                 {end - begin, size_, rows_.width(), copy, rows_.width(), 1, small_.data(),
                                  size_, 1, out, size_, nullptr, RegisterOp::copy}) == Status::ok;
  }

  bool backward(Runtime& runtime, int worker, int64_t begin, int64_t end, double* sums) {
    const double* const tall = tall_.data() + begin * size_;
    if (rows_.source().form == RowForm::sparse) {
      const DesignRows& x = rows_.source();
      for (int64_t r = begin; r < end; r++)
        for (int64_t n = x.starts[r]; n < x.starts[r + 1]; n++) {
          const double value = x.values[n] * rows_.scale();
          double* const into = sums + x.columns[n] * size_;
          const double* const from = tall_.data() + r * size_;
          for (int64_t k = 0; k < size_; k++) into[k] += value * from[k];
        }
      return true;
    }
    double* const copy = room(runtime, worker);
    double* const product = static_cast<double*>(scratch(
        runtime, worker, 2, sizeof(double) * static_cast<size_t>(rows_.width() * size_)));
    if (copy == nullptr || product == nullptr) return false;
    rows_.copy(begin, end, copy);
    const Product<double> p{rows_.width(), size_, end - begin, copy, 1, rows_.width(), tall,
                            size_, 1, product, size_, nullptr, RegisterOp::copy};
    if (multiplySmall<double>(runtime, worker, p) != Status::ok) return false;
    for (int64_t i = 0; i < rows_.width() * size_; i++) sums[i] += product[i];
    return true;
  }

  double* room(Runtime& runtime, int worker) const {
    return static_cast<double*>(
        scratch(runtime, worker, 1, sizeof(double) * static_cast<size_t>(block * rows_.width())));
  }

  const CenteredRows& rows_;
  int64_t size_;
  int64_t steps_;
  int64_t next_ = 0;
  std::vector<double> small_;
  std::vector<double> tall_;
};

}  // namespace athanor

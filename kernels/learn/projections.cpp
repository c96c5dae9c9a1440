// Rows less a shift, times some vectors: what transformers of components give. The shift goes first, so
// that features far from 0 lose nothing.
#include "gemm.h"
#include "ranges.h"
#include "learn/centered-rows.h"

namespace athanor {

namespace {

constexpr int64_t block = 128;

class Projections : public Job {
 public:
  Projections(const DesignRows& x, int64_t count, const double* shift, const double* vectors)
      : rows_(x), count_(count), byFeature_(static_cast<size_t>(x.width * count)),
        out_(static_cast<size_t>(x.rows * count)) {
    if (shift != nullptr) rows_.shift().assign(shift, shift + x.width);
    for (int64_t i = 0; i < count; i++)
      for (int64_t k = 0; k < x.width; k++) byFeature_[k * count + i] = vectors[i * x.width + k];
  }

  Step step(Runtime& runtime) override {
    const int64_t end = std::min(rows_.rows(), next_ + 64 * block);
    bool failed = false;
    parallelRanges(runtime, end - next_, block, [&](int64_t from, int64_t to, int worker) {
      if (!project(runtime, worker, next_ + from, next_ + to))
        __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
    });
    if (__atomic_load_n(&failed, __ATOMIC_RELAXED)) return Step::outOfMemory;
    work += 0.1 * static_cast<double>(rows_.width() * (count_ + 4)) * static_cast<double>(end - next_);
    next_ = end;
    progress(static_cast<double>(next_) / static_cast<double>(rows_.rows()));
    if (next_ < rows_.rows()) return Step::more;
    give(out_);
    return Step::done;
  }

 private:
  bool project(Runtime& runtime, int worker, int64_t begin, int64_t end) {
    const DesignRows& x = rows_.source();
    if (x.sparse()) {
      for (int64_t r = begin; r < end; r++)
        for (int64_t n = x.starts[r]; n < x.starts[r + 1]; n++)
          addScaled(x.values[n], byFeature_.data() + x.columns[n] * count_, out_.data() + r * count_, count_);
      return true;
    }
    double* const copy = static_cast<double*>(
        scratch(runtime, worker, 1, sizeof(double) * static_cast<size_t>(block * x.width)));
    if (copy == nullptr) return false;
    rows_.copy(begin, end, copy);
    const Product<double> product{end - begin, count_, x.width, copy, x.width, 1, byFeature_.data(), count_, 1,
                                  out_.data() + begin * count_, count_, nullptr, RegisterOp::copy};
    return multiplySmall(runtime, worker, product) == Status::ok;
  }

  CenteredRows rows_;
  int64_t count_;
  int64_t next_ = 0;
  std::vector<double> byFeature_;
  std::vector<double> out_;
};

}  // namespace

/// Numbers: rows, vectors. Arrays: rows, shift (or none; sparse rows take none), vectors row by row.
Job* projectionsJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x)) return nullptr;
  const int64_t count = arguments.integer(1, (int64_t(1) << 31) - 1);
  const double* const shift = arguments.optional<double>(x.width);
  const double* const vectors = arguments.array<double>(count * x.width);
  if (!arguments.fits() || (x.sparse() && shift != nullptr)) return nullptr;
  return new Projections(x, count, shift, vectors);
}

}  // namespace athanor

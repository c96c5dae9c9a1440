// Principal components and truncated singular values: from the scatter matrix, exactly, or from a random
// range. Results: the columns' shift, singular values, right vectors, and Σ (x − shift)² of each column.
#include "ranges.h"
#include "learn/covariance-pass.h"
#include "learn/randomized-range.h"
#include "learn/singular-values.h"
#include "learn/symmetric-eigen.h"
#include "learn/tall-qr.h"

namespace athanor {

namespace {

enum class Solver : int32_t { covariance = 0, full = 1, randomized = 2 };

struct Wanted {
  Solver solver;
  bool centered;
  /// Columns of the random range, and its power iterations.
  int64_t size;
  int64_t iterations;
  uint64_t seed;
};

class Components : public Job {
 public:
  Components(const DesignRows& x, const Wanted& wanted) : rows_(x), wanted_(wanted) {}

  Step step(Runtime& runtime) override {
    switch (phase_) {
      case Phase::measure: return measure(runtime);
      case Phase::scatter: return scatter(runtime);
      case Phase::eigen: return eigen();
      case Phase::range: return range(runtime);
      case Phase::copy: return copy(runtime);
      case Phase::singular: return singular(runtime);
    }
    return Step::invalid;
  }

 private:
  enum class Phase { measure, scatter, eigen, range, copy, singular };

  Step measure(Runtime& runtime) {
    if (wanted_.solver == Solver::covariance) {
      pass_ = CovariancePass::of(rows_);
      phase_ = Phase::scatter;
      return Step::more;
    }
    const std::vector<double> sums = measureAll(runtime, rows_);
    if (!allFinite(sums)) return Step::notFinite;
    rows_.settle(sums.data(), rows_.rows(), wanted_.centered);
    sumSquares(runtime);
    work += 3.0 * static_cast<double>(rows_.rows()) * static_cast<double>(rows_.width());
    if (wanted_.solver == Solver::randomized) {
      range_ = std::make_unique<RandomizedRange>(rows_, wanted_.size, wanted_.iterations, wanted_.seed);
      phase_ = Phase::range;
    } else {
      phase_ = Phase::copy;
    }
    return Step::more;
  }

  Step scatter(Runtime& runtime) {
    const Step step = pass_->run(runtime, work);
    progress(0.9 * pass_->done());
    if (step != Step::done) return step;
    const int64_t width = rows_.width();
    squares_.resize(static_cast<size_t>(width));
    for (int64_t k = 0; k < width; k++) squares_[k] = std::max(0.0, pass_->matrix()[k * width + k]);
    eigen_.begin(std::move(pass_->matrix()), width);
    pass_.reset();
    phase_ = Phase::eigen;
    return Step::more;
  }

  Step eigen() {
    const Step step = eigen_.run(work);
    if (step != Step::done) return step;
    std::vector<double> values = eigen_.values();
    for (double& value : values) value = value > 0 ? std::sqrt(value) : 0;
    return finish(values, eigen_.vectors());
  }

  Step range(Runtime& runtime) {
    const Step step = range_->run(runtime, work);
    progress(0.9 * range_->done());
    if (step != Step::done) return step;
    tall_.swap(range_->projected());
    range_.reset();
    return reduce(runtime, rows_.width(), wanted_.size, true);
  }

  Step copy(Runtime& runtime) {
    const int64_t n = rows_.rows(), width = rows_.width();
    tall_.resize(static_cast<size_t>(n * width));
    parallelRanges(runtime, n, 64, [&](int64_t begin, int64_t end, int) {
      rows_.copy(begin, end, tall_.data() + begin * width);
    });
    if (n >= width) return reduce(runtime, n, width, false);
    std::vector<double> turned(tall_.size());
    for (int64_t i = 0; i < n; i++)
      for (int64_t k = 0; k < width; k++) turned[k * n + i] = tall_[i * width + k];
    tall_.swap(turned);
    return reduce(runtime, width, n, true);
  }

  /// The tall matrix to a square one: R where it has the rows wanted, Rᵀ where it is turned.
  Step reduce(Runtime& runtime, int64_t height, int64_t width, bool isTurned) {
    if (!allFinite(tall_)) return Step::notFinite;
    std::vector<double> r;
    if (TallQr::factor(runtime, tall_.data(), height, width, isTurned, r) != Status::ok)
      return Step::outOfMemory;
    work += static_cast<double>(height) * static_cast<double>(width) * static_cast<double>(width) / 2;
    if (isTurned) {
      for (int64_t i = 0; i < width; i++)
        for (int64_t k = 0; k < i; k++) std::swap(r[i * width + k], r[k * width + i]);
    } else {
      tall_ = std::vector<double>();
    }
    singular_.begin(std::move(r), width);
    progress(0.95);
    phase_ = Phase::singular;
    return Step::more;
  }

  Step singular(Runtime& runtime) {
    const Step step = singular_.run(work);
    if (step != Step::done) return step;
    if (tall_.empty()) return finish(singular_.values(), singular_.vectors());
    // Of A = Rᵀ · Qᵀ: those of Rᵀ times Qᵀ.
    const int64_t count = static_cast<int64_t>(singular_.values().size()), width = rows_.width();
    std::vector<double> vectors(static_cast<size_t>(count * width));
    const Status status =
        multiply<double>(runtime, {count, width, count, singular_.vectors().data(), count, 1, tall_.data(), 1,
                                   count, vectors.data(), width, nullptr, RegisterOp::copy});
    return status == Status::ok ? finish(singular_.values(), vectors) : Step::outOfMemory;
  }

  void sumSquares(Runtime& runtime) {
    constexpr int64_t block = 1024;
    const int64_t n = rows_.rows(), width = rows_.width();
    const int64_t parts = std::min(int64_t(32), (n + block - 1) / block);
    std::vector<double> sums(static_cast<size_t>(parts * width));
    auto add = [&](int64_t part, int) {
      double* const sum = sums.data() + part * width;
      std::vector<double> row(static_cast<size_t>(width));
      for (int64_t r = n * part / parts; r < n * (part + 1) / parts; r++) {
        rows_.copy(r, r + 1, row.data());
        for (int64_t k = 0; k < width; k++) sum[k] += row[k] * row[k];
      }
    };
    parallel(runtime, parts, add);
    squares_.assign(static_cast<size_t>(width), 0.0);
    for (int64_t part = 0; part < parts; part++)
      for (int64_t k = 0; k < width; k++) squares_[k] += sums[part * width + k];
  }

  Step finish(const std::vector<double>& values, const std::vector<double>& vectors) {
    values_ = values;
    vectors_ = vectors;
    for (double& value : values_) value /= rows_.scale();
    for (double& value : squares_) value = value / rows_.scale() / rows_.scale();
    give(rows_.shift());
    give(values_);
    give(vectors_);
    give(squares_);
    progress(1);
    return Step::done;
  }

  CenteredRows rows_;
  Wanted wanted_;
  Phase phase_ = Phase::measure;
  std::unique_ptr<CovariancePass> pass_;
  std::unique_ptr<RandomizedRange> range_;
  SymmetricEigen eigen_;
  SingularValues singular_;
  std::vector<double> tall_;
  std::vector<double> values_, vectors_, squares_;
};

/// The eigenvalues and vectors of one matrix.
class EigenJob : public Job {
 public:
  EigenJob(const double* a, int64_t n) { eigen_.begin({a, a + n * n}, n); }

  Step step(Runtime&) override {
    const Step step = eigen_.run(work);
    if (step != Step::done) return step;
    give(eigen_.values());
    give(eigen_.vectors());
    progress(1);
    return step;
  }

 private:
  SymmetricEigen eigen_;
};

}  // namespace

Job* componentsJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x)) return nullptr;
  Wanted wanted{};
  wanted.solver = static_cast<Solver>(arguments.integer(0, 2));
  wanted.centered = arguments.flag();
  wanted.size = arguments.integer(1, std::min(x.rows, x.width));
  wanted.iterations = arguments.integer(0, 1 << 20);
  wanted.seed = static_cast<uint64_t>(arguments.integer(0, int64_t(1) << 53));
  const bool fits = !x.sparse() || (wanted.solver != Solver::covariance && !wanted.centered);
  return arguments.fits() && fits ? new Components(x, wanted) : nullptr;
}

Job* symmetricEigenJob(Arguments& arguments) {
  const int64_t n = arguments.integer(1, 1 << 15);
  const double* const a = arguments.array<double>(n * n);
  return arguments.fits() ? new EigenJob(a, n) : nullptr;
}

}  // namespace athanor

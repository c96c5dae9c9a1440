// Least squares with or without an L2 penalty, directly: normal equations by Cholesky (refined where no
// penalty helps), QR of tall rows, or the dual equations where there are fewer rows than features. What turns
// out to be singular goes to QR with column pivoting, which gives the answer of least norm.
#include <cmath>

#include "gemm.h"
#include "learn/cholesky.h"
#include "learn/column-means.h"
#include "learn/objective-pass.h"
#include "learn/rank-revealing.h"
#include "learn/row-qr.h"
#include "learn/vector-space.h"
#include "learn/weighted-gram.h"

namespace athanor {

namespace {

enum class Method : int32_t { normal = 0, qr = 1, dual = 2 };

/// From this many features on QR gives way to refined normal equations, where these are exact enough.
constexpr int64_t wideQr = 200;
constexpr int64_t mostRefinements = 6;

struct Settings {
  Method method = Method::normal;
  int64_t targetCount = 1;
  double penalty = 0;
  bool intercept = true;
  /// Columns of which less than this share is their own count as dependent.
  double tolerance = 1e-10;
};

class LeastSquares : public Job {
 public:
  LeastSquares(const DesignRows& x, const Settings& settings, const double* targets, const double* weights)
      : x_(x), s_(settings), targets_(targets), weights_(weights), means_(x_, targets, settings.targetCount, weights),
        gram_(x_) {}

  Step step(Runtime& runtime) override {
    switch (phase_) {
      case Phase::means: {
        const Step step = means_.run(runtime, work);
        if (step != Step::done) return step;
        shift_ = means_.means;
        if (!s_.intercept) shift_.assign(shift_.size(), 0.0);
        for (const double mean : means_.means)
          if (!std::isfinite(mean)) return Step::notFinite;
        progress(0.1);
        chooseMethod();
        return Step::more;
      }
      case Phase::gram: {
        const Step step = gram_.run(runtime, work);
        if (step != Step::done) return step;
        progress(0.7);
        return beginFactor();
      }
      case Phase::dual:
        return dualRows(runtime);
      case Phase::factor: {
        const Step step = factor_.run(runtime, work);
        if (step != Step::done) return step;
        progress(0.8);
        return endFactor(runtime);
      }
      case Phase::refine: {
        const Step step = pass_->run(runtime, work);
        return step == Step::done ? refine() : step;
      }
      case Phase::qr: {
        const Step step = qr_->run(runtime, work);
        if (step != Step::done) return step;
        progress(0.9);
        phase_ = Phase::solve;
        return Step::more;
      }
      case Phase::solve:
        return solveTriangle(runtime);
    }
    return Step::invalid;
  }

 private:
  enum class Phase { means, gram, dual, factor, refine, qr, solve };

  void chooseMethod() {
    const bool wide = x_.rows < x_.width;
    if (s_.method == Method::dual) return beginDual();
    if (s_.method == Method::normal) return beginGram();
    refining_ = s_.targetCount == 1 && s_.penalty == 0 && x_.width >= wideQr && x_.rows >= x_.width;
    if (refining_) return beginGram();
    if (wide && s_.penalty > 0) return beginDual();
    beginQr();
  }

  void beginGram() {
    WeightedGram::Wanted wanted;
    wanted.weights = weights_;
    if (!x_.sparse()) {
      wanted.shift = shift_.data();
      centred_.resize(static_cast<size_t>(x_.rows * s_.targetCount));
      for (int64_t i = 0; i < x_.rows; i++)
        for (int64_t k = 0; k < s_.targetCount; k++)
          centred_[static_cast<size_t>(i * s_.targetCount + k)] =
              targets_[i * s_.targetCount + k] - shift_[static_cast<size_t>(x_.width + k)];
      wanted.targets = centred_.data();
    } else {
      wanted.targets = targets_;
    }
    wanted.targetCount = s_.targetCount;
    gram_.begin(wanted);
    phase_ = Phase::gram;
  }

  /// Gram's features in `matrix_`, the right sides in `solution_`.
  Step beginFactor() {
    const int64_t n = x_.width, size = gram_.size(), k = s_.targetCount;
    std::vector<double>& g = gram_.matrix();
    if (x_.sparse() && s_.intercept)
      for (int64_t i = 0; i < size; i++)
        for (int64_t j = 0; j < size; j++)
          g[static_cast<size_t>(i * size + j)] -=
              means_.total * shift_[static_cast<size_t>(i)] * shift_[static_cast<size_t>(j)];
    matrix_.resize(static_cast<size_t>(n * n));
    solution_.resize(static_cast<size_t>(k * n));
    scales_.assign(static_cast<size_t>(n), 1.0);
    for (int64_t i = 0; i < n; i++) {
      const double own = g[static_cast<size_t>(i * (size + 1))] + s_.penalty;
      if (!std::isfinite(own)) return Step::notFinite;
      if (own > 0) scales_[static_cast<size_t>(i)] = 1 / std::sqrt(own);
    }
    // Columns of length 1: pivots are then shares.
    for (int64_t i = 0; i < n; i++) {
      for (int64_t j = 0; j < n; j++)
        matrix_[static_cast<size_t>(i * n + j)] = g[static_cast<size_t>(i * size + j)] *
                                                  scales_[static_cast<size_t>(i)] * scales_[static_cast<size_t>(j)];
      matrix_[static_cast<size_t>(i * (n + 1))] +=
          s_.penalty * scales_[static_cast<size_t>(i)] * scales_[static_cast<size_t>(i)];
      for (int64_t c = 0; c < k; c++)
        solution_[static_cast<size_t>(c * n + i)] =
            g[static_cast<size_t>(i * size + n + c)] * scales_[static_cast<size_t>(i)];
    }
    factor_.begin(matrix_.data(), n);
    phase_ = Phase::factor;
    return Step::more;
  }

  Step endFactor(Runtime& runtime) {
    const int64_t n = dual_ ? x_.rows : x_.width;
    double least = 1;
    if (factor_.positive() && !dual_)
      for (int64_t i = 0; i < n; i++) least = std::fmin(least, matrix_[static_cast<size_t>(i * (n + 1))]);
    // Pivots lose digits by their square: below this the refinement would not come back.
    if (!factor_.positive() || (refining_ && least < 1e-4)) return fallBack();
    factor_.solve(runtime, solution_.data(), s_.targetCount);
    if (dual_) return endDual(runtime);
    for (size_t i = 0; i < solution_.size(); i++) solution_[i] *= scales_[i % static_cast<size_t>(n)];
    rank_ = x_.width;
    if (!refining_) return finish();
    ObjectivePass::Terms terms;
    terms.targets = targets_;
    terms.weights = weights_;
    terms.total = means_.total;
    terms.intercept = s_.intercept;
    pass_ = std::make_unique<ObjectivePass>(x_, terms);
    return beginRefinement();
  }

  Step beginRefinement() {
    point_ = solution_;
    double intercept = shift_[static_cast<size_t>(x_.width)];
    for (int64_t j = 0; j < x_.width; j++)
      intercept -= solution_[static_cast<size_t>(j)] * shift_[static_cast<size_t>(j)];
    point_.push_back(s_.intercept ? intercept : 0);
    pass_->begin(point_.data(), false);
    phase_ = Phase::refine;
    return Step::more;
  }

  /// One step of iterative refinement: what the residuals still leave goes through the same factor.
  Step refine() {
    const int64_t n = x_.width;
    std::vector<double> change(static_cast<size_t>(n));
    const double rest = s_.intercept ? pass_->gradient[static_cast<size_t>(n)] : 0;
    for (int64_t j = 0; j < n; j++) {
      const size_t i = static_cast<size_t>(j);
      change[i] = -means_.total * (pass_->gradient[i] - shift_[i] * rest) * scales_[i];
    }
    factor_.solve(change.data());
    double moved = 0, size = 0;
    for (int64_t j = 0; j < n; j++) {
      const size_t i = static_cast<size_t>(j);
      moved = std::fmax(moved, std::fabs(change[i]));
      size = std::fmax(size, std::fabs(solution_[i] / scales_[i]));
      solution_[i] += change[i] * scales_[i];
    }
    refinements_++;
    if (!(moved <= 0.5 * lastMoved_) && moved > 1e-13 * size) return fallBack();
    lastMoved_ = moved;
    if (moved <= 1e-14 * size || refinements_ >= mostRefinements) return finish();
    return beginRefinement();
  }

  /// The Gram matrix of the rows: fewer equations where there are fewer rows.
  void beginDual() {
    dual_ = true;
    phase_ = Phase::dual;
  }

  /// Rows less the means, times the root of their weights; `behind` targets after the features.
  void loadRows(Runtime& runtime, int64_t behind) {
    const int64_t stride = x_.width + behind;
    rows_.resize(static_cast<size_t>(x_.rows * stride));
    parallelRanges(runtime, x_.rows, 8, [&](int64_t from, int64_t to, int) {
      for (int64_t i = from; i < to; i++) {
        double* const row = rows_.data() + i * stride;
        x_.copyRow(i, row);
        const double root = weights_ == nullptr ? 1 : std::sqrt(weights_[i]);
        for (int64_t k = 0; k < behind; k++) row[x_.width + k] = targets_[i * behind + k];
        for (int64_t j = 0; j < stride; j++) row[j] = root * (row[j] - shift_[static_cast<size_t>(j)]);
      }
    });
    work += static_cast<double>(x_.rows * stride);
  }

  Step dualRows(Runtime& runtime) {
    const int64_t n = x_.rows, width = x_.width, k = s_.targetCount;
    if (next_ == 0) {
      loadRows(runtime, 0);
      matrix_.resize(static_cast<size_t>(n * n));
    }
    // Some columns of the lower triangle.
    const int64_t columns = n - next_ < 128 ? n - next_ : 128;
    const Product<double> p{n - next_, columns, width, rows_.data() + next_ * width, width, 1,
                            rows_.data() + next_ * width, 1, width, matrix_.data() + next_ * n + next_, n,
                            nullptr, RegisterOp::copy};
    if (multiply(runtime, p) != Status::ok) return Step::outOfMemory;
    work += static_cast<double>(n - next_) * columns * width / 8;
    next_ += columns;
    if (next_ < n) return Step::more;
    solution_.resize(static_cast<size_t>(k * n));
    for (int64_t i = 0; i < n; i++) {
      matrix_[static_cast<size_t>(i * (n + 1))] += s_.penalty;
      if (!std::isfinite(matrix_[static_cast<size_t>(i * (n + 1))])) return Step::notFinite;
      const double root = weights_ == nullptr ? 1 : std::sqrt(weights_[i]);
      for (int64_t c = 0; c < k; c++)
        solution_[static_cast<size_t>(c * n + i)] =
            root * (targets_[i * k + c] - shift_[static_cast<size_t>(width + c)]);
    }
    factor_.begin(matrix_.data(), n);
    phase_ = Phase::factor;
    return Step::more;
  }

  Step endDual(Runtime& runtime) {
    const int64_t n = x_.rows, width = x_.width;
    std::vector<double> out(static_cast<size_t>(s_.targetCount * width), 0.0);
    auto task = [&](int64_t c, int) {
      addRows(rows_.data(), n, width, solution_.data() + c * n, out.data() + c * width);
    };
    parallel(runtime, s_.targetCount, task);
    solution_ = std::move(out);
    rank_ = n;
    return finish();
  }

  Step fallBack() {
    dual_ = refining_ = false;
    if (x_.rows < x_.width) s_.penalty = 0;  // too small a penalty to be seen
    beginQr();
    return Step::more;
  }

  void beginQr() {
    phase_ = Phase::solve;
    if (x_.rows < x_.width) return;
    RowQr::Wanted wanted;
    wanted.weights = weights_;
    wanted.shift = shift_.data();
    wanted.targets = targets_;
    wanted.targetCount = s_.targetCount;
    wanted.penalty = s_.penalty;
    qr_ = std::make_unique<RowQr>(x_, wanted);
    phase_ = Phase::qr;
  }

  Step solveTriangle(Runtime& runtime) {
    const int64_t stride = x_.width + s_.targetCount;
    const bool tall = qr_ != nullptr;
    if (!tall) loadRows(runtime, s_.targetCount);
    const std::vector<double>& r = tall ? qr_->factor() : rows_;
    for (const double cell : r)
      if (!std::isfinite(cell)) return Step::notFinite;
    RankedSolution solved = solveRanked(r.data(), tall ? x_.width : x_.rows, x_.width, stride, s_.targetCount,
                                        s_.tolerance);
    rank_ = solved.rank;
    solution_ = std::move(solved.coefficients);
    const double shorter = static_cast<double>(x_.width < x_.rows ? x_.width : x_.rows);
    work += 2 * shorter * shorter * static_cast<double>(stride);
    return finish();
  }

  Step finish() {
    for (const double value : solution_)
      if (!std::isfinite(value)) return Step::notFinite;
    for (int64_t c = 0; c < s_.targetCount; c++) {
      double intercept = shift_[static_cast<size_t>(x_.width + c)];
      for (int64_t j = 0; j < x_.width; j++)
        intercept -= solution_[static_cast<size_t>(c * x_.width + j)] * shift_[static_cast<size_t>(j)];
      intercepts_.push_back(intercept);
    }
    summary_ = {static_cast<double>(rank_)};
    progress(1);
    give(solution_);
    give(intercepts_);
    give(summary_);
    return Step::done;
  }

  DesignRows x_;
  Settings s_;
  const double* targets_;
  const double* weights_;
  Phase phase_ = Phase::means;
  ColumnMeans means_;
  WeightedGram gram_;
  Cholesky factor_;
  std::unique_ptr<RowQr> qr_;
  std::unique_ptr<ObjectivePass> pass_;
  bool dual_ = false, refining_ = false;
  int64_t next_ = 0, rank_ = 0, refinements_ = 0;
  double lastMoved_ = 1e300;
  std::vector<double> shift_, centred_, matrix_, scales_, rows_, point_, solution_, intercepts_, summary_;
};

}  // namespace

/// Numbers: rows (see `readRows`), method, targets a row, penalty, intercept, tolerance. Arrays: rows,
/// targets (`rows × count`), weights or none.
Job* leastSquaresJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x)) return nullptr;
  Settings s;
  s.method = static_cast<Method>(arguments.integer(0, 2));
  s.targetCount = arguments.integer(1, 1 << 20);
  s.penalty = arguments.number();
  s.intercept = arguments.flag();
  s.tolerance = arguments.number();
  const double* const targets = arguments.array<double>(x.rows * s.targetCount);
  const double* const weights = arguments.optional<double>(x.rows);
  return arguments.fits() ? new LeastSquares(x, s, targets, weights) : nullptr;
}

}  // namespace athanor

// What linear models answer with: the scores of rows, X · coefficientsᵀ + intercepts, and from them
// probabilities or means. Each row's sums have the same order wherever it stands.
#include "gemm.h"
#include "learn/design-rows.h"
#include "learn/row-loss.h"
#include "ranges.h"
#include "vector-math.h"

namespace athanor {

namespace {

enum class Answer : int32_t {
  /// `rows × outputs`.
  scores = 0,
  /// `rows × classes`: the sigmoid of one score and the rest to 1, or the softmax of several.
  probabilities = 1,
  /// e^score.
  means = 2,
};

constexpr int64_t blockRows = 64;
/// Rows of a slice.
constexpr int64_t sliceCells = 20'000'000;

class LinearScores : public Job {
 public:
  LinearScores(const DesignRows& x, int64_t outputs, Answer answer, const double* coefficients,
               const double* intercepts)
      : x_(x), outputs_(outputs), answer_(answer), coefficients_(coefficients), intercepts_(intercepts) {
    columns_ = answer == Answer::probabilities && outputs == 1 ? 2 : outputs;
    out_.resize(static_cast<size_t>(x.rows * columns_));
    if (outputs == 1) return;
    byFeature_.resize(static_cast<size_t>(x.width * outputs));
    for (int64_t k = 0; k < outputs; k++)
      for (int64_t j = 0; j < x.width; j++)
        byFeature_[static_cast<size_t>(j * outputs + k)] = coefficients[k * x.width + j];
  }

  Step step(Runtime& runtime) override {
    const int64_t inRow = x_.cells() / x_.rows * outputs_ + 8;
    const int64_t slice = sliceCells / inRow / blockRows * blockRows + blockRows;
    const int64_t end = next_ + slice < x_.rows ? next_ + slice : x_.rows;
    const int64_t perTask = (16384 / inRow / blockRows + 1) * blockRows;
    bool failed = false;
    parallelRanges(runtime, end - next_, perTask, [&](int64_t from, int64_t to, int worker) {
      for (int64_t row = next_ + from; row < next_ + to; row += blockRows)
        if (!block(runtime, worker, row, row + blockRows < next_ + to ? row + blockRows : next_ + to))
          __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
    });
    if (failed) return Step::outOfMemory;
    work += static_cast<double>((end - next_) * inRow);
    next_ = end;
    progress(static_cast<double>(next_) / static_cast<double>(x_.rows));
    if (next_ < x_.rows) return Step::more;
    give(out_);
    return Step::done;
  }

 private:
  bool block(Runtime& runtime, int worker, int64_t from, int64_t to) {
    const int64_t rows = to - from, k = outputs_;
    double* const out = out_.data() + from * columns_;
    double single[blockRows];
    double* const scores = k == 1 ? single : out;
    if (!scoreRows(runtime, worker, from, to, scores)) return false;
    if (k == 1 && answer_ == Answer::scores) memcpy(out, single, sizeof(double) * static_cast<size_t>(rows));
    if (k > 1 && answer_ == Answer::probabilities) softmaxRows(out, rows, k, nullptr);
    if (k == 1 && answer_ == Answer::probabilities)
      for (int64_t i = 0; i < rows; i += wide) {
        double s[wide] = {}, high[wide], low[wide];
        const int64_t count = rows - i < wide ? rows - i : wide;
        memcpy(s, single + i, sizeof(double) * static_cast<size_t>(count));
        // The smaller of both keeps its digits.
        const F64 score = load<double>(s);
        const F64 e = expOf(-magnitude(score));
        const F64 part = 1.0 / (1.0 + e);
        const auto positive = score >= F64{};
        store(high, select(positive, part, e * part));
        store(low, select(positive, e * part, part));
        for (int64_t c = 0; c < count; c++) {
          out[2 * (i + c)] = low[c];
          out[2 * (i + c) + 1] = high[c];
        }
      }
    if (answer_ == Answer::means) {
      const int64_t cells = rows * k;
      for (int64_t i = 0; i < cells; i += wide) {
        double s[wide] = {};
        const int64_t count = cells - i < wide ? cells - i : wide;
        memcpy(s, scores + i, sizeof(double) * static_cast<size_t>(count));
        store(s, expOf(load<double>(s)));
        memcpy(out + i, s, sizeof(double) * static_cast<size_t>(count));
      }
    }
    return true;
  }

  bool scoreRows(Runtime& runtime, int worker, int64_t from, int64_t to, double* scores) {
    const int64_t rows = to - from, width = x_.width, k = outputs_;
    if (x_.sparse()) {
      for (int64_t i = 0; i < rows; i++) {
        double* const s = scores + i * k;
        for (int64_t c = 0; c < k; c++) s[c] = intercepts_[c];
        for (int32_t n = x_.starts[from + i]; n < x_.starts[from + i + 1]; n++) {
          if (k == 1)
            s[0] += x_.values[n] * coefficients_[x_.columns[n]];
          else
            addScaled(x_.values[n], byFeature_.data() + x_.columns[n] * k, s, k);
        }
      }
      return true;
    }
    if (k == 1) {
      x_.dense(from, [&](auto x) {
        int64_t i = 0;
        for (; i + 4 <= rows; i += 4) dotFourRows(x + i * width, width, coefficients_, width, scores + i);
        for (; i < rows; i++) scores[i] = dotOneRow(x + i * width, coefficients_, width);
      });
      for (int64_t i = 0; i < rows; i++) scores[i] += intercepts_[0];
      return true;
    }
    const double* x = x_.doubles + from * width;
    if (x_.form == RowForm::float32) {
      double* const copy =
          static_cast<double*>(scratch(runtime, worker, 1, sizeof(double) * static_cast<size_t>(rows * width)));
      if (copy == nullptr) return false;
      for (int64_t i = 0; i < rows * width; i++) copy[i] = static_cast<double>(x_.floats[from * width + i]);
      x = copy;
    }
    const Product<double> product{rows, k, width, x, width, 1, byFeature_.data(), k, 1, scores, k, intercepts_,
                                  RegisterOp::copy};
    return multiplySmall(runtime, worker, product) == Status::ok;
  }

  DesignRows x_;
  int64_t outputs_;
  Answer answer_;
  const double* coefficients_;
  const double* intercepts_;
  int64_t columns_;
  int64_t next_ = 0;
  /// `width × outputs`, of several outputs.
  std::vector<double> byFeature_;
  std::vector<double> out_;
};

}  // namespace

/// Numbers: rows (see `readRows`), outputs, answer. Arrays: rows, coefficients (`outputs × width`), intercepts.
Job* linearScoresJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x)) return nullptr;
  const int64_t outputs = arguments.integer(1, 1 << 20);
  const Answer answer = static_cast<Answer>(arguments.integer(0, 2));
  const double* const coefficients = arguments.array<double>(outputs * x.width);
  const double* const intercepts = arguments.array<double>(outputs);
  return arguments.fits() ? new LinearScores(x, outputs, answer, coefficients, intercepts) : nullptr;
}

}  // namespace athanor

// The job that answers with support vectors: rows of kernel values against all of them, and sums of these
// over ranges of support vectors, as many as the machine has outputs.
#include "learn/svm-points.h"

namespace athanor {

namespace {

/// Rows of one task.
constexpr int64_t taskRows = 16;
/// Nanoseconds of work in a step, over all threads.
constexpr double stepWork = 4e6;

double dot(const double* a, const double* b, int64_t count) {
  F64 sums[4] = {};
  int64_t i = 0;
  for (; i + KernelPoints::panel <= count; i += KernelPoints::panel)
    for (int v = 0; v < 4; v++)
      sums[v] = fma(load<double>(a + i + v * lanes<double>), load<double>(b + i + v * lanes<double>), sums[v]);
  double sum = sumOfLanes((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; i < count; i++) sum += a[i] * b[i];
  return sum;
}

class SvmScores : public Job {
 public:
  bool read(Arguments& arguments) {
    if (!readSource(arguments, rows_) || !readSource(arguments, vectors_) || !readKernel(arguments, kernel_))
      return false;
    const int64_t count = arguments.integer(0, INT32_MAX);
    outputs_ = arguments.integer(1, INT32_MAX);
    segments_ = arguments.integer(0, INT32_MAX);
    const int64_t sets = arguments.integer(1, INT32_MAX);
    ids_ = arguments.array<int32_t>(count);
    coefficients_ = arguments.array<double>(sets * count);
    biases_ = arguments.array<double>(outputs_);
    segment_ = arguments.array<int32_t>(4 * segments_);
    if (!arguments.fits() || rows_.width != vectors_.width) return false;
    const int64_t most = kernel_.kind == KernelKind::precomputed ? vectors_.width : vectors_.rows;
    for (int64_t s = 0; s < count; s++)
      if (ids_[s] < 0 || ids_[s] >= most) return false;
    for (int64_t g = 0; g < segments_; g++) {
      const int32_t* const s = segment_ + 4 * g;
      if (s[0] < 0 || s[0] >= outputs_ || s[1] < 0 || s[1] >= sets || s[2] < 0 || s[3] < s[2] || s[3] > count)
        return false;
    }
    count_ = count;
    return true;
  }

  Step step(Runtime& runtime) override {
    if (!placed_) {
      points_.place(vectors_, kernel_, ids_, count_);
      scores_.resize(rows_.rows * outputs_);
      placed_ = true;
    }
    const double perRow = static_cast<double>(count_ + 1) * points_.cost();
    int64_t tasks = (rows_.rows - next_ + taskRows - 1) / taskRows;
    const double fitting = stepWork / (perRow * taskRows) + 1;
    if (fitting < static_cast<double>(tasks)) tasks = static_cast<int64_t>(fitting);
    const int64_t lefts = rows_.sparse() ? 1 : KernelPoints::mostLefts;
    const size_t roomBytes = rows_.sparse() ? sizeof(double) * rows_.width : 0;
    for (int worker = 0; worker < threads(runtime); worker++)
      if (scratch(runtime, worker, 0, roomBytes) == nullptr ||
          scratch(runtime, worker, 1, sizeof(double) * lefts * count_) == nullptr)
        return Step::outOfMemory;
    auto task = [&](int64_t index, int worker) {
      double* const room = static_cast<double*>(scratch(runtime, worker, 0, roomBytes));
      double* const values = static_cast<double*>(scratch(runtime, worker, 1, 0));
      memset(room, 0, roomBytes);
      const int64_t from = next_ + index * taskRows;
      const int64_t to = from + taskRows < rows_.rows ? from + taskRows : rows_.rows;
      for (int64_t r = from; r < to; r += lefts) answer(r, static_cast<int>(to - r < lefts ? to - r : lefts), room, values);
    };
    parallel(runtime, tasks, task);
    const int64_t before = next_;
    next_ = next_ + tasks * taskRows < rows_.rows ? next_ + tasks * taskRows : rows_.rows;
    work += perRow * static_cast<double>(next_ - before);
    progress(static_cast<double>(next_) / static_cast<double>(rows_.rows));
    if (next_ < rows_.rows) return Step::more;
    give(scores_);
    return Step::done;
  }

 private:
  void answer(int64_t row, int count, double* room, double* values) {
    Left sides[KernelPoints::mostLefts];
    double* out[KernelPoints::mostLefts];
    for (int l = 0; l < count; l++) {
      sides[l] = KernelPoints::left(rows_, row + l, room);
      out[l] = values + l * count_;
    }
    points_.rows(sides, count, 0, count_, out);
    KernelPoints::leave(rows_, row, room);
    for (int l = 0; l < count; l++) {
      double* const scores = scores_.data() + (row + l) * outputs_;
      for (int64_t o = 0; o < outputs_; o++) scores[o] = biases_[o];
      for (int64_t g = 0; g < segments_; g++) {
        const int32_t* const s = segment_ + 4 * g;
        scores[s[0]] += dot(out[l] + s[2], coefficients_ + s[1] * count_ + s[2], s[3] - s[2]);
      }
    }
  }

  Source rows_, vectors_;
  KernelFunction kernel_;
  KernelPoints points_;
  bool placed_ = false;
  int64_t count_ = 0, outputs_ = 0, segments_ = 0, next_ = 0;
  const int32_t* ids_ = nullptr;
  const double* coefficients_ = nullptr;
  const double* biases_ = nullptr;
  /// For each: output, set of coefficients, first support vector, one past the last.
  const int32_t* segment_ = nullptr;
  std::vector<double> scores_;
};

}  // namespace

Job* svmScoresJob(Arguments& arguments) {
  std::unique_ptr<SvmScores> job(new SvmScores());
  return job->read(arguments) ? job.release() : nullptr;
}

}  // namespace athanor

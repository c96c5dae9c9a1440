// The job that fits linear support vectors: one problem, or one for each class; several go on at once.
#include <cmath>

#include "learn/linear-solver.h"

namespace athanor {

namespace {

/// Nanoseconds of work in a step, for each thread.
constexpr double stepWork = 2e6;

class LinearSvmFit : public Job {
 public:
  bool read(Arguments& arguments) {
    LinearProblem common;
    if (!readSource(arguments, common.rows.source)) return false;
    common.rows.bias = arguments.number();
    common.method = static_cast<LinearMethod>(arguments.integer(0, 6));
    common.epsilon = arguments.number();
    common.mostIterations = arguments.integer(1, int64_t(1) << 52);
    common.seed = static_cast<uint64_t>(arguments.integer(0, int64_t(1) << 53));
    common.rows.count = arguments.integer(1, INT32_MAX);
    const int64_t problems = arguments.integer(1, INT32_MAX);
    common.rows.rows = arguments.array<int32_t>(common.rows.count);
    y_ = arguments.array<double>(common.rows.count);
    cost_ = arguments.array<double>(common.rows.count);
    factors_ = arguments.array<double>(2 * problems);
    const double* const tolerance = arguments.array<double>(problems);
    if (!arguments.fits()) return false;
    for (int64_t i = 0; i < common.rows.count; i++)
      if (common.rows.rows[i] < 0 || common.rows.rows[i] >= common.rows.source.rows) return false;
    weights_.resize(problems * common.rows.weights());
    problems_.assign(problems, common);
    for (int64_t k = 0; k < problems; k++) {
      problems_[k].tolerance = tolerance[k];
      problems_[k].stream = static_cast<uint32_t>(k);
      problems_[k].w = weights_.data() + k * common.rows.weights();
    }
    return true;
  }

  Step step(Runtime& runtime) override {
    while (static_cast<int>(running_.size()) < threads(runtime) && next_ < problems_.size()) {
      running_.emplace_back(next_, make(next_));
      next_++;
    }
    const bool apart = running_.size() > 1;
    std::vector<double> took(running_.size(), 0);
    std::vector<Step> said(running_.size(), Step::more);
    auto task = [&](int64_t k, int worker) {
      said[k] = unlessOutOfMemory(Step::outOfMemory, [&] {
        return running_[k].second->advance(Crew{runtime, worker, !apart}, stepWork, &took[k]) ? Step::done : Step::more;
      });
    };
    // With one problem alone its sums are shared out instead.
    share(Crew{runtime, 0, apart}, static_cast<int64_t>(running_.size()), task);
    double most = 0;
    for (size_t k = running_.size(); k-- > 0;) {
      if (took[k] > most) most = took[k];
      if (said[k] == Step::outOfMemory) return said[k];
      if (said[k] != Step::done) continue;
      problems_[running_[k].first].y = problems_[running_[k].first].cost = {};
      running_.erase(running_.begin() + static_cast<int64_t>(k));
    }
    work += most;
    progress(static_cast<double>(next_ - running_.size()) / static_cast<double>(problems_.size()));
    double steps = 0;
    for (const LinearProblem& problem : problems_) steps += static_cast<double>(problem.iterations);
    iteration(steps);
    if (!running_.empty() || next_ < problems_.size()) return Step::more;
    for (const double weight : weights_)
      if (!std::isfinite(weight)) return Step::notFinite;
    for (const LinearProblem& problem : problems_) {
      iterations_.push_back(static_cast<double>(problem.iterations));
      converged_.push_back(problem.converged ? 1 : 0);
    }
    give(weights_);
    give(iterations_);
    give(converged_);
    return Step::done;
  }

 private:
  std::unique_ptr<LinearSolver> make(size_t k) {
    LinearProblem& problem = problems_[k];
    const LinearMethod method = problem.method;
    const int64_t count = problem.rows.count;
    const bool regression = method == LinearMethod::dualInsensitive || method == LinearMethod::dualSquaredInsensitive ||
                            method == LinearMethod::newtonSquaredInsensitive;
    problem.y.assign(y_, y_ + count);
    problem.cost.assign(cost_, cost_ + count);
    // Class k against the others; of two classes the second against the first.
    const double own = problems_.size() == 1 ? 1 : static_cast<double>(k);
    for (int64_t i = 0; i < count && !regression; i++) {
      const bool is = y_[i] == own;
      problem.y[i] = is ? 1 : -1;
      problem.cost[i] *= factors_[2 * k + (is ? 0 : 1)];
    }
    if (method <= LinearMethod::dualSquaredInsensitive) return dualSolver(problem);
    if (method <= LinearMethod::newtonSquaredInsensitive) return newtonSolver(problem);
    return lassoSolver(problem);
  }

  /// Places of classes, or numbers.
  const double* y_ = nullptr;
  const double* cost_ = nullptr;
  /// For each problem: by what costs of its own class and of the others are multiplied.
  const double* factors_ = nullptr;
  std::vector<LinearProblem> problems_;
  std::vector<std::pair<size_t, std::unique_ptr<LinearSolver>>> running_;
  size_t next_ = 0;
  std::vector<double> weights_, iterations_;
  std::vector<int32_t> converged_;
};

}  // namespace

Job* linearSvmFitJob(Arguments& arguments) {
  std::unique_ptr<LinearSvmFit> job(new LinearSvmFit());
  return job->read(arguments) ? job.release() : nullptr;
}

}  // namespace athanor

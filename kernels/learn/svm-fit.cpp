// The job that fits support vectors: one problem for regression, one for each pair of classes, and those
// of cross-validation. Where there are many, several go on at once, each in a task of the pool.
#include "learn/svm-solver.h"

namespace athanor {

namespace {

/// Nanoseconds of work in a step, for each thread.
constexpr double stepWork = 2e6;
/// With fewer points a row of the kernel matrix is too short to be shared out.
constexpr int64_t fewPoints = 2000;

class SvmFit : public Job {
 public:
  bool read(Arguments& arguments) {
    if (!readSource(arguments, source_) || !readKernel(arguments, kernel_)) return false;
    settings_.epsilon = arguments.number();
    settings_.tolerance = arguments.number();
    settings_.mostIterations = arguments.integer(-1, int64_t(1) << 52);
    settings_.shrinking = arguments.flag();
    cacheBytes_ = arguments.integer(0, int64_t(1) << 48);
    const int64_t problems = arguments.integer(0, INT32_MAX - 1);
    const int32_t* const starts = arguments.array<int32_t>(problems + 1);
    const int32_t* const askedStarts = arguments.array<int32_t>(problems + 1);
    if (!arguments.fits()) return false;
    const int64_t rows = starts[problems], asked = askedStarts[problems];
    const int32_t* const rowIds = arguments.array<int32_t>(rows);
    const int32_t* const askedIds = arguments.array<int32_t>(asked);
    const double* const target = arguments.array<double>(rows);
    const double* const low = arguments.array<double>(rows);
    const double* const high = arguments.array<double>(rows);
    const double* const begin = arguments.optional<double>(rows);
    if (!arguments.fits() || !ascending(starts, problems) || !ascending(askedStarts, problems) ||
        !within(rowIds, rows) || !within(askedIds, asked))
      return false;
    if (kernel_.kind == KernelKind::precomputed && (source_.sparse() || source_.rows != source_.width)) return false;
    beta_.resize(rows);
    decisions_.resize(asked);
    problems_.resize(problems);
    for (int64_t k = 0; k < problems; k++) {
      Problem& problem = problems_[k];
      problem.rows = rowIds + starts[k];
      problem.count = starts[k + 1] - starts[k];
      if (problem.count == 0) return false;
      problem.target = target + starts[k];
      problem.low = low + starts[k];
      problem.high = high + starts[k];
      problem.start = begin == nullptr ? nullptr : begin + starts[k];
      problem.askedRows = askedIds + askedStarts[k];
      problem.askedCount = askedStarts[k + 1] - askedStarts[k];
      problem.beta = beta_.data() + starts[k];
      problem.decisions = decisions_.data() + askedStarts[k];
    }
    return true;
  }

  Step step(Runtime& runtime) override {
    if (!fill(threads(runtime))) return Step::outOfMemory;
    const bool apart = running_.size() > 1 && (static_cast<int>(running_.size()) >= threads(runtime) ||
                                               running_[0]->points() < fewPoints);
    const size_t going = apart ? running_.size() : running_.empty() ? 0 : 1;
    std::vector<double> took(going, 0);
    std::vector<Step> said(going, Step::done);
    auto task = [&](int64_t index, int worker) {
      said[index] = unlessOutOfMemory(Step::outOfMemory, [&] {
        return running_[index]->advance(Crew{runtime, worker, !apart}, stepWork, &took[index]);
      });
    };
    share(Crew{runtime, 0, apart}, static_cast<int64_t>(going), task);
    double most = 0, fraction = 0;
    for (size_t k = going; k-- > 0;) {
      if (took[k] > most) most = took[k];
      if (said[k] == Step::more) continue;
      if (said[k] != Step::done) return said[k];
      finished_++;
      idle_.push_back(std::move(running_[k]));
      running_.erase(running_.begin() + static_cast<int64_t>(k));
    }
    work += most;
    for (const auto& solver : running_) fraction += solver->fraction();
    fraction = (finished_ + fraction) / static_cast<double>(problems_.size() + 1e-9);
    if (fraction > furthest_) furthest_ = fraction < 1 ? fraction : 1;
    progress(furthest_);
    int64_t steps = 0;
    for (const Problem& problem : problems_) steps += problem.iterations;
    iteration(static_cast<double>(steps));
    if (!running_.empty() || next_ < problems_.size()) return Step::more;
    for (const Problem& problem : problems_) {
      rho_.push_back(problem.rho);
      iterations_.push_back(static_cast<double>(problem.iterations));
      converged_.push_back(problem.converged ? 1 : 0);
    }
    give(beta_);
    give(rho_);
    give(iterations_);
    give(converged_);
    give(decisions_);
    return Step::done;
  }

 private:
  static bool ascending(const int32_t* starts, int64_t count) {
    for (int64_t k = 0; k < count; k++)
      if (starts[k + 1] < starts[k]) return false;
    return starts[0] == 0;
  }
  bool within(const int32_t* ids, int64_t count) const {
    for (int64_t i = 0; i < count; i++)
      if (ids[i] < 0 || ids[i] >= source_.rows) return false;
    return true;
  }

  /// As many problems as there are threads are under way. False where memory is out.
  bool fill(int threads) {
    const size_t most = threads < 1 ? 1 : threads;
    while (running_.size() < most && next_ < problems_.size()) {
      if (idle_.empty()) idle_.emplace_back(new SvmSolver());
      if (!idle_.back()->open(source_, kernel_, settings_, &problems_[next_], cacheBytes_ / static_cast<int64_t>(most)))
        return false;
      running_.push_back(std::move(idle_.back()));
      idle_.pop_back();
      next_++;
    }
    return true;
  }

  Source source_;
  KernelFunction kernel_;
  SolverSettings settings_;
  int64_t cacheBytes_ = 0;
  std::vector<Problem> problems_;
  std::vector<std::unique_ptr<SvmSolver>> running_, idle_;
  size_t next_ = 0;
  int64_t finished_ = 0;
  double furthest_ = 0;
  std::vector<double> beta_, decisions_, rho_, iterations_;
  std::vector<int32_t> converged_;
};

}  // namespace

Job* svmFitJob(Arguments& arguments) {
  std::unique_ptr<SvmFit> job(new SvmFit());
  return job->read(arguments) ? job.release() : nullptr;
}

}  // namespace athanor

// Sums over the support vectors: the gradient of points that were set aside, and decision values.
#include "learn/svm-solver.h"
#include "ranges.h"

namespace athanor {

namespace {

/// Points of one task.
constexpr int64_t block = 8 * KernelPoints::panel;
/// Nanoseconds that one part should take at most.
constexpr double partWork = 4e6;

}  // namespace

/// `body(from, to, room)` from `next_` on, in tasks of `size`; as many as fit into a part. `work` is what
/// one of [next_, end) takes. False where memory is out.
template <typename F>
bool SvmSolver::inParts(const Crew& crew, int64_t end, int64_t size, double work, F body) {
  int64_t tasks = (end - next_ + size - 1) / size;
  const double fitting = partWork / (work * static_cast<double>(size)) + 1;
  if (fitting < static_cast<double>(tasks)) tasks = static_cast<int64_t>(fitting);
  const size_t roomBytes = source_.sparse() ? sizeof(double) * source_.width : 0;
  if (crew.whole)
    for (int worker = 0; worker < threads(crew.runtime); worker++)
      if (scratch(crew.runtime, worker, 0, roomBytes) == nullptr) return false;
  const int64_t start = next_;
  auto task = [&](int64_t index, int worker) {
    double* room = room_.data();
    if (crew.whole) {
      room = static_cast<double*>(scratch(crew.runtime, worker, 0, roomBytes));
      memset(room, 0, roomBytes);
    }
    const int64_t from = start + index * size;
    body(from, from + size < end ? from + size : end, room);
  };
  share(crew, tasks, task);
  next_ = start + tasks * size < end ? start + tasks * size : end;
  done_ += work * static_cast<double>(next_ - start);
  return true;
}

/// Values of the points that were set aside last are brought up to date by what β has changed since; then
/// those of the set before, until none is left.
void SvmSolver::wantGradient() {
  phase_ = sets_.empty() ? Phase::iterate : Phase::gradient;
  if (sets_.empty()) return;
  const Aside& set = sets_.back();
  supports_.clear();
  weights_.clear();
  for (int64_t p = 0; p < points_.count(); p++) {
    const double change = beta_[p] - set.beta[local_[p]];
    if (change == 0) continue;
    supports_.push_back(static_cast<int32_t>(p));
    weights_.push_back(change);
  }
  next_ = set.from;
  end_ = sets_.size() > 1 ? sets_[sets_.size() - 2].from : points_.count();
}

bool SvmSolver::gradientPart(const Crew& crew) {
  const int64_t lefts = source_.sparse() ? 1 : KernelPoints::mostLefts;
  const int64_t count = static_cast<int64_t>(supports_.size());
  const double work = static_cast<double>(count + 1) * points_.cost();
  const bool room = inParts(crew, end_, block, work, [&](int64_t from, int64_t to, double* room) {
    float rows[KernelPoints::mostLefts * block];
    float* out[KernelPoints::mostLefts];
    for (int l = 0; l < KernelPoints::mostLefts; l++) out[l] = rows + l * block;
    double values[block];
    memcpy(values, aside_.data() + from, sizeof(double) * (to - from));
    for (int64_t s = 0; s < count; s += lefts) {
      const int here = static_cast<int>(count - s < lefts ? count - s : lefts);
      Left sides[KernelPoints::mostLefts];
      for (int l = 0; l < here; l++) sides[l] = points_.left(supports_[s + l], room);
      points_.rows(sides, here, from, to, out);
      for (int l = 0; l < here; l++) {
        const double weight = weights_[s + l];
        for (int64_t p = 0; p < to - from; p++) values[p] -= weight * static_cast<double>(out[l][p]);
      }
      KernelPoints::leave(source_, points_.rowOf(supports_[s]), room);
    }
    memcpy(value_.data() + from, values, sizeof(double) * (to - from));
  });
  if (next_ < end_) return room;
  sets_.pop_back();
  wantGradient();
  return room;
}

/// Support vectors come to the front, and the asked rows meet them there.
void SvmSolver::wantDecisions() {
  phase_ = problem_->askedCount > 0 ? Phase::ask : Phase::done;
  if (phase_ == Phase::done) return;
  std::vector<int32_t> order;
  supports_.clear();
  for (int64_t p = 0; p < points_.count(); p++)
    if (beta_[p] != 0) order.push_back(static_cast<int32_t>(p));
  const size_t count = order.size();
  for (int64_t p = 0; p < points_.count(); p++)
    if (beta_[p] == 0) order.push_back(static_cast<int32_t>(p));
  points_.reorder(order.data());
  for (size_t s = 0; s < count; s++) {
    supports_.push_back(static_cast<int32_t>(s));
    moved_[s] = beta_[order[s]];
  }
  next_ = 0;
}

bool SvmSolver::decisionPart(const Crew& crew) {
  const int64_t count = static_cast<int64_t>(supports_.size());
  const double work = static_cast<double>(count + 1) * points_.cost();
  const bool room = inParts(crew, problem_->askedCount, 4, work, [&](int64_t from, int64_t to, double* room) {
    double row[block];
    double* const out = row;
    for (int64_t asked = from; asked < to; asked++) {
      const int32_t at = problem_->askedRows[asked];
      const Left side = KernelPoints::left(source_, at, room);
      double sum = -problem_->rho;
      for (int64_t begin = 0; begin < count; begin += block) {
        const int64_t end = begin + block < count ? begin + block : count;
        points_.rows(&side, 1, begin, end, &out);
        for (int64_t s = begin; s < end; s++) sum += moved_[s] * row[s - begin];
      }
      KernelPoints::leave(source_, at, room);
      problem_->decisions[asked] = sum;
    }
  });
  if (next_ == problem_->askedCount) phase_ = Phase::done;
  return room;
}

}  // namespace athanor

// The solver's iterations: the choice of two points, their step, shrinking, the threshold.
#include "learn/svm-solver.h"

#include <cmath>
#include <limits>

#include "ranges.h"

namespace athanor {

namespace {

constexpr int64_t width64 = lanes<double>;
/// A shift beyond all others.
constexpr double never = 1e300;
/// The shift of places behind the last point. What their values are is not known, not even whether they are
/// numbers: together with this one, none of them is ever the best.
constexpr double beyond = std::numeric_limits<double>::infinity();
/// Curvature that stands for none (LIBSVM's TAU).
constexpr double leastCurvature = 1e-12;
/// Points of one task in a pass over all.
constexpr int64_t passChunk = 8192;
/// As a part of the active points: how many must fall away before the others are moved together.
constexpr int64_t worthMoving = 32;
/// How often points are set aside before all are looked at again; each time costs memory for their β.
constexpr size_t mostSets = 32;

ATHANOR_INLINE F64 wide(const float* p) {
  F32Half half;
  memcpy(&half, p, sizeof(half));
  return __builtin_convertvector(half, F64);
}

ATHANOR_INLINE F64 placesFrom(int64_t from) {
  F64 places;
  for (int l = 0; l < width64; l++) places[l] = static_cast<double>(from + l);
  return places;
}

/// The lane of the largest value; of equal ones that of the largest place.
void takeBest(F64 values, F64 places, double* value, int64_t* place) {
  for (int l = 0; l < width64; l++) {
    const int64_t here = static_cast<int64_t>(places[l]);
    if (here < 0 || values[l] < *value || (values[l] == *value && here < *place)) continue;
    *value = values[l];
    *place = here;
  }
}

}  // namespace

bool SvmSolver::open(const Source& source, const KernelFunction& kernel, const SolverSettings& settings,
                     Problem* problem, int64_t cacheBytes) {
  source_ = source;
  settings_ = settings;
  problem_ = problem;
  const int64_t count = problem->count;
  const int64_t padded = (count + KernelPoints::panel - 1) / KernelPoints::panel * KernelPoints::panel;
  points_.place(source, kernel, problem->rows, count);
  if (!cache_.open(count, cacheBytes)) return false;
  local_.resize(padded);
  room_.resize(source.sparse() ? source.width : 0);
  for (int64_t f = 0; f < room_.size(); f++) room_[f] = 0;
  for (AlignedArray<double>* values :
       {&beta_, &low_, &high_, &target_, &value_, &diagonal_, &upShift_, &downShift_, &moved_, &aside_}) {
    values->resize(padded);
    for (int64_t p = count; p < padded; p++) (*values)[p] = 0;
  }
  setBeyond(count);
  for (int64_t p = 0; p < count; p++) {
    local_[p] = static_cast<int32_t>(p);
    beta_[p] = problem->start == nullptr ? 0 : problem->start[p];
    low_[p] = problem->low[p];
    high_[p] = problem->high[p];
    target_[p] = value_[p] = problem->target[p];
    diagonal_[p] = points_.diagonal(p);
    setShifts(p);
  }
  tops_.resize(count / passChunk + 1);
  bottoms_.resize(count / passChunk + 1);
  active_ = count;
  untilShrink_ = count < 1000 ? count : 1000;
  sawAll_ = haveTop_ = false;
  sets_.clear();
  if (problem->start != nullptr) {
    // As if all had been set aside when β was 0.
    sets_.push_back({0, std::vector<double>(count, 0)});
    for (int64_t p = 0; p < count; p++) aside_[p] = target_[p];
  }
  fraction_ = firstGap_ = 0;
  phase_ = Phase::begin;
  return true;
}

Step SvmSolver::advance(const Crew& crew, double work, double* done) {
  done_ = 0;
  bool sound = true, room = true;
  while (sound && room && done_ < work && phase_ != Phase::done) {
    if (phase_ == Phase::begin) {
      // Beyond float32 a row of the cache would hold infinities.
      for (int64_t p = 0; p < points_.count(); p++) sound = sound && std::fabs(diagonal_[p]) < 3e38;
      phase_ = Phase::iterate;
      if (!sets_.empty()) wantGradient();
    } else if (phase_ == Phase::gradient) {
      room = gradientPart(crew);
    } else if (phase_ == Phase::iterate) {
      iterate(crew);
      if (phase_ != Phase::iterate && phase_ != Phase::gradient) sound = finite();
    } else {
      room = decisionPart(crew);
    }
  }
  *done += done_;
  if (!room) return Step::outOfMemory;
  return !sound ? Step::notFinite : phase_ == Phase::done ? Step::done : Step::more;
}

/// Which ways β can still go, and what ε makes of the gain.
void SvmSolver::setShifts(int64_t p) {
  const double beta = beta_[p], epsilon = settings_.epsilon;
  upShift_[p] = beta < 0 ? epsilon : beta < high_[p] ? -epsilon : -never;
  downShift_[p] = beta > 0 ? -epsilon : beta > low_[p] ? epsilon : never;
}

/// The last vector of a pass reaches over the last point.
void SvmSolver::setBeyond(int64_t from) {
  for (int64_t p = from; p < upShift_.size(); p++) {
    upShift_[p] = -beyond;
    downShift_[p] = beyond;
  }
}

/// A row of the kernel matrix as far as points are active. `which`: 0 and 1 stay valid together.
const float* SvmSolver::rowOf(const Crew& crew, int64_t point, int which) {
  int64_t known = 0;
  float* row = cache_.row(point, &known);
  if (known >= active_) return row;
  const bool fits = active_ <= cache_.length();
  if (!fits) {
    longRows_[which].resize(points_.count() + KernelPoints::panel);
    memcpy(longRows_[which].data(), row, sizeof(float) * known);
    row = longRows_[which].data();
  }
  const Left left = points_.left(point, room_.data());
  const int64_t from = known / KernelPoints::panel * KernelPoints::panel;
  const auto part = [&](int64_t begin, int64_t end, int) {
    float* const out = row + from + begin;
    points_.rows(&left, 1, from + begin, from + end, &out);
  };
  const double cost = points_.cost();
  const int64_t chunk = (static_cast<int64_t>(8000 / cost) / KernelPoints::panel + 1) * KernelPoints::panel;
  if (!crew.whole || active_ - from < 2 * chunk)
    part(0, active_ - from, 0);
  else
    parallelRanges(crew.runtime, active_ - from, chunk, part);
  KernelPoints::leave(source_, points_.rowOf(point), room_.data());
  if (fits) cache_.setKnown(point, active_);
  done_ += static_cast<double>(active_ - from) * cost;
  return row;
}

/// `body(from, to, part)` over the active points, in whole vectors.
template <typename F>
void SvmSolver::pass(const Crew& crew, F body) {
  const int64_t parts = (active_ + passChunk - 1) / passChunk;
  auto task = [&](int64_t part, int) {
    const int64_t to = (part + 1) * passChunk;
    body(part * passChunk, to < active_ ? to : active_, part);
  };
  share(parts > 2 ? crew : Crew{crew.runtime, crew.worker, false}, parts, task);
  done_ += static_cast<double>(active_);
}

/// Where a step up gains most; of equal ones the last, as in LIBSVM.
SvmSolver::Top SvmSolver::findTop(const Crew& crew) { return moveAndFindTop(crew, nullptr, 0, nullptr, 0); }

/// The same after a step of two points, whose rows are given, has changed the values.
SvmSolver::Top SvmSolver::moveAndFindTop(const Crew& crew, const float* up, double upStep, const float* down,
                                         double downStep) {
  pass(crew, [&](int64_t from, int64_t to, int64_t part) {
    F64 best = splat<double>(-never), places = splat<double>(-1), here = placesFrom(from);
    const F64 a = splat<double>(-upStep), b = splat<double>(-downStep);
    for (int64_t p = from; p < to; p += width64, here += static_cast<double>(width64)) {
      F64 value = load<double>(value_.data() + p);
      if (up != nullptr) {
        value = fma(b, wide(down + p), fma(a, wide(up + p), value));
        store<double>(value_.data() + p, value);
      }
      const F64 gain = value + load<double>(upShift_.data() + p);
      const auto better = gain >= best;
      best = select(better, gain, best);
      places = select(better, here, places);
    }
    Top top;
    takeBest(best, places, &top.value, &top.point);
    tops_[part] = top;
  });
  Top top;
  for (int64_t part = 0; part * passChunk < active_; part++)
    if (tops_[part].point >= 0 && tops_[part].value >= top.value) top = tops_[part];
  // A point that can't go up is none.
  if (top.point >= 0 && upShift_[top.point] <= -never) top = Top();
  return top;
}

/// The partner whose step with the top one gains most by the second-order estimate, gain² / curvature.
SvmSolver::Bottom SvmSolver::findBottom(const Crew& crew, const float* row, const Top& top) {
  pass(crew, [&](int64_t from, int64_t to, int64_t part) {
    F64 best{}, places = splat<double>(-1), here = placesFrom(from), least = splat<double>(never);
    const F64 gain = splat<double>(top.value), own = splat<double>(diagonal_[top.point]);
    const F64 flat = splat<double>(leastCurvature), none = splat<double>(-1), zero{};
    for (int64_t p = from; p < to; p += width64, here += static_cast<double>(width64)) {
      const F64 value = load<double>(value_.data() + p) + load<double>(downShift_.data() + p);
      least = select(value < least, value, least);
      const F64 difference = gain - value;
      const F64 curvature = fma(splat<double>(-2), wide(row + p), own + load<double>(diagonal_.data() + p));
      F64 score = difference * difference / select(curvature > zero, curvature, flat);
      score = select(difference > zero, score, none);
      const auto better = score >= best;
      best = select(better, score, best);
      places = select(better, here, places);
    }
    Bottom bottom;
    takeBest(best, places, &bottom.score, &bottom.point);
    bottom.least = foldLanes(least, [](double a, double b) { return b < a ? b : a; });
    bottoms_[part] = bottom;
  });
  Bottom bottom;
  for (int64_t part = 0; part * passChunk < active_; part++) {
    const Bottom& other = bottoms_[part];
    if (other.least < bottom.least) bottom.least = other.least;
    if (other.point < 0 || other.score < bottom.score) continue;
    bottom.score = other.score;
    bottom.point = other.point;
  }
  return bottom;
}

void SvmSolver::iterate(const Crew& crew) {
  Problem& problem = *problem_;
  if (!haveTop_) top_ = findTop(crew);
  haveTop_ = true;
  const float* const upRow = top_.point < 0 ? nullptr : rowOf(crew, top_.point, 0);
  const Bottom bottom = upRow == nullptr ? Bottom() : findBottom(crew, upRow, top_);
  const double gap = bottom.point < 0 ? 0 : top_.value - bottom.least;
  const bool tired = settings_.mostIterations >= 0 && problem.iterations >= settings_.mostIterations;
  if (!(gap >= settings_.tolerance) || tired) {
    if (active_ < points_.count()) return seeAll();
    problem.converged = !tired || !(gap >= settings_.tolerance);
    return finish();
  }
  if (firstGap_ == 0) firstGap_ = gap;
  const double part = std::log(firstGap_ / gap) / std::log(firstGap_ / settings_.tolerance);
  if (part > fraction_ && part < 1) fraction_ = part;
  if (settings_.shrinking && --untilShrink_ == 0) {
    untilShrink_ = points_.count() < 1000 ? points_.count() : 1000;
    // Near the end the points that were set aside are looked at once more.
    if (!sawAll_ && gap <= settings_.tolerance * 10) {
      sawAll_ = true;
      if (active_ < points_.count()) return seeAll();
    }
    if (shrink(top_.value, bottom.least)) return;
  }
  if (active_ > cache_.length()) return cache_.relayout(active_, nullptr);
  problem.iterations++;
  const int64_t up = top_.point, down = bottom.point;
  const float* const downRow = rowOf(crew, down, 1);
  const double upRoom = (beta_[up] < 0 && high_[up] > 0 ? 0 : high_[up]) - beta_[up];
  const double downRoom = beta_[down] - (beta_[down] > 0 && low_[down] < 0 ? 0 : low_[down]);
  double curvature = diagonal_[up] + diagonal_[down] - 2 * static_cast<double>(upRow[down]);
  if (!(curvature > 0)) curvature = leastCurvature;
  const double step = (top_.value - (value_[down] + downShift_[down])) / curvature;
  const double upBefore = beta_[up], downBefore = beta_[down];
  const double least = upRoom < downRoom ? upRoom : downRoom;
  const double taken = step < least ? step : least;
  // At a bound β is that bound exactly.
  beta_[up] = taken >= upRoom ? (beta_[up] < 0 && high_[up] > 0 ? 0 : high_[up]) : beta_[up] + taken;
  beta_[down] = taken >= downRoom ? (beta_[down] > 0 && low_[down] < 0 ? 0 : low_[down]) : beta_[down] - taken;
  setShifts(up);
  setShifts(down);
  top_ = moveAndFindTop(crew, upRow, beta_[up] - upBefore, downRow, beta_[down] - downBefore);
}

/// Every point becomes active again. The cache keeps its short rows until it is clear that longer ones
/// are needed.
void SvmSolver::seeAll() {
  const int64_t from = active_;
  active_ = points_.count();
  for (int64_t p = from; p < active_; p++) setShifts(p);
  untilShrink_ = 1;
  haveTop_ = false;
  wantGradient();
}

/// Sets points aside that lie at a bound and, by what their gradient says, will stay there. Returns
/// whether places have changed.
bool SvmSolver::shrink(double top, double least) {
  if (sets_.size() >= mostSets) return false;
  const int64_t count = points_.count();
  std::vector<int32_t> order(count);
  std::vector<int32_t> leaving;
  int64_t kept = 0;
  for (int64_t p = 0; p < active_; p++) {
    const bool leaves = value_[p] + upShift_[p] < least && value_[p] + downShift_[p] > top;
    if (leaves)
      leaving.push_back(static_cast<int32_t>(p));
    else
      order[kept++] = static_cast<int32_t>(p);
  }
  if (static_cast<int64_t>(leaving.size()) * worthMoving < active_ || kept < 2) return false;
  for (size_t i = 0; i < leaving.size(); i++) order[kept + i] = leaving[i];
  for (int64_t p = active_; p < count; p++) order[p] = static_cast<int32_t>(p);
  points_.reorder(order.data());
  cache_.relayout(kept, order.data());
  for (AlignedArray<double>* values : {&beta_, &low_, &high_, &target_, &diagonal_, &value_}) {
    memcpy(moved_.data(), values->data(), sizeof(double) * active_);
    for (int64_t p = 0; p < active_; p++) (*values)[p] = moved_[order[p]];
  }
  const std::vector<int32_t> local(local_.data(), local_.data() + active_);
  for (int64_t p = 0; p < active_; p++) local_[p] = local[order[p]];

  Aside set{kept, std::vector<double>(count)};
  for (int64_t p = 0; p < count; p++) set.beta[local_[p]] = beta_[p];
  sets_.push_back(std::move(set));
  for (int64_t p = kept; p < active_; p++) aside_[p] = value_[p];
  active_ = kept;
  for (int64_t p = 0; p < active_; p++) setShifts(p);
  setBeyond(active_);
  haveTop_ = false;
  done_ += static_cast<double>(count) * static_cast<double>(20 + source_.width);
  return true;
}

/// The threshold: the mean over the points that are free, else the middle of what bounds allow.
void SvmSolver::finish() {
  Problem& problem = *problem_;
  double sum = 0, up = -never, down = never;
  int64_t free = 0;
  for (int64_t p = 0; p < points_.count(); p++) {
    const bool canUp = upShift_[p] > -never, canDown = downShift_[p] < never;
    if (canUp && canDown && beta_[p] != 0) {
      sum -= value_[p] + upShift_[p];
      free++;
      continue;
    }
    if (canUp && value_[p] + upShift_[p] > up) up = value_[p] + upShift_[p];
    if (canDown && value_[p] + downShift_[p] < down) down = value_[p] + downShift_[p];
  }
  problem.rho = free > 0 ? sum / static_cast<double>(free) : up <= -never ? -down : down >= never ? -up : -(up + down) / 2;
  for (int64_t p = 0; p < points_.count(); p++) problem.beta[local_[p]] = beta_[p];
  fraction_ = 1;
  wantDecisions();
}

bool SvmSolver::finite() const {
  double sum = problem_->rho;
  for (int64_t p = 0; p < points_.count(); p++) sum += beta_[p] * 0 + value_[p] * 0;
  return std::isfinite(sum);
}

}  // namespace athanor

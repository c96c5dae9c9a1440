// Gaps filled by the mean of the nearest rows that have the value; distances over the features that both
// rows have, scaled up to all of them (Troyanskaya et al. 2001, "Missing value estimation methods for DNA
// microarrays"; Dixon 1979 for the distance).
#include <algorithm>
#include <cmath>
#include <limits>

#include "learn/job.h"
#include "vector.h"

namespace athanor {

namespace {

/// Rows of a panel: in it features follow each other, the rows of one side by side.
constexpr int64_t panel = 4 * lanes<double>;
constexpr double none = std::numeric_limits<double>::infinity();

struct Neighbour {
  double distance;
  int64_t row;
  bool operator<(const Neighbour& other) const {
    return distance < other.distance || (distance == other.distance && row < other.row);
  }
};

class KnnImpute : public Job {
 public:
  KnnImpute(const double* fit, int64_t fitRows, const double* x, int64_t rows, int64_t width,
            int64_t neighbours, bool byDistance, double unit, const double* means)
      : rows_(rows),
        fitRows_(fitRows),
        width_(width),
        panels_((fitRows + panel - 1) / panel),
        neighbours_(neighbours),
        byDistance_(byDistance),
        unit_(unit),
        means_(means),
        fit_(static_cast<size_t>(panels_ * panel * width), std::numeric_limits<double>::quiet_NaN()),
        out_(x, x + rows * width) {
    for (int64_t row = 0; row < fitRows; row++)
      for (int64_t j = 0; j < width; j++) fit_[static_cast<size_t>(place(row, j))] = fit[row * width + j];
  }

  Step step(Runtime& runtime) override {
    const double cost = static_cast<double>(panels_ * panel * width_);
    const int64_t batch = std::max<int64_t>(1, std::min<int64_t>(256, static_cast<int64_t>(2e7 / cost)));
    const int64_t end = std::min(rows_, next_ + batch);
    bool failed = false;
    auto task = [&](int64_t t, int worker) {
      if (!fill(runtime, worker, next_ + t)) __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
    };
    parallel(runtime, end - next_, task);
    if (__atomic_load_n(&failed, __ATOMIC_RELAXED)) return Step::outOfMemory;
    work += 0.5 * cost * static_cast<double>(end - next_);
    next_ = end;
    progress(rows_ == 0 ? 1 : static_cast<double>(next_) / static_cast<double>(rows_));
    if (next_ < rows_) return Step::more;
    give(out_);
    return Step::done;
  }

 private:
  int64_t place(int64_t row, int64_t feature) const {
    return (row / panel * width_ + feature) * panel + row % panel;
  }

  bool fill(Runtime& runtime, int worker, int64_t row) {
    double* const x = out_.data() + row * width_;
    const size_t bytes = sizeof(double) * static_cast<size_t>(panels_ * panel);
    double* const distance = static_cast<double*>(scratch(runtime, worker, 0, bytes));
    Neighbour* const nearest = static_cast<Neighbour*>(
        scratch(runtime, worker, 1, sizeof(Neighbour) * static_cast<size_t>(neighbours_)));
    int64_t* const gaps = static_cast<int64_t*>(
        scratch(runtime, worker, 2, sizeof(int64_t) * static_cast<size_t>(width_)));
    if (distance == nullptr || nearest == nullptr || gaps == nullptr) return false;
    int64_t gapCount = 0;
    for (int64_t j = 0; j < width_; j++)
      if (std::isnan(x[j])) gaps[gapCount++] = j;
    if (gapCount == 0) return true;
    measure(x, distance);
    for (int64_t g = 0; g < gapCount; g++) x[gaps[g]] = valueFor(gaps[g], distance, nearest);
    return true;
  }

  /// Squared distances to all rows; infinite where no feature is common. Features that x lacks are NaN
  /// and count for nothing.
  void measure(const double* x, double* distance) const {
    const double* values = fit_.data();
    const Vec<double> one = splat<double>(1), zero = splat<double>(0);
    const Vec<double> all = splat<double>(static_cast<double>(width_));
    for (int64_t p = 0; p < panels_; p++) {
      Vec<double> sum[4] = {}, common[4] = {};
      for (int64_t j = 0; j < width_; j++, values += panel) {
        const Vec<double> xj = splat<double>(x[j]);
        for (int v = 0; v < 4; v++) {
          const Vec<double> d = (xj - load<double>(values + v * lanes<double>)) * splat<double>(unit_);
          const auto known = d == d;
          sum[v] += select(known, d * d, zero);
          common[v] += select(known, one, zero);
        }
      }
      for (int v = 0; v < 4; v++) {
        const Vec<double> found = select(common[v] > zero, sum[v] * all / common[v], splat<double>(none));
        store(distance + p * panel + v * lanes<double>, found);
      }
    }
  }

  double valueFor(int64_t feature, const double* distance, Neighbour* nearest) const {
    int64_t count = 0;
    for (int64_t row = 0; row < fitRows_; row++) {
      const Neighbour candidate{distance[row], row};
      if (!(candidate.distance < none)) continue;
      if (count == neighbours_ && !(candidate < nearest[0])) continue;
      if (std::isnan(fit_[static_cast<size_t>(place(row, feature))])) continue;
      if (count == neighbours_) {
        std::pop_heap(nearest, nearest + count);
        count--;
      }
      nearest[count++] = candidate;
      std::push_heap(nearest, nearest + count);
    }
    if (count == 0) return means_[feature];
    std::sort_heap(nearest, nearest + count);
    const bool exact = byDistance_ && nearest[0].distance == 0;
    double sum = 0, weights = 0;
    for (int64_t i = 0; i < count; i++) {
      if (exact && nearest[i].distance > 0) break;
      const double weight = byDistance_ && !exact ? 1 / std::sqrt(nearest[i].distance) : 1;
      sum += weight * fit_[static_cast<size_t>(place(nearest[i].row, feature))];
      weights += weight;
    }
    return sum / weights;
  }

  int64_t rows_, fitRows_, width_, panels_, neighbours_;
  bool byDistance_;
  /// A power of two that brings differences where squares neither overflow nor vanish; mostly 1.
  double unit_;
  const double* means_;
  std::vector<double> fit_;
  std::vector<double> out_;
  int64_t next_ = 0;
};

}  // namespace

Job* knnImputeJob(Arguments& arguments) {
  const int64_t fitRows = arguments.integer(1, int64_t(1) << 40);
  const int64_t rows = arguments.integer(0, int64_t(1) << 40);
  const int64_t width = arguments.integer(1, int64_t(1) << 31);
  const int64_t neighbours = arguments.integer(1, int64_t(1) << 31);
  const bool byDistance = arguments.flag();
  const double unit = arguments.number();
  const double* const fit = arguments.array<double>(fitRows * width);
  const double* const x = arguments.array<double>(rows * width);
  const double* const means = arguments.array<double>(width);
  if (!arguments.fits()) return nullptr;
  return new KnnImpute(fit, fitRows, x, rows, width, std::min(neighbours, fitRows), byDistance, unit, means);
}

}  // namespace athanor

// What discriminant analysis works from: how many rows each class has, their means, and the scatter around
// these, of all classes together or of each; and the figures of Ledoit & Wolf's shrinkage (2004) for features
// scaled to a deviation of 1.
#include <cmath>

#include "learn/job.h"
#include "learn/weighted-gram.h"
#include "ranges.h"

namespace athanor {

namespace {

class ClassScatter : public Job {
 public:
  ClassScatter(const DesignRows& x, const int32_t* codes, int64_t classes, bool apart)
      : x_(x), codes_(codes), classes_(classes), apart_(apart), gram_(x_) {
    counts_.assign(static_cast<size_t>(classes), 0.0);
    means_.assign(static_cast<size_t>(classes * x.width), 0.0);
    ends_ = cutRows(x, 32);
    sums_.assign(ends_.size() * means_.size(), 0.0);
    for (int64_t i = 0; i < x.rows; i++) counts_[static_cast<size_t>(codes[i])]++;
    if (!apart) return;
    scatters_.reserve(static_cast<size_t>(classes * x.width * x.width));
  }

  Step step(Runtime& runtime) override {
    if (phase_ == Phase::means) return sumRows(runtime);
    if (phase_ == Phase::scatter) {
      WeightedGram& gram = apart_ ? *own_ : gram_;
      const Step step = gram.run(runtime, work);
      if (step != Step::done) return step;
      scatters_.insert(scatters_.end(), gram.matrix().begin(), gram.matrix().end());
      if (apart_) {
        norms();
        progress(static_cast<double>(class_ + 1) / static_cast<double>(classes_));
        if (++class_ < classes_) {
          beginClass();
          return Step::more;
        }
      }
      for (const double cell : scatters_)
        if (!std::isfinite(cell)) return Step::notFinite;
      give(counts_);
      give(means_);
      give(scatters_);
      give(norms_);
      return Step::done;
    }
    return Step::invalid;
  }

 private:
  enum class Phase { means, scatter };

  Step sumRows(Runtime& runtime) {
    const int64_t width = x_.width, parts = static_cast<int64_t>(ends_.size());
    auto task = [&](int64_t t, int) {
      double* const sums = sums_.data() + static_cast<size_t>(t) * means_.size();
      for (int64_t i = t == 0 ? 0 : ends_[static_cast<size_t>(t - 1)]; i < ends_[static_cast<size_t>(t)]; i++)
        x_.dense(i, [&](auto row) { addScaled(1.0, row, sums + codes_[i] * width, width); });
    };
    parallel(runtime, parts, task);
    work += static_cast<double>(x_.cells());
    for (int64_t t = 0; t < parts; t++)
      addScaled(1.0, sums_.data() + static_cast<size_t>(t) * means_.size(), means_.data(),
                static_cast<int64_t>(means_.size()));
    for (int64_t c = 0; c < classes_; c++)
      for (int64_t j = 0; j < width; j++)
        means_[static_cast<size_t>(c * width + j)] /= counts_[static_cast<size_t>(c)];
    for (const double mean : means_)
      if (!std::isfinite(mean)) return Step::notFinite;
    phase_ = Phase::scatter;
    if (apart_) {
      beginClass();
    } else {
      WeightedGram::Wanted wanted;
      wanted.shift = means_.data();
      wanted.groups = codes_;
      gram_.begin(wanted);
    }
    return Step::more;
  }

  /// The rows of a class, gathered.
  void beginClass() {
    const int64_t width = x_.width;
    cells_.clear();
    for (int64_t i = 0; i < x_.rows; i++) {
      if (codes_[i] != class_) continue;
      cells_.resize(cells_.size() + static_cast<size_t>(width));
      x_.copyRow(i, cells_.data() + cells_.size() - static_cast<size_t>(width));
    }
    rows_.form = RowForm::float64;
    rows_.width = width;
    rows_.rows = static_cast<int64_t>(cells_.size()) / width;
    rows_.doubles = cells_.data();
    work += static_cast<double>(x_.cells());
    own_ = std::make_unique<WeightedGram>(rows_);
    WeightedGram::Wanted wanted;
    wanted.shift = means_.data() + class_ * width;
    own_->begin(wanted);
  }

  /// Σ ‖z‖⁴ over the class's rows, z scaled to a deviation of 1.
  void norms() {
    const int64_t width = x_.width;
    const double* const mean = means_.data() + class_ * width;
    std::vector<double> inverse(static_cast<size_t>(width));
    for (int64_t j = 0; j < width; j++) {
      const double variance =
          own_->matrix()[static_cast<size_t>(j * (width + 1))] / static_cast<double>(rows_.rows);
      inverse[static_cast<size_t>(j)] = variance > 0 ? 1 / variance : 1;
    }
    double sum = 0;
    for (int64_t i = 0; i < rows_.rows; i++) {
      double square = 0;
      for (int64_t j = 0; j < width; j++) {
        const double off = cells_[static_cast<size_t>(i * width + j)] - mean[j];
        square += off * off * inverse[static_cast<size_t>(j)];
      }
      sum += square * square;
    }
    norms_.push_back(sum);
    work += static_cast<double>(rows_.rows * width);
  }

  DesignRows x_, rows_;
  const int32_t* codes_;
  int64_t classes_;
  bool apart_;
  Phase phase_ = Phase::means;
  int64_t class_ = 0;
  WeightedGram gram_;
  std::unique_ptr<WeightedGram> own_;
  std::vector<int64_t> ends_;
  std::vector<double> counts_, means_, sums_, cells_, scatters_, norms_;
};

}  // namespace

/// Numbers: rows (see `readRows`, dense), classes, whether each class's scatter is wanted. Arrays: rows,
/// classes (int32), each of which has a row. Results: counts, means, scatter (of all, or of each), and of
/// each class Σ ‖z‖⁴.
Job* classScatterJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x) || x.sparse()) return nullptr;
  const int64_t classes = arguments.integer(1, x.rows);
  const bool apart = arguments.flag();
  const int32_t* const codes = arguments.array<int32_t>(x.rows);
  if (!arguments.fits()) return nullptr;
  std::vector<uint8_t> seen(static_cast<size_t>(classes));
  for (int64_t i = 0; i < x.rows; i++) {
    if (codes[i] < 0 || codes[i] >= classes) return nullptr;
    seen[static_cast<size_t>(codes[i])] = 1;
  }
  for (const uint8_t one : seen)
    if (one == 0) return nullptr;
  return new ClassScatter(x, codes, classes, apart);
}

}  // namespace athanor

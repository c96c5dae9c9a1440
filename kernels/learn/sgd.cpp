// Stochastic gradient descent for linear models: one step a row, with decreasing rates (Bottou 2012), the L1
// penalty made up for when a feature appears (Tsuruoka, Tsujii & Ananiadou 2009), averaging of all steps
// (Xu 2011), and the passive-aggressive steps of Crammer et al. 2006. Several classes: each against the
// rest, in parallel.
#include "learn/design-rows.h"
#include "learn/random-stream.h"
#include "learn/sgd-loss.h"

namespace athanor {

namespace {

enum class Penalty : int32_t { none = 0, l1 = 1, l2 = 2, elasticnet = 3 };
enum class Rate : int32_t { constant = 0, optimal = 1, invscaling = 2, adaptive = 3, pa1 = 4, pa2 = 5 };

struct Settings {
  SgdLoss loss = SgdLoss::hinge;
  double epsilon = 0.1;
  Penalty penalty = Penalty::l2;
  double alpha = 1e-4;
  double l1Ratio = 0.15;
  bool intercept = true;
  int64_t epochs = 1000;
  /// Below 0: the number of epochs alone ends it.
  double tolerance = 1e-3;
  bool shuffle = true;
  Rate rate = Rate::optimal;
  double eta0 = 0.01;
  double power = 0.5;
  int64_t patience = 5;
  /// Steps before averaging begins; 0: none.
  int64_t average = 0;
  uint64_t seed = 0;
  /// Steps before this call, and one.
  double time = 1;
  /// Whether targets are classes, −1 and 1.
  bool classes = true;
};

constexpr double mostSlope = 1e12;
constexpr double smallestScale = 1e-9;

/// One linear function, learned row by row.
class Learner {
 public:
  Learner(const DesignRows& x, const Settings& settings, std::vector<double> targets, const double* weights,
          double positiveWeight, double negativeWeight, const uint8_t* held, double* coefficients,
          double* intercept, double* averages, double* averageIntercept, uint32_t stream)
      : x_(x), s_(settings), y_(std::move(targets)), weights_(weights), positive_(positiveWeight),
        negative_(negativeWeight), held_(held), w_(coefficients), b_(intercept), mean_(averages),
        bMean_(averageIntercept), random_(settings.seed, stream), time_(settings.time) {
    order_.resize(static_cast<size_t>(x.rows));
    for (size_t i = 0; i < order_.size(); i++) order_[i] = static_cast<int32_t>(i);
    if (s_.penalty == Penalty::l2 || s_.penalty == Penalty::none) s_.l1Ratio = 0;
    if (s_.penalty == Penalty::l1) s_.l1Ratio = 1;
    if (s_.l1Ratio > 0) paid_.assign(static_cast<size_t>(x.width), 0.0);
    for (int64_t i = 0; i < x.rows; i++) training_ += held == nullptr || held[i] == 0;
    for (int64_t j = 0; j < x.width; j++) {
      squares_ += w_[j] * w_[j];
      sizes_ += std::fabs(w_[j]);
    }
    eta_ = s_.eta0;
    if (s_.rate == Rate::optimal) {
      const double typical = std::sqrt(1 / std::sqrt(s_.alpha));
      const double slope = sgdLoss(s_.loss, s_.epsilon, 1, -typical).slope;
      first_ = 1 / (typical / (slope > 1 ? slope : 1) * s_.alpha);
    }
  }

  bool done() const { return done_; }
  bool finite() const { return finite_; }
  bool converged() const { return converged_; }
  int64_t epoch() const { return epoch_; }
  double time() const { return time_; }
  double objective() const { return lastObjective_; }

  void run(int64_t count) {
    if (next_ == 0 && s_.shuffle) random_.shuffle(order_.data(), x_.rows);
    const int64_t end = next_ + count < x_.rows ? next_ + count : x_.rows;
    for (; next_ < end; next_++) {
      const int64_t row = order_[static_cast<size_t>(next_)];
      if (held_ == nullptr || held_[row] == 0) visit(row);
    }
    if (next_ < x_.rows) return;
    next_ = 0;
    endEpoch();
  }

 private:
  double score(int64_t row) const {
    if (!x_.sparse()) {
      double sum = 0;
      x_.dense(row, [&](auto x) { sum = dotOf(x, w_, x_.width); });
      return sum * scale_;
    }
    double sum = 0;
    for (int32_t n = x_.starts[row]; n < x_.starts[row + 1]; n++) sum += x_.values[n] * w_[x_.columns[n]];
    return sum * scale_;
  }

  double squareOf(int64_t row) const {
    double sum = 0;
    if (x_.sparse())
      for (int32_t n = x_.starts[row]; n < x_.starts[row + 1]; n++) sum += x_.values[n] * x_.values[n];
    else
      x_.dense(row, [&](auto x) { sum = squaresOf(x, x_.width); });
    return sum;
  }

  /// into += by · row.
  void addRow(int64_t row, double by, double* into) const {
    if (x_.sparse())
      for (int32_t n = x_.starts[row]; n < x_.starts[row + 1]; n++) into[x_.columns[n]] += by * x_.values[n];
    else
      x_.dense(row, [&](auto x) { addScaled(by, x, into, x_.width); });
  }

  /// `body(j, value)` for the row's values.
  template <typename F>
  void each(int64_t row, F body) {
    if (x_.sparse())
      for (int32_t n = x_.starts[row]; n < x_.starts[row + 1]; n++) body(x_.columns[n], x_.values[n]);
    else
      x_.dense(row, [&](auto x) {
        for (int64_t j = 0; j < x_.width; j++) body(j, static_cast<double>(x[j]));
      });
  }

  void visit(int64_t row) {
    const double y = y_[static_cast<size_t>(row)];
    const double linear = score(row);
    const double p = linear + *b_;
    if (s_.rate == Rate::optimal) eta_ = 1 / (s_.alpha * (first_ + time_ - 1));
    if (s_.rate == Rate::invscaling) eta_ = s_.eta0 / std::pow(time_, s_.power);
    const LossAndSlope at = sgdLoss(s_.loss, s_.epsilon, y, p);
    const bool aggressive = s_.rate == Rate::pa1 || s_.rate == Rate::pa2;
    objective_ += at.loss;
    if (!aggressive && s_.penalty != Penalty::none)
      objective_ += s_.alpha * ((1 - s_.l1Ratio) * 0.5 * squares_ + s_.l1Ratio * sizes_);
    double update;
    const double square = aggressive || s_.penalty != Penalty::none ? squareOf(row) : 0;
    if (aggressive) {
      if (s_.rate == Rate::pa1) {
        if (square == 0) return;
        update = at.loss / square < s_.eta0 ? at.loss / square : s_.eta0;
      } else {
        update = at.loss / (square + 0.5 / s_.eta0);
      }
      const bool classes = s_.loss == SgdLoss::hinge || s_.loss == SgdLoss::perceptron;
      if (classes)
        update *= y;
      else if (y - p < 0)
        update = -update;
    } else {
      const double slope = at.slope < -mostSlope ? -mostSlope : at.slope > mostSlope ? mostSlope : at.slope;
      update = -eta_ * slope;
    }
    update *= (y > 0 ? positive_ : negative_) * (weights_ == nullptr ? 1 : weights_[row]);
    double linearNow = linear;
    if (s_.penalty == Penalty::l2 || s_.penalty == Penalty::elasticnet) {
      const double by = 1 - (1 - s_.l1Ratio) * eta_ * s_.alpha;
      shrinkAll(by > 0 ? by : 0);
      linearNow *= by > 0 ? by : 0;
    }
    if (update != 0) {
      const double by = update / scale_;
      if (s_.l1Ratio > 0)
        each(row, [&](int64_t j, double value) {
          const double before = std::fabs(w_[j]);
          w_[j] += by * value;
          sizes_ += (std::fabs(w_[j]) - before) * scale_;
        });
      else
        addRow(row, by, w_);
      squares_ += update * (2 * linearNow + update * square);
      if (s_.intercept) *b_ += update;
    }
    if (s_.average > 0 && static_cast<double>(s_.average) <= time_) {
      const double steps = time_ - static_cast<double>(s_.average) + 1;
      if (update != 0 && meanFactor_ != 0) {
        const double by = -update / scale_ * meanFactor_;
        addRow(row, by, mean_);
      }
      if (steps > 1) meanScale_ /= 1 - 1 / steps;
      meanFactor_ += meanScale_ * scale_ / steps;
      *bMean_ += (*b_ - *bMean_) / steps;
    }
    if (s_.l1Ratio > 0) {
      owed_ += s_.l1Ratio * eta_ * s_.alpha;
      each(row, [&](int64_t j, double value) {
        if (value != 0) payL1(j);
      });
    }
    time_++;
  }

  /// What L1 has taken from others by now and not from coefficient `j`; never past 0.
  void payL1(int64_t j) {
    const double before = w_[j];
    double& paid = paid_[static_cast<size_t>(j)];
    if (before > 0) {
      const double left = before - (owed_ + paid) / scale_;
      w_[j] = left > 0 ? left : 0;
    } else if (before < 0) {
      const double left = before + (owed_ - paid) / scale_;
      w_[j] = left < 0 ? left : 0;
    }
    const double change = w_[j] - before;
    paid += scale_ * change;
    if (mean_ != nullptr) mean_[j] -= change * meanFactor_;
    sizes_ += (std::fabs(w_[j]) - std::fabs(before)) * scale_;
    squares_ += (w_[j] * w_[j] - before * before) * scale_ * scale_;
  }

  void shrinkAll(double by) {
    scale_ *= by;
    squares_ *= by * by;
    sizes_ *= by;
    if (scale_ < smallestScale) settle();
  }

  /// Coefficients as they are, and their averages.
  void settle() {
    if (mean_ != nullptr) {
      for (int64_t j = 0; j < x_.width; j++) mean_[j] = (mean_[j] + meanFactor_ * w_[j]) / meanScale_;
      meanFactor_ = 0;
      meanScale_ = 1;
    }
    for (int64_t j = 0; j < x_.width; j++) w_[j] *= scale_;
    scale_ = 1;
  }

  void endEpoch() {
    epoch_++;
    bool better;
    const double mean = objective_ / static_cast<double>(training_);
    lastObjective_ = mean;
    objective_ = 0;
    finite_ = std::isfinite(*b_) && std::isfinite(scale_);
    for (int64_t j = 0; j < x_.width && finite_; j++) finite_ = std::isfinite(w_[j]);
    if (!finite_) {
      done_ = true;
      return;
    }
    if (held_ != nullptr) {
      const double now = scoreOfHeld();
      better = !(now < best_ + s_.tolerance);
      if (now > best_) best_ = now;
    } else {
      better = !(mean > -best_ - s_.tolerance);
      if (mean < -best_) best_ = -mean;
    }
    waited_ = better || s_.tolerance < 0 ? 0 : waited_ + 1;
    if (waited_ >= s_.patience) {
      if (s_.rate == Rate::adaptive && eta_ > 1e-6) {
        eta_ /= 5;
        waited_ = 0;
      } else {
        converged_ = done_ = true;
      }
    }
    if (epoch_ >= s_.epochs) done_ = true;
    if (done_) settle();
  }

  /// Accuracy, or R², on the rows held out.
  double scoreOfHeld() const {
    double total = 0, right = 0, mean = 0, errors = 0, spread = 0;
    for (int64_t i = 0; i < x_.rows; i++) {
      if (held_[i] == 0) continue;
      const double weight = weights_ == nullptr ? 1 : weights_[i];
      total += weight;
      mean += weight * y_[static_cast<size_t>(i)];
    }
    mean /= total;
    for (int64_t i = 0; i < x_.rows; i++) {
      if (held_[i] == 0) continue;
      const double weight = weights_ == nullptr ? 1 : weights_[i];
      const double p = score(i) + *b_, y = y_[static_cast<size_t>(i)];
      right += weight * ((p > 0) == (y > 0));
      errors += weight * (y - p) * (y - p);
      spread += weight * (y - mean) * (y - mean);
    }
    if (s_.classes) return right / total;
    return spread > 0 ? 1 - errors / spread : errors > 0 ? 0 : 1;
  }

  const DesignRows& x_;
  Settings s_;
  std::vector<double> y_;
  const double* weights_;
  double positive_, negative_;
  const uint8_t* held_;
  /// The coefficients are `scale_ · w_`; their mean is (mean_ + meanFactor_ · w_) / meanScale_.
  double* w_;
  double* b_;
  double* mean_;
  double* bMean_;
  double scale_ = 1, meanFactor_ = 0, meanScale_ = 1;
  RandomStream random_;
  std::vector<int32_t> order_;
  /// What each coefficient has paid of L1, and what all owe.
  std::vector<double> paid_;
  double owed_ = 0;
  double squares_ = 0, sizes_ = 0;
  double time_, eta_ = 0, first_ = 0;
  double objective_ = 0, lastObjective_ = 0, best_ = -__builtin_inf();
  int64_t training_ = 0, next_ = 0, epoch_ = 0, waited_ = 0;
  bool done_ = false, finite_ = true, converged_ = false;
};

class Sgd : public Job {
 public:
  Sgd(const DesignRows& x, const Settings& settings) : x_(x), settings_(settings) {}

  Step step(Runtime& runtime) override {
    const int64_t inRow = x_.cells() / x_.rows + 30;
    const int64_t count = 4000000 / inRow + 1;
    std::vector<Learner*> open;
    for (auto& learner : learners_)
      if (!learner->done()) open.push_back(learner.get());
    auto task = [&](int64_t t, int) { open[static_cast<size_t>(t)]->run(count); };
    parallel(runtime, static_cast<int64_t>(open.size()), task);
    work += static_cast<double>(static_cast<int64_t>(open.size()) * inRow * (count < x_.rows ? count : x_.rows));
    int64_t epochs = 0;
    bool done = true, converged = true;
    double mean = 0;
    for (auto& learner : learners_) {
      if (!learner->finite()) return Step::notFinite;
      epochs = learner->epoch() > epochs ? learner->epoch() : epochs;
      done = done && learner->done();
      converged = converged && learner->converged();
      mean += learner->objective() / static_cast<double>(learners_.size());
    }
    iteration(static_cast<double>(epochs));
    loss(mean);
    progress(static_cast<double>(epochs) / static_cast<double>(settings_.epochs));
    if (!done) return Step::more;
    double time = 0;
    for (auto& learner : learners_) time = learner->time() > time ? learner->time() : time;
    summary_ = {static_cast<double>(epochs), converged ? 1.0 : 0.0, time};
    give(coefficients_);
    give(intercepts_);
    give(averages_);
    give(averageIntercepts_);
    give(summary_);
    return Step::done;
  }

  DesignRows x_;
  Settings settings_;
  std::vector<std::unique_ptr<Learner>> learners_;
  std::vector<double> coefficients_, intercepts_, averages_, averageIntercepts_, summary_;
};

}  // namespace

/// Numbers: rows (see `readRows`), loss, ε, penalty, α, L1 ratio, intercept, epochs, tolerance, shuffle, rate,
/// eta0, power, patience, average, seed, time, outputs, whether targets are classes, then for each output
/// the weights of its class and of the rest. Arrays: rows, targets (int32 classes or numbers), weights or
/// none, rows held out (uint8) or none, coefficients, intercepts, averages, average intercepts (or none).
Job* sgdJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x)) return nullptr;
  Settings s;
  s.loss = static_cast<SgdLoss>(arguments.integer(0, 8));
  s.epsilon = arguments.number();
  s.penalty = static_cast<Penalty>(arguments.integer(0, 3));
  s.alpha = arguments.number();
  s.l1Ratio = arguments.number();
  s.intercept = arguments.flag();
  s.epochs = arguments.integer(1, int64_t(1) << 40);
  s.tolerance = arguments.number();
  s.shuffle = arguments.flag();
  s.rate = static_cast<Rate>(arguments.integer(0, 5));
  s.eta0 = arguments.number();
  s.power = arguments.number();
  s.patience = arguments.integer(1, int64_t(1) << 40);
  s.average = arguments.integer(0, int64_t(1) << 40);
  s.seed = static_cast<uint64_t>(arguments.integer(0, int64_t(1) << 53));
  s.time = arguments.number();
  const int64_t outputs = arguments.integer(1, 1 << 20);
  const bool classes = s.classes = arguments.flag();
  std::vector<double> own(static_cast<size_t>(outputs)), rest(static_cast<size_t>(outputs));
  for (int64_t k = 0; k < outputs; k++) {
    own[static_cast<size_t>(k)] = arguments.number();
    rest[static_cast<size_t>(k)] = arguments.number();
  }
  const int32_t* const codes = classes ? arguments.array<int32_t>(x.rows) : nullptr;
  const double* const numbers = classes ? nullptr : arguments.array<double>(x.rows);
  const double* const weights = arguments.optional<double>(x.rows);
  const uint8_t* const held = arguments.optional<uint8_t>(x.rows);
  const double* const coefficients = arguments.array<double>(outputs * x.width);
  const double* const intercepts = arguments.array<double>(outputs);
  const double* const averages = arguments.optional<double>(outputs * x.width);
  const double* const averageIntercepts = arguments.optional<double>(outputs);
  if (!arguments.fits() || x.rows >= int64_t(1) << 31) return nullptr;
  if (s.average > 0 && (averages == nullptr || averageIntercepts == nullptr)) return nullptr;
  auto job = std::make_unique<Sgd>(x, s);
  job->coefficients_.assign(coefficients, coefficients + outputs * x.width);
  job->intercepts_.assign(intercepts, intercepts + outputs);
  if (s.average > 0) {
    job->averages_.assign(averages, averages + outputs * x.width);
    job->averageIntercepts_.assign(averageIntercepts, averageIntercepts + outputs);
  }
  for (int64_t k = 0; k < outputs; k++) {
    std::vector<double> y(static_cast<size_t>(x.rows));
    for (int64_t i = 0; i < x.rows; i++) {
      const double code = classes ? static_cast<double>(codes[i]) : 0;
      const double of = outputs == 1 ? 1 : static_cast<double>(k);
      y[static_cast<size_t>(i)] = classes ? (code == of ? 1 : -1) : numbers[i];
    }
    double* const mean = s.average > 0 ? job->averages_.data() + k * x.width : nullptr;
    double* const bMean = s.average > 0 ? job->averageIntercepts_.data() + k : nullptr;
    job->learners_.push_back(std::make_unique<Learner>(
        job->x_, s, std::move(y), weights, own[static_cast<size_t>(k)], rest[static_cast<size_t>(k)], held,
        job->coefficients_.data() + k * x.width, job->intercepts_.data() + k, mean, bMean,
        static_cast<uint32_t>(k)));
  }
  return job.release();
}

}  // namespace athanor

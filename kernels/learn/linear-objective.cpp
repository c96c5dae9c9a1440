// Linear models that minimise a mean loss with an L2 penalty: logistic and softmax regression,
// generalised linear models, Huber's regression, least squares.
#include <cmath>

#include "learn/minimiser.h"
#include "learn/random-stream.h"

namespace athanor {

namespace {

enum class Solver : int32_t { lbfgs = 0, newtonCholesky = 1, newtonCg = 2, gradientDescent = 3 };

/// Multiply-adds that the Hessian of a sample, the preconditioner, may take.
constexpr double blockWork = 2e9;
/// Rows of the sample, for each feature, and at least.
constexpr int64_t samplePerFeature = 32, fewestPerFeature = 2;
constexpr int64_t smallestSample = 1024;

/// Some rows of others, gathered; sparse ones too are dense here.
struct Sample {
  std::vector<double> cells, targets, weights;
  DesignRows rows;
  ObjectivePass::Terms terms;

  /// One row out of each of `count` equal runs of rows.
  Sample(const DesignRows& x, const ObjectivePass::Terms& all, int64_t count) : terms(all) {
    rows.form = RowForm::float64;
    rows.rows = count;
    rows.width = x.width;
    cells.resize(static_cast<size_t>(count * x.width));
    RandomStream random(0, 0x6c696e);
    double total = 0;
    for (int64_t i = 0; i < count; i++) {
      const double place = (static_cast<double>(i) + random.uniform()) / static_cast<double>(count);
      const int64_t row = static_cast<int64_t>(place * static_cast<double>(x.rows));
      x.copyRow(row, cells.data() + i * x.width);
      targets.push_back(all.targets[row]);
      weights.push_back(all.weights == nullptr ? 1 : all.weights[row]);
      total += weights.back();
    }
    rows.doubles = cells.data();
    terms.targets = targets.data();
    terms.weights = all.weights == nullptr ? nullptr : weights.data();
    terms.total = total;
  }
};

class LinearObjective : public Job {
 public:
  struct Settings {
    ObjectivePass::Terms terms;
    Solver solver = Solver::lbfgs;
    Minimiser::Limits limits;
    double rate = 0.1;
    int64_t stride = 1;
  };

  LinearObjective(const DesignRows& x, const Settings& settings, std::vector<double> targets,
                  const double* start)
      : x_(x), settings_(settings), targets_(std::move(targets)) {
    settings_.terms.targets = targets_.data();
    pass_ = std::make_unique<ObjectivePass>(x_, settings_.terms);
    if (start != nullptr)
      start_.assign(start, start + pass_->parameters());
    else
      start_.assign(static_cast<size_t>(pass_->parameters()), 0.0);
  }

  Step step(Runtime& runtime) override {
    if (minimiser_ == nullptr) {
      prepare();
      return Step::more;
    }
    const Step step = minimiser_->step(runtime, work);
    if (!sampling_) {
      const double limit = static_cast<double>(settings_.limits.iterations + 1);
      iteration(static_cast<double>(minimiser_->iterations));
      loss(minimiser_->value);
      progress(static_cast<double>(minimiser_->iterations) / limit);
    }
    if (step != Step::done) return step;
    if (sampling_) {
      // The sample's minimum is near that of all rows, and so is its curvature.
      sampling_ = false;
      start_ = minimiser_->x;
      minimiser_ = std::make_unique<LbfgsMinimiser>(*pass_, *curvature_, true, start_, settings_.limits);
      return Step::more;
    }
    finish();
    return Step::done;
  }

 private:
  void prepare() {
    const Settings& s = settings_;
    if (s.solver == Solver::gradientDescent) {
      auto descent = std::make_unique<DescentMinimiser>(*pass_, s.rate, s.stride, start_, s.limits);
      descent_ = descent.get();
      minimiser_ = std::move(descent);
      return;
    }
    if (s.solver != Solver::lbfgs) {
      const bool direct = s.solver == Solver::newtonCholesky;
      minimiser_ = std::make_unique<NewtonMinimiser>(*pass_, direct, start_, s.limits);
      return;
    }
    // As many rows as there is time for; with too few, or too many features, the diagonal has to do.
    const double n = static_cast<double>(x_.width + 1), k = static_cast<double>(pass_->outputs());
    const double affordable = (blockWork - k * n * n * n / 3) / (n * n);
    int64_t count = samplePerFeature * (x_.width + 1);
    if (static_cast<double>(count) > affordable) count = static_cast<int64_t>(affordable);
    if (count < fewestPerFeature * (x_.width + 1) && count < x_.rows) {
      curvature_ = std::make_unique<DiagonalCurvature>(*pass_);
      minimiser_ = std::make_unique<LbfgsMinimiser>(*pass_, *curvature_, false, start_, s.limits);
      return;
    }
    if (count < smallestSample) count = smallestSample;
    if (x_.rows > 2 * count) sample_ = std::make_unique<Sample>(x_, s.terms, count);
    if (sample_ == nullptr || !(sample_->terms.total > 0)) {
      sampled_ = std::make_unique<ObjectivePass>(x_, s.terms);
      curvature_ = std::make_unique<BlockCurvature>(*sampled_, true);
      minimiser_ = std::make_unique<LbfgsMinimiser>(*pass_, *curvature_, false, start_, s.limits);
      return;
    }
    sampled_ = std::make_unique<ObjectivePass>(sample_->rows, sample_->terms);
    samplePass_ = std::make_unique<ObjectivePass>(sample_->rows, sample_->terms);
    curvature_ = std::make_unique<BlockCurvature>(*sampled_, false);
    Minimiser::Limits limits;
    limits.iterations = 30;
    limits.tolerance = s.limits.tolerance > 1e-4 ? s.limits.tolerance : 1e-4;
    limits.relative = s.limits.relative;
    minimiser_ = std::make_unique<LbfgsMinimiser>(*samplePass_, *curvature_, false, start_, limits);
    sampling_ = true;
  }

  void finish() {
    const int64_t k = pass_->outputs(), width = x_.width;
    std::vector<double>& x = minimiser_->x;
    // Of several outputs only differences count, and the penalty is least where the mean is 0.
    if (k > 1) {
      for (int64_t j = 0; j <= width; j++) {
        double mean = 0;
        for (int64_t c = 0; c < k; c++) mean += x[static_cast<size_t>(j * k + c)] / static_cast<double>(k);
        for (int64_t c = 0; c < k; c++) x[static_cast<size_t>(j * k + c)] -= mean;
      }
    }
    for (int64_t c = 0; c < k; c++)
      for (int64_t j = 0; j < width; j++) coefficients_.push_back(x[static_cast<size_t>(j * k + c)]);
    for (int64_t c = 0; c < k; c++) intercepts_.push_back(x[static_cast<size_t>(width * k + c)]);
    summary_ = {static_cast<double>(minimiser_->iterations), minimiser_->converged ? 1.0 : 0.0,
                minimiser_->value, minimiser_->gradientSize,
                pass_->hasScale() ? std::exp(x.back()) : 1.0};
    give(coefficients_);
    give(intercepts_);
    give(summary_);
    if (descent_ != nullptr) {
      give(descent_->trace);
      give(descent_->path);
    }
  }

  DesignRows x_;
  Settings settings_;
  std::vector<double> targets_, start_;
  std::unique_ptr<ObjectivePass> pass_, sampled_, samplePass_;
  std::unique_ptr<Sample> sample_;
  std::unique_ptr<Curvature> curvature_;
  std::unique_ptr<Minimiser> minimiser_;
  DescentMinimiser* descent_ = nullptr;
  bool sampling_ = false;
  std::vector<double> coefficients_, intercepts_, summary_;
};

}  // namespace

/// Numbers: rows (see `readRows`), loss, outputs, shape, penalty, intercept, solver, iterations, tolerance,
/// whether that is relative, rate, stride. Arrays: rows, targets (float64, or int32 classes), weights or none, start or none
/// (feature by feature, as in `ObjectivePass`).
Job* linearObjectiveJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x)) return nullptr;
  LinearObjective::Settings s;
  RowLoss& loss = s.terms.loss;
  loss.kind = static_cast<LossKind>(arguments.integer(0, 4));
  loss.outputs = arguments.integer(1, 1 << 20);
  loss.shape = arguments.number();
  s.terms.penalty = arguments.number();
  s.terms.intercept = arguments.flag();
  s.solver = static_cast<Solver>(arguments.integer(0, 3));
  s.limits.iterations = arguments.integer(0, int64_t(1) << 40);
  s.limits.tolerance = arguments.number();
  s.limits.relative = arguments.flag();
  s.rate = arguments.number();
  s.stride = arguments.integer(1, int64_t(1) << 40);
  const bool many = loss.kind == LossKind::multinomial;
  if (many != (loss.outputs > 1)) return nullptr;
  std::vector<double> targets(static_cast<size_t>(x.rows));
  const Input given = arguments.next();
  if (given.count<int32_t>() == x.rows) {
    for (int64_t i = 0; i < x.rows; i++) targets[static_cast<size_t>(i)] = given.as<int32_t>()[i];
  } else if (given.count<double>() == x.rows) {
    targets.assign(given.as<double>(), given.as<double>() + x.rows);
  } else {
    return nullptr;
  }
  if (many)
    for (const double target : targets)
      if (!(target >= 0 && target < static_cast<double>(loss.outputs))) return nullptr;
  s.terms.weights = arguments.optional<double>(x.rows);
  s.terms.total = 0;
  for (int64_t i = 0; i < x.rows; i++) s.terms.total += s.terms.weights == nullptr ? 1 : s.terms.weights[i];
  const int64_t parameters = (x.width + 1) * loss.outputs + (loss.kind == LossKind::huber ? 1 : 0);
  const double* const start = arguments.optional<double>(parameters);
  return arguments.fits() ? new LinearObjective(x, s, std::move(targets), start) : nullptr;
}

}  // namespace athanor

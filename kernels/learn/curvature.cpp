// Preconditioners of linear models, from the curvature that a pass over (some of) the rows kept.
#include "learn/curvature.h"

#include "learn/vector-space.h"

namespace athanor {

namespace {

/// Each row's curvature for output `c`: of several outputs w · p · (1 − p).
void rowWeights(const ObjectivePass& pass, int64_t c, double* out) {
  const int64_t rows = pass.rows().rows, k = pass.outputs();
  const double* const weights = pass.terms().weights;
  for (int64_t i = 0; i < rows; i++) {
    const double h = pass.curvature[static_cast<size_t>(i * k + c)];
    out[i] = k == 1 ? h : (weights == nullptr ? 1 : weights[i]) * h * (1 - h);
    if (!(out[i] > 0)) out[i] = 0;
  }
}

/// For log σ: near the minimum the second derivative is about 2 σ.
double scaleCurvatureAt(const ObjectivePass& pass, const double* at) {
  return pass.hasScale() ? 2 * __builtin_exp(at[pass.parameters() - 1]) : 1;
}

/// Takes off the part that is the same for all outputs: it changes no probability, and where steps begin
/// without it they never need it.
void centreOutputs(const ObjectivePass& pass, double* v) {
  const int64_t k = pass.outputs(), features = pass.rows().width + 1;
  if (k == 1) return;
  for (int64_t j = 0; j < features; j++) {
    double mean = 0;
    for (int64_t c = 0; c < k; c++) mean += v[j * k + c];
    mean /= static_cast<double>(k);
    for (int64_t c = 0; c < k; c++) v[j * k + c] -= mean;
  }
}

}  // namespace

BlockCurvature::BlockCurvature(ObjectivePass& pass, bool all) : pass_(pass), all_(all), gram_(pass.rows()) {
  size_ = pass.rows().width + 1;
  const int64_t k = pass.outputs();
  const double work = static_cast<double>(pass.rows().rows) * size_ * size_ * k;
  shared_ = k > 1 && work > sharedBeyond;
  blocks_.resize(static_cast<size_t>(k));
  factors_.resize(static_cast<size_t>(k));
}

void BlockCurvature::begin(const double* at) {
  phase_ = Phase::pass;
  output_ = 0;
  scaleCurvature_ = scaleCurvatureAt(pass_, at);
  pass_.begin(at, true);
}

void BlockCurvature::beginGram() {
  WeightedGram::Wanted wanted;
  wanted.ones = true;
  weights_.resize(static_cast<size_t>(pass_.rows().rows));
  if (shared_)
    wanted.weights = pass_.terms().weights;
  else {
    rowWeights(pass_, output_, weights_.data());
    wanted.weights = weights_.data();
  }
  gram_.begin(wanted);
}

/// Scales the sums, adds the penalty and factors; more on the diagonal until that goes well.
void BlockCurvature::takeGram(Runtime& runtime) {
  const auto& terms = pass_.terms();
  double share = 1;
  if (shared_) {
    rowWeights(pass_, output_, weights_.data());
    double own = 0;
    for (const double w : weights_) own += w;
    share = own / terms.total;
  }
  std::vector<double>& block = blocks_[static_cast<size_t>(output_)];
  double most = 0;
  for (int64_t i = 0; i < size_; i++) {
    const double own = gram_.matrix()[static_cast<size_t>(i * (size_ + 1))];
    most = own > most ? own : most;
  }
  most = most * share / terms.total + terms.penalty;
  if (!(most > 0)) most = 1;
  for (double extra = 0;; extra = extra == 0 ? 1e-12 : extra * 100) {
    block = gram_.matrix();
    for (double& value : block) value *= share / terms.total;
    for (int64_t i = 0; i < size_; i++) {
      double& own = block[static_cast<size_t>(i * (size_ + 1))];
      if (i < size_ - 1) own += terms.penalty;
      own += extra * most;
    }
    if (!terms.intercept) {
      for (int64_t j = 0; j < size_; j++) block[static_cast<size_t>((size_ - 1) * size_ + j)] = 0;
      block.back() = 1;
    }
    if (factors_[static_cast<size_t>(output_)].factor(runtime, block.data(), size_)) return;
    if (extra > 1) break;
  }
  // Nothing to go by: the identity.
  block.assign(block.size(), 0.0);
  for (int64_t i = 0; i < size_; i++) block[static_cast<size_t>(i * (size_ + 1))] = 1;
  factors_[static_cast<size_t>(output_)].factor(runtime, block.data(), size_);
}

Step BlockCurvature::run(Runtime& runtime, double& work) {
  if (phase_ == Phase::pass) {
    const Step step = pass_.run(runtime, work);
    if (step != Step::done) return step;
    if (whole_ != nullptr) {
      whole_->begin();
      phase_ = Phase::whole;
    } else if (shared_ && common_) {
      // The matrix that all share stays; what each takes of it has changed.
      phase_ = Phase::factor;
    } else {
      beginGram();
      phase_ = Phase::gram;
    }
    return Step::more;
  }
  if (phase_ == Phase::whole) return whole_->run(runtime, work);
  if (phase_ == Phase::gram) {
    const Step step = gram_.run(runtime, work);
    if (step != Step::done) return step;
    common_ = true;
    phase_ = Phase::factor;
  }
  takeGram(runtime);
  work += static_cast<double>(size_) * size_ * size_ / 8;
  if (++output_ == pass_.outputs()) return Step::done;
  if (!shared_) {
    beginGram();
    phase_ = Phase::gram;
  }
  return Step::more;
}

bool BlockCurvature::improve() {
  if (whole_ != nullptr || pass_.outputs() == 1 || HessianFactor::workOf(pass_) > wholeUpTo) return false;
  whole_ = std::make_unique<HessianFactor>(pass_);
  return true;
}

void BlockCurvature::apply(Runtime&, double* v) const {
  const int64_t k = pass_.outputs();
  centreOutputs(pass_, v);
  if (whole_ != nullptr) {
    whole_->solve(v);
    return centreOutputs(pass_, v);
  }
  std::vector<double> own(static_cast<size_t>(size_));
  for (int64_t c = 0; c < k; c++) {
    for (int64_t j = 0; j < size_; j++) own[static_cast<size_t>(j)] = v[j * k + c];
    factors_[static_cast<size_t>(c)].solve(own.data());
    for (int64_t j = 0; j < size_; j++) v[j * k + c] = own[static_cast<size_t>(j)];
  }
  centreOutputs(pass_, v);
  if (pass_.hasScale()) v[pass_.parameters() - 1] /= scaleCurvature_;
}

void DiagonalCurvature::begin(const double* at) {
  passed_ = false;
  scaleCurvature_ = scaleCurvatureAt(pass_, at);
  pass_.begin(at, true);
}

Step DiagonalCurvature::run(Runtime& runtime, double& work) {
  if (!passed_) {
    const Step step = pass_.run(runtime, work);
    if (step != Step::done) return step;
    passed_ = true;
    return Step::more;
  }
  work += 4 * static_cast<double>(pass_.rows().cells() * pass_.outputs());
  sums(runtime);
  return Step::done;
}

void DiagonalCurvature::sums(Runtime& runtime) {
  const DesignRows& x = pass_.rows();
  const auto& terms = pass_.terms();
  const int64_t k = pass_.outputs(), width = x.width, size = (width + 1) * k;
  // Σ h · x and Σ h · x² of each part, added in order.
  const std::vector<int64_t> ends = cutRows(x, 8);
  const int64_t parts = static_cast<int64_t>(ends.size());
  std::vector<double> sums(static_cast<size_t>(2 * size * parts));
  auto task = [&](int64_t t, int) {
    double* const first = sums.data() + 2 * size * t;
    double* const second = first + size;
    std::vector<double> h(static_cast<size_t>(k));
    for (int64_t row = t == 0 ? 0 : ends[static_cast<size_t>(t - 1)]; row < ends[static_cast<size_t>(t)]; row++) {
      const double weight = terms.weights == nullptr ? 1 : terms.weights[row];
      for (int64_t c = 0; c < k; c++) {
        const double own = pass_.curvature[static_cast<size_t>(row * k + c)];
        h[static_cast<size_t>(c)] = k == 1 ? (own > 0 ? own : 0) : weight * own * (1 - own);
        first[width * k + c] += h[static_cast<size_t>(c)];
      }
      const auto add = [&](int64_t j, double value) {
        for (int64_t c = 0; c < k; c++) {
          const double once = h[static_cast<size_t>(c)] * value;
          first[j * k + c] += once;
          second[j * k + c] += once * value;
        }
      };
      if (x.sparse())
        for (int32_t n = x.starts[row]; n < x.starts[row + 1]; n++) add(x.columns[n], x.values[n]);
      else
        x.dense(row, [&](auto cells) {
          for (int64_t j = 0; j < width; j++) add(j, static_cast<double>(cells[j]));
        });
    }
  };
  parallel(runtime, parts, task);
  means_.assign(static_cast<size_t>(size), 0.0);
  inverse_.assign(static_cast<size_t>(size), 0.0);
  for (int64_t t = 0; t < parts; t++) {
    addMultiple(runtime, 1.0, sums.data() + 2 * size * t, means_.data(), size);
    addMultiple(runtime, 1.0, sums.data() + 2 * size * t + size, inverse_.data(), size);
  }
  parallelRanges(runtime, width, 4096, [&](int64_t from, int64_t to, int) {
    for (int64_t j = from; j < to; j++)
      for (int64_t c = 0; c < k; c++) {
        const size_t i = static_cast<size_t>(j * k + c);
        const double all = means_[static_cast<size_t>(width * k + c)];
        means_[i] = terms.intercept && all > 0 ? means_[i] / all : 0;
        const double square = inverse_[i];
        double own = square - all * means_[i] * means_[i];
        if (own < 1e-6 * square) own = 1e-6 * square;
        own = own / terms.total + terms.penalty;
        inverse_[i] = own > 0 ? 1 / own : 0;
      }
  });
  for (int64_t c = 0; c < k; c++) {
    const size_t i = static_cast<size_t>(width * k + c);
    inverse_[i] = terms.intercept && means_[i] > 0 ? terms.total / means_[i] : 0;
  }
}

/// In the variables of centred features, b' = b + means · w, the diagonal says most: there and back.
void DiagonalCurvature::apply(Runtime& runtime, double* v) const {
  const int64_t k = pass_.outputs(), width = pass_.rows().width;
  centreOutputs(pass_, v);
  double* const intercepts = v + width * k;
  std::vector<double> before(intercepts, intercepts + k);
  const int64_t parts = (width + 4095) / 4096;
  std::vector<double> moved(static_cast<size_t>(parts * k));
  parallelRanges(runtime, width, 4096, [&](int64_t from, int64_t to, int) {
    double* const own = moved.data() + from / 4096 * k;
    for (int64_t j = from; j < to; j++)
      for (int64_t c = 0; c < k; c++) {
        const int64_t i = j * k + c;
        const double mean = means_[static_cast<size_t>(i)];
        v[i] = (v[i] - mean * before[static_cast<size_t>(c)]) * inverse_[static_cast<size_t>(i)];
        own[c] += mean * v[i];
      }
  });
  for (int64_t c = 0; c < k; c++) {
    intercepts[c] *= inverse_[static_cast<size_t>(width * k + c)];
    for (int64_t p = 0; p < parts; p++) intercepts[c] -= moved[static_cast<size_t>(p * k + c)];
    if (!pass_.terms().intercept) intercepts[c] = 0;
  }
  centreOutputs(pass_, v);
  if (pass_.hasScale()) v[pass_.parameters() - 1] /= scaleCurvature_;
}

}  // namespace athanor

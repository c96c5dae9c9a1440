// Hessians of generalised linear models: Σ h · z · zᵀ for each pair of outputs, with h = p · (δ − p') of the
// softmax, or the loss's second derivative.
#include "learn/hessian-factor.h"

namespace athanor {

double HessianFactor::workOf(const ObjectivePass& pass) {
  const double n = static_cast<double>((pass.rows().width + 1) * pass.outputs());
  return static_cast<double>(pass.rows().rows) * n * n / 2 + n * n * n / 6;
}

void HessianFactor::begin() {
  const int64_t n = (pass_.rows().width + 1) * pass_.outputs();
  hessian_.assign(static_cast<size_t>(n * n), 0.0);
  first_ = second_ = 0;
  beginPair();
}

void HessianFactor::beginPair() {
  const int64_t rows = pass_.rows().rows, k = pass_.outputs();
  const double* const weights = pass_.terms().weights;
  weights_.resize(static_cast<size_t>(rows));
  for (int64_t i = 0; i < rows; i++) {
    const double* const p = pass_.curvature.data() + i * k;
    double own = p[0] > 0 ? p[0] : 0;
    if (k > 1) {
      own = (first_ == second_ ? p[first_] : 0) - p[first_] * p[second_];
      if (weights != nullptr) own *= weights[i];
    }
    weights_[static_cast<size_t>(i)] = own;
  }
  WeightedGram::Wanted wanted;
  wanted.weights = weights_.data();
  wanted.ones = true;
  gram_.begin(wanted);
}

void HessianFactor::takePair() {
  const int64_t k = pass_.outputs(), size = gram_.size(), n = size * k;
  const double total = pass_.terms().total;
  for (int64_t i = 0; i < size; i++)
    for (int64_t j = 0; j < size; j++) {
      const double own = gram_.matrix()[static_cast<size_t>(i * size + j)] / total;
      hessian_[static_cast<size_t>((i * k + first_) * n + j * k + second_)] = own;
      hessian_[static_cast<size_t>((j * k + second_) * n + i * k + first_)] = own;
    }
}

Step HessianFactor::run(Runtime& runtime, double& work) {
  if (first_ == pass_.outputs()) {
    const double n = static_cast<double>(gram_.size() * pass_.outputs());
    work += n * n * n / 8;
    factor(runtime);
    return Step::done;
  }
  const Step step = gram_.run(runtime, work);
  if (step != Step::done) return step;
  takePair();
  if (++second_ > first_) {
    second_ = 0;
    first_++;
  }
  if (first_ < pass_.outputs()) beginPair();
  return Step::more;
}

void HessianFactor::factor(Runtime& runtime) {
  const int64_t k = pass_.outputs(), size = gram_.size(), n = size * k;
  const auto& terms = pass_.terms();
  double most = terms.penalty;
  for (int64_t i = 0; i < n; i++) {
    double& own = hessian_[static_cast<size_t>(i * (n + 1))];
    if (i < n - k) own += terms.penalty;
    most = own > most ? own : most;
  }
  // Adding the same to all outputs' scores changes nothing: that direction gets a curvature of its own.
  if (k > 1)
    for (int64_t j = 0; j < size; j++) {
      const double own = hessian_[static_cast<size_t>(j * k * (n + 1))];
      for (int64_t a = 0; a < k; a++)
        for (int64_t b = 0; b < k; b++) hessian_[static_cast<size_t>((j * k + a) * n + j * k + b)] += own;
    }
  if (!terms.intercept)
    for (int64_t i = n - k; i < n; i++) {
      for (int64_t j = 0; j < n; j++)
        hessian_[static_cast<size_t>(i * n + j)] = hessian_[static_cast<size_t>(j * n + i)] = 0;
      hessian_[static_cast<size_t>(i * (n + 1))] = 1;
    }
  factored_ = false;
  for (double extra = 0; extra < 1 && !factored_; extra = extra == 0 ? 1e-12 : extra * 100) {
    damped_ = hessian_;
    for (int64_t i = 0; i < n; i++) damped_[static_cast<size_t>(i * (n + 1))] += extra * most;
    factored_ = factor_.factor(runtime, damped_.data(), n);
  }
}

void HessianFactor::solve(double* v) const {
  if (factored_) factor_.solve(v);
}

}  // namespace athanor

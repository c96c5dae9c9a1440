// Exponentials and logarithms run over registers, a few hundred rows at a time.
#include "learn/boosting-loss.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "vector-math.h"

namespace athanor {

namespace {

constexpr int block = 256;

/// What `block` rows of one output become.
struct Derivatives {
  alignas(64) double gradient[block];
  alignas(64) double hessian[block];
  alignas(64) double loss[block];
};

/// `body(s, y, g, h, l)` over registers; rows behind the last are computed and ignored.
template <typename F>
void overRegisters(const double* scores, const double* y, Derivatives& out, F body) {
  for (int i = 0; i < block; i += lanes<double>) {
    F64 g{}, h = splat(1.0), l{};
    body(load(scores + i), load(y + i), g, h, l);
    store(out.gradient + i, g);
    store(out.hessian + i, h);
    store(out.loss + i, l);
  }
}

void derive(const LossRule& rule, const double* scores, const double* y, Derivatives& out) {
  const F64 zero{};
  const F64 one = splat(1.0);
  switch (rule.loss) {
    case Loss::squaredError:
      return overRegisters(scores, y, out, [&](F64 s, F64 t, F64& g, F64&, F64& l) {
        g = s - t;
        l = g * g * 0.5;
      });
    case Loss::absoluteError:
      return overRegisters(scores, y, out, [&](F64 s, F64 t, F64& g, F64&, F64& l) {
        g = select(s > t, one, -one);
        l = magnitude(s - t);
      });
    case Loss::quantile: {
      const F64 part = splat(rule.quantile);
      return overRegisters(scores, y, out, [&](F64 s, F64 t, F64& g, F64&, F64& l) {
        g = select(t >= s, -part, one - part);
        l = (s - t) * g;
      });
    }
    case Loss::poisson:
      return overRegisters(scores, y, out, [&](F64 s, F64 t, F64& g, F64& h, F64& l) {
        h = expOf(s);
        g = h - t;
        l = h - t * s;
      });
    case Loss::gamma:
      return overRegisters(scores, y, out, [&](F64 s, F64 t, F64& g, F64& h, F64& l) {
        h = t * expOf(-s);
        g = one - h;
        l = s + h;
      });
    default:
      return overRegisters(scores, y, out, [&](F64 s, F64 t, F64& g, F64& h, F64& l) {
        const F64 e = expOf(-magnitude(s));
        const F64 other = one - t;
        g = select(s >= zero, other - t * e, other * e - t) / (one + e);
        h = e / ((one + e) * (one + e));
        l = larger(s, zero) + log1pOf(e) - t * s;
      });
  }
}

/// Rows behind the last count nothing.
void weigh(double* values, const double* weights, int count) {
  if (weights != nullptr)
    for (int i = 0; i < count; i++) values[i] *= weights[i];
  for (int i = count; i < block; i++) values[i] = 0;
}

/// To float32, `block` of them; gives the largest size.
double narrowAll(const double* from, float* to) {
  F32 most{};
  for (int i = 0; i < block; i += lanes<float>) {
    const F32 x = narrow(load(from + i), load(from + i + lanes<double>));
    most = larger(magnitude(x), most);
    store(to + i, x);
  }
  return foldLanes(most, [](float a, float b) { return a > b || a != a ? a : b; });
}

void writePairs(Derivatives& from, const double* weights, int count, bool unit, float* to,
                Largest& largest) {
  alignas(64) float g[block], h[block], pairs[2 * block];
  weigh(from.gradient, weights, count);
  largest.gradient = std::max(largest.gradient, narrowAll(from.gradient, g));
  if (unit) {
    largest.hessian = 1;
    memcpy(to, g, static_cast<size_t>(count) * sizeof(float));
    return;
  }
  weigh(from.hessian, weights, count);
  largest.hessian = std::max(largest.hessian, narrowAll(from.hessian, h));
  for (int i = 0; i < block; i++) {
    pairs[2 * i] = g[i];
    pairs[2 * i + 1] = h[i];
  }
  memcpy(to, pairs, 2 * static_cast<size_t>(count) * sizeof(float));
}

double sumOf(double* loss, const double* weights, int count) {
  weigh(loss, weights, count);
  F64 sum{};
  for (int i = 0; i < block; i += lanes<double>) sum += load(loss + i);
  return sumOfLanes(sum);
}

double weightedMean(const Targets& targets) {
  double sum = 0, weight = 0;
  for (int64_t i = 0; i < targets.rows; i++) {
    const double w = targets.weights == nullptr ? 1 : targets.weights[i];
    sum += w * targets.y[i];
    weight += w;
  }
  return sum / weight;
}

double within(double p) {
  const double epsilon = std::numeric_limits<double>::epsilon();
  return std::min(std::max(p, epsilon), 1 - epsilon);
}

/// Softmax over the outputs, hessian p (1 − p).
double evaluateClasses(const LossRule& rule, const Targets& targets, int64_t first, int count,
                       const double* scores, int64_t stride, const GradientColumns& into,
                       Largest& largestSizes) {
  alignas(64) double s[block] = {};
  alignas(64) double largest[block], total[block] = {}, own[block] = {};
  const double* const y = targets.y + first;
  const double* const weights = targets.weights == nullptr ? nullptr : targets.weights + first;
  const size_t bytes = static_cast<size_t>(count) * sizeof(double);
  std::fill(largest, largest + block, -std::numeric_limits<double>::infinity());
  for (int32_t k = 0; k < rule.outputs; k++) {
    memcpy(s, scores + k * stride + first, bytes);
    for (int i = 0; i < block; i += lanes<double>)
      store(largest + i, larger(load(largest + i), load(s + i)));
    for (int i = 0; i < count; i++) own[i] = y[i] == k ? s[i] : own[i];
  }
  for (int32_t k = 0; k < rule.outputs; k++) {
    memcpy(s, scores + k * stride + first, bytes);
    for (int i = 0; i < block; i += lanes<double>)
      store(total + i, load(total + i) + expOf(load(s + i) - load(largest + i)));
  }
  if (into.data != nullptr) {
    Derivatives d;
    for (int32_t k = 0; k < rule.outputs; k++) {
      memcpy(s, scores + k * stride + first, bytes);
      for (int i = 0; i < block; i += lanes<double>) {
        const F64 p = expOf(load(s + i) - load(largest + i)) / load(total + i);
        store(d.gradient + i, p);
        store(d.hessian + i, p * (1.0 - p));
      }
      for (int i = 0; i < count; i++) d.gradient[i] -= y[i] == k ? 1 : 0;
      writePairs(d, weights, count, false, into.data + k * into.stride + 2 * first, largestSizes);
    }
  }
  for (int i = 0; i < block; i += lanes<double>)
    store(s + i, load(largest + i) + logOf(load(total + i)) - load(own + i));
  return sumOf(s, weights, count);
}

}  // namespace

double LossRule::evaluate(const Targets& targets, int64_t first, int64_t count, const double* scores,
                          int64_t stride, const GradientColumns& into, Largest& largest) const {
  double sum = 0;
  for (int64_t end = first + count; first < end; first += block) {
    const int here = static_cast<int>(std::min<int64_t>(block, end - first));
    if (loss == Loss::multiclassLogLoss) {
      sum += evaluateClasses(*this, targets, first, here, scores, stride, into, largest);
      continue;
    }
    alignas(64) double s[block] = {}, y[block] = {};
    memcpy(s, scores + first, static_cast<size_t>(here) * sizeof(double));
    memcpy(y, targets.y + first, static_cast<size_t>(here) * sizeof(double));
    const double* const weights = targets.weights == nullptr ? nullptr : targets.weights + first;
    Derivatives d;
    derive(*this, s, y, d);
    sum += sumOf(d.loss, weights, here);
    if (into.data != nullptr)
      writePairs(d, weights, here, into.unit, into.data + (into.unit ? 1 : 2) * first, largest);
  }
  return sum;
}

std::vector<double> LossRule::baseline(const Targets& targets) const {
  switch (loss) {
    case Loss::squaredError:
      return {weightedMean(targets)};
    case Loss::absoluteError:
    case Loss::quantile: {
      std::vector<double> y(targets.y, targets.y + targets.rows);
      return {quantileOf(y.data(), targets.weights, targets.rows, residualQuantile())};
    }
    case Loss::poisson:
    case Loss::gamma:
      return {std::log(std::max(weightedMean(targets), 10 * std::numeric_limits<double>::epsilon()))};
    case Loss::binaryLogLoss: {
      const double p = within(weightedMean(targets));
      return {std::log(p / (1 - p))};
    }
    default: {
      std::vector<double> logs(static_cast<size_t>(outputs), 0);
      double total = 0;
      for (int64_t i = 0; i < targets.rows; i++) {
        const double w = targets.weights == nullptr ? 1 : targets.weights[i];
        logs[static_cast<size_t>(targets.y[i])] += w;
        total += w;
      }
      double mean = 0;
      for (double& x : logs) mean += x = std::log(within(x / total));
      for (double& x : logs) x -= mean / outputs;
      return logs;
    }
  }
}

double quantileOf(double* values, const double* weights, int64_t count, double part) {
  if (count == 0) return 0;
  if (weights == nullptr) {
    const double position = part * static_cast<double>(count - 1);
    const int64_t below = static_cast<int64_t>(position);
    std::nth_element(values, values + below, values + count);
    const double low = values[below];
    const double rest = position - static_cast<double>(below);
    return rest == 0 ? low : low + rest * (*std::min_element(values + below + 1, values + count) - low);
  }
  std::vector<std::pair<double, double>> pairs(static_cast<size_t>(count));
  double total = 0;
  for (int64_t i = 0; i < count; i++) {
    pairs[static_cast<size_t>(i)] = {values[i], weights[i]};
    total += weights[i];
  }
  std::sort(pairs.begin(), pairs.end());
  double reached = 0;
  for (const auto& [value, weight] : pairs)
    if (weight > 0 && (reached += weight) >= part * total) return value;
  return pairs.back().first;
}

}  // namespace athanor

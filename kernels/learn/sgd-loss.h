// The losses of stochastic gradient descent: of one row, by its score p. Classes are −1 and 1.
#pragma once
#include <cmath>
#include <cstdint>

namespace athanor {

enum class SgdLoss : int32_t {
  hinge = 0,
  logLoss = 1,
  modifiedHuber = 2,
  squaredHinge = 3,
  perceptron = 4,
  squaredError = 5,
  huber = 6,
  epsilonInsensitive = 7,
  squaredEpsilonInsensitive = 8,
};

struct LossAndSlope {
  double loss;
  double slope;
};

inline LossAndSlope sgdLoss(SgdLoss kind, double epsilon, double y, double p) {
  const double z = p * y;
  const double off = y - p;
  switch (kind) {
    case SgdLoss::hinge:
      return z <= 1 ? LossAndSlope{1 - z, -y} : LossAndSlope{0, 0};
    case SgdLoss::perceptron:
      return z <= 0 ? LossAndSlope{-z, -y} : LossAndSlope{0, 0};
    case SgdLoss::logLoss: {
      const double e = std::exp(-std::fabs(z));
      const double sigmoid = z > 0 ? e / (1 + e) : 1 / (1 + e);
      return {(z > 0 ? 0 : -z) + std::log1p(e), -y * sigmoid};
    }
    case SgdLoss::modifiedHuber:
      if (z >= 1) return {0, 0};
      return z >= -1 ? LossAndSlope{(1 - z) * (1 - z), -2 * (1 - z) * y} : LossAndSlope{-4 * z, -4 * y};
    case SgdLoss::squaredHinge:
      return z < 1 ? LossAndSlope{(1 - z) * (1 - z), -2 * y * (1 - z)} : LossAndSlope{0, 0};
    case SgdLoss::squaredError:
      return {0.5 * off * off, -off};
    case SgdLoss::huber: {
      const double size = std::fabs(off);
      if (size <= epsilon) return {0.5 * off * off, -off};
      return {epsilon * (size - 0.5 * epsilon), off > 0 ? -epsilon : epsilon};
    }
    case SgdLoss::epsilonInsensitive: {
      const double beyond = std::fabs(off) - epsilon;
      if (!(beyond > 0)) return {0, 0};
      return {beyond, off > 0 ? -1.0 : 1.0};
    }
    case SgdLoss::squaredEpsilonInsensitive: {
      const double beyond = std::fabs(off) - epsilon;
      if (!(beyond > 0)) return {0, 0};
      return {beyond * beyond, off > 0 ? -2 * beyond : 2 * beyond};
    }
  }
  return {0, 0};
}

}  // namespace athanor

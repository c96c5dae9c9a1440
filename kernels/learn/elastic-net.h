// Coordinate descent for ½‖y − X w‖² + l1 ‖w‖₁ + l2/2 ‖w‖² (Friedman, Hastie & Tibshirani 2010), stopped by
// the duality gap (Fercoq, Gramfort & Salmon 2015). What the columns look like is the caller's.
#pragma once
#include <cmath>
#include <cstdint>
#include <vector>

#include "learn/random-stream.h"

namespace athanor {

/// Centred, weighted columns of features and the residual y − X w.
class ResidualColumns {
 public:
  virtual ~ResidualColumns() = default;
  virtual int64_t count() const = 0;
  /// ‖x_j‖².
  virtual double square(int64_t j) const = 0;
  /// x_j · residual.
  virtual double slope(int64_t j) const = 0;
  /// w_j has changed by `change`.
  virtual void move(int64_t j, double change) = 0;
  /// ‖residual‖² and residual · y.
  virtual void sums(const double* w, double& residual, double& withTargets) const = 0;
  /// ‖y‖².
  virtual double targetSquares() const = 0;
  /// Operations that a coordinate takes.
  virtual double cost() const = 0;
};

class ElasticNet {
 public:
  struct Settings {
    bool positive = false;
    bool random = false;
    int64_t sweeps = 1000;
    /// Of the duality gap, as a share of ‖y‖².
    double tolerance = 1e-4;
    uint64_t seed = 0;
  };

  ElasticNet(ResidualColumns& columns, const Settings& settings);
  /// Goes on from `w`, which `columns` know of.
  void begin(double l1, double l2);
  /// Some coordinates; true when it has come to an end. Adds operations to `work`.
  bool run(double& work);

  std::vector<double> w;
  double gap = 0;
  int64_t sweepsDone = 0;
  bool converged = false;

 private:
  void visit(int64_t j);
  double dualityGap() const;

  ResidualColumns& columns_;
  Settings settings_;
  RandomStream random_;
  double l1_ = 0, l2_ = 0, limit_ = 0;
  /// The coordinates of this sweep: all, or those that are not 0.
  std::vector<int64_t> active_;
  bool whole_ = true;
  int64_t next_ = 0;
  double largestChange_ = 0, largest_ = 0;
  int64_t lastWholeSweep_ = 0, quietSweeps_ = 0;
};

}  // namespace athanor

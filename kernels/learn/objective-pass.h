// One pass over the rows: the mean loss of a linear model and its gradient at some parameters, or a
// product of its Hessian with a vector. In slices; the sums do not depend on the number of threads.
#pragma once
#include "learn/design-rows.h"
#include "learn/row-loss.h"

namespace athanor {

/// The mean loss and the penalty. Parameters are feature by feature: `outputs` coefficients of feature 0, of feature 1, …, then the
/// intercepts, then, of Huber's loss, log σ.
class ObjectivePass {
 public:
  struct Terms {
    RowLoss loss;
    /// One a row; classes as numbers.
    const double* targets = nullptr;
    /// One a row, or nullptr; `total` is their sum, by which the loss is divided.
    const double* weights = nullptr;
    double total = 1;
    /// `penalty / 2 · ‖coefficients‖²` is added.
    double penalty = 0;
    bool intercept = true;
  };
  ObjectivePass(const DesignRows& x, const Terms& terms);

  int64_t parameters() const { return parameters_; }
  int64_t outputs() const { return loss_.outputs; }
  bool hasScale() const { return loss_.kind == LossKind::huber; }
  const Terms& terms() const { return terms_; }
  const DesignRows& rows() const { return x_; }

  /// Loss and gradient at `at`, which must stay until the pass is done; `keep` says that the curvature is
  /// wanted afterwards.
  void begin(const double* at, bool keep);
  /// The Hessian of the last pass that kept its curvature, times `direction`: into `gradient`.
  void beginProduct(const double* direction);
  /// One slice; adds its operations to `work`.
  Step run(Runtime& runtime, double& work);

  double value = 0;
  std::vector<double> gradient;
  /// `rows × outputs`: see `lossOfRows`.
  std::vector<double> curvature;

 private:
  void part(Runtime& runtime, int worker, int64_t from, int64_t to, double* sums, bool& failed);
  void turn(int64_t from, int64_t rows, double* scores, double* sums);
  bool denseMany(Runtime& runtime, int worker, int64_t from, int64_t to, double* scores, double* sums);

  const DesignRows& x_;
  Terms terms_;
  RowLoss loss_;
  int64_t parameters_;
  /// Sums of a part: the gradient, the loss, the derivative by σ.
  int64_t sumsStep_;
  int64_t blockRows_;
  const double* at_ = nullptr;
  bool keep_ = false;
  bool product_ = false;
  int64_t next_ = 0;
  std::vector<int64_t> ends_;
  std::vector<double> sums_;
};

}  // namespace athanor

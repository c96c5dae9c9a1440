// The losses of linear models: from the scores of a block of rows to its loss, the derivatives by the
// scores, and the curvature.
#pragma once
#include "learn/wide-vectors.h"

namespace athanor {

enum class LossKind : int32_t {
  /// ½ (score − y)².
  squared = 0,
  /// log(1 + e^score) − y · score, y 0 or 1.
  logistic = 1,
  /// log Σ e^score − score of y's class (softmax).
  multinomial = 2,
  /// Half the unit deviance of Tweedie's family at mean e^score, less what depends on y alone
  /// (Jørgensen 1987): power 1 is Poisson's, 2 Gamma's.
  tweedie = 3,
  /// σ + σ · H(|score − y| / σ), H(z) = z² up to ε, then 2 ε z − ε² (Huber 1981, section 7.7).
  huber = 4,
};

struct RowLoss {
  LossKind kind = LossKind::squared;
  /// Of multinomial: classes; else 1.
  int64_t outputs = 1;
  /// Tweedie's power, Huber's ε.
  double shape = 0;
  /// Huber's σ.
  double scale = 1;
};

struct BlockSums {
  double loss = 0;
  /// Of Huber's: the derivative by σ.
  double scaleSlope = 0;
};

/// For `rows` rows: puts the loss's derivatives, times the rows' weights, in the scores' place
/// (`rows × outputs`). `targets` are numbers, or classes from 0. `weights` may be nullptr (1 each).
/// `curvature`, where it isn't nullptr, gets the weighted second derivative of each row, or of
/// multinomial the probabilities, unweighted.
BlockSums lossOfRows(const RowLoss& loss, double* scores, const double* targets, const double* weights,
                     int64_t rows, double* curvature);

/// In place: probabilities from scores (softmax of each row); returns nothing. `tops`, where given, gets
/// log Σ e^score.
void softmaxRows(double* scores, int64_t rows, int64_t outputs, double* tops);

}  // namespace athanor

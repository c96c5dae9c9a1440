// How impure the rows of a node are, and which cut of an order of them leaves least: Gini index, entropy,
// squared and absolute error, Poisson deviance (Breiman et al., CART, 1984). Definitions as in scikit-learn.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "learn/node-order.h"

namespace athanor {

enum class ImpurityKind : int32_t { gini = 0, entropy = 1, squaredError = 2, absoluteError = 3, poisson = 4 };

/// What is known of each row of a table or a block: either class and whole weight in one word
/// (class · 65,536 + weight), or its class or target, and its weight where they are not all 1.
struct TargetRows {
  const uint32_t* packed = nullptr;
  const int32_t* codes = nullptr;
  const double* targets = nullptr;
  const double* weights = nullptr;
};

/// What is asked of both sides of a cut.
struct CutRules {
  int64_t leastRows = 1;
  double leastWeight = 0;
  /// The right side's value must not be below (1) or above (−1) the left one's; 0: as it comes.
  int sign = 0;
  /// Between which the values of both sides must lie.
  double low = 0;
  double high = 0;
};

/// The best cut so far: after row `after` of the order.
struct Cut {
  double score = -__builtin_inf();
  int64_t after = -1;
  int64_t leftRows = 0;
  bool missingLeft = false;
};

/// A node while cuts of it are sought.
struct NodeState {
  TargetRows of;
  const uint32_t* rows = nullptr;
  int64_t count = 0;
  double weight = 0;
  double impurity = 0;
  /// Weights of the classes; or the sum of weighted targets; or the median.
  const double* sums = nullptr;
  // Of absolute errors: the rank of a row's target among the node's, by row; the targets by rank.
  std::vector<uint32_t> ranks;
  std::vector<double> ascending;
};

class Impurity {
 public:
  virtual ~Impurity() = default;

  /// Numbers a node: one for each class, or one.
  int32_t outputs = 1;
  bool ofClasses() const { return outputs > 1; }
  /// Nanoseconds, about, for a row of a search.
  virtual double costs() const { return 6; }

  /// Totals of some rows: `sums` (outputs of them), weight and impurity.
  virtual void measure(const TargetRows& of, const uint32_t* rows, int64_t count, double* sums,
                       double& weight, double& impurity) = 0;
  /// Readies a node, whose totals are filled in, for searches.
  virtual void prepare(NodeState&) {}
  /// Whether a cut of this order is better than `best`, which then becomes it.
  virtual bool search(const NodeState& node, const NodeOrder& order, const CutRules& rules, Cut& best) = 0;
  /// The score of one division, larger is better; `left` are the rows of the left side, in the node's order.
  /// −∞ where the rules forbid it.
  virtual double scoreOf(const NodeState& node, const uint32_t* left, int64_t leftRows, const CutRules& rules) = 0;
  /// Of which monotone constraints speak: the second class's share, mean or median.
  virtual double valueOf(const double* sums, double weight) const = 0;
  /// From totals to what the node predicts, in place.
  virtual void finish(double* sums, double weight) const = 0;
};

/// `packed`: rows come with class and weight in one word.
std::unique_ptr<Impurity> makeImpurity(ImpurityKind kind, int32_t classes, bool packed, bool weighted);

}  // namespace athanor

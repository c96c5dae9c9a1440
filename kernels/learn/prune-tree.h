// Minimal cost-complexity pruning (Breiman et al., CART, 1984, chapter 3): branches whose leaves gain least are
// cut first.
#pragma once
#include <vector>

#include "learn/exact-tree.h"

namespace athanor {

/// What is left after each cut: the strength at which it comes, and the impurity of all leaves.
struct PruningPath {
  std::vector<double> alphas;
  std::vector<double> impurities;
};

/// Cuts all branches whose strength is at most `alpha`; with a path, all branches, and only writes it down.
void pruneTree(ExactNodes& tree, int32_t outputs, double alpha, PruningPath* path);

}  // namespace athanor

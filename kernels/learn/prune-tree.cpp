// The weakest branch comes out of a heap; entries that have become old are thrown away there.
#include "learn/prune-tree.h"

#include <algorithm>
#include <queue>

namespace athanor {

namespace {

struct Candidate {
  double alpha;
  int32_t order;  // of nodes, parents and left sides first
  int32_t node;
  int32_t version;
  bool operator<(const Candidate& other) const {  // the top of the heap is the largest
    return alpha != other.alpha ? alpha > other.alpha : order > other.order;
  }
};

class Pruning {
 public:
  explicit Pruning(const std::vector<ExactNode>& nodes)
      : nodes_(nodes), own_(nodes.size()), branch_(nodes.size()), leaves_(nodes.size(), 1), parent_(nodes.size(), -1),
        order_(nodes.size()), version_(nodes.size()), cut_(nodes.size()) {
    for (size_t i = nodes.size(); i-- > 0;) {
      const ExactNode& node = nodes[i];
      own_[i] = branch_[i] = node.weight * node.impurity / nodes[0].weight;
      if (node.feature < 0) continue;
      const size_t l = static_cast<size_t>(node.left), r = static_cast<size_t>(node.right);
      branch_[i] = branch_[l] + branch_[r];
      leaves_[i] = leaves_[l] + leaves_[r];
      parent_[l] = parent_[r] = static_cast<int32_t>(i);
    }
    std::vector<int32_t> waiting{0};
    for (int32_t next = 0; !waiting.empty(); next++) {
      const size_t i = static_cast<size_t>(waiting.back());
      waiting.pop_back();
      order_[i] = next;
      if (nodes[i].feature < 0) continue;
      waiting.push_back(nodes[i].right);
      waiting.push_back(nodes[i].left);
      push(i);
    }
  }

  /// Cuts the weakest branch if its strength is at most `most`.
  bool cutOne(double most, double& alpha) {
    while (!heap_.empty()) {
      const Candidate weakest = heap_.top();
      const size_t i = static_cast<size_t>(weakest.node);
      if (weakest.version != version_[i] || isGone(i)) {
        heap_.pop();
        continue;
      }
      if (weakest.alpha > most) return false;
      heap_.pop();
      alpha = weakest.alpha;
      cut_[i] = 1;
      const int32_t fewer = leaves_[i] - 1;
      const double more = own_[i] - branch_[i];
      leaves_[i] = 1;
      branch_[i] = own_[i];
      for (int32_t up = parent_[i]; up >= 0; up = parent_[static_cast<size_t>(up)]) {
        const size_t at = static_cast<size_t>(up);
        leaves_[at] -= fewer;
        branch_[at] += more;
        version_[at]++;
        push(at);
      }
      return true;
    }
    return false;
  }

  double impurity() const { return branch_[0]; }
  bool isCut(size_t node) const { return cut_[node] != 0; }

 private:
  void push(size_t i) {
    const double alpha = (own_[i] - branch_[i]) / (leaves_[i] - 1);
    heap_.push({alpha, order_[i], static_cast<int32_t>(i), version_[i]});
  }
  /// Whether it, or one above it, was cut.
  bool isGone(size_t node) const {
    for (int32_t at = static_cast<int32_t>(node); at >= 0; at = parent_[static_cast<size_t>(at)])
      if (cut_[static_cast<size_t>(at)]) return true;
    return false;
  }

  const std::vector<ExactNode>& nodes_;
  std::vector<double> own_, branch_;
  std::vector<int32_t> leaves_, parent_, order_, version_;
  std::vector<uint8_t> cut_;
  std::priority_queue<Candidate> heap_;
};

}  // namespace

void pruneTree(ExactNodes& tree, int32_t outputs, double alpha, PruningPath* path) {
  Pruning pruning(tree.nodes);
  double strength = 0;
  if (path != nullptr) {
    path->alphas.push_back(0);
    path->impurities.push_back(pruning.impurity());
    while (pruning.cutOne(__builtin_inf(), strength)) {
      path->alphas.push_back(strength);
      path->impurities.push_back(pruning.impurity());
    }
    return;
  }
  while (pruning.cutOne(alpha, strength)) {
  }
  // Children follow their parent: one pass says which nodes stay, the next one moves them up.
  std::vector<int32_t> made(tree.nodes.size(), -1);
  made[0] = 0;
  int32_t count = 0;
  for (size_t i = 0; i < tree.nodes.size(); i++) {
    if (made[i] < 0) continue;
    ExactNode& node = tree.nodes[i];
    if (pruning.isCut(i)) node.feature = node.left = node.right = -1;
    if (node.feature >= 0) made[static_cast<size_t>(node.left)] = made[static_cast<size_t>(node.right)] = 0;
    made[i] = count++;
  }
  ExactNodes kept;
  for (size_t i = 0; i < tree.nodes.size(); i++) {
    if (made[i] < 0) continue;
    ExactNode node = tree.nodes[i];
    if (node.feature >= 0) {
      node.left = made[static_cast<size_t>(node.left)];
      node.right = made[static_cast<size_t>(node.right)];
    }
    kept.nodes.push_back(node);
    const double* const sums = tree.sums.data() + i * static_cast<size_t>(outputs);
    kept.sums.insert(kept.sums.end(), sums, sums + outputs);
  }
  tree = std::move(kept);
}

}  // namespace athanor

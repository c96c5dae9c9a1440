// Grows one tree by the best division of every node (Breiman et al., CART, 1984): large nodes feature by
// feature over the whole table, then blocks of rows that stay in the cache, each grown to its leaves.
// What a node draws depends on its path alone, so no order of work changes the tree.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "learn/node-search.h"
#include "runtime.h"

namespace athanor {

struct ExactNode {
  int32_t feature = -1;  // −1 at a leaf
  int32_t left = -1;
  int32_t right = -1;
  bool missingLeft = false;
  double threshold = 0;
  double impurity = 0;
  double weight = 0;
  uint32_t count = 0;
};

/// Nodes with their totals, which become what they predict.
struct ExactNodes {
  std::vector<ExactNode> nodes;
  std::vector<double> sums;

  int32_t add(int32_t outputs) {
    nodes.emplace_back();
    sums.resize(sums.size() + static_cast<size_t>(outputs));
    return static_cast<int32_t>(nodes.size()) - 1;
  }
};

/// A node that waits to be divided.
struct OpenNode {
  int32_t node = 0;
  int32_t depth = 0;
  int64_t begin = 0;
  int64_t end = 0;
  uint64_t key = 0;
  double low = -__builtin_inf();  // of monotone constraints
  double high = __builtin_inf();
  int32_t constants = -1;  // its bit set in the pool
};

/// Sets of constant features, one for each open node.
class BitSets {
 public:
  explicit BitSets(int32_t bits) : words_(static_cast<size_t>(bits + 63) / 64) {}
  int32_t take(const uint64_t* from);
  void give(int32_t set) { free_.push_back(set); }
  uint64_t* at(int32_t set) { return bits_.data() + static_cast<size_t>(set) * words_; }
  size_t words() const { return words_; }

 private:
  size_t words_;
  std::vector<uint64_t> bits_;
  std::vector<int32_t> free_;
};

/// What one thread needs to search nodes.
struct TreeWorker {
  explicit TreeWorker(const TreeSource& source, int64_t mostRows)
      : order(mostRows), draws(source.table.width), block(source), constants(source.table.width) {}
  NodeOrder order;
  NodeState state;
  NodeValues values;
  FeatureDraws draws;
  RowBlock block;
  BitSets constants;
  std::vector<OpenNode> open;
  std::vector<uint32_t> rows;
  std::vector<double> sums;
};

/// The two sides of a division, before they become nodes.
struct Sides {
  ExactNode nodes[2];
  OpenNode open[2];
  double improvement = 0;
  int64_t middle = 0;
};

class ExactTree {
 public:
  explicit ExactTree(const TreeSource& source);

  /// Rows (ascending) with their targets, which stay as they are until the tree is grown.
  void begin(const TargetRows& of, std::vector<uint32_t> rows, uint64_t key);

  /// Works for about `budget` operations; false once the tree is grown. With a runtime, large nodes are
  /// searched and blocks grown by all its threads, otherwise by the calling one.
  bool advance(Runtime* runtime, double budget);

  /// Numbered so that both children of a node follow each other, after it. Valid once grown.
  const ExactNodes& grown() const { return grown_; }
  /// False where an impurity was not finite.
  bool finite() const { return finite_; }
  /// Whether memory ran out within a task; the tree then grows no more.
  bool outOfMemory() const { return outOfMemory_; }
  double work = 0;

 private:
  struct Search {
    bool running = false;
    OpenNode open;
    NodeState state;
    std::vector<int32_t> features;
    size_t next = 0;
    bool found = false;  // a feature that is not constant
    Division best;
  };
  /// A node whose division is known and waits for its turn.
  struct Frontier {
    OpenNode open;
    Division division;
    Sides sides;
    std::vector<double> sums;
  };

  TreeWorker& worker(int index);
  bool mayDivide(const ExactNode& node, int32_t depth) const;
  void prepare(NodeState& state, const TargetRows& of, const ExactNodes& tree, const OpenNode& open, const uint32_t* rows);
  void startSearch(const OpenNode& open);
  void askFeatures(Runtime* runtime);
  void finishSearch();
  void expandBest();
  void giveUp();
  void growBlocks(Runtime* runtime);
  void number();

  template <typename Place>
  void divide(Place& place, TreeWorker& worker, const ExactNode& node, const OpenNode& open, const Division& division,
              uint32_t* rows, double* sums, Sides& out);
  void makeSides(ExactNodes& tree, int32_t node, const Division& division, Sides& sides, const double* sums) const;
  void growBlock(TreeWorker& worker, const OpenNode& open, ExactNodes& out, double& work);
  void attach(const ExactNodes& block, int32_t root);
  double costOf(int64_t count) const;

  const TreeSource& source_;
  int32_t outputs_;
  int64_t blockRows_;
  std::vector<std::unique_ptr<TreeWorker>> workers_;

  TargetRows of_;
  std::vector<uint32_t> rows_;
  double totalWeight_ = 0;
  double leastImpurity_ = 0;
  bool finite_ = true;
  bool outOfMemory_ = false;
  bool done_ = true;

  ExactNodes tree_, grown_;
  BitSets constants_;
  std::vector<OpenNode> top_;
  std::vector<OpenNode> blocks_;
  size_t nextBlock_ = 0;
  std::vector<Frontier> frontier_;
  int64_t leaves_ = 1;
  Search search_;
};

}  // namespace athanor

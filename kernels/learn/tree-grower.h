// Grows one tree best leaf first (Shi 2007; LightGBM): the leaf with the largest gain is divided next. The
// smaller child is counted, its sibling is what remains of the parent.
#pragma once
#include <cstdint>
#include <vector>

#include "learn/random-stream.h"
#include "learn/row-partition.h"
#include "learn/split-finder.h"

namespace athanor {

struct GrowthLimits {
  int64_t leaves = 31;  // 0: any number
  int32_t depth = 0;    // 0: any
  /// Part of the allowed features that each node looks at, drawn anew for each.
  double featurePart = 1;
  /// Features that may stand together on one path; empty where all may.
  std::vector<std::vector<int32_t>> together;
};

struct GrownNode {
  NodeSums sums;
  Split split;
  int64_t begin = 0;  // rows in the partition
  int64_t end = 0;
  int32_t depth = 0;
  /// The left child, followed by the right one; −1 at a leaf.
  int32_t left = -1;
  int32_t histogram = -1;  // in the pool, while there is one
  int32_t allowed = -1;    // features it may use: in `allowed_`, −1 for all

  bool isLeaf() const { return left < 0; }
};

class TreeGrower {
 public:
  TreeGrower(const BinnedTable& table, const std::vector<FeatureBins>& bins, bool unitHessians,
             const SplitRules& rules, const GrowthLimits& limits, uint64_t seed);

  /// Begins tree `number`. `gradients`: one float a row, or pairs with hessians.
  void begin(const float* gradients, const FixedPoint& fixed, uint32_t number);
  /// A bounded piece of work, whose operations are added to `work`; false once the tree is grown.
  bool advance(Runtime& runtime, double& work);

  const std::vector<GrownNode>& nodes() const { return nodes_; }
  NodeRows rowsOf(const GrownNode& node) const { return partition_.rowsOf(node.begin, node.end); }

 private:
  enum class Phase { choose, divide, place, count, countOther, find };

  void choose();
  void makeChildren();
  void beginHistogram(int32_t node, Phase phase);
  void beginFind();
  void findChunk(int32_t chunk);
  void finishFind();
  bool mayDivide(const GrownNode& node) const;
  double* histogramOf(const GrownNode& node);
  int32_t takeHistogram();
  void giveHistogram(int32_t& histogram);
  void allowFeatures(GrownNode& child, const GrownNode& parent);
  const uint8_t* drawFeatures(const GrownNode& node, std::vector<uint8_t>& drawn);

  template <typename F>
  bool runTasks(Runtime& runtime, int64_t tasks, double cost, double& work, F& body);

  const BinnedTable& table_;
  const std::vector<FeatureBins>& bins_;
  SplitRules rules_;
  GrowthLimits limits_;
  HistogramShape shape_;
  HistogramWork counting_;
  SplitFinder finder_;
  RowPartition partition_;
  RandomStream random_;
  uint64_t seed_;

  std::vector<GrownNode> nodes_;
  std::vector<int32_t> open_;  // a heap of nodes that may be divided
  int64_t leaves_ = 0;
  const float* gradients_ = nullptr;
  FixedPoint fixed_;

  Phase phase_ = Phase::choose;
  int64_t nextTask_ = 0;
  int32_t parent_ = -1;   // −1 while the root is counted
  int32_t counted_ = -1;  // the node whose rows are counted
  int32_t other_ = -1;    // its sibling
  bool subtract_ = false;
  uint8_t goesLeft_[256] = {};

  std::vector<AlignedArray<double>> pool_;
  std::vector<int32_t> free_;
  int32_t mostHistograms_;

  /// Sets of features on a path: those allowed, and the groups they come from.
  struct Allowed {
    std::vector<int32_t> groups;
    std::vector<uint8_t> slots;
  };
  std::vector<Allowed> allowed_;
  std::vector<uint8_t> drawn_[2];
  const uint8_t* allowedNow_[2] = {nullptr, nullptr};
  std::vector<Split> chunkBest_[2];
};

}  // namespace athanor

// Grown trees as flat arrays, those of TreeEnsemble in src/classic/trees/tree-ensemble.ts.
#pragma once
#include <limits>
#include <vector>

#include "learn/tree-grower.h"
#include "learn/tree-flags.h"

namespace athanor {

struct GrownLeaf {
  int64_t begin, end;  // rows in the partition
  double value;
  int32_t node;
};

struct TreeRecord {
  std::vector<int32_t> treeStart{0}, feature, left, setStart{0};
  std::vector<double> threshold, values, count, gain;
  std::vector<uint8_t> flags;
  std::vector<uint32_t> setWords;

  void append(const std::vector<GrownNode>& nodes, const std::vector<GrownLeaf>& leaves,
              const std::vector<FeatureBins>& bins) {
    const int32_t base = treeStart.back();
    for (const GrownNode& node : nodes) {
      const Split& split = node.split;
      count.push_back(static_cast<double>(node.sums.count));
      gain.push_back(node.isLeaf() ? 0 : split.gain);
      feature.push_back(node.isLeaf() ? -1 : split.feature);
      left.push_back(base + node.left);
      flags.push_back(node.isLeaf() ? 0 : flagsOf(split));
      threshold.push_back(node.isLeaf() ? 0 : thresholdOf(split, bins));
    }
    for (const GrownLeaf& leaf : leaves) {
      left[static_cast<size_t>(base + leaf.node)] = static_cast<int32_t>(values.size());
      values.push_back(leaf.value);
    }
    treeStart.push_back(static_cast<int32_t>(feature.size()));
  }

 private:
  /// New categories go with missing cells.
  static uint8_t flagsOf(const Split& split) {
    return static_cast<uint8_t>((split.missingLeft ? treeMissingLeft | treeUnknownLeft : 0) |
                                (split.categorical ? treeCategorical : 0));
  }

  double thresholdOf(const Split& split, const std::vector<FeatureBins>& bins) {
    if (split.categorical) {
      setWords.insert(setWords.end(), split.left.words, split.left.words + categoryWords);
      setStart.push_back(static_cast<int32_t>(setWords.size()));
      return static_cast<double>(setStart.size() - 2);
    }
    const std::vector<double>& edges = bins[static_cast<size_t>(split.feature)].edges;
    const size_t bin = static_cast<size_t>(split.bin);
    return bin < edges.size() ? edges[bin] : std::numeric_limits<double>::infinity();
  }
};

}  // namespace athanor

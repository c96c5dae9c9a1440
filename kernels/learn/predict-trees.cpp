// Many rows through an ensemble of trees: blocks of rows, tree by tree, eight rows side by side so that
// the steps of one wait while those of the others go on.
#include <algorithm>
#include <cmath>
#include <limits>

#include "learn/aligned-array.h"
#include "learn/job.h"
#include "learn/tree-flags.h"

namespace athanor {

namespace {

constexpr int side = 8;
/// Bytes of features that a block of rows may take, and its rows.
constexpr int64_t blockBytes = 24 << 10;
constexpr int64_t mostRows = 256;
/// Zeros to LightGBM, where they stand for missing values.
constexpr double zeroThreshold = 1e-35f;

/// The arrays of TreeEnsemble.
struct Trees {
  int64_t count = 0;
  int64_t nodes = 0;
  int64_t leaves = 0;
  int32_t leafWidth = 1;
  const int32_t* treeStart = nullptr;
  const int32_t* feature = nullptr;
  const double* threshold = nullptr;
  const int32_t* left = nullptr;
  const uint8_t* flags = nullptr;
  const double* values = nullptr;
  const int32_t* treeOutput = nullptr;
  const int32_t* setStart = nullptr;
  const uint32_t* setWords = nullptr;
  int64_t sets = 0;
};

/// A node for T features. A leaf leads to itself, whatever x is.
template <typename T>
struct Node {
  T threshold;
  uint32_t feature;
  uint32_t left;
  uint32_t leaf;
};

template <typename T>
T roundedDown(double edge) {
  const T near = static_cast<T>(edge);
  return static_cast<double>(near) > edge ? std::nextafter(near, -std::numeric_limits<T>::infinity()) : near;
}

class PredictTrees : public Job {
 public:
  PredictTrees(const Trees& trees, const void* x, int64_t rows, int64_t width, bool isDouble, bool rounds,
               int32_t outputs, const double* base, int64_t firstTree, int64_t endTree)
      : trees_(trees),
        x_(x),
        rows_(rows),
        width_(width),
        isDouble_(isDouble),
        rounds_(rounds),
        outputs_(outputs),
        base_(base),
        firstTree_(firstTree),
        endTree_(endTree),
        out_(rows * outputs) {
    for (int64_t i = 0; i < trees.nodes; i++) {
      if (trees.feature[i] >= 0) special_ |= (trees.flags[i] & (treeCategorical | treeZeroIsMissing)) != 0;
    }
    if (isDouble && !rounds)
      pack(doubles_);
    else
      pack(floats_);
    const int64_t cell = isDouble && !rounds ? 8 : 4;
    blockRows_ = std::min(mostRows, std::max<int64_t>(side, blockBytes / (cell * width) / side * side));
  }

  Step step(Runtime& runtime) override {
    const double cost = static_cast<double>(blockRows_ * (endTree_ - firstTree_)) * 10 + 1;
    const int64_t blocks = (rows_ + blockRows_ - 1) / blockRows_;
    const int64_t fit = std::max<int64_t>(threads(runtime), static_cast<int64_t>(8e6 / cost));
    const int64_t here = std::min(blocks - next_, fit);
    const size_t bytes = static_cast<size_t>(blockRows_ * width_) * sizeof(float);
    if (isDouble_ && rounds_)
      for (int w = 0; w < threads(runtime); w++)
        if (scratch(runtime, w, 0, bytes) == nullptr) return Step::outOfMemory;
    auto task = [&](int64_t t, int worker) {
      const int64_t begin = (next_ + t) * blockRows_;
      const int64_t count = std::min(blockRows_, rows_ - begin);
      if (!isDouble_) {
        block(floats_, static_cast<const float*>(x_) + begin * width_, begin, count);
      } else if (!rounds_) {
        block(doubles_, static_cast<const double*>(x_) + begin * width_, begin, count);
      } else {
        float* const rounded = static_cast<float*>(scratch(runtime, worker, 0, bytes));
        const double* const from = static_cast<const double*>(x_) + begin * width_;
        for (int64_t i = 0; i < count * width_; i++) rounded[i] = static_cast<float>(from[i]);
        block(floats_, rounded, begin, count);
      }
    };
    parallel(runtime, here, task);
    work += static_cast<double>(here) * cost;
    next_ += here;
    progress(static_cast<double>(next_) / static_cast<double>(blocks));
    if (next_ < blocks) return Step::more;
    give(out_.data(), out_.size());
    return Step::done;
  }

 private:
  template <typename T>
  void pack(AlignedArray<Node<T>>& nodes) {
    nodes.resize(trees_.nodes);
    for (int64_t i = 0; i < trees_.nodes; i++) {
      Node<T>& node = nodes[i];
      const bool leaf = trees_.feature[i] < 0;
      node.feature = leaf ? 0 : static_cast<uint32_t>(trees_.feature[i]);
      node.left = leaf ? static_cast<uint32_t>(i) : static_cast<uint32_t>(trees_.left[i]);
      node.leaf = leaf ? static_cast<uint32_t>(trees_.left[i]) : 0;
      node.threshold = leaf ? std::numeric_limits<T>::infinity()
                       : trees_.flags[i] & treeCategorical ? static_cast<T>(0)
                                                       : roundedDown<T>(trees_.threshold[i]);
    }
  }

  template <typename T>
  void block(const AlignedArray<Node<T>>& nodes, const T* x, int64_t begin, int64_t count) {
    double* const out = out_.data() + begin * outputs_;
    for (int64_t r = 0; r < count; r++)
      for (int32_t k = 0; k < outputs_; k++) out[r * outputs_ + k] = base_[k];
    bool plain = !special_;
    if (plain) {
      T sum = 0;  // stays 0 unless something is missing or infinite
      for (int64_t i = 0; i < count * width_; i++) sum += x[i] - x[i];
      plain = sum == 0;
    }
    for (int64_t tree = firstTree_; tree < endTree_; tree++) {
      const uint32_t root = static_cast<uint32_t>(trees_.treeStart[tree]);
      const int32_t output = trees_.treeOutput == nullptr ? 0 : trees_.treeOutput[tree];
      if (plain) {
        for (int64_t r = 0; r < count; r += side) {
          const int here = static_cast<int>(std::min<int64_t>(side, count - r));
          walkSide(nodes.data(), x + r * width_, here, root, out + r * outputs_, output);
        }
      } else {
        for (int64_t r = 0; r < count; r++)
          add(nodes[walk(nodes.data(), x + r * width_, root)].leaf, out + r * outputs_, output);
      }
    }
  }

  void add(uint32_t leaf, double* out, int32_t output) const {
    if (trees_.leafWidth == 1) {
      out[output] += trees_.values[leaf];
    } else {
      const double* const values = trees_.values + static_cast<int64_t>(leaf) * trees_.leafWidth;
      for (int32_t k = 0; k < trees_.leafWidth; k++) out[k] += values[k];
    }
  }

  /// No cell is missing, no node is special: right where x > threshold.
  template <typename T>
  void walkSide(const Node<T>* nodes, const T* x, int count, uint32_t root, double* out,
                int32_t output) const {
    uint32_t at[side];
    const T* row[side];
    for (int i = 0; i < side; i++) {
      at[i] = root;
      row[i] = x + (i < count ? i : 0) * width_;
    }
    uint32_t moved = 1;
    while (moved != 0) {
      moved = 0;
#pragma GCC unroll 8
      for (int i = 0; i < side; i++) {
        const Node<T>& node = nodes[at[i]];
        const uint32_t next = node.left + static_cast<uint32_t>(row[i][node.feature] > node.threshold);
        moved |= next ^ at[i];
        at[i] = next;
      }
    }
    for (int i = 0; i < count; i++) add(nodes[at[i]].leaf, out + i * outputs_, output);
  }

  /// Everything that a node may be.
  template <typename T>
  uint32_t walk(const Node<T>* nodes, const T* row, uint32_t at) const {
    while (trees_.feature[at] >= 0) {
      const Node<T>& node = nodes[at];
      const uint8_t flags = trees_.flags[at];
      const T x = row[node.feature];
      bool left;
      if (x != x || ((flags & treeZeroIsMissing) != 0 && std::fabs(static_cast<double>(x)) <= zeroThreshold))
        left = (flags & treeMissingLeft) != 0;
      else if ((flags & treeCategorical) != 0)
        left = inSet(static_cast<int64_t>(trees_.threshold[at]), static_cast<double>(x), flags);
      else
        left = x <= node.threshold;
      at = node.left + (left ? 0 : 1);
    }
    return at;
  }

  bool inSet(int64_t set, double x, uint8_t flags) const {
    const int64_t begin = trees_.setStart[set];
    const double bits = static_cast<double>(trees_.setStart[set + 1] - begin) * 32;
    const double category = std::trunc(x);
    if (!(category >= 0 && category < bits)) return (flags & treeUnknownLeft) != 0;
    const int64_t bit = static_cast<int64_t>(category);
    return (trees_.setWords[begin + (bit >> 5)] >> (bit & 31) & 1) != 0;
  }

  Trees trees_;
  const void* x_;
  int64_t rows_, width_;
  bool isDouble_, rounds_;
  int32_t outputs_;
  const double* base_;
  int64_t firstTree_, endTree_;
  bool special_ = false;
  int64_t blockRows_ = side;
  int64_t next_ = 0;
  AlignedArray<Node<float>> floats_;
  AlignedArray<Node<double>> doubles_;
  AlignedArray<double> out_;
};

/// Children lie behind their parent and inside its tree, everything else inside its array.
bool areSound(const Trees& t, int64_t width, int32_t outputs) {
  if (t.treeStart[0] != 0 || t.treeStart[t.count] != t.nodes || t.setStart[0] != 0) return false;
  for (int64_t s = 0; s < t.sets; s++)
    if (t.setStart[s + 1] < t.setStart[s]) return false;
  for (int64_t tree = 0; tree < t.count; tree++) {
    const int64_t begin = t.treeStart[tree];
    const int64_t end = t.treeStart[tree + 1];
    if (begin >= end || end > t.nodes) return false;
    if (t.treeOutput != nullptr && (t.treeOutput[tree] < 0 || t.treeOutput[tree] >= outputs)) return false;
    for (int64_t i = begin; i < end; i++) {
      if (t.feature[i] < 0) {
        if (t.left[i] < 0 || t.left[i] >= t.leaves) return false;
        continue;
      }
      if (t.feature[i] >= width || t.left[i] <= i || int64_t(t.left[i]) + 1 >= end) return false;
      const bool inSets = t.threshold[i] >= 0 && t.threshold[i] < static_cast<double>(t.sets);
      if ((t.flags[i] & treeCategorical) != 0 && !inSets) return false;
    }
  }
  return true;
}

}  // namespace

Job* predictTreesJob(Arguments& arguments) {
  constexpr int64_t many = (int64_t(1) << 31) - 1;
  const int64_t rows = arguments.integer(0, int64_t(1) << 40);
  const int64_t width = arguments.integer(1, many);
  const bool isDouble = arguments.flag();
  const bool rounds = arguments.flag();
  const int32_t outputs = static_cast<int32_t>(arguments.integer(1, 1 << 24));
  Trees t;
  t.leafWidth = static_cast<int32_t>(arguments.integer(1, outputs));
  t.count = arguments.integer(0, many);
  t.nodes = arguments.integer(0, many);
  t.leaves = arguments.integer(0, many);
  t.sets = arguments.integer(0, many);
  const int64_t words = arguments.integer(0, many);
  const int64_t firstTree = arguments.integer(0, t.count);
  const int64_t endTree = arguments.integer(firstTree, t.count);

  const void* const x = isDouble ? static_cast<const void*>(arguments.array<double>(rows * width))
                                 : static_cast<const void*>(arguments.array<float>(rows * width));
  const double* const base = arguments.array<double>(outputs);
  t.treeStart = arguments.array<int32_t>(t.count + 1);
  t.feature = arguments.array<int32_t>(t.nodes);
  t.threshold = arguments.array<double>(t.nodes);
  t.flags = arguments.array<uint8_t>(t.nodes);
  t.left = arguments.array<int32_t>(t.nodes);
  t.values = arguments.array<double>(t.leaves * t.leafWidth);
  t.treeOutput = arguments.optional<int32_t>(t.count);
  t.setStart = arguments.array<int32_t>(t.sets + 1);
  t.setWords = arguments.array<uint32_t>(words);
  if (!arguments.fits() || !areSound(t, width, outputs)) return nullptr;
  if (t.setStart[t.sets] != words || (t.leafWidth != 1 && t.leafWidth != outputs)) return nullptr;
  return new PredictTrees(t, x, rows, width, isDouble, rounds, outputs, base, firstTree, endTree);
}

}  // namespace athanor

// Isolation forest (Liu, Ting & Zhou 2008): trees of random features and thresholds over small samples. A row
// that is soon alone is strange; a leaf's value is the length of its path, with what is missing below it.
#include <algorithm>
#include <cmath>

#include "learn/crew.h"
#include "learn/job.h"
#include "learn/node-search.h"

namespace athanor {

namespace {

constexpr uint8_t missingLeftFlag = 1;

/// Mean length of an unsuccessful search in a tree of `count` rows.
double averagePath(int64_t count) {
  if (count <= 1) return 0;
  if (count == 2) return 1;
  const double n = static_cast<double>(count);
  return 2 * (std::log(n - 1) + 0.57721566490153286) - 2 * (n - 1) / n;
}

struct IsolationRules {
  int64_t trees = 1;
  uint64_t seed = 0;
  int64_t sampleRows = 1;
  int32_t features = 1;
  int32_t depth = 1;
  bool bootstrap = false;
};

struct IsolationNode {
  int32_t feature = -1;
  int32_t left = 0;
  double threshold = 0;
  double path = 0;
  uint32_t count = 0;
  bool missingLeft = false;
};

class IsolationForest : public Job {
 public:
  IsolationForest(const FeatureTable& table, const double* weights, const IsolationRules& rules)
      : table_(table), rules_(rules), trees_(static_cast<size_t>(rules.trees)) {
    if (weights == nullptr) return;
    cumulative_.resize(static_cast<size_t>(table.rows));
    double sum = 0;
    for (int64_t i = 0; i < table.rows; i++) cumulative_[static_cast<size_t>(i)] = sum += weights[i];
  }

  Step step(Runtime& runtime) override {
    const double cost = static_cast<double>(rules_.sampleRows) * rules_.depth * 25 + static_cast<double>(table_.width) * 4;
    const int64_t wide = std::max<int64_t>(threads(runtime), static_cast<int64_t>(1e7 * threads(runtime) / cost));
    const int64_t count = std::min(wide, rules_.trees - next_);
    std::vector<uint8_t> grown(static_cast<size_t>(count));
    auto grow = [&](int64_t i, int) {
      grown[static_cast<size_t>(i)] = unlessOutOfMemory<uint8_t>(0, [&] {
        growTree(next_ + i);
        return uint8_t(1);
      });
    };
    parallel(runtime, count, grow);
    for (const uint8_t one : grown)
      if (one == 0) return Step::outOfMemory;
    work += cost * static_cast<double>(count);
    next_ += count;
    iteration(static_cast<double>(next_));
    progress(static_cast<double>(next_) / static_cast<double>(rules_.trees));
    if (next_ < rules_.trees) return Step::more;
    finish();
    return Step::done;
  }

 private:
  struct Open {
    int32_t node, depth;
    int64_t begin, end;
  };

  /// Different rows; or, with bootstrap or weights, rows that may come again.
  std::vector<uint32_t> drawRows(RandomStream& random) const {
    const uint32_t all = static_cast<uint32_t>(table_.rows);
    const size_t wanted = static_cast<size_t>(rules_.sampleRows);
    std::vector<uint32_t> rows;
    rows.reserve(wanted);
    if (!cumulative_.empty()) {
      for (size_t i = 0; i < wanted; i++) {
        const double at = random.uniform() * cumulative_.back();
        const auto place = std::upper_bound(cumulative_.begin(), cumulative_.end(), at);
        rows.push_back(static_cast<uint32_t>(std::min<int64_t>(place - cumulative_.begin(), all - 1)));
      }
    } else if (rules_.bootstrap) {
      for (size_t i = 0; i < wanted; i++) rows.push_back(random.below(all));
    } else if (wanted * 3 > all) {
      rows.resize(all);
      for (uint32_t i = 0; i < all; i++) rows[i] = i;
      random.shuffle(rows.data(), all);
      rows.resize(wanted);
    } else {
      // Floyd's sampling: each row is new, or stands for the one that was just let in.
      std::vector<uint64_t> taken((all + 63) / 64);
      const auto take = [&](uint32_t row) {
        const uint64_t bit = uint64_t(1) << (row & 63);
        if ((taken[row >> 6] & bit) != 0) return false;
        taken[row >> 6] |= bit;
        rows.push_back(row);
        return true;
      };
      for (uint32_t last = all - static_cast<uint32_t>(wanted); last < all; last++)
        if (!take(random.below(last + 1))) take(last);
    }
    return rows;
  }

  void growTree(int64_t number) {
    RandomStream random(rules_.seed, static_cast<uint32_t>(number));
    std::vector<uint32_t> rows = drawRows(random);
    std::vector<int32_t> features(static_cast<size_t>(table_.width));
    for (int32_t f = 0; f < table_.width; f++) features[static_cast<size_t>(f)] = f;
    if (rules_.features < table_.width) random.shuffle(features.data(), table_.width);
    const size_t usable = static_cast<size_t>(rules_.features);
    std::vector<IsolationNode>& tree = trees_[static_cast<size_t>(number)];
    tree.emplace_back();
    std::vector<Open> open{{0, 0, 0, static_cast<int64_t>(rows.size())}};
    while (!open.empty()) {
      const Open node = open.back();
      open.pop_back();
      const int64_t count = node.end - node.begin;
      tree[static_cast<size_t>(node.node)].count = static_cast<uint32_t>(count);
      tree[static_cast<size_t>(node.node)].path = node.depth + averagePath(count);
      if (count <= 1 || node.depth >= rules_.depth) continue;
      // Features are tried without putting back until one differs.
      for (size_t left = usable; left > 0; left--) {
        std::swap(features[random.below(static_cast<uint32_t>(left))], features[left - 1]);
        IsolationNode division;
        if (!draw(random, features[left - 1], rows.data() + node.begin, count, division)) continue;
        const int64_t middle = divide(division, rows, node.begin, node.end);
        IsolationNode& here = tree[static_cast<size_t>(node.node)];
        here.feature = division.feature;
        here.threshold = division.threshold;
        here.missingLeft = division.missingLeft;
        here.left = static_cast<int32_t>(tree.size());
        const int32_t first = here.left;
        tree.resize(tree.size() + 2);
        open.push_back({first + 1, node.depth + 1, middle, node.end});
        open.push_back({first, node.depth + 1, node.begin, middle});
        break;
      }
    }
  }

  /// Those of the left side first, both in their order.
  int64_t divide(const IsolationNode& division, std::vector<uint32_t>& rows, int64_t begin, int64_t end) const {
    std::vector<uint32_t> right;
    size_t to = static_cast<size_t>(begin);
    for (size_t i = to; i < static_cast<size_t>(end); i++) {
      if (goesLeft(division, table_.at(rows[i], division.feature)))
        rows[to++] = rows[i];
      else
        right.push_back(rows[i]);
    }
    std::copy(right.begin(), right.end(), rows.begin() + static_cast<int64_t>(to));
    return static_cast<int64_t>(to);
  }

  static bool goesLeft(const IsolationNode& node, double x) { return x != x ? node.missingLeft : x <= node.threshold; }

  bool draw(RandomStream& random, int32_t feature, const uint32_t* rows, int64_t count, IsolationNode& out) const {
    double low = __builtin_inf(), high = -__builtin_inf();
    int64_t missing = 0;
    for (int64_t i = 0; i < count; i++) {
      const double x = table_.at(rows[i], feature);
      missing += x != x;
      low = x < low ? x : low;
      high = x > high ? x : high;
    }
    if (missing == count || (low == high && missing == 0)) return false;
    const double part = random.uniform();
    double threshold = low * (1 - part) + high * part;
    if (!(threshold >= low && threshold < high)) threshold = low;
    if (low == high) threshold = everyValue;
    out.feature = feature;
    out.threshold = threshold;
    if (missing > 0) {
      out.missingLeft = low != high && random.bits() % 2 == 1;
    } else {
      int64_t left = 0;
      for (int64_t i = 0; i < count; i++) left += table_.at(rows[i], feature) <= threshold;
      out.missingLeft = left > count - left;
    }
    return true;
  }

  void finish() {
    treeStart_.push_back(0);
    for (const std::vector<IsolationNode>& tree : trees_) {
      const int32_t base = treeStart_.back();
      for (const IsolationNode& node : tree) {
        feature_.push_back(node.feature);
        threshold_.push_back(node.threshold);
        flags_.push_back(node.missingLeft ? missingLeftFlag : 0);
        counts_.push_back(node.count);
        if (node.feature < 0) {
          left_.push_back(static_cast<int32_t>(values_.size()));
          values_.push_back(node.path);
        } else {
          left_.push_back(base + node.left);
        }
      }
      treeStart_.push_back(static_cast<int32_t>(feature_.size()));
    }
    give(treeStart_);
    give(feature_);
    give(threshold_);
    give(flags_);
    give(left_);
    give(values_);
    give(counts_);
  }

  const FeatureTable table_;
  const IsolationRules rules_;
  std::vector<double> cumulative_;
  int64_t next_ = 0;
  std::vector<std::vector<IsolationNode>> trees_;
  std::vector<int32_t> treeStart_, feature_, left_;
  std::vector<double> threshold_, values_;
  std::vector<uint8_t> flags_;
  std::vector<uint32_t> counts_;
};

}  // namespace

Job* isolationForestJob(Arguments& arguments) {
  FeatureTable table;
  IsolationRules rules;
  table.rows = arguments.integer(1, 4294967295);
  table.width = static_cast<int32_t>(arguments.integer(1, int64_t(1) << 30));
  const bool narrow = arguments.flag();
  rules.trees = arguments.integer(1, int64_t(1) << 30);
  rules.seed = static_cast<uint64_t>(arguments.integer(0, int64_t(1) << 53));
  rules.sampleRows = arguments.integer(1, table.rows);
  rules.features = static_cast<int32_t>(arguments.integer(1, table.width));
  rules.depth = static_cast<int32_t>(arguments.integer(1, 64));
  rules.bootstrap = arguments.flag();
  const int64_t cells = table.rows * table.width;
  if (narrow)
    table.narrow = arguments.array<float>(cells);
  else
    table.wide = arguments.array<double>(cells);
  const double* const weights = arguments.optional<double>(table.rows);
  return arguments.fits() ? new IsolationForest(table, weights, rules) : nullptr;
}

}  // namespace athanor

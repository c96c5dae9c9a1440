// Mean absolute error around the median. The medians of all growing sides of an order come from one pass
// over a Fenwick tree of weights by target (Fenwick 1994), O(n log n).
#include <algorithm>
#include <cmath>

#include "learn/impurity.h"

namespace athanor {

namespace {

/// Sums of weights and of weighted targets up to a rank.
class RankSums {
 public:
  explicit RankSums(int64_t count) : count_(count), weight_(static_cast<size_t>(count) + 1), target_(weight_.size()) {
    while (top_ * 2 <= count) top_ *= 2;
  }

  void add(int64_t rank, double target, double weight) {
    for (int64_t i = rank + 1; i <= count_; i += i & -i) {
      weight_[static_cast<size_t>(i)] += weight;
      target_[static_cast<size_t>(i)] += weight * target;
    }
    allWeight_ += weight;
    allTarget_ += weight * target;
  }

  /// The weighted median and Σ w |target − median|.
  void median(const double* ascending, double& median, double& error) const {
    const double half = allWeight_ / 2;
    int64_t at = 0;
    double weight = 0, target = 0;
    // The longest run of ranks whose weight is at most half.
    for (int64_t step = top_; step > 0; step /= 2) {
      const int64_t next = at + step;
      if (next > count_ || weight + weight_[static_cast<size_t>(next)] > half) continue;
      at = next;
      weight += weight_[static_cast<size_t>(next)];
      target += target_[static_cast<size_t>(next)];
    }
    median = ascending[std::min(at, count_ - 1)];
    if (weight == half && weight > 0) median = (median + lastUsed(at, ascending)) / 2;
    error = (allTarget_ - target) - median * (allWeight_ - weight) + median * weight - target;
  }

 private:
  /// The target of the last rank below `end` that has weight.
  double lastUsed(int64_t end, const double* ascending) const {
    double weight = 0;
    const double all = sumTo(end);
    int64_t at = 0;
    for (int64_t step = top_; step > 0; step /= 2) {
      const int64_t next = at + step;
      if (next > count_ || weight + weight_[static_cast<size_t>(next)] >= all) continue;
      at = next;
      weight += weight_[static_cast<size_t>(next)];
    }
    return ascending[at];
  }
  double sumTo(int64_t end) const {
    double sum = 0;
    for (int64_t i = end; i > 0; i -= i & -i) sum += weight_[static_cast<size_t>(i)];
    return sum;
  }

  int64_t count_;
  int64_t top_ = 1;
  std::vector<double> weight_, target_;
  double allWeight_ = 0, allTarget_ = 0;
};

double weightOf(const TargetRows& of, uint32_t row) { return of.weights == nullptr ? 1.0 : of.weights[row]; }

class AbsoluteError : public Impurity {
 public:
  void measure(const TargetRows& of, const uint32_t* rows, int64_t count, double* sums, double& weight,
               double& impurity) override {
    std::vector<std::pair<double, double>> items(static_cast<size_t>(count));
    weight = 0;
    for (int64_t i = 0; i < count; i++) {
      items[static_cast<size_t>(i)] = {of.targets[rows[i]], weightOf(of, rows[i])};
      weight += items[static_cast<size_t>(i)].second;
    }
    std::sort(items.begin(), items.end());
    double below = 0;
    size_t at = 0;
    while (at + 1 < items.size() && below + items[at].second <= weight / 2) below += items[at++].second;
    double median = items[at].first;
    if (at > 0 && below == weight / 2) median = (median + items[at - 1].first) / 2;
    double error = 0;
    for (const auto& item : items) error += item.second * std::fabs(item.first - median);
    sums[0] = median;
    impurity = error / weight;
  }

  void prepare(NodeState& node) override {
    std::vector<uint32_t> rows(node.rows, node.rows + node.count);
    const double* const y = node.of.targets;
    std::sort(rows.begin(), rows.end(), [&](uint32_t a, uint32_t b) { return y[a] != y[b] ? y[a] < y[b] : a < b; });
    node.ascending.resize(rows.size());
    uint32_t most = 0;
    for (const uint32_t row : rows) most = std::max(most, row);
    if (node.ranks.size() <= most) node.ranks.resize(static_cast<size_t>(most) + 1);
    for (size_t rank = 0; rank < rows.size(); rank++) {
      node.ranks[rows[rank]] = static_cast<uint32_t>(rank);
      node.ascending[rank] = y[rows[rank]];
    }
  }

  bool search(const NodeState& node, const NodeOrder& order, const CutRules& rules, Cut& best) override {
    const int64_t missing = order.count - order.present;
    bool found = false;
    std::vector<uint32_t> sequence(static_cast<size_t>(order.count));
    for (int way = 0; way < (missing > 0 && order.present > 0 ? 2 : 1); way++) {
      const int64_t onLeft = way == 1 ? missing : 0;
      std::copy_n(order.rows() + order.present, missing, sequence.begin() + (way == 1 ? 0 : order.present));
      std::copy_n(order.rows(), order.present, sequence.begin() + onLeft);
      std::vector<Side> left = sidesOf(node, sequence);
      std::reverse(sequence.begin(), sequence.end());
      const std::vector<Side> right = sidesOf(node, sequence);
      for (int64_t i = 0; i < order.present; i++) {
        const int64_t rows = i + 1 + onLeft;
        if (rows < rules.leastRows || order.count - rows < rules.leastRows || !order.ends()[i]) continue;
        const Side& l = left[static_cast<size_t>(rows) - 1];
        const Side& r = right[static_cast<size_t>(order.count - rows) - 1];
        const double score = judge(l, r, rules);
        if (score > best.score) {
          best = {score, i, rows, way == 1};
          found = true;
        }
      }
    }
    return found;
  }

  double scoreOf(const NodeState& node, const uint32_t* left, int64_t leftRows, const CutRules& rules) override {
    if (leftRows < rules.leastRows || node.count - leftRows < rules.leastRows) return -__builtin_inf();
    std::vector<uint32_t> sides[2];
    sides[0].assign(left, left + leftRows);
    for (int64_t i = 0, l = 0; i < node.count; i++) {
      if (l < leftRows && left[l] == node.rows[i])
        l++;
      else
        sides[1].push_back(node.rows[i]);
    }
    Side out[2];
    for (int s = 0; s < 2; s++) {
      double impurity;
      measure(node.of, sides[s].data(), static_cast<int64_t>(sides[s].size()), &out[s].median, out[s].weight, impurity);
      out[s].error = impurity * out[s].weight;
    }
    return judge(out[0], out[1], rules);
  }

  double costs() const override { return 25; }
  double valueOf(const double* sums, double) const override { return sums[0]; }
  void finish(double*, double) const override {}

 private:
  struct Side {
    double weight, median, error;
  };

  static double judge(const Side& l, const Side& r, const CutRules& rules) {
    if (l.weight < rules.leastWeight || r.weight < rules.leastWeight) return -__builtin_inf();
    if (rules.sign != 0 && (l.median < rules.low || l.median > rules.high || r.median < rules.low ||
                            r.median > rules.high || (l.median - r.median) * rules.sign > 0))
      return -__builtin_inf();
    return -(l.error + r.error);
  }

  /// Of each beginning of a sequence of rows: weight, median and error.
  static std::vector<Side> sidesOf(const NodeState& node, const std::vector<uint32_t>& sequence) {
    std::vector<Side> out(sequence.size());
    RankSums sums(node.count);
    double weight = 0;
    for (size_t i = 0; i < sequence.size(); i++) {
      const uint32_t rank = node.ranks[sequence[i]];
      const double w = weightOf(node.of, sequence[i]);
      weight += w;
      sums.add(rank, node.ascending[rank], w);
      out[i].weight = weight;
      sums.median(node.ascending.data(), out[i].median, out[i].error);
    }
    return out;
  }
};

}  // namespace

std::unique_ptr<Impurity> makeAbsoluteError() { return std::make_unique<AbsoluteError>(); }

}  // namespace athanor

// Decision trees and forests of them (Breiman, Random forests, 2001): columns are sorted once, then trees
// grow side by side, tree t from its own random numbers; rows that a tree has not seen judge it.
#include <algorithm>
#include <atomic>
#include <cmath>

#include "learn/crew.h"
#include "learn/exact-tree.h"
#include "learn/job.h"
#include "learn/prune-tree.h"
#include "ranges.h"

namespace athanor {

namespace {

/// Operations of a tree within one step.
constexpr double stepWork = 1e7;
constexpr int64_t outOfBagRows = 256;
/// Flags of a node, as in src/classic/trees/tree-ensemble.ts.
constexpr uint8_t missingLeftFlag = 1;

struct ForestRules {
  int64_t trees = 1;
  uint64_t seed = 0;
  bool bootstrap = false;
  int64_t drawnRows = 0;
  /// Weighs classes by their share of each drawn sample.
  bool balanced = false;
  bool outOfBag = false;
  /// Gives what is known of inner nodes too.
  bool details = false;
  double pruning = 0;
  /// Writes the pruning path of the first tree down.
  bool path = false;
};

struct ForestInput {
  FeatureTable table;
  ImpurityKind kind = ImpurityKind::gini;
  int32_t classes = 0;  // 0: numbers
  const int32_t* codes = nullptr;
  const double* targets = nullptr;
  const double* weights = nullptr;
};

class GrowTrees : public Job {
 public:
  GrowTrees(const ForestInput& input, const TreeRules& tree, const ForestRules& forest)
      : input_(input), forest_(forest), trees_(static_cast<size_t>(forest.trees)) {
    packed_ = input.classes > 0 && input.classes < 65536 && weightsFit();
    weighted_ = !packed_ && (forest.bootstrap || input.weights != nullptr);
    impurity_ = makeImpurity(input.kind, input.classes, packed_, weighted_);
    source_ = {input.table, nullptr, nullptr, impurity_.get(), tree};
    if (forest.bootstrap && input.weights != nullptr && weightsDiffer()) cumulate();
    if (forest.outOfBag) inBag_.resize(static_cast<size_t>(forest.trees));
    importances_.resize(static_cast<size_t>(forest.trees));
  }

  Step step(Runtime& runtime) override {
    switch (phase_) {
      case Phase::columns:
        prepareColumns(runtime);
        return outOfMemory_.load() ? Step::outOfMemory : Step::more;
      case Phase::grow:
        return grow(runtime);
      case Phase::outOfBag:
        judge(runtime);
        return Step::more;
      case Phase::finish:
        break;
    }
    return gather() ? Step::more : finish();
  }

 private:
  enum class Phase { columns, grow, outOfBag, finish };

  struct Slot {
    explicit Slot(const TreeSource& source) : tree(source) {}
    ExactTree tree;
    int64_t number = -1;
    AlignedArray<uint32_t> packed;
    std::vector<double> weights;
  };

  /// Whether class and weight of a row fit into one word, in whichever tree.
  bool weightsFit() const {
    // Of rows drawn evenly, hardly one in 2^1000 forests would draw one so often.
    if (forest_.bootstrap)
      return !forest_.balanced && forest_.drawnRows < int64_t(1) << 32 &&
             (forest_.drawnRows < 65536 || (input_.weights == nullptr && forest_.drawnRows / input_.table.rows < 4096));
    if (input_.weights == nullptr) return true;
    double sum = 0;
    for (int64_t i = 0; i < input_.table.rows; i++) {
      const double w = input_.weights[i];
      if (!(w >= 0 && w < 65536 && w == std::floor(w))) return false;
      sum += w;
    }
    return sum < 4e9;
  }

  bool weightsDiffer() const {
    for (int64_t i = 1; i < input_.table.rows; i++)
      if (input_.weights[i] != input_.weights[0]) return true;
    return false;
  }

  void cumulate() {
    cumulative_.resize(static_cast<size_t>(input_.table.rows));
    double sum = 0;
    for (int64_t i = 0; i < input_.table.rows; i++) cumulative_[static_cast<size_t>(i)] = sum += input_.weights[i];
  }

  void prepareColumns(Runtime& runtime) {
    const int64_t rows = input_.table.rows;
    const int64_t width = input_.table.width;
    /// Rows from nextRow_ on, some blocks of them at a time; false while there are more.
    const auto fill = [&](auto& columns) {
      const int64_t blockRows = std::max<int64_t>(1, 65536 / width);
      const int64_t to = std::min(rows, nextRow_ + blockRows * 16 * threads(runtime));
      parallelRanges(runtime, to - nextRow_, blockRows,
                     [&](int64_t begin, int64_t end, int) { columns(nextRow_ + begin, nextRow_ + end); });
      work += static_cast<double>((to - nextRow_) * width) * 3;
      nextRow_ = to < rows ? to : 0;
      return to == rows;
    };
    if (source_.rules.drawn) {
      if (plain_ == nullptr) plain_ = std::make_unique<PlainColumns>(input_.table);
      auto columns = [&](int64_t begin, int64_t end) { plain_->fill(begin, end); };
      if (!fill(columns)) return;
      source_.plain = plain_.get();
    } else if (nextColumn_ < width) {
      if (sorted_ == nullptr) sorted_ = std::make_unique<SortedColumns>(input_.table);
      sortColumns(runtime);
      return;
    } else {
      auto columns = [&](int64_t begin, int64_t end) { sorted_->fillRows(begin, end); };
      if (!fill(columns)) return;
      source_.sorted = sorted_.get();
    }
    const int64_t wanted = threads(runtime);
    together_ = forest_.trees * 2 <= wanted || forest_.trees == 1;
    const int64_t slots = together_ ? 1 : std::min(forest_.trees, wanted);
    for (int64_t i = 0; i < slots; i++) slots_.push_back(std::make_unique<Slot>(source_));
    phase_ = Phase::grow;
  }

  /// Some columns from nextColumn_ on; where they are long, one pass over a few.
  void sortColumns(Runtime& runtime) {
    const double cost = static_cast<double>(input_.table.rows) * 25 + 1000;
    const bool whole = cost < 2.5e7;
    if (sorts_.empty()) {
      const int64_t wide = std::max<int64_t>(threads(runtime), static_cast<int64_t>(2e7 / cost));
      const int64_t count = std::min<int64_t>(wide, input_.table.width - nextColumn_);
      sorts_.resize(static_cast<size_t>(count));
      for (size_t i = 0; i < sorts_.size(); i++) sorts_[i].feature = static_cast<int32_t>(nextColumn_) + static_cast<int32_t>(i);
    }
    std::vector<uint8_t> more(sorts_.size());
    auto sort = [&](int64_t i, int) {
      const size_t at = static_cast<size_t>(i);
      more[at] = unlessOutOfMemory<uint8_t>(2, [&] {
        bool again = sorted_->advance(sorts_[at]);
        while (again && whole) again = sorted_->advance(sorts_[at]);
        return static_cast<uint8_t>(again);
      });
      if (more[at] == 2) outOfMemory_.store(true);
    };
    parallel(runtime, static_cast<int64_t>(sorts_.size()), sort);
    work += cost * static_cast<double>(sorts_.size()) / (whole ? 1 : 6);
    // All columns go through the same passes.
    if (more[0] != 0 || outOfMemory_.load()) return;
    nextColumn_ += static_cast<int64_t>(sorts_.size());
    sorts_.clear();
  }

  Step grow(Runtime& runtime) {
    std::vector<double> works(slots_.size());
    std::vector<uint8_t> idle(slots_.size());
    auto advance = [&](int64_t s, int) {
      const size_t at = static_cast<size_t>(s);
      Slot& slot = *slots_[at];
      const double from = slot.tree.work;
      idle[at] = unlessOutOfMemory<uint8_t>(2, [&] {
        return static_cast<uint8_t>(!advanceSlot(slot, together_ ? &runtime : nullptr, from + stepWork));
      });
      works[at] = slot.tree.work - from;
      if (idle[at] == 2 || slot.tree.outOfMemory()) outOfMemory_.store(true);
    };
    if (slots_.size() == 1)
      advance(0, 0);
    else
      parallel(runtime, static_cast<int64_t>(slots_.size()), advance);
    for (const double w : works) work += w;
    const int64_t done = done_.load();
    iteration(static_cast<double>(done));
    progress(static_cast<double>(done) / static_cast<double>(forest_.trees));
    if (outOfMemory_.load()) return Step::outOfMemory;
    if (notFinite_.load()) return Step::notFinite;
    if (std::all_of(idle.begin(), idle.end(), [](uint8_t i) { return i != 0; })) {
      slots_.clear();
      sorted_.reset();
      plain_.reset();
      phase_ = forest_.outOfBag ? Phase::outOfBag : Phase::finish;
    }
    return Step::more;
  }

  /// Grows trees, one after the other; false where there are no more to begin.
  bool advanceSlot(Slot& slot, Runtime* runtime, double until) {
    while (slot.tree.work < until) {
      if (slot.number < 0) {
        const int64_t number = next_.fetch_add(1);
        if (number >= forest_.trees) return false;
        begin(slot, number);
      }
      if (slot.tree.advance(runtime, until - slot.tree.work)) continue;
      if (slot.tree.outOfMemory()) return true;
      keep(slot);
    }
    return true;
  }

  void begin(Slot& slot, int64_t number) {
    slot.number = number;
    const size_t rows = static_cast<size_t>(input_.table.rows);
    const uint32_t stream = static_cast<uint32_t>(number);
    TargetRows of;
    of.targets = input_.targets;
    of.codes = packed_ ? nullptr : input_.codes;
    std::vector<uint32_t> counts;
    if (forest_.bootstrap) counts = draw(stream);
    if (packed_) {
      if (slot.packed.size() == 0) slot.packed.resize(static_cast<int64_t>(rows));
      for (size_t i = 0; i < rows; i++) {
        const uint32_t w = forest_.bootstrap          ? std::min<uint32_t>(counts[i], 65535)
                           : input_.weights != nullptr ? static_cast<uint32_t>(input_.weights[i])
                                                       : 1;
        slot.packed.data()[i] = (static_cast<uint32_t>(input_.codes[i]) << 16) | w;
      }
      of.packed = slot.packed.data();
    } else if (forest_.bootstrap) {
      slot.weights.assign(counts.begin(), counts.end());
      if (forest_.balanced) balance(slot.weights);
      of.weights = slot.weights.data();
    } else {
      of.weights = input_.weights;
    }
    std::vector<uint32_t> used;
    used.reserve(rows);
    for (uint32_t i = 0; i < rows; i++) {
      const bool counted = forest_.bootstrap ? counts[i] > 0 : input_.weights == nullptr || input_.weights[i] > 0;
      if (counted) used.push_back(i);
    }
    if (forest_.outOfBag) {
      std::vector<uint64_t>& bag = inBag_[static_cast<size_t>(number)];
      bag.assign((rows + 63) / 64, 0);
      for (const uint32_t row : used) bag[row >> 6] |= uint64_t(1) << (row & 63);
    }
    slot.tree.work += static_cast<double>(rows) * (forest_.bootstrap ? 10 : 2);
    slot.tree.begin(of, std::move(used), mixed(mixed(forest_.seed) + stream));
  }

  /// How often each row is drawn.
  std::vector<uint32_t> draw(uint32_t stream) const {
    const int64_t rows = input_.table.rows;
    std::vector<uint32_t> counts(static_cast<size_t>(rows));
    RandomStream random(forest_.seed, stream);
    for (int64_t i = 0; i < forest_.drawnRows; i++) {
      if (cumulative_.empty()) {
        counts[random.below(static_cast<uint32_t>(rows))]++;
        continue;
      }
      const double at = random.uniform() * cumulative_.back();
      const auto place = std::upper_bound(cumulative_.begin(), cumulative_.end(), at);
      counts[static_cast<size_t>(std::min<int64_t>(place - cumulative_.begin(), rows - 1))]++;
    }
    return counts;
  }

  void balance(std::vector<double>& counts) const {
    std::vector<double> perClass(static_cast<size_t>(input_.classes));
    double all = 0;
    for (size_t i = 0; i < counts.size(); i++) {
      perClass[static_cast<size_t>(input_.codes[i])] += counts[i];
      all += counts[i];
    }
    const double there = static_cast<double>(std::count_if(perClass.begin(), perClass.end(), [](double c) { return c > 0; }));
    for (size_t i = 0; i < counts.size(); i++)
      if (counts[i] > 0) counts[i] *= all / (there * perClass[static_cast<size_t>(input_.codes[i])]);
  }

  /// Takes a grown tree over.
  void keep(Slot& slot) {
    const size_t number = static_cast<size_t>(slot.number);
    slot.number = -1;
    done_.fetch_add(1);
    if (!slot.tree.finite()) {
      notFinite_.store(true);
      return;
    }
    trees_[number] = slot.tree.grown();
    if (forest_.path && number == 0) pruneTree(trees_[0], impurity_->outputs, 0, &path_);
    if (forest_.pruning > 0) pruneTree(trees_[number], impurity_->outputs, forest_.pruning, nullptr);
    const std::vector<ExactNode>& nodes = trees_[number].nodes;
    if (nodes.size() == 1) return;
    std::vector<double>& gains = importances_[number];
    gains.assign(static_cast<size_t>(input_.table.width), 0);
    double sum = 0;
    for (const ExactNode& node : nodes) {
      if (node.feature < 0) continue;
      const ExactNode& l = nodes[static_cast<size_t>(node.left)];
      const ExactNode& r = nodes[static_cast<size_t>(node.right)];
      const double gain = node.weight * node.impurity - l.weight * l.impurity - r.weight * r.impurity;
      gains[static_cast<size_t>(node.feature)] += gain;
      sum += gain;
    }
    if (sum > 0)
      for (double& gain : gains) gain /= sum;
  }

  int64_t outputs() const { return impurity_->outputs; }

  /// Rows block by block, in each the trees that have not seen a row, in their order.
  void judge(Runtime& runtime) {
    const int64_t rows = input_.table.rows;
    const int64_t k = outputs();
    outOfBag_.resize(static_cast<size_t>(rows * k));
    judges_.resize(static_cast<size_t>(rows));
    const double cost = static_cast<double>(forest_.trees) * 60;
    const int64_t blocks = std::max<int64_t>(threads(runtime), static_cast<int64_t>(1.5e7 * threads(runtime) / (cost * outOfBagRows)));
    const int64_t to = std::min(rows, nextRow_ + blocks * outOfBagRows);
    parallelRanges(runtime, to - nextRow_, outOfBagRows, [&](int64_t from, int64_t end, int) {
      for (size_t t = 0; t < trees_.size(); t++) {
        const ExactNodes& tree = trees_[t];
        for (int64_t row = nextRow_ + from; row < nextRow_ + end; row++) {
          if ((inBag_[t][static_cast<size_t>(row >> 6)] >> (row & 63) & 1) != 0) continue;
          const double* const value = tree.sums.data() + leafOf(tree, row) * k;
          for (int64_t c = 0; c < k; c++) outOfBag_[static_cast<size_t>(row * k + c)] += value[c];
          judges_[static_cast<size_t>(row)]++;
        }
      }
    });
    work += cost * static_cast<double>(to - nextRow_);
    nextRow_ = to;
    if (to == rows) phase_ = Phase::finish;
  }

  int64_t leafOf(const ExactNodes& tree, int64_t row) const {
    const ExactNode* node = tree.nodes.data();
    while (node->feature >= 0) {
      const double x = input_.table.at(row, node->feature);
      const bool left = x != x ? node->missingLeft : x <= node->threshold;
      node = tree.nodes.data() + (left ? node->left : node->right);
    }
    return node - tree.nodes.data();
  }

  /// Writes some trees down, the next ones; false when there are none left.
  bool gather() {
    const size_t k = static_cast<size_t>(outputs());
    if (treeStart_.empty()) reserve();
    size_t nodes = 0;
    for (; gathered_ < trees_.size() && nodes < 200000; gathered_++) {
      const ExactNodes& tree = trees_[gathered_];
      nodes += tree.nodes.size();
      const int32_t base = treeStart_.back();
      for (size_t i = 0; i < tree.nodes.size(); i++) {
        const ExactNode& node = tree.nodes[i];
        const double* const value = tree.sums.data() + i * k;
        feature_.push_back(node.feature);
        threshold_.push_back(node.feature < 0 ? 0 : node.threshold);
        flags_.push_back(node.feature >= 0 && node.missingLeft ? missingLeftFlag : 0);
        counts_.push_back(node.count);
        if (node.feature < 0) {
          left_.push_back(static_cast<int32_t>(values_.size() / k));
          values_.insert(values_.end(), value, value + k);
        } else {
          left_.push_back(base + node.left);
        }
        if (forest_.details) {
          nodeValues_.insert(nodeValues_.end(), value, value + k);
          impurities_.push_back(node.impurity);
          nodeWeights_.push_back(node.weight);
        }
      }
      treeStart_.push_back(static_cast<int32_t>(feature_.size()));
      for (size_t f = 0; f < importances_[gathered_].size(); f++) sumOfImportances_[f] += importances_[gathered_][f];
      trees_[gathered_] = {};
    }
    work += static_cast<double>(nodes) * 40;
    return gathered_ < trees_.size();
  }

  void reserve() {
    size_t all = 0;
    for (const ExactNodes& tree : trees_) all += tree.nodes.size();
    treeStart_.push_back(0);
    sumOfImportances_.assign(static_cast<size_t>(input_.table.width), 0);
    feature_.reserve(all);
    threshold_.reserve(all);
    flags_.reserve(all);
    left_.reserve(all);
    counts_.reserve(all);
    values_.reserve((all / 2 + trees_.size()) * static_cast<size_t>(outputs()));
    if (!forest_.details) return;
    nodeValues_.reserve(all * static_cast<size_t>(outputs()));
    impurities_.reserve(all);
    nodeWeights_.reserve(all);
  }

  Step finish() {
    double all = 0;
    for (const double gain : sumOfImportances_) all += gain;
    if (all > 0)
      for (double& gain : sumOfImportances_) gain /= all;
    give(treeStart_);
    give(feature_);
    give(threshold_);
    give(flags_);
    give(left_);
    give(values_);
    give(counts_);
    give(sumOfImportances_);
    give(outOfBag_);
    give(judges_);
    give(nodeValues_);
    give(impurities_);
    give(nodeWeights_);
    give(path_.alphas);
    give(path_.impurities);
    return Step::done;
  }

  const ForestInput input_;
  const ForestRules forest_;
  Phase phase_ = Phase::columns;
  bool packed_ = false;
  bool weighted_ = false;
  bool together_ = false;
  std::unique_ptr<Impurity> impurity_;
  TreeSource source_;
  std::unique_ptr<SortedColumns> sorted_;
  std::unique_ptr<PlainColumns> plain_;
  std::vector<ColumnSort> sorts_;
  int64_t nextColumn_ = 0;
  std::vector<double> cumulative_;

  std::vector<std::unique_ptr<Slot>> slots_;
  std::atomic<int64_t> next_{0};
  std::atomic<int64_t> done_{0};
  std::atomic<bool> notFinite_{false};
  std::atomic<bool> outOfMemory_{false};
  std::vector<ExactNodes> trees_;
  std::vector<std::vector<uint64_t>> inBag_;
  std::vector<std::vector<double>> importances_;
  PruningPath path_;
  int64_t nextRow_ = 0;
  size_t gathered_ = 0;

  std::vector<int32_t> treeStart_, feature_, left_;
  std::vector<double> threshold_, values_, sumOfImportances_, outOfBag_, nodeValues_, impurities_, nodeWeights_;
  std::vector<uint8_t> flags_;
  std::vector<uint32_t> counts_, judges_;
};

}  // namespace

Job* growTreesJob(Arguments& arguments) {
  constexpr double most = 4294967295.0;
  ForestInput input;
  TreeRules tree;
  ForestRules forest;
  input.table.rows = arguments.integer(1, static_cast<int64_t>(most));
  input.table.width = static_cast<int32_t>(arguments.integer(1, int64_t(1) << 30));
  const bool narrow = arguments.flag();
  input.kind = static_cast<ImpurityKind>(arguments.integer(0, 4));
  input.classes = static_cast<int32_t>(arguments.integer(0, int64_t(1) << 30));
  tree.depth = static_cast<int32_t>(arguments.integer(1, INT32_MAX));
  tree.leastSplit = arguments.integer(2, int64_t(1) << 53);
  tree.leastLeaf = arguments.integer(1, int64_t(1) << 53);
  tree.leastWeight = arguments.number();
  tree.leastDecrease = arguments.number();
  tree.features = static_cast<int32_t>(arguments.integer(1, input.table.width));
  tree.leaves = arguments.integer(0, int64_t(1) << 53);
  tree.drawn = arguments.flag();
  forest.trees = arguments.integer(1, int64_t(1) << 30);
  forest.seed = static_cast<uint64_t>(arguments.integer(0, int64_t(1) << 53));
  forest.bootstrap = arguments.flag();
  forest.drawnRows = arguments.integer(0, static_cast<int64_t>(most));
  forest.balanced = arguments.flag();
  forest.outOfBag = arguments.flag();
  forest.details = arguments.flag();
  forest.pruning = arguments.number();
  forest.path = arguments.flag();
  const int64_t cells = input.table.rows * input.table.width;
  if (narrow)
    input.table.narrow = arguments.array<float>(cells);
  else
    input.table.wide = arguments.array<double>(cells);
  if (input.classes > 0)
    input.codes = arguments.array<int32_t>(input.table.rows);
  else
    input.targets = arguments.array<double>(input.table.rows);
  input.weights = arguments.optional<double>(input.table.rows);
  tree.signs = arguments.optional<int8_t>(input.table.width);
  if (!arguments.fits()) return nullptr;
  const bool ofClasses = input.kind == ImpurityKind::gini || input.kind == ImpurityKind::entropy;
  if (ofClasses != (input.classes > 0) || (forest.outOfBag && !forest.bootstrap)) return nullptr;
  if (forest.balanced && !(forest.bootstrap && ofClasses)) return nullptr;
  for (int64_t i = 0; i < (ofClasses ? input.table.rows : 0); i++)
    if (input.codes[i] < 0 || input.codes[i] >= input.classes) return nullptr;
  return new GrowTrees(input, tree, forest);
}

}  // namespace athanor

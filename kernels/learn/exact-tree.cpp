// The order of work: large nodes, then blocks; or, where leaves are counted, always the node that gains most.
#include "learn/exact-tree.h"

#include <cmath>

#include "learn/crew.h"

namespace athanor {

namespace {

constexpr double tolerance = 2.220446049250313e-16;
constexpr int mostWorkers = 256;

bool worse(const double a, const double b, int32_t nodeA, int32_t nodeB) { return a != b ? a < b : nodeA > nodeB; }

}  // namespace

int32_t BitSets::take(const uint64_t* from) {
  int32_t set;
  if (free_.empty()) {
    set = static_cast<int32_t>(bits_.size() / words_);
    // `from` may be one of ours.
    std::vector<uint64_t> copy(words_);
    if (from != nullptr) std::copy_n(from, words_, copy.begin());
    bits_.insert(bits_.end(), copy.begin(), copy.end());
    return set;
  }
  set = free_.back();
  free_.pop_back();
  for (size_t w = 0; w < words_; w++) at(set)[w] = from == nullptr ? 0 : from[w];
  return set;
}

ExactTree::ExactTree(const TreeSource& source)
    : source_(source),
      outputs_(source.impurity->outputs),
      blockRows_(source.rules.leaves == 0 ? RowBlock::mostRows(source) : 0),
      workers_(mostWorkers),
      constants_(source.table.width) {}

TreeWorker& ExactTree::worker(int index) {
  auto& place = workers_[static_cast<size_t>(index)];
  if (place == nullptr) place = std::make_unique<TreeWorker>(source_, source_.table.rows);
  return *place;
}

double ExactTree::costOf(int64_t count) const {
  const double n = static_cast<double>(count);
  return source_.impurity->costs() * n * (source_.impurity->costs() > 20 ? std::log2(n + 1) : 1) + 100;
}

void ExactTree::begin(const TargetRows& of, std::vector<uint32_t> rows, uint64_t key) {
  of_ = of;
  rows_ = std::move(rows);
  tree_ = {};
  grown_ = {};
  top_.clear();
  blocks_.clear();
  nextBlock_ = 0;
  frontier_.clear();
  leaves_ = 1;
  search_.running = false;
  done_ = false;
  finite_ = true;
  outOfMemory_ = false;
  tree_.add(outputs_);
  ExactNode& root = tree_.nodes[0];
  root.count = static_cast<uint32_t>(rows_.size());
  source_.impurity->measure(of_, rows_.data(), static_cast<int64_t>(rows_.size()), tree_.sums.data(), root.weight,
                            root.impurity);
  finite_ = std::isfinite(root.impurity) && std::isfinite(root.weight) && std::isfinite(tree_.sums[0]);
  totalWeight_ = root.weight;
  // Impurities of numbers have their own scale.
  leastImpurity_ = source_.impurity->ofClasses() ? tolerance : tolerance * root.impurity;
  work += costOf(root.count);
  OpenNode open;
  open.end = static_cast<int64_t>(rows_.size());
  open.key = key;
  if (finite_ && mayDivide(root, 0)) {
    open.constants = constants_.take(nullptr);
    top_.push_back(open);
  }
}

bool ExactTree::mayDivide(const ExactNode& node, int32_t depth) const {
  const TreeRules& rules = source_.rules;
  return depth < rules.depth && node.count >= rules.leastSplit && node.count >= 2 * rules.leastLeaf &&
         node.weight >= 2 * rules.leastWeight && node.impurity > leastImpurity_;
}

bool ExactTree::advance(Runtime* runtime, double budget) {
  const double until = work + budget;
  while (!done_ && work < until) {
    if (search_.running) {
      askFeatures(runtime);
    } else if (!top_.empty()) {
      const OpenNode open = top_.back();
      top_.pop_back();
      if (open.end - open.begin <= blockRows_)
        blocks_.push_back(open);
      else
        startSearch(open);
    } else if (!frontier_.empty()) {
      expandBest();
    } else if (nextBlock_ < blocks_.size()) {
      growBlocks(runtime);
    } else {
      number();
      done_ = true;
    }
  }
  return !done_;
}

void ExactTree::prepare(NodeState& state, const TargetRows& of, const ExactNodes& tree, const OpenNode& open,
                        const uint32_t* rows) {
  const ExactNode& node = tree.nodes[static_cast<size_t>(open.node)];
  state.of = of;
  state.rows = rows + open.begin;
  state.count = open.end - open.begin;
  state.weight = node.weight;
  state.impurity = node.impurity;
  state.sums = tree.sums.data() + static_cast<size_t>(open.node) * static_cast<size_t>(outputs_);
  source_.impurity->prepare(state);
}

namespace {

CutRules cutRules(const TreeRules& rules, const OpenNode& open) {
  return {rules.leastLeaf, rules.leastWeight, 0, open.low, open.high};
}

}  // namespace

void ExactTree::startSearch(const OpenNode& open) {
  search_.running = true;
  search_.open = open;
  search_.found = false;
  search_.best = {};
  search_.next = 0;
  search_.features.clear();
  prepare(search_.state, of_, tree_, open, rows_.data());
  FeatureDraws& draws = worker(0).draws;
  draws.begin(open.key, source_.rules.features, constants_.at(open.constants));
  for (int32_t f = draws.next(true); f >= 0; f = draws.next(true)) search_.features.push_back(f);
}

void ExactTree::askFeatures(Runtime* runtime) {
  Search& s = search_;
  if (s.next == s.features.size()) {
    if (!s.found) {
      const int32_t feature = worker(0).draws.next(false);
      if (feature >= 0) s.features.push_back(feature);
    }
    if (s.next == s.features.size()) return finishSearch();
  }
  const CutRules rules = cutRules(source_.rules, s.open);
  const double cost = costOf(s.state.count);
  const size_t left = s.features.size() - s.next;
  const size_t wide = runtime == nullptr ? 1 : std::max<size_t>(static_cast<size_t>(threads(*runtime)), static_cast<size_t>(1e7 / cost));
  const size_t count = std::min(left, wide);
  std::vector<Division> found(count);
  std::vector<uint8_t> varies(count);
  auto ask = [&](int64_t i, int w) {
    const size_t at = static_cast<size_t>(i);
    varies[at] = unlessOutOfMemory<uint8_t>(2, [&] {
      TreeWorker& mine = worker(w);
      WholeTable place(source_, of_);
      return static_cast<uint8_t>(askFeature(source_, place, s.state, rules, s.open.key, s.features[s.next + at],
                                             mine.order, mine.values, found[at]));
    });
  };
  if (runtime == nullptr || count == 1)
    for (size_t i = 0; i < count; i++) ask(static_cast<int64_t>(i), 0);
  else
    parallel(*runtime, static_cast<int64_t>(count), ask);
  for (size_t i = 0; i < count; i++) {
    const int32_t feature = s.features[s.next + i];
    if (varies[i] > 1) return giveUp();
    if (varies[i] == 0)
      constants_.at(s.open.constants)[feature >> 6] |= uint64_t(1) << (feature & 63);
    else
      s.found = true;
    if (found[i].score > s.best.score) s.best = found[i];
  }
  s.next += count;
  work += cost * static_cast<double>(count);
}

void ExactTree::giveUp() {
  outOfMemory_ = true;
  done_ = true;
}

template <typename Place>
void ExactTree::divide(Place& place, TreeWorker& worker, const ExactNode& node, const OpenNode& open,
                       const Division& division, uint32_t* rows, double* sums, Sides& out) {
  const int64_t count = open.end - open.begin;
  const int64_t middle = divideRows(source_, place, division, rows + open.begin, count, worker.order);
  out.middle = open.begin + middle;
  double rest = node.impurity;
  for (int side = 0; side < 2; side++) {
    ExactNode& n = out.nodes[side];
    OpenNode& o = out.open[side];
    n = {};
    o = open;
    o.depth = open.depth + 1;
    o.key = mixed(open.key + static_cast<uint64_t>(side));
    (side == 0 ? o.end : o.begin) = out.middle;
    n.count = static_cast<uint32_t>(o.end - o.begin);
    source_.impurity->measure(place.of(), rows + o.begin, n.count, sums + side * outputs_, n.weight, n.impurity);
    rest -= n.weight / node.weight * n.impurity;
  }
  out.improvement = node.weight / totalWeight_ * rest;
  const int sign = source_.rules.signs == nullptr ? 0 : source_.rules.signs[division.feature];
  if (sign != 0) {
    const double middleValue = (source_.impurity->valueOf(sums, out.nodes[0].weight) +
                                source_.impurity->valueOf(sums + outputs_, out.nodes[1].weight)) / 2;
    (sign > 0 ? out.open[0].high : out.open[0].low) = middleValue;
    (sign > 0 ? out.open[1].low : out.open[1].high) = middleValue;
  }
}

void ExactTree::makeSides(ExactNodes& tree, int32_t node, const Division& division, Sides& sides,
                          const double* sums) const {
  for (int side = 0; side < 2; side++) {
    const int32_t made = tree.add(outputs_);
    tree.nodes[static_cast<size_t>(made)] = sides.nodes[side];
    std::copy_n(sums + side * outputs_, outputs_, tree.sums.end() - outputs_);
    sides.open[side].node = made;
  }
  ExactNode& parent = tree.nodes[static_cast<size_t>(node)];
  parent.feature = division.feature;
  parent.threshold = division.threshold;
  parent.missingLeft = division.missingLeft;
  parent.left = sides.open[0].node;
  parent.right = sides.open[1].node;
}

void ExactTree::finishSearch() {
  Search& s = search_;
  s.running = false;
  const auto isLeaf = [&] { constants_.give(s.open.constants); };
  if (s.best.feature < 0) return isLeaf();
  Frontier next;
  next.open = s.open;
  next.division = s.best;
  next.sums.resize(2 * static_cast<size_t>(outputs_));
  WholeTable place(source_, of_);
  divide(place, worker(0), tree_.nodes[static_cast<size_t>(s.open.node)], s.open, s.best, rows_.data(), next.sums.data(), next.sides);
  work += 6 * static_cast<double>(s.state.count);
  if (next.sides.improvement + tolerance < source_.rules.leastDecrease) return isLeaf();
  frontier_.push_back(std::move(next));
  if (source_.rules.leaves == 0) return expandBest();
  std::push_heap(frontier_.begin(), frontier_.end(), [](const Frontier& a, const Frontier& b) {
    return worse(a.sides.improvement, b.sides.improvement, a.open.node, b.open.node);
  });
}

void ExactTree::expandBest() {
  const bool counted = source_.rules.leaves > 0;
  if (counted)
    std::pop_heap(frontier_.begin(), frontier_.end(), [](const Frontier& a, const Frontier& b) {
      return worse(a.sides.improvement, b.sides.improvement, a.open.node, b.open.node);
    });
  Frontier best = std::move(frontier_.back());
  frontier_.pop_back();
  if (!counted || leaves_ < source_.rules.leaves) {
    leaves_++;
    makeSides(tree_, best.open.node, best.division, best.sides, best.sums.data());
    for (int side = 1; side >= 0; side--) {
      OpenNode& open = best.sides.open[side];
      if (!mayDivide(best.sides.nodes[side], open.depth)) continue;
      open.constants = constants_.take(constants_.at(best.open.constants));
      top_.push_back(open);
    }
  }
  constants_.give(best.open.constants);
}

void ExactTree::growBlocks(Runtime* runtime) {
  const size_t left = blocks_.size() - nextBlock_;
  const size_t count = runtime == nullptr ? 1 : std::min<size_t>(left, 2 * static_cast<size_t>(threads(*runtime)));
  std::vector<ExactNodes> grown(count);
  std::vector<double> works(count);
  std::vector<uint8_t> done(count);
  auto grow = [&](int64_t i, int w) {
    const size_t at = static_cast<size_t>(i);
    done[at] = unlessOutOfMemory<uint8_t>(0, [&] {
      growBlock(worker(w), blocks_[nextBlock_ + at], grown[at], works[at]);
      return uint8_t(1);
    });
  };
  if (runtime == nullptr)
    grow(0, 0);
  else
    parallel(*runtime, static_cast<int64_t>(count), grow);
  for (size_t i = 0; i < count; i++) {
    if (done[i] == 0) return giveUp();
    attach(grown[i], blocks_[nextBlock_ + i].node);
    work += works[i];
  }
  nextBlock_ += count;
}

void ExactTree::growBlock(TreeWorker& w, const OpenNode& root, ExactNodes& out, double& cost) {
  const int64_t count = root.end - root.begin;
  RowBlock& block = w.block;
  block.begin(of_, rows_.data() + root.begin, count);
  w.rows.resize(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; i++) w.rows[static_cast<size_t>(i)] = static_cast<uint32_t>(i);
  w.sums.resize(2 * static_cast<size_t>(outputs_));
  out.add(outputs_);
  out.nodes[0] = tree_.nodes[static_cast<size_t>(root.node)];
  std::copy_n(tree_.sums.data() + static_cast<size_t>(root.node) * static_cast<size_t>(outputs_), outputs_, out.sums.data());
  OpenNode first = root;
  first.node = 0;
  first.begin = 0;
  first.end = count;
  first.constants = w.constants.take(constants_.at(root.constants));
  w.open.assign(1, first);
  Sides sides;
  while (!w.open.empty()) {
    const OpenNode open = w.open.back();
    w.open.pop_back();
    prepare(w.state, block.of(), out, open, w.rows.data());
    const CutRules rules = cutRules(source_.rules, open);
    uint64_t* const constants = w.constants.at(open.constants);
    w.draws.begin(open.key, source_.rules.features, constants);
    Division best;
    bool found = false;
    for (int32_t f = w.draws.next(found); f >= 0; f = w.draws.next(found)) {
      if (askFeature(source_, block, w.state, rules, open.key, f, w.order, w.values, best))
        found = true;
      else
        constants[f >> 6] |= uint64_t(1) << (f & 63);
      cost += costOf(w.state.count);
    }
    if (best.feature >= 0) {
      divide(block, w, out.nodes[static_cast<size_t>(open.node)], open, best, w.rows.data(), w.sums.data(), sides);
      cost += 6 * static_cast<double>(w.state.count);
      if (sides.improvement + tolerance >= source_.rules.leastDecrease) {
        makeSides(out, open.node, best, sides, w.sums.data());
        for (int side = 1; side >= 0; side--) {
          OpenNode& next = sides.open[side];
          if (!mayDivide(sides.nodes[side], next.depth)) continue;
          next.constants = w.constants.take(w.constants.at(open.constants));
          w.open.push_back(next);
        }
      }
    }
    w.constants.give(open.constants);
  }
}

void ExactTree::attach(const ExactNodes& block, int32_t root) {
  const int32_t shift = static_cast<int32_t>(tree_.nodes.size()) - 1;
  const auto moved = [&](int32_t child) { return child < 0 ? child : child + shift; };
  for (size_t i = 0; i < block.nodes.size(); i++) {
    ExactNode node = block.nodes[i];
    node.left = moved(node.left);
    node.right = moved(node.right);
    if (i == 0)
      tree_.nodes[static_cast<size_t>(root)] = node;
    else
      tree_.nodes.push_back(node);
  }
  tree_.sums.insert(tree_.sums.end(), block.sums.begin() + outputs_, block.sums.end());
}

void ExactTree::number() {
  const size_t k = static_cast<size_t>(outputs_);
  grown_.nodes.reserve(tree_.nodes.size());
  grown_.sums.reserve(tree_.sums.size());
  struct Waiting {
    int32_t old, made;
    double low, high;  // of monotone constraints
  };
  std::vector<Waiting> waiting;
  const auto take = [&](int32_t old, double low, double high) {
    const int32_t made = grown_.add(outputs_);
    grown_.nodes.back() = tree_.nodes[static_cast<size_t>(old)];
    double* const sums = grown_.sums.data() + static_cast<size_t>(made) * k;
    std::copy_n(tree_.sums.data() + static_cast<size_t>(old) * k, k, sums);
    source_.impurity->finish(sums, grown_.nodes.back().weight);
    if (source_.rules.signs != nullptr) {
      sums[k - 1] = std::min(high, std::max(low, sums[k - 1]));
      if (k == 2) sums[0] = 1 - sums[1];
    }
    waiting.push_back({old, made, low, high});
    return made;
  };
  const auto valueOf = [&](int32_t old) {
    const size_t at = static_cast<size_t>(old);
    return source_.impurity->valueOf(tree_.sums.data() + at * k, tree_.nodes[at].weight);
  };
  take(0, -__builtin_inf(), __builtin_inf());
  while (!waiting.empty()) {
    const auto [old, made, low, high] = waiting.back();
    waiting.pop_back();
    const ExactNode& node = tree_.nodes[static_cast<size_t>(old)];
    if (node.feature < 0) continue;
    const int sign = source_.rules.signs == nullptr ? 0 : source_.rules.signs[node.feature];
    const double middle = sign == 0 ? 0 : (valueOf(node.left) + valueOf(node.right)) / 2;
    const int32_t left = take(node.left, sign < 0 ? middle : low, sign > 0 ? middle : high);
    const int32_t right = take(node.right, sign > 0 ? middle : low, sign < 0 ? middle : high);
    std::swap(waiting[waiting.size() - 1], waiting[waiting.size() - 2]);
    grown_.nodes[static_cast<size_t>(made)].left = left;
    grown_.nodes[static_cast<size_t>(made)].right = right;
  }
  work += 100 * static_cast<double>(tree_.nodes.size());
}

}  // namespace athanor

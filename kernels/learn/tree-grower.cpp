// Each node passes through: rows divided, smaller child counted, best splits found. A step of the job
// does a part of one of these.
#include "learn/tree-grower.h"

#include <algorithm>
#include <cmath>

#include "learn/job.h"

namespace athanor {

namespace {

/// Operations of one step, about: a few milliseconds of one thread.
constexpr double stepWork = 4e6;
/// Histograms of waiting leaves may take so much; a leaf without one has both its children counted.
constexpr int64_t histogramBytes = int64_t(512) << 20;

template <typename T>
T& at(std::vector<T>& all, int32_t i) {
  return all[static_cast<size_t>(i)];
}
template <typename T>
const T& at(const std::vector<T>& all, int32_t i) {
  return all[static_cast<size_t>(i)];
}

}  // namespace

TreeGrower::TreeGrower(const BinnedTable& table, const std::vector<FeatureBins>& bins, bool unitHessians,
                       const SplitRules& rules, const GrowthLimits& limits, uint64_t seed)
    : table_(table),
      bins_(bins),
      rules_(rules),
      limits_(limits),
      shape_(table.layout(), unitHessians),
      counting_(table, shape_),
      finder_(table, bins, shape_, rules_),
      partition_(table.rows()),
      random_(seed, 0),
      seed_(seed) {
  const int64_t bytes = shape_.size() * static_cast<int64_t>(sizeof(double));
  mostHistograms_ = static_cast<int32_t>(std::max<int64_t>(8, histogramBytes / bytes));
  if (!limits_.together.empty()) {
    Allowed all{{}, std::vector<uint8_t>(bins.size(), 1)};
    for (size_t g = 0; g < limits_.together.size(); g++) all.groups.push_back(static_cast<int32_t>(g));
    allowed_.push_back(all);
  }
}

void TreeGrower::begin(const float* gradients, const FixedPoint& fixed, uint32_t number) {
  gradients_ = gradients;
  fixed_ = fixed;
  random_ = RandomStream(seed_, number);
  partition_.reset();
  for (GrownNode& node : nodes_) giveHistogram(node.histogram);
  nodes_.clear();
  open_.clear();
  if (!allowed_.empty()) allowed_.resize(1);
  GrownNode root;
  root.end = table_.rows();
  root.sums.count = root.end;
  root.allowed = allowed_.empty() ? -1 : 0;
  nodes_.push_back(root);
  leaves_ = 1;
  parent_ = -1;
  other_ = -1;
  beginHistogram(0, Phase::count);
}

double* TreeGrower::histogramOf(const GrownNode& node) { return at(pool_, node.histogram).data(); }

int32_t TreeGrower::takeHistogram() {
  if (free_.empty()) {
    pool_.emplace_back(shape_.size());
    return static_cast<int32_t>(pool_.size()) - 1;
  }
  const int32_t histogram = free_.back();
  free_.pop_back();
  return histogram;
}

void TreeGrower::giveHistogram(int32_t& histogram) {
  if (histogram >= 0) free_.push_back(histogram);
  histogram = -1;
}

bool TreeGrower::mayDivide(const GrownNode& node) const {
  return (limits_.depth == 0 || node.depth < limits_.depth) &&
         node.sums.count >= 2 * rules_.smallestCount && node.sums.hessian >= rules_.smallestHessian;
}

/// Runs as many of a phase's tasks as fit into one step; true once all are done.
template <typename F>
bool TreeGrower::runTasks(Runtime& runtime, int64_t tasks, double cost, double& work, F& body) {
  const int64_t fit = std::max<int64_t>(static_cast<int64_t>(stepWork / cost), threads(runtime));
  const int64_t here = std::min(tasks - nextTask_, fit);
  const int64_t first = nextTask_;
  auto task = [&](int64_t t, int worker) { body(first + t, worker); };
  parallel(runtime, here, task);
  work += static_cast<double>(here) * cost;
  nextTask_ += here;
  return nextTask_ >= tasks;
}

bool TreeGrower::advance(Runtime& runtime, double& work) {
  switch (phase_) {
    case Phase::choose:
      if (open_.empty() || (limits_.leaves > 0 && leaves_ >= limits_.leaves)) return false;
      choose();
      return true;
    case Phase::divide: {
      auto task = [&](int64_t block, int) { partition_.divide(block); };
      const double cost = partition_.blockCost();
      if (!runTasks(runtime, partition_.blocks(), cost, work, task)) return true;
      at(nodes_, parent_).split.leftCount = partition_.sumUp();
      phase_ = Phase::place;
      nextTask_ = 0;
      return true;
    }
    case Phase::place: {
      auto task = [&](int64_t block, int) { partition_.place(block); };
      const double cost = partition_.blockCost() / 4;
      if (runTasks(runtime, partition_.blocks(), cost, work, task)) makeChildren();
      return true;
    }
    case Phase::count:
    case Phase::countOther: {
      auto task = [&](int64_t t, int worker) { counting_.run(runtime, t, worker); };
      if (!runTasks(runtime, counting_.tasks(), counting_.cost(), work, task)) return true;
      if (other_ >= 0 && !subtract_ && phase_ == Phase::count) {
        for (int32_t chunk = 0; chunk < table_.layout().chunks; chunk++) counting_.gather(chunk);
        beginHistogram(other_, Phase::countOther);
      } else {
        beginFind();
      }
      return true;
    }
    case Phase::find: {
      auto task = [&](int64_t chunk, int) { findChunk(static_cast<int32_t>(chunk)); };
      const double cost = static_cast<double>(shape_.size() / table_.layout().chunks);
      if (runTasks(runtime, table_.layout().chunks, cost, work, task)) finishFind();
      return true;
    }
  }
  return false;
}

/// The waiting leaf with the largest gain is divided next; of equals, the one that came first.
void TreeGrower::choose() {
  const auto later = [this](int32_t a, int32_t b) {
    const double ga = at(nodes_, a).split.gain;
    const double gb = at(nodes_, b).split.gain;
    return ga < gb || (ga == gb && a > b);
  };
  std::pop_heap(open_.begin(), open_.end(), later);
  parent_ = open_.back();
  open_.pop_back();
  GrownNode& node = at(nodes_, parent_);
  Split& split = node.split;
  const int32_t missing = at(bins_, split.feature).missingBin();
  if (!table_.hasMissing(split.feature)) {
    // Nothing was learned about missing cells: they go with most rows.
    split.missingLeft = 2 * split.leftCount > node.sums.count;
    if (split.categorical && split.missingLeft) split.left.add(missing);
  }
  for (int32_t bin = 0; bin < 256; bin++)
    goesLeft_[bin] = split.categorical ? split.left.has(bin)
                                       : bin <= split.bin || (bin == missing && split.missingLeft);
  partition_.begin(node.begin, node.end, table_.column(split.slot), goesLeft_);
  phase_ = Phase::divide;
  nextTask_ = 0;
}

void TreeGrower::makeChildren() {
  const int32_t leftId = static_cast<int32_t>(nodes_.size());
  nodes_.resize(nodes_.size() + 2);
  GrownNode& parent = at(nodes_, parent_);
  GrownNode& left = at(nodes_, leftId);
  GrownNode& right = at(nodes_, leftId + 1);
  const Split& split = parent.split;
  parent.left = leftId;
  left.begin = parent.begin;
  left.end = right.begin = parent.begin + split.leftCount;
  right.end = parent.end;
  left.depth = right.depth = parent.depth + 1;
  const NodeSums& all = parent.sums;
  left.sums.gradient = split.leftGradient;
  left.sums.hessian = split.leftHessian;
  left.sums.count = split.leftCount;
  right.sums.gradient = all.gradient - split.leftGradient;
  right.sums.hessian = all.hessian - split.leftHessian;
  right.sums.count = all.count - split.leftCount;
  for (GrownNode* child : {&left, &right}) {
    child->sums.value = rules_.valueOf(child->sums.gradient, child->sums.hessian, all.lower, all.upper);
    child->sums.lower = all.lower;
    child->sums.upper = all.upper;
  }
  if (!rules_.monotone.empty()) {
    const int8_t direction = at(rules_.monotone, split.feature);
    const double middle = (left.sums.value + right.sums.value) / 2;
    if (direction > 0) left.sums.upper = right.sums.lower = middle;
    if (direction < 0) left.sums.lower = right.sums.upper = middle;
  }
  allowFeatures(left, parent);
  right.allowed = left.allowed;
  leaves_++;

  const bool full = limits_.leaves > 0 && leaves_ >= limits_.leaves;
  if (full || (!mayDivide(left) && !mayDivide(right))) {
    giveHistogram(parent.histogram);
    phase_ = Phase::choose;
    return;
  }
  const bool leftIsSmaller = left.sums.count < right.sums.count;
  counted_ = leftIsSmaller ? leftId : leftId + 1;
  other_ = leftIsSmaller ? leftId + 1 : leftId;
  subtract_ = parent.histogram >= 0;
  if (subtract_) std::swap(at(nodes_, other_).histogram, parent.histogram);
  beginHistogram(counted_, Phase::count);
}

void TreeGrower::beginHistogram(int32_t id, Phase phase) {
  counted_ = phase == Phase::count ? id : counted_;
  GrownNode& node = at(nodes_, id);
  node.histogram = takeHistogram();
  counting_.begin(partition_.rowsOf(node.begin, node.end), gradients_, fixed_, histogramOf(node));
  phase_ = phase;
  nextTask_ = 0;
}

void TreeGrower::beginFind() {
  if (parent_ < 0) {
    // The root's sums are those of any feature.
    counting_.gather(0);
    GrownNode& root = nodes_[0];
    const double* bin = histogramOf(root);
    for (int32_t b = 0; b < table_.layout().chunkBins[0]; b++, bin += shape_.binSize()) {
      root.sums.gradient += bin[0];
      root.sums.hessian += bin[chunkSlots];
    }
  }
  const int32_t both[2] = {counted_, other_};
  for (int i = 0; i < 2; i++) {
    chunkBest_[i].assign(static_cast<size_t>(table_.layout().chunks), Split{});
    allowedNow_[i] = nullptr;
  }
  // Features are drawn in the order of the nodes, whichever is the smaller.
  const int first = other_ >= 0 && other_ < counted_ ? 1 : 0;
  for (const int i : {first, 1 - first})
    if (both[i] >= 0) allowedNow_[i] = drawFeatures(at(nodes_, both[i]), drawn_[i]);
  phase_ = Phase::find;
  nextTask_ = 0;
}

void TreeGrower::findChunk(int32_t chunk) {
  const int64_t begin = shape_.chunkBegin[static_cast<size_t>(chunk)];
  const int64_t end = shape_.chunkBegin[static_cast<size_t>(chunk) + 1];
  if (parent_ >= 0 || chunk > 0) counting_.gather(chunk);
  const GrownNode& counted = at(nodes_, counted_);
  if (other_ >= 0) {
    const GrownNode& other = at(nodes_, other_);
    double* const rest = histogramOf(other);
    if (subtract_) {
      const double* const part = histogramOf(counted);
      for (int64_t i = begin; i < end; i++) rest[i] -= part[i];
    }
    if (mayDivide(other))
      at(chunkBest_[1], chunk) = finder_.find(chunk, rest + begin, other.sums, allowedNow_[1]);
  }
  if (mayDivide(counted))
    at(chunkBest_[0], chunk) =
        finder_.find(chunk, histogramOf(counted) + begin, counted.sums, allowedNow_[0]);
}

void TreeGrower::finishFind() {
  const auto later = [this](int32_t a, int32_t b) {
    const double ga = at(nodes_, a).split.gain;
    const double gb = at(nodes_, b).split.gain;
    return ga < gb || (ga == gb && a > b);
  };
  const int32_t both[2] = {counted_, other_};
  for (int i = 0; i < 2; i++) {
    if (both[i] < 0) continue;
    GrownNode& node = at(nodes_, both[i]);
    for (const Split& split : chunkBest_[i])
      if (split.betterThan(node.split)) node.split = split;
    const bool waits = node.split.gain > 0;
    if (!waits || static_cast<int32_t>(pool_.size() - free_.size()) > mostHistograms_)
      giveHistogram(node.histogram);
    if (!waits) continue;
    open_.push_back(both[i]);
    std::push_heap(open_.begin(), open_.end(), later);
  }
  phase_ = Phase::choose;
}

/// A child may use the groups of features that its parent's feature belongs to.
void TreeGrower::allowFeatures(GrownNode& child, const GrownNode& parent) {
  if (parent.allowed < 0) return;
  Allowed next{{}, std::vector<uint8_t>(bins_.size(), 0)};
  std::vector<uint8_t> features(bins_.size(), 0);
  for (const int32_t g : at(allowed_, parent.allowed).groups) {
    const std::vector<int32_t>& group = at(limits_.together, g);
    if (std::find(group.begin(), group.end(), parent.split.feature) == group.end()) continue;
    next.groups.push_back(g);
    for (const int32_t f : group) at(features, f) = 1;
  }
  const std::vector<int32_t>& featureOf = table_.layout().featureOf;
  for (size_t slot = 0; slot < featureOf.size(); slot++) next.slots[slot] = at(features, featureOf[slot]);
  allowed_.push_back(next);
  child.allowed = static_cast<int32_t>(allowed_.size()) - 1;
}

const uint8_t* TreeGrower::drawFeatures(const GrownNode& node, std::vector<uint8_t>& drawn) {
  const uint8_t* const allowed = node.allowed < 0 ? nullptr : at(allowed_, node.allowed).slots.data();
  if (limits_.featurePart >= 1) return allowed;
  std::vector<int32_t> slots;
  for (int32_t s = 0; s < table_.layout().features; s++)
    if (allowed == nullptr || allowed[s]) slots.push_back(s);
  random_.shuffle(slots.data(), static_cast<int64_t>(slots.size()));
  drawn.assign(static_cast<size_t>(table_.layout().features), 0);
  const double part = limits_.featurePart * static_cast<double>(slots.size());
  const size_t wanted = static_cast<size_t>(std::ceil(part));
  for (size_t i = 0; i < std::max<size_t>(wanted, 1) && i < slots.size(); i++) at(drawn, slots[i]) = 1;
  return drawn.data();
}

}  // namespace athanor

// Prefix sums and gains of eight features at a time, one bin after the other.
#include "learn/split-finder.h"

#include <algorithm>

#include "vector.h"

namespace athanor {

namespace {

/// Keeps values finite where a node has no hessian and there is no penalty.
constexpr double tiny = 1e-15;
/// Rows that a category needs to be sorted; its gradient is drawn to 0 by as many (LightGBM's cat_smooth).
constexpr double categorySupport = 10;

constexpr int width = lanes<double>;

}  // namespace

double SplitRules::valueOf(double gradient, double hessian, double lower, double upper) const {
  const double value = -gradient / (hessian + l2 + tiny);
  return value < lower ? lower : value > upper ? upper : value;
}

SplitFinder::SplitFinder(const BinnedTable& table, const std::vector<FeatureBins>& bins,
                         const HistogramShape& shape, const SplitRules& rules)
    : layout_(table.layout()), shape_(shape), rules_(rules) {
  for (int32_t chunk = 0; chunk < layout_.chunks; chunk++) {
    Lanes lane{};
    for (int32_t s = 0; s < layout_.slotsOf(chunk); s++) {
      const size_t f = static_cast<size_t>(layout_.featureOf[static_cast<size_t>(chunk * chunkSlots + s)]);
      const bool missing = table.hasMissing(static_cast<int32_t>(f));
      lane.missingBin[s] = bins[f].missingBin();
      lane.categorical[s] = bins[f].categorical;
      lane.anyCategorical |= bins[f].categorical;
      if (!rules.monotone.empty()) lane.monotone[s] = rules.monotone[f];
      if (bins[f].categorical) continue;
      lane.anyMissing |= missing;
      lane.end[s] = bins[f].bins() - 1 + missing;
      lane.missingEnd[s] = missing ? bins[f].bins() - 1 : 0;
    }
    lanes_.push_back(lane);
  }
}

double SplitFinder::gainOf(double leftGradient, double leftHessian, const NodeSums& node) const {
  const double rightGradient = node.gradient - leftGradient;
  const double left = rules_.valueOf(leftGradient, leftHessian, node.lower, node.upper);
  const double right =
      rules_.valueOf(rightGradient, node.hessian - leftHessian, node.lower, node.upper);
  return node.gradient * node.value - leftGradient * left - rightGradient * right;
}

template <bool bounded>
void SplitFinder::scan(int32_t chunk, const double* sums, const NodeSums& node, const uint8_t* allowed,
                       bool missingLeft, Split& best) const {
  const Lanes& lane = lanes_[static_cast<size_t>(chunk)];
  const int64_t binSize = shape_.binSize();
  const int countAt = (shape_.channels() - 1) * chunkSlots;
  const int hessianAt = chunkSlots;
  alignas(64) double end[chunkSlots];
  int32_t bins = 0;
  for (int s = 0; s < chunkSlots; s++) {
    const double full = missingLeft ? lane.missingEnd[s] : lane.end[s];
    end[s] = allowed == nullptr || s >= layout_.slotsOf(chunk) || allowed[chunk * chunkSlots + s] ? full : 0;
    bins = std::max(bins, static_cast<int32_t>(end[s]));
  }
  const F64 gradient = splat(node.gradient);
  const F64 hessian = splat(node.hessian);
  const F64 count = splat(static_cast<double>(node.count));
  const F64 fewest = splat(static_cast<double>(rules_.smallestCount));
  const F64 smallest = splat(rules_.smallestHessian);
  const F64 penalty = splat(rules_.l2 + tiny);
  const F64 now = splat(node.gradient * node.value);
  const F64 lower = splat(node.lower);
  const F64 upper = splat(node.upper);

  for (int part = 0; part < chunkSlots; part += width) {
    const F64 ends = load(end + part);
    const F64 direction = load(lane.monotone + part);
    F64 g{}, h{}, n{};
    if (missingLeft) {
      alignas(64) double start[3][chunkSlots] = {};
      for (int s = part; s < part + width; s++) {
        if (end[s] == 0) continue;
        const double* const bin = sums + lane.missingBin[s] * binSize + s;
        start[0][s] = bin[0];
        start[1][s] = bin[hessianAt];
        start[2][s] = bin[countAt];
      }
      g = load(start[0] + part);
      h = load(start[1] + part);
      n = load(start[2] + part);
    }
    F64 bestGain{}, bestBin{}, bestG{}, bestH{}, bestN{}, at{};
    for (int32_t b = 0; b < bins; b++, at += 1.0) {
      const double* const bin = sums + b * binSize + part;
      g += load(bin);
      h += load(bin + hessianAt);
      n += load(bin + countAt);
      const F64 restG = gradient - g;
      const F64 restH = hessian - h;
      const auto fits = (at < ends) & (n >= fewest) & (count - n >= fewest) & (h >= smallest) &
                        (restH >= smallest);
      const F64 left = h + penalty;
      const F64 right = restH + penalty;
      F64 gain;
      auto better = fits;
      if constexpr (bounded) {
        const F64 leftValue = smaller(larger(-g / left, lower), upper);
        const F64 rightValue = smaller(larger(-restG / right, lower), upper);
        gain = now - g * leftValue - restG * rightValue;
        better &= direction * (leftValue - rightValue) <= F64{};
      } else {
        gain = (g * g * right + restG * restG * left) / (left * right) + now;
      }
      // Of equal divisions the lowest, with missing cells left the highest: all numbers one can.
      better &= missingLeft ? (gain >= bestGain) & (gain > F64{}) : gain > bestGain;
      bestGain = select(better, gain, bestGain);
      bestBin = select(better, at, bestBin);
      bestG = select(better, g, bestG);
      bestH = select(better, h, bestH);
      bestN = select(better, n, bestN);
    }
    for (int i = 0; i < width; i++) {
      const int s = part + i;
      if (!(bestGain[i] > 0)) continue;
      Split found;
      found.gain = bestGain[i];
      found.slot = chunk * chunkSlots + s;
      found.feature = layout_.featureOf[static_cast<size_t>(found.slot)];
      if (!found.betterThan(best)) continue;
      found.bin = static_cast<int32_t>(bestBin[i]);
      found.missingLeft = missingLeft;
      found.leftGradient = bestG[i];
      found.leftHessian = bestH[i];
      found.leftCount = static_cast<int64_t>(bestN[i]);
      best = found;
    }
  }
}

void SplitFinder::findCategories(int32_t slot, const double* sums, const NodeSums& node, Split& best) const {
  struct Category {
    double order;
    int32_t bin;
  };
  const int s = slot % chunkSlots;
  const int32_t bins = lanes_[static_cast<size_t>(slot / chunkSlots)].missingBin[s] + 1;
  const int64_t binSize = shape_.binSize();
  const int countAt = (shape_.channels() - 1) * chunkSlots;
  const double support = static_cast<double>(node.count) / node.hessian;
  const double* const of = sums + s;
  std::vector<Category> sorted;
  for (int32_t b = 0; b < bins; b++) {
    const double* const bin = of + b * binSize;
    if (bin[chunkSlots] * support >= categorySupport)
      sorted.push_back({bin[0] / (bin[chunkSlots] + categorySupport), b});
  }
  if (sorted.size() < 2) return;
  std::sort(sorted.begin(), sorted.end(), [](const Category& a, const Category& b) {
    return a.order < b.order || (a.order == b.order && a.bin < b.bin);
  });
  // From either end up to the middle: what is rare or new always goes with the larger half, right.
  const size_t used = sorted.size();
  for (const bool rising : {true, false}) {
    const size_t middle = (used + 1) / 2 - (rising ? 0 : 1);
    double g = 0, h = 0, n = 0;
    for (size_t i = 0; i < middle; i++) {
      const double* const bin = of + sorted[rising ? i : used - 1 - i].bin * binSize;
      g += bin[0];
      h += bin[chunkSlots];
      n += bin[countAt];
      const double rest = static_cast<double>(node.count) - n;
      const double fewest = static_cast<double>(rules_.smallestCount);
      if (n < fewest || h < rules_.smallestHessian) continue;
      if (rest < fewest || node.hessian - h < rules_.smallestHessian) break;
      Split found;
      found.gain = gainOf(g, h, node);
      found.slot = slot;
      found.feature = layout_.featureOf[static_cast<size_t>(slot)];
      if (!(found.gain > 0) || !found.betterThan(best)) continue;
      found.categorical = true;
      for (size_t j = 0; j <= i; j++) found.left.add(sorted[rising ? j : used - 1 - j].bin);
      found.missingLeft = found.left.has(bins - 1);
      found.leftGradient = g;
      found.leftHessian = h;
      found.leftCount = static_cast<int64_t>(n);
      best = found;
    }
  }
}

Split SplitFinder::find(int32_t chunk, const double* sums, const NodeSums& node,
                        const uint8_t* allowed) const {
  const Lanes& lane = lanes_[static_cast<size_t>(chunk)];
  Split best;
  for (const bool missingLeft : {false, true}) {
    if (missingLeft && !lane.anyMissing) continue;
    if (rules_.monotone.empty())
      scan<false>(chunk, sums, node, allowed, missingLeft, best);
    else
      scan<true>(chunk, sums, node, allowed, missingLeft, best);
  }
  if (lane.anyCategorical)
    for (int32_t s = 0; s < layout_.slotsOf(chunk); s++) {
      const int32_t slot = chunk * chunkSlots + s;
      if (lane.categorical[s] && (allowed == nullptr || allowed[slot]))
        findCategories(slot, sums, node, best);
    }
  return best;
}

}  // namespace athanor

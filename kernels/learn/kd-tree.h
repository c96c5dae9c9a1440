// A k-d tree (Bentley 1975) over float64 points: every node is cut at the median of its widest feature,
// down to leaves of a few points; every node knows the box of its points (Friedman, Bentley & Finkel 1977).
// Results don't depend on threads. To use it:
//   KdTreeBuilder builder(x, points, width, leafSize);
//   while (!builder.step(runtime)) {}
//   builder.view().nearest(query, metric, list);  builder.view().within(query, metric, radius, visit);
#pragma once
#include <cstdint>
#include <vector>

#include "learn/aligned-array.h"
#include "learn/lane-mask.h"
#include "learn/metric.h"
#include "learn/nearest-list.h"
#include "runtime.h"
#include "vector.h"

namespace athanor {

/// Points of a leaf lie side by side, filled up to a multiple of this.
constexpr int64_t leafUnit = 8;

/// A tree in arrays that somebody else keeps.
struct KdTreeView {
  int64_t points = 0;
  int64_t width = 0;
  /// Nodes of level l are 2^l − 1 and those behind it; the last level's are leaves.
  int64_t levels = 1;
  /// Points in the order of the leaves.
  const int32_t* order = nullptr;
  /// Leaf by leaf, feature by feature, the points' values.
  const double* values = nullptr;
  /// Where each leaf's values begin, in points (padding counted).
  const int32_t* leafStarts = nullptr;
  /// Node by node: `width` lower ends, then `width` upper ends.
  const double* boxes = nullptr;

  /// Offers the list every point that may belong to it, by reduced distance and number.
  void nearest(const double* query, const Metric& metric, NearestList& list) const;

  /// `visit(point, reduced distance)` for all points within a reduced radius, in no particular order.
  template <typename F>
  void within(const double* query, const Metric& metric, double radius, F visit) const;

  /// Least reduced distance of a query to what a node's box may hold.
  double boxDistance(const double* query, const Metric& metric, int64_t node) const;

  struct Range {
    int64_t node, begin, end;
    double distance;
  };
  bool isLeaf(int64_t node) const { return node >= (int64_t(1) << (levels - 1)) - 1; }

  /// Calls `take(place in the order, reduced distance)` for a leaf's points whose distance is about at
  /// most `limit()`.
  template <typename L, typename F>
  void scanLeaf(const Range& leaf, const double* query, const Metric& metric, L limit, F take) const;
};

class KdTreeBuilder {
 public:
  /// `x` is row-major and stays where it is until the tree is built.
  KdTreeBuilder(const double* x, int64_t points, int64_t width, int64_t leafSize);

  /// One level of nodes, in parallel; true when the tree is complete.
  bool step(Runtime& runtime);
  /// Levels that are done, of all.
  double fraction() const { return static_cast<double>(level_) / static_cast<double>(levels_); }

  KdTreeView view() const;
  int64_t levels() const { return levels_; }
  const AlignedArray<int32_t>& order() const { return order_; }
  const AlignedArray<double>& values() const { return values_; }
  const std::vector<int32_t>& leafStarts() const { return leafStarts_; }
  const AlignedArray<double>& boxes() const { return boxes_; }

 private:
  struct Key {
    double value;
    int32_t point;
  };
  void split(int64_t node, int64_t begin, int64_t end);
  void fillLeaf(int64_t leaf, int64_t begin, int64_t end);

  const double* x_;
  int64_t points_, width_, levels_;
  int64_t level_ = 0;
  std::vector<int64_t> begins_;
  AlignedArray<int32_t> order_;
  AlignedArray<Key> keys_;
  AlignedArray<double> values_, boxes_;
  std::vector<int32_t> leafStarts_;
};

// --- templates ---

/// Reduced distances of a query to one vector of points whose features lie `stride` apart.
template <MetricKind kind>
ATHANOR_INLINE F64 leafDistances(const double* query, const double* x, int64_t stride, int64_t width) {
  F64 sum{};
  for (int64_t j = 0; j < width; j++) {
    const F64 difference = magnitude(splat<double>(query[j]) - load<double>(x + j * stride));
    if (kind == MetricKind::euclidean)
      sum = fma(difference, difference, sum);
    else if (kind == MetricKind::manhattan)
      sum += difference;
    else
      sum = select(difference > sum, difference, sum);
  }
  return sum;
}

template <typename L, typename F>
void KdTreeView::scanLeaf(const Range& leaf, const double* query, const Metric& metric, L limit, F take) const {
  const int64_t count = leaf.end - leaf.begin;
  const int64_t stride = (count + leafUnit - 1) / leafUnit * leafUnit;
  const int64_t number = leaf.node - ((int64_t(1) << (levels - 1)) - 1);
  const double* const x = values + static_cast<int64_t>(leafStarts[number]) * width;
  for (int64_t first = 0; first < count; first += lanes<double>) {
    F64 distances{};
    if (metric.kind == MetricKind::euclidean)
      distances = leafDistances<MetricKind::euclidean>(query, x + first, stride, width);
    else if (metric.kind == MetricKind::manhattan)
      distances = leafDistances<MetricKind::manhattan>(query, x + first, stride, width);
    else if (metric.kind == MetricKind::chebyshev)
      distances = leafDistances<MetricKind::chebyshev>(query, x + first, stride, width);
    const I64 near = distances <= splat<double>(limit() * distanceSlack);
    for (uint32_t left = laneMask(near); left != 0; left &= left - 1) {
      const int64_t i = first + __builtin_ctz(left);
      if (i >= count) break;
      const double exact = metric.reduced(query, x + i, stride, width);
      if (exact <= limit()) take(leaf.begin + i, exact);
    }
  }
}

template <typename F>
void KdTreeView::within(const double* query, const Metric& metric, double radius, F visit) const {
  Range stack[64];
  int depth = 0;
  stack[depth++] = {0, 0, points, boxDistance(query, metric, 0)};
  while (depth > 0) {
    const Range range = stack[--depth];
    if (range.distance > radius * distanceSlack) continue;
    if (isLeaf(range.node)) {
      scanLeaf(
          range, query, metric, [&] { return radius; },
          [&](int64_t place, double distance) { visit(order[place], distance); });
      continue;
    }
    const int64_t middle = range.begin + (range.end - range.begin) / 2, left = 2 * range.node + 1;
    stack[depth++] = {left + 1, middle, range.end, boxDistance(query, metric, left + 1)};
    stack[depth++] = {left, range.begin, middle, boxDistance(query, metric, left)};
  }
}

}  // namespace athanor

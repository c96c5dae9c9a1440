// Building a k-d tree level by level, and its search for the nearest.
#include "learn/kd-tree.h"

#include <algorithm>

namespace athanor {

double KdTreeView::boxDistance(const double* query, const Metric& metric, int64_t node) const {
  const double* const low = boxes + node * 2 * width;
  const double* const high = low + width;
  double sum = 0;
  int64_t j = 0;
  if (metric.kind == MetricKind::euclidean) {
    F64 squares{};
    for (; j + lanes<double> <= width; j += lanes<double>) {
      const F64 x = load<double>(query + j), below = load<double>(low + j) - x, above = x - load<double>(high + j);
      const F64 outside = select(below > above, below, above);
      squares = fma(select(outside > F64{}, outside, F64{}), outside, squares);
    }
    if (j > 0) sum = sumOfLanes(squares);
  }
  for (; j < width; j++) {
    const double below = low[j] - query[j], above = query[j] - high[j];
    const double outside = below > above ? below : above;
    if (outside > 0) sum = metric.join(sum, metric.part(outside));
  }
  return sum;
}

void KdTreeView::nearest(const double* query, const Metric& metric, NearestList& list) const {
  Range stack[64];
  int depth = 0;
  stack[depth++] = {0, 0, points, boxDistance(query, metric, 0)};
  while (depth > 0) {
    const Range range = stack[--depth];
    if (range.distance > list.limit() * distanceSlack) continue;
    if (isLeaf(range.node)) {
      scanLeaf(
          range, query, metric, [&] { return list.limit(); },
          [&](int64_t place, double distance) { list.offer(distance, order[place]); });
      continue;
    }
    const int64_t middle = range.begin + (range.end - range.begin) / 2, left = 2 * range.node + 1;
    const Range near{left, range.begin, middle, boxDistance(query, metric, left)};
    const Range far{left + 1, middle, range.end, boxDistance(query, metric, left + 1)};
    // The nearer one comes first, off the top.
    stack[depth++] = near.distance <= far.distance ? far : near;
    stack[depth++] = near.distance <= far.distance ? near : far;
  }
}

KdTreeBuilder::KdTreeBuilder(const double* x, int64_t points, int64_t width, int64_t leafSize)
    : x_(x), points_(points), width_(width), levels_(1), order_(points), keys_(points) {
  while ((points >> (levels_ - 1)) > leafSize && levels_ < 32) levels_++;
  const int64_t leaves = int64_t(1) << (levels_ - 1);
  begins_ = {0, points};
  for (int64_t p = 0; p < points; p++) order_[p] = static_cast<int32_t>(p);
  boxes_.resize((2 * leaves - 1) * 2 * width);
}

KdTreeView KdTreeBuilder::view() const {
  return {points_, width_, levels_, order_.data(), values_.data(), leafStarts_.data(), boxes_.data()};
}

bool KdTreeBuilder::step(Runtime& runtime) {
  const int64_t nodes = int64_t(1) << level_, first = nodes - 1;
  const bool last = level_ + 1 == levels_;
  if (last) {
    leafStarts_.assign(static_cast<size_t>(nodes) + 1, 0);
    for (int64_t leaf = 0; leaf < nodes; leaf++) {
      const int64_t count = begins_[leaf + 1] - begins_[leaf];
      leafStarts_[leaf + 1] = static_cast<int32_t>(leafStarts_[leaf] + (count + leafUnit - 1) / leafUnit * leafUnit);
    }
    values_.resize(static_cast<int64_t>(leafStarts_[nodes]) * width_);
  }
  auto task = [&](int64_t node, int) {
    split(first + node, begins_[node], begins_[node + 1]);
    if (last) fillLeaf(node, begins_[node], begins_[node + 1]);
  };
  parallel(runtime, nodes, task);
  if (!last) {
    std::vector<int64_t> begins;
    for (int64_t node = 0; node < nodes; node++) {
      begins.push_back(begins_[node]);
      begins.push_back(begins_[node] + (begins_[node + 1] - begins_[node]) / 2);
    }
    begins.push_back(points_);
    begins_.swap(begins);
  }
  level_++;
  return last;
}

/// The box of a node's points; where it has children, the lower half by the widest feature (of equal values
/// by number) comes first.
void KdTreeBuilder::split(int64_t node, int64_t begin, int64_t end) {
  double* const low = boxes_.data() + node * 2 * width_;
  double* const high = low + width_;
  for (int64_t j = 0; j < width_; j++) {
    low[j] = 1e308;
    high[j] = -1e308;
  }
  for (int64_t i = begin; i < end; i++) {
    const double* const x = x_ + static_cast<int64_t>(order_[i]) * width_;
    for (int64_t j = 0; j < width_; j++) {
      low[j] = x[j] < low[j] ? x[j] : low[j];
      high[j] = x[j] > high[j] ? x[j] : high[j];
    }
  }
  if (level_ + 1 == levels_) return;
  int64_t widest = 0;
  for (int64_t j = 1; j < width_; j++)
    if (high[j] - low[j] > high[widest] - low[widest]) widest = j;
  Key* const keys = keys_.data();
  for (int64_t i = begin; i < end; i++) keys[i] = {x_[static_cast<int64_t>(order_[i]) * width_ + widest], order_[i]};
  const auto before = [](const Key& a, const Key& b) {
    return a.value < b.value || (a.value == b.value && a.point < b.point);
  };
  std::nth_element(keys + begin, keys + begin + (end - begin) / 2, keys + end, before);
  for (int64_t i = begin; i < end; i++) order_[i] = keys[i].point;
}

void KdTreeBuilder::fillLeaf(int64_t leaf, int64_t begin, int64_t end) {
  const int64_t stride = leafStarts_[leaf + 1] - leafStarts_[leaf];
  double* const into = values_.data() + static_cast<int64_t>(leafStarts_[leaf]) * width_;
  std::sort(order_.data() + begin, order_.data() + end);
  for (int64_t i = 0; i < stride; i++) {
    const int64_t p = begin + i < end ? begin + i : end - 1;
    for (int64_t j = 0; j < width_; j++) into[j * stride + i] = x_[static_cast<int64_t>(order_[p]) * width_ + j];
  }
}

}  // namespace athanor

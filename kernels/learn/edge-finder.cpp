// A few features at a time: their cells gathered column by column, sorted, cut into equal parts.
#include "learn/edge-finder.h"

#include <algorithm>

#include "learn/random-stream.h"
#include "ranges.h"

namespace athanor {

namespace {

/// Rows that edges are made from, as in scikit-learn and LightGBM.
constexpr int64_t mostRows = 200000;
constexpr int32_t featuresTogether = 16;

}  // namespace

EdgeFinder::EdgeFinder(const EdgeSource& source)
    : source_(source), bins_(static_cast<size_t>(source.x.width)) {
  sampleRows();
}

/// One row from each of as many equal stretches of the training rows; those of no weight are left out.
void EdgeFinder::sampleRows() {
  const int64_t wanted = std::min(source_.trainCount, mostRows);
  RandomStream random(source_.seed, 0);
  for (int64_t i = 0; i < wanted; i++) {
    const int64_t begin = source_.trainCount * i / wanted;
    const int64_t length = source_.trainCount * (i + 1) / wanted - begin;
    const int64_t at = length == 1 ? begin : begin + random.below(static_cast<uint32_t>(length));
    if (source_.weights != nullptr) {
      if (!(source_.weights[at] > 0)) continue;
      sampleWeights_.push_back(source_.weights[at]);
    }
    sample_.push_back(source_.trainRows == nullptr ? at : source_.trainRows[at]);
  }
}

bool EdgeFinder::advance(Runtime& runtime, double& work) {
  const int32_t width = source_.x.width;
  const int32_t count = std::min(featuresTogether, width - nextFeature_);
  const int64_t rows = static_cast<int64_t>(sample_.size());
  if (columns_.size() == 0) {
    columns_.resize(rows * featuresTogether);
    room_.resize(rows * featuresTogether);
  }
  if (source_.x.isDouble)
    findQuantiles<double>(runtime, count);
  else
    findQuantiles<float>(runtime, count);
  for (int32_t f = nextFeature_; f < nextFeature_ + count; f++)
    if (isCategorical(f)) findCategories(f);
  work += static_cast<double>(rows) * count * 8;
  nextFeature_ += count;
  if (crowded_ < 0 && nextFeature_ < width) return true;
  columns_.release();
  room_.release();
  return false;
}

template <typename T>
void EdgeFinder::findQuantiles(Runtime& runtime, int32_t count) {
  const int64_t rows = static_cast<int64_t>(sample_.size());
  const T* const x = static_cast<const T*>(source_.x.data) + nextFeature_;
  T* const columns = reinterpret_cast<T*>(columns_.data());
  T* const room = reinterpret_cast<T*>(room_.data());
  parallelRanges(runtime, rows, 8192, [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; i++) {
      const T* const row = x + sample_[static_cast<size_t>(i)] * source_.x.width;
      for (int32_t f = 0; f < count; f++) columns[f * rows + i] = row[f];
    }
  });
  std::vector<std::vector<double>> weights;
  if (!sampleWeights_.empty()) weights.assign(static_cast<size_t>(count), sampleWeights_);
  auto task = [&](int64_t f, int) {
    if (isCategorical(nextFeature_ + static_cast<int32_t>(f))) return;
    T* const values = columns + f * rows;
    double* const own = weights.empty() ? nullptr : weights[static_cast<size_t>(f)].data();
    int64_t present = 0;
    for (int64_t i = 0; i < rows; i++) {
      if (values[i] != values[i]) continue;
      if (own != nullptr) own[present] = own[i];
      values[present++] = values[i];
    }
    bins_[static_cast<size_t>(nextFeature_ + f)].edges =
        quantileEdges(values, own, present, source_.maxBins, room + f * rows);
  };
  parallel(runtime, count, task);
}

/// All values of the column, held-out rows included, so that nobody has to know them beforehand.
void EdgeFinder::findCategories(int32_t feature) {
  FeatureBins& bins = bins_[static_cast<size_t>(feature)];
  bins.categorical = true;
  std::vector<double>& found = bins.edges;
  double last = 0;
  for (int64_t i = 0; i < source_.x.rows; i++) {
    const double value = source_.x.at(i, feature);
    if (value != value || (value == last && !found.empty())) continue;
    last = value;
    const auto at = std::lower_bound(found.begin(), found.end(), value);
    if (at != found.end() && *at == value) continue;
    found.insert(at, value);
    if (static_cast<int64_t>(found.size()) <= source_.maxBins) continue;
    if (crowded_ < 0) crowded_ = feature;
    return;
  }
}

}  // namespace athanor

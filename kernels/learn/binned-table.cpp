// Edges from quantiles, and the search that turns values into bins.
#include "learn/binned-table.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "learn/radix-sort.h"
#include "vector.h"

namespace athanor {

namespace {

/// Thresholds may not be infinite: only the split between numbers and missing cells is.
constexpr double largest = std::numeric_limits<double>::max();

constexpr int tableEntries = 256;

/// The largest T that is not above `edge`: x ≤ edge and x ≤ it say the same.
template <typename T>
T roundedDown(double edge) {
  const T near = static_cast<T>(edge);
  return static_cast<double>(near) > edge ? std::nextafter(near, -std::numeric_limits<T>::infinity())
                                          : near;
}

double middle(double a, double b) {
  const double m = a / 2 + b / 2;
  return m == m ? std::min(m, largest) : 0.0;  // of −∞ and ∞
}

constexpr int step = 16;

/// How many of 16 thresholds lie below x.
#if defined(__AVX512F__)
inline int countBelow(const float* t, float x) {
  return __builtin_popcount(_mm512_cmp_ps_mask(_mm512_loadu_ps(t), _mm512_set1_ps(x), _CMP_LT_OQ));
}
inline int countBelow(const double* t, double x) {
  const __m512d v = _mm512_set1_pd(x);
  const unsigned low = _mm512_cmp_pd_mask(_mm512_loadu_pd(t), v, _CMP_LT_OQ);
  const unsigned high = _mm512_cmp_pd_mask(_mm512_loadu_pd(t + 8), v, _CMP_LT_OQ);
  return __builtin_popcount(low | high << 8);
}
#else
template <typename T>
inline int countBelow(const T* t, T x) {
  IntVec<T> below{};
  for (int i = 0; i < step; i += lanes<T>) below += load(t + i) < splat(x);
  int count = 0;
  for (int i = 0; i < lanes<T>; i++) count -= static_cast<int>(below[i]);
  return count;
}
#endif

/// Two looks at sixteen thresholds each: first at every sixteenth.
template <typename T>
void search(const T* table, const FeatureBins& bins, const T* values, int count, uint8_t* out) {
  T coarse[step];
  for (int i = 0; i < step; i++) coarse[i] = table[i * step + step - 1];
  const uint8_t missing = static_cast<uint8_t>(bins.missingBin());
  for (int i = 0; i < count; i++) {
    const int block = countBelow(coarse, values[i]) * step;
    const int bin = block + countBelow(table + block, values[i]);
    const bool known = bins.categorical ? table[bin] == values[i] : values[i] == values[i];
    out[i] = known ? static_cast<uint8_t>(bin) : missing;
  }
}

/// Edges as T, and infinities behind them. One beyond the last bin may be read.
template <typename T>
std::vector<T> tableOf(const FeatureBins& bins) {
  std::vector<T> table(tableEntries + 1, std::numeric_limits<T>::infinity());
  for (size_t i = 0; i < bins.edges.size(); i++) table[i] = roundedDown<T>(bins.edges[i]);
  return table;
}

template <typename T>
void gather(const T* x, int64_t width, const int32_t* rowIds, int64_t begin, int count, T* out) {
  if (rowIds == nullptr) {
    for (int i = 0; i < count; i++) out[i] = x[(begin + i) * width];
  } else {
    for (int i = 0; i < count; i++) out[i] = x[rowIds[begin + i] * width];
  }
}

/// Positions of the quantiles in sorted values; where the distribution function meets one exactly, the
/// mean of two neighbours (Hyndman & Fan 1996, definition 2).
template <typename T>
void quantiles(const T* sorted, int64_t count, int32_t maxBins, std::vector<double>& edges) {
  const double step = 100.0 / maxBins;
  for (int32_t i = 1; i < maxBins; i++) {
    const volatile double position = static_cast<double>(count) * (i * step / 100);
    const double below = std::floor(position - 1);
    const int64_t at = below < 0 ? 0 : static_cast<int64_t>(below);
    const int64_t next = std::min(below < 0 ? 0 : at + 1, count - 1);
    edges.push_back(below == position - 1 ? middle(sorted[at], sorted[next])
                                          : std::min<double>(sorted[next], largest));
  }
}

template <typename T>
void weightedQuantiles(const T* sorted, const double* cumulated, int64_t count, int32_t maxBins,
                       std::vector<double>& edges) {
  const double total = cumulated[count - 1];
  for (int32_t i = 1; i < maxBins; i++) {
    const double wanted = total * i / maxBins;
    const int64_t at = std::min<int64_t>(
        std::lower_bound(cumulated, cumulated + count, wanted * (1 - 1e-15)) - cumulated, count - 1);
    const bool met = cumulated[at] <= wanted * (1 + 1e-15) && at + 1 < count;
    edges.push_back(met ? middle(sorted[at], sorted[at + 1])
                        : std::min<double>(sorted[at], largest));
  }
}

}  // namespace

template <typename T>
std::vector<double> quantileEdges(T* values, double* weights, int64_t count, int32_t maxBins,
                                  T* room) {
  std::vector<double> edges;
  if (count == 0) return edges;
  if (weights == nullptr) {
    radixSort(values, room, count);
  } else {
    std::vector<std::pair<T, double>> pairs(static_cast<size_t>(count));
    for (size_t i = 0; i < pairs.size(); i++) pairs[i] = {values[i], weights[i]};
    std::sort(pairs.begin(), pairs.end());
    double total = 0;
    for (size_t i = 0; i < pairs.size(); i++) {
      values[i] = pairs[i].first;
      weights[i] = total += pairs[i].second;
    }
  }
  int32_t distinct = 1;
  for (int64_t i = 1; i < count && distinct <= maxBins; i++) distinct += values[i] != values[i - 1];
  if (distinct <= maxBins) {
    for (int64_t i = 1; i < count; i++)
      if (values[i] != values[i - 1]) edges.push_back(middle(values[i - 1], values[i]));
  } else if (weights == nullptr) {
    quantiles(values, count, maxBins, edges);
  } else {
    weightedQuantiles(values, weights, count, maxBins, edges);
  }
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

template std::vector<double> quantileEdges<float>(float*, double*, int64_t, int32_t, float*);
template std::vector<double> quantileEdges<double>(double*, double*, int64_t, int32_t, double*);

SlotLayout::SlotLayout(const std::vector<FeatureBins>& bins)
    : features(static_cast<int32_t>(bins.size())) {
  chunks = (features + chunkSlots - 1) / chunkSlots;
  for (int32_t f = 0; f < features; f++) featureOf.push_back(f);
  std::sort(featureOf.begin(), featureOf.end(), [&](int32_t a, int32_t b) {
    const int32_t binsA = bins[static_cast<size_t>(a)].bins();
    const int32_t binsB = bins[static_cast<size_t>(b)].bins();
    return binsA > binsB || (binsA == binsB && a < b);
  });
  for (int32_t c = 0; c < chunks; c++)
    chunkBins.push_back(bins[static_cast<size_t>(featureOf[static_cast<size_t>(c * chunkSlots)])].bins() + 1);
  const int32_t panelCount = (chunks + panelChunks - 1) / panelChunks;
  for (int32_t p = 0; p <= panelCount; p++) panelBegin.push_back(chunks * p / panelCount);
}

BinnedTable::BinnedTable(const std::vector<FeatureBins>& bins, int64_t rows, bool fromDoubles)
    : rows_(rows), layout_(bins) {
  for (const FeatureBins& of : bins) {
    if (fromDoubles)
      doubles_.push_back(tableOf<double>(of));
    else
      floats_.push_back(tableOf<float>(of));
  }
  int64_t bytes = 0;
  for (int32_t p = 0; p < layout_.panels(); p++) {
    panelOffset_.push_back(bytes);
    bytes += (rows * layout_.stride(p) + 63) / 64 * 64;
  }
  columns_.resize(rows * layout_.features);
  panels_.resize(bytes);
  missing_.assign(bins.size(), 0);
}

void BinnedTable::fill(const std::vector<FeatureBins>& bins, const RowMatrix& x,
                       const int32_t* rowIds, int64_t begin, int64_t end, double* room) {
  const int count = static_cast<int>(end - begin);
  for (int32_t slot = 0; slot < layout_.features; slot++) {
    const int32_t feature = layout_.featureOf[static_cast<size_t>(slot)];
    const FeatureBins& of = bins[static_cast<size_t>(feature)];
    uint8_t* const column = columns_.data() + slot * rows_ + begin;
    if (x.isDouble) {
      gather(static_cast<const double*>(x.data) + feature, x.width, rowIds, begin, count, room);
      search(doubles_[static_cast<size_t>(feature)].data(), of, room, count, column);
    } else {
      float* const floats = reinterpret_cast<float*>(room);
      gather(static_cast<const float*>(x.data) + feature, x.width, rowIds, begin, count, floats);
      search(floats_[static_cast<size_t>(feature)].data(), of, floats, count, column);
    }
    const uint8_t missing = static_cast<uint8_t>(of.missingBin());
    uint8_t seen = 0;
    for (int i = 0; i < count; i++) seen |= static_cast<uint8_t>(column[i] == missing);
    if (seen != 0) __atomic_store_n(&missing_[static_cast<size_t>(feature)], uint8_t(1), __ATOMIC_RELAXED);
  }
  for (int32_t p = 0; p < layout_.panels(); p++) {
    const int32_t stride = layout_.stride(p);
    const int32_t slot0 = layout_.panelBegin[static_cast<size_t>(p)] * chunkSlots;
    const int32_t slot1 =
        std::min(layout_.panelBegin[static_cast<size_t>(p) + 1] * chunkSlots, layout_.features);
    uint8_t* const out = panels_.data() + panelOffset_[static_cast<size_t>(p)] + begin * stride;
    for (int32_t slot = slot0; slot < slot1; slot++) {
      const uint8_t* const column = columns_.data() + slot * rows_ + begin;
      uint8_t* const to = out + (slot - slot0);
      for (int i = 0; i < count; i++) to[static_cast<int64_t>(i) * stride] = column[i];
    }
  }
}

}  // namespace athanor

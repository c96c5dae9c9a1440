// A table of features as bins: one byte a cell, edges from quantiles of the training rows. Kept twice:
// column by column, to divide rows by one feature, and in panels of up to 32 features whose rows lie
// together, to count all features of a row at once.
#pragma once
#include <cstdint>
#include <vector>

#include "learn/aligned-array.h"
#include "runtime.h"

namespace athanor {

/// Features that a register of float64 sums holds side by side.
constexpr int chunkSlots = 8;
constexpr int panelChunks = 4;

/// Rows of float32 or float64, row-major.
struct RowMatrix {
  const void* data = nullptr;
  int64_t rows = 0;
  int32_t width = 0;
  bool isDouble = false;

  double at(int64_t row, int32_t feature) const {
    const int64_t i = row * width + feature;
    return isDouble ? static_cast<const double*>(data)[i] : static_cast<const float*>(data)[i];
  }
};

/// How a feature's values become bins.
struct FeatureBins {
  /// Value x lies in the first bin whose edge is ≥ x; the last bin has none. For categories: the
  /// category of each bin, ascending.
  std::vector<double> edges;
  bool categorical = false;

  int32_t bins() const { return static_cast<int32_t>(edges.size()) + (categorical ? 0 : 1); }
  /// Missing cells and unknown categories: behind all others.
  int32_t missingBin() const { return bins(); }
};

/// Where features lie: slots in the order of falling numbers of bins, eight to a chunk, chunks in panels.
struct SlotLayout {
  int32_t features = 0;
  int32_t chunks = 0;
  std::vector<int32_t> featureOf;   // by slot
  std::vector<int32_t> chunkBins;   // largest number of bins in the chunk, the one for missing included
  std::vector<int32_t> panelBegin;  // first chunk of each panel, and behind the last

  explicit SlotLayout(const std::vector<FeatureBins>& bins);
  SlotLayout() = default;

  int32_t panels() const { return static_cast<int32_t>(panelBegin.size()) - 1; }
  int32_t slotsOf(int32_t chunk) const {
    const int32_t left = features - chunk * chunkSlots;
    return left < chunkSlots ? left : chunkSlots;
  }
  /// Bytes from row to row: a power of two, so that a row lies in one cache line.
  int32_t stride(int32_t panel) const {
    const size_t p = static_cast<size_t>(panel);
    const int32_t chunksHere = panelBegin[p + 1] - panelBegin[p];
    return chunksHere > 2 ? 32 : chunkSlots * chunksHere;
  }
};

class BinnedTable {
 public:
  /// `fromDoubles`: the matrices that fill it are float64.
  BinnedTable(const std::vector<FeatureBins>& bins, int64_t rows, bool fromDoubles);

  const SlotLayout& layout() const { return layout_; }
  int64_t rows() const { return rows_; }
  const uint8_t* column(int32_t slot) const { return columns_.data() + slot * rows_; }
  const uint8_t* panel(int32_t p) const { return panels_.data() + panelOffset_[static_cast<size_t>(p)]; }

  /// A missing cell was among those that were filled in.
  bool hasMissing(int32_t feature) const { return missing_[static_cast<size_t>(feature)] != 0; }

  /// Bins rows begin .. end − 1 of the table, which are `rowIds[i]` (or i) of `x`. A few hundred to a call;
  /// calls for different rows may run at once, each with `room` for as many numbers.
  void fill(const std::vector<FeatureBins>& bins, const RowMatrix& x, const int32_t* rowIds,
            int64_t begin, int64_t end, double* room);

 private:
  int64_t rows_;
  SlotLayout layout_;
  std::vector<int64_t> panelOffset_;
  AlignedArray<uint8_t> columns_;
  AlignedArray<uint8_t> panels_;
  std::vector<std::vector<float>> floats_;    // edges by feature, as the matrix has them
  std::vector<std::vector<double>> doubles_;
  std::vector<uint8_t> missing_;  // by feature
};

/// The edges of a feature: between neighbouring values where there are few, else quantiles of `values`
/// (averaged inverse of the distribution function; weighted where `weights` are given). `values` are
/// sorted, `weights` cumulated; `room` has place for as many values.
template <typename T>
std::vector<double> quantileEdges(T* values, double* weights, int64_t count, int32_t maxBins,
                                  T* room);

}  // namespace athanor

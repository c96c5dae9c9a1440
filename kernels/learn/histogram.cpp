// The inner loop of boosting: each row adds its gradient to one cell for each of its features.
#include "learn/histogram.h"

#include <algorithm>
#include <cstring>

namespace athanor {

namespace {

/// Rows whose sums stay in float32. The cells of a panel are emptied once for so many.
constexpr int64_t blockRows = 8192;
constexpr int64_t smallestPiece = 8192;
constexpr int64_t mostPieces = 16;
constexpr int64_t partialBytes = int64_t(64) << 20;
/// A node of fewer rows is divided by features alone.
constexpr int64_t byFeatures = 2 * smallestPiece;
constexpr int prefetchRows = 16;

/// Cells of a slot: 256 bins, and some behind them so that slots do not meet in the same cache sets.
constexpr int64_t slotCells = 260;

/// Scratch that each worker needs.
constexpr size_t cellBytes = static_cast<size_t>(panelChunks * chunkSlots * slotCells) * 4 * sizeof(float);

typedef float Cell4 __attribute__((vector_size(16)));
typedef float Cell2 __attribute__((vector_size(8)));
typedef double Wide4 __attribute__((vector_size(32)));

template <bool unit>
struct Cells;
/// (gradient, hessian, 1, 0)
template <>
struct Cells<false> {
  using Cell = Cell4;
  static Cell of(const float* gradients, int64_t row) {
    return Cell4{gradients[2 * row], gradients[2 * row + 1], 1.0f, 0.0f};
  }
  static const float* at(const float* gradients, int64_t row) { return gradients + 2 * row; }
};
/// (gradient, 1)
template <>
struct Cells<true> {
  using Cell = Cell2;
  static Cell of(const float* gradients, int64_t row) { return Cell2{gradients[row], 1.0f}; }
  static const float* at(const float* gradients, int64_t row) { return gradients + row; }
};

/// Up to four cells are read before the first is written back.
template <typename Cell, int slots>
inline __attribute__((always_inline)) void addCells(const uint8_t* bins, Cell value, char* cells) {
  Cell* at[slots];
  Cell sum[slots];
#pragma GCC unroll 4
  for (int s = 0; s < slots; s++) {
    const size_t offset = static_cast<size_t>(bins[s]) * sizeof(Cell);
    at[s] = reinterpret_cast<Cell*>(cells + offset + s * slotCells * static_cast<int64_t>(sizeof(Cell)));
    sum[s] = *at[s] + value;
  }
#pragma GCC unroll 4
  for (int s = 0; s < slots; s++) *at[s] = sum[s];
}

template <typename Cell, int slots>
inline __attribute__((always_inline)) void addRow(const uint8_t* bins, Cell value, char* cells) {
#if !defined(__wasm__)
  // One register for the cells, so that slots are constants of the instructions.
  asm("" : "+r"(cells));
#endif
  constexpr int first = slots < 4 ? slots : 4;
  addCells<Cell, first>(bins, value, cells);
  if constexpr (slots > first)
    addCells<Cell, slots - first>(bins + first, value, cells + first * slotCells * static_cast<int64_t>(sizeof(Cell)));
}

template <bool unit, bool indexed, int tail>
void addRows(const uint8_t* panel, int64_t stride, int fullChunks, const uint32_t* ids, int64_t begin,
             int64_t end, const float* gradients, void* cells) {
  using C = Cells<unit>;
  auto* const at = static_cast<char*>(cells);
  constexpr int64_t chunkBytes = chunkSlots * slotCells * static_cast<int64_t>(sizeof(typename C::Cell));
  const int64_t lastAhead = end - prefetchRows;
  for (int64_t i = begin; i < end; i++) {
    int64_t row = i;
    if constexpr (indexed) {
      row = ids[i];
      if (i < lastAhead) {
        const int64_t ahead = ids[i + prefetchRows];
        __builtin_prefetch(panel + ahead * stride);
        __builtin_prefetch(C::at(gradients, ahead));
      }
    }
    const uint8_t* bins = panel + row * stride;
    const typename C::Cell value = C::of(gradients, row);
    for (int c = 0; c < fullChunks; c++)
      addRow<typename C::Cell, chunkSlots>(bins + c * chunkSlots, value, at + c * chunkBytes);
    if constexpr (tail > 0)
      addRow<typename C::Cell, tail>(bins + fullChunks * chunkSlots, value,
                                     at + fullChunks * chunkBytes);
  }
}

using AddRows = void (*)(const uint8_t*, int64_t, int, const uint32_t*, int64_t, int64_t, const float*,
                         void*);

template <bool unit, bool indexed>
AddRows addRowsFor(int tail) {
  static constexpr AddRows all[chunkSlots] = {
      addRows<unit, indexed, 0>, addRows<unit, indexed, 1>, addRows<unit, indexed, 2>,
      addRows<unit, indexed, 3>, addRows<unit, indexed, 4>, addRows<unit, indexed, 5>,
      addRows<unit, indexed, 6>, addRows<unit, indexed, 7>,
  };
  return all[tail];
}

/// Adds (or writes) the float32 cells of a chunk to its float64 sums.
template <bool unit, bool first>
void empty(const float* cells, int64_t bins, double* sums) {
  if constexpr (unit) {
    for (int64_t b = 0; b < bins; b++, sums += 2 * chunkSlots)
      for (int s = 0; s < chunkSlots; s++) {
        const float* const cell = cells + 2 * (s * slotCells + b);
        sums[s] = cell[0] + (first ? 0.0 : sums[s]);
        sums[chunkSlots + s] = cell[1] + (first ? 0.0 : sums[chunkSlots + s]);
      }
  } else {
    for (int64_t b = 0; b < bins; b++, sums += 3 * chunkSlots)
      for (int half = 0; half < 2; half++) {
        Cell4 c[4];
        for (int s = 0; s < 4; s++) memcpy(&c[s], cells + 4 * ((half * 4 + s) * slotCells + b), 16);
        const Cell4 low01 = __builtin_shufflevector(c[0], c[1], 0, 4, 1, 5);
        const Cell4 low23 = __builtin_shufflevector(c[2], c[3], 0, 4, 1, 5);
        const Cell4 high01 = __builtin_shufflevector(c[0], c[1], 2, 6, 3, 7);
        const Cell4 high23 = __builtin_shufflevector(c[2], c[3], 2, 6, 3, 7);
        const Cell4 channel[3] = {__builtin_shufflevector(low01, low23, 0, 1, 4, 5),
                                  __builtin_shufflevector(low01, low23, 2, 3, 6, 7),
                                  __builtin_shufflevector(high01, high23, 0, 1, 4, 5)};
        for (int k = 0; k < 3; k++) {
          double* const to = sums + k * chunkSlots + half * 4;
          Wide4 wide = __builtin_convertvector(channel[k], Wide4);
          if (!first) {
            Wide4 old;
            memcpy(&old, to, 32);
            wide += old;
          }
          memcpy(to, &wide, 32);
        }
      }
  }
}

}  // namespace

HistogramShape::HistogramShape(const SlotLayout& layout, bool unitHessians) : unit(unitHessians) {
  int64_t at = 0;
  for (int32_t c = 0; c < layout.chunks; c++) {
    chunkBegin.push_back(at);
    at += layout.chunkBins[static_cast<size_t>(c)] * binSize();
  }
  chunkBegin.push_back(at);
}

HistogramWork::HistogramWork(const BinnedTable& table, const HistogramShape& shape)
    : table_(table), shape_(shape) {
  const SlotLayout& layout = table.layout();
  for (int32_t p = 0; p < layout.panels(); p++) {
    const int32_t begin = layout.panelBegin[static_cast<size_t>(p)];
    const int32_t end = layout.panelBegin[static_cast<size_t>(p) + 1];
    panelGroups_.push_back({p, begin, end});
    for (int32_t c = begin; c < end; c += 2) chunkGroups_.push_back({p, c, std::min(c + 2, end)});
  }
  const int64_t bytes = shape.size() * static_cast<int64_t>(sizeof(double));
  mostPieces_ = std::min({mostPieces, 1 + partialBytes / bytes, table.rows() / smallestPiece});
  mostPieces_ = std::max<int64_t>(mostPieces_, 1);
  partial_.resize((mostPieces_ - 1) * shape.size());
}

bool HistogramWork::reserve(Runtime& runtime) {
  bool enough = true;
  for (int w = 0; w < threads(runtime); w++) enough &= scratch(runtime, w, 0, cellBytes) != nullptr;
  return enough;
}

void HistogramWork::begin(NodeRows rows, const float* gradients, double* sums) {
  rows_ = rows;
  gradients_ = gradients;
  sums_ = sums;
  pieces_ = rows.count < byFeatures ? 1 : std::min(mostPieces_, rows.count / smallestPiece);
  groups_ = pieces_ > 1 ? &panelGroups_ : &chunkGroups_;
  const double slots = static_cast<double>(table_.layout().features) / static_cast<double>(groups_->size());
  cost_ = slots * (static_cast<double>(rows.count) / static_cast<double>(pieces_) + 500);
}

void HistogramWork::run(Runtime& runtime, int64_t task, int worker) {
  const int64_t piece = task / static_cast<int64_t>(groups_->size());
  const Group group = (*groups_)[static_cast<size_t>(task) % groups_->size()];
  const SlotLayout& layout = table_.layout();
  const int32_t panelFirst = layout.panelBegin[static_cast<size_t>(group.panel)];
  const int64_t stride = layout.stride(group.panel);
  const uint8_t* const panel = table_.panel(group.panel) + (group.firstChunk - panelFirst) * chunkSlots;
  const int32_t chunks = group.endChunk - group.firstChunk;
  const int tail = layout.slotsOf(group.endChunk - 1) % chunkSlots;
  const AddRows add = shape_.unit
                          ? (rows_.ids ? addRowsFor<true, true>(tail) : addRowsFor<true, false>(tail))
                          : (rows_.ids ? addRowsFor<false, true>(tail) : addRowsFor<false, false>(tail));
  const int64_t cellFloats = shape_.unit ? 2 : 4;
  const int64_t chunkFloats = chunkSlots * slotCells * cellFloats;
  float* const cells = static_cast<float*>(scratch(runtime, worker, 0, cellBytes));
  double* const sums = piece == 0 ? sums_ : partial_.data() + (piece - 1) * shape_.size();

  const int64_t begin = rows_.count * piece / pieces_;
  const int64_t end = rows_.count * (piece + 1) / pieces_;
  for (int64_t from = begin; from == begin || from < end; from += blockRows) {
    for (int32_t c = 0; c < chunks; c++) {
      const int64_t bins = layout.chunkBins[static_cast<size_t>(group.firstChunk + c)];
      for (int s = 0; s < chunkSlots; s++)
        memset(cells + c * chunkFloats + s * slotCells * cellFloats, 0,
               static_cast<size_t>(bins * cellFloats) * sizeof(float));
    }
    add(panel, stride, chunks - (tail > 0), rows_.ids, from, std::min(from + blockRows, end), gradients_,
        cells);
    for (int32_t c = 0; c < chunks; c++) {
      const int32_t chunk = group.firstChunk + c;
      const int64_t bins = layout.chunkBins[static_cast<size_t>(chunk)];
      double* const to = sums + shape_.chunkBegin[static_cast<size_t>(chunk)];
      const float* const of = cells + c * chunkFloats;
      if (from == begin) {
        shape_.unit ? empty<true, true>(of, bins, to) : empty<false, true>(of, bins, to);
      } else {
        shape_.unit ? empty<true, false>(of, bins, to) : empty<false, false>(of, bins, to);
      }
    }
  }
}

void HistogramWork::gather(int32_t chunk) {
  const int64_t begin = shape_.chunkBegin[static_cast<size_t>(chunk)];
  const int64_t end = shape_.chunkBegin[static_cast<size_t>(chunk) + 1];
  for (int64_t piece = 1; piece < pieces_; piece++) {
    const double* const part = partial_.data() + (piece - 1) * shape_.size();
    for (int64_t i = begin; i < end; i++) sums_[i] += part[i];
  }
}

}  // namespace athanor

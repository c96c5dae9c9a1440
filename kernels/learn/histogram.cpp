// The inner loop of boosting: each row adds its gradient to one cell for each of its features.
#include "learn/histogram.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace athanor {

namespace {

/// Rows that a cell can count. The cells of a panel are emptied once for so many.
constexpr int64_t blockRows = 16384;
constexpr int countBits = 15;
constexpr int64_t countMask = (int64_t(1) << countBits) - 1;
/// Bits of a row's gradient or hessian: with those of the count, a block's sum fits into 63.
constexpr int mostBits = 33;
constexpr int64_t smallestPiece = 8192;
constexpr int64_t mostPieces = 16;
constexpr int64_t partialBytes = int64_t(64) << 20;
/// A node of fewer rows is divided by features alone.
constexpr int64_t byFeatures = 2 * smallestPiece;
constexpr int prefetchRows = 16;

/// Cells of a slot: 256 bins, and some behind them so that slots do not meet in the same cache sets.
constexpr int64_t slotCells = 260;
constexpr int64_t pairBytes = 16;
/// Scratch that each worker needs.
constexpr size_t cellBytes = static_cast<size_t>(panelChunks * chunkSlots * slotCells * pairBytes);

typedef int64_t Pair __attribute__((vector_size(16)));
typedef double DoublePair __attribute__((vector_size(16)));
typedef float FloatPair __attribute__((vector_size(8)));
typedef int64_t Four __attribute__((vector_size(32)));
typedef double FourDoubles __attribute__((vector_size(32)));

/// Added to a number below 2^51 it leaves the nearest integer in the low bits.
constexpr double shift = 6755399441055744.0;
constexpr int64_t shiftBits = 0x4338000000000000;

/// What a row adds to its cells.
template <bool unit>
struct Cells;
/// (gradient, hessian · 2^15 + 1)
template <>
struct Cells<false> {
  using Cell = Pair;
  DoublePair scale, spread{1, double(countMask + 1)}, one{0, 1}, shifts{shift, shift};
  explicit Cells(const FixedPoint& fixed) : scale{fixed.gradientScale, fixed.hessianScale} {}
  Pair of(const float* gradients, int64_t row) const {
    FloatPair pair;
    memcpy(&pair, at(gradients, row), sizeof(pair));
    const DoublePair whole = __builtin_convertvector(pair, DoublePair) * scale + shifts;
    const DoublePair value = (whole - shifts) * spread + one + shifts;
    Pair bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits - Pair{shiftBits, shiftBits};
  }
  static const float* at(const float* gradients, int64_t row) { return gradients + 2 * row; }
};
/// gradient · 2^15 + 1
template <>
struct Cells<true> {
  using Cell = int64_t;
  double scale;
  explicit Cells(const FixedPoint& fixed) : scale(fixed.gradientScale) {}
  int64_t of(const float* gradients, int64_t row) const {
    const double value = static_cast<double>(gradients[row]) * scale + shift;
    int64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return (bits - shiftBits) * (countMask + 1) + 1;
  }
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
    addCells<Cell, slots - first>(bins + first, value,
                                  cells + first * slotCells * static_cast<int64_t>(sizeof(Cell)));
}

template <bool unit, bool indexed, int tail>
void addRows(const uint8_t* panel, int64_t stride, int fullChunks, const uint32_t* ids, int64_t begin,
             int64_t end, const float* gradients, const FixedPoint& fixed, char* cells) {
  using C = Cells<unit>;
  using Cell = typename C::Cell;
  const C rows(fixed);
  constexpr int64_t chunkBytes = chunkSlots * slotCells * static_cast<int64_t>(sizeof(Cell));
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
    const Cell value = rows.of(gradients, row);
    for (int c = 0; c < fullChunks; c++)
      addRow<Cell, chunkSlots>(bins + c * chunkSlots, value, cells + c * chunkBytes);
    if constexpr (tail > 0)
      addRow<Cell, tail>(bins + fullChunks * chunkSlots, value, cells + fullChunks * chunkBytes);
  }
}

using AddRows = void (*)(const uint8_t*, int64_t, int, const uint32_t*, int64_t, int64_t, const float*,
                         const FixedPoint&, char*);

template <bool unit, bool indexed>
AddRows addRowsFor(int tail) {
  static constexpr AddRows all[chunkSlots] = {
      addRows<unit, indexed, 0>, addRows<unit, indexed, 1>, addRows<unit, indexed, 2>,
      addRows<unit, indexed, 3>, addRows<unit, indexed, 4>, addRows<unit, indexed, 5>,
      addRows<unit, indexed, 6>, addRows<unit, indexed, 7>,
  };
  return all[tail];
}

/// Adds (or writes) four sums, which are whole numbers below 2^51, as numbers.
template <bool first>
inline void addFour(Four whole, double scale, double* to) {
  const Four biased = whole + shiftBits;
  FourDoubles value;
  memcpy(&value, &biased, sizeof(value));
  value = (value - shift) * scale;
  if (!first) {
    FourDoubles old;
    memcpy(&old, to, sizeof(old));
    value += old;
  }
  memcpy(to, &value, sizeof(value));
}

/// Adds (or writes) the cells of a chunk to its sums.
template <bool unit, bool first>
void empty(const char* cells, int64_t bins, const FixedPoint& fixed, double* sums) {
  const double gradient = 1 / fixed.gradientScale;
  const double hessian = 1 / fixed.hessianScale;
  constexpr int64_t slotBytes = slotCells * (unit ? 8 : pairBytes);
  for (int64_t b = 0; b < bins; b++, sums += (unit ? 2 : 3) * chunkSlots)
    for (int s = 0; s < chunkSlots; s += 4) {
      const char* const at = cells + s * slotBytes + b * (unit ? 8 : pairBytes);
      if constexpr (unit) {
        int64_t c[4];
        for (int i = 0; i < 4; i++) memcpy(&c[i], at + i * slotBytes, 8);
        const Four both{c[0], c[1], c[2], c[3]};
        const Four count = both & countMask;
        addFour<first>((both - count) >> countBits, gradient, sums + s);
        addFour<first>(count, 1, sums + chunkSlots + s);
      } else {
        Pair c[4];
        for (int i = 0; i < 4; i++) memcpy(&c[i], at + i * slotBytes, 16);
        const Four even = __builtin_shufflevector(c[0], c[2], 0, 1, 2, 3);
        const Four odd = __builtin_shufflevector(c[1], c[3], 0, 1, 2, 3);
        const Four both = __builtin_shufflevector(even, odd, 1, 5, 3, 7);
        addFour<first>(__builtin_shufflevector(even, odd, 0, 4, 2, 6), gradient, sums + s);
        addFour<first>(both >> countBits, hessian, sums + chunkSlots + s);
        addFour<first>(both & countMask, 1, sums + 2 * chunkSlots + s);
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

FixedPoint::FixedPoint(double largestGradient, double largestHessian, int64_t rows) {
  // All rows' sum has at most 52 bits, so that float64 adds without rounding.
  int bits = 52;
  while (rows > 0) rows /= 2, bits--;
  bits = std::min(bits, mostBits);
  const auto scale = [bits](double largest) {
    int exponent = 0;
    std::frexp(largest, &exponent);
    return std::ldexp(1.0, std::min(std::max(bits - exponent, -1000), 1000));
  };
  gradientScale = scale(largestGradient);
  hessianScale = scale(largestHessian);
}

bool HistogramWork::reserve(Runtime& runtime) {
  bool enough = true;
  for (int w = 0; w < threads(runtime); w++) enough &= scratch(runtime, w, 0, cellBytes) != nullptr;
  return enough;
}

void HistogramWork::begin(NodeRows rows, const float* gradients, const FixedPoint& fixed, double* sums) {
  rows_ = rows;
  fixed_ = fixed;
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
  const int64_t cell = shape_.unit ? 8 : pairBytes;
  const int64_t chunkBytes = chunkSlots * slotCells * cell;
  char* const cells = static_cast<char*>(scratch(runtime, worker, 0, cellBytes));
  double* const sums = piece == 0 ? sums_ : partial_.data() + (piece - 1) * shape_.size();

  const int64_t begin = rows_.count * piece / pieces_;
  const int64_t end = rows_.count * (piece + 1) / pieces_;
  for (int64_t from = begin; from == begin || from < end; from += blockRows) {
    for (int32_t c = 0; c < chunks; c++) {
      const int64_t bins = layout.chunkBins[static_cast<size_t>(group.firstChunk + c)];
      for (int s = 0; s < chunkSlots; s++)
        memset(cells + c * chunkBytes + s * slotCells * cell, 0, static_cast<size_t>(bins * cell));
    }
    add(panel, stride, chunks - (tail > 0), rows_.ids, from, std::min(from + blockRows, end), gradients_,
        fixed_, cells);
    for (int32_t c = 0; c < chunks; c++) {
      const int32_t chunk = group.firstChunk + c;
      const int64_t bins = layout.chunkBins[static_cast<size_t>(chunk)];
      double* const to = sums + shape_.chunkBegin[static_cast<size_t>(chunk)];
      const char* const of = cells + c * chunkBytes;
      if (from == begin) {
        shape_.unit ? empty<true, true>(of, bins, fixed_, to) : empty<false, true>(of, bins, fixed_, to);
      } else {
        shape_.unit ? empty<true, false>(of, bins, fixed_, to) : empty<false, false>(of, bins, fixed_, to);
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

// Back through the steps of a recurrent cell: at each, first the gradients of the gates from that of the
// state, then that of the state before, one product with the transposed kernel, packed once.
#include "gemm-pack.h"
#include "recurrent-blocks.h"
#include "recurrent-cells.h"

namespace athanor {

namespace {

/// A block's own arrays: gradients of the state and the cell state [rows, padded], and of the gates
/// [rows, rowStride], which the product reads.
template <typename T>
struct BackState {
  T* hidden;
  T* cell;
  T* gates;
  int64_t padded;
  int64_t rowStride;
};

/// Where an upstream's values of one row and step lie; nullptr where there are none.
template <typename T>
const T* upstreamRow(const void* upstream, bool last, bool isLast, int64_t b, int64_t row, int64_t units) {
  if (upstream == nullptr || (last && !isLast)) return nullptr;
  return static_cast<const T*>(upstream) + (last ? b : row) * units;
}

/// The gates' gradients of row b at step t; `before` is the step computed before it, or -1. The state's
/// gradient becomes what reaches the state before without the kernel.
template <typename T, typename Cell>
void backRow(const RecurrentGradientArguments& a, const BackState<T>& s, int64_t r, int64_t b, int64_t t,
             int64_t before, bool isLast) {
  constexpr int width = lanes<T>, gates = Cell::gates;
  const int64_t units = a.units, row = b * a.steps + t, plane = a.batch * a.steps * units;
  const T* const record = static_cast<const T*>(a.record);
  const T* const from = upstreamRow<T>(a.upstream, a.upstreamLast, isLast, b, row, units);
  const T* const cellFrom = upstreamRow<T>(a.cellUpstream, a.cellUpstreamLast, isLast, b, row, units);
  T* const forInputs = static_cast<T*>(a.target) + row * gates * units;
  T* const forRecurrent = forInputs + plane * gates;
  const int64_t rowBefore = (b * a.steps + before) * units;
  const T* const hiddenBefore =
      before < 0 ? static_cast<const T*>(a.hidden) + b * units : record + rowBefore;
  const T* const cellBefore = !Cell::hasCellState ? nullptr
                              : before < 0        ? static_cast<const T*>(a.cellState) + b * units
                                                  : record + plane + rowBefore;
  const bool keeps = a.mask != nullptr && a.mask[row] == 0;
  if (keeps) {
    const size_t bytes = sizeof(T) * static_cast<size_t>(gates * units);
    memset(forInputs, 0, bytes);
    if (Cell::hasOwnRecurrentPart) memset(forRecurrent, 0, bytes);
    memset(s.gates + r * s.rowStride, 0, bytes);
  }
  for (int64_t j = 0; j < units; j += width) {
    const int count = static_cast<int>(units - j < width ? units - j : width);
    T* const state = s.hidden + r * s.padded + j;
    T* const cell = s.cell + r * s.padded + j;
    Vec<T> d = load<T>(state);
    if (from != nullptr) d += loadSome(from + j, count);
    if (cellFrom != nullptr) store<T>(cell, load<T>(cell) + loadSome(cellFrom + j, count));
    if (!keeps)
      d = Cell::back(CellBack<T>{record + row * units + j, hiddenBefore + j,
                                 Cell::hasCellState ? cellBefore + j : nullptr, plane, units, count,
                                 forInputs + j, Cell::hasOwnRecurrentPart ? forRecurrent + j : nullptr,
                                 s.gates + r * s.rowStride + j, cell},
                     d);
    store<T>(state, d);
  }
}

template <typename T, typename Cell>
void backRows(const RecurrentGradientArguments& a, const T* packed, const BackState<T>& s, int64_t begin,
              int64_t end) {
  constexpr int gates = Cell::gates;
  const int64_t units = a.units, steps = a.steps, rows = end - begin, depth = gates * units;
  memset(s.hidden, 0, sizeof(T) * static_cast<size_t>(rows * s.padded));
  memset(s.cell, 0, sizeof(T) * static_cast<size_t>(rows * s.padded));
  const TileEnd<T> added{true, false, nullptr};
  for (int64_t n = 0; n < steps; n++) {
    const int64_t t = a.backwards ? n : steps - 1 - n;
    const int64_t before = n == steps - 1 ? -1 : a.backwards ? t + 1 : t - 1;
    for (int64_t r = 0; r < rows; r++) backRow<T, Cell>(a, s, r, begin + r, t, before, n == 0);
    for (int64_t j = 0; j < units; j += tileColumns<T>)
      forTiles<tileVectors>(rows, [&](int64_t i, int64_t height) {
        rowsTile<T, tileVectors>(height)(depth, s.gates + i * s.rowStride, s.rowStride, 1,
                                         packed + j * depth, tileColumns<T>, s.hidden + i * s.padded + j,
                                         s.padded, tileColumns<T>, added);
      });
  }
  const int64_t states = a.batch * steps * depth * (Cell::hasOwnRecurrentPart ? 2 : 1);
  T* const forHidden = static_cast<T*>(a.target) + states;
  for (int64_t r = 0; r < rows; r++) {
    memcpy(forHidden + (begin + r) * units, s.hidden + r * s.padded, sizeof(T) * static_cast<size_t>(units));
    if (Cell::hasCellState)
      memcpy(forHidden + (a.batch + begin + r) * units, s.cell + r * s.padded,
             sizeof(T) * static_cast<size_t>(units));
  }
}

template <typename T, typename Cell>
Status back(Runtime& runtime, const RecurrentGradientArguments& a) {
  if (a.batch == 0 || a.steps == 0 || a.units == 0) return Status::ok;
  const int64_t padded = ceilDivide(a.units, tileColumns<T>) * tileColumns<T>;
  const int64_t depth = Cell::gates * a.units;
  // Rows one cache line apart from a power of two, so that they do not share a set.
  const int64_t rowStride = ceilDivide(depth, 16) * 16 + 16;
  const int64_t block = blockRows(a.batch, threads(runtime));
  const int64_t room = block * (2 * padded + rowStride);
  T* const packed = static_cast<T*>(scratch(runtime, 0, 2, sizeof(T) * static_cast<size_t>(padded * depth)));
  if (packed == nullptr) return Status::outOfMemory;
  for (int worker = 0; worker < threads(runtime); worker++)
    if (scratch(runtime, worker, 0, sizeof(T) * static_cast<size_t>(room)) == nullptr) return Status::outOfMemory;
  // Column j of the transposed kernel is the kernel's row j.
  const int64_t panels = padded / tileColumns<T>;
  parallelRanges(runtime, panels, rowsPerTask(depth * tileColumns<T>), [&](int64_t begin, int64_t end, int) {
    const int64_t first = begin * tileColumns<T>;
    const int64_t last = end * tileColumns<T> < a.units ? end * tileColumns<T> : a.units;
    pack<T, tileColumns<T>, true>(packed + first * depth, static_cast<const T*>(a.kernel) + first * depth,
                                  depth, 1, last - first, depth);
  });
  parallelRanges(runtime, a.batch, block, [&](int64_t begin, int64_t end, int worker) {
    T* const memory = static_cast<T*>(scratch(runtime, worker, 0, 0));
    const BackState<T> state{memory, memory + block * padded, memory + 2 * block * padded, padded, rowStride};
    backRows<T, Cell>(a, packed, state, begin, end);
  });
  return Status::ok;
}

}  // namespace

Status run(Runtime& runtime, const RecurrentGradientArguments& a) {
  return withCell(a.cell, [&](auto cell) {
    return a.dtype == DType::float64 ? back<double, decltype(cell)>(runtime, a)
                                     : back<float, decltype(cell)>(runtime, a);
  });
}

}  // namespace athanor

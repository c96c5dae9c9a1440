// A recurrent cell over a whole sequence. The recurrent kernel is packed once, the gates of each vector of
// units side by side, so that one register tile holds all a unit needs and becomes its new state at once.
#include "recurrent-cells.h"

#include "recurrent-blocks.h"

namespace athanor {

namespace {

/// [vector of units][row of the kernel][gate][lane], zeros beyond the last unit.
template <typename T, int gates>
void packKernel(const T* kernel, T* into, int64_t units, int64_t vector) {
  constexpr int width = lanes<T>;
  const int64_t first = vector * width;
  const int count = static_cast<int>(units - first < width ? units - first : width);
  into += vector * units * gates * width;
  for (int64_t k = 0; k < units; k++)
    for (int gate = 0; gate < gates; gate++, into += width)
      store<T>(into, loadSome(kernel + (k * gates + gate) * units + first, count));
}

template <typename T>
void copyRow(T* into, const T* from, int64_t units) {
  memcpy(into, from, sizeof(T) * static_cast<size_t>(units));
}

/// Rows [begin, end) through all steps. `states` holds three blocks of rows · padded elements.
template <typename T, typename Cell>
void runRows(const RecurrentArguments& a, const T* packed, T* states, int64_t padded, int64_t begin,
             int64_t end) {
  constexpr int width = lanes<T>, gates = Cell::gates, most = mostTileRows<gates>;
  const int64_t units = a.units, steps = a.steps, rows = end - begin;
  T* hidden = states;
  T* next = states + rows * padded;
  T* const cellState = states + 2 * rows * padded;
  memset(states, 0, sizeof(T) * static_cast<size_t>(3 * rows * padded));
  for (int64_t r = 0; r < rows; r++) {
    copyRow(hidden + r * padded, static_cast<const T*>(a.hidden) + (begin + r) * units, units);
    if (Cell::hasCellState)
      copyRow(cellState + r * padded, static_cast<const T*>(a.cellState) + (begin + r) * units, units);
  }
  const TileEnd<T> plain{false, false, nullptr};
  // The next step's inputs are far from this one's: they are asked for while this one's product is made.
  const int64_t ahead = steps < 2 ? 0 : (a.backwards ? -1 : 1) * gates * units;
  alignas(64) T product[most * gates * width];
  for (int64_t n = 0; n < steps; n++) {
    const int64_t t = a.backwards ? steps - 1 - n : n;
    for (int64_t j = 0; j < units; j += width) {
      const T* const panel = packed + j * units * gates;
      const int count = static_cast<int>(units - j < width ? units - j : width);
      forTiles<gates>(rows, [&](int64_t i, int64_t height) {
        for (int64_t r = 0; r < height && n + 1 < steps; r++)
          for (int gate = 0; gate < gates; gate++)
            __builtin_prefetch(static_cast<const T*>(a.inputs) + ((begin + i + r) * steps + t) * gates * units +
                               ahead + gate * units + j);
        rowsTile<T, gates>(height)(units, hidden + i * padded, padded, 1, panel, gates * width, product,
                                   gates * width, gates * width, plain);
        for (int64_t r = 0; r < height; r++) {
          const int64_t row = (begin + i + r) * steps + t;
          const int64_t at = (i + r) * padded + j;
          Cell::forward(CellStep<T>{static_cast<const T*>(a.inputs) + row * gates * units + j,
                                    product + r * gates * width,
                                    a.bias == nullptr ? nullptr : static_cast<const T*>(a.bias) + j,
                                    hidden + at,
                                    next + at,
                                    cellState + at,
                                    static_cast<T*>(a.target) + row * units + j,
                                    a.batch * steps * units,
                                    units,
                                    count,
                                    a.mask != nullptr && a.mask[row] == 0});
        }
      });
    }
    T* const swap = hidden;
    hidden = next;
    next = swap;
  }
}

template <typename T, typename Cell>
Status forward(Runtime& runtime, const RecurrentArguments& a) {
  if (a.batch == 0 || a.steps == 0 || a.units == 0) return Status::ok;
  constexpr int width = lanes<T>;
  const int64_t vectors = ceilDivide(a.units, width), padded = vectors * width;
  const int64_t block = blockRows(a.batch, threads(runtime));
  T* const packed =
      static_cast<T*>(scratch(runtime, 0, 2, sizeof(T) * static_cast<size_t>(padded * a.units * Cell::gates)));
  if (packed == nullptr) return Status::outOfMemory;
  for (int worker = 0; worker < threads(runtime); worker++)
    if (scratch(runtime, worker, 0, sizeof(T) * static_cast<size_t>(3 * block * padded)) == nullptr)
      return Status::outOfMemory;
  parallelRanges(runtime, vectors, rowsPerTask(a.units * Cell::gates * width), [&](int64_t begin, int64_t end, int) {
    for (int64_t v = begin; v < end; v++)
      packKernel<T, Cell::gates>(static_cast<const T*>(a.kernel), packed, a.units, v);
  });
  parallelRanges(runtime, a.batch, block, [&](int64_t begin, int64_t end, int worker) {
    runRows<T, Cell>(a, packed, static_cast<T*>(scratch(runtime, worker, 0, 0)), padded, begin, end);
  });
  return Status::ok;
}

}  // namespace

Status run(Runtime& runtime, const RecurrentArguments& a) {
  return withCell(a.cell, [&](auto cell) {
    return a.dtype == DType::float64 ? forward<double, decltype(cell)>(runtime, a)
                                     : forward<float, decltype(cell)>(runtime, a);
  });
}

}  // namespace athanor

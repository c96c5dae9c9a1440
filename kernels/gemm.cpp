// The matrix product after Goto & van de Geijn (2008) and BLIS: panels of A and B are packed so that
// the register tile streams them, a panel of B from the first-level cache, a block of A from the second.
// Small matrices are multiplied where they lie.
#include "gemm.h"

#include "elementwise.h"
#include "gemm-pack.h"

namespace athanor {

template <typename T, bool packed, int rows>
TileFunction<T> tileFunctionFrom(int wantedRows, int vectors) {
  if (wantedRows == rows) {
    if (vectors == 1) return tile<T, rows, 1, packed>;
    if (tileVectors > 2 && vectors == 2) return tile<T, rows, 2, packed>;
    return tile<T, rows, tileVectors, packed>;
  }
  if constexpr (rows > 1) return tileFunctionFrom<T, packed, rows - 1>(wantedRows, vectors);
  return nullptr;
}

template <typename T, bool packed>
TileFunction<T> tileFunction(int rows, int vectors) {
  return tileFunctionFrom<T, packed, tileRows>(rows, vectors);
}

namespace {

constexpr int64_t depthBlock = 256;
constexpr int64_t rowBlock = 16 * tileRows;
constexpr int64_t columnBlock = 128;
/// Columns and rows packed at a time: what the last-level cache holds well.
constexpr int64_t mostColumns = 2048;
constexpr int64_t mostRows = 4096;
/// Panels that one task packs: neighbours, so that source rows are read in longer runs.
constexpr int64_t panelsPerTask = 8;
/// Multiply-adds below which packing does not pay, and what one task should hold at least.
constexpr int64_t smallWork = 1 << 20;
constexpr int64_t workPerTask = 1 << 18;
/// With so few rows B is read only once or twice: copying it first would be the larger part.
constexpr int64_t fewRows = 2 * tileRows;

int64_t ceilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }
int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/// `length` in the fewest equal parts of at most `part`, in multiples of `unit`.
int64_t evenPart(int64_t length, int64_t part, int64_t unit) {
  const int64_t parts = ceilDivide(length, part);
  return ceilDivide(ceilDivide(length, parts), unit) * unit;
}

template <typename T>
void activateRows(const Product<T>& p, int64_t row, int64_t rows, int64_t column, int64_t columns) {
  if (p.activation == RegisterOp::copy || p.activation == RegisterOp::relu) return;
  const RowFunction<T> apply = rowFunction<T>(p.activation);
  for (int64_t r = row; r < row + rows; r++) {
    T* const x = p.out + r * p.outRow + column;
    apply(x, x, lanes<T>, x, 0, x, 0, columns);
  }
}

int vectorsFor(int columns, int width) { return (columns + width - 1) / width; }

}  // namespace

template <typename T>
Status multiplySmall(Runtime& runtime, int worker, const Product<T>& p) {
  constexpr int panel = tileColumns<T>;
  TileEnd<T> end{false, p.activation == RegisterOp::relu, nullptr};
  for (int64_t j = 0; j < p.columns; j += panel) {
    const int columns = static_cast<int>(least(panel, p.columns - j));
    const int vectors = vectorsFor(columns, lanes<T>);
    const T* b = p.right + j * p.rightColumn;
    int64_t bStep = p.rightRow;
    if (p.rightColumn != 1 || columns % lanes<T> != 0) {
      T* const packed = static_cast<T*>(scratch(runtime, worker, 0, sizeof(T) * panel * (p.depth + 1)));
      if (packed == nullptr) return Status::outOfMemory;
      pack<T, panel, true>(packed, b, p.rightColumn, p.rightRow, columns, p.depth);
      b = packed;
      bStep = panel;
    }
    if (p.bias != nullptr) end.bias = p.bias + j;
    for (int64_t i = 0; i < p.rows; i += tileRows) {
      const int rows = static_cast<int>(least(tileRows, p.rows - i));
      tileFunction<T, false>(rows, vectors)(p.depth, p.left + i * p.leftRow, p.leftRow, p.leftColumn, b,
                                            bStep, p.out + i * p.outRow + j, p.outRow, columns, end);
    }
  }
  activateRows(p, 0, p.rows, 0, p.columns);
  return Status::ok;
}

namespace {

template <typename T>
Status multiplyPacked(Runtime& runtime, const Product<T>& p) {
  constexpr int panel = tileColumns<T>;
  const int64_t depthStep = evenPart(p.depth, depthBlock, 8);
  const int64_t columnStep = evenPart(p.columns, mostColumns, panel);
  const int64_t rowStep = evenPart(p.rows, mostRows, tileRows);
  T* const right = static_cast<T*>(
      scratch(runtime, 0, 1, sizeof(T) * depthStep * ceilDivide(columnStep, panel) * panel));
  T* const left = static_cast<T*>(
      scratch(runtime, 0, 2, sizeof(T) * depthStep * ceilDivide(rowStep, tileRows) * tileRows));
  if (right == nullptr || left == nullptr) return Status::outOfMemory;

  for (int64_t i0 = 0; i0 < p.rows; i0 += rowStep) {
    const int64_t rows = least(rowStep, p.rows - i0);
    const int64_t rowPart = evenPart(rows, rowBlock, tileRows);
    const int64_t rowParts = ceilDivide(rows, rowPart);
    for (int64_t j0 = 0; j0 < p.columns; j0 += columnStep) {
      const int64_t columns = least(columnStep, p.columns - j0);
      const int64_t columnPart = evenPart(columns, columnBlock, panel);
      const int64_t columnParts = ceilDivide(columns, columnPart);
      for (int64_t k0 = 0; k0 < p.depth; k0 += depthStep) {
        const int64_t depth = least(depthStep, p.depth - k0);
        const int64_t rightPanels = ceilDivide(columns, panel);
        const int64_t leftPanels = ceilDivide(rows, tileRows);
        const int64_t rightTasks = ceilDivide(rightPanels, panelsPerTask);
        auto packPanels = [&](int64_t task, int) {
          if (task < rightTasks) {
            const int64_t j = task * panelsPerTask * panel;
            pack<T, panel, true>(right + j * depth, p.right + (j0 + j) * p.rightColumn + k0 * p.rightRow,
                                 p.rightColumn, p.rightRow, least(panelsPerTask * panel, columns - j), depth);
          } else {
            const int64_t i = (task - rightTasks) * panelsPerTask * tileRows;
            pack<T, tileRows, false>(left + i * depth, p.left + (i0 + i) * p.leftRow + k0 * p.leftColumn,
                                     p.leftRow, p.leftColumn, least(panelsPerTask * tileRows, rows - i), depth);
          }
        };
        parallel(runtime, rightTasks + ceilDivide(leftPanels, panelsPerTask), packPanels);

        const bool last = k0 + depth == p.depth;
        auto compute = [&](int64_t task, int) {
          const int64_t rowStart = task % rowParts * rowPart;
          const int64_t columnStart = task / rowParts * columnPart;
          const int64_t rowEnd = least(rowStart + rowPart, rows);
          const int64_t columnEnd = least(columnStart + columnPart, columns);
          TileEnd<T> end{k0 > 0, last && p.activation == RegisterOp::relu, nullptr};
          for (int64_t j = columnStart; j < columnEnd; j += panel) {
            const int width = static_cast<int>(least(panel, columnEnd - j));
            const int vectors = vectorsFor(width, lanes<T>);
            if (last && p.bias != nullptr) end.bias = p.bias + j0 + j;
            for (int64_t i = rowStart; i < rowEnd; i += tileRows) {
              const int height = static_cast<int>(least(tileRows, rowEnd - i));
              tileFunction<T, true>(height, vectors)(depth, left + i * depth, 1, height, right + j * depth,
                                                     panel, p.out + (i0 + i) * p.outRow + j0 + j,
                                                     p.outRow, width, end);
            }
          }
          if (last) activateRows(p, i0 + rowStart, rowEnd - rowStart, j0 + columnStart, columnEnd - columnStart);
        };
        parallel(runtime, rowParts * columnParts, compute);
      }
    }
  }
  return Status::ok;
}

}  // namespace

namespace {

/// Small products in parallel, cut along the longer side of C.
template <typename T>
Status multiplyUnpacked(Runtime& runtime, const Product<T>& p) {
  const int64_t work = p.rows * p.columns * p.depth;
  const bool byRows = p.rows > p.columns;
  const int64_t unit = byRows ? tileRows : tileColumns<T>;
  const int64_t length = byRows ? p.rows : p.columns;
  const int64_t units = ceilDivide(length, unit);
  const int64_t tasks = least(units, work / workPerTask);
  if (tasks <= 1) return multiplySmall(runtime, 0, p);
  const int64_t step = ceilDivide(units, tasks) * unit;
  bool failed = false;
  auto task = [&](int64_t index, int worker) {
    const int64_t start = index * step;
    Product<T> part = p;
    if (byRows) {
      part.rows = least(step, p.rows - start);
      part.left += start * p.leftRow;
      part.out += start * p.outRow;
    } else {
      part.columns = least(step, p.columns - start);
      part.right += start * p.rightColumn;
      part.out += start;
      if (part.bias != nullptr) part.bias += start;
    }
    if (multiplySmall(runtime, worker, part) != Status::ok) __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
  };
  parallel(runtime, ceilDivide(length, step), task);
  return __atomic_load_n(&failed, __ATOMIC_RELAXED) ? Status::outOfMemory : Status::ok;
}

}  // namespace

template <typename T>
Status multiply(Runtime& runtime, const Product<T>& product) {
  const int64_t work = product.rows * product.columns * product.depth;
  if (work <= smallWork || product.rows <= fewRows) return multiplyUnpacked(runtime, product);
  return multiplyPacked(runtime, product);
}

namespace {

template <typename T>
Status runMatmul(Runtime& runtime, const MatmulArguments& a) {
  int64_t rows = a.rows, batch = a.batch;
  if (rows <= 0 || a.columns <= 0 || batch <= 0) return Status::ok;
  // One right matrix for all and left ones that follow each other: a single, taller product.
  if (batch > 1 && a.right.batchStride == 0 && a.left.batchStride == rows * a.left.rowStride) {
    rows *= batch;
    batch = 1;
  }
  const auto product = [&](int64_t b) {
    return Product<T>{rows,
                      a.columns,
                      a.depth,
                      static_cast<const T*>(a.left.data) + b * a.left.batchStride,
                      a.left.rowStride,
                      a.left.columnStride,
                      static_cast<const T*>(a.right.data) + b * a.right.batchStride,
                      a.right.rowStride,
                      a.right.columnStride,
                      static_cast<T*>(a.out) + b * rows * a.columns,
                      a.columns,
                      static_cast<const T*>(a.bias),
                      a.activation};
  };
  const int64_t work = rows * a.columns * (a.depth + 1);
  if (batch > 1 && work <= smallWork) {
    const int64_t perTask = ceilDivide(workPerTask, work);
    bool failed = false;
    auto task = [&](int64_t index, int worker) {
      const int64_t end = least(batch, (index + 1) * perTask);
      for (int64_t b = index * perTask; b < end; b++)
        if (multiplySmall(runtime, worker, product(b)) != Status::ok)
          __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
    };
    parallel(runtime, ceilDivide(batch, perTask), task);
    return __atomic_load_n(&failed, __ATOMIC_RELAXED) ? Status::outOfMemory : Status::ok;
  }
  for (int64_t b = 0; b < batch; b++) {
    const Status status = multiply(runtime, product(b));
    if (status != Status::ok) return status;
  }
  return Status::ok;
}

}  // namespace

Status run(Runtime& runtime, const MatmulArguments& arguments) {
  return arguments.dtype == DType::float64 ? runMatmul<double>(runtime, arguments)
                                           : runMatmul<float>(runtime, arguments);
}

}  // namespace athanor

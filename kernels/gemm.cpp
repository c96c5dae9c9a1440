// The matrix product after Goto & van de Geijn (2008) and BLIS: panels of A and B are packed so that
// the register tile streams them, a panel of B from the first-level cache, a block of A from the second.
// A is packed by all, then each task packs the columns of B that it alone needs: one fork for the whole
// product. Small matrices are multiplied where they lie.
#include "gemm.h"

#include "elementwise.h"
#include "gemm-pack.h"
#include "ranges.h"

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
/// Rows of A that stay in the second-level cache while a task's panels of B pass over them.
constexpr int64_t rowBlock = 16 * tileRows;
/// Elements of A packed at a time, and rows of it: what the last-level cache holds well.
constexpr int64_t mostPacked = 1 << 22;
constexpr int64_t mostRows = 4096;
/// Panels of A that one task packs: neighbours, so that source rows are read in longer runs.
constexpr int64_t panelsPerTask = 8;
/// Panels of B that one task packs and multiplies at most.
constexpr int64_t mostPanels = 8;
/// Tasks for each thread: the last one to finish should keep the others waiting for little.
constexpr int64_t tasksPerThread = 8;
/// Multiply-adds below which packing does not pay, and what one task should hold at least.
constexpr int64_t smallWork = 1 << 20;
constexpr int64_t workPerTask = 1 << 18;
/// With so few rows B is read only once or twice: copying it first would be the larger part.
constexpr int64_t fewRows = 2 * tileRows;

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

/// How the columns and rows of C are dealt out to tasks. Sums do not depend on it.
struct Deal {
  int64_t columns;  // of one task
  int64_t groups;
  int64_t rows;  // of one task
  int64_t parts;
};

Deal deal(int64_t rows, int64_t columns, int64_t panel, int64_t threads) {
  const int64_t panels = ceilDivide(columns, panel);
  const int64_t wanted = threads * tasksPerThread;
  int64_t width = panels / wanted;
  width = width < 1 ? 1 : least(width, mostPanels);
  const int64_t groups = ceilDivide(panels, width);
  // Too few columns: rows are cut too, and every part packs B for itself.
  const int64_t parts = least(ceilDivide(wanted, groups), ceilDivide(rows, 2 * rowBlock));
  const int64_t part = evenPart(rows, ceilDivide(rows, parts), tileRows);
  return {width * panel, groups, part, ceilDivide(rows, part)};
}

/// C's `rows` × all columns (+)= A · B over `depth` steps that begin at `k0`.
template <typename T>
Status multiplyPart(Runtime& runtime, const Product<T>& p, int64_t i0, int64_t rows, int64_t k0,
                    int64_t depth, int64_t depthStep) {
  constexpr int panel = tileColumns<T>;
  const Deal d = deal(rows, p.columns, panel, threads(runtime));
  T* const left = static_cast<T*>(scratch(runtime, 0, 2, sizeof(T) * depth * rows));
  if (left == nullptr) return Status::outOfMemory;
  for (int worker = 0; worker < threads(runtime); worker++)
    if (scratch(runtime, worker, 1, sizeof(T) * depthStep * d.columns) == nullptr) return Status::outOfMemory;

  const int64_t packsPerBlock = ceilDivide(ceilDivide(rows, tileRows), panelsPerTask);
  const int64_t packs = packsPerBlock * ceilDivide(depth, depthStep);
  int64_t packed = 0;
  auto packLeft = [&](int64_t task) {
    const int64_t k = task / packsPerBlock * depthStep;
    const int64_t blockDepth = least(depthStep, depth - k);
    const int64_t i = task % packsPerBlock * panelsPerTask * tileRows;
    pack<T, tileRows, false>(left + rows * k + i * blockDepth,
                             p.left + (i0 + i) * p.leftRow + (k0 + k) * p.leftColumn, p.leftRow,
                             p.leftColumn, least(panelsPerTask * tileRows, rows - i), blockDepth);
  };
  auto compute = [&](int64_t task, T* right) {
    const int64_t columnStart = task / d.parts * d.columns;
    const int64_t columns = least(d.columns, p.columns - columnStart);
    const int64_t rowStart = task % d.parts * d.rows, rowEnd = least(rowStart + d.rows, rows);
    const int64_t rowStep = evenPart(rowEnd - rowStart, rowBlock, tileRows);
    for (int64_t k = 0; k < depth; k += depthStep) {
      const int64_t blockDepth = least(depthStep, depth - k);
      pack<T, panel, true>(right, p.right + columnStart * p.rightColumn + (k0 + k) * p.rightRow,
                           p.rightColumn, p.rightRow, columns, blockDepth);
      if (k == 0) awaitCount(packed, packs);
      const T* const block = left + rows * k;
      const bool last = k0 + k + blockDepth == p.depth;
      TileEnd<T> end{k0 + k > 0, last && p.activation == RegisterOp::relu, nullptr};
      for (int64_t r = rowStart; r < rowEnd; r += rowStep) {
        const int64_t blockEnd = least(r + rowStep, rowEnd);
        for (int64_t j = 0; j < columns; j += panel) {
          const int width = static_cast<int>(least(panel, columns - j));
          const int vectors = vectorsFor(width, lanes<T>);
          if (last && p.bias != nullptr) end.bias = p.bias + columnStart + j;
          for (int64_t i = r; i < blockEnd; i += tileRows) {
            const int height = static_cast<int>(least(tileRows, rows - i));
            tileFunction<T, true>(height, vectors)(blockDepth, block + i * blockDepth, 1, height,
                                                   right + j * blockDepth, panel,
                                                   p.out + (i0 + i) * p.outRow + columnStart + j,
                                                   p.outRow, width, end);
          }
        }
      }
      if (last) activateRows(p, i0 + rowStart, rowEnd - rowStart, columnStart, columns);
    }
  };
  auto run = [&](int64_t task, int worker) {
    if (task < packs) {
      packLeft(task);
      count(packed);
    } else {
      compute(task - packs, static_cast<T*>(scratch(runtime, worker, 1, 0)));
    }
  };
  parallel(runtime, packs + d.groups * d.parts, run);
  return Status::ok;
}

template <typename T>
Status multiplyPacked(Runtime& runtime, const Product<T>& p) {
  const int64_t depthStep = evenPart(p.depth, depthBlock, 8);
  const int64_t rowStep = evenPart(p.rows, mostRows, tileRows);
  int64_t depthPart = mostPacked / rowStep / depthStep * depthStep;
  if (depthPart < depthStep) depthPart = depthStep;
  for (int64_t i0 = 0; i0 < p.rows; i0 += rowStep)
    for (int64_t k0 = 0; k0 < p.depth; k0 += depthPart) {
      const Status status = multiplyPart(runtime, p, i0, least(rowStep, p.rows - i0), k0,
                                         least(depthPart, p.depth - k0), depthStep);
      if (status != Status::ok) return status;
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

template Status multiply<float>(Runtime&, const Product<float>&);
template Status multiply<double>(Runtime&, const Product<double>&);
template Status multiplySmall<float>(Runtime&, int, const Product<float>&);
template Status multiplySmall<double>(Runtime&, int, const Product<double>&);

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

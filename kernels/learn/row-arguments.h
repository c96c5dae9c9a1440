// Rows as jobs get them from src/classic/linear-algebra/row-arguments.ts: dense float32 or float64, or
// sparse (CSR).
#pragma once
#include "learn/job.h"

namespace athanor {

enum class RowFormat : int32_t { float32 = 0, float64 = 1, sparse = 2 };

/// Row r's values are those from starts[r] to starts[r + 1], in ascending columns.
struct SparseRows {
  const double* values;
  const int32_t* starts;
  const int32_t* columns;
};

struct RowArguments {
  RowFormat format;
  int64_t rows;
  int64_t width;
  /// Row-major, where dense.
  const void* values;
  SparseRows sparse;
};

/// Four numbers (format, rows, width, values) and three arrays (values, starts, columns).
inline RowArguments readRows(Arguments& arguments) {
  RowArguments x{};
  x.format = static_cast<RowFormat>(arguments.integer(0, 2));
  x.rows = arguments.integer(1, (int64_t(1) << 31) - 1);
  x.width = arguments.integer(1, (int64_t(1) << 31) - 1);
  const int64_t count = arguments.integer(0, int64_t(1) << 40);
  const bool isSparse = x.format == RowFormat::sparse;
  if (x.format == RowFormat::float32)
    x.values = arguments.array<float>(x.rows * x.width);
  else
    x.values = arguments.array<double>(isSparse ? count : x.rows * x.width);
  const int32_t* const starts = arguments.array<int32_t>(isSparse ? x.rows + 1 : 0);
  const int32_t* const columns = arguments.array<int32_t>(isSparse ? count : 0);
  x.sparse = {static_cast<const double*>(x.values), starts, columns};
  return x;
}

}  // namespace athanor

// The rows that a linear model learns from, as they came: dense (row-major float or double) or sparse
// (CSR). Loops over them are written once for all three.
#pragma once
#include "learn/job.h"
#include "learn/wide-vectors.h"

namespace athanor {

enum class RowForm : int32_t { float32 = 0, float64 = 1, sparse = 2 };

struct DesignRows {
  RowForm form = RowForm::float64;
  int64_t rows = 0;
  int64_t width = 0;
  const float* floats = nullptr;
  const double* doubles = nullptr;
  /// Of sparse rows: row r has `values[starts[r] .. starts[r + 1])` in the columns `columns[…]`.
  const int32_t* starts = nullptr;
  const int32_t* columns = nullptr;
  const double* values = nullptr;

  bool sparse() const { return form == RowForm::sparse; }
  /// Values that are kept.
  int64_t cells() const { return sparse() ? starts[rows] : rows * width; }
  int64_t cells(int64_t from, int64_t to) const {
    return sparse() ? starts[to] - starts[from] : (to - from) * width;
  }

  /// `body(rowPointer)` with the type that dense rows have.
  template <typename F>
  void dense(int64_t row, F body) const {
    if (form == RowForm::float32)
      body(floats + row * width);
    else
      body(doubles + row * width);
  }

  /// Row `row` as float64 into `out[0 .. width)`.
  void copyRow(int64_t row, double* out) const;
};

/// Reads form, rows and width, and the arrays that belong to the form. False where they don't fit;
/// columns are checked, since they are used as places.
bool readRows(Arguments& arguments, DesignRows& x);

/// [0, rows) cut into at most `most` consecutive parts of about the same number of kept values: their
/// ends. The cuts depend on the data alone.
std::vector<int64_t> cutRows(const DesignRows& x, int64_t most);

}  // namespace athanor

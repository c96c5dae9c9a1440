// Reading the rows that a linear model learns from, and cutting them into parts.
#include "learn/design-rows.h"

namespace athanor {

void DesignRows::copyRow(int64_t row, double* out) const {
  if (!sparse()) {
    dense(row, [&](auto x) {
      for (int64_t j = 0; j < width; j++) out[j] = static_cast<double>(x[j]);
    });
    return;
  }
  for (int64_t j = 0; j < width; j++) out[j] = 0;
  for (int32_t n = starts[row]; n < starts[row + 1]; n++) out[columns[n]] = values[n];
}

namespace {

bool soundPlaces(const DesignRows& x, int64_t kept) {
  if (x.starts[0] != 0 || x.starts[x.rows] != kept) return false;
  for (int64_t r = 0; r < x.rows; r++)
    if (x.starts[r] > x.starts[r + 1]) return false;
  uint32_t most = 0;
  for (int64_t n = 0; n < kept; n++) {
    const uint32_t column = static_cast<uint32_t>(x.columns[n]);
    most = column > most ? column : most;
  }
  return kept == 0 || static_cast<int64_t>(most) < x.width;
}

}  // namespace

bool readRows(Arguments& arguments, DesignRows& x) {
  x.form = static_cast<RowForm>(arguments.integer(0, 2));
  x.rows = arguments.integer(1, int64_t(1) << 40);
  x.width = arguments.integer(1, int64_t(1) << 31);
  if (x.form == RowForm::float32) x.floats = arguments.array<float>(x.rows * x.width);
  if (x.form == RowForm::float64) x.doubles = arguments.array<double>(x.rows * x.width);
  if (x.form == RowForm::sparse) {
    x.starts = arguments.array<int32_t>(x.rows + 1);
    const Input columns = arguments.next();
    const int64_t kept = columns.count<int32_t>();
    x.columns = columns.as<int32_t>();
    x.values = arguments.array<double>(kept);
    return arguments.fits() && soundPlaces(x, kept);
  }
  return arguments.fits();
}

std::vector<int64_t> cutRows(const DesignRows& x, int64_t most) {
  const int64_t parts = most < 1 ? 1 : most < x.rows ? most : x.rows;
  std::vector<int64_t> ends;
  int64_t from = 0;
  for (int64_t part = 1; part <= parts; part++) {
    int64_t end = x.rows * part / parts;
    if (x.sparse()) {
      const int64_t wanted = x.cells() * part / parts;
      end = from;
      while (end < x.rows && (x.starts[end + 1] <= wanted || part == parts)) end++;
    }
    if (end > from) ends.push_back(from = end);
  }
  return ends;
}

}  // namespace athanor

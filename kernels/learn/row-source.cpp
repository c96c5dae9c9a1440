// Reading and checking of rows of features.
#include "learn/row-source.h"

namespace athanor {

bool readSource(Arguments& arguments, Source& source) {
  source.rows = arguments.integer(0, INT32_MAX);
  source.width = arguments.integer(1, INT32_MAX);
  const bool sparse = arguments.flag();
  const Input values = arguments.next();
  source.values = values.as<double>();
  const int64_t count = values.count<double>();
  if (!sparse) {
    arguments.next();
    arguments.next();
    return arguments.fits() && count == source.rows * source.width;
  }
  source.starts = arguments.array<int32_t>(source.rows + 1);
  source.columns = arguments.array<int32_t>(count);
  if (!arguments.fits() || source.starts[0] != 0 || source.starts[source.rows] != count) return false;
  for (int64_t r = 0; r < source.rows; r++)
    if (source.starts[r + 1] < source.starts[r]) return false;
  for (int64_t e = 0; e < count; e++)
    if (source.columns[e] < 0 || source.columns[e] >= source.width) return false;
  return true;
}

}  // namespace athanor

// The least-squares answer from a triangle: QR with column pivoting, and, where columns depend on each other,
// the answer of least norm (Golub & Van Loan 2013, sections 5.4 and 5.5).
#pragma once
#include <cstdint>
#include <vector>

namespace athanor {

struct RankedSolution {
  int64_t rank = 0;
  /// `count × width`.
  std::vector<double> coefficients;
};

/// Minimises ‖R · x − c‖ for each of `count` right sides, where R is `rows × width` (row-major, `stride`
/// apart) and the right sides are the columns behind it. Columns count as dependent when less than
/// `tolerance` of their length is left, so that scales do not matter.
RankedSolution solveRanked(const double* r, int64_t rows, int64_t width, int64_t stride, int64_t count,
                           double tolerance);

}  // namespace athanor

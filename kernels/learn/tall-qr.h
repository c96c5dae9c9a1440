// QR of a tall matrix: blocks of rows by Householder's reflectors, then the blocks' triangles together
// (TSQR; Demmel, Grigori, Hoemmen & Langou 2012). Reflectors are applied some columns at a time, as
// I − V · T · Vᵀ (Schreiber & Van Loan 1989). Blocks do not depend on the number of threads.
#pragma once
#include <vector>

#include "gemm.h"

namespace athanor {

class TallQr {
 public:
  /// `a` is `rows × columns`, row-major, no wider than tall. `wantQ`: Q takes its place, with orthonormal
  /// columns; otherwise what is left there has no meaning. R is `columns × columns`.
  static Status factor(Runtime& runtime, double* a, int64_t rows, int64_t columns, bool wantQ,
                       std::vector<double>& r);
};

}  // namespace athanor

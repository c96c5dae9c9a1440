// Pivoted Householder QR over columns of length 1.
#include "learn/rank-revealing.h"

#include <cmath>

#include "learn/wide-vectors.h"

namespace athanor {

namespace {

/// Columns of a matrix, one after the other.
struct Columns {
  int64_t rows;
  std::vector<double> cells;
  double* at(int64_t j) { return cells.data() + j * rows; }
};

/// Makes column `j` below row `k` vanish; returns the factor of the reflection, 0 for none. Its vector stays in
/// the column from row `k` on, and `end` is what stands at (k, k) afterwards.
double reflect(Columns& a, int64_t j, int64_t k, double& end) {
  double* const v = a.at(j) + k;
  const int64_t n = a.rows - k;
  const double size = std::sqrt(dotOf(v, v, n));
  if (size == 0) return end = 0, 0;
  end = v[0] > 0 ? -size : size;
  v[0] -= end;
  return -1 / (end * v[0]);
}

void apply(Columns& a, int64_t j, int64_t k, double factor, double* other) {
  const double* const v = a.at(j) + k;
  const int64_t n = a.rows - k;
  addScaled(-factor * dotOf(v, other + k, n), v, other + k, n);
}

}  // namespace

RankedSolution solveRanked(const double* r, int64_t rows, int64_t width, int64_t stride, int64_t count,
                           double tolerance) {
  Columns a{rows, std::vector<double>(static_cast<size_t>(rows * width))};
  std::vector<double> sides(static_cast<size_t>(rows * count)), lengths(static_cast<size_t>(width), 1.0);
  std::vector<int64_t> place(static_cast<size_t>(width));
  for (int64_t j = 0; j < width; j++) {
    double most = 0;
    for (int64_t i = 0; i < rows; i++) {
      a.at(j)[i] = r[i * stride + j];
      most = std::fmax(most, std::fabs(a.at(j)[i]));
    }
    place[static_cast<size_t>(j)] = j;
    if (!(most > 0)) continue;
    for (int64_t i = 0; i < rows; i++) a.at(j)[i] /= most;
    const double length = std::sqrt(dotOf(a.at(j), a.at(j), rows));
    for (int64_t i = 0; i < rows; i++) a.at(j)[i] /= length;
    lengths[static_cast<size_t>(j)] = most * length;
  }
  for (int64_t c = 0; c < count; c++)
    for (int64_t i = 0; i < rows; i++) sides[static_cast<size_t>(c * rows + i)] = r[i * stride + width + c];

  const int64_t steps = rows < width ? rows : width;
  std::vector<double> diagonal;
  int64_t rank = 0;
  for (; rank < steps; rank++) {
    int64_t best = rank;
    double most = -1;
    for (int64_t j = rank; j < width; j++) {
      const double left = dotOf(a.at(j) + rank, a.at(j) + rank, rows - rank);
      if (left > most) most = left, best = j;
    }
    if (!(std::sqrt(most) > tolerance)) break;
    if (best != rank) {
      for (int64_t i = 0; i < rows; i++) std::swap(a.at(rank)[i], a.at(best)[i]);
      std::swap(place[static_cast<size_t>(rank)], place[static_cast<size_t>(best)]);
      std::swap(lengths[static_cast<size_t>(rank)], lengths[static_cast<size_t>(best)]);
    }
    double end;
    const double factor = reflect(a, rank, rank, end);
    for (int64_t j = rank + 1; j < width; j++) apply(a, rank, rank, factor, a.at(j));
    for (int64_t c = 0; c < count; c++) apply(a, rank, rank, factor, sides.data() + c * rows);
    diagonal.push_back(end);
  }

  RankedSolution out;
  out.rank = rank;
  out.coefficients.assign(static_cast<size_t>(count * width), 0.0);
  if (rank == width) {
    for (int64_t c = 0; c < count; c++) {
      double* const x = sides.data() + c * rows;
      for (int64_t j = width - 1; j >= 0; j--) {
        x[j] /= diagonal[static_cast<size_t>(j)];
        addScaled(-x[j], a.at(j), x, j);
        out.coefficients[static_cast<size_t>(c * width + place[static_cast<size_t>(j)])] =
            x[j] / lengths[static_cast<size_t>(j)];
      }
    }
    return out;
  }
  // T · x = sides with T `rank × width`, in the features' own scales: the x of least norm lies in the span of
  // T's rows, Tᵀ = Q · S, x = Q · S⁻ᵀ · sides.
  Columns t{width, std::vector<double>(static_cast<size_t>(width * rank))};
  for (int64_t i = 0; i < rank; i++)
    for (int64_t j = i; j < width; j++) {
      const double cell = j == i ? diagonal[static_cast<size_t>(i)] : a.at(j)[i];
      t.at(i)[place[static_cast<size_t>(j)]] = cell * lengths[static_cast<size_t>(j)];
    }
  std::vector<double> factors, ends;
  for (int64_t i = 0; i < rank; i++) {
    double end;
    factors.push_back(reflect(t, i, i, end));
    ends.push_back(end);
    for (int64_t j = i + 1; j < rank; j++) apply(t, i, i, factors.back(), t.at(j));
  }
  for (int64_t c = 0; c < count; c++) {
    const double* const side = sides.data() + c * rows;
    double* const x = out.coefficients.data() + c * width;
    // Sᵀ is lower triangular: column i of S above its diagonal stands in column i of t.
    for (int64_t i = 0; i < rank; i++) {
      const double above = dotOf(t.at(i), x, i);
      x[i] = ends[static_cast<size_t>(i)] == 0 ? 0 : (side[i] - above) / ends[static_cast<size_t>(i)];
    }
    for (int64_t i = rank - 1; i >= 0; i--) apply(t, i, i, factors[static_cast<size_t>(i)], x);
  }
  return out;
}

}  // namespace athanor

// Points in the order a solver wants them, and rows of the kernel matrix against a range of them. Dense
// points lie in panels (feature by feature, a few vectors of points side by side), so that a row takes
// no sums across lanes and an element's arithmetic does not depend on its place.
#pragma once
#include <cstdint>
#include <vector>

#include "learn/aligned-array.h"
#include "learn/row-source.h"
#include "vector.h"

namespace athanor {

enum class KernelKind : int { linear = 0, poly = 1, rbf = 2, sigmoid = 3, precomputed = 4 };

struct KernelFunction {
  KernelKind kind = KernelKind::linear;
  double gamma = 1;
  double coef0 = 0;
  int degree = 3;
};

bool readKernel(Arguments& arguments, KernelFunction& kernel);

/// The other side of a row: one point, its features as `width` numbers.
struct Left {
  const double* values;
  double square;
};

class KernelPoints {
 public:
  /// Points of a panel; ranges that begin and end at its multiples cost least.
  static constexpr int64_t panel = 4 * lanes<double>;
#if defined(__AVX512F__) || defined(__aarch64__)
  static constexpr int mostLefts = 4;
#else
  static constexpr int mostLefts = 2;
#endif

  /// The rows named of a source that outlives this.
  void place(const Source& source, const KernelFunction& kernel, const int32_t* rows, int64_t count);

  int64_t count() const { return static_cast<int64_t>(rows_.size()); }
  const Source& source() const { return source_; }
  const KernelFunction& kernel() const { return kernel_; }
  int32_t rowOf(int64_t point) const { return rows_[point]; }

  /// Point p becomes what was point order[p], for all of them.
  void reorder(const int32_t* order);

  /// A point of ours as the left side. `room`: `width` zeros for sparse ones, given back by `leave`.
  Left left(int64_t point, double* room) const;
  /// A row of a source as the left side.
  static Left left(const Source& source, int64_t row, double* room);
  static void leave(const Source& source, int64_t row, double* room);

  /// About how many nanoseconds one element of a row takes.
  double cost() const;

  /// K(point, point).
  double diagonal(int64_t point) const;

  /// out[l][p − from] = K(lefts[l], p) for from ≤ p < to, of at most `mostLefts` lefts.
  void rows(const Left* lefts, int count, int64_t from, int64_t to, float* const* out) const;
  void rows(const Left* lefts, int count, int64_t from, int64_t to, double* const* out) const;

 private:
  template <typename T>
  void rowsAs(const Left* lefts, int count, int64_t from, int64_t to, T* const* out) const;
  void dots(const Left* lefts, int count, int64_t panelIndex, double* into) const;
  template <int terms>
  void apply(const Left& left, int64_t first, double* dots) const;
  void pack();

  Source source_;
  KernelFunction kernel_;
  std::vector<int32_t> rows_;
  AlignedArray<double> panels_;
  AlignedArray<double> squares_;
};

}  // namespace athanor

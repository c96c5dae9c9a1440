// Neighbours by looking at every point: float32 products tell, within a bound on their rounding, which
// points can be among the nearest; only these are measured in float64, so that the answer is exact.
#pragma once
#include <cstdint>
#include <vector>

#include "learn/aligned-array.h"
#include "learn/metric.h"
#include "learn/nearest-list.h"
#include "learn/row-panels.h"

namespace athanor {

/// Queries of a task, in groups of `tileRows`.
constexpr int64_t screenGroups = 8;
constexpr int64_t screenQueries = screenGroups * tileRows;

/// Points as panels of float32, less their mean and scaled; of length 1 for cosines.
class PointScreen {
 public:
  PointScreen(const double* x, int64_t points, int64_t width, const Metric& metric);

  int64_t panels() const { return (points_ + panelRows<float> - 1) / panelRows<float>; }
  /// `room`: 2 · panelRows · width numbers.
  void pack(int64_t panel, float* room);

  /// Queries in groups, as the kernel reads them, with what their limits need.
  struct Queries {
    const double* rows;
    int64_t count;
    AlignedArray<float> values;
    double square[screenQueries];
    double length[screenQueries];
    double slack[screenQueries];
    float limit[screenQueries];
  };
  void prepare(Queries& queries, const double* rows, int64_t count) const;

  /// Offers each query's list what may belong to it of the points of some panels.
  void search(Queries& queries, NearestList* lists, int64_t fromPanel, int64_t toPanel) const;

 private:
  void setLimit(Queries& queries, int64_t q, double limit) const;
  double scaleOf(const double* row) const;

  const double* x_;
  int64_t points_, width_;
  Metric metric_;
  std::vector<double> mean_;
  double scale_ = 1;
  AlignedArray<float> values_, norms_;
  /// Largest length of a panel's points.
  std::vector<float> lengths_;
};

}  // namespace athanor

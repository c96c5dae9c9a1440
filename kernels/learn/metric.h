// Distances between points in float64. Where something is only compared, the part before the last step
// will do ("reduced"): the sum of squares, not its root.
#pragma once
#include <cmath>
#include <cstdint>

namespace athanor {

enum class MetricKind : int { euclidean = 0, manhattan = 1, chebyshev = 2, minkowski = 3, cosine = 4 };

struct Metric {
  MetricKind kind = MetricKind::euclidean;
  /// Exponent of minkowski.
  double p = 2;

  /// One feature's part, and the parts put together.
  double part(double difference) const {
    const double size = std::fabs(difference);
    return kind == MetricKind::euclidean ? size * size : kind == MetricKind::minkowski ? std::pow(size, p) : size;
  }
  double join(double sum, double part) const {
    return kind == MetricKind::chebyshev ? (part > sum ? part : sum) : sum + part;
  }

  /// Reduced distance of `a` to a point whose features lie `step` apart.
  double reduced(const double* a, const double* b, int64_t step, int64_t width) const {
    double sum = 0;
    switch (kind) {
      case MetricKind::euclidean:
        for (int64_t j = 0; j < width; j++) sum += (a[j] - b[j * step]) * (a[j] - b[j * step]);
        return sum;
      case MetricKind::manhattan:
        for (int64_t j = 0; j < width; j++) sum += std::fabs(a[j] - b[j * step]);
        return sum;
      case MetricKind::chebyshev:
        for (int64_t j = 0; j < width; j++) sum = std::fmax(sum, std::fabs(a[j] - b[j * step]));
        return sum;
      case MetricKind::minkowski:
        for (int64_t j = 0; j < width; j++) sum += std::pow(std::fabs(a[j] - b[j * step]), p);
        return sum;
      case MetricKind::cosine:
        break;
    }
    double own = 0, other = 0;
    for (int64_t j = 0; j < width; j++) {
      sum += a[j] * b[j * step];
      own += a[j] * a[j];
      other += b[j * step] * b[j * step];
    }
    return angle(sum, own, other);
  }

  /// 1 − cosine, from a product and two squares. A point of zeros has no direction: as far from all as a
  /// right angle.
  static double angle(double product, double own, double other) {
    if (own == 0 || other == 0) return 1;
    const double distance = 1 - product / (std::sqrt(own) * std::sqrt(other));
    return distance < 0 ? 0 : distance;
  }

  /// The same of two sparse rows: ascending columns and their values.
  struct SparseRow {
    const int32_t* columns;
    const double* values;
    int64_t count;
  };
  double reduced(const SparseRow& a, const SparseRow& b) const {
    double sum = 0, own = 0, other = 0;
    int64_t i = 0, j = 0;
    while (i < a.count || j < b.count) {
      const bool takesA = j >= b.count || (i < a.count && a.columns[i] <= b.columns[j]);
      const bool takesB = i >= a.count || (j < b.count && b.columns[j] <= a.columns[i]);
      const double x = takesA ? a.values[i++] : 0, z = takesB ? b.values[j++] : 0;
      if (kind == MetricKind::cosine) {
        sum += x * z;
        own += x * x;
        other += z * z;
      } else {
        sum = join(sum, part(x - z));
      }
    }
    return kind == MetricKind::cosine ? angle(sum, own, other) : sum;
  }

  double reduce(double distance) const {
    return kind == MetricKind::euclidean ? distance * distance
           : kind == MetricKind::minkowski ? std::pow(distance, p)
                                            : distance;
  }
  double restore(double reduced) const {
    return kind == MetricKind::euclidean ? std::sqrt(reduced)
           : kind == MetricKind::minkowski ? std::pow(reduced, 1 / p)
                                            : reduced;
  }
};

/// By how much a reduced distance may be off that was added up in another way: what is compared with a
/// limit counts as within it up to this.
constexpr double distanceSlack = 1 + 1e-10;

}  // namespace athanor

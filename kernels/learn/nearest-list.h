// The k nearest so far, by distance and then by number, in arrays of the caller's: a heap with the worst
// on top.
#pragma once
#include <cstdint>
#include <limits>

namespace athanor {

class NearestList {
 public:
  NearestList() = default;
  NearestList(int64_t k, double* distances, int32_t* points) : k_(k), distances_(distances), points_(points) {}

  int64_t count() const { return count_; }
  /// What a point's distance must not exceed to get in.
  double limit() const { return count_ < k_ ? std::numeric_limits<double>::infinity() : distances_[0]; }

  void offer(double distance, int32_t point) {
    if (count_ < k_) {
      int64_t at = count_++;
      while (at > 0 && worse(distance, point, (at - 1) / 2)) {
        take(at, (at - 1) / 2);
        at = (at - 1) / 2;
      }
      put(at, distance, point);
    } else if (k_ > 0 && !worse(distance, point, 0)) {
      sink(0, count_, distance, point);
    }
  }

  /// Nearest first; nothing may be offered after that.
  void sort() {
    for (int64_t last = count_ - 1; last > 0; last--) {
      const double distance = distances_[last];
      const int32_t point = points_[last];
      take(last, 0);
      sink(0, last, distance, point);
    }
  }

 private:
  bool worse(double distance, int32_t point, int64_t than) const {
    return distance > distances_[than] || (distance == distances_[than] && point > points_[than]);
  }
  void put(int64_t at, double distance, int32_t point) {
    distances_[at] = distance;
    points_[at] = point;
  }
  void take(int64_t to, int64_t from) { put(to, distances_[from], points_[from]); }
  /// Puts it where it belongs below `at`, whose own place is free, among the first `count`.
  void sink(int64_t at, int64_t count, double distance, int32_t point) {
    for (;;) {
      int64_t child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && worse(distances_[child + 1], points_[child + 1], child)) child++;
      if (worse(distance, point, child)) break;
      take(at, child);
      at = child;
    }
    put(at, distance, point);
  }

  int64_t k_ = 0;
  int64_t count_ = 0;
  double* distances_ = nullptr;
  int32_t* points_ = nullptr;
};

}  // namespace athanor

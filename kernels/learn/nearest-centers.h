// The nearest of some centres for each row of a panel. ‖x‖² is the same for all centres, so that
// ‖c‖² − 2·x·c decides; the sums of a few centres stay in registers. Of equally near ones the first wins.
#pragma once
#include <limits>
#include <type_traits>

#include "learn/row-panels.h"

namespace athanor {

/// Centres in the order in which the kernel reads them: in groups, feature by feature, times −2.
template <typename T>
class PackedCenters {
 public:
  /// `centers` are `count` rows of `width`.
  void pack(const double* centers, int64_t count, int64_t width) {
    groups_ = (count + tileRows - 1) / tileRows;
    size_ = (count + groups_ - 1) / groups_;
    width_ = width;
    if (values_.size() != groups_ * size_ * width) values_.resize(groups_ * size_ * width);
    if (norms_.size() != groups_ * size_) norms_.resize(groups_ * size_);
    for (int64_t g = 0; g < groups_; g++)
      for (int64_t i = 0; i < size_; i++) {
        const int64_t c = g * size_ + i;
        T* const into = values_.data() + g * size_ * width + i;
        double norm = c < count ? 0 : std::numeric_limits<double>::infinity();
        for (int64_t k = 0; k < width; k++) {
          const T value = c < count ? static_cast<T>(centers[c * width + k]) : T(0);
          into[k * size_] = -2 * value;
          norm += static_cast<double>(value) * static_cast<double>(value);
        }
        norms_[c] = static_cast<T>(norm);
      }
  }

  int64_t groups() const { return groups_; }
  int64_t size() const { return size_; }
  int64_t width() const { return width_; }
  const T* values(int64_t group) const { return values_.data() + group * size_ * width_; }
  const T* norms(int64_t group) const { return norms_.data() + group * size_; }

 private:
  int64_t groups_ = 0;
  int64_t size_ = 0;
  int64_t width_ = 0;
  AlignedArray<T> values_;
  AlignedArray<T> norms_;
};

template <typename T>
using LaneInteger = std::conditional_t<sizeof(T) == 4, int32_t, int64_t>;

template <typename T>
struct Nearest {
  Vec<T> score[tileVectors];
  IntVec<T> index[tileVectors];
};

/// One group of `centers` centres, of which the first is number `first`.
template <typename T, int centers>
void nearestOfGroup(const T* panel, const T* values, const T* norms, int64_t width, int64_t first,
                    Nearest<T>& nearest) {
  Vec<T> sum[centers][tileVectors];
  ATHANOR_UNROLL
  for (int c = 0; c < centers; c++)
    ATHANOR_UNROLL
    for (int v = 0; v < tileVectors; v++) sum[c][v] = splat<T>(norms[c]);
  for (int64_t k = 0; k < width; k++) {
#if defined(__wasm__)
    asm("" : "+r"(panel), "+r"(values));
#endif
    Vec<T> x[tileVectors];
    ATHANOR_UNROLL
    for (size_t v = 0; v < size_t(tileVectors); v++) x[v] = load<T>(panel + v * size_t(lanes<T>));
    ATHANOR_UNROLL
    for (size_t c = 0; c < size_t(centers); c++) {
      const Vec<T> value = splat<T>(values[c]);
      ATHANOR_UNROLL
      for (int v = 0; v < tileVectors; v++) sum[c][v] = fma(value, x[v], sum[c][v]);
    }
    panel += panelRows<T>;
    values += centers;
  }
  ATHANOR_UNROLL
  for (int c = 0; c < centers; c++) {
    const IntVec<T> number = IntVec<T>{} + static_cast<LaneInteger<T>>(first + c);
    ATHANOR_UNROLL
    for (int v = 0; v < tileVectors; v++) {
      const auto nearer = sum[c][v] < nearest.score[v];
      nearest.score[v] = select(nearer, sum[c][v], nearest.score[v]);
      nearest.index[v] = select(nearer, number, nearest.index[v]);
    }
  }
}

template <typename T>
using NearestFunction = void (*)(const T* panel, const T* values, const T* norms, int64_t width,
                                 int64_t first, Nearest<T>& nearest);

template <typename T, int centers = tileRows>
NearestFunction<T> nearestFunction(int64_t wanted) {
  if (wanted == centers) return nearestOfGroup<T, centers>;
  if constexpr (centers > 1) return nearestFunction<T, centers - 1>(wanted);
  return nullptr;
}

/// The nearest centre of each row of a panel into `labels` (panelRows of them).
template <typename T>
inline void nearestCenters(const T* panel, const PackedCenters<T>& centers, int32_t* labels) {
  const NearestFunction<T> nearestOf = nearestFunction<T>(centers.size());
  Nearest<T> nearest;
  for (int v = 0; v < tileVectors; v++) {
    nearest.score[v] = splat<T>(std::numeric_limits<T>::infinity());
    nearest.index[v] = IntVec<T>{};
  }
  for (int64_t g = 0; g < centers.groups(); g++)
    nearestOf(panel, centers.values(g), centers.norms(g), centers.width(), g * centers.size(), nearest);
  LaneInteger<T> index[panelRows<T>];
  memcpy(index, nearest.index, sizeof(index));
  for (int64_t r = 0; r < panelRows<T>; r++) labels[r] = static_cast<int32_t>(index[r]);
}

}  // namespace athanor

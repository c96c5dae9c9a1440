// Dense rows for k-means, as panels (row-panels.h): an iteration reads nothing else.
#pragma once
#include "learn/cluster-rows.h"
#include "learn/nearest-centers.h"

namespace athanor {

template <typename T>
class DenseClusterRows : public ClusterRows {
 public:
  DenseClusterRows(const T* x, int64_t rows, int64_t width, const double* weights, int64_t clusters)
      : ClusterRows(rows, width, weights, roundUp(clusterBlockRows(clusters), panelRows<T>)),
        x_(x),
        padded_(roundUp(rows, panelRows<T>)) {}

  void measure(int64_t block, double* sums) const override {
    double* const least = sums + width_;
    double* const most = least + width_;
    const T* const first = x_ + begin(block) * width_;
    for (int64_t k = 0; k < width_; k++) {
      sums[k] = 0;
      least[k] = most[k] = static_cast<double>(first[k]);
    }
    for (int64_t r = begin(block); r < end(block); r++) {
      const T* const x = x_ + r * width_;
      for (int64_t k = 0; k < width_; k++) {
        const double value = static_cast<double>(x[k]);
        sums[k] += value;
        least[k] = value < least[k] ? value : least[k];
        most[k] = value > most[k] ? value : most[k];
      }
    }
  }

  void settle(const double* sums) override {
    const double* const least = sums + width_;
    const double* const most = least + width_;
    shift_.resize(static_cast<size_t>(width_));
    double size = 0;
    for (int64_t k = 0; k < width_; k++) {
      const double mean = sums[k] / static_cast<double>(rows_);
      // The mean of equal values may miss them by a rounding.
      shift_[k] = mean < least[k] ? least[k] : mean > most[k] ? most[k] : mean;
      size = std::fmax(size, std::fmax(most[k] - shift_[k], shift_[k] - least[k]));
    }
    scale_ = scaleFor(size);
    panels_.resize(padded_ * width_);
    weightOf_.resize(padded_);
    closest_.resize(padded_);
  }

  bool prepare(Runtime& runtime, int worker, int64_t block, double* squares) override {
    T* const room = static_cast<T*>(scratch(runtime, worker, 0, sizeof(T) * panelRows<T> * width_));
    if (room == nullptr) return false;
    double sum = 0;
    for (int64_t r = begin(block); r < end(block); r += panelRows<T>) {
      const int64_t count = r + panelRows<T> < rows_ ? panelRows<T> : rows_ - r;
      T* const panel = panels_.data() + r * width_;
      packPanel(panel, x_ + r * width_, count, width_, shift_.data(), scale_, room);
      Vec<T> squared[tileVectors] = {};
      for (int64_t k = 0; k < width_; k++)
        for (int v = 0; v < tileVectors; v++) {
          const Vec<T> x = load<T>(panel + k * panelRows<T> + v * lanes<T>);
          squared[v] = fma(x, x, squared[v]);
        }
      for (int v = 0; v < tileVectors; v++) sum += static_cast<double>(sumOfLanes(squared[v]));
      for (int64_t i = 0; i < panelRows<T>; i++) weightOf_[r + i] = i < count ? weight(r + i) : 0;
    }
    *squares = sum;
    return true;
  }

  double meanVariance(double squares) const override {
    return squares / static_cast<double>(rows_) / static_cast<double>(width_);
  }

  void setCenters(const double* centers, int64_t count) override {
    centers_.pack(centers, count, width_);
  }

  int64_t assign(Runtime& runtime, int worker, int64_t block, int32_t* labels, double* sums,
                 double* counts) const override {
    T* const rowMajor = static_cast<T*>(scratch(runtime, worker, 0, sizeof(T) * panelRows<T> * width_));
    if (rowMajor == nullptr) return -1;
    int64_t changed = 0;
    int32_t found[panelRows<T>];
    for (int64_t r = begin(block); r < end(block); r += panelRows<T>) {
      const T* const panel = panels_.data() + r * width_;
      nearestCenters(panel, centers_, found);
      const int64_t count = r + panelRows<T> < rows_ ? panelRows<T> : rows_ - r;
      for (int64_t i = 0; i < count; i++) {
        changed += labels[r + i] != found[i];
        labels[r + i] = found[i];
      }
      if (sums == nullptr) continue;
      unpackPanel(rowMajor, panel, width_);
      for (int64_t i = 0; i < count; i++) {
        counts[found[i]] += weightOf_[r + i];
        addRow(sums + found[i] * width_, rowMajor + i * width_, weightOf_[r + i]);
      }
    }
    return changed;
  }

  void squaredDistances(int64_t block, const double* centers, const int32_t* labels,
                        double* out) const override {
    for (int64_t r = begin(block); r < end(block); r++) {
      const T* const x = x_ + r * width_;
      const double* const center = centers + labels[r] * width_;
      double sums[8] = {};
      int64_t k = 0;
      for (; k + 8 <= width_; k += 8)
        for (int i = 0; i < 8; i++) {
          const double d = (static_cast<double>(x[k + i]) - shift_[k + i]) * scale_ - center[k + i];
          sums[i] += d * d;
        }
      for (; k < width_; k++) {
        const double d = (static_cast<double>(x[k]) - shift_[k]) * scale_ - center[k];
        sums[0] += d * d;
      }
      out[r] = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    }
  }

  void row(int64_t row, double* out) const override {
    for (int64_t k = 0; k < width_; k++)
      out[k] = (static_cast<double>(x_[row * width_ + k]) - shift_[k]) * scale_;
  }

  void clearSeeds() override {
    for (int64_t r = 0; r < padded_; r++)
      closest_[r] = r < rows_ ? std::numeric_limits<T>::max() : T(0);
  }

  void trySeeds(int64_t block, const double* candidates, int64_t count,
                double* potentials) const override {
    int64_t t = 0;
    for (; t + 4 <= count; t += 4) tryGroup<4>(block, candidates + t * width_, potentials + t);
    for (; t < count; t++) tryGroup<1>(block, candidates + t * width_, potentials + t);
  }

  double addSeed(int64_t block, const double* seed) override {
    Vec<double> total{};
    for (int64_t r = begin(block); r < end(block); r += panelRows<T>) {
      Vec<T> distance[1][tileVectors];
      distances<1>(r, seed, distance);
      for (int v = 0; v < tileVectors; v++) {
        T* const closest = closest_.data() + r + v * lanes<T>;
        const Vec<T> nearer = smaller(distance[0][v], load<T>(closest));
        store<T>(closest, nearer);
        addWeighted(total, nearer, r + v * lanes<T>);
      }
    }
    return sumOfLanes(total);
  }

  double seedDistance(int64_t row) const override { return static_cast<double>(closest_[row]); }

 private:
  void addRow(double* sum, const T* x, double weight) const {
    if (weights_ == nullptr)
      for (int64_t k = 0; k < width_; k++) sum[k] += static_cast<double>(x[k]);
    else
      for (int64_t k = 0; k < width_; k++) sum[k] += static_cast<double>(x[k]) * weight;
  }

  /// Squared distances of a panel's rows to `count` points.
  template <int count>
  void distances(int64_t row, const double* points, Vec<T> (&sum)[count][tileVectors]) const {
    const T* panel = panels_.data() + row * width_;
    for (int t = 0; t < count; t++)
      for (int v = 0; v < tileVectors; v++) sum[t][v] = Vec<T>{};
    for (int64_t k = 0; k < width_; k++, panel += panelRows<T>)
      for (int v = 0; v < tileVectors; v++) {
        const Vec<T> x = load<T>(panel + v * lanes<T>);
        for (int t = 0; t < count; t++) {
          const Vec<T> d = x - splat<T>(static_cast<T>(points[t * width_ + k]));
          sum[t][v] = fma(d, d, sum[t][v]);
        }
      }
  }

  void addWeighted(Vec<double>& total, Vec<T> values, int64_t row) const {
    const double* const weights = weightOf_.data() + row;
    if constexpr (sizeof(T) == 8) {
      total = fma(values, load<double>(weights), total);
    } else {
      Vec<double> low, high;
      widen(values, low, high);
      total = fma(low, load<double>(weights), total);
      total = fma(high, load<double>(weights + lanes<double>), total);
    }
  }

  template <int count>
  void tryGroup(int64_t block, const double* candidates, double* potentials) const {
    Vec<double> totals[count] = {};
    for (int64_t r = begin(block); r < end(block); r += panelRows<T>) {
      Vec<T> distance[count][tileVectors];
      distances<count>(r, candidates, distance);
      for (int v = 0; v < tileVectors; v++) {
        const Vec<T> closest = load<T>(closest_.data() + r + v * lanes<T>);
        for (int t = 0; t < count; t++)
          addWeighted(totals[t], smaller(distance[t][v], closest), r + v * lanes<T>);
      }
    }
    for (int t = 0; t < count; t++) potentials[t] = sumOfLanes(totals[t]);
  }

  const T* x_;
  int64_t padded_;
  AlignedArray<T> panels_;
  AlignedArray<double> weightOf_;
  AlignedArray<T> closest_;
  PackedCenters<T> centers_;
};

}  // namespace athanor

// The rows that k-means clusters, behind one face: dense float32 or float64, or sparse. Dense rows are
// kept less their mean, and all of them times a power of two, so that squares neither overflow nor vanish.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime.h"

namespace athanor {

/// Rows of one block: its owner is one task, and sums of blocks are added in their order.
inline int64_t clusterBlockRows(int64_t clusters) { return clusters > 512 ? 4 * clusters : 2048; }

class ClusterRows {
 public:
  ClusterRows(int64_t rows, int64_t width, const double* weights, int64_t blockRows)
      : rows_(rows), width_(width), blockRows_(blockRows), weights_(weights) {}
  virtual ~ClusterRows() = default;

  int64_t rows() const { return rows_; }
  int64_t width() const { return width_; }
  int64_t blocks() const { return (rows_ + blockRows_ - 1) / blockRows_; }
  int64_t begin(int64_t block) const { return block * blockRows_; }
  int64_t end(int64_t block) const {
    return (block + 1) * blockRows_ < rows_ ? (block + 1) * blockRows_ : rows_;
  }
  double weight(int64_t row) const { return weights_ == nullptr ? 1 : weights_[row]; }
  double scale() const { return scale_; }
  const std::vector<double>& shift() const { return shift_; }

  /// Sums, least and largest values of the block's columns: 3 · width numbers.
  virtual void measure(int64_t block, double* sums) const = 0;
  /// From those of all blocks: shift and scale.
  virtual void settle(const double* sums) = 0;
  /// Prepares the block; returns the sum of its squares. False: memory is out.
  virtual bool prepare(Runtime& runtime, int worker, int64_t block, double* squares) = 0;
  /// The mean of the columns' variances, from the sum of all squares.
  virtual double meanVariance(double squares) const = 0;

  /// Centres (scaled, row by row) for `assign`.
  virtual void setCenters(const double* centers, int64_t count) = 0;
  /// Nearest centres; where `sums` is given, rows times weights are added to `sums` (clusters × width)
  /// and weights to `counts`. Returns how many labels changed; below 0 memory is out.
  virtual int64_t assign(Runtime& runtime, int worker, int64_t block, int32_t* labels, double* sums,
                         double* counts) const = 0;
  /// Squared distance of each row of the block to the centre of its label.
  virtual void squaredDistances(int64_t block, const double* centers, const int32_t* labels,
                                double* out) const = 0;
  /// One row, scaled, as `width` numbers.
  virtual void row(int64_t row, double* out) const = 0;

  // For seeds: the squared distance of each row to the nearest seed so far.

  /// Forgets the seeds.
  virtual void clearSeeds() = 0;
  /// For each of `count` candidates, Σ weight · distance if it became a seed.
  virtual void trySeeds(int64_t block, const double* candidates, int64_t count,
                        double* potentials) const = 0;
  /// Makes it a seed; returns the block's Σ weight · distance.
  virtual double addSeed(int64_t block, const double* seed) = 0;
  virtual double seedDistance(int64_t row) const = 0;

 protected:
  int64_t rows_;
  int64_t width_;
  int64_t blockRows_;
  const double* weights_;
  std::vector<double> shift_;
  double scale_ = 1;
};

}  // namespace athanor

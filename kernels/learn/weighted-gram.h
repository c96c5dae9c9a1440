// G = Σ weight · z · zᵀ over rows, where z is a row's features less a shift, then 1 and targets where
// they are wanted: normal equations, Hessians and scatter matrices. In slices; the sums do not depend
// on the number of threads.
#pragma once
#include "learn/design-rows.h"

namespace athanor {

class WeightedGram {
 public:
  struct Wanted {
    /// One a row at this distance, or nullptr: 1 each. They may be negative.
    const double* weights = nullptr;
    int64_t weightStep = 1;
    /// `width` of them, or one such row for each group; nullptr: none. Sparse rows take none.
    const double* shift = nullptr;
    /// Each row's group, or nullptr.
    const int32_t* groups = nullptr;
    /// Whether z has a 1 after the features.
    bool ones = false;
    /// `rows × targetCount`, after that.
    const double* targets = nullptr;
    int64_t targetCount = 0;
  };

  explicit WeightedGram(const DesignRows& x) : x_(x) {}

  /// Elements of z.
  int64_t size() const { return size_; }
  void begin(const Wanted& wanted);
  /// One slice; adds its operations to `work`. `Step::done` when the whole of G is there.
  Step run(Runtime& runtime, double& work);
  /// `size × size`, both triangles.
  std::vector<double>& matrix() { return matrix_; }

 private:
  enum class Way { blocks, product, pairs };

  void fill(int64_t from, int64_t to, double* z, double* weighted, int64_t step) const;
  Step runBlocks(Runtime& runtime, double& work);
  Step runProduct(Runtime& runtime, double& work);
  Step runPairs(Runtime& runtime, double& work);
  void pairRow(int64_t row, int64_t low, int64_t high);
  void mirror(Runtime& runtime);

  const DesignRows& x_;
  Wanted wanted_;
  Way way_ = Way::blocks;
  int64_t size_ = 0;
  int64_t next_ = 0;
  int64_t panel_ = 0;
  std::vector<int64_t> ends_;
  std::vector<double> parts_;
  std::vector<double> matrix_;
  std::vector<double> z_, weighted_, product_;
};

}  // namespace athanor

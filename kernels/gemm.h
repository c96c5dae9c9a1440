// C = activation(A · B + bias) for one pair of matrices with any strides; C is row-major.
#pragma once
#include "instructions.h"
#include "runtime.h"

namespace athanor {

template <typename T>
struct Product {
  int64_t rows;
  int64_t columns;
  int64_t depth;
  const T* left;
  int64_t leftRow;
  int64_t leftColumn;
  const T* right;
  int64_t rightRow;
  int64_t rightColumn;
  T* out;
  int64_t outRow;
  /// `columns` of them, or nullptr.
  const T* bias;
  RegisterOp activation;
};

/// In parallel; every element of C is made by one task, over the depth in a fixed order.
template <typename T>
Status multiply(Runtime& runtime, const Product<T>& product);

/// On the calling worker, without packing A: for small matrices.
template <typename T>
Status multiplySmall(Runtime& runtime, int worker, const Product<T>& product);

}  // namespace athanor

// Whole register programs that stand in almost every training step, compiled: the same operations in the
// same order as line by line, but what one line hands to the next stays in registers, where a product and
// the sum after it may become one rounding. A kernel that has a chain always runs by it.
#pragma once
#include "instructions.h"

namespace athanor {

/// An operand over the present tile: `step` as in RowFunction.
template <typename T>
struct Operand {
  const T* data;
  int step;
};

constexpr int mostChainOperands = 9;
constexpr int mostChainOutputs = 3;

template <typename T>
using ChainFunction = void (*)(const Operand<T>* operands, T* const* outputs, int64_t count);

/// The compiled form of a fused kernel, or nullptr. `operands[i]`: which of the kernel's inputs and
/// constants the chain takes as its i-th, `count` of them.
template <typename T>
ChainFunction<T> findChain(const FusedArguments& arguments, int* operands, int& count);

}  // namespace athanor

// The numbers that a Program's words use: the same as src/compile/opcodes.ts and the codes in
// src/base/dtype.ts (a test compares them; a trailing underscore avoids a C++ keyword).
#pragma once
#include <cstdint>

namespace athanor {

enum class DType : int32_t { float32 = 0, float64 = 1, int32 = 2, bool_ = 3 };

enum class InstructionCode : int32_t {
  fused = 1,
  matmul = 2,
  copy = 3,
  fill = 4,
  gather = 5,
  scatterAdd = 6,
  argReduce = 7,
  cumulativeSum = 8,
  recurrent = 23,
  recurrentGradient = 24,
  softmax = 9,
  softmaxCrossEntropy = 10,
  softmaxCrossEntropyGradient = 11,
  random = 12,
  iota = 13,
  requireFinite = 14,
  ctcLoss = 31,
  ctcLossGradient = 32,
  convolution = 15,
  convolutionInput = 16,
  convolutionFilter = 17,
  maxPool = 18,
  maxPoolGradient = 19,
  maxPoolPick = 20,
  sumPool = 21,
  sumPoolGradient = 22,
};

enum class RegisterOp : int32_t {
  // one operand
  copy = 0,
  negate = 1,
  abs = 2,
  sign = 3,
  exp = 4,
  log = 5,
  log1p = 6,
  expm1 = 7,
  sqrt = 8,
  reciprocal = 9,
  sin = 10,
  cos = 11,
  tanh = 12,
  sigmoid = 13,
  erf = 14,
  floor = 15,
  ceil = 16,
  round = 17,
  relu = 18,
  square = 19,
  not_ = 20,
  isFinite = 21,
  isNaN = 22,
  rsqrt = 23,
  trunc = 24,
  softplus = 25,
  // two operands
  add = 32,
  subtract = 33,
  multiply = 34,
  divide = 35,
  power = 36,
  maximum = 37,
  minimum = 38,
  modulo = 39,
  equal = 40,
  notEqual = 41,
  less = 42,
  lessEqual = 43,
  greater = 44,
  greaterEqual = 45,
  and_ = 46,
  or_ = 47,
  // three operands
  where = 64,
  multiplyAdd = 65,
};

enum class CellCode : int32_t { lstm = 0, gru = 1, simpleRnn = 2 };

enum class ReduceKind : int32_t { none = 0, sum = 1, max = 2, min = 3, prod = 4 };

enum class Status : int32_t { ok = 0, indexOutOfRange = 1, outOfMemory = 2, badProgram = 3, notFinite = 4 };

inline int64_t byteWidth(DType dtype) {
  switch (dtype) {
    case DType::float64:
      return 8;
    case DType::bool_:
      return 1;
    default:
      return 4;
  }
}

/// Operands that an operation takes; 0 for a number that names none.
constexpr int operandCount(RegisterOp op) {
  const int32_t code = static_cast<int32_t>(op);
  if (code >= 0 && code <= 25) return 1;
  if (code >= 32 && code <= 47) return 2;
  if (code == 64 || code == 65) return 3;
  return 0;
}

}  // namespace athanor

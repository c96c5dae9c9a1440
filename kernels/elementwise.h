// Register operations over rows of numbers: one SIMD loop per operation, element type and nothing
// else. Operands advance by a step: a vector's lanes, or 0 for one vector repeated (a splatted number).
#pragma once
#include "opcodes.h"
#include "vector.h"

namespace athanor {

/// into[i] = op(a[i], b[i], c[i]) for i < count; steps are lanes<T> or 0. `into` may be an operand.
template <typename T>
using RowFunction = void (*)(T* into, const T* a, int aStep, const T* b, int bStep, const T* c,
                             int cStep, int64_t count);

/// nullptr where T has no such operation (exp of int32). T: float, double or int32_t.
template <typename T>
RowFunction<T> rowFunction(RegisterOp op);

extern template RowFunction<float> rowFunction<float>(RegisterOp op);
extern template RowFunction<double> rowFunction<double>(RegisterOp op);
extern template RowFunction<int32_t> rowFunction<int32_t>(RegisterOp op);

}  // namespace athanor

// Plain scalar kernels that stand in until the fast ones are linked (which take precedence).
#include <cmath>

#include "instructions.h"
#include "runtime.h"
#include "types.h"

namespace athanor {

#define WEAK __attribute__((weak))

namespace {

double load(const void* data, DType type, int64_t i) {
  return withType(type, [&](auto e) {
    return static_cast<double>(static_cast<const typename decltype(e)::Type*>(data)[i]);
  });
}

void store(void* data, DType type, int64_t i, double v) {
  withType(type, [&](auto e) {
    using T = typename decltype(e)::Type;
    static_cast<T*>(data)[i] = fromNumber<T>(v);
  });
}

double apply(RegisterOp op, double a, double b, double c) {
  switch (op) {
    case RegisterOp::copy: return a;
    case RegisterOp::negate: return -a;
    case RegisterOp::abs: return std::fabs(a);
    case RegisterOp::sign: return a > 0 ? 1 : a < 0 ? -1 : a;
    case RegisterOp::exp: return std::exp(a);
    case RegisterOp::log: return std::log(a);
    case RegisterOp::log1p: return std::log1p(a);
    case RegisterOp::expm1: return std::expm1(a);
    case RegisterOp::sqrt: return std::sqrt(a);
    case RegisterOp::reciprocal: return 1 / a;
    case RegisterOp::sin: return std::sin(a);
    case RegisterOp::cos: return std::cos(a);
    case RegisterOp::tanh: return std::tanh(a);
    case RegisterOp::sigmoid: return 1 / (1 + std::exp(-a));
    case RegisterOp::erf: return std::erf(a);
    case RegisterOp::floor: return std::floor(a);
    case RegisterOp::ceil: return std::ceil(a);
    case RegisterOp::round: return std::nearbyint(a);
    case RegisterOp::relu: return a > 0 || a != a ? a : 0;
    case RegisterOp::square: return a * a;
    case RegisterOp::not_: return a == 0;
    case RegisterOp::isFinite: return std::isfinite(a);
    case RegisterOp::isNaN: return a != a;
    case RegisterOp::rsqrt: return 1 / std::sqrt(a);
    case RegisterOp::trunc: return std::trunc(a);
    case RegisterOp::softplus: return (a > 0 ? a : 0) + std::log1p(std::exp(-std::fabs(a)));
    case RegisterOp::add: return a + b;
    case RegisterOp::subtract: return a - b;
    case RegisterOp::multiply: return a * b;
    case RegisterOp::divide: return a / b;
    case RegisterOp::power: return std::pow(a, b);
    case RegisterOp::maximum: return a != a ? a : b != b ? b : a > b ? a : b;
    case RegisterOp::minimum: return a != a ? a : b != b ? b : a < b ? a : b;
    case RegisterOp::modulo: return a - std::floor(a / b) * b;
    case RegisterOp::equal: return a == b;
    case RegisterOp::notEqual: return a != b;
    case RegisterOp::less: return a < b;
    case RegisterOp::lessEqual: return a <= b;
    case RegisterOp::greater: return a > b;
    case RegisterOp::greaterEqual: return a >= b;
    case RegisterOp::and_: return a != 0 && b != 0;
    case RegisterOp::or_: return a != 0 || b != 0;
    case RegisterOp::where: return a != 0 ? b : c;
    case RegisterOp::multiplyAdd: return a * b + c;
  }
  return 0;
}

double toward(DType type, double v) {
  if (type == DType::float32) return static_cast<float>(v);
  if (type == DType::int32 && std::fabs(v) < 9e18) return static_cast<int32_t>(static_cast<int64_t>(v));
  return v;
}

}  // namespace

WEAK Status run(Runtime& runtime, const FusedArguments& a) {
  const int64_t fixed = a.inputs + a.constants;
  const size_t bytes = static_cast<size_t>(fixed + a.registers) * sizeof(double);
  double* const value = static_cast<double*>(scratch(runtime, 0, 0, bytes));
  int64_t kept = 0;
  for (int32_t k = 0; k < a.outputs; k++)
    if (a.output[k].reduce != ReduceKind::none) kept = a.outer * a.inner;
  double* const sums = static_cast<double*>(
      scratch(runtime, 0, 1, static_cast<size_t>(kept * a.outputs) * sizeof(double)));
  if (value == nullptr || sums == nullptr) return Status::outOfMemory;
  for (int32_t k = 0; k < a.outputs; k++) {
    const ReduceKind kind = a.output[k].reduce;
    const double start = kind == ReduceKind::prod  ? 1
                         : kind == ReduceKind::max ? -INFINITY
                         : kind == ReduceKind::min ? INFINITY
                                                   : 0;
    for (int64_t i = 0; i < kept; i++) sums[k * kept + i] = start;
  }
  for (int32_t k = 0; k < a.constants; k++)
    value[a.inputs + k] = toward(a.computeType, a.constant[k]);
  for (int64_t i = 0; i < a.size; i++) {
    for (int32_t k = 0; k < a.inputs; k++) {
      int64_t at = 0;
      int64_t rest = i;
      for (int32_t d = a.rank - 1; d >= 0; d--) {
        at += rest % a.shape[d] * a.input[k].strides[d];
        rest /= a.shape[d];
      }
      value[k] = toward(a.computeType, load(a.input[k].data, a.input[k].dtype, at));
    }
    for (int32_t l = 0; l < a.lines; l++) {
      const RegisterLine& line = a.line[l];
      const double v = apply(line.op, value[line.operands[0]], value[line.operands[1]],
                             value[line.operands[2]]);
      value[fixed + line.into] = toward(a.computeType, v);
    }
    for (int32_t k = 0; k < a.outputs; k++) {
      const FusedOutput& out = a.output[k];
      const double v = value[out.operand];
      if (out.reduce == ReduceKind::none) {
        store(out.data, out.dtype, i, v);
        continue;
      }
      double& sum = sums[k * kept + i / (a.reduced * a.inner) * a.inner + i % a.inner];
      sum = out.reduce == ReduceKind::sum    ? sum + v
            : out.reduce == ReduceKind::prod ? sum * v
            : out.reduce == ReduceKind::max  ? apply(RegisterOp::maximum, sum, v, 0)
                                             : apply(RegisterOp::minimum, sum, v, 0);
    }
  }
  for (int32_t k = 0; k < a.outputs; k++)
    if (a.output[k].reduce != ReduceKind::none)
      for (int64_t i = 0; i < kept; i++)
        store(a.output[k].data, a.output[k].dtype, i, sums[k * kept + i]);
  return Status::ok;
}

WEAK Status run(Runtime&, const MatmulArguments& a) {
  for (int64_t b = 0; b < a.batch; b++)
    for (int64_t r = 0; r < a.rows; r++)
      for (int64_t c = 0; c < a.columns; c++) {
        double sum = a.bias == nullptr ? 0 : load(a.bias, a.dtype, c);
        for (int64_t k = 0; k < a.depth; k++)
          sum += load(a.left.data, a.dtype,
                      b * a.left.batchStride + r * a.left.rowStride + k * a.left.columnStride) *
                 load(a.right.data, a.dtype,
                      b * a.right.batchStride + k * a.right.rowStride + c * a.right.columnStride);
        store(a.out, a.dtype, (b * a.rows + r) * a.columns + c, apply(a.activation, sum, 0, 0));
      }
  return Status::ok;
}

namespace {

double logSumExp(const void* data, DType type, int64_t row, int64_t columns, double& top) {
  top = -INFINITY;
  for (int64_t c = 0; c < columns; c++) top = std::fmax(top, load(data, type, row * columns + c));
  double sum = 0;
  for (int64_t c = 0; c < columns; c++) sum += std::exp(load(data, type, row * columns + c) - top);
  return top + std::log(sum);
}

bool inRange(const int32_t* labels, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++)
    if (labels[r] < 0 || labels[r] >= columns) return false;
  return true;
}

}  // namespace

WEAK Status run(Runtime&, const SoftmaxArguments& a) {
  double top;
  for (int64_t r = 0; r < a.rows; r++) {
    const double total = logSumExp(a.source, a.dtype, r, a.columns, top);
    for (int64_t c = 0; c < a.columns; c++) {
      const double x = load(a.source, a.dtype, r * a.columns + c) - total;
      store(a.target, a.dtype, r * a.columns + c, a.logarithm ? x : std::exp(x));
    }
  }
  return Status::ok;
}

WEAK Status run(Runtime&, const SoftmaxCrossEntropyArguments& a) {
  if (!inRange(a.labels, a.rows, a.columns)) return Status::indexOutOfRange;
  double top;
  for (int64_t r = 0; r < a.rows; r++)
    store(a.target, a.dtype, r,
          logSumExp(a.logits, a.dtype, r, a.columns, top) -
              load(a.logits, a.dtype, r * a.columns + a.labels[r]));
  return Status::ok;
}

WEAK Status run(Runtime&, const SoftmaxCrossEntropyGradientArguments& a) {
  if (!inRange(a.labels, a.rows, a.columns)) return Status::indexOutOfRange;
  double top;
  for (int64_t r = 0; r < a.rows; r++) {
    const double total = logSumExp(a.logits, a.dtype, r, a.columns, top);
    const double upstream = load(a.upstream, a.dtype, r * a.upstreamStride);
    for (int64_t c = 0; c < a.columns; c++) {
      const double p = std::exp(load(a.logits, a.dtype, r * a.columns + c) - total);
      store(a.target, a.dtype, r * a.columns + c, (p - (c == a.labels[r] ? 1 : 0)) * upstream);
    }
  }
  return Status::ok;
}

}  // namespace athanor

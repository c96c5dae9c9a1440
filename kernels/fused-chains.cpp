// Chains are written down as the lines that the compiler makes of an optimizer's formula; one that
// differs in a single line is not found and runs line by line.
#include "fused-chains.h"

#include <utility>

#include "register-ops.h"

namespace athanor {

namespace {

/// Operands from 0 up come from outside, in the order of their first use; result(k) is that of line k.
constexpr int result(int line) { return -1 - line; }

struct ChainLine {
  RegisterOp op;
  int operands[3];
};

/// Kingma & Ba (2015), Algorithm 1, with both corrections in the rate: gradient 0, mean 1, variance 3,
/// rate 5, weight 7.
struct Adam {
  static constexpr int operands = 8;
  static constexpr ChainLine lines[] = {
      {RegisterOp::subtract, {0, 1}},
      {RegisterOp::multiplyAdd, {result(0), 2, 1}},
      {RegisterOp::square, {0}},
      {RegisterOp::subtract, {result(2), 3}},
      {RegisterOp::multiplyAdd, {result(3), 4, 3}},
      {RegisterOp::multiply, {result(1), 5}},
      {RegisterOp::sqrt, {result(4)}},
      {RegisterOp::add, {result(6), 6}},
      {RegisterOp::divide, {result(5), result(7)}},
      {RegisterOp::subtract, {7, result(8)}},
  };
  static constexpr int outputs[] = {1, 4, 9};
};

/// Loshchilov & Hutter (2019): the weight 5 decays by 6 first; rate 7.
struct AdamW {
  static constexpr int operands = 9;
  static constexpr ChainLine lines[] = {
      {RegisterOp::subtract, {0, 1}},
      {RegisterOp::multiplyAdd, {result(0), 2, 1}},
      {RegisterOp::square, {0}},
      {RegisterOp::subtract, {result(2), 3}},
      {RegisterOp::multiplyAdd, {result(3), 4, 3}},
      {RegisterOp::multiply, {5, 6}},
      {RegisterOp::subtract, {5, result(5)}},
      {RegisterOp::multiply, {result(1), 7}},
      {RegisterOp::sqrt, {result(4)}},
      {RegisterOp::add, {result(8), 8}},
      {RegisterOp::divide, {result(7), result(9)}},
      {RegisterOp::subtract, {result(6), result(10)}},
  };
  static constexpr int outputs[] = {1, 4, 11};
};

/// SGD with momentum: velocity 0, its factor 1, gradient 2, rate 3, weight 4.
struct Momentum {
  static constexpr int operands = 5;
  static constexpr ChainLine lines[] = {
      {RegisterOp::multiply, {0, 1}},
      {RegisterOp::multiply, {2, 3}},
      {RegisterOp::subtract, {result(0), result(1)}},
      {RegisterOp::negate, {result(2)}},
      {RegisterOp::subtract, {4, result(3)}},
  };
  static constexpr int outputs[] = {2, 4};
};

template <typename C>
constexpr int lineCount = sizeof(C::lines) / sizeof(ChainLine);

template <typename C>
constexpr int outputCount = sizeof(C::outputs) / sizeof(int);

template <typename T, typename C, int line>
ATHANOR_INLINE Vec<T> lineOf(const Vec<T>* x, const Vec<T>* results) {
  constexpr ChainLine l = C::lines[line];
  constexpr int a = l.operands[0], b = l.operands[1], c = l.operands[2];
  const Vec<T>& first = a >= 0 ? x[a >= 0 ? a : 0] : results[a >= 0 ? 0 : -1 - a];
  const Vec<T>& second = b >= 0 ? x[b >= 0 ? b : 0] : results[b >= 0 ? 0 : -1 - b];
  const Vec<T>& third = c >= 0 ? x[c >= 0 ? c : 0] : results[c >= 0 ? 0 : -1 - c];
  constexpr int count = operandCount(l.op);
  if constexpr (count == 1) return unary<T, l.op>(first);
  if constexpr (count == 2) return binary<T, l.op>(first, second);
  return ternary<T, l.op>(first, second, third);
}

template <typename T, typename C, int... line>
ATHANOR_INLINE void runLines(const Vec<T>* x, Vec<T>* results, std::integer_sequence<int, line...>) {
  ((results[line] = lineOf<T, C, line>(x, results)), ...);
}

template <typename T, typename C>
void runChain(const Operand<T>* operands, T* const* outputs, int64_t count) {
  constexpr int width = lanes<T>;
  constexpr auto lines = std::make_integer_sequence<int, lineCount<C>>();
  const T* from[C::operands];
  int64_t steps[C::operands];
  T* into[outputCount<C>];
  for (int i = 0; i < C::operands; i++) from[i] = operands[i].data, steps[i] = operands[i].step;
  for (int o = 0; o < outputCount<C>; o++) into[o] = outputs[o];
  int64_t at = 0;
  Vec<T> x[C::operands], results[lineCount<C>];
  for (; at + width <= count; at += width) {
    for (int i = 0; i < C::operands; i++) {
      x[i] = load<T>(from[i]);
      from[i] += steps[i];
    }
    runLines<T, C>(x, results, lines);
    for (int o = 0; o < outputCount<C>; o++) store<T>(into[o] + at, results[C::outputs[o]]);
  }
  const int rest = static_cast<int>(count - at);
  if (rest == 0) return;
  for (int i = 0; i < C::operands; i++) x[i] = loadPart(from[i], rest);
  runLines<T, C>(x, results, lines);
  for (int o = 0; o < outputCount<C>; o++) storePart(into[o] + at, results[C::outputs[o]], rest);
}

/// Whether the kernel is this chain and nothing else.
template <typename C>
bool matches(const FusedArguments& a, int* operands) {
  constexpr int lines = lineCount<C>, outputs = outputCount<C>;
  if (a.lines != lines || a.outputs != outputs || a.registers > lines) return false;
  const int firstRegister = a.inputs + a.constants;
  int writer[lines];
  for (int& w : writer) w = -1;
  for (int i = 0; i < C::operands; i++) operands[i] = -1;
  for (int l = 0; l < lines; l++) {
    if (a.line[l].op != C::lines[l].op) return false;
    for (int k = 0; k < operandCount(a.line[l].op); k++) {
      const int given = a.line[l].operands[k], wanted = C::lines[l].operands[k];
      if (given >= firstRegister) {
        if (wanted >= 0 || writer[given - firstRegister] != -1 - wanted) return false;
      } else {
        if (wanted < 0 || (operands[wanted] >= 0 && operands[wanted] != given)) return false;
        operands[wanted] = given;
      }
    }
    writer[a.line[l].into] = l;
  }
  for (int o = 0; o < outputs; o++) {
    const FusedOutput& output = a.output[o];
    if (output.reduce != ReduceKind::none || output.dtype != a.computeType) return false;
    if (output.operand < firstRegister || writer[output.operand - firstRegister] != C::outputs[o]) return false;
  }
  return true;
}

template <typename T, typename C>
ChainFunction<T> chainIf(const FusedArguments& a, int* operands, int& count) {
  static_assert(C::operands <= mostChainOperands && outputCount<C> <= mostChainOutputs, "too long");
  if (!matches<C>(a, operands)) return nullptr;
  count = C::operands;
  return runChain<T, C>;
}

}  // namespace

template <typename T>
ChainFunction<T> findChain(const FusedArguments& a, int* operands, int& count) {
  if constexpr (isInteger<T>) {
    return nullptr;
  } else {
    if (const auto found = chainIf<T, Adam>(a, operands, count)) return found;
    if (const auto found = chainIf<T, AdamW>(a, operands, count)) return found;
    return chainIf<T, Momentum>(a, operands, count);
  }
}

template ChainFunction<float> findChain<float>(const FusedArguments&, int*, int&);
template ChainFunction<double> findChain<double>(const FusedArguments&, int*, int&);
template ChainFunction<int32_t> findChain<int32_t>(const FusedArguments&, int*, int&);

}  // namespace athanor

// What a fused kernel works out once and keeps: how each input lies over the kernel's shape, the row
// function of each line, which lines may write an output themselves, and the length of a tile.
#pragma once
#include <cstdlib>
#include <new>

#include "elementwise.h"
#include "fused-chains.h"
#include "instructions.h"
#include "pile.h"
#include "types.h"

namespace athanor {

/// Most elements of a tile: with a handful of registers it stays in the first-level cache.
constexpr int64_t longestTile = 512;

enum class Layout : int32_t { contiguous, single, strided };

/// One input with its own axes joined as far as its strides allow.
struct InputPlan {
  Layout layout;
  DType dtype;
  /// Of another type than the kernel computes in.
  bool converts;
  /// Only the last axis moves: equal contents at equal positions within it.
  bool periodic;
  int rank;
  int64_t size[maxRank];
  int64_t stride[maxRank];
  /// Last line that reads it; the number of lines when an output does.
  int lastRead;
};

template <typename T>
struct LinePlan {
  RowFunction<T> apply;
  int into;
  int operands[3];
  /// Output that this line's result is and that it may write itself; −1 for none.
  int output;
};

struct OutputPlan {
  int operand;
  ReduceKind reduce;
  DType dtype;
  /// The line that writes it, or −1.
  int line;
};

template <typename T>
struct FusedPlan {
  Pile pile;
  int inputs = 0;
  int constants = 0;
  int lines = 0;
  int registers = 0;
  int outputs = 0;
  int reducing = 0;
  int operands = 0;
  InputPlan* input = nullptr;
  LinePlan<T>* line = nullptr;
  OutputPlan* output = nullptr;
  RowFunction<T> copy = rowFunction<T>(RegisterOp::copy);
  /// All lines in one, where there is such a form.
  ChainFunction<T> chain = nullptr;
  int chainOperands = 0;
  int chainOperand[mostChainOperands];
  /// Each constant as one vector.
  T* constant = nullptr;
  /// Shortest last axis of the strided inputs, 0 where there are none: tiles keep to its multiples.
  int64_t period = 0;
  /// Rough cost of an element, in simple vector operations.
  int cost = 1;
};

inline bool isCostly(RegisterOp op) {
  switch (op) {
    case RegisterOp::exp:
    case RegisterOp::log:
    case RegisterOp::log1p:
    case RegisterOp::expm1:
    case RegisterOp::sin:
    case RegisterOp::cos:
    case RegisterOp::tanh:
    case RegisterOp::sigmoid:
    case RegisterOp::erf:
    case RegisterOp::softplus:
    case RegisterOp::power:
    case RegisterOp::modulo:
      return true;
    default:
      return false;
  }
}

inline void planInput(const FusedArguments& a, const FusedInput& source, InputPlan& plan) {
  plan.dtype = source.dtype;
  plan.converts = source.dtype != a.computeType;
  plan.rank = 0;
  for (int axis = 0; axis < a.rank; axis++) {
    const int64_t size = a.shape[axis];
    const int64_t stride = source.strides[axis];
    if (size == 1) continue;
    const int last = plan.rank - 1;
    if (last >= 0 && plan.stride[last] == stride * size) {
      plan.size[last] *= size;
      plan.stride[last] = stride;
    } else {
      plan.size[plan.rank] = size;
      plan.stride[plan.rank] = stride;
      plan.rank++;
    }
  }
  if (plan.rank == 0 || (plan.rank == 1 && plan.stride[0] == 0)) {
    plan.layout = Layout::single;
  } else if (plan.rank == 1 && plan.stride[0] == 1) {
    plan.layout = Layout::contiguous;
  } else {
    plan.layout = Layout::strided;
  }
  plan.periodic = true;
  for (int axis = 0; axis + 1 < plan.rank; axis++) plan.periodic &= plan.stride[axis] == 0;
}

/// nullptr when memory is out or an operation does not exist for T (`status` says which).
template <typename T>
FusedPlan<T>* makeFusedPlan(const FusedArguments& a, Status& status) {
  status = Status::outOfMemory;
  void* const memory = malloc(sizeof(FusedPlan<T>));
  if (memory == nullptr) return nullptr;
  FusedPlan<T>* const p = new (memory) FusedPlan<T>();
  const auto fail = [&](Status why) {
    status = why;
    p->~FusedPlan<T>();
    free(memory);
    return static_cast<FusedPlan<T>*>(nullptr);
  };
  constexpr int width = lanes<T>;
  p->inputs = a.inputs;
  p->constants = a.constants;
  p->lines = a.lines;
  p->registers = a.registers;
  p->outputs = a.outputs;
  p->operands = a.inputs + a.constants + a.registers;
  p->input = p->pile.template take<InputPlan>(a.inputs);
  p->line = p->pile.template take<LinePlan<T>>(a.lines);
  p->output = p->pile.template take<OutputPlan>(a.outputs);
  p->constant = p->pile.template take<T>((a.constants + 1) * width + 64);
  if (p->input == nullptr || p->line == nullptr || p->output == nullptr || p->constant == nullptr)
    return fail(Status::outOfMemory);
  p->constant = reinterpret_cast<T*>((reinterpret_cast<uintptr_t>(p->constant) + 63) & ~uintptr_t(63));
  for (int i = 0; i < a.constants; i++)
    for (int lane = 0; lane < width; lane++)
      p->constant[i * width + lane] = fromNumber<T>(a.constant[i]);

  for (int i = 0; i < a.inputs; i++) {
    InputPlan& input = p->input[i];
    planInput(a, a.input[i], input);
    input.lastRead = -1;
    if (input.layout == Layout::strided) {
      const int64_t last = input.size[input.rank - 1];
      if (p->period == 0 || last < p->period) p->period = last;
    }
  }
  const int firstRegister = a.inputs + a.constants;
  for (int i = 0; i < a.lines; i++) {
    const RegisterLine& source = a.line[i];
    LinePlan<T>& line = p->line[i];
    line.apply = rowFunction<T>(source.op);
    if (line.apply == nullptr) return fail(Status::badProgram);
    line.into = firstRegister + source.into;
    line.output = -1;
    p->cost += isCostly(source.op) ? 12 : 1;
    const int count = operandCount(source.op);
    for (int k = 0; k < 3; k++) {
      line.operands[k] = k < count ? source.operands[k] : source.operands[0];
      if (line.operands[k] < a.inputs) p->input[line.operands[k]].lastRead = i;
    }
  }
  for (int i = 0; i < a.outputs; i++) {
    const FusedOutput& source = a.output[i];
    OutputPlan& output = p->output[i];
    output.operand = source.operand;
    output.reduce = source.reduce;
    output.dtype = source.dtype;
    output.line = -1;
    p->cost += 1;
    if (source.reduce != ReduceKind::none) p->reducing++;
    if (source.operand < a.inputs) p->input[source.operand].lastRead = a.lines;
    if (source.reduce != ReduceKind::none || source.dtype != a.computeType) continue;
    // The last line that writes the register is its value.
    for (int l = a.lines - 1; l >= 0; l--) {
      if (p->line[l].into != source.operand) continue;
      if (p->line[l].output < 0) {
        p->line[l].output = i;
        output.line = l;
      }
      break;
    }
  }
  p->chain = findChain<T>(a, p->chainOperand, p->chainOperands);
  status = Status::ok;
  return p;
}

template <typename T>
void releaseFusedPlan(void* data) {
  static_cast<FusedPlan<T>*>(data)->~FusedPlan<T>();
  free(data);
}

}  // namespace athanor

// One worker's share of a fused kernel: reads the inputs of a tile, runs the lines over it, stores the
// outputs that are kept element by element. Registers, converted and repeated inputs live in scratch.
#pragma once
#include "fused-plan.h"
#include "runtime.h"

namespace athanor {

template <typename T>
class FusedTile {
 public:
  static constexpr int width = lanes<T>;

  /// `direct[o]`: output o is written by its line. False when memory is out.
  bool prepare(Runtime& runtime, int worker, const FusedArguments& arguments, const FusedPlan<T>& plan,
               const bool* direct) {
    arguments_ = &arguments;
    plan_ = &plan;
    direct_ = direct;
    chained_ = plan.chain != nullptr;
    for (int o = 0; o < plan.outputs; o++) chained_ &= direct[o];
    const int64_t tile = arguments.size < longestTile ? (arguments.size + 63) & ~int64_t(63) : longestTile;
    const size_t operandBytes = rounded(sizeof(Operand<T>) * plan.operands);
    const size_t filledBytes = rounded(sizeof(Filled) * plan.inputs);
    const size_t splatBytes = rounded(sizeof(T) * width * plan.inputs);
    const size_t tileBytes = sizeof(T) * static_cast<size_t>(tile);
    const size_t bytes =
        operandBytes + filledBytes + splatBytes + tileBytes * (plan.registers + plan.inputs);
    char* memory = static_cast<char*>(scratch(runtime, worker, 0, bytes));
    if (memory == nullptr) return false;
    operand_ = reinterpret_cast<Operand<T>*>(memory);
    filled_ = reinterpret_cast<Filled*>(memory + operandBytes);
    splat_ = reinterpret_cast<T*>(memory + operandBytes + filledBytes);
    register_ = reinterpret_cast<T*>(memory + operandBytes + filledBytes + splatBytes);
    gathered_ = register_ + tile * plan.registers;
    tile_ = tile;
    for (int i = 0; i < plan.inputs; i++) {
      const InputPlan& input = plan.input[i];
      filled_[i] = {-1, 0};
      if (input.layout == Layout::single) useSingle(i, 0);
    }
    for (int i = 0; i < plan.constants; i++)
      operand_[plan.inputs + i] = {plan.constant + i * width, 0};
    return true;
  }

  /// Elements [start, start + count) of the kernel's shape, count ≤ longestTile.
  void evaluate(int64_t start, int64_t count) {
    const FusedPlan<T>& plan = *plan_;
    for (int i = 0; i < plan.inputs; i++) {
      const InputPlan& input = plan.input[i];
      if (input.layout == Layout::contiguous) {
        if (input.converts) {
          T* const into = gathered_ + i * tile_;
          copyRun(into, i, start, 1, count);
          operand_[i] = {into, width};
        } else {
          operand_[i] = {static_cast<const T*>(arguments_->input[i].data) + start, width};
        }
      } else if (input.layout == Layout::strided) {
        readStrided(i, start, count);
      }
    }
    if (chained_) return runChain(start, count);
    const int firstRegister = plan.inputs + plan.constants;
    for (int l = 0; l < plan.lines; l++) {
      const LinePlan<T>& line = plan.line[l];
      T* into = register_ + (line.into - firstRegister) * tile_;
      if (line.output >= 0 && direct_[line.output])
        into = static_cast<T*>(arguments_->output[line.output].data) + start;
      const Operand<T> a = operand_[line.operands[0]];
      const Operand<T> b = operand_[line.operands[1]];
      const Operand<T> c = operand_[line.operands[2]];
      line.apply(into, a.data, a.step, b.data, b.step, c.data, c.step, count);
      operand_[line.into] = {into, width};
    }
    for (int o = 0; o < plan.outputs; o++)
      if (plan.output[o].reduce == ReduceKind::none && !direct_[o]) storeOutput(o, start, count);
  }

  Operand<T> operand(int index) const { return operand_[index]; }

 private:
  /// What a gathered tile holds: it can be kept while the position in the period is the same.
  struct Filled {
    int64_t phase;
    int64_t count;
  };

  void runChain(int64_t start, int64_t count) {
    const FusedPlan<T>& plan = *plan_;
    Operand<T> operands[mostChainOperands];
    T* outputs[mostChainOutputs];
    for (int i = 0; i < plan.chainOperands; i++) operands[i] = operand_[plan.chainOperand[i]];
    for (int o = 0; o < plan.outputs; o++)
      outputs[o] = static_cast<T*>(arguments_->output[o].data) + start;
    plan.chain(operands, outputs, count);
  }

  static size_t rounded(size_t bytes) { return (bytes + 63) & ~size_t(63); }

  void useSingle(int i, int64_t offset) {
    T* const into = splat_ + i * width;
    const FusedInput& source = arguments_->input[i];
    const T value = withType(source.dtype, [&](auto e) {
      return static_cast<T>(static_cast<const typename decltype(e)::Type*>(source.data)[offset]);
    });
    for (int lane = 0; lane < width; lane++) into[lane] = value;
    operand_[i] = {into, 0};
  }

  void copyRun(T* into, int i, int64_t offset, int64_t stride, int64_t count) {
    const FusedInput& source = arguments_->input[i];
    withType(source.dtype, [&](auto e) {
      const auto* const from = static_cast<const typename decltype(e)::Type*>(source.data) + offset;
      if (stride == 1) {
        for (int64_t k = 0; k < count; k++) into[k] = static_cast<T>(from[k]);
      } else if (stride == 0) {
        const T value = static_cast<T>(from[0]);
        for (int64_t k = 0; k < count; k++) into[k] = value;
      } else {
        for (int64_t k = 0; k < count; k++) into[k] = static_cast<T>(from[k * stride]);
      }
    });
  }

  void readStrided(int i, int64_t start, int64_t count) {
    const InputPlan& input = plan_->input[i];
    const int last = input.rank - 1;
    const int64_t length = input.size[last];
    const int64_t stride = input.stride[last];
    int64_t row = start / length;
    int64_t column = start - row * length;
    T* const into = gathered_ + i * tile_;
    if (column + count <= length) {
      const int64_t offset = rowOffset(input, row) + column * stride;
      if (stride == 0) return useSingle(i, offset);
      if (stride == 1 && !input.converts) {
        operand_[i] = {static_cast<const T*>(arguments_->input[i].data) + offset, width};
        return;
      }
    }
    operand_[i] = {into, width};
    Filled& filled = filled_[i];
    if (input.periodic && filled.phase == column && filled.count >= count) return;
    filled = {column, count};
    int64_t done = 0;
    while (done < count) {
      const int64_t run = length - column < count - done ? length - column : count - done;
      copyRun(into + done, i, rowOffset(input, row) + column * stride, stride, run);
      done += run;
      column = 0;
      row++;
    }
  }

  static int64_t rowOffset(const InputPlan& input, int64_t row) {
    int64_t offset = 0;
    for (int axis = input.rank - 2; axis > 0; axis--) {
      const int64_t above = row / input.size[axis];
      offset += (row - above * input.size[axis]) * input.stride[axis];
      row = above;
    }
    return input.rank > 1 ? offset + row * input.stride[0] : offset;
  }

  void storeOutput(int o, int64_t start, int64_t count) {
    const FusedOutput& target = arguments_->output[o];
    const Operand<T> from = operand_[plan_->output[o].operand];
    if (target.dtype == arguments_->computeType) {
      plan_->copy(static_cast<T*>(target.data) + start, from.data, from.step, from.data, 0, from.data,
                  0, count);
      return;
    }
    withType(target.dtype, [&](auto e) {
      using S = typename decltype(e)::Type;
      S* const into = static_cast<S*>(target.data) + start;
      if (from.step == 0) {
        const S value = fromNumber<S>(static_cast<double>(from.data[0]));
        for (int64_t k = 0; k < count; k++) into[k] = value;
      } else {
        for (int64_t k = 0; k < count; k++) into[k] = fromNumber<S>(static_cast<double>(from.data[k]));
      }
    });
  }

  const FusedArguments* arguments_ = nullptr;
  const FusedPlan<T>* plan_ = nullptr;
  const bool* direct_ = nullptr;
  /// Every line is in the chain, every output written by it.
  bool chained_ = false;
  Operand<T>* operand_ = nullptr;
  Filled* filled_ = nullptr;
  T* splat_ = nullptr;
  T* register_ = nullptr;
  T* gathered_ = nullptr;
  int64_t tile_ = 0;
};

}  // namespace athanor

// What each instruction hands its kernel: pointers (set anew for every run), sizes and strides, all
// checked when the program was made. program.cpp decodes them from words; src/execute/encode.ts
// writes the words; src/compile/program.ts says what each field means.
#pragma once
#include <cstddef>
#include <cstdint>

#include "opcodes.h"

namespace athanor {

struct Runtime;

/// Most axes of a shape.
constexpr int maxRank = 16;

/// What a kernel works out once per instruction and keeps, if it wants to: a pointer of its own and
/// how to free it. Kernels set it in their first run (runs never overlap); pointers into arrays must
/// not be kept in it, they change from run to run.
struct Plan {
  void* data = nullptr;
  void (*release)(void* data) = nullptr;
};

struct FusedInput {
  const void* data;
  DType dtype;
  /// Elements in the array that `data` points to.
  int64_t length;
  /// `rank` of them, in elements; 0 repeats.
  const int64_t* strides;
};

struct RegisterLine {
  RegisterOp op;
  int32_t into;
  /// Unused ones are 0. [0, inputs) an input, then the constants, then the registers.
  int32_t operands[3];
};

struct FusedOutput {
  void* data;
  DType dtype;
  int32_t operand;
  ReduceKind reduce;
};

/// float32, float64 or int32. A bool array holds bytes 0 or 1. Every operand is in range, every
/// register is written before it is read; `registers` ≤ 4096. The product of `shape` equals
/// outer · reduced · inner where an output reduces, and any size may be 0.
struct FusedArguments {
  DType computeType;
  int32_t rank;
  const int64_t* shape;
  int32_t inputs;
  const FusedInput* input;
  int32_t constants;
  const double* constant;
  int32_t lines;
  const RegisterLine* line;
  int32_t registers;
  int32_t outputs;
  const FusedOutput* output;
  int64_t outer;
  int64_t reduced;
  int64_t inner;
  /// Product of `shape`.
  int64_t size;
  mutable Plan plan;
};

struct MatmulOperand {
  const void* data;
  int64_t batchStride;
  int64_t rowStride;
  int64_t columnStride;
};

struct MatmulArguments {
  DType dtype;
  int64_t batch;
  int64_t rows;
  int64_t columns;
  int64_t depth;
  MatmulOperand left;
  MatmulOperand right;
  void* out;
  /// `columns` of them, or nullptr.
  const void* bias;
  RegisterOp activation;
  mutable Plan plan;
};

/// Windows over pictures [batch, height, width, channels]; src/compile/program.ts says where they lie.
/// Sizes may be 0; windows, strides and dilations are 1 or more, paddings 0 or more, and every window
/// of a plane ends inside the picture's height + 2⁴⁰ (so that no sum of these overflows).
struct WindowGeometry {
  int64_t batch;
  int64_t height;
  int64_t width;
  int64_t channels;
  int64_t outHeight;
  int64_t outWidth;
  int64_t windowHeight;
  int64_t windowWidth;
  int64_t strideHeight;
  int64_t strideWidth;
  int64_t top;
  int64_t left;
  int64_t dilationHeight;
  int64_t dilationWidth;
};

/// Groups divide channels and outputs; there are some of all three.
struct FilterGeometry : WindowGeometry {
  int64_t outputs;
  int64_t groups;
};

struct ConvolutionArguments {
  DType dtype;
  FilterGeometry geometry;
  const void* source;
  const void* filter;
  void* target;
  /// `outputs` of them, or nullptr.
  const void* bias;
  RegisterOp activation;
};

struct ConvolutionInputArguments {
  DType dtype;
  FilterGeometry geometry;
  const void* upstream;
  const void* filter;
  void* target;
};

struct ConvolutionFilterArguments {
  DType dtype;
  FilterGeometry geometry;
  const void* source;
  const void* upstream;
  void* target;
};

/// Of all pooling: dilation is 1. Of maxima: every window holds some of the picture.
struct MaxPoolArguments {
  DType dtype;
  WindowGeometry geometry;
  const void* source;
  void* target;
};

struct MaxPoolGradientArguments {
  DType dtype;
  WindowGeometry geometry;
  const void* source;
  const void* upstream;
  void* target;
};

struct MaxPoolPickArguments {
  DType dtype;
  WindowGeometry geometry;
  const void* source;
  const void* values;
  void* target;
};

struct SumPoolArguments {
  DType dtype;
  WindowGeometry geometry;
  const void* source;
  void* target;
};

struct SumPoolGradientArguments {
  DType dtype;
  WindowGeometry geometry;
  const void* source;
  void* target;
};

struct CopyArguments {
  DType dtype;
  int32_t rank;
  const int64_t* shape;
  /// Offsets, in elements, are to be added to the pointers.
  const void* source;
  int64_t sourceOffset;
  const int64_t* sourceStrides;
  void* target;
  int64_t targetOffset;
  const int64_t* targetStrides;
};

struct FillArguments {
  DType dtype;
  void* target;
  int64_t length;
  double value;
};

struct GatherArguments {
  DType dtype;
  int64_t outer;
  int64_t axisSize;
  int64_t inner;
  int64_t count;
  const void* source;
  const int32_t* indices;
  void* target;
};

struct ScatterAddArguments {
  DType dtype;
  int64_t outer;
  int64_t axisSize;
  int64_t inner;
  int64_t count;
  const void* source;
  const int32_t* indices;
  void* target;
};

struct ArgReduceArguments {
  DType dtype;
  bool largest;
  int64_t outer;
  int64_t reduced;
  int64_t inner;
  const void* source;
  int32_t* target;
};

struct CumulativeSumArguments {
  DType dtype;
  int64_t outer;
  int64_t reduced;
  int64_t inner;
  bool exclusive;
  bool reverse;
  const void* source;
  void* target;
};

/// What a recurrence and its gradient both know.
struct RecurrentParts {
  CellCode cell;
  DType dtype;
  int64_t batch;
  int64_t steps;
  int64_t units;
  bool backwards;
  const void* kernel;
  const void* hidden;
  /// lstm only.
  const void* cellState;
  /// Or nullptr.
  const uint8_t* mask;
};

struct RecurrentArguments : RecurrentParts {
  const void* inputs;
  /// gru only.
  const void* bias;
  void* target;
};

struct RecurrentGradientArguments : RecurrentParts {
  const void* record;
  const void* upstream;
  bool upstreamLast;
  /// Or nullptr; lstm only.
  const void* cellUpstream;
  bool cellUpstreamLast;
  void* target;
};

struct SoftmaxArguments {
  DType dtype;
  bool logarithm;
  int64_t rows;
  int64_t columns;
  const void* source;
  void* target;
};

struct SoftmaxCrossEntropyArguments {
  DType dtype;
  int64_t rows;
  int64_t columns;
  const void* logits;
  const int32_t* labels;
  void* target;
};

struct SoftmaxCrossEntropyGradientArguments {
  DType dtype;
  int64_t rows;
  int64_t columns;
  const void* logits;
  const int32_t* labels;
  const void* upstream;
  int64_t upstreamStride;
  void* target;
};

struct CtcLossArguments {
  DType dtype;
  int64_t batch;
  int64_t steps;
  int64_t classes;
  int64_t mostLabels;
  int32_t blank;
  bool zeroInfinity;
  const void* logits;
  const int32_t* labels;
  const int32_t* inputLengths;
  const int32_t* labelLengths;
  void* target;
};

struct CtcLossGradientArguments : CtcLossArguments {
  const void* upstream;
  int64_t upstreamStride;
};

struct RandomArguments {
  bool uniform;
  DType dtype;
  uint32_t seedLow;
  uint32_t seedHigh;
  uint32_t stream;
  const double* counter;
  int64_t length;
  void* target;
};

struct IotaArguments {
  DType dtype;
  int64_t outer;
  int64_t reduced;
  int64_t inner;
  void* target;
};

struct RequireFiniteArguments {
  DType dtype;
  const void* source;
};

// One kernel per instruction. fused.cpp, gemm.cpp, softmax.cpp, …
Status run(Runtime& runtime, const FusedArguments& arguments);
Status run(Runtime& runtime, const MatmulArguments& arguments);
Status run(Runtime& runtime, const ConvolutionArguments& arguments);
Status run(Runtime& runtime, const ConvolutionInputArguments& arguments);
Status run(Runtime& runtime, const ConvolutionFilterArguments& arguments);
Status run(Runtime& runtime, const MaxPoolArguments& arguments);
Status run(Runtime& runtime, const MaxPoolGradientArguments& arguments);
Status run(Runtime& runtime, const MaxPoolPickArguments& arguments);
Status run(Runtime& runtime, const SumPoolArguments& arguments);
Status run(Runtime& runtime, const SumPoolGradientArguments& arguments);
Status run(Runtime& runtime, const CopyArguments& arguments);
Status run(Runtime& runtime, const FillArguments& arguments);
Status run(Runtime& runtime, const GatherArguments& arguments);
Status run(Runtime& runtime, const ScatterAddArguments& arguments);
Status run(Runtime& runtime, const ArgReduceArguments& arguments);
Status run(Runtime& runtime, const CumulativeSumArguments& arguments);
Status run(Runtime& runtime, const RecurrentArguments& arguments);
Status run(Runtime& runtime, const RecurrentGradientArguments& arguments);
Status run(Runtime& runtime, const SoftmaxArguments& arguments);
Status run(Runtime& runtime, const SoftmaxCrossEntropyArguments& arguments);
Status run(Runtime& runtime, const SoftmaxCrossEntropyGradientArguments& arguments);
Status run(Runtime& runtime, const CtcLossArguments& arguments);
Status run(Runtime& runtime, const CtcLossGradientArguments& arguments);
Status run(Runtime& runtime, const RandomArguments& arguments);
Status run(Runtime& runtime, const IotaArguments& arguments);
Status run(Runtime& runtime, const RequireFiniteArguments& arguments);

}  // namespace athanor

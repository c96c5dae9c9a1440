// Words into kernel arguments. Every size, stride and type is checked here, so that kernels can trust
// what they get; the layout is written down in program.h.
#include "decoder.h"

#include "program.h"

namespace athanor {

bool Decoder::header() {
  limit_ = end_;
  if (words_ == nullptr || end_ < 8) return fail();
  if (word() != programMagic || word() != programVersion || word() != end_) return fail();
  const int32_t slots = word();
  const int32_t buffers = word();
  const int32_t steps = word();
  if (slots < 0 || slots > end_ / 3 || buffers < 0 || buffers > end_ / 6 || steps < 0 ||
      steps > end_ / 2 || steps >= (1 << 27))
    return fail();
  program_.arenaBytes = size();

  program_.slots = slots;
  program_.slotBytes = take<int64_t>(slots);
  writable_ = take<bool>(slots);
  for (int32_t s = 0; ok_ && s < slots; s++) {
    writable_[s] = flag();
    program_.slotBytes[s] = size();
  }

  buffers_ = buffers;
  buffer_ = take<BufferRow>(buffers);
  for (int32_t b = 0; ok_ && b < buffers; b++) {
    BufferRow& row = buffer_[b];
    row.slot = word();
    row.dtype = dtype();
    row.byteOffset = size();
    row.length = size();
    if (!ok_ || row.slot < 0 || row.slot > slots) return fail();
    const int64_t bytes = product(row.length, byteWidth(row.dtype));
    const int64_t room = row.slot == 0 ? program_.arenaBytes : program_.slotBytes[row.slot - 1];
    require(row.byteOffset % byteWidth(row.dtype) == 0 && bytes <= room &&
            row.byteOffset <= room - bytes);
  }

  program_.steps = steps;
  program_.step = take<Step>(steps);
  return ok_;
}

bool Decoder::instruction(Step& step) {
  const int64_t begin = at_;
  limit_ = end_;
  step.code = static_cast<InstructionCode>(word());
  const int32_t length = word();
  if (!ok_ || length < 2 || length > end_ - begin) return fail();
  limit_ = begin + length;
  switch (step.code) {
    case InstructionCode::fused:
      arguments(step, &Decoder::fused);
      break;
    case InstructionCode::matmul:
      arguments(step, &Decoder::matmul);
      break;
#define ATHANOR_CASE(NAME, ARGUMENTS)       \
  case InstructionCode::NAME:               \
    arguments(step, &Decoder::NAME);        \
    break;
    ATHANOR_WINDOW_INSTRUCTIONS(ATHANOR_CASE)
    case InstructionCode::copy:
      arguments(step, &Decoder::copy);
      break;
    case InstructionCode::fill:
      arguments(step, &Decoder::fill);
      break;
    case InstructionCode::gather:
      arguments<GatherArguments>(step, &Decoder::indexed);
      break;
    case InstructionCode::scatterAdd:
      arguments<ScatterAddArguments>(step, &Decoder::indexed);
      break;
    case InstructionCode::argReduce:
      arguments(step, &Decoder::argReduce);
      break;
    case InstructionCode::cumulativeSum:
      arguments(step, &Decoder::cumulativeSum);
      break;
    case InstructionCode::recurrent:
      arguments(step, &Decoder::recurrent);
      break;
    case InstructionCode::recurrentGradient:
      arguments(step, &Decoder::recurrentGradient);
      break;
    case InstructionCode::softmax:
      arguments(step, &Decoder::softmax);
      break;
    case InstructionCode::softmaxCrossEntropy:
      arguments(step, &Decoder::crossEntropy);
      break;
    case InstructionCode::softmaxCrossEntropyGradient:
      arguments(step, &Decoder::crossEntropyGradient);
      break;
    case InstructionCode::ctcLoss:
      arguments(step, &Decoder::ctcLoss);
      break;
    case InstructionCode::ctcLossGradient:
      arguments(step, &Decoder::ctcLossGradient);
      break;
    case InstructionCode::random:
      arguments(step, &Decoder::random);
      break;
    case InstructionCode::iota:
      arguments(step, &Decoder::iota);
      break;
    case InstructionCode::requireFinite:
      arguments(step, &Decoder::requireFinite);
      break;
    default:
      return fail();
  }
  return ok_ && at_ == limit_;
}

void Decoder::fused(FusedArguments& a) {
  a.computeType = numberType();
  a.rank = rank();
  a.shape = sizes(a.rank);
  a.size = 1;
  for (int32_t i = 0; ok_ && i < a.rank; i++) a.size = product(a.size, a.shape[i]);

  a.inputs = count(1);
  FusedInput* const input = take<FusedInput>(a.inputs);
  a.input = input;
  for (int32_t k = 0; ok_ && k < a.inputs; k++) {
    const BufferRow* const row = array(&input[k].data, Use::read);
    input[k].strides = strides(a.rank);
    if (!ok_) return;
    input[k].dtype = row->dtype;
    input[k].length = row->length;
    inside(row->length, a.rank, a.shape, input[k].strides, 0);
  }

  a.constants = count(2);
  double* const constant = take<double>(a.constants);
  a.constant = constant;
  for (int32_t k = 0; ok_ && k < a.constants; k++) constant[k] = number();

  a.lines = count(5);
  RegisterLine* const line = take<RegisterLine>(a.lines);
  a.line = line;
  for (int32_t k = 0; ok_ && k < a.lines; k++) {
    line[k].op = static_cast<RegisterOp>(word());
    line[k].into = word();
    for (int32_t& operand : line[k].operands) operand = word();
  }
  a.registers = word();
  require(a.registers >= 0 && a.registers <= mostRegisters);

  a.outputs = count(3);
  FusedOutput* const output = take<FusedOutput>(a.outputs);
  a.output = output;
  int64_t* const lengths = take<int64_t>(a.outputs);
  bool reduces = false;
  for (int32_t k = 0; ok_ && k < a.outputs; k++) {
    const BufferRow* const row = array(&output[k].data, Use::write);
    output[k].operand = word();
    const int32_t reduce = word();
    if (!ok_ || reduce < 0 || reduce > 4) return void(fail());
    output[k].dtype = row->dtype;
    output[k].reduce = static_cast<ReduceKind>(reduce);
    lengths[k] = row->length;
    reduces = reduces || reduce != 0;
  }
  a.outer = size();
  a.reduced = size();
  a.inner = size();
  if (!ok_) return;
  if (reduces) {
    require(product(a.outer, a.reduced, a.inner) == a.size);
    for (int32_t i = 0; i < a.rank; i++)
      require(a.shape[i] != 0 || a.outer * a.reduced * a.inner == 0);
  }
  const int64_t kept = reduces ? product(a.outer, a.inner) : 0;
  for (int32_t k = 0; ok_ && k < a.outputs; k++)
    require(lengths[k] >= (output[k].reduce == ReduceKind::none ? a.size : kept));
  if (ok_) registers(a, line);
}

/// Operands are in range, and no register is read before it is written.
void Decoder::registers(const FusedArguments& a, const RegisterLine* lines) {
  const int64_t fixed = int64_t(a.inputs) + a.constants;
  bool* const written = take<bool>(a.registers);
  if (!ok_) return;
  auto readable = [&](int32_t operand) {
    if (operand < 0 || operand >= fixed + a.registers) return false;
    return operand < fixed || written[operand - fixed];
  };
  for (int32_t k = 0; ok_ && k < a.lines; k++) {
    const int operands = operandCount(lines[k].op);
    require(operands > 0 && lines[k].into >= 0 && lines[k].into < a.registers);
    for (int i = 0; ok_ && i < operands; i++) require(readable(lines[k].operands[i]));
    if (ok_) written[lines[k].into] = true;
  }
  for (int32_t k = 0; ok_ && k < a.outputs; k++) require(readable(a.output[k].operand));
}

void Decoder::matmul(MatmulArguments& a) {
  a.dtype = floatType();
  a.batch = size();
  a.rows = size();
  a.columns = size();
  a.depth = size();
  auto operand = [&](MatmulOperand& m, int64_t rows, int64_t columns) {
    const BufferRow* const row = array(&m.data, Use::read);
    m.batchStride = wide();
    m.rowStride = wide();
    m.columnStride = wide();
    if (!ok_ || row->dtype != a.dtype) return void(fail());
    const int64_t shape[3] = {a.batch, rows, columns};
    const int64_t steps[3] = {m.batchStride, m.rowStride, m.columnStride};
    inside(row->length, 3, shape, steps, 0);
  };
  operand(a.left, a.rows, a.depth);
  operand(a.right, a.depth, a.columns);
  array(&a.out, Use::write, a.dtype, product(a.batch, a.rows, a.columns));
  const int32_t bias = word();
  if (ok_ && bias != -1) {
    const BufferRow* const row = arrayOf(&a.bias, Use::read, bias);
    require(row != nullptr && row->dtype == a.dtype && row->length >= a.columns);
  }
  a.activation = static_cast<RegisterOp>(word());
  require(operandCount(a.activation) == 1);
}

void Decoder::copy(CopyArguments& a) {
  a.dtype = dtype();
  a.rank = rank();
  a.shape = sizes(a.rank);
  int64_t total = 1;
  for (int32_t i = 0; ok_ && i < a.rank; i++) total = product(total, a.shape[i]);
  const BufferRow* const source = array(&a.source, Use::read);
  a.sourceOffset = wide();
  a.sourceStrides = strides(a.rank);
  const BufferRow* const target = array(&a.target, Use::write);
  a.targetOffset = wide();
  a.targetStrides = strides(a.rank);
  if (!ok_ || source->dtype != a.dtype || target->dtype != a.dtype) return void(fail());
  inside(source->length, a.rank, a.shape, a.sourceStrides, a.sourceOffset);
  inside(target->length, a.rank, a.shape, a.targetStrides, a.targetOffset);
  // Two tasks must never write one element.
  for (int32_t i = 0; ok_ && i < a.rank; i++)
    require(total == 0 || a.shape[i] == 1 || a.targetStrides[i] != 0);
}

void Decoder::fill(FillArguments& a) {
  a.dtype = dtype();
  const BufferRow* const target = array(&a.target, Use::write);
  a.length = size();
  a.value = number();
  if (ok_) require(target->dtype == a.dtype && target->length >= a.length);
}

template <typename Arguments>
void Decoder::indexed(Arguments& a) {
  constexpr bool scatters = std::is_same<Arguments, ScatterAddArguments>::value;
  a.dtype = scatters ? numberType() : dtype();
  a.outer = size();
  a.axisSize = size();
  a.inner = size();
  a.count = size();
  const int64_t whole = product(a.outer, a.axisSize, a.inner);
  const int64_t picked = product(a.outer, a.count, a.inner);
  require(a.count <= INT32_MAX && a.axisSize <= INT32_MAX);
  array(&a.source, Use::read, a.dtype, scatters ? picked : whole);
  array(&a.indices, Use::read, DType::int32, a.count);
  array(&a.target, Use::write, a.dtype, scatters ? whole : picked);
}

void Decoder::argReduce(ArgReduceArguments& a) {
  a.dtype = dtype();
  a.largest = flag();
  a.outer = size();
  a.reduced = size();
  a.inner = size();
  const int64_t kept = product(a.outer, a.inner);
  require(a.reduced <= INT32_MAX && (a.reduced > 0 || kept == 0));
  array(&a.source, Use::read, a.dtype, product(a.outer, a.reduced, a.inner));
  array(&a.target, Use::write, DType::int32, kept);
}

void Decoder::cumulativeSum(CumulativeSumArguments& a) {
  a.dtype = numberType();
  a.outer = size();
  a.reduced = size();
  a.inner = size();
  a.exclusive = flag();
  a.reverse = flag();
  const int64_t total = product(a.outer, a.reduced, a.inner);
  array(&a.source, Use::read, a.dtype, total);
  array(&a.target, Use::write, a.dtype, total);
}

void Decoder::softmax(SoftmaxArguments& a) {
  a.dtype = floatType();
  a.logarithm = flag();
  a.rows = size();
  a.columns = size();
  const int64_t total = product(a.rows, a.columns);
  array(&a.source, Use::read, a.dtype, total);
  array(&a.target, Use::write, a.dtype, total);
}

void Decoder::crossEntropy(SoftmaxCrossEntropyArguments& a) {
  a.dtype = floatType();
  a.rows = size();
  a.columns = size();
  array(&a.logits, Use::read, a.dtype, product(a.rows, a.columns));
  array(&a.labels, Use::read, DType::int32, a.rows);
  array(&a.target, Use::write, a.dtype, a.rows);
}

void Decoder::crossEntropyGradient(SoftmaxCrossEntropyGradientArguments& a) {
  a.dtype = floatType();
  a.rows = size();
  a.columns = size();
  const int64_t total = product(a.rows, a.columns);
  array(&a.logits, Use::read, a.dtype, total);
  array(&a.labels, Use::read, DType::int32, a.rows);
  const BufferRow* const upstream = array(&a.upstream, Use::read);
  a.upstreamStride = flag() ? 1 : 0;
  if (!ok_) return;
  require(upstream->dtype == a.dtype &&
          upstream->length >= (a.upstreamStride == 1 ? a.rows : 1));
  array(&a.target, Use::write, a.dtype, total);
}

void Decoder::random(RandomArguments& a) {
  a.uniform = flag();
  a.dtype = dtype();
  a.seedLow = static_cast<uint32_t>(word());
  a.seedHigh = static_cast<uint32_t>(word());
  a.stream = static_cast<uint32_t>(word());
  array(&a.counter, Use::read, DType::float64, 1);
  a.length = size();
  array(&a.target, Use::write, a.dtype, a.length);
  require(a.uniform ? a.dtype == DType::float32 || a.dtype == DType::float64
                    : a.dtype == DType::int32);
}

void Decoder::iota(IotaArguments& a) {
  a.dtype = dtype();
  a.outer = size();
  a.reduced = size();
  a.inner = size();
  array(&a.target, Use::write, a.dtype, product(a.outer, a.reduced, a.inner));
}

void Decoder::requireFinite(RequireFiniteArguments& a) {
  a.dtype = floatType();
  array(&a.source, Use::read, a.dtype, 1);
}

/// Counting sort of the addresses by slot: a run touches only those whose slot has moved.
bool Decoder::sortPlaces() {
  const int32_t slots = program_.slots + 1;
  int32_t* const first = take<int32_t>(slots + 1);
  int32_t* const next = take<int32_t>(slots);
  Place* const places = take<Place>(pendingCount_);
  if (!ok_ || pendingCount_ > INT32_MAX) return fail();
  for (int64_t i = 0; i < pendingCount_; i++) first[pending_[i].slot + 1]++;
  for (int32_t s = 0; s < slots; s++) {
    first[s + 1] += first[s];
    next[s] = first[s];
  }
  for (int64_t i = 0; i < pendingCount_; i++)
    places[next[pending_[i].slot]++] = {pending_[i].place, pending_[i].offset};
  program_.firstPlace = first;
  program_.places = places;
  return true;
}

bool Decoder::run() {
  if (!header()) return false;
  for (int32_t i = 0; i < program_.steps; i++)
    if (!instruction(program_.step[i])) return false;
  return at_ == end_ && sortPlaces();
}

bool decode(const int32_t* words, int64_t count, DecodedProgram& program) {
  return Decoder(words, count, program).run();
}

}  // namespace athanor

// Words into kernel arguments. Every size, stride and type is checked here, so that kernels can trust
// what they get; the layout is written down in program.h.
#include "decode.h"

#include <type_traits>

#include "program.h"
#include "window-instructions.h"

namespace athanor {

namespace {

constexpr int64_t mostBytes = int64_t(1) << 52;
constexpr int32_t mostRegisters = 4096;

bool multiply(int64_t a, int64_t b, int64_t& out) { return !__builtin_mul_overflow(a, b, &out); }
bool add(int64_t a, int64_t b, int64_t& out) { return !__builtin_add_overflow(a, b, &out); }

struct BufferRow {
  int32_t slot;
  DType dtype;
  int64_t byteOffset;
  int64_t length;
};

/// An address to fill in later, in the order the instructions name them.
struct PendingPlace {
  void* place;
  int32_t slot;
  int64_t offset;
};

enum class Use { read, write };

class Decoder {
 public:
  Decoder(const int32_t* words, int64_t count, DecodedProgram& program)
      : words_(words), end_(count), program_(program) {}

  bool run();

 private:
  // Reading. After the first fault everything reads as 0 and `ok_` stays false.
  bool fail() {
    ok_ = false;
    return false;
  }
  void require(bool condition) {
    if (!condition) ok_ = false;
  }
  int32_t word() {
    if (!ok_ || at_ >= limit_) {
      ok_ = false;
      return 0;
    }
    return words_[at_++];
  }
  int64_t wide() {
    const uint32_t low = static_cast<uint32_t>(word());
    const uint32_t high = static_cast<uint32_t>(word());
    return static_cast<int64_t>(uint64_t(high) << 32 | low);
  }
  double number() {
    const int64_t bits = wide();
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
  }
  int64_t size() {
    const int64_t value = wide();
    if (value < 0 || value > mostBytes) ok_ = false;
    return ok_ ? value : 0;
  }
  /// A count of items of at least `wordsEach` words, so never more than the words that are left.
  int32_t count(int64_t wordsEach) {
    const int32_t value = word();
    if (value < 0 || value > (limit_ - at_) / wordsEach) ok_ = false;
    return ok_ ? value : 0;
  }
  bool flag() {
    const int32_t value = word();
    if (value != 0 && value != 1) ok_ = false;
    return value == 1;
  }
  DType dtype() {
    const int32_t value = word();
    if (value < 0 || value > 3) ok_ = false;
    return ok_ ? static_cast<DType>(value) : DType::float32;
  }
  DType floatType() {
    const DType value = dtype();
    require(value == DType::float32 || value == DType::float64);
    return value;
  }
  DType numberType() {
    const DType value = dtype();
    require(value != DType::bool_);
    return value;
  }
  template <typename T>
  T* take(int64_t items) {
    T* const memory = program_.pile.take<T>(items);
    if (memory == nullptr) ok_ = false;
    return memory;
  }
  int64_t product(int64_t a, int64_t b) {
    int64_t out = 0;
    if (!multiply(a, b, out) || out > mostBytes) ok_ = false;
    return ok_ ? out : 0;
  }
  int64_t product(int64_t a, int64_t b, int64_t c) { return product(product(a, b), c); }

  /// Notes that `place` is to hold the address of the buffer named by the next word.
  template <typename Pointer>
  const BufferRow* array(Pointer* place, Use use) {
    return arrayOf(place, use, word());
  }
  template <typename Pointer>
  const BufferRow* arrayOf(Pointer* place, Use use, int32_t id) {
    if (!ok_ || id < 0 || id >= buffers_) {
      ok_ = false;
      return nullptr;
    }
    const BufferRow* const row = buffer_ + id;
    if (use == Use::write && row->slot > 0 && !writable_[row->slot - 1]) {
      ok_ = false;
      return nullptr;
    }
    if (pendingCount_ == pendingRoom_) {
      const int64_t room = pendingRoom_ == 0 ? 64 : pendingRoom_ * 2;
      PendingPlace* const grown = take<PendingPlace>(room);
      if (grown == nullptr) return nullptr;
      if (pendingCount_ > 0) memcpy(grown, pending_, pendingCount_ * sizeof(PendingPlace));
      pending_ = grown;
      pendingRoom_ = room;
    }
    pending_[pendingCount_++] = {(void*)place, row->slot, row->byteOffset};
    return row;
  }
  template <typename Pointer>
  void array(Pointer* place, Use use, DType type, int64_t length) {
    const BufferRow* const row = array(place, use);
    if (row == nullptr || row->dtype != type || row->length < length) ok_ = false;
  }
  /// Whether offset + Σ index·stride stays inside an array for every index of the shape.
  void inside(int64_t length, int32_t rank, const int64_t* shape, const int64_t* strides,
              int64_t offset) {
    if (!ok_) return;
    int64_t low = offset;
    int64_t high = offset;
    for (int32_t i = 0; i < rank; i++)
      if (shape[i] == 0) return;
    for (int32_t i = 0; i < rank; i++) {
      int64_t reach = 0;
      if (!multiply(shape[i] - 1, strides[i], reach)) return void(ok_ = false);
      if (!(reach < 0 ? add(low, reach, low) : add(high, reach, high))) return void(ok_ = false);
    }
    if (low < 0 || high >= length) ok_ = false;
  }
  int64_t* sizes(int32_t items) {
    int64_t* const list = take<int64_t>(items);
    for (int32_t i = 0; ok_ && i < items; i++) list[i] = size();
    return list;
  }
  int64_t* strides(int32_t items) {
    int64_t* const list = take<int64_t>(items);
    for (int32_t i = 0; ok_ && i < items; i++) list[i] = wide();
    return list;
  }
  int32_t rank() {
    const int32_t value = word();
    if (value < 0 || value > maxRank) ok_ = false;
    return ok_ ? value : 0;
  }

  bool header();
  bool instruction(Step& step);
  bool sortPlaces();

  void fused(FusedArguments& a);
  void registers(const FusedArguments& a, const RegisterLine* lines);
  void matmul(MatmulArguments& a);
  void windows(DType& dtype, WindowGeometry& g);
  void filtered(DType& dtype, FilterGeometry& g);
  void pooled(DType& dtype, WindowGeometry& g, bool ofMaxima);
#define ATHANOR_DECLARE(NAME, ARGUMENTS) void NAME(ARGUMENTS& a);
  ATHANOR_WINDOW_INSTRUCTIONS(ATHANOR_DECLARE)
  void copy(CopyArguments& a);
  void fill(FillArguments& a);
  template <typename Arguments>
  void indexed(Arguments& a);
  void argReduce(ArgReduceArguments& a);
  void cumulativeSum(CumulativeSumArguments& a);
  template <typename Pointer>
  void optionalArray(Pointer* place, DType type, int64_t length);
  template <typename Arguments>
  void recurrentSizes(Arguments& a);
  void recurrent(RecurrentArguments& a);
  void recurrentGradient(RecurrentGradientArguments& a);
  void softmax(SoftmaxArguments& a);
  void crossEntropy(SoftmaxCrossEntropyArguments& a);
  void crossEntropyGradient(SoftmaxCrossEntropyGradientArguments& a);
  void alignment(CtcLossArguments& a);
  void ctcLoss(CtcLossArguments& a);
  void ctcLossGradient(CtcLossGradientArguments& a);
  void random(RandomArguments& a);
  void iota(IotaArguments& a);
  void requireFinite(RequireFiniteArguments& a);

  template <typename Arguments>
  void arguments(Step& step, void (Decoder::*read)(Arguments&)) {
    Arguments* const a = take<Arguments>(1);
    if (a == nullptr) return;
    step.arguments = a;
    (this->*read)(*a);
  }

  const int32_t* words_;
  int64_t at_ = 0;
  int64_t end_;
  int64_t limit_ = 0;
  bool ok_ = true;
  DecodedProgram& program_;
  int32_t buffers_ = 0;
  BufferRow* buffer_ = nullptr;
  bool* writable_ = nullptr;
  PendingPlace* pending_ = nullptr;
  int64_t pendingCount_ = 0;
  int64_t pendingRoom_ = 0;
};

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

/// An array that an instruction may do without: -1 leaves the pointer as it is, nullptr.
template <typename Pointer>
void Decoder::optionalArray(Pointer* place, DType type, int64_t length) {
  const int32_t id = word();
  if (id == -1) return;
  const BufferRow* const row = arrayOf(place, Use::read, id);
  if (row == nullptr || row->dtype != type || row->length < length) ok_ = false;
}

template <typename Arguments>
void Decoder::recurrentSizes(Arguments& a) {
  const int32_t cell = word();
  require(cell >= 0 && cell <= 2);
  a.cell = static_cast<CellCode>(cell);
  a.dtype = floatType();
  a.batch = size();
  a.steps = size();
  a.units = size();
  a.backwards = flag();
}

int64_t gatesOf(CellCode cell) {
  return cell == CellCode::lstm ? 4 : cell == CellCode::gru ? 3 : 1;
}

int64_t planesOf(CellCode cell) {
  return cell == CellCode::lstm ? 6 : cell == CellCode::gru ? 5 : 1;
}

void Decoder::recurrent(RecurrentArguments& a) {
  recurrentSizes(a);
  const int64_t state = product(a.batch, a.units);
  const int64_t plane = product(state, a.steps);
  const int64_t width = product(gatesOf(a.cell), a.units);
  array(&a.inputs, Use::read, a.dtype, product(plane, gatesOf(a.cell)));
  array(&a.kernel, Use::read, a.dtype, product(width, a.units));
  const bool isGru = a.cell == CellCode::gru, isLstm = a.cell == CellCode::lstm;
  const int32_t bias = at_ < limit_ ? words_[at_] : -1;
  optionalArray(&a.bias, a.dtype, width);
  array(&a.hidden, Use::read, a.dtype, state);
  const int32_t cellState = at_ < limit_ ? words_[at_] : -1;
  optionalArray(&a.cellState, a.dtype, state);
  require((bias != -1) == isGru && (cellState != -1) == isLstm);
  optionalArray(&a.mask, DType::bool_, product(a.batch, a.steps));
  array(&a.target, Use::write, a.dtype, product(plane, planesOf(a.cell)));
}

void Decoder::recurrentGradient(RecurrentGradientArguments& a) {
  recurrentSizes(a);
  const int64_t state = product(a.batch, a.units);
  const int64_t plane = product(state, a.steps);
  const int64_t gates = gatesOf(a.cell);
  array(&a.record, Use::read, a.dtype, product(plane, planesOf(a.cell)));
  array(&a.kernel, Use::read, a.dtype, product(product(gates, a.units), a.units));
  array(&a.hidden, Use::read, a.dtype, state);
  const bool isGru = a.cell == CellCode::gru, isLstm = a.cell == CellCode::lstm;
  const int32_t cellState = at_ < limit_ ? words_[at_] : -1;
  optionalArray(&a.cellState, a.dtype, state);
  require((cellState != -1) == isLstm);
  optionalArray(&a.mask, DType::bool_, product(a.batch, a.steps));
  const BufferRow* const upstream = array(&a.upstream, Use::read);
  a.upstreamLast = flag();
  if (!ok_) return;
  require(upstream->dtype == a.dtype && upstream->length >= (a.upstreamLast ? state : plane));
  const int32_t cellUpstream = word();
  a.cellUpstreamLast = flag();
  if (!ok_) return;
  if (cellUpstream != -1) {
    const BufferRow* const row = arrayOf(&a.cellUpstream, Use::read, cellUpstream);
    require(isLstm && row != nullptr && row->dtype == a.dtype &&
            row->length >= (a.cellUpstreamLast ? state : plane));
  }
  const int64_t rows = product(plane, isGru ? 2 * gates : gates);
  array(&a.target, Use::write, a.dtype, rows + product(state, isLstm ? 2 : 1));
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

void Decoder::alignment(CtcLossArguments& a) {
  a.dtype = floatType();
  a.batch = size();
  a.steps = size();
  a.classes = size();
  a.mostLabels = size();
  a.blank = word();
  a.zeroInfinity = flag();
  require(a.steps <= INT32_MAX && a.classes <= INT32_MAX && a.mostLabels <= INT32_MAX);
  require(a.blank >= 0 && a.blank < a.classes);
  // Room for the paths of a row is counted in int64 elsewhere; here it has to exist at all.
  product(product(a.steps, 2 * a.mostLabels + 64), 8);
  array(&a.logits, Use::read, a.dtype, product(a.batch, a.steps, a.classes));
  array(&a.labels, Use::read, DType::int32, product(a.batch, a.mostLabels));
  array(&a.inputLengths, Use::read, DType::int32, a.batch);
  array(&a.labelLengths, Use::read, DType::int32, a.batch);
}

void Decoder::ctcLoss(CtcLossArguments& a) {
  alignment(a);
  array(&a.target, Use::write, a.dtype, a.batch);
}

void Decoder::ctcLossGradient(CtcLossGradientArguments& a) {
  alignment(a);
  const BufferRow* const upstream = array(&a.upstream, Use::read);
  a.upstreamStride = flag() ? 1 : 0;
  if (!ok_) return;
  require(upstream->dtype == a.dtype &&
          upstream->length >= (a.upstreamStride == 1 ? a.batch : 1));
  array(&a.target, Use::write, a.dtype, product(a.batch, a.steps, a.classes));
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

#include "decode-windows.h"

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

}  // namespace

bool decode(const int32_t* words, int64_t count, DecodedProgram& program) {
  return Decoder(words, count, program).run();
}

}  // namespace athanor

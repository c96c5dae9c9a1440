// The arguments of recurrences and alignments.
#include "decoder.h"

namespace athanor {

/// An array that an instruction may do without: -1 leaves the pointer as it is, nullptr. Whether it is there.
template <typename Pointer>
bool Decoder::optionalArray(Pointer* place, DType type, int64_t length) {
  const int32_t id = word();
  if (id == -1) return false;
  const BufferRow* const row = arrayOf(place, Use::read, id);
  if (row == nullptr || row->dtype != type || row->length < length) ok_ = false;
  return true;
}

void Decoder::recurrentSizes(RecurrentParts& a) {
  const int32_t cell = word();
  require(cell >= 0 && cell <= 2);
  a.cell = static_cast<CellCode>(cell);
  a.dtype = floatType();
  a.batch = size();
  a.steps = size();
  a.units = size();
  a.backwards = flag();
}

static int64_t gatesOf(CellCode cell) {
  return cell == CellCode::lstm ? 4 : cell == CellCode::gru ? 3 : 1;
}

static int64_t planesOf(CellCode cell) {
  return cell == CellCode::lstm ? 6 : cell == CellCode::gru ? 5 : 1;
}

void Decoder::recurrent(RecurrentArguments& a) {
  recurrentSizes(a);
  const int64_t state = product(a.batch, a.units);
  const int64_t plane = product(state, a.steps);
  const int64_t width = product(gatesOf(a.cell), a.units);
  array(&a.inputs, Use::read, a.dtype, product(plane, gatesOf(a.cell)));
  array(&a.kernel, Use::read, a.dtype, product(width, a.units));
  require(optionalArray(&a.bias, a.dtype, width) == (a.cell == CellCode::gru));
  array(&a.hidden, Use::read, a.dtype, state);
  require(optionalArray(&a.cellState, a.dtype, state) == (a.cell == CellCode::lstm));
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
  require(optionalArray(&a.cellState, a.dtype, state) == isLstm);
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

}  // namespace athanor

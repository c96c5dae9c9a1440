// The reader of a Program's words: what all instructions are read with. decode.cpp holds the tables and the
// general instructions, decode-windows.cpp those of pictures, decode-sequences.cpp those of sequences.
#pragma once
#include <type_traits>

#include "decode.h"
#include "window-instructions.h"

namespace athanor {

constexpr int64_t mostBytes = int64_t(1) << 52;
constexpr int32_t mostRegisters = 4096;

inline bool multiply(int64_t a, int64_t b, int64_t& out) { return !__builtin_mul_overflow(a, b, &out); }
inline bool add(int64_t a, int64_t b, int64_t& out) { return !__builtin_add_overflow(a, b, &out); }

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
  bool optionalArray(Pointer* place, DType type, int64_t length);
  void recurrentSizes(RecurrentParts& a);
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

}  // namespace athanor

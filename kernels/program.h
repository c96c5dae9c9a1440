// The C interface of a kernel library: a Program comes in as words, is checked and decoded once, and
// is then run over the caller's arrays. Nothing here throws.
//
// Words are int32. `wide` is an int64 and `number` a float64 in two words, the low one first.
//
//   header       magic, version, number of words, slots, buffers, instructions, arena bytes (wide)
//   slot         writable (0 or 1), bytes (wide)
//   buffer       slot (0 = arena), element type, byte offset (wide), length (wide)
//   instruction  code, number of words of the instruction (these two included), then its fields:
//
//   fused        compute type, rank, shape (wide each), inputs, { buffer, strides (wide each) },
//                constants, { number }, lines, { op, into, operand × 3 }, registers, outputs,
//                { buffer, operand, reduce }, outer, reduced, inner (wide)
//   matmul       type, batch, rows, columns, depth (wide), left and right: { buffer, batch stride, row
//                stride, column stride (wide) }, out, bias (-1 = none), activation
//   convolution  windows, outputs, groups (wide), source, filter, target, bias (-1 = none), activation;
//                windows are: type, batch, height, width, channels, out height, out width, window
//                height, width, stride height, width, top, left, dilation height, width (wide)
//   convolutionInput   windows, outputs, groups (wide), upstream, filter, target
//   convolutionFilter  windows, outputs, groups (wide), source, upstream, target
//   maxPool      windows, source, target
//   maxPoolGradient    windows, source, upstream, target
//   maxPoolPick  windows, source, values, target
//   sumPool      windows, source, target
//   sumPoolGradient    windows, source, target
//   copy         type, rank, shape, source, offset (wide), strides, target, offset (wide), strides
//   fill         type, target, length (wide), value (number)
//   gather       type, outer, axis size, inner, count (wide), source, indices, target
//   scatterAdd   as gather
//   argReduce    type, largest, outer, reduced, inner (wide), source, target
//   cumulativeSum  type, outer, reduced, inner (wide), exclusive, reverse, source, target
//   recurrent    cell, type, batch, steps, units (wide), backwards, inputs, kernel, bias, hidden, cell state,
//                mask (-1 = none), target
//   recurrentGradient  cell, type, batch, steps, units (wide), backwards, record, kernel, hidden, cell state,
//                mask, upstream, its last step only, upstream of the cell state, its last step only, target
//   softmax      type, logarithm, rows, columns (wide), source, target
//   softmaxCrossEntropy  type, rows, columns (wide), logits, labels, target
//   softmaxCrossEntropyGradient  type, rows, columns (wide), logits, labels, upstream,
//                upstream stride, target
//   ctcLoss      type, batch, steps, classes, most labels (wide), blank, zero infinity, logits,
//                labels, input lengths, label lengths, target
//   ctcLossGradient  as ctcLoss up to label lengths, upstream, upstream stride, target
//   random       uniform, type, seed low, seed high, stream, counter, length (wide), target
//   iota         type, outer, reduced, inner (wide), target
//   requireFinite  type, source
#pragma once
#include <cstddef>
#include <cstdint>

#if defined(_WIN32)
#define ATHANOR_EXPORT extern "C" __declspec(dllexport)
#else
#define ATHANOR_EXPORT extern "C" __attribute__((visibility("default"), used))
#endif

namespace athanor {

constexpr int32_t programMagic = 0x314e5441;  // "ATN1"
constexpr int32_t programVersion = 1;

struct Program;

}  // namespace athanor

/// Checks and decodes; the words are not kept. nullptr: malformed, or memory is out.
ATHANOR_EXPORT athanor::Program* athanor_program_create(const int32_t* words, int64_t count);

/// Runs with `count` bindings in the order of the program's slots, each at least as long as its slot
/// says. Returns Status in the low 4 bits and the number of the instruction that failed above them.
ATHANOR_EXPORT int32_t athanor_program_run(athanor::Program* program, void* const* slots,
                                           int32_t count);

ATHANOR_EXPORT void athanor_program_free(athanor::Program* program);

/// Number of bindings, and the bytes that one of them must have.
ATHANOR_EXPORT int32_t athanor_program_slots(const athanor::Program* program);
ATHANOR_EXPORT int64_t athanor_program_slot_bytes(const athanor::Program* program, int32_t slot);

/// Bytes that the program keeps besides its share of the arena.
ATHANOR_EXPORT int64_t athanor_program_bytes(const athanor::Program* program);

/// For all programs of the process, from their next run on. Returns the number in force.
ATHANOR_EXPORT int32_t athanor_set_threads(int32_t threads);

/// The process turns to other work on other threads: those of the pool sleep instead of spinning, so
/// that these find a free core. The next run wakes them.
ATHANOR_EXPORT void athanor_rest();

ATHANOR_EXPORT const char* athanor_isa();

/// 64-byte aligned memory, for a caller that has no other (WebAssembly). nullptr when out.
ATHANOR_EXPORT void* athanor_allocate(size_t bytes);
ATHANOR_EXPORT void athanor_release(void* memory);

/// For tests: new memory begins with infinities where `on` is not 0.
ATHANOR_EXPORT void athanor_poison(int on);

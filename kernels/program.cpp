// Runs decoded programs, one at a time, over one arena that all programs of the process share.
#include "program.h"

#include <new>

#include "decode.h"
#include "denormals.h"
#include "pool.h"
#include "run-lock.h"
#include "window-instructions.h"

#if !defined(__wasm__)
#include <atomic>
#endif

namespace athanor {

struct Program {
  DecodedProgram decoded;
  /// Where each slot (0 = the arena) lay in the last run.
  const void** bases = nullptr;
  Program* previous = nullptr;
  Program* next = nullptr;
};

namespace {

#if defined(__wasm__)
using Flag = bool;
#else
using Flag = std::atomic<bool>;
#endif

/// Guarded by the run lock, as scratch is.
Block arena;

/// Guards the list of programs. Taken inside the run lock, never around it.
Mutex listMutex;
Program* programs = nullptr;

/// A program was freed while another ran: the run gives memory back when it ends.
Flag isMemoryDue{false};

constexpr size_t spareArena = size_t(1) << 20;

/// Under the run lock.
void giveBackMemory() {
  isMemoryDue = false;
  const Lock lock(listMutex);
  size_t largest = 0;
  for (const Program* p = programs; p != nullptr; p = p->next)
    if (static_cast<size_t>(p->decoded.arenaBytes) > largest)
      largest = static_cast<size_t>(p->decoded.arenaBytes);
  if (programs == nullptr || arena.bytes > 2 * largest + spareArena) arena.release();
  if (programs == nullptr) releaseScratch(*sharedRuntime());
}

void place(Program& program, int32_t slot, const void* base) {
  if (program.bases[slot] == base) return;
  program.bases[slot] = base;
  const DecodedProgram& d = program.decoded;
  const char* const start = static_cast<const char*>(base);
  for (int32_t i = d.firstPlace[slot]; i < d.firstPlace[slot + 1]; i++) {
    const char* const address = start + d.places[i].offset;
    memcpy(d.places[i].place, &address, sizeof address);
  }
}

template <typename Arguments>
inline Status call(Runtime& runtime, const Step& step) {
  return run(runtime, *static_cast<const Arguments*>(step.arguments));
}

Status runStep(Runtime& runtime, const Step& step) {
  switch (step.code) {
    case InstructionCode::fused:
      return call<FusedArguments>(runtime, step);
    case InstructionCode::matmul:
      return call<MatmulArguments>(runtime, step);
#define ATHANOR_CASE(NAME, ARGUMENTS) \
  case InstructionCode::NAME:         \
    return call<ARGUMENTS>(runtime, step);
    ATHANOR_WINDOW_INSTRUCTIONS(ATHANOR_CASE)
#undef ATHANOR_CASE
    case InstructionCode::copy:
      return call<CopyArguments>(runtime, step);
    case InstructionCode::fill:
      return call<FillArguments>(runtime, step);
    case InstructionCode::gather:
      return call<GatherArguments>(runtime, step);
    case InstructionCode::scatterAdd:
      return call<ScatterAddArguments>(runtime, step);
    case InstructionCode::argReduce:
      return call<ArgReduceArguments>(runtime, step);
    case InstructionCode::cumulativeSum:
      return call<CumulativeSumArguments>(runtime, step);
    case InstructionCode::recurrent:
      return call<RecurrentArguments>(runtime, step);
    case InstructionCode::recurrentGradient:
      return call<RecurrentGradientArguments>(runtime, step);
    case InstructionCode::softmax:
      return call<SoftmaxArguments>(runtime, step);
    case InstructionCode::softmaxCrossEntropy:
      return call<SoftmaxCrossEntropyArguments>(runtime, step);
    case InstructionCode::softmaxCrossEntropyGradient:
      return call<SoftmaxCrossEntropyGradientArguments>(runtime, step);
    case InstructionCode::ctcLoss:
      return call<CtcLossArguments>(runtime, step);
    case InstructionCode::ctcLossGradient:
      return call<CtcLossGradientArguments>(runtime, step);
    case InstructionCode::random:
      return call<RandomArguments>(runtime, step);
    case InstructionCode::iota:
      return call<IotaArguments>(runtime, step);
    case InstructionCode::requireFinite:
      return call<RequireFiniteArguments>(runtime, step);
  }
  return Status::badProgram;
}

const Plan* planOf(const Step& step) {
  if (step.arguments == nullptr) return nullptr;
  if (step.code == InstructionCode::fused)
    return &static_cast<const FusedArguments*>(step.arguments)->plan;
  if (step.code == InstructionCode::matmul)
    return &static_cast<const MatmulArguments*>(step.arguments)->plan;
  return nullptr;
}

int32_t result(Status status, int32_t step) { return static_cast<int32_t>(status) | step << 4; }

void destroy(Program* program) {
  for (int32_t i = 0; i < program->decoded.steps; i++) {
    const Plan* const plan = planOf(program->decoded.step[i]);
    if (plan != nullptr && plan->release != nullptr) plan->release(plan->data);
  }
  program->~Program();
  free(program);
}

}  // namespace

Mutex& runMutex() {
  static Mutex* const mutex = new Mutex();  // leaked: a run may outlive static destructors
  return *mutex;
}

}  // namespace athanor

using namespace athanor;

Program* athanor_program_create(const int32_t* words, int64_t count) {
  void* const memory = malloc(sizeof(Program));
  if (memory == nullptr) return nullptr;
  Program* const program = new (memory) Program();
  DecodedProgram& d = program->decoded;
  if (decode(words, count, d)) program->bases = d.pile.take<const void*>(int64_t(d.slots) + 1);
  if (program->bases == nullptr || sharedRuntime() == nullptr) {
    program->~Program();
    free(program);
    return nullptr;
  }
  const Lock lock(listMutex);
  program->next = programs;
  if (programs != nullptr) programs->previous = program;
  programs = program;
  return program;
}

int32_t athanor_program_run(Program* program, void* const* slots, int32_t count) {
  const DecodedProgram& d = program->decoded;
  if (count != d.slots) return result(Status::badProgram, 0);
  const Lock lock(runMutex());
  if (arena.ensure(static_cast<size_t>(d.arenaBytes)) == nullptr)
    return result(Status::outOfMemory, 0);
  place(*program, 0, arena.data);
  for (int32_t s = 0; s < count; s++) place(*program, s + 1, slots[s]);

  Runtime& runtime = *sharedRuntime();
  const FlushDenormals flush;
  int32_t outcome = 0;
  for (int32_t i = 0; i < d.steps && outcome == 0; i++) {
    const Status status = runStep(runtime, d.step[i]);
    if (status != Status::ok) outcome = result(status, i);
  }
  if (isMemoryDue) giveBackMemory();
  return outcome;
}

void athanor_program_free(Program* program) {
  if (program == nullptr) return;
  {
    const Lock lock(listMutex);
    if (program->previous != nullptr) program->previous->next = program->next;
    if (program->next != nullptr) program->next->previous = program->previous;
    if (programs == program) programs = program->next;
  }
  destroy(program);
  isMemoryDue = true;
  if (!runMutex().try_lock()) return;
  giveBackMemory();
  runMutex().unlock();
}

int32_t athanor_program_slots(const Program* program) { return program->decoded.slots; }

int64_t athanor_program_slot_bytes(const Program* program, int32_t slot) {
  return program->decoded.slotBytes[slot];
}

int64_t athanor_program_bytes(const Program* program) {
  return static_cast<int64_t>(sizeof(Program) + program->decoded.pile.bytes());
}

int32_t athanor_set_threads(int32_t wanted) {
  const Lock lock(runMutex());
  Runtime* const runtime = sharedRuntime();
  return runtime == nullptr ? 1 : setThreads(*runtime, wanted);
}

void athanor_rest() { rest(); }

const char* athanor_isa() {
#if defined(__AVX512F__)
  return "avx512";
#elif defined(__AVX2__)
  return "avx2";
#elif defined(__SSE2__)
  return "sse2";
#elif defined(__ARM_NEON)
  return "neon";
#elif defined(__wasm_relaxed_simd__)
  return "relaxed";
#elif defined(__wasm_simd128__)
  return "simd128";
#else
  return "scalar";
#endif
}

void* athanor_allocate(size_t bytes) { return allocateAligned(bytes); }
void athanor_release(void* memory) { releaseAligned(memory); }
void athanor_poison(int on) { poisonMemory(on != 0); }

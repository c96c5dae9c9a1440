// Fork and join over a fixed set of threads. A job is published under a new generation of `ticket`;
// whoever wins a compare-and-swap on it owns that task, so a worker that comes late touches nothing,
// and the caller waits only for tasks that were really taken. Workers spin briefly, then sleep.
#include "pool.h"

#include <cstdlib>
#include <new>

#if !defined(__wasm__)
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "denormals.h"
#endif

namespace athanor {

int threads(const Runtime& runtime) { return runtime.threads; }

void* scratch(Runtime& runtime, int worker, int lane, size_t bytes) {
  return runtime.scratch[worker][lane].ensure(bytes);
}

void releaseScratch(Runtime& runtime) {
  for (auto& worker : runtime.scratch)
    for (Block& block : worker) block.release();
}

Runtime* sharedRuntime() {
  static Runtime* const runtime = [] {
    void* const memory = malloc(sizeof(Runtime));
    return memory == nullptr ? nullptr : new (memory) Runtime();
  }();
  return runtime;
}

#if defined(__wasm__)

void parallel(Runtime&, int64_t tasks, Task run, void* context) {
  for (int64_t task = 0; task < tasks; task++) run(context, task, 0);
}

int setThreads(Runtime& runtime, int) {
  runtime.threads = 1;
  return 1;
}

void rest() {}

void count(int64_t& counter) { counter++; }

void awaitCount(const int64_t&, int64_t) {}

#else

namespace {

constexpr uint64_t closed = 0xffffffffu;
constexpr std::chrono::microseconds spinFor(2000);

struct Pool {
  alignas(64) std::atomic<uint64_t> ticket{closed};  // generation << 32 | next task
  alignas(64) std::atomic<int64_t> finished{0};
  std::atomic<Task> run{nullptr};
  std::atomic<void*> context{nullptr};
  std::atomic<int64_t> tasks{0};
  alignas(64) std::atomic<int> sleepers{0};
  std::atomic<bool> resting{false};
  std::atomic<int> active{1};
  int started = 1;  // threads that exist, the caller's included; guarded by the run lock
  std::mutex mutex;
  std::condition_variable wake;
};

Pool& pool() {
  static Pool* shared = new Pool();  // leaked: its threads are never joined
  return *shared;
}

inline void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Takes tasks of `generation` until none is left or the next job has begun.
void work(Pool& p, uint64_t generation, uint64_t ticket, int worker) {
  const Task run = p.run.load(std::memory_order_acquire);
  void* const context = p.context.load(std::memory_order_acquire);
  const uint64_t tasks = static_cast<uint64_t>(p.tasks.load(std::memory_order_acquire));
  while ((ticket >> 32) == generation && (ticket & closed) < tasks) {
    if (!p.ticket.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel,
                                        std::memory_order_acquire))
      continue;
    run(context, static_cast<int64_t>(ticket & closed), worker);
    p.finished.fetch_add(1, std::memory_order_release);
    ticket = p.ticket.load(std::memory_order_acquire);
  }
}

void serve(int worker) {
  Pool& p = pool();
  const FlushDenormals flush;
  uint64_t seen = 0;
  std::chrono::microseconds spin = spinFor;
  for (;;) {
    const auto start = std::chrono::steady_clock::now();
    uint64_t ticket = p.ticket.load(std::memory_order_acquire);
    for (int i = 1; (ticket >> 32) == seen; i++) {
      pause();
      ticket = p.ticket.load(std::memory_order_acquire);
      if (!p.resting.load(std::memory_order_relaxed) &&
          (i % 32 != 0 || std::chrono::steady_clock::now() - start < spin))
        continue;
      std::unique_lock<std::mutex> lock(p.mutex);
      p.sleepers.fetch_add(1);
      p.wake.wait(lock, [&] { return (p.ticket.load() >> 32) != seen; });
      p.sleepers.fetch_sub(1);
      ticket = p.ticket.load(std::memory_order_acquire);
    }
    seen = ticket >> 32;
    const bool wanted = worker < p.active.load(std::memory_order_relaxed);
    spin = wanted ? spinFor : std::chrono::microseconds(0);
    if (wanted) work(p, seen, ticket, worker);
  }
}

}  // namespace

int setThreads(Runtime& runtime, int wanted) {
  if (wanted < 1) wanted = 1;
  if (wanted > maxThreads) wanted = maxThreads;
  Pool& p = pool();
  while (p.started < wanted) {
#if defined(__cpp_exceptions)
    try {
      std::thread(serve, p.started).detach();
    } catch (...) {
      break;  // the system gives no more threads: go on with those there are
    }
#else
    std::thread(serve, p.started).detach();
#endif
    p.started++;
  }
  if (wanted > p.started) wanted = p.started;
  p.active.store(wanted, std::memory_order_relaxed);
  runtime.threads = wanted;
  return wanted;
}

void parallel(Runtime& runtime, int64_t tasks, Task run, void* context) {
  if (tasks <= 1 || runtime.threads == 1 || tasks >= static_cast<int64_t>(closed)) {
    for (int64_t task = 0; task < tasks; task++) run(context, task, 0);
    return;
  }
  Pool& p = pool();
  const uint64_t generation = ((p.ticket.load(std::memory_order_relaxed) >> 32) + 2) & closed;
  p.ticket.store(((generation - 1) & closed) << 32 | closed, std::memory_order_seq_cst);
  p.run.store(run, std::memory_order_release);
  p.context.store(context, std::memory_order_release);
  p.tasks.store(tasks, std::memory_order_release);
  p.finished.store(0, std::memory_order_relaxed);
  p.resting.store(false, std::memory_order_relaxed);
  p.ticket.store(generation << 32, std::memory_order_seq_cst);
  if (p.sleepers.load(std::memory_order_seq_cst) > 0) {
    { std::lock_guard<std::mutex> lock(p.mutex); }
    p.wake.notify_all();
  }
  work(p, generation, generation << 32, 0);
  for (int i = 1; p.finished.load(std::memory_order_acquire) < tasks; i++) {
    if (i % 4096 == 0) std::this_thread::yield();
    pause();
  }
}

void rest() { pool().resting.store(true, std::memory_order_relaxed); }

void count(int64_t& counter) { __atomic_fetch_add(&counter, 1, __ATOMIC_RELEASE); }

void awaitCount(const int64_t& counter, int64_t wanted) {
  for (int i = 1; __atomic_load_n(&counter, __ATOMIC_ACQUIRE) < wanted; i++) {
    if (i % 4096 == 0) std::this_thread::yield();
    pause();
  }
}

#endif

}  // namespace athanor

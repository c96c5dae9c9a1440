// What kernels get from the runtime: a thread pool and scratch memory. Kernels know pointers, sizes
// and strides, nothing of programs.
#pragma once
#include <cstddef>
#include <cstdint>

namespace athanor {

struct Runtime;

using Task = void (*)(void* context, int64_t task, int worker);

/// Runs task 0 .. tasks-1, each exactly once, and returns when all are done. Which worker takes which
/// task is undefined, so results must not depend on it. One task, or one thread: the caller runs all.
void parallel(Runtime& runtime, int64_t tasks, Task run, void* context);

/// The same for a lambda `void(int64_t task, int worker)`.
template <typename F>
inline void parallel(Runtime& runtime, int64_t tasks, F& body) {
  parallel(
      runtime, tasks,
      [](void* context, int64_t task, int worker) { (*static_cast<F*>(context))(task, worker); },
      &body);
}

int threads(const Runtime& runtime);

/// Within one `parallel`: `count` says that one of the first tasks is done, `awaitCount` waits for
/// `wanted` of them. Tasks begin in order, so a task may wait for any that come before it.
void count(int64_t& counter);
void awaitCount(const int64_t& counter, int64_t wanted);

/// 64-byte aligned memory of a worker (0 = the caller), kept and grown between calls; `lane` 0..3 are
/// separate blocks. Contents are undefined. nullptr where memory is out: report Status::outOfMemory.
void* scratch(Runtime& runtime, int worker, int lane, size_t bytes);

}  // namespace athanor

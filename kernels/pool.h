// The process's one pool of threads and what each of its workers keeps.
#pragma once
#include "memory.h"
#include "runtime.h"

namespace athanor {

constexpr int maxThreads = 256;
constexpr int scratchLanes = 4;

struct Runtime {
  int threads = 1;
  Block scratch[maxThreads][scratchLanes];
};

/// Made on first use and never destroyed: pool threads may outlive any addon instance.
Runtime* sharedRuntime();

/// Takes effect for the next call of `parallel`. Returns the number in force.
int setThreads(Runtime& runtime, int threads);

/// Threads that wait for the next `parallel` stop spinning and sleep: other threads have work now.
void rest();

void releaseScratch(Runtime& runtime);

}  // namespace athanor

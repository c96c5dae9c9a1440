// One run at a time: Programs and jobs share the pool, the arena and the scratch memory.
#pragma once

#if !defined(__wasm__)
#include <mutex>
#endif

namespace athanor {

#if defined(__wasm__)
struct Mutex {
  void lock() {}
  bool try_lock() { return true; }
  void unlock() {}
};
#else
using Mutex = std::mutex;
#endif

struct Lock {
  explicit Lock(Mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Lock() { mutex_.unlock(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Mutex& mutex_;
};

/// Held by a run of a Program and by a slice of a job, so that loading and freeing never wait for one.
Mutex& runMutex();

}  // namespace athanor

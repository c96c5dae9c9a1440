// Who works on one of several problems: the whole pool, or one worker within a task of it.
#pragma once
#include "runtime.h"

namespace athanor {

struct Crew {
  Runtime& runtime;
  int worker;
  bool whole;
};

/// `body(task, worker)` for 0 .. tasks − 1.
template <typename F>
inline void share(const Crew& crew, int64_t tasks, F& body) {
  if (crew.whole)
    parallel(crew.runtime, tasks, body);
  else
    for (int64_t task = 0; task < tasks; task++) body(task, crew.worker);
}

/// What a task has to say, or `otherwise` where memory is out: nothing may be thrown out of a task.
template <typename Result, typename F>
inline Result unlessOutOfMemory(Result otherwise, F body) {
#if defined(__cpp_exceptions)
  try {
    return body();
  } catch (...) {
    return otherwise;
  }
#else
  (void)otherwise;
  return body();
#endif
}

}  // namespace athanor

// Counts 0, 1, 2, … along the middle axis of [outer, reduced, inner].
#include "instructions.h"
#include "ranges.h"
#include "types.h"

namespace athanor {

Status run(Runtime& runtime, const IotaArguments& a) {
  withType(a.dtype, [&](auto element) {
    using T = typename decltype(element)::Type;
    T* const target = static_cast<T*>(a.target);
    if (a.inner == 1) {
      const int64_t reduced = a.reduced;
      parallelRanges(runtime, a.outer, rowsPerTask(reduced), [&](int64_t begin, int64_t end, int) {
        for (int64_t o = begin; o < end; o++)
          for (int64_t r = 0; r < reduced; r++)
            target[o * reduced + r] = fromNumber<T>(static_cast<double>(r));
      });
      return;
    }
    parallelRanges(runtime, a.outer * a.reduced, rowsPerTask(a.inner),
                   [&](int64_t begin, int64_t end, int) {
                     for (int64_t row = begin; row < end; row++) {
                       const T value = fromNumber<T>(static_cast<double>(row % a.reduced));
                       T* const out = target + row * a.inner;
                       for (int64_t i = 0; i < a.inner; i++) out[i] = value;
                     }
                   });
  });
  return Status::ok;
}

}  // namespace athanor

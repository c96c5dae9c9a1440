// One value into a whole array.
#include "instructions.h"
#include "ranges.h"
#include "types.h"

namespace athanor {

Status run(Runtime& runtime, const FillArguments& a) {
  withType(a.dtype, [&](auto element) {
    using T = typename decltype(element)::Type;
    T* const target = static_cast<T*>(a.target);
    const T value = fromNumber<T>(a.value);
    parallelRanges(runtime, a.length, elementsPerTask, [&](int64_t begin, int64_t end, int) {
      for (int64_t i = begin; i < end; i++) target[i] = value;
    });
  });
  return Status::ok;
}

}  // namespace athanor

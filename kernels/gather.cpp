// target[o, j, i] = source[o, indices[j], i].
#include <cstring>

#include "instructions.h"
#include "ranges.h"

namespace athanor {

namespace {

template <typename T>
void gatherElements(const T* source, const int32_t* indices, T* target, int64_t count) {
  for (int64_t j = 0; j < count; j++) target[j] = source[indices[j]];
}

template <typename T>
void gatherRows(Runtime& runtime, const GatherArguments& a) {
  const T* const source = static_cast<const T*>(a.source);
  T* const target = static_cast<T*>(a.target);
  const size_t bytes = static_cast<size_t>(a.inner) * sizeof(T);
  if (a.inner == 1) {
    parallelRanges(runtime, a.outer, rowsPerTask(a.count), [&](int64_t begin, int64_t end, int) {
      for (int64_t o = begin; o < end; o++)
        gatherElements(source + o * a.axisSize, a.indices, target + o * a.count, a.count);
    });
    return;
  }
  parallelRanges(runtime, a.outer * a.count, rowsPerTask(a.inner),
                 [&](int64_t begin, int64_t end, int) {
                   for (int64_t row = begin; row < end; row++) {
                     const int64_t from = row / a.count * a.axisSize + a.indices[row % a.count];
                     memcpy(target + row * a.inner, source + from * a.inner, bytes);
                   }
                 });
}

}  // namespace

Status run(Runtime& runtime, const GatherArguments& a) {
  bool outside = false;
  for (int64_t j = 0; j < a.count; j++)
    outside |= a.indices[j] < 0 || a.indices[j] >= a.axisSize;
  if (outside) return Status::indexOutOfRange;
  if (a.outer == 0 || a.count == 0 || a.inner == 0) return Status::ok;
  switch (byteWidth(a.dtype)) {
    case 1:
      gatherRows<uint8_t>(runtime, a);
      break;
    case 8:
      gatherRows<uint64_t>(runtime, a);
      break;
    default:
      gatherRows<uint32_t>(runtime, a);
  }
  return Status::ok;
}

}  // namespace athanor

// target = 0; target[o, indices[j], i] += source[o, j, i] in the order of j. Each output row has one
// owner and adds in that order, so the sums have the same bits at any thread count.
#include <cstring>

#include "instructions.h"
#include "pool.h"
#include "ranges.h"
#include "types.h"

namespace athanor {

namespace {

template <typename T>
inline void addRow(T* target, const T* source, int64_t count) {
  for (int64_t i = 0; i < count; i++) target[i] += source[i];
}

/// int32 sums wrap around.
template <>
inline void addRow<int32_t>(int32_t* target, const int32_t* source, int64_t count) {
  for (int64_t i = 0; i < count; i++)
    target[i] = static_cast<int32_t>(static_cast<uint32_t>(target[i]) +
                                     static_cast<uint32_t>(source[i]));
}

/// Rows narrower than this are not worth sorting the indices for.
constexpr int64_t narrow = 4;

template <typename T>
Status scatter(Runtime& runtime, const ScatterAddArguments& a) {
  const T* const source = static_cast<const T*>(a.source);
  T* const target = static_cast<T*>(a.target);
  const int64_t inner = a.inner;
  const int64_t slice = a.axisSize * inner;

  if (a.inner < narrow || a.outer * a.count * a.inner + a.outer * slice <= elementsPerTask) {
    const int64_t cost = slice + a.count * inner;
    parallelRanges(runtime, a.outer, rowsPerTask(cost), [&](int64_t begin, int64_t end, int) {
      for (int64_t o = begin; o < end; o++) {
        memset(target + o * slice, 0, static_cast<size_t>(slice) * sizeof(T));
        for (int64_t j = 0; j < a.count; j++)
          addRow(target + o * slice + a.indices[j] * inner, source + (o * a.count + j) * inner,
                 inner);
      }
    });
    return Status::ok;
  }

  // Counting sort: `order` lists the j of each row, in their order; `starts` says where a row begins.
  const size_t startBytes = static_cast<size_t>(a.axisSize + 2) * sizeof(int32_t);
  int32_t* const starts = static_cast<int32_t*>(scratch(runtime, 0, 0, startBytes));
  int32_t* const order = static_cast<int32_t*>(
      scratch(runtime, 0, 1, static_cast<size_t>(a.count) * sizeof(int32_t)));
  if (starts == nullptr || order == nullptr) return Status::outOfMemory;
  memset(starts, 0, startBytes);
  for (int64_t j = 0; j < a.count; j++) starts[a.indices[j] + 2]++;
  for (int64_t row = 0; row < a.axisSize; row++) starts[row + 2] += starts[row + 1];
  for (int64_t j = 0; j < a.count; j++)
    order[starts[a.indices[j] + 1]++] = static_cast<int32_t>(j);

  const int64_t cost = inner + a.count * inner / (a.axisSize < 1 ? 1 : a.axisSize);
  parallelRanges(runtime, a.outer * a.axisSize, rowsPerTask(cost),
                 [&](int64_t begin, int64_t end, int) {
                   for (int64_t index = begin; index < end; index++) {
                     const int64_t o = index / a.axisSize;
                     const int64_t row = index % a.axisSize;
                     T* const out = target + index * inner;
                     memset(out, 0, static_cast<size_t>(inner) * sizeof(T));
                     for (int32_t k = starts[row]; k < starts[row + 1]; k++)
                       addRow(out, source + (o * a.count + order[k]) * inner, inner);
                   }
                 });
  return Status::ok;
}

}  // namespace

Status run(Runtime& runtime, const ScatterAddArguments& a) {
  bool outside = false;
  for (int64_t j = 0; j < a.count; j++)
    outside |= a.indices[j] < 0 || a.indices[j] >= a.axisSize;
  if (outside) return Status::indexOutOfRange;
  if (a.outer == 0 || a.axisSize == 0 || a.inner == 0) return Status::ok;
  if (a.dtype == DType::float64) return scatter<double>(runtime, a);
  if (a.dtype == DType::int32) return scatter<int32_t>(runtime, a);
  return scatter<float>(runtime, a);
}

}  // namespace athanor

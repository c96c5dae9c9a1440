// softmax, its logarithm and the cross-entropy of logits, one row at a time and shifted by the row's
// largest value, so that no exponential overflows.
#include "instructions.h"
#include "ranges.h"
#include "vector-math.h"

namespace athanor {

namespace {

/// Exponentials weigh about this many plain operations.
constexpr int64_t exponentialCost = 8;

template <typename T>
ATHANOR_INLINE Vec<T> loadTail(const T* p, int count, T fill) {
  constexpr int width = lanes<T>;
  IntVec<T> lane;
  for (int i = 0; i < width; i++) lane[i] = i;
  return select(lane < (IntVec<T>{} + count), loadPart(p, count), splat<T>(fill));
}

template <typename T>
T largestOf(const T* x, int64_t count) {
  constexpr int width = lanes<T>;
  Vec<T> most = splat<T>(T(-__builtin_inf()));
  int64_t i = 0;
  for (; i + width <= count; i += width) most = larger(most, load<T>(x + i));
  const int rest = static_cast<int>(count - i);
  if (rest > 0) most = larger(most, loadTail<T>(x + i, rest, T(-__builtin_inf())));
  return foldLanes(most, [](T a, T b) { return a > b || a != a ? a : b; });
}

/// Σ exp(x − shift); the exponentials go to `into` unless it is nullptr.
template <typename T>
T sumOfExponentials(const T* x, T shift, T* into, int64_t count) {
  constexpr int width = lanes<T>;
  Vec<T> sum{}, second{};
  int64_t i = 0;
  for (; i + 2 * width <= count; i += 2 * width) {
    const Vec<T> a = expOf(load<T>(x + i) - shift);
    const Vec<T> b = expOf(load<T>(x + i + width) - shift);
    sum += a;
    second += b;
    if (into == nullptr) continue;
    store<T>(into + i, a);
    store<T>(into + i + width, b);
  }
  for (; i < count; i += width) {
    const int rest = static_cast<int>(count - i);
    if (rest >= width) {
      const Vec<T> a = expOf(load<T>(x + i) - shift);
      sum += a;
      if (into != nullptr) store<T>(into + i, a);
    } else {
      const Vec<T> a = expOf(loadTail<T>(x + i, rest, T(-__builtin_inf())) - shift);
      sum += loadTail<T>(reinterpret_cast<const T*>(&a), rest, T(0));
      if (into != nullptr) storePart(into + i, a, rest);
    }
  }
  return sumOfLanes(sum + second);
}

template <typename T>
T logOfOne(T x) {
  return logOf(splat<T>(x))[0];
}

/// into = x · scale, or x − shift.
template <typename T, bool scales>
void adjust(const T* x, T by, T* into, int64_t count) {
  constexpr int width = lanes<T>;
  int64_t i = 0;
  for (; i + width <= count; i += width) {
    const Vec<T> v = load<T>(x + i);
    store<T>(into + i, scales ? v * by : v - by);
  }
  const int rest = static_cast<int>(count - i);
  if (rest == 0) return;
  const Vec<T> v = loadPart(x + i, rest);
  storePart(into + i, scales ? v * by : v - by, rest);
}

template <typename T>
Status softmax(Runtime& runtime, const SoftmaxArguments& a) {
  const int64_t columns = a.columns;
  if (columns == 0) return Status::ok;
  parallelRanges(runtime, a.rows, rowsPerTask(columns * exponentialCost), [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin; r < end; r++) {
      const T* const x = static_cast<const T*>(a.source) + r * columns;
      T* const y = static_cast<T*>(a.target) + r * columns;
      const T most = largestOf(x, columns);
      if (a.logarithm) {
        const T sum = sumOfExponentials<T>(x, most, nullptr, columns);
        const T rest = logOfOne(sum);
        adjust<T, false>(x, most, y, columns);
        adjust<T, false>(y, rest, y, columns);
      } else {
        const T sum = sumOfExponentials(x, most, y, columns);
        adjust<T, true>(y, T(1) / sum, y, columns);
      }
    }
  });
  return Status::ok;
}

template <typename T>
Status crossEntropy(Runtime& runtime, const SoftmaxCrossEntropyArguments& a) {
  const int64_t columns = a.columns;
  bool wrong = false;
  parallelRanges(runtime, a.rows, rowsPerTask(columns * exponentialCost), [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin; r < end; r++) {
      const int64_t label = a.labels[r];
      if (label < 0 || label >= columns) return __atomic_store_n(&wrong, true, __ATOMIC_RELAXED);
      const T* const x = static_cast<const T*>(a.logits) + r * columns;
      const T most = largestOf(x, columns);
      const T sum = sumOfExponentials<T>(x, most, nullptr, columns);
      static_cast<T*>(a.target)[r] = logOfOne(sum) + (most - x[label]);
    }
  });
  return __atomic_load_n(&wrong, __ATOMIC_RELAXED) ? Status::indexOutOfRange : Status::ok;
}

template <typename T>
Status crossEntropyGradient(Runtime& runtime, const SoftmaxCrossEntropyGradientArguments& a) {
  const int64_t columns = a.columns;
  bool wrong = false;
  parallelRanges(runtime, a.rows, rowsPerTask(columns * exponentialCost), [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin; r < end; r++) {
      const int64_t label = a.labels[r];
      if (label < 0 || label >= columns) return __atomic_store_n(&wrong, true, __ATOMIC_RELAXED);
      const T* const x = static_cast<const T*>(a.logits) + r * columns;
      T* const y = static_cast<T*>(a.target) + r * columns;
      const T upstream = static_cast<const T*>(a.upstream)[r * a.upstreamStride];
      const T most = largestOf(x, columns);
      const T sum = sumOfExponentials(x, most, y, columns);
      // (p − 1) · u for the label's own column, without adding p · u and −u
      const T own = (y[label] / sum - T(1)) * upstream;
      adjust<T, true>(y, upstream / sum, y, columns);
      y[label] = own;
    }
  });
  return __atomic_load_n(&wrong, __ATOMIC_RELAXED) ? Status::indexOutOfRange : Status::ok;
}

}  // namespace

Status run(Runtime& runtime, const SoftmaxArguments& a) {
  return a.dtype == DType::float64 ? softmax<double>(runtime, a) : softmax<float>(runtime, a);
}

Status run(Runtime& runtime, const SoftmaxCrossEntropyArguments& a) {
  return a.dtype == DType::float64 ? crossEntropy<double>(runtime, a) : crossEntropy<float>(runtime, a);
}

Status run(Runtime& runtime, const SoftmaxCrossEntropyGradientArguments& a) {
  return a.dtype == DType::float64 ? crossEntropyGradient<double>(runtime, a)
                                   : crossEntropyGradient<float>(runtime, a);
}

}  // namespace athanor

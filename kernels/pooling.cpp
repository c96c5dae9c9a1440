// Pooling over windows of pictures, vectorised over the channels. Tasks are rows of windows, or pictures
// where windows may share pixels of the target.
#include "convolution.h"
#include "ranges.h"
#include "vector.h"

namespace athanor {

namespace {

/// The part of a window, from `start`, that lies in [0, length).
struct Span {
  int64_t first;
  int64_t last;
};

Span spanOf(int64_t start, int64_t window, int64_t length) {
  return {most(start, 0), least(start + window, length)};
}

struct Window {
  Span rows;
  Span columns;
};

Window windowAt(const WindowGeometry& g, int64_t y, int64_t x) {
  return {spanOf(y * g.strideHeight - g.top, g.windowHeight, g.height),
          spanOf(x * g.strideWidth - g.left, g.windowWidth, g.width)};
}

/// Channels [c, c + lanes) or the rest of them.
template <typename T>
struct Some {
  int64_t count;
  explicit Some(int64_t rest) : count(rest < lanes<T> ? rest : lanes<T>) {}
  Vec<T> read(const T* p) const {
    return count == lanes<T> ? load<T>(p) : loadPart(p, static_cast<int>(count));
  }
  void write(T* p, Vec<T> v) const {
    if (count == lanes<T>)
      store<T>(p, v);
    else
      storePart(p, v, static_cast<int>(count));
  }
};

/// v beats the best so far: greater, or the first NaN.
template <typename V>
auto beats(V v, V best) {
  return (v > best) | ((v != v) & (best == best));
}

/// Calls body(picture number, y) for all rows of planes.
template <typename F>
void eachRow(Runtime& runtime, const WindowGeometry& g, F body) {
  const int64_t cost = g.outWidth * g.channels * least(g.windowHeight, 16) * least(g.windowWidth, 16);
  parallelRanges(runtime, g.batch * g.outHeight, rowsPerTask(cost), [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; row++) body(row / g.outHeight, row % g.outHeight);
  });
}

/// Calls body(picture number, from channel, to channel): tasks that own their part of the pictures.
template <typename T, typename F>
void eachPicture(Runtime& runtime, const WindowGeometry& g, F body) {
  const int64_t slice = 8 * lanes<T>;
  const int64_t slices = g.batch >= 16 ? 1 : most(1, ceilDivide(g.channels, slice));
  auto task = [&](int64_t index, int) {
    const int64_t from = slices == 1 ? 0 : index % slices * slice;
    body(index / slices, from, slices == 1 ? g.channels : least(from + slice, g.channels));
  };
  parallel(runtime, g.batch * slices, task);
}

template <typename T>
Status maximum(Runtime& runtime, const MaxPoolArguments& a) {
  const WindowGeometry& g = a.geometry;
  eachRow(runtime, g, [&](int64_t n, int64_t y) {
    const T* const picture = static_cast<const T*>(a.source) + n * g.height * g.width * g.channels;
    T* out = static_cast<T*>(a.target) + (n * g.outHeight + y) * g.outWidth * g.channels;
    for (int64_t x = 0; x < g.outWidth; x++, out += g.channels) {
      const Window w = windowAt(g, y, x);
      for (int64_t c = 0; c < g.channels; c += lanes<T>) {
        const Some<T> some(g.channels - c);
        Vec<T> best = some.read(picture + (w.rows.first * g.width + w.columns.first) * g.channels + c);
        for (int64_t i = w.rows.first; i < w.rows.last; i++)
          for (int64_t j = w.columns.first; j < w.columns.last; j++)
            best = larger(some.read(picture + (i * g.width + j) * g.channels + c), best);
        some.write(out + c, best);
      }
    }
  });
  return Status::ok;
}

/// Number of the (first) maximum among the window's pixels, for each lane.
template <typename T>
IntVec<T> placeOf(const WindowGeometry& g, const Window& w, const T* picture, const Some<T>& some) {
  Vec<T> best{};
  IntVec<T> place{};
  IntVec<T> number{};
  bool isFirst = true;
  for (int64_t i = w.rows.first; i < w.rows.last; i++)
    for (int64_t j = w.columns.first; j < w.columns.last; j++) {
      const Vec<T> v = some.read(picture + (i * g.width + j) * g.channels);
      if (isFirst) {
        best = v;
      } else {
        const auto wins = beats(v, best);
        best = select(wins, v, best);
        place = select(wins, number, place);
      }
      isFirst = false;
      number += 1;
    }
  return place;
}

template <typename T>
Status maximumGradient(Runtime& runtime, const MaxPoolGradientArguments& a) {
  const WindowGeometry& g = a.geometry;
  const int64_t size = g.height * g.width * g.channels;
  eachPicture<T>(runtime, g, [&](int64_t n, int64_t from, int64_t to) {
    const T* const picture = static_cast<const T*>(a.source) + n * size;
    const T* const upstream = static_cast<const T*>(a.upstream) + n * g.outHeight * g.outWidth * g.channels;
    T* const out = static_cast<T*>(a.target) + n * size;
    if (to - from == g.channels)
      memset(static_cast<void*>(out), 0, sizeof(T) * size);
    else
      for (int64_t i = 0; i < g.height * g.width; i++)
        memset(static_cast<void*>(out + i * g.channels + from), 0, sizeof(T) * (to - from));
    for (int64_t y = 0; y < g.outHeight; y++)
      for (int64_t x = 0; x < g.outWidth; x++) {
        const Window w = windowAt(g, y, x);
        const T* const own = upstream + (y * g.outWidth + x) * g.channels;
        for (int64_t c = from; c < to; c += lanes<T>) {
          const Some<T> some(to - c);
          const IntVec<T> place = placeOf(g, w, picture + c, some);
          const Vec<T> u = some.read(own + c);
          IntVec<T> number{};
          for (int64_t i = w.rows.first; i < w.rows.last; i++)
            for (int64_t j = w.columns.first; j < w.columns.last; j++) {
              T* const into = out + (i * g.width + j) * g.channels + c;
              some.write(into, some.read(into) + select(place == number, u, Vec<T>{}));
              number += 1;
            }
        }
      }
  });
  return Status::ok;
}

template <typename T>
Status maximumPick(Runtime& runtime, const MaxPoolPickArguments& a) {
  const WindowGeometry& g = a.geometry;
  const int64_t size = g.height * g.width * g.channels;
  eachRow(runtime, g, [&](int64_t n, int64_t y) {
    const T* const picture = static_cast<const T*>(a.source) + n * size;
    const T* const values = static_cast<const T*>(a.values) + n * size;
    T* out = static_cast<T*>(a.target) + (n * g.outHeight + y) * g.outWidth * g.channels;
    for (int64_t x = 0; x < g.outWidth; x++, out += g.channels) {
      const Window w = windowAt(g, y, x);
      for (int64_t c = 0; c < g.channels; c += lanes<T>) {
        const Some<T> some(g.channels - c);
        const IntVec<T> place = placeOf(g, w, picture + c, some);
        Vec<T> picked{};
        IntVec<T> number{};
        for (int64_t i = w.rows.first; i < w.rows.last; i++)
          for (int64_t j = w.columns.first; j < w.columns.last; j++) {
            picked = select(place == number, some.read(values + (i * g.width + j) * g.channels + c), picked);
            number += 1;
          }
        some.write(out + c, picked);
      }
    }
  });
  return Status::ok;
}

template <typename T>
Status sum(Runtime& runtime, const SumPoolArguments& a) {
  const WindowGeometry& g = a.geometry;
  eachRow(runtime, g, [&](int64_t n, int64_t y) {
    const T* const picture = static_cast<const T*>(a.source) + n * g.height * g.width * g.channels;
    T* out = static_cast<T*>(a.target) + (n * g.outHeight + y) * g.outWidth * g.channels;
    for (int64_t x = 0; x < g.outWidth; x++, out += g.channels) {
      const Window w = windowAt(g, y, x);
      for (int64_t c = 0; c < g.channels; c += lanes<T>) {
        const Some<T> some(g.channels - c);
        Vec<T> total{};
        for (int64_t i = w.rows.first; i < w.rows.last; i++)
          for (int64_t j = w.columns.first; j < w.columns.last; j++)
            total += some.read(picture + (i * g.width + j) * g.channels + c);
        some.write(out + c, total);
      }
    }
  });
  return Status::ok;
}

template <typename T>
Status sumGradient(Runtime& runtime, const SumPoolGradientArguments& a) {
  const WindowGeometry& g = a.geometry;
  const int64_t rowSize = g.width * g.channels;
  const int64_t cost = rowSize * least(16, ceilDivide(g.windowHeight, g.strideHeight));
  // Each row of a picture gathers from the windows that hold it.
  parallelRanges(runtime, g.batch * g.height, rowsPerTask(cost), [&](int64_t begin, int64_t end, int) {
    for (int64_t line = begin; line < end; line++) {
      const T* const plane = static_cast<const T*>(a.source) + line / g.height * g.outHeight * g.outWidth * g.channels;
      T* const out = static_cast<T*>(a.target) + line * rowSize;
      memset(static_cast<void*>(out), 0, sizeof(T) * rowSize);
      const int64_t y = line % g.height + g.top;
      const int64_t first = y < g.windowHeight ? 0 : (y - g.windowHeight) / g.strideHeight + 1;
      const int64_t last = least(g.outHeight, y / g.strideHeight + 1);
      for (int64_t row = first; row < last; row++)
        for (int64_t x = 0; x < g.outWidth; x++) {
          const Span columns = spanOf(x * g.strideWidth - g.left, g.windowWidth, g.width);
          const T* const u = plane + (row * g.outWidth + x) * g.channels;
          for (int64_t j = columns.first; j < columns.last; j++) {
            T* const into = out + j * g.channels;
            int64_t c = 0;
            for (; c + lanes<T> <= g.channels; c += lanes<T>)
              store<T>(into + c, load<T>(into + c) + load<T>(u + c));
            for (; c < g.channels; c++) into[c] += u[c];
          }
        }
    }
  });
  return Status::ok;
}

}  // namespace

#define ATHANOR_POOLING(ARGUMENTS, KERNEL)                                                        \
  Status run(Runtime& runtime, const ARGUMENTS& a) {                                              \
    return a.dtype == DType::float64 ? KERNEL<double>(runtime, a) : KERNEL<float>(runtime, a);    \
  }
ATHANOR_POOLING(MaxPoolArguments, maximum)
ATHANOR_POOLING(MaxPoolGradientArguments, maximumGradient)
ATHANOR_POOLING(MaxPoolPickArguments, maximumPick)
ATHANOR_POOLING(SumPoolArguments, sum)
ATHANOR_POOLING(SumPoolGradientArguments, sumGradient)

}  // namespace athanor

// Convolutions of each channel for itself, vectorised over the channels: a vector's lanes are channels
// of one pixel, and no filter is packed. Some pixels go together, which share what they load.
#include <type_traits>

#include "convolution.h"
#include "elementwise.h"
#include "gemm-tile.h"
#include "ranges.h"

namespace athanor {

namespace {

constexpr int64_t mostBlocks = 16;
constexpr int64_t mostSums = 1 << 20;

/// Elements i of a window of `window` that lie in a picture: [first, last).
struct Inside {
  int64_t first;
  int64_t last;
};

Inside inside(int64_t start, int64_t window, int64_t dilation, int64_t length) {
  const int64_t first = start >= 0 ? 0 : ceilDivide(-start, dilation);
  const int64_t last = start >= length ? 0 : (length - 1 - start) / dilation + 1;
  return {first, least(window, last)};
}

/// A vector of channels, or what is left of them; which, is known where the loops are compiled.
template <typename T, bool whole>
ATHANOR_INLINE Vec<T> loadChannels(const T* p, int64_t count) {
  return loadSome(p, whole ? lanes<T> : static_cast<int>(count));
}
template <typename T, bool whole>
ATHANOR_INLINE void storeChannels(T* p, Vec<T> v, int64_t count) {
  storeSome(p, v, whole ? lanes<T> : static_cast<int>(count));
}

/// Calls body(channel, count, whole) for each vector of channels.
template <typename T, typename F>
ATHANOR_INLINE void eachVector(int64_t channels, F body) {
  int64_t c = 0;
  for (; c + lanes<T> <= channels; c += lanes<T>) body(c, int64_t(lanes<T>), std::true_type{});
  if (c < channels) body(c, channels - c, std::false_type{});
}

/// One row of results: what all its pixels share.
template <typename T>
struct Row {
  const FilterGeometry& g;
  const T* picture;
  const T* filter;
  const T* bias;
  T* out;
  int64_t top;
  Inside down;
  bool relu;
};

/// `pixels` results from x on, whose windows hold the elements `across` of each of their rows.
template <typename T, int pixels>
void makePixels(const Row<T>& r, int64_t x, const Inside& across) {
  const FilterGeometry& g = r.g;
  const int64_t step = g.strideWidth * g.channels;
  eachVector<T>(g.channels, [&](int64_t c, int64_t count, auto whole) {
    constexpr bool isWhole = decltype(whole)::value;
    const Vec<T> start = r.bias == nullptr ? Vec<T>{} : loadChannels<T, isWhole>(r.bias + c, count);
    Vec<T> sum[pixels];
    ATHANOR_UNROLL
    for (int p = 0; p < pixels; p++) sum[p] = start;
    for (int64_t i = r.down.first; i < r.down.last; i++) {
      const T* const row = r.picture + (r.top + i * g.dilationHeight) * g.width * g.channels + c;
      for (int64_t j = across.first; j < across.last; j++) {
        const Vec<T> w = loadChannels<T, isWhole>(r.filter + (i * g.windowWidth + j) * g.channels + c, count);
        const T* const at = row + (x * g.strideWidth - g.left + j * g.dilationWidth) * g.channels;
        ATHANOR_UNROLL
        for (int p = 0; p < pixels; p++) sum[p] = fma(loadChannels<T, isWhole>(at + p * step, count), w, sum[p]);
      }
    }
    ATHANOR_UNROLL
    for (int p = 0; p < pixels; p++) {
      if (r.relu) sum[p] = select(sum[p] <= Vec<T>{}, Vec<T>{}, sum[p]);
      storeChannels<T, isWhole>(r.out + (x + p) * g.channels + c, sum[p], count);
    }
  });
}

/// Results whose windows hold all columns: [from, to).
Inside wholeWindows(const FilterGeometry& g) {
  const int64_t from = ceilDivide(g.left, g.strideWidth);
  const int64_t room = g.width - 1 - (g.windowWidth - 1) * g.dilationWidth + g.left;
  const int64_t to = room < 0 ? 0 : least(g.outWidth, room / g.strideWidth + 1);
  return {least(from, g.outWidth), most(least(from, g.outWidth), to)};
}

}  // namespace

template <typename T>
Status depthwise(Runtime& runtime, const FilterGeometry& g, const T* source, const T* filter, T* target,
                 const T* bias, RegisterOp activation) {
  const bool relu = activation == RegisterOp::relu;
  const bool applies = !relu && activation != RegisterOp::copy;
  const Inside whole = wholeWindows(g);
  const int64_t rowSize = g.outWidth * g.channels;
  parallelRanges(
      runtime, g.batch * g.outHeight, rowsPerTask(rowSize * g.windowHeight),
      [&](int64_t begin, int64_t end, int) {
        for (int64_t line = begin; line < end; line++) {
          const T* const picture = source + line / g.outHeight * g.height * g.width * g.channels;
          T* const out = target + line * rowSize;
          const int64_t top = line % g.outHeight * g.strideHeight - g.top;
          const Inside down = inside(top, g.windowHeight, g.dilationHeight, g.height);
          const Row<T> row{g, picture, filter, bias, out, top, down, relu};
          const auto single = [&](int64_t x) {
            makePixels<T, 1>(
                row, x, inside(x * g.strideWidth - g.left, g.windowWidth, g.dilationWidth, g.width));
          };
          const Inside all{0, g.windowWidth};
          int64_t x = 0;
          for (; x < whole.first; x++) single(x);
          for (; x + 4 <= whole.last; x += 4) makePixels<T, 4>(row, x, all);
          for (; x < g.outWidth; x++) single(x);
          if (applies) rowFunction<T>(activation)(out, out, lanes<T>, out, 0, out, 0, rowSize);
        }
      });
  return Status::ok;
}

/// Each pixel of the picture gathers from the windows that hold it, in the order of their elements.
template <typename T>
Status depthwiseInput(Runtime& runtime, const FilterGeometry& g, const T* upstream, const T* filter,
                      T* target) {
  if (g.strideHeight == 1 && g.strideWidth == 1) {
    // The same pass over the upstream, with the filter turned round.
    const int64_t taps = g.windowHeight * g.windowWidth;
    T* const turned = static_cast<T*>(scratchFor(runtime, 0, 3, 0, sizeof(T), taps, g.channels));
    if (turned == nullptr) return Status::outOfMemory;
    for (int64_t i = 0; i < taps; i++)
      memcpy(turned + i * g.channels, filter + (taps - 1 - i) * g.channels, sizeof(T) * g.channels);
    FilterGeometry back = g;
    back.height = g.outHeight;
    back.width = g.outWidth;
    back.outHeight = g.height;
    back.outWidth = g.width;
    back.top = (g.windowHeight - 1) * g.dilationHeight - g.top;
    back.left = (g.windowWidth - 1) * g.dilationWidth - g.left;
    return depthwise<T>(runtime, back, upstream, turned, target, nullptr, RegisterOp::copy);
  }
  const int64_t rowSize = g.width * g.channels;
  parallelRanges(
      runtime, g.batch * g.height, rowsPerTask(rowSize * g.windowHeight),
      [&](int64_t begin, int64_t end, int) {
        for (int64_t line = begin; line < end; line++) {
          const T* const plane = upstream + line / g.height * g.outHeight * g.outWidth * g.channels;
          T* const out = target + line * rowSize;
          memset(static_cast<void*>(out), 0, sizeof(T) * rowSize);
          const int64_t y = line % g.height + g.top;
          for (int64_t i = 0; i < g.windowHeight && i * g.dilationHeight <= y; i++) {
            const int64_t row = (y - i * g.dilationHeight) / g.strideHeight;
            if ((y - i * g.dilationHeight) % g.strideHeight != 0 || row >= g.outHeight) continue;
            const T* const from = plane + row * g.outWidth * g.channels;
            for (int64_t j = 0; j < g.windowWidth; j++) {
              // Window w has this element at column w · stride − left + j · dilation.
              const int64_t shift = j * g.dilationWidth - g.left;
              const int64_t first = shift >= 0 ? 0 : ceilDivide(-shift, g.strideWidth);
              const int64_t last =
                  shift >= g.width ? 0 : least(g.outWidth, (g.width - 1 - shift) / g.strideWidth + 1);
              const T* const w = filter + (i * g.windowWidth + j) * g.channels;
              for (int64_t x = first; x < last; x++) {
                T* const into = out + (x * g.strideWidth + shift) * g.channels;
                const T* const u = from + x * g.channels;
                int64_t c = 0;
                for (; c + lanes<T> <= g.channels; c += lanes<T>)
                  store<T>(into + c, fma(load<T>(u + c), load<T>(w + c), load<T>(into + c)));
                for (; c < g.channels; c++) into[c] += u[c] * w[c];
              }
            }
          }
        }
      });
  return Status::ok;
}

namespace {

/// Windows whose element j lies in the picture: [first, last).
Inside windowsWith(const FilterGeometry& g, int64_t j) {
  const int64_t shift = j * g.dilationWidth - g.left;
  const int64_t first = shift >= 0 ? 0 : ceilDivide(-shift, g.strideWidth);
  const int64_t last = shift >= g.width ? 0 : least(g.outWidth, (g.width - 1 - shift) / g.strideWidth + 1);
  return {first, last};
}

/// Pixels gone over before the sums return to memory: so few that no level of cache is left.
constexpr int64_t pixelsAtOnce = 8;

/// Adds a row of the upstream to `taps` elements from j on of the filter's row `into`.
template <typename T, int taps>
void addElements(const FilterGeometry& g, T* into, const T* row, const T* upstream, int64_t j) {
  Inside shared{0, g.outWidth};
  for (int t = 0; t < taps; t++) {
    const Inside own = windowsWith(g, j + t);
    shared = {most(shared.first, own.first), least(shared.last, own.last)};
  }
  const int64_t step = g.strideWidth * g.channels, apart = g.dilationWidth * g.channels;
  const T* const start = row + (j * g.dilationWidth - g.left) * g.channels;
  for (int t = 0; t < taps; t++) {
    const Inside own = windowsWith(g, j + t);
    const auto single = [&](int64_t x) {
      const T* const at = start + t * apart + x * step;
      T* const sum = into + (j + t) * g.channels;
      for (int64_t c = 0; c < g.channels; c++) sum[c] += at[c] * upstream[x * g.channels + c];
    };
    for (int64_t x = own.first; x < least(own.last, shared.first); x++) single(x);
    for (int64_t x = most(most(own.first, shared.first), shared.last); x < own.last; x++) single(x);
  }
  for (int64_t x = shared.first; x < shared.last; x += pixelsAtOnce) {
    const int64_t end = least(shared.last, x + pixelsAtOnce);
    eachVector<T>(g.channels, [&](int64_t c, int64_t count, auto whole) {
      constexpr bool isWhole = decltype(whole)::value;
      T* const sums = into + j * g.channels + c;
      Vec<T> sum[taps];
      ATHANOR_UNROLL
      for (int t = 0; t < taps; t++) sum[t] = loadChannels<T, isWhole>(sums + t * g.channels, count);
      for (int64_t p = x; p < end; p++) {
        const Vec<T> u = loadChannels<T, isWhole>(upstream + p * g.channels + c, count);
        const T* const at = start + p * step + c;
        ATHANOR_UNROLL
        for (int t = 0; t < taps; t++)
          sum[t] = fma(loadChannels<T, isWhole>(at + t * apart, count), u, sum[t]);
      }
      ATHANOR_UNROLL
      for (int t = 0; t < taps; t++) storeChannels<T, isWhole>(sums + t * g.channels, sum[t], count);
    });
  }
}

}  // namespace

template <typename T>
Status depthwiseFilter(Runtime& runtime, const FilterGeometry& g, const T* source, const T* upstream,
                       T* target) {
  const int64_t length = g.windowHeight * g.windowWidth * g.channels;
  const int64_t rows = g.batch * g.outHeight;
  const int64_t blocks = most(1, least(least(mostBlocks, rows), mostSums / length));
  const int64_t rowsPerBlock = ceilDivide(rows, blocks);
  T* const sums = static_cast<T*>(scratchFor(runtime, 0, 3, 0, sizeof(T), length, blocks));
  if (sums == nullptr) return Status::outOfMemory;
  auto task = [&](int64_t block, int) {
    T* const own = sums + block * length;
    memset(static_cast<void*>(own), 0, sizeof(T) * length);
    for (int64_t line = block * rowsPerBlock; line < least(rows, (block + 1) * rowsPerBlock); line++) {
      const T* const picture = source + line / g.outHeight * g.height * g.width * g.channels;
      const T* const from = upstream + line * g.outWidth * g.channels;
      const int64_t top = line % g.outHeight * g.strideHeight - g.top;
      const Inside down = inside(top, g.windowHeight, g.dilationHeight, g.height);
      for (int64_t i = down.first; i < down.last; i++) {
        const T* const row = picture + (top + i * g.dilationHeight) * g.width * g.channels;
        T* const into = own + i * g.windowWidth * g.channels;
        for (int64_t j = 0; j < g.windowWidth; j += 3) {
          const int64_t taps = least(3, g.windowWidth - j);
          if (taps == 3)
            addElements<T, 3>(g, into, row, from, j);
          else if (taps == 2)
            addElements<T, 2>(g, into, row, from, j);
          else
            addElements<T, 1>(g, into, row, from, j);
        }
      }
    }
  };
  parallel(runtime, blocks, task);
  parallelRanges(runtime, length, 8192, [&](int64_t from, int64_t to, int) {
    for (int64_t i = from; i < to; i++) {
      T sum = sums[i];
      for (int64_t block = 1; block < blocks; block++) sum += sums[block * length + i];
      target[i] = sum;
    }
  });
  return Status::ok;
}

#define ATHANOR_DEPTHWISE(T)                                                                               \
  template Status depthwise<T>(Runtime&, const FilterGeometry&, const T*, const T*, T*, const T*, RegisterOp); \
  template Status depthwiseInput<T>(Runtime&, const FilterGeometry&, const T*, const T*, T*);              \
  template Status depthwiseFilter<T>(Runtime&, const FilterGeometry&, const T*, const T*, T*);
ATHANOR_DEPTHWISE(float)
ATHANOR_DEPTHWISE(double)

}  // namespace athanor

// Convolutions of each channel for itself, vectorised over the channels: a vector's lanes are channels
// of one pixel, and no filter is packed.
#include "convolution.h"
#include "elementwise.h"
#include "ranges.h"
#include "vector.h"

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

template <typename T>
Vec<T> loadSome(const T* p, int64_t count) {
  return count >= lanes<T> ? load<T>(p) : loadPart(p, static_cast<int>(count));
}
template <typename T>
void storeSome(T* p, Vec<T> v, int64_t count) {
  if (count >= lanes<T>)
    store<T>(p, v);
  else
    storePart(p, v, static_cast<int>(count));
}

/// A row of results: pixels [from, to) with elements [across.first, across.last) of each window's rows.
template <typename T, int pixels>
void rowPart(const FilterGeometry& g, const T* picture, const T* filter, T* out, int64_t top, const Inside& down,
             int64_t x, const Inside& across, int64_t channel, const Vec<T>& bias, bool relu) {
  const int64_t count = g.channels - channel;
  Vec<T> sum[pixels];
  for (int p = 0; p < pixels; p++) sum[p] = bias;
  for (int64_t i = down.first; i < down.last; i++) {
    const T* const row = picture + (top + i * g.dilationHeight) * g.width * g.channels + channel;
    for (int64_t j = across.first; j < across.last; j++) {
      const Vec<T> w = loadSome(filter + (i * g.windowWidth + j) * g.channels + channel, count);
      const T* const at = row + (x * g.strideWidth - g.left + j * g.dilationWidth) * g.channels;
      for (int p = 0; p < pixels; p++)
        sum[p] = fma(loadSome(at + p * g.strideWidth * g.channels, count), w, sum[p]);
    }
  }
  for (int p = 0; p < pixels; p++) {
    if (relu) sum[p] = select(sum[p] <= Vec<T>{}, Vec<T>{}, sum[p]);
    storeSome(out + (x + p) * g.channels + channel, sum[p], count);
  }
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
          for (int64_t c = 0; c < g.channels; c += lanes<T>) {
            const Vec<T> start = bias == nullptr ? Vec<T>{} : loadSome(bias + c, g.channels - c);
            const auto single = [&](int64_t x) {
              const Inside across =
                  inside(x * g.strideWidth - g.left, g.windowWidth, g.dilationWidth, g.width);
              rowPart<T, 1>(g, picture, filter, out, top, down, x, across, c, start, relu);
            };
            const Inside all{0, g.windowWidth};
            int64_t x = 0;
            for (; x < whole.first; x++) single(x);
            for (; x + 4 <= whole.last; x += 4)
              rowPart<T, 4>(g, picture, filter, out, top, down, x, all, c, start, relu);
            for (; x < g.outWidth; x++) single(x);
          }
          if (applies) rowFunction<T>(activation)(out, out, lanes<T>, out, 0, out, 0, rowSize);
        }
      });
  return Status::ok;
}

/// Each pixel of the picture gathers from the windows that hold it, in the order of their elements.
template <typename T>
Status depthwiseInput(Runtime& runtime, const FilterGeometry& g, const T* upstream, const T* filter,
                      T* target) {
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

template <typename T>
Status depthwiseFilter(Runtime& runtime, const FilterGeometry& g, const T* source, const T* upstream,
                       T* target) {
  const int64_t length = g.windowHeight * g.windowWidth * g.channels;
  const int64_t rows = g.batch * g.outHeight;
  const int64_t blocks = most(1, least(least(mostBlocks, rows), mostSums / length));
  const int64_t rowsPerBlock = ceilDivide(rows, blocks);
  T* const sums = static_cast<T*>(scratch(runtime, 0, 3, sizeof(T) * length * blocks));
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
        for (int64_t j = 0; j < g.windowWidth; j++) {
          const int64_t shift = j * g.dilationWidth - g.left;
          const int64_t first = shift >= 0 ? 0 : ceilDivide(-shift, g.strideWidth);
          const int64_t last =
              shift >= g.width ? 0 : least(g.outWidth, (g.width - 1 - shift) / g.strideWidth + 1);
          T* const into = own + (i * g.windowWidth + j) * g.channels;
          const T* const start = row + shift * g.channels;
          const int64_t step = g.strideWidth * g.channels;
          for (int64_t c = 0; c < g.channels; c += lanes<T>) {
            const int64_t count = g.channels - c;
            Vec<T> sum = loadSome(into + c, count);
            if (count >= lanes<T>)
              for (int64_t x = first; x < last; x++)
                sum = fma(load<T>(start + x * step + c), load<T>(from + x * g.channels + c), sum);
            else
              for (int64_t x = first; x < last; x++)
                sum = fma(loadSome(start + x * step + c, count), loadSome(from + x * g.channels + c, count), sum);
            storeSome(into + c, sum, count);
          }
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

// The gradient of a convolution's filter: register tiles of window elements × output channels, summed
// over the pixels of the upstream. Pictures are dealt out in blocks that only their sizes decide; each
// block sums for itself, and the blocks' sums are added in their order.
#include "convolution-tile.h"
#include "convolution.h"
#include "gemm-pack.h"
#include "ranges.h"
#include "winograd.h"

namespace athanor {

namespace {

/// Elements of pictures that are gone over at once: they stay in the second-level cache.
constexpr int64_t mostPlane = 1 << 16;
/// Blocks at most, and elements of all their sums.
constexpr int64_t mostBlocks = 16;
constexpr int64_t mostSums = 1 << 20;
/// Tasks to have at least, where one block's sums are cut up.
constexpr int64_t tasksWanted = 16;

/// What is gone over at once: some pictures whole, or some rows of one.
struct Chunks {
  int64_t pictures;
  int64_t rows;
  int64_t perPicture;
  int64_t count;
};

Chunks chunksOf(const FilterGeometry& g, const Axis& v, const Axis& h) {
  const int64_t rowSize = most(1, extentOf(h, 0, g.outWidth).length * g.channels);
  const int64_t planeSize = most(1, extentOf(v, 0, g.outHeight).length * rowSize);
  if (planeSize <= mostPlane) {
    const int64_t pictures = least(mostPlane / planeSize, ceilDivide(g.batch, mostBlocks));
    return {most(1, pictures), g.outHeight, 1, ceilDivide(g.batch, most(1, pictures))};
  }
  const int64_t fitting = mostPlane / rowSize - (v.taps - 1) * v.tapStep;
  const int64_t rows = evenPart(g.outHeight, most(1, fitting / v.stride));
  const int64_t perPicture = ceilDivide(g.outHeight, rows);
  return {1, rows, perPicture, g.batch * perPicture};
}

template <typename T>
class Task {
 public:
  Task(const FilterGeometry& g, const Axis& v, const Axis& h, const T* source, const T* upstream,
       int64_t* offsets, T* plane, T* columns)
      : g_(g), v_(v), h_(h), source_(source), upstream_(upstream), offsets_(offsets), plane_(plane),
        columns_(columns) {}

  /// Adds `pictures` from `picture`, rows [from, from + rows) of their planes, to units [begin, end) of
  /// the sums: a unit is a group's panel of outputs.
  void add(T* sums, int64_t picture, int64_t pictures, int64_t from, int64_t rows, int64_t begin,
           int64_t end, bool accumulate) {
    constexpr int panel = tileColumns<T>;
    const int64_t outputs = g_.outputs / g_.groups, panels = ceilDivide(outputs, panel);
    int64_t group = -1;
    for (int64_t unit = begin; unit < end; unit++) {
      if (unit / panels != group) {
        group = unit / panels;
        read(group, picture, pictures, from, rows);
      }
      const int64_t column = group * outputs + unit % panels * panel;
      const int columns = static_cast<int>(least(panel, outputs - unit % panels * panel));
      const int vectors = (columns + lanes<T> - 1) / lanes<T>;
      const T* b = upstream_ + (picture * g_.outHeight + from) * g_.outWidth * g_.outputs + column;
      int64_t bStep = g_.outputs;
      if (columns % lanes<T> != 0) {
        pack<T, panel, true>(columns_, b, 1, g_.outputs, columns, pictures * rows * g_.outWidth);
        b = columns_;
        bStep = panel;
      }
      tiles(sums + column, b, bStep, columns, vectors, accumulate);
    }
  }

 private:
  void tiles(T* sums, const T* b, int64_t bStep, int columns, int vectors, bool accumulate) {
    const int64_t inputs = g_.channels / g_.groups;
    const bool joined = current_.pixelStride == inputs && h_.tapStep == 1;
    const int64_t elements = joined ? h_.taps * inputs : inputs;
    const int64_t tileHeight = evenPart(elements, tileRows);
    const TileEnd<T> end{accumulate, false, nullptr};
    for (int64_t i = 0; i < v_.taps; i++)
      for (int64_t j = 0; j < (joined ? 1 : h_.taps); j++) {
        const T* const a = current_.data + i * v_.tapStep * current_.rowStride + j * h_.tapStep * current_.pixelStride;
        T* const c = sums + (i * h_.taps + j) * inputs * g_.outputs;
        for (int64_t r = 0; r < elements; r += tileHeight) {
          const int height = static_cast<int>(least(tileHeight, elements - r));
          elementTileOf<T>(height, vectors)(runs_, a + r, h_.stride * current_.pixelStride, b, bStep,
                                            c + r * g_.outputs, g_.outputs, columns, end);
        }
      }
  }

  /// The pictures' rows that the windows reach, and a run for each row of windows.
  void read(int64_t group, int64_t picture, int64_t pictures, int64_t from, int64_t rows) {
    const int64_t inputs = g_.channels / g_.groups, size = g_.height * g_.width * g_.channels;
    const Extent down = extentOf(v_, from, rows), across = extentOf(h_, 0, g_.outWidth);
    const T* const source = source_ + picture * size + group * inputs;
    int64_t pictureStride;
    if (isInside(down, g_.height) && isInside(across, g_.width)) {
      current_ = {source + (down.start * g_.width + across.start) * g_.channels, g_.width * g_.channels,
                  g_.channels};
      pictureStride = size;
    } else {
      current_ = {plane_, across.length * inputs, inputs};
      pictureStride = down.length * across.length * inputs;
      for (int64_t n = 0; n < pictures; n++)
        copyPadded(plane_ + n * pictureStride, source + n * size, g_.height, g_.width, g_.channels, inputs,
                   down, across);
    }
    for (int64_t n = 0; n < pictures; n++)
      for (int64_t y = 0; y < rows; y++)
        offsets_[n * rows + y] = n * pictureStride + y * v_.stride * current_.rowStride;
    runs_ = {pictures * rows, g_.outWidth, offsets_};
  }

  const FilterGeometry& g_;
  const Axis& v_;
  const Axis& h_;
  const T* const source_;
  const T* const upstream_;
  int64_t* const offsets_;
  T* const plane_;
  T* const columns_;
  Plane<T> current_{};
  Runs runs_{};
};

template <typename T>
Status gradient(Runtime& runtime, const ConvolutionFilterArguments& a) {
  const FilterGeometry& g = a.geometry;
  const T* const source = static_cast<const T*>(a.source);
  const T* const upstream = static_cast<const T*>(a.upstream);
  T* const target = static_cast<T*>(a.target);
  const int64_t inputs = g.channels / g.groups, outputs = g.outputs / g.groups;
  const int64_t length = g.windowHeight * g.windowWidth * inputs * g.outputs;
  if (g.batch * g.outHeight * g.outWidth == 0) {
    memset(static_cast<void*>(target), 0, sizeof(T) * length);
    return Status::ok;
  }
  if (isDepthwise(g)) return depthwiseFilter(runtime, g, source, upstream, target);
  if constexpr (sizeof(T) == sizeof(float))
    if (isWinograd(g)) return winogradFilter(runtime, g, source, upstream, target);
  const Axis v = windowAxis(g.outHeight, g.windowHeight, g.strideHeight, g.dilationHeight, g.top);
  const Axis h = windowAxis(g.outWidth, g.windowWidth, g.strideWidth, g.dilationWidth, g.left);
  const Chunks chunks = chunksOf(g, v, h);
  const int64_t chunksPerBlock = ceilDivide(chunks.count, most(1, least(mostBlocks, mostSums / length)));
  const int64_t blocks = ceilDivide(chunks.count, chunksPerBlock);
  const int64_t units = g.groups * ceilDivide(outputs, tileColumns<T>);
  const int64_t unitsPerTask = most(1, units / ceilDivide(tasksWanted, blocks));
  const int64_t parts = ceilDivide(units, unitsPerTask);

  T* sums = target;
  if (blocks > 1) sums = static_cast<T*>(scratchFor(runtime, 0, 3, 0, sizeof(T), length, blocks));
  if (sums == nullptr) return Status::outOfMemory;
  const int64_t offsetBytes = ceilDivide(chunks.pictures * chunks.rows * 8, 64) * 64;
  const int64_t columnSize =
      outputs % lanes<T> == 0 ? 0 : chunks.pictures * chunks.rows * g.outWidth * tileColumns<T>;
  const int64_t columnBytes = offsetBytes + columnSize * static_cast<int64_t>(sizeof(T));
  for (int worker = 0; worker < threads(runtime); worker++)
    if (scratchFor(runtime, worker, 1, columnBytes, sizeof(T),
                   extentOf(v, 0, chunks.rows).length, extentOf(h, 0, g.outWidth).length,
                   chunks.pictures * inputs) == nullptr)
      return Status::outOfMemory;

  auto task = [&](int64_t index, int worker) {
    char* const memory = static_cast<char*>(scratch(runtime, worker, 1, 0));
    T* const columns = reinterpret_cast<T*>(memory + offsetBytes);
    Task<T> own(g, v, h, source, upstream, reinterpret_cast<int64_t*>(memory), columns + columnSize, columns);
    const int64_t block = index / parts, begin = index % parts * unitsPerTask;
    const int64_t first = block * chunksPerBlock, last = least(first + chunksPerBlock, chunks.count);
    for (int64_t chunk = first; chunk < last; chunk++) {
      const int64_t picture = chunk / chunks.perPicture * chunks.pictures;
      const int64_t from = chunk % chunks.perPicture * chunks.rows;
      own.add(sums + block * length, picture, least(chunks.pictures, g.batch - picture), from,
              least(chunks.rows, g.outHeight - from), begin, least(begin + unitsPerTask, units),
              chunk > first);
    }
  };
  parallel(runtime, blocks * parts, task);
  if (blocks > 1)
    parallelRanges(runtime, length, 8192, [&](int64_t from, int64_t to, int) {
      for (int64_t i = from; i < to; i++) target[i] = sums[i] + sums[length + i];
      for (int64_t block = 2; block < blocks; block++)
        for (int64_t i = from; i < to; i++) target[i] += sums[block * length + i];
    });
  return Status::ok;
}

}  // namespace

Status run(Runtime& runtime, const ConvolutionFilterArguments& a) {
  return a.dtype == DType::float64 ? gradient<double>(runtime, a) : gradient<float>(runtime, a);
}

}  // namespace athanor

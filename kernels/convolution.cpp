// A convolution and the gradient of its input: register tiles of pixels × channels over the picture
// itself (or a copy of some rows that has the padding), with the filter packed into panels. The gradient
// is the same pass over the upstream: for each phase of the stride a convolution with some of the
// filter's elements.
#include "convolution.h"

#include "convolution-tile.h"
#include "elementwise.h"
#include "gemm-pack.h"
#include "gemm.h"
#include "winograd.h"

namespace athanor {

namespace {

/// Elements of a picture that a task works on: they stay in the second-level cache.
constexpr int64_t mostPlane = 1 << 16;
/// Multiply-adds that one task should hold at least.
constexpr int64_t workPerTask = 1 << 18;
constexpr int64_t tasksPerThread = 8;

/// What is read and made, whichever of the two it is.
template <typename T>
struct Pass {
  int64_t batch;
  // What is read: [height, width, groups · inputs].
  const T* source;
  int64_t height;
  int64_t width;
  int64_t inputs;
  // What is made: [outHeight, outWidth, groups · outputs].
  T* target;
  int64_t outHeight;
  int64_t outWidth;
  int64_t outputs;
  int64_t groups;
  // One axis for each phase.
  const Axis* vertical;
  int64_t verticals;
  const Axis* horizontal;
  int64_t horizontals;
  /// Panels of the filter: for each group and panel the taps of all phases after each other.
  T* packed;
  const T* bias;
  RegisterOp activation;

  int64_t taps() const {
    int64_t v = 0, h = 0;
    for (int64_t i = 0; i < verticals; i++) v += vertical[i].taps;
    for (int64_t i = 0; i < horizontals; i++) h += horizontal[i].taps;
    return v * h;
  }
  int64_t panels() const { return ceilDivide(outputs, tileColumns<T>); }
  int64_t panelSize() const { return taps() * inputs * tileColumns<T>; }
};

/// The filter's element (i, j, from input, to output) of a group, in elements.
struct FilterStrides {
  int64_t vertical;
  int64_t horizontal;
  int64_t input;
  int64_t output;
  int64_t group;
};

template <typename T>
void packFilter(Runtime& runtime, const Pass<T>& p, const T* filter, const FilterStrides& s) {
  constexpr int panel = tileColumns<T>;
  const int64_t panels = p.panels(), size = p.panelSize();
  auto task = [&](int64_t index, int) {
    const int64_t group = index / panels, column = index % panels * panel;
    const int64_t columns = least(panel, p.outputs - column);
    T* into = p.packed + index * size;
    const T* const from = filter + group * s.group + column * s.output;
    for (int64_t v = 0; v < p.verticals; v++)
      for (int64_t h = 0; h < p.horizontals; h++)
        for (int64_t i = 0; i < p.vertical[v].taps; i++)
          for (int64_t j = 0; j < p.horizontal[h].taps; j++, into += p.inputs * panel) {
            const int64_t y = p.vertical[v].filterFirst + i * p.vertical[v].filterStep;
            const int64_t x = p.horizontal[h].filterFirst + j * p.horizontal[h].filterStep;
            pack<T, panel, true>(into, from + y * s.vertical + x * s.horizontal, s.output, s.input,
                                 columns, p.inputs);
          }
  };
  parallel(runtime, p.groups * panels, task);
}

/// Rows of results of one task, so that what they read fits into the cache.
template <typename T>
int64_t rowsPerPart(const Pass<T>& p, int64_t parts) {
  int64_t rows = p.outHeight;
  const Axis& v = p.vertical[0];
  const Axis& h = p.horizontal[0];
  const int64_t count = most(v.count, 1);
  const int64_t rowSize = most(1, extentOf(h, 0, most(h.count, 1)).length * p.inputs * p.groups);
  const int64_t fitting = mostPlane / rowSize - (v.taps - 1) * v.tapStep;
  const int64_t perTask = most(1, fitting / most(1, v.stride));
  if (perTask < count) rows = perTask * v.step;
  return evenPart(p.outHeight, least(rows, most(v.step, ceilDivide(p.outHeight, parts))));
}

template <typename T>
class Worker {
 public:
  Worker(const Pass<T>& pass, int64_t* offsets, T* plane) : p_(pass), offsets_(offsets), plane_(plane) {}

  /// Rows [from, to) of one picture's results.
  void run(int64_t picture, int64_t from, int64_t to) {
    const T* const source = p_.source + picture * p_.height * p_.width * p_.inputs * p_.groups;
    T* const target = p_.target + picture * p_.outHeight * p_.outWidth * p_.outputs * p_.groups;
    for (int64_t group = 0; group < p_.groups; group++) {
      const T* packed = p_.packed + group * p_.panels() * p_.panelSize();
      for (int64_t v = 0; v < p_.verticals; v++)
        for (int64_t h = 0; h < p_.horizontals; h++) {
          const Axis& vertical = p_.vertical[v];
          phase(vertical, p_.horizontal[h], source + group * p_.inputs, target + group * p_.outputs,
                packed, p_.bias == nullptr ? nullptr : p_.bias + group * p_.outputs,
                ceilDivide(most(0, from - vertical.first), vertical.step),
                ceilDivide(most(0, to - vertical.first), vertical.step));
          packed += vertical.taps * p_.horizontal[h].taps * p_.inputs * tileColumns<T>;
        }
    }
  }

 private:
  void phase(const Axis& v, const Axis& h, const T* source, T* target, const T* packed, const T* bias,
             int64_t from, int64_t to) {
    if (from >= to || h.count == 0) return;
    const int64_t channels = p_.outputs * p_.groups;
    T* const first = target + ((v.first + from * v.step) * p_.outWidth + h.first) * channels;
    const int64_t outRow = v.step * p_.outWidth * channels, outPixel = h.step * channels;
    if (v.taps == 0 || h.taps == 0) {
      for (int64_t y = 0; y < to - from; y++)
        for (int64_t x = 0; x < h.count; x++)
          memset(static_cast<void*>(first + y * outRow + x * outPixel), 0, sizeof(T) * p_.outputs);
      return;
    }
    const Plane<T> plane = read(v, h, source, from, to - from);
    const Runs runs = runsOf(v, h, plane);
    constexpr int panel = tileColumns<T>;
    const int64_t tileWidth = evenPart(h.count, tileRows);
    for (int64_t j = 0; j < p_.outputs; j += panel, packed += p_.panelSize()) {
      const int columns = static_cast<int>(least(panel, p_.outputs - j));
      const int vectors = (columns + lanes<T> - 1) / lanes<T>;
      const TileEnd<T> end{false, p_.activation == RegisterOp::relu, bias == nullptr ? nullptr : bias + j};
      for (int64_t y = 0; y < to - from; y++) {
        const T* const row = plane.data + y * v.stride * plane.rowStride;
        for (int64_t x = 0; x < h.count; x += tileWidth) {
          const int height = static_cast<int>(least(tileWidth, h.count - x));
          pixelTileOf<T>(height, vectors)(runs, row + x * h.stride * plane.pixelStride,
                                          h.stride * plane.pixelStride, packed, panel,
                                          first + y * outRow + x * outPixel + j, outPixel, columns, end);
        }
      }
    }
    if (p_.activation == RegisterOp::copy || p_.activation == RegisterOp::relu) return;
    const RowFunction<T> apply = rowFunction<T>(p_.activation);
    for (int64_t y = 0; y < to - from; y++)
      for (int64_t x = 0; x < h.count; x++) {
        T* const pixel = first + y * outRow + x * outPixel;
        apply(pixel, pixel, lanes<T>, pixel, 0, pixel, 0, p_.outputs);
      }
  }

  Plane<T> read(const Axis& v, const Axis& h, const T* source, int64_t from, int64_t rows) {
    const Extent down = extentOf(v, from, rows), across = extentOf(h, 0, h.count);
    const int64_t all = p_.inputs * p_.groups;
    if (isInside(down, p_.height) && isInside(across, p_.width))
      return {source + (down.start * p_.width + across.start) * all, p_.width * all, all};
    copyPadded(plane_, source, p_.height, p_.width, all, p_.inputs, down, across);
    return {plane_, across.length * p_.inputs, p_.inputs};
  }

  /// Where pixels follow each other without a gap, a whole row of the window is one run.
  Runs runsOf(const Axis& v, const Axis& h, const Plane<T>& plane) {
    const bool joined = plane.pixelStride == p_.inputs && h.tapStep == 1;
    int64_t count = 0;
    for (int64_t i = 0; i < v.taps; i++)
      for (int64_t j = 0; j < (joined ? 1 : h.taps); j++)
        offsets_[count++] = i * v.tapStep * plane.rowStride + j * h.tapStep * plane.pixelStride;
    return {count, joined ? h.taps * p_.inputs : p_.inputs, offsets_};
  }

  const Pass<T>& p_;
  int64_t* const offsets_;
  T* const plane_;
};

template <typename T>
Status pass(Runtime& runtime, Pass<T>& p, const T* filter, const FilterStrides& strides) {
  p.packed = static_cast<T*>(scratchFor(runtime, 0, 2, 0, sizeof(T), p.groups, p.panels(), p.panelSize()));
  if (p.packed == nullptr) return Status::outOfMemory;

  const int64_t work = p.outHeight * p.outWidth * p.outputs * p.groups * p.inputs * most(1, p.taps());
  const int64_t wanted = threads(runtime) * tasksPerThread;
  const int64_t partsWanted = most(1, least(ceilDivide(wanted, p.batch), work / workPerTask));
  const int64_t rows = rowsPerPart(p, partsWanted);
  const int64_t parts = ceilDivide(p.outHeight, rows);
  int64_t together = parts > 1 ? 1 : most(1, workPerTask / most(1, work));
  together = least(together, most(1, p.batch / wanted));

  int64_t offsets = 0, planeHeight = 0, planeWidth = 0;
  for (int64_t v = 0; v < p.verticals; v++)
    for (int64_t h = 0; h < p.horizontals; h++) {
      const Axis& vertical = p.vertical[v];
      const Axis& horizontal = p.horizontal[h];
      if (vertical.taps == 0 || horizontal.taps == 0) continue;
      offsets = most(offsets, vertical.taps * horizontal.taps);
      const int64_t count = ceilDivide(rows, vertical.step) + 1;
      planeHeight = most(planeHeight, extentOf(vertical, 0, count).length);
      planeWidth = most(planeWidth, extentOf(horizontal, 0, most(1, horizontal.count)).length);
    }
  const int64_t offsetBytes = ceilDivide(offsets * 8, 64) * 64;
  for (int worker = 0; worker < threads(runtime); worker++)
    if (scratchFor(runtime, worker, 1, offsetBytes, sizeof(T), planeHeight, planeWidth, p.inputs) == nullptr)
      return Status::outOfMemory;

  packFilter(runtime, p, filter, strides);
  auto task = [&](int64_t index, int worker) {
    char* const memory = static_cast<char*>(scratch(runtime, worker, 1, 0));
    Worker<T> own(p, reinterpret_cast<int64_t*>(memory), reinterpret_cast<T*>(memory + offsetBytes));
    const int64_t part = index % parts, begin = index / parts * together;
    for (int64_t picture = begin; picture < least(begin + together, p.batch); picture++)
      own.run(picture, part * rows, least((part + 1) * rows, p.outHeight));
  };
  parallel(runtime, ceilDivide(p.batch, together) * parts, task);
  return Status::ok;
}

template <typename T>
Status forward(Runtime& runtime, const ConvolutionArguments& a) {
  const FilterGeometry& g = a.geometry;
  const T* const source = static_cast<const T*>(a.source);
  const T* const filter = static_cast<const T*>(a.filter);
  T* const target = static_cast<T*>(a.target);
  const T* const bias = static_cast<const T*>(a.bias);
  if (g.batch * g.outHeight * g.outWidth == 0) return Status::ok;
  if (isDepthwise(g)) return depthwise(runtime, g, source, filter, target, bias, a.activation);
  if (isPlain(g)) {
    const int64_t rows = g.batch * g.height * g.width;
    return multiply(runtime, Product<T>{rows, g.outputs, g.channels, source, g.channels, 1, filter,
                                        g.outputs, 1, target, g.outputs, bias, a.activation});
  }
  if constexpr (sizeof(T) == sizeof(float))
    if (isWinograd(g)) return winograd(runtime, g, source, filter, target, bias, a.activation);
  const Axis vertical = windowAxis(g.outHeight, g.windowHeight, g.strideHeight, g.dilationHeight, g.top);
  const Axis horizontal = windowAxis(g.outWidth, g.windowWidth, g.strideWidth, g.dilationWidth, g.left);
  const int64_t inputs = g.channels / g.groups, outputs = g.outputs / g.groups;
  Pass<T> p{g.batch, source, g.height, g.width, inputs, target, g.outHeight, g.outWidth, outputs, g.groups,
            &vertical, 1, &horizontal, 1, nullptr, bias, a.activation};
  const int64_t element = inputs * g.outputs;
  return pass(runtime, p, filter, {g.windowWidth * element, element, g.outputs, 1, outputs});
}

template <typename T>
Status backward(Runtime& runtime, const ConvolutionInputArguments& a) {
  const FilterGeometry& g = a.geometry;
  const T* const upstream = static_cast<const T*>(a.upstream);
  const T* const filter = static_cast<const T*>(a.filter);
  T* const target = static_cast<T*>(a.target);
  if (g.batch * g.height * g.width == 0) return Status::ok;
  if (g.outHeight * g.outWidth == 0) {
    memset(static_cast<void*>(target), 0, sizeof(T) * g.batch * g.height * g.width * g.channels);
    return Status::ok;
  }
  if (isDepthwise(g)) return depthwiseInput(runtime, g, upstream, filter, target);
  if (isPlain(g)) {
    const int64_t rows = g.batch * g.height * g.width;
    return multiply(runtime, Product<T>{rows, g.channels, g.outputs, upstream, g.outputs, 1, filter, 1,
                                        g.outputs, target, g.channels, nullptr, RegisterOp::copy});
  }
  if constexpr (sizeof(T) == sizeof(float))
    if (isWinograd(g)) return winogradInput(runtime, g, upstream, filter, target);
  // Phases beyond the picture's own length hold nothing.
  const int64_t verticals = least(g.strideHeight, g.height), horizontals = least(g.strideWidth, g.width);
  Axis* const axes =
      static_cast<Axis*>(scratchFor(runtime, 0, 3, 0, sizeof(Axis), verticals + horizontals));
  if (axes == nullptr) return Status::outOfMemory;
  for (int64_t i = 0; i < verticals; i++)
    axes[i] = phaseAxis(g.height, g.windowHeight, g.strideHeight, g.dilationHeight, g.top, i);
  for (int64_t i = 0; i < horizontals; i++)
    axes[verticals + i] = phaseAxis(g.width, g.windowWidth, g.strideWidth, g.dilationWidth, g.left, i);
  const int64_t inputs = g.channels / g.groups, outputs = g.outputs / g.groups;
  Pass<T> p{g.batch, upstream, g.outHeight, g.outWidth, outputs, target, g.height, g.width, inputs, g.groups,
            axes, verticals, axes + verticals, horizontals, nullptr, nullptr, RegisterOp::copy};
  const int64_t element = inputs * g.outputs;
  return pass(runtime, p, filter, {g.windowWidth * element, element, 1, g.outputs, outputs});
}

}  // namespace

Status run(Runtime& runtime, const ConvolutionArguments& a) {
  return a.dtype == DType::float64 ? forward<double>(runtime, a) : forward<float>(runtime, a);
}

Status run(Runtime& runtime, const ConvolutionInputArguments& a) {
  return a.dtype == DType::float64 ? backward<double>(runtime, a) : backward<float>(runtime, a);
}

}  // namespace athanor

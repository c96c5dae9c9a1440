// What the convolution kernels share: how windows lie along an axis, and pictures with their padding.
#pragma once
#include <cstring>

#include "instructions.h"
#include "ranges.h"

namespace athanor {

/// `before` bytes and a · b · c items of `size` bytes; nullptr where that is more than there can be.
inline void* scratchFor(Runtime& runtime, int worker, int lane, int64_t before, int64_t size, int64_t a,
                        int64_t b = 1, int64_t c = 1) {
  int64_t bytes = 0;
  if (__builtin_mul_overflow(a, b, &bytes) || __builtin_mul_overflow(bytes, c, &bytes) ||
      __builtin_mul_overflow(bytes, size, &bytes) || __builtin_add_overflow(bytes, before, &bytes))
    return nullptr;
  if (bytes < 0 || static_cast<uint64_t>(bytes) > SIZE_MAX / 2) return nullptr;
  return scratch(runtime, worker, lane, static_cast<size_t>(bytes));
}

/// Windows along one axis of what is read, one for each of `count` results. Tap i of window t lies at
/// t · stride − before + i · tapStep and meets element filterFirst + i · filterStep of the filter;
/// result t goes to place first + t · step.
struct Axis {
  int64_t count;
  int64_t first;
  int64_t step;
  int64_t stride;
  int64_t taps;
  int64_t tapStep;
  int64_t before;
  int64_t filterFirst;
  int64_t filterStep;
};

/// Of a convolution itself.
inline Axis windowAxis(int64_t count, int64_t window, int64_t stride, int64_t dilation, int64_t before) {
  return {count, 0, 1, stride, window, dilation, before, 0, 1};
}

/// Where a convolution's gradient is gathered: places phase, phase + stride, … of the picture's axis see
/// the same elements of the filter, in falling order, at neighbouring places of the plane.
inline Axis phaseAxis(int64_t length, int64_t window, int64_t stride, int64_t dilation, int64_t before,
                      int64_t phase) {
  int64_t divisor = stride, rest = dilation;
  while (rest != 0) {
    const int64_t next = divisor % rest;
    divisor = rest;
    rest = next;
  }
  const int64_t filterStep = stride / divisor;
  Axis axis{phase < length ? ceilDivide(length - phase, stride) : 0, phase, stride, 1, 0,
            dilation / divisor, 0, 0, -filterStep};
  int64_t first = 0;
  while (first < window && first < filterStep && (phase + before - first * dilation) % stride != 0) first++;
  if (first >= window || first >= filterStep) return axis;
  axis.taps = (window - 1 - first) / filterStep + 1;
  axis.filterFirst = first + (axis.taps - 1) * filterStep;
  axis.before = -((phase + before - axis.filterFirst * dilation) / stride);
  return axis;
}

/// Some rows of a picture's channels, with whatever padding windows reach into.
template <typename T>
struct Plane {
  const T* data;
  int64_t rowStride;
  int64_t pixelStride;
};

/// Picture rows and columns that `rows` results from `row` on read: how far the first lies before the
/// picture, and how many there are.
struct Extent {
  int64_t start;
  int64_t length;
};

inline Extent extentOf(const Axis& axis, int64_t from, int64_t count) {
  return {from * axis.stride - axis.before,
          (count - 1) * axis.stride + (axis.taps - 1) * axis.tapStep + 1};
}

/// Whether windows stay inside, so that the picture is read where it lies.
inline bool isInside(const Extent& extent, int64_t length) {
  return extent.start >= 0 && extent.start + extent.length <= length;
}

/// Copies the extents' pixels, `channels` of the picture's `allChannels` each; outside are zeros.
template <typename T>
void copyPadded(T* into, const T* picture, int64_t height, int64_t width, int64_t allChannels,
                int64_t channels, const Extent& rows, const Extent& columns) {
  const int64_t rowLength = columns.length * channels;
  const int64_t from = most(columns.start, 0), to = least(columns.start + columns.length, width);
  for (int64_t y = 0; y < rows.length; y++, into += rowLength) {
    const int64_t row = rows.start + y;
    if (row < 0 || row >= height || to <= from) {
      memset(static_cast<void*>(into), 0, sizeof(T) * rowLength);
      continue;
    }
    const int64_t before = (from - columns.start) * channels, kept = (to - from) * channels;
    memset(static_cast<void*>(into), 0, sizeof(T) * before);
    const T* const source = picture + (row * width + from) * allChannels;
    if (channels == allChannels) {
      memcpy(into + before, source, sizeof(T) * kept);
    } else {
      for (int64_t x = 0; x < to - from; x++)
        memcpy(into + before + x * channels, source + x * allChannels, sizeof(T) * channels);
    }
    memset(static_cast<void*>(into + before + kept), 0, sizeof(T) * (rowLength - before - kept));
  }
}

inline bool isDepthwise(const FilterGeometry& g) {
  return g.groups == g.channels && g.outputs == g.channels && g.groups > 1;
}

/// Windows of one pixel, one after the other: a plain product.
inline bool isPlain(const FilterGeometry& g) {
  return g.groups == 1 && g.windowHeight == 1 && g.windowWidth == 1 && g.strideHeight == 1 &&
         g.strideWidth == 1 && g.top == 0 && g.left == 0 && g.outHeight == g.height &&
         g.outWidth == g.width;
}

/// groups = channels = outputs: convolution-depthwise.cpp.
template <typename T>
Status depthwise(Runtime& runtime, const FilterGeometry& g, const T* source, const T* filter, T* target,
                 const T* bias, RegisterOp activation);
template <typename T>
Status depthwiseInput(Runtime& runtime, const FilterGeometry& g, const T* upstream, const T* filter,
                      T* target);
template <typename T>
Status depthwiseFilter(Runtime& runtime, const FilterGeometry& g, const T* source, const T* upstream,
                       T* target);

}  // namespace athanor

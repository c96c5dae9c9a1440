// Winograd's minimal filtering F(2 × 2, 3 × 3) (Lavin & Gray 2016, "Fast Algorithms for Convolutional
// Neural Networks"): 2 × 2 neighbouring results of a 3 × 3 window are made from 16 products a channel
// instead of 36. Pictures are cut into tiles of 2 × 2 results; what a tile reads, 4 × 4 pixels, and the
// filter are transformed by sums and differences, multiplied place by place (for each of 16 places a
// matrix product over channels), and transformed back. Of float32 alone: sums are rounded about as
// often as those of the plain way, but an infinity in a tile becomes NaN in all its results.
#pragma once
#include "convolution.h"
#include "gemm-tile.h"

namespace athanor {

/// Results of a tile along an axis, pixels that they see, and places of a transformed tile.
constexpr int tileResults = 2, tilePixels = 4, places = 16;
/// With fewer channels the transforms cost more than they save.
constexpr int64_t fewestChannels = 16;

/// Whether a convolution and its gradients go this way. It depends on nothing but sizes of one picture,
/// so that a picture's results do not depend on the batch.
inline bool isWinograd(const FilterGeometry& g) {
  if (g.windowHeight != 3 || g.windowWidth != 3 || g.strideHeight != 1 || g.strideWidth != 1) return false;
  if (g.dilationHeight != 1 || g.dilationWidth != 1 || g.groups != 1) return false;
  if (g.channels < fewestChannels || g.outputs < fewestChannels) return false;
  // Odd sizes waste part of their last tiles; at 3 × 3 nothing would be won.
  return g.outHeight > 3 && g.outWidth > 3;
}

/// The pictures read or made, in tiles that are counted through all of them.
struct Tiles {
  int64_t down;
  int64_t across;
  int64_t count;
  Tiles(int64_t batch, int64_t height, int64_t width)
      : down(ceilDivide(height, tileResults)), across(ceilDivide(width, tileResults)), count(batch * down * across) {}
};

/// A tile's picture and its first result there.
struct TilePlace {
  int64_t picture;
  int64_t y;
  int64_t x;
  TilePlace(const Tiles& tiles, int64_t index)
      : picture(index / (tiles.down * tiles.across)),
        y(index / tiles.across % tiles.down * tileResults),
        x(index % tiles.across * tileResults) {}

  /// To the next one: cheaper than to divide again.
  void advance(const Tiles& tiles) {
    x += tileResults;
    if (x < tiles.across * tileResults) return;
    x = 0;
    y += tileResults;
    if (y < tiles.down * tileResults) return;
    y = 0;
    picture++;
  }
};

/// `channels` of the `allChannels` of pictures [height, width, allChannels].
template <typename P>
struct Pictures {
  P* data;
  int64_t height;
  int64_t width;
  int64_t allChannels;
  int64_t channels;
};

inline int64_t wholeVectors(int64_t channels) { return ceilDivide(channels, lanes<float>) * lanes<float>; }

/// Floats of `count` transformed tiles of one place; the vector behind them keeps places out of each
/// other's cache sets.
inline int64_t placeSize(int64_t count, int64_t channels) { return count * wholeVectors(channels) + lanes<float>; }

/// Tiles that are worked on at once: their transforms stay in the second-level cache, unless channels
/// are so many that the filter's place has to be read often instead.
inline int64_t tilesAtOnce(int64_t channels, int64_t outputs) {
  constexpr int64_t mostFloats = 1 << 17;
  const int64_t fitting = mostFloats / (places * (wholeVectors(channels) + wholeVectors(outputs)));
  return most(4, least(fitting / tileRows, 16)) * tileRows;
}

using TileVector = Vec<float>;

/// Bᵀ, Aᵀ, G of the paper, and A, Gᵀ, which gradients need.
struct PixelsToPlaces {
  static constexpr int from = 4, to = 4;
  static ATHANOR_INLINE void line(const TileVector (&d)[4], TileVector (&v)[4]) {
    v[0] = d[0] - d[2];
    v[1] = d[1] + d[2];
    v[2] = d[2] - d[1];
    v[3] = d[1] - d[3];
  }
};
struct PlacesToResults {
  static constexpr int from = 4, to = 2;
  static ATHANOR_INLINE void line(const TileVector (&m)[4], TileVector (&y)[2]) {
    y[0] = m[0] + m[1] + m[2];
    y[1] = m[1] - m[2] - m[3];
  }
};
struct FilterToPlaces {
  static constexpr int from = 3, to = 4;
  static ATHANOR_INLINE void line(const TileVector (&g)[3], TileVector (&u)[4]) {
    const TileVector half = splat(0.5f), ends = half * (g[0] + g[2]), middle = half * g[1];
    u[0] = g[0];
    u[1] = ends + middle;
    u[2] = ends - middle;
    u[3] = g[2];
  }
};
struct ResultsToPlaces {
  static constexpr int from = 2, to = 4;
  static ATHANOR_INLINE void line(const TileVector (&y)[2], TileVector (&m)[4]) {
    m[0] = y[0];
    m[1] = y[0] + y[1];
    m[2] = y[0] - y[1];
    m[3] = -y[1];
  }
};
struct PlacesToFilter {
  static constexpr int from = 4, to = 3;
  static ATHANOR_INLINE void line(const TileVector (&u)[4], TileVector (&g)[3]) {
    const TileVector half = splat(0.5f), sum = half * (u[1] + u[2]);
    g[0] = u[0] + sum;
    g[1] = half * (u[1] - u[2]);
    g[2] = sum + u[3];
  }
};

/// A square of vectors transformed along both axes; read(i, j) gives one, write(i, j, vector) takes one.
template <typename Transform, typename Read, typename Write>
ATHANOR_INLINE void transformSquare(Read read, Write write) {
  constexpr int from = Transform::from, to = Transform::to;
  TileVector half[to][from];
  ATHANOR_UNROLL
  for (int i = 0; i < from; i++) {
    TileVector line[from], made[to];
    ATHANOR_UNROLL
    for (int j = 0; j < from; j++) line[j] = read(i, j);
    Transform::line(line, made);
    ATHANOR_UNROLL
    for (int j = 0; j < to; j++) half[j][i] = made[j];
  }
  ATHANOR_UNROLL
  for (int j = 0; j < to; j++) {
    TileVector made[to];
    Transform::line(half[j], made);
    ATHANOR_UNROLL
    for (int i = 0; i < to; i++) write(i, j, made[i]);
  }
}

/// Squares of `channels` channels, vector by vector: pixel (i, j) is at pixelAt(i, j). Places of the result
/// lie `placeStride` apart.
template <typename Transform, typename PixelAt>
ATHANOR_INLINE void transformPixels(PixelAt pixelAt, int64_t channels, float* into, int64_t placeStride) {
  for (int64_t c = 0; c < channels; c += lanes<float>) {
    const int count = static_cast<int>(least(lanes<float>, channels - c));
    transformSquare<Transform>(
        [&](int i, int j) __attribute__((always_inline)) { return loadSome(pixelAt(i, j) + c, count); },
        [&](int i, int j, TileVector x) __attribute__((always_inline)) {
          store(into + (i * Transform::to + j) * placeStride + c, x);
        });
  }
}

/// The transform of pixels of a picture from row y, column x on, some of which may lie outside: those are
/// `zeros`, of which there are as many as channels.
template <typename Transform>
ATHANOR_INLINE void transformTile(const Pictures<const float>& p, int64_t picture, int64_t y, int64_t x,
                                  const float* zeros, float* into, int64_t placeStride) {
  constexpr int size = Transform::from;
  const auto at = [&](int64_t row, int64_t column) __attribute__((always_inline)) {
    return p.data + ((picture * p.height + row) * p.width + column) * p.allChannels;
  };
  if (isInside({y, size}, p.height) && isInside({x, size}, p.width)) {
    const float* const from = at(y, x);
    transformPixels<Transform>(
        [&](int i, int j) __attribute__((always_inline)) { return from + (i * p.width + j) * p.allChannels; },
        p.channels, into, placeStride);
    return;
  }
  const float* pixels[size][size];
  for (int i = 0; i < size; i++)
    for (int j = 0; j < size; j++) {
      const bool isThere = isInside({y + i, 1}, p.height) && isInside({x + j, 1}, p.width);
      pixels[i][j] = isThere ? at(y + i, x + j) : zeros;
    }
  transformPixels<Transform>([&](int i, int j) __attribute__((always_inline)) { return pixels[i][j]; }, p.channels,
                             into, placeStride);
}

/// 3 × 3, stride 1, many channels: winograd.cpp and winograd-filter.cpp.
Status winograd(Runtime& runtime, const FilterGeometry& g, const float* source, const float* filter,
                float* target, const float* bias, RegisterOp activation);
Status winogradInput(Runtime& runtime, const FilterGeometry& g, const float* upstream, const float* filter,
                     float* target);
Status winogradFilter(Runtime& runtime, const FilterGeometry& g, const float* source, const float* upstream,
                      float* target);

}  // namespace athanor

// A 3 × 3 convolution by Winograd's filtering, and the gradient of its input: the same pass over the
// upstream with the filter turned by half a circle.
#include "winograd.h"

#include "convolution-tile.h"
#include "elementwise.h"
#include "gemm-pack.h"

namespace athanor {

namespace {

constexpr int64_t panel = tileColumns<float>;
constexpr int64_t tasksPerThread = 8;

struct Pass {
  Pictures<const float> source;
  /// How far the first window reaches before the source.
  int64_t top;
  int64_t left;
  Pictures<float> target;
  Tiles tiles;
  const float* bias;
  RegisterOp activation;

  int64_t depth() const { return source.channels; }
  int64_t panels() const { return ceilDivide(target.channels, panel); }
  /// Floats of the transformed filter at one place.
  int64_t filterPlace() const { return panels() * depth() * panel; }
};

/// A filter's element (i, j, from input, to output) is at data + i · vertical + j · horizontal + ….
struct Filter {
  const float* data;
  int64_t vertical;
  int64_t horizontal;
  int64_t input;
  int64_t output;
};

/// Panels of the filter at each place: into[place][panel][input][column].
void transformFilter(Runtime& runtime, const Pass& p, const Filter& filter, float* into) {
  const int64_t size = p.depth() * panel;
  auto task = [&](int64_t index, int worker) {
    float* const taps = static_cast<float*>(scratch(runtime, worker, 1, 0));
    const int64_t column = index * panel;
    for (int i = 0; i < 3; i++)
      for (int j = 0; j < 3; j++)
        pack<float, panel, true>(taps + (i * 3 + j) * size,
                                 filter.data + i * filter.vertical + j * filter.horizontal + column * filter.output,
                                 filter.output, filter.input, least(panel, p.target.channels - column), p.depth());
    transformPixels<FilterToPlaces>(
        [&](int i, int j) __attribute__((always_inline)) { return taps + (i * 3 + j) * size; }, size,
        into + index * size, p.filterPlace());
  };
  parallel(runtime, p.panels(), task);
}

/// Tiles [first, first + count) from the source to the target.
class Worker {
 public:
  /// `memory`: floats(pass, most) of them.
  Worker(const Pass& pass, const float* filter, float* memory, int64_t most)
      : p_(pass), filter_(filter), read_(memory), made_(memory + places * placeSize(most, pass.depth())),
        zeros_(made_ + places * placeSize(most, pass.target.channels)) {
    memset(static_cast<void*>(zeros_), 0, sizeof(float) * pass.depth());
  }

  static int64_t floats(const Pass& p, int64_t most) {
    return places * (placeSize(most, p.depth()) + placeSize(most, p.target.channels)) + p.depth();
  }

  void run(int64_t first, int64_t count) {
    readTiles(first, count);
    multiplyPlaces(count);
    writeTiles(first, count);
  }

 private:
  void readTiles(int64_t first, int64_t count) {
    const int64_t width = wholeVectors(p_.depth());
    TilePlace at(p_.tiles, first);
    for (int64_t t = 0; t < count; t++, at.advance(p_.tiles))
      transformTile<PixelsToPlaces>(p_.source, at.picture, at.y - p_.top, at.x - p_.left, zeros_, read_ + t * width,
                                    placeSize(count, p_.depth()));
  }

  void multiplyPlaces(int64_t count) {
    const int64_t depth = wholeVectors(p_.depth()), columns = wholeVectors(p_.target.channels);
    const int64_t height = evenPart(count, tileRows);
    const int64_t none = 0;
    const Runs runs{1, p_.depth(), &none};
    for (int64_t place = 0; place < places; place++) {
      const float* const left = read_ + place * placeSize(count, p_.depth());
      const float* right = filter_ + place * p_.filterPlace();
      float* const out = made_ + place * placeSize(count, p_.target.channels);
      for (int64_t j = 0; j < columns; j += panel, right += p_.depth() * panel) {
        const int width = static_cast<int>(least(panel, columns - j)), vectors = width / lanes<float>;
        const RunTile<float> whole = pixelTileOf<float>(static_cast<int>(height), vectors);
        int64_t t = 0;
        for (; t + height <= count; t += height)
          whole(runs, left + t * depth, depth, right, panel, out + t * columns + j, columns, width, {});
        if (t < count)
          pixelTileOf<float>(static_cast<int>(count - t), vectors)(runs, left + t * depth, depth, right, panel,
                                                                  out + t * columns + j, columns, width, {});
      }
    }
  }

  void writeTiles(int64_t first, int64_t count) {
    const int64_t width = wholeVectors(p_.target.channels), placeStride = placeSize(count, p_.target.channels);
    TilePlace at(p_.tiles, first);
    for (int64_t t = 0; t < count; t++, at.advance(p_.tiles)) {
      const int rows = static_cast<int>(least(tileResults, p_.target.height - at.y));
      const int columns = static_cast<int>(least(tileResults, p_.target.width - at.x));
      float* const into = p_.target.data +
                          ((at.picture * p_.target.height + at.y) * p_.target.width + at.x) * p_.target.channels;
      writeTile(made_ + t * width, placeStride, into, rows, columns);
    }
  }

  void writeTile(const float* from, int64_t placeStride, float* into, int rows, int columns) {
    const int64_t channels = p_.target.channels, rowStride = p_.target.width * channels;
    for (int64_t c = 0; c < channels; c += lanes<float>) {
      const int some = static_cast<int>(least(lanes<float>, channels - c));
      const TileVector bias = p_.bias == nullptr ? TileVector{} : loadSome(p_.bias + c, some);
      transformSquare<PlacesToResults>(
          [&](int i, int j) __attribute__((always_inline)) {
            return load(from + (i * tilePixels + j) * placeStride + c);
          },
          [&](int i, int j, TileVector x) __attribute__((always_inline)) {
            if (p_.bias != nullptr) x += bias;
            if (p_.activation == RegisterOp::relu) x = select(x <= TileVector{}, TileVector{}, x);
            if (i < rows && j < columns) storeSome(into + i * rowStride + j * channels + c, x, some);
          });
    }
    if (p_.activation == RegisterOp::copy || p_.activation == RegisterOp::relu) return;
    const RowFunction<float> apply = rowFunction<float>(p_.activation);
    for (int i = 0; i < rows; i++) {
      float* const row = into + i * rowStride;
      apply(row, row, lanes<float>, row, 0, row, 0, columns * channels);
    }
  }

  const Pass& p_;
  const float* const filter_;
  float* const read_;
  float* const made_;
  float* const zeros_;
};

Status pass(Runtime& runtime, const Pass& p, const Filter& filter) {
  float* const transformed =
      static_cast<float*>(scratchFor(runtime, 0, 2, 0, sizeof(float), places, p.filterPlace()));
  if (transformed == nullptr) return Status::outOfMemory;
  const int64_t share = ceilDivide(p.tiles.count, threads(runtime) * tasksPerThread);
  const int64_t together = least(tilesAtOnce(p.depth(), p.target.channels), evenPart(share, share, tileRows));
  const int64_t floats = most(Worker::floats(p, together), 9 * p.depth() * panel);
  for (int worker = 0; worker < threads(runtime); worker++)
    if (scratchFor(runtime, worker, 1, 0, sizeof(float), floats) == nullptr) return Status::outOfMemory;

  transformFilter(runtime, p, filter, transformed);
  auto task = [&](int64_t index, int worker) {
    Worker own(p, transformed, static_cast<float*>(scratch(runtime, worker, 1, 0)), together);
    own.run(index * together, least(together, p.tiles.count - index * together));
  };
  parallel(runtime, ceilDivide(p.tiles.count, together), task);
  return Status::ok;
}

}  // namespace

Status winograd(Runtime& runtime, const FilterGeometry& g, const float* source, const float* filter,
                float* target, const float* bias, RegisterOp activation) {
  const Pass p{{source, g.height, g.width, g.channels, g.channels},
               g.top,
               g.left,
               {target, g.outHeight, g.outWidth, g.outputs, g.outputs},
               Tiles(g.batch, g.outHeight, g.outWidth),
               bias,
               activation};
  const int64_t element = g.channels * g.outputs;
  return pass(runtime, p, {filter, 3 * element, element, g.outputs, 1});
}

Status winogradInput(Runtime& runtime, const FilterGeometry& g, const float* upstream, const float* filter,
                     float* target) {
  const Pass p{{upstream, g.outHeight, g.outWidth, g.outputs, g.outputs},
               2 - g.top,
               2 - g.left,
               {target, g.height, g.width, g.channels, g.channels},
               Tiles(g.batch, g.height, g.width),
               nullptr,
               RegisterOp::copy};
  const int64_t element = g.channels * g.outputs;
  return pass(runtime, p, {filter + 8 * element, -3 * element, -element, 1, g.outputs});
}

}  // namespace athanor

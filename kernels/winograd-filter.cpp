// The gradient of a 3 × 3 filter by Winograd's filtering: the transformed filter's gradient is the sum
// over tiles of transformed pixels × transformed upstream, for each place a matrix product whose depth
// are the tiles. Tiles are dealt out in blocks that only their sizes decide; each block sums for itself,
// and the blocks' sums are added in their order.
#include "convolution-tile.h"
#include "winograd.h"

namespace athanor {

namespace {

constexpr int64_t panel = tileColumns<float>;
/// Blocks at most, and floats of all their sums.
constexpr int64_t mostBlocks = 16;
constexpr int64_t mostSums = 1 << 20;
/// Tasks to have at least, where one block's sums are cut up.
constexpr int64_t tasksWanted = 16;

struct Sums {
  int64_t rows;     // input channels
  int64_t columns;  // output channels, whole vectors
  int64_t place() const { return rows * columns; }
  int64_t size() const { return places * place(); }
};

/// Columns of the sums from some of the upstream's channels.
class ColumnSums {
 public:
  ColumnSums(const Pictures<const float>& source, const Pictures<const float>& upstream, int64_t top, int64_t left,
             const Tiles& tiles, int64_t together, float* memory)
      : source_(source), upstream_(upstream), top_(top), left_(left), tiles_(tiles), pixels_(memory),
        ups_(memory + places * placeSize(together, source.channels)),
        zeros_(ups_ + places * placeSize(together, upstream.channels)) {
    memset(static_cast<void*>(zeros_), 0, sizeof(float) * most(source.channels, upstream.channels));
  }

  static int64_t floats(int64_t channels, int64_t outputs, int64_t together) {
    return places * (placeSize(together, channels) + placeSize(together, outputs)) + most(channels, outputs);
  }

  /// Adds tiles [first, first + count); `into` are the first column's sums.
  void add(const Sums& sums, float* into, int64_t first, int64_t count, bool accumulate) {
    const int64_t pixelWidth = wholeVectors(source_.channels), upWidth = wholeVectors(upstream_.channels);
    const int64_t pixelPlace = placeSize(count, source_.channels), upPlace = placeSize(count, upstream_.channels);
    TilePlace at(tiles_, first);
    for (int64_t t = 0; t < count; t++, at.advance(tiles_)) {
      transformTile<PixelsToPlaces>(source_, at.picture, at.y - top_, at.x - left_, zeros_, pixels_ + t * pixelWidth,
                                    pixelPlace);
      transformTile<ResultsToPlaces>(upstream_, at.picture, at.y, at.x, zeros_, ups_ + t * upWidth, upPlace);
    }
    const int64_t none = 0;
    const Runs runs{1, count, &none};
    const int64_t height = evenPart(sums.rows, tileRows);
    const TileEnd<float> end{accumulate, false, nullptr};
    for (int64_t place = 0; place < places; place++)
      for (int64_t j = 0; j < upWidth; j += panel) {
        const int width = static_cast<int>(least(panel, upWidth - j));
        const float* const right = ups_ + place * upPlace + j;
        for (int64_t r = 0; r < sums.rows; r += height) {
          const int rows = static_cast<int>(least(height, sums.rows - r));
          elementTileOf<float>(rows, width / lanes<float>)(runs, pixels_ + place * pixelPlace + r, pixelWidth, right,
                                                           upWidth, into + place * sums.place() + r * sums.columns + j,
                                                           sums.columns, width, end);
        }
      }
  }

 private:
  const Pictures<const float> source_;
  const Pictures<const float> upstream_;
  const int64_t top_;
  const int64_t left_;
  const Tiles& tiles_;
  float* const pixels_;
  float* const ups_;
  float* const zeros_;
};

/// The filter's rows [from, to) of input channels from all blocks' sums.
void finish(const Sums& sums, const float* made, int64_t blocks, int64_t from, int64_t to, float* target,
            int64_t outputs) {
  for (int64_t c = from; c < to; c++)
    for (int64_t k = 0; k < outputs; k += lanes<float>) {
      const int some = static_cast<int>(least(lanes<float>, outputs - k));
      transformSquare<PlacesToFilter>(
          [&](int i, int j) __attribute__((always_inline)) {
            const float* const sum = made + (i * tilePixels + j) * sums.place() + c * sums.columns + k;
            TileVector x = load(sum);
            for (int64_t block = 1; block < blocks; block++) x += load(sum + block * sums.size());
            return x;
          },
          [&](int i, int j, TileVector x) __attribute__((always_inline)) {
            storeSome(target + ((i * 3 + j) * sums.rows + c) * outputs + k, x, some);
          });
    }
}

}  // namespace

Status winogradFilter(Runtime& runtime, const FilterGeometry& g, const float* source, const float* upstream,
                      float* target) {
  const Tiles tiles(g.batch, g.outHeight, g.outWidth);
  const Sums sums{g.channels, wholeVectors(g.outputs)};
  const int64_t together = tilesAtOnce(g.channels, g.outputs);
  const int64_t chunks = ceilDivide(tiles.count, together);
  const int64_t chunksPerBlock = ceilDivide(chunks, most(1, least(mostBlocks, mostSums / sums.size())));
  const int64_t blocks = ceilDivide(chunks, chunksPerBlock);
  const int64_t panels = ceilDivide(sums.columns, panel);
  const int64_t panelsPerTask = most(1, panels / ceilDivide(tasksWanted, blocks));
  const int64_t parts = ceilDivide(panels, panelsPerTask);

  float* const made = static_cast<float*>(scratchFor(runtime, 0, 3, 0, sizeof(float), sums.size(), blocks));
  if (made == nullptr) return Status::outOfMemory;
  const int64_t floats = ColumnSums::floats(g.channels, g.outputs, together);
  for (int worker = 0; worker < threads(runtime); worker++)
    if (scratchFor(runtime, worker, 1, 0, sizeof(float), floats) == nullptr) return Status::outOfMemory;

  auto task = [&](int64_t index, int worker) {
    const int64_t block = index / parts, column = index % parts * panelsPerTask * panel;
    const int64_t columns = least(panelsPerTask * panel, g.outputs - column);
    ColumnSums own({source, g.height, g.width, g.channels, g.channels},
                   {upstream + column, g.outHeight, g.outWidth, g.outputs, columns}, g.top, g.left, tiles, together,
                   static_cast<float*>(scratch(runtime, worker, 1, 0)));
    const int64_t first = block * chunksPerBlock, last = least(first + chunksPerBlock, chunks);
    for (int64_t chunk = first; chunk < last; chunk++)
      own.add(sums, made + block * sums.size() + column, chunk * together,
              least(together, tiles.count - chunk * together), chunk > first);
  };
  parallel(runtime, blocks * parts, task);
  parallelRanges(runtime, g.channels, most(1, 4096 / g.outputs), [&](int64_t from, int64_t to, int) {
    finish(sums, made, blocks, from, to, target, g.outputs);
  });
  return Status::ok;
}

}  // namespace athanor

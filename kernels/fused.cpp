// Fused elementwise kernels with reductions at their ends: a short register program evaluated over
// tiles that stay in the first-level cache (the idea of NumExpr). How work is cut depends on the shape
// alone, so results are the same bits at any thread count.
#include "fused-tile.h"
#include "ranges.h"
#include "reduce.h"

namespace athanor {

namespace {

/// Work of one task, in elements times simple operations.
constexpr int64_t workPerTask = 1 << 18;
constexpr int64_t fewestPerTask = 8192;
constexpr int64_t mostPerTask = 32768;
/// Most pieces that a reduced axis is cut into, each with its own row of partial results.
constexpr int64_t mostChunks = 64;
/// Tiles that are added up in the element type before they go into the wider one.
constexpr int tilesPerFlush = 32;

template <typename T>
struct Run {
  Runtime& runtime;
  const FusedArguments& a;
  const FusedPlan<T>& plan;
  const bool* direct;
  bool outOfMemory = false;

  int64_t elementsPerTask() const {
    return most(fewestPerTask, least(mostPerTask, workPerTask / plan.cost));
  }

  template <typename F>
  Status tasks(int64_t count, F body) {
    auto task = [&](int64_t index, int worker) {
      FusedTile<T> tile;
      if (!tile.prepare(runtime, worker, a, plan, direct)) {
        __atomic_store_n(&outOfMemory, true, __ATOMIC_RELAXED);
        return;
      }
      body(index, worker, tile);
    };
    if (count == 1)
      task(0, 0);
    else
      parallel(runtime, count, task);
    return __atomic_load_n(&outOfMemory, __ATOMIC_RELAXED) ? Status::outOfMemory : Status::ok;
  }

  void finish(int o, int64_t index, Gathered<T> value) const {
    const FusedOutput& target = a.output[o];
    const T result = static_cast<T>(value);
    withType(target.dtype, [&](auto e) {
      using S = typename decltype(e)::Type;
      static_cast<S*>(target.data)[index] = fromNumber<S>(static_cast<double>(result));
    });
  }

  Status elementwise() {
    // Tiles hold whole rows of the shortest repeated axis, or cut a long one evenly.
    const int64_t row = plan.period > longestTile ? plan.period : 0;
    int64_t tileLength = longestTile;
    if (plan.period > 0 && plan.period <= longestTile) tileLength -= longestTile % plan.period;
    int64_t pieces = 1;
    if (row > 0) {
      pieces = ceilDivide(row, longestTile);
      tileLength = (ceilDivide(row, pieces) + 31) & ~int64_t(31);
      pieces = ceilDivide(row, tileLength);
    }
    const int64_t tiles = row > 0 ? a.size / row * pieces : ceilDivide(a.size, tileLength);
    const int64_t perTask = most(1, elementsPerTask() / tileLength);
    return tasks(ceilDivide(tiles, perTask), [&](int64_t index, int, FusedTile<T>& tile) {
      const int64_t end = least(tiles, (index + 1) * perTask);
      for (int64_t t = index * perTask; t < end; t++) {
        if (row > 0) {
          const int64_t r = t / pieces, column = (t - r * pieces) * tileLength;
          tile.evaluate(r * row + column, least(tileLength, row - column));
        } else {
          const int64_t start = t * tileLength;
          tile.evaluate(start, least(tileLength, a.size - start));
        }
      }
    });
  }

  void reduceTile(const FusedTile<T>& tile, int64_t offset, int64_t count, Gathered<T>* into,
                  bool fresh) const {
    for (int o = 0, k = 0; o < plan.outputs; o++) {
      const ReduceKind kind = plan.output[o].reduce;
      if (kind == ReduceKind::none) continue;
      const Operand<T> x = tile.operand(plan.output[o].operand);
      const Gathered<T> value =
          reduceRow<T>(kind, x.data + (x.step == 0 ? 0 : offset), x.step, count);
      into[k] = fresh ? value : combine<Gathered<T>>(kind, into[k], value);
      k++;
    }
  }

  void finishAll(const Gathered<T>* values, int64_t index) const {
    for (int o = 0, k = 0; o < plan.outputs; o++)
      if (plan.output[o].reduce != ReduceKind::none) finish(o, index, values[k++]);
  }

  /// Reduction along the last axis, rows no longer than a tile: several rows a tile.
  Status shortRows() {
    const int64_t rowsPerTile = longestTile / a.reduced;
    const int64_t rowsPerTask = rowsPerTile * most(1, elementsPerTask() / (rowsPerTile * a.reduced));
    return tasks(ceilDivide(a.outer, rowsPerTask), [&](int64_t index, int worker, FusedTile<T>& tile) {
      auto* const value = static_cast<Gathered<T>*>(
          scratch(runtime, worker, 1, sizeof(Gathered<T>) * plan.reducing));
      if (value == nullptr) return __atomic_store_n(&outOfMemory, true, __ATOMIC_RELAXED);
      const int64_t end = least(a.outer, (index + 1) * rowsPerTask);
      for (int64_t r = index * rowsPerTask; r < end; r += rowsPerTile) {
        const int64_t rows = least(rowsPerTile, end - r);
        tile.evaluate(r * a.reduced, rows * a.reduced);
        for (int64_t k = 0; k < rows; k++) {
          reduceTile(tile, k * a.reduced, a.reduced, value, true);
          finishAll(value, r + k);
        }
      }
    });
  }

  /// Reduction along the last axis, long rows: cut into chunks of tiles, chunks added in order.
  Status longRows() {
    const int64_t tileLength =
        plan.period > 0 && plan.period <= longestTile ? longestTile - longestTile % plan.period : longestTile;
    const int64_t perTask = elementsPerTask();
    const int64_t chunkLength = most(1, perTask / tileLength) * tileLength;
    const int64_t chunks = ceilDivide(a.reduced, chunkLength);
    const int64_t rowsPerTask = chunks > 1 ? 1 : most(1, perTask / a.reduced);
    auto* const partial = static_cast<Gathered<T>*>(
        scratch(runtime, 0, 2, sizeof(Gathered<T>) * a.outer * chunks * plan.reducing));
    if (partial == nullptr) return Status::outOfMemory;
    const Status status =
        tasks(ceilDivide(a.outer, rowsPerTask) * chunks, [&](int64_t index, int, FusedTile<T>& tile) {
          const int64_t group = index / chunks, chunk = index - group * chunks;
          const int64_t end = least(a.outer, (group + 1) * rowsPerTask);
          for (int64_t row = group * rowsPerTask; row < end; row++) {
            Gathered<T>* const into = partial + (row * chunks + chunk) * plan.reducing;
            const int64_t stop = least(a.reduced, (chunk + 1) * chunkLength);
            for (int64_t at = chunk * chunkLength; at < stop; at += tileLength) {
              const int64_t count = least(tileLength, stop - at);
              tile.evaluate(row * a.reduced + at, count);
              reduceTile(tile, 0, count, into, at == chunk * chunkLength);
            }
          }
        });
    if (status != Status::ok) return status;
    for (int64_t row = 0; row < a.outer; row++)
      for (int o = 0, k = 0; o < plan.outputs; o++) {
        const ReduceKind kind = plan.output[o].reduce;
        if (kind == ReduceKind::none) continue;
        finish(o, row, sumOfChunks(kind, partial + row * chunks * plan.reducing + k, plan.reducing, chunks));
        k++;
      }
    return Status::ok;
  }

  /// Middle axes of small blocks: several blocks a tile.
  Status smallBlocks() {
    const int64_t block = a.reduced * a.inner;
    const int64_t perTile = longestTile / block;
    const int64_t perTask = perTile * most(1, elementsPerTask() / (perTile * block));
    return tasks(ceilDivide(a.outer, perTask), [&](int64_t index, int, FusedTile<T>& tile) {
      Gathered<T> total[longestTile];
      const int64_t end = least(a.outer, (index + 1) * perTask);
      for (int64_t start = index * perTask; start < end; start += perTile) {
        const int64_t blocks = least(perTile, end - start);
        tile.evaluate(start * block, blocks * block);
        for (int o = 0; o < plan.outputs; o++) {
          const ReduceKind kind = plan.output[o].reduce;
          if (kind == ReduceKind::none) continue;
          const Operand<T> x = tile.operand(plan.output[o].operand);
          for (int64_t k = 0; k < blocks; k++) {
            if (x.step == 0) {
              // One number repeated: as a column, it reduces to the same for every element.
              foldRows<0>(kind, x.data, a.reduced, 1, total);
              for (int64_t i = 1; i < a.inner; i++) total[i] = total[0];
            } else {
              foldRows<1>(kind, x.data + k * block, a.reduced, a.inner, total);
            }
            for (int64_t i = 0; i < a.inner; i++) finish(o, (start + k) * a.inner + i, total[i]);
          }
        }
      }
    });
  }

  /// Partial results in pairs, so that the error grows with the logarithm of their number.
  static Gathered<T> sumOfChunks(ReduceKind kind, const Gathered<T>* p, int64_t stride, int64_t count) {
    if (count <= 8) {
      Gathered<T> sum = p[0];
      for (int64_t i = 1; i < count; i++) sum = combine<Gathered<T>>(kind, sum, p[i * stride]);
      return sum;
    }
    const int64_t half = count / 2;
    return combine<Gathered<T>>(kind, sumOfChunks(kind, p, stride, half),
                                sumOfChunks(kind, p + half * stride, stride, count - half));
  }

  /// Reduction of a leading or middle axis: tiles are added up whole, then by rows.
  Status columns() {
    int64_t piece = a.inner, pieces = 1, rowsPerTile = 1;
    if (a.inner > longestTile) {
      piece = (ceilDivide(a.inner, ceilDivide(a.inner, longestTile)) + 31) & ~int64_t(31);
      pieces = ceilDivide(a.inner, piece);
    } else {
      rowsPerTile = least(longestTile / a.inner, a.reduced);
    }
    int64_t rowsPerChunk = ceilDivide(most(elementsPerTask() / piece, 1), rowsPerTile) * rowsPerTile;
    rowsPerChunk = most(rowsPerChunk, ceilDivide(ceilDivide(a.reduced, mostChunks), rowsPerTile) * rowsPerTile);
    const int64_t chunks = ceilDivide(a.reduced, rowsPerChunk);
    const int64_t outputLength = a.outer * a.inner;
    Gathered<T>* partial = nullptr;
    if (chunks > 1) {
      partial = static_cast<Gathered<T>*>(
          scratch(runtime, 0, 2, sizeof(Gathered<T>) * outputLength * chunks * plan.reducing));
      if (partial == nullptr) return Status::outOfMemory;
    }
    const int64_t tileLength = rowsPerTile * piece;
    const int64_t units = a.outer * pieces * chunks;
    const int64_t unitsPerTask = most(1, elementsPerTask() / (least(rowsPerChunk, a.reduced) * piece));
    const Status status = tasks(ceilDivide(units, unitsPerTask), [&](int64_t index, int worker, FusedTile<T>& tile) {
      const int64_t last = least(units, (index + 1) * unitsPerTask);
      for (int64_t unit = index * unitsPerTask; unit < last; unit++) {
        const int64_t chunk = unit % chunks, rest = unit / chunks;
        const int64_t pieceStart = rest % pieces * piece, outer = rest / pieces;
        const int64_t pieceLength = least(piece, a.inner - pieceStart);
        const size_t totalBytes = (sizeof(Gathered<T>) * piece * plan.reducing + 63) & ~size_t(63);
        char* const memory = static_cast<char*>(
            scratch(runtime, worker, 1, totalBytes + sizeof(T) * tileLength * plan.reducing));
        if (memory == nullptr) return __atomic_store_n(&outOfMemory, true, __ATOMIC_RELAXED);
        auto* const total = reinterpret_cast<Gathered<T>*>(memory);
        T* const block = reinterpret_cast<T*>(memory + totalBytes);
        const int64_t stop = least(a.reduced, (chunk + 1) * rowsPerChunk);
        int inBlock = 0;
        bool first = true;
        for (int64_t r = chunk * rowsPerChunk; r < stop; r += rowsPerTile) {
          const int64_t rows = least(rowsPerTile, stop - r);
          const int64_t count = rowsPerTile == 1 ? pieceLength : rows * a.inner;
          tile.evaluate((outer * a.reduced + r) * a.inner + pieceStart, count);
          addTile(tile, block, tileLength, rowsPerTile == 1 ? pieceLength : rowsPerTile * a.inner, count, inBlock);
          inBlock++;
          if (inBlock == tilesPerFlush || r + rowsPerTile >= stop) {
            flush(block, tileLength, rowsPerTile, pieceLength, total, piece, first);
            first = false;
            inBlock = 0;
          }
        }
        for (int o = 0, k = 0; o < plan.outputs; o++) {
          if (plan.output[o].reduce == ReduceKind::none) continue;
          const Gathered<T>* const from = total + k * piece;
          const int64_t at = outer * a.inner + pieceStart;
          if (chunks == 1)
            for (int64_t i = 0; i < pieceLength; i++) finish(o, at + i, from[i]);
          else
            memcpy(partial + (k * chunks + chunk) * outputLength + at, from, sizeof(Gathered<T>) * pieceLength);
          k++;
        }
      }
    });
    if (status != Status::ok || chunks == 1) return status;
    for (int o = 0, k = 0; o < plan.outputs; o++) {
      const ReduceKind kind = plan.output[o].reduce;
      if (kind == ReduceKind::none) continue;
      for (int64_t i = 0; i < outputLength; i++)
        finish(o, i, sumOfChunks(kind, partial + k * chunks * outputLength + i, outputLength, chunks));
      k++;
    }
    return Status::ok;
  }

  /// `full`: elements of a whole tile; those beyond `count` get the identity.
  void addTile(const FusedTile<T>& tile, T* block, int64_t stride, int64_t full, int64_t count,
               int inBlock) const {
    for (int o = 0, k = 0; o < plan.outputs; o++) {
      const ReduceKind kind = plan.output[o].reduce;
      if (kind == ReduceKind::none) continue;
      const Operand<T> x = tile.operand(plan.output[o].operand);
      T* const into = block + k * stride;
      if (inBlock == 0) {
        plan.copy(into, x.data, x.step, x.data, 0, x.data, 0, count);
        const T identity = identityOf<T>(kind);
        for (int64_t i = count; i < full; i++) into[i] = identity;
      } else {
        combineRows<T>(kind)(into, into, lanes<T>, x.data, x.step, x.data, 0, count);
      }
      k++;
    }
  }

  /// Adds rows up, into fresh sums or old ones. `step` 0: every row is the same one.
  template <int step>
  static void foldRows(ReduceKind kind, const T* from, int64_t rows, int64_t length, Gathered<T>* into,
                       bool fresh = true) {
    switch (kind) {
      case ReduceKind::max:
        return foldRowsOf<ReduceKind::max, step>(from, rows, length, into, fresh);
      case ReduceKind::min:
        return foldRowsOf<ReduceKind::min, step>(from, rows, length, into, fresh);
      case ReduceKind::prod:
        return foldRowsOf<ReduceKind::prod, step>(from, rows, length, into, fresh);
      default:
        return foldRowsOf<ReduceKind::sum, step>(from, rows, length, into, fresh);
    }
  }

  template <ReduceKind kind, int step>
  static void foldRowsOf(const T* from, int64_t rows, int64_t length, Gathered<T>* into, bool fresh) {
    if (fresh)
      for (int64_t i = 0; i < length; i++) into[i] = static_cast<Gathered<T>>(from[i]);
    for (int64_t r = fresh ? 1 : 0; r < rows; r++)
      for (int64_t i = 0; i < length; i++)
        into[i] = combine<Gathered<T>>(kind, into[i], static_cast<Gathered<T>>(from[step * r * length + i]));
  }

  void flush(const T* block, int64_t blockStride, int64_t rows, int64_t length, Gathered<T>* total,
             int64_t totalStride, bool first) const {
    for (int o = 0, k = 0; o < plan.outputs; o++) {
      const ReduceKind kind = plan.output[o].reduce;
      if (kind == ReduceKind::none) continue;
      const T* const from = block + k * blockStride;
      Gathered<T>* const into = total + k * totalStride;
      foldRows<1>(kind, from, rows, length, into, first);
      k++;
    }
  }

  Status reduction() {
    if (a.size == 0) {
      for (int o = 0; o < plan.outputs; o++) {
        if (plan.output[o].reduce == ReduceKind::none) continue;
        const auto value = identityOf<double>(plan.output[o].reduce);
        for (int64_t i = 0; i < a.outer * a.inner; i++)
          withType(plan.output[o].dtype, [&](auto e) {
            using S = typename decltype(e)::Type;
            static_cast<S*>(a.output[o].data)[i] = fromNumber<S>(value);
          });
      }
      return Status::ok;
    }
    if (a.inner > 1 && a.outer > 1 && a.reduced * a.inner <= longestTile / 2) return smallBlocks();
    if (a.inner > 1) return columns();
    return a.reduced <= longestTile / 2 ? shortRows() : longRows();
  }
};

template <typename T>
Status runFused(Runtime& runtime, const FusedArguments& a) {
  if (a.plan.data == nullptr) {
    Status status;
    a.plan.data = makeFusedPlan<T>(a, status);
    if (a.plan.data == nullptr) return status;
    a.plan.release = releaseFusedPlan<T>;
  }
  const FusedPlan<T>& plan = *static_cast<const FusedPlan<T>*>(a.plan.data);
  // An output over an input's memory may be written early only where the input is not read again.
  constexpr int fewOutputs = 32;
  bool few[fewOutputs];
  bool* direct = few;
  if (plan.outputs > fewOutputs) {
    direct = static_cast<bool*>(scratch(runtime, 0, 3, plan.outputs));
    if (direct == nullptr) return Status::outOfMemory;
  }
  for (int o = 0; o < plan.outputs; o++) {
    direct[o] = plan.output[o].line >= 0;
    if (!direct[o]) continue;
    for (int i = 0; i < plan.inputs; i++)
      if (a.input[i].data == a.output[o].data && plan.input[i].lastRead > plan.output[o].line)
        direct[o] = false;
  }
  Run<T> run{runtime, a, plan, direct};
  if (plan.reducing > 0) return run.reduction();
  return a.size == 0 ? Status::ok : run.elementwise();
}

}  // namespace

Status run(Runtime& runtime, const FusedArguments& arguments) {
  switch (arguments.computeType) {
    case DType::float32:
      return runFused<float>(runtime, arguments);
    case DType::float64:
      return runFused<double>(runtime, arguments);
    case DType::int32:
      return runFused<int32_t>(runtime, arguments);
    default:
      return Status::badProgram;
  }
}

}  // namespace athanor

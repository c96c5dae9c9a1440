// Strided copy. Axes are merged where both sides allow it; what is left is a plane of rows and
// columns inside a loop over the other axes. A plane that transposes is walked in small tiles.
#include <cstring>

#include "instructions.h"
#include "ranges.h"

namespace athanor {

namespace {

struct Axis {
  int64_t size;
  int64_t from;
  int64_t to;
};

constexpr int64_t tile = 16;

template <typename T>
void copyRow(const T* source, int64_t from, T* target, int64_t to, int64_t count) {
  if (to == 1 && from == 1) {
    memmove(target, source, static_cast<size_t>(count) * sizeof(T));
  } else if (to == 1 && from == 0) {
    const T value = *source;
    for (int64_t i = 0; i < count; i++) target[i] = value;
  } else if (to == 1 && from == -1) {
    for (int64_t i = 0; i < count; i++) target[i] = source[-i];
  } else if (to == 1) {
    for (int64_t i = 0; i < count; i++) target[i] = source[i * from];
  } else {
    for (int64_t i = 0; i < count; i++) target[i * to] = source[i * from];
  }
}

template <typename T>
void copyPlane(const T* source, T* target, const Axis& rows, const Axis& columns, bool transposes) {
  if (!transposes) {
    for (int64_t r = 0; r < rows.size; r++)
      copyRow(source + r * rows.from, columns.from, target + r * rows.to, columns.to, columns.size);
    return;
  }
  for (int64_t r = 0; r < rows.size; r += tile) {
    const int64_t height = rows.size - r < tile ? rows.size - r : tile;
    for (int64_t c = 0; c < columns.size; c += tile) {
      const int64_t width = columns.size - c < tile ? columns.size - c : tile;
      const T* from = source + r * rows.from + c * columns.from;
      T* to = target + r * rows.to + c * columns.to;
      for (int64_t i = 0; i < height; i++)
        copyRow(from + i * rows.from, columns.from, to + i * rows.to, columns.to, width);
    }
  }
}

int mergeAxes(const CopyArguments& a, Axis* axes) {
  int rank = 0;
  for (int32_t i = 0; i < a.rank; i++) {
    if (a.shape[i] == 1) continue;
    const Axis axis{a.shape[i], a.sourceStrides[i], a.targetStrides[i]};
    if (rank > 0) {
      Axis& last = axes[rank - 1];
      if (last.from == axis.from * axis.size && last.to == axis.to * axis.size) {
        last = {last.size * axis.size, axis.from, axis.to};
        continue;
      }
    }
    axes[rank++] = axis;
  }
  while (rank < 2) {  // always a plane; new axes go in front
    for (int i = rank; i > 0; i--) axes[i] = axes[i - 1];
    axes[0] = {1, 0, 0};
    rank++;
  }
  return rank;
}

template <typename T>
void copyStrided(Runtime& runtime, const CopyArguments& a) {
  Axis axes[maxRank + 2];
  const int rank = mergeAxes(a, axes);
  // Rows: the axis along which the source is contiguous, if the columns are not.
  if (axes[rank - 1].from != 1) {
    for (int i = 0; i < rank - 2; i++) {
      if (axes[i].from != 1) continue;
      const Axis swapped = axes[i];
      axes[i] = axes[rank - 2];
      axes[rank - 2] = swapped;
      break;
    }
  }
  const Axis rows = axes[rank - 2];
  const Axis columns = axes[rank - 1];
  const bool transposes = columns.from != 1 && rows.from == 1 && rows.size > 1;
  int64_t outer = 1;
  for (int i = 0; i < rank - 2; i++) outer *= axes[i].size;

  const T* source = static_cast<const T*>(a.source) + a.sourceOffset;
  T* target = static_cast<T*>(a.target) + a.targetOffset;
  auto plane = [&](int64_t index, const Axis& r, const Axis& c, int64_t row, int64_t column) {
    int64_t from = row * r.from + column * c.from;
    int64_t to = row * r.to + column * c.to;
    for (int i = rank - 3; i >= 0; i--) {
      const int64_t k = index % axes[i].size;
      index /= axes[i].size;
      from += k * axes[i].from;
      to += k * axes[i].to;
    }
    copyPlane(source + from, target + to, r, c, transposes);
  };

  const int64_t planeSize = rows.size * columns.size;
  if (planeSize <= elementsPerTask) {
    parallelRanges(runtime, outer, rowsPerTask(planeSize), [&](int64_t begin, int64_t end, int) {
      for (int64_t i = begin; i < end; i++) plane(i, rows, columns, 0, 0);
    });
    return;
  }
  const int64_t width = columns.size < elementsPerTask ? columns.size : elementsPerTask;
  const int64_t across = (columns.size + width - 1) / width;
  int64_t height = (elementsPerTask / width + tile - 1) / tile * tile;
  if (height > rows.size) height = rows.size;
  const int64_t down = (rows.size + height - 1) / height;
  auto task = [&](int64_t index, int) {
    const int64_t column = index % across * width;
    const int64_t row = index / across % down * height;
    Axis r = rows;
    Axis c = columns;
    if (r.size - row < height) r.size -= row; else r.size = height;
    if (c.size - column < width) c.size -= column; else c.size = width;
    plane(index / (across * down), r, c, row, column);
  };
  parallel(runtime, outer * down * across, task);
}

}  // namespace

Status run(Runtime& runtime, const CopyArguments& a) {
  for (int32_t i = 0; i < a.rank; i++)
    if (a.shape[i] == 0) return Status::ok;
  switch (byteWidth(a.dtype)) {
    case 1:
      copyStrided<uint8_t>(runtime, a);
      break;
    case 8:
      copyStrided<uint64_t>(runtime, a);
      break;
    default:
      copyStrided<uint32_t>(runtime, a);
  }
  return Status::ok;
}

}  // namespace athanor

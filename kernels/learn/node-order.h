// The rows of a node in the order of a feature, without sorting them: their places in the sorted column
// are marked in a bit set, which is read from its low end; a few rows are ranked by counting.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "vector.h"

namespace athanor {

/// A column of a block of at most 65,536 rows, as `SortedColumn` but with rows, places and levels of
/// the block.
struct BlockColumn {
  const uint16_t* orders;
  const uint16_t* places;
  const uint16_t* levels;
  int64_t rows;
  int64_t present;

  uint32_t order(uint32_t place) const { return orders[place]; }
  uint32_t place(uint32_t row) const { return places[row]; }
  uint32_t level(uint32_t place) const { return levels[place]; }
};

/// Rows in order, and where another value begins.
struct NodeOrder {
  explicit NodeOrder(int64_t mostRows)
      : rows_(new uint32_t[static_cast<size_t>(mostRows) + 64]),
        ends_(new uint8_t[static_cast<size_t>(mostRows) + 64]),
        marks_(static_cast<size_t>(mostRows) / 64 + 2),
        marked_(marks_.size() / 64 + 1) {}

  uint32_t* rows() { return rows_.get(); }
  const uint32_t* rows() const { return rows_.get(); }
  /// 1 where the next row has another value, or is the first without one.
  uint8_t* ends() { return ends_.get() + 1; }
  const uint8_t* ends() const { return ends_.get() + 1; }
  uint64_t* marks() { return marks_.data(); }
  uint64_t* marked() { return marked_.data(); }

  int64_t count = 0;
  /// Rows that have a value; the others come after them.
  int64_t present = 0;
  /// Whether all rows have the same value, or none.
  bool constant = false;

 private:
  std::unique_ptr<uint32_t[]> rows_;
  std::unique_ptr<uint8_t[]> ends_;
  std::vector<uint64_t> marks_;
  std::vector<uint64_t> marked_;
};

/// So few rows are ranked by comparing each with each.
constexpr int64_t rankedRows = 64;

/// Ranks distinct keys: rank[i] = how many are smaller. Both have room for whole registers.
template <typename K>
inline void rankKeys(const K* keys, K* ranks, int64_t count) {
  typedef K Lanes __attribute__((vector_size(ATHANOR_VECTOR_BYTES)));
  constexpr int64_t width = ATHANOR_VECTOR_BYTES / static_cast<int64_t>(sizeof(K));
  for (int64_t i = 0; i < count; i += width) {
    Lanes mine, rank{};
    memcpy(&mine, keys + i, sizeof(mine));
    for (int64_t j = 0; j < count; j++) {
      const Lanes other = keys[j] - Lanes{};
      rank -= reinterpret_cast<Lanes>(mine > other);
    }
    memcpy(ranks + i, &rank, sizeof(rank));
  }
}

template <typename K, typename Column>
inline void orderFew(const Column& column, const uint32_t* rows, int64_t count, NodeOrder& out) {
  alignas(64) K keys[rankedRows + 64];
  alignas(64) K ranks[rankedRows + 64];
  int64_t present = 0;
  for (int64_t i = 0; i < count; i++) {
    keys[i] = static_cast<K>(column.place(rows[i]));
    present += static_cast<int64_t>(keys[i]) < column.present;
  }
  rankKeys(keys, ranks, count);
  uint32_t levels[rankedRows];
  uint32_t* const to = out.rows();
  for (int64_t i = 0; i < count; i++) {
    to[ranks[i]] = rows[i];
    levels[ranks[i]] = column.level(keys[i]);
  }
  uint8_t* const ends = out.ends();
  for (int64_t i = 0; i + 1 < count; i++) ends[i] = levels[i] != levels[i + 1];
  out.present = present;
  out.constant = levels[0] == levels[count - 1];
}

template <typename Column>
inline void orderMany(const Column& column, const uint32_t* rows, int64_t count, NodeOrder& out) {
  uint64_t* const marks = out.marks();
  int64_t present = 0;
  const uint32_t valued = static_cast<uint32_t>(column.present);
  const int64_t words = (column.rows + 63) / 64;
  uint32_t* const to = out.rows();
  uint8_t* const ends = out.ends();
  int64_t n = 0;
  uint32_t level = 0;
  const auto readWord = [&](int64_t w) {
    uint64_t left = marks[w];
    marks[w] = 0;
    const uint32_t first = static_cast<uint32_t>(w) << 6;
    while (left != 0) {
      const uint32_t place = first | static_cast<uint32_t>(__builtin_ctzll(left));
      left &= left - 1;
      const uint32_t here = column.level(place);
      ends[n - 1] = here != level;
      level = here;
      to[n++] = column.order(place);
    }
  };
  if (count * 4 >= words) {
    for (int64_t i = 0; i < count; i++) {
      const uint32_t place = column.place(rows[i]);
      marks[place >> 6] |= uint64_t(1) << (place & 63);
      present += place < valued;
    }
    for (int64_t w = 0; w < words; w++) readWord(w);
  } else {
    uint64_t* const marked = out.marked();
    for (int64_t i = 0; i < count; i++) {
      const uint32_t place = column.place(rows[i]);
      marks[place >> 6] |= uint64_t(1) << (place & 63);
      marked[place >> 12] |= uint64_t(1) << ((place >> 6) & 63);
      present += place < valued;
    }
    for (int64_t v = 0; v < (words + 63) / 64; v++) {
      uint64_t left = marked[v];
      marked[v] = 0;
      for (; left != 0; left &= left - 1) readWord((v << 6) | __builtin_ctzll(left));
    }
  }
  out.present = present;
  out.constant = column.level(column.place(to[0])) == level;
}

/// Fills `out` with the rows in the order of the column; equal values in that of their places.
template <typename Column>
inline void orderRows(const Column& column, const uint32_t* rows, int64_t count, NodeOrder& out) {
  out.count = count;
  if (count > rankedRows)
    orderMany(column, rows, count, out);
  else if (sizeof(*column.places) == 2)
    orderFew<uint16_t>(column, rows, count, out);
  else
    orderFew<uint32_t>(column, rows, count, out);
}

}  // namespace athanor

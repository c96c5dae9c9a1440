// Columns sorted by their digits: 32 bits in three passes, then what those leave undecided.
#include "learn/sorted-columns.h"

#include <algorithm>

#include "learn/radix-sort.h"

namespace athanor {

namespace {

uint32_t keyOf(float x) { return sortableBits(x); }
/// The upper half of a key; the lower half matters only among equals.
uint32_t keyOf(double x) { return static_cast<uint32_t>(sortableBits(x) >> 32); }

/// Sorts by the upper 32 bits, in three passes over digits of 11 bits; equal ones stay in order.
void sortByKey(std::vector<uint64_t>& items, std::vector<uint64_t>& room) {
  constexpr int digits = 1 << 11;
  std::vector<uint32_t> counts(3 * digits);
  for (const uint64_t item : items)
    for (int pass = 0; pass < 3; pass++)
      counts[static_cast<size_t>(pass * digits) + ((item >> (32 + 11 * pass)) & (digits - 1))]++;
  for (int pass = 0; pass < 3; pass++) {
    uint32_t* const at = counts.data() + pass * digits;
    const int shift = 32 + 11 * pass;
    if (at[(items[0] >> shift) & (digits - 1)] == items.size()) continue;
    uint32_t total = 0;
    for (int d = 0; d < digits; d++) {
      const uint32_t here = at[d];
      at[d] = total;
      total += here;
    }
    for (const uint64_t item : items) room[at[(item >> shift) & (digits - 1)]++] = item;
    items.swap(room);
  }
}

template <typename T>
void sortColumn(const T* x, int64_t rows, int32_t width, int32_t feature, uint32_t* orders,
                uint32_t* places, uint64_t* fresh, uint32_t* freshBefore, int64_t& present, uint8_t& distinct) {
  std::vector<T> column(static_cast<size_t>(rows));
  for (int64_t row = 0; row < rows; row++) column[static_cast<size_t>(row)] = x[row * width + feature];
  const auto value = [&](uint32_t row) { return column[row]; };
  std::vector<uint64_t> items;
  items.reserve(static_cast<size_t>(rows));
  for (int64_t row = 0; row < rows; row++) {
    const T v = value(static_cast<uint32_t>(row));
    if (v == v) items.push_back((static_cast<uint64_t>(keyOf(v + T(0))) << 32) | static_cast<uint64_t>(row));
  }
  present = static_cast<int64_t>(items.size());
  if (present > 0) {
    std::vector<uint64_t> room(items.size());
    sortByKey(items, room);
  }
  for (int64_t p = 0; p < present; p++) orders[p] = static_cast<uint32_t>(items[static_cast<size_t>(p)]);
  if (sizeof(T) == 8) {
    const auto less = [&](uint32_t a, uint32_t b) {
      const T va = value(a);
      const T vb = value(b);
      return va != vb ? va < vb : a < b;
    };
    for (int64_t begin = 0; begin < present;) {
      const uint64_t key = items[static_cast<size_t>(begin)] >> 32;
      int64_t end = begin + 1;
      while (end < present && items[static_cast<size_t>(end)] >> 32 == key) end++;
      if (!std::is_sorted(orders + begin, orders + end, less)) std::sort(orders + begin, orders + end, less);
      begin = end;
    }
  }
  int64_t place = present;
  if (present < rows)
    for (int64_t row = 0; row < rows; row++) {
      const T v = value(static_cast<uint32_t>(row));
      if (v != v) orders[place++] = static_cast<uint32_t>(row);
    }
  const int64_t words = (rows + 63) / 64;
  for (int64_t w = 0; w < words; w++) fresh[w] = 0;
  T before = T(0);
  for (int64_t p = 0; p < rows; p++) {
    places[orders[p]] = static_cast<uint32_t>(p);
    if (p < present) {
      const T v = value(orders[p]);
      if (p > 0 && v != before) fresh[p >> 6] |= uint64_t(1) << (p & 63);
      before = v;
    } else if (p == present && p > 0) {
      fresh[p >> 6] |= uint64_t(1) << (p & 63);
    }
  }
  uint32_t total = 0;
  for (int64_t w = 0; w < words; w++) {
    freshBefore[w] = total;
    total += static_cast<uint32_t>(__builtin_popcountll(fresh[w]));
  }
  distinct = total + 1 == rows;
}

}  // namespace

SortedColumns::SortedColumns(const FeatureTable& table)
    : table_(table),
      rows_(static_cast<size_t>(table.rows)),
      words_((rows_ + 63) / 64),
      orders_(new uint32_t[rows_ * static_cast<size_t>(table.width)]),
      places_(new uint32_t[rows_ * static_cast<size_t>(table.width)]),
      freshBefore_(new uint32_t[words_ * static_cast<size_t>(table.width)]),
      byRow_(new uint32_t[rows_ * static_cast<size_t>(table.width)]),
      fresh_(new uint64_t[words_ * static_cast<size_t>(table.width)]),
      present_(static_cast<size_t>(table.width)),
      distinct_(static_cast<size_t>(table.width)) {}

void SortedColumns::sort(int32_t feature) {
  const size_t f = static_cast<size_t>(feature);
  uint32_t* const orders = orders_.get() + f * rows_;
  uint32_t* const places = places_.get() + f * rows_;
  uint64_t* const fresh = fresh_.get() + f * words_;
  uint32_t* const before = freshBefore_.get() + f * words_;
  if (table_.narrow != nullptr)
    sortColumn(table_.narrow, table_.rows, table_.width, feature, orders, places, fresh, before, present_[f], distinct_[f]);
  else
    sortColumn(table_.wide, table_.rows, table_.width, feature, orders, places, fresh, before, present_[f], distinct_[f]);
}

void SortedColumns::fillRows(int64_t begin, int64_t end) {
  const size_t width = static_cast<size_t>(table_.width);
  for (size_t f = 0; f < width; f++)
    for (size_t row = static_cast<size_t>(begin); row < static_cast<size_t>(end); row++)
      byRow_[row * width + f] = places_[f * rows_ + row];
}

PlainColumns::PlainColumns(const FeatureTable& table)
    : table_(table), rows_(static_cast<size_t>(table.rows)) {
  const size_t cells = rows_ * static_cast<size_t>(table.width);
  if (table.narrow != nullptr)
    narrow_.reset(new float[cells]);
  else
    wide_.reset(new double[cells]);
}

void PlainColumns::fill(int64_t begin, int64_t end) {
  const int64_t width = table_.width;
  for (int64_t f = 0; f < width; f++)
    for (int64_t row = begin; row < end; row++) {
      const size_t to = static_cast<size_t>(f) * rows_ + static_cast<size_t>(row);
      if (narrow_ != nullptr)
        narrow_[to] = table_.narrow[row * width + f];
      else
        wide_[to] = table_.wide[row * width + f];
    }
}

}  // namespace athanor

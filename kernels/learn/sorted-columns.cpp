// Columns sorted by their digits: 32 bits in three passes, then what those leave undecided.
#include "learn/sorted-columns.h"

#include <algorithm>

#include "learn/radix-sort.h"

namespace athanor {

namespace {

uint32_t keyOf(float x) { return sortableBits(x); }
/// The upper half of a key; the lower half matters only among equals.
uint32_t keyOf(double x) { return static_cast<uint32_t>(sortableBits(x) >> 32); }

constexpr int passes = 3;
constexpr int digitBits = 11;
constexpr int digits = 1 << digitBits;

/// Sorts by one digit of the upper 32 bits; equal ones stay in order.
void sortByDigit(ColumnSort& sort, int pass) {
  uint32_t* const at = sort.counts.data() + pass * digits;
  const int shift = 32 + digitBits * pass;
  if (sort.items.empty() || at[(sort.items[0] >> shift) & (digits - 1)] == sort.items.size()) return;
  uint32_t total = 0;
  for (int d = 0; d < digits; d++) {
    const uint32_t here = at[d];
    at[d] = total;
    total += here;
  }
  sort.room.resize(sort.items.size());
  for (const uint64_t item : sort.items) sort.room[at[(item >> shift) & (digits - 1)]++] = item;
  sort.items.swap(sort.room);
}

}  // namespace

SortedColumns::SortedColumns(const FeatureTable& table)
    : table_(table),
      rows_(static_cast<size_t>(table.rows)),
      words_((rows_ + 63) / 64),
      orders_(table.rows * table.width),
      places_(table.rows * table.width),
      freshBefore_(static_cast<int64_t>(words_) * table.width),
      byRow_(table.rows * table.width),
      fresh_(static_cast<int64_t>(words_) * table.width),
      present_(static_cast<size_t>(table.width)),
      distinct_(static_cast<size_t>(table.width)) {}

bool SortedColumns::advance(ColumnSort& sort) {
  const bool isNarrow = table_.narrow != nullptr;
  const int stage = sort.stage++;
  if (stage == 0)
    isNarrow ? collect(sort, table_.narrow, sort.narrow) : collect(sort, table_.wide, sort.wide);
  else if (stage <= passes)
    sortByDigit(sort, stage - 1);
  else if (stage == passes + 1)
    isNarrow ? order(sort, sort.narrow) : order(sort, sort.wide);
  else
    isNarrow ? place(sort, sort.narrow) : place(sort, sort.wide);
  return stage < passes + 2;
}

/// Takes the column out of the table, and the keys of what is not missing.
template <typename T>
void SortedColumns::collect(ColumnSort& sort, const T* x, std::vector<T>& column) {
  column.resize(rows_);
  sort.items.clear();
  sort.items.reserve(rows_);
  sort.counts.assign(passes * digits, 0);
  const size_t width = static_cast<size_t>(table_.width);
  const T* from = x + sort.feature;
  for (size_t row = 0; row < rows_; row++, from += width) {
    const T v = column[row] = *from;
    if (v != v) continue;
    const uint64_t item = static_cast<uint64_t>(keyOf(v + T(0))) << 32 | row;
    for (int pass = 0; pass < passes; pass++)
      sort.counts[static_cast<size_t>(pass * digits) + ((item >> (32 + digitBits * pass)) & (digits - 1))]++;
    sort.items.push_back(item);
  }
  present_[static_cast<size_t>(sort.feature)] = static_cast<int64_t>(sort.items.size());
}

/// Writes the order down: what has the same key is told apart, missing values come last.
template <typename T>
void SortedColumns::order(ColumnSort& sort, const std::vector<T>& column) {
  uint32_t* const orders = orders_.data() + static_cast<size_t>(sort.feature) * rows_;
  const size_t present = sort.items.size();
  for (size_t p = 0; p < present; p++) orders[p] = static_cast<uint32_t>(sort.items[p]);
  if (sizeof(T) == 8) {
    const auto less = [&](uint32_t a, uint32_t b) { return column[a] != column[b] ? column[a] < column[b] : a < b; };
    for (size_t begin = 0; begin < present;) {
      size_t end = begin + 1;
      while (end < present && sort.items[end] >> 32 == sort.items[begin] >> 32) end++;
      if (!std::is_sorted(orders + begin, orders + end, less)) std::sort(orders + begin, orders + end, less);
      begin = end;
    }
  }
  size_t next = present;
  for (size_t row = 0; next < rows_; row++)
    if (column[row] != column[row]) orders[next++] = static_cast<uint32_t>(row);
}

/// Places by row, and where another value begins.
template <typename T>
void SortedColumns::place(const ColumnSort& sort, const std::vector<T>& column) {
  const size_t f = static_cast<size_t>(sort.feature);
  const uint32_t* const orders = orders_.data() + f * rows_;
  uint32_t* const places = places_.data() + f * rows_;
  uint64_t* const fresh = fresh_.data() + f * words_;
  const size_t present = static_cast<size_t>(present_[f]);
  for (size_t w = 0; w < words_; w++) fresh[w] = 0;
  for (size_t p = 0; p < rows_; p++) {
    places[orders[p]] = static_cast<uint32_t>(p);
    const bool isFresh = p > 0 && (p == present || (p < present && column[orders[p]] != column[orders[p - 1]]));
    fresh[p >> 6] |= static_cast<uint64_t>(isFresh) << (p & 63);
  }
  uint32_t total = 0;
  for (size_t w = 0; w < words_; w++) {
    freshBefore_.data()[f * words_ + w] = total;
    total += static_cast<uint32_t>(__builtin_popcountll(fresh[w]));
  }
  distinct_[f] = total + 1 == rows_;
}

void SortedColumns::fillRows(int64_t begin, int64_t end) {
  const size_t width = static_cast<size_t>(table_.width);
  for (size_t f = 0; f < width; f++)
    for (size_t row = static_cast<size_t>(begin); row < static_cast<size_t>(end); row++)
      byRow_.data()[row * width + f] = places_.data()[f * rows_ + row];
}

PlainColumns::PlainColumns(const FeatureTable& table)
    : table_(table), rows_(static_cast<size_t>(table.rows)) {
  if (table.narrow != nullptr)
    narrow_.resize(table.rows * table.width);
  else
    wide_.resize(table.rows * table.width);
}

void PlainColumns::fill(int64_t begin, int64_t end) {
  const int64_t width = table_.width;
  for (int64_t f = 0; f < width; f++)
    for (int64_t row = begin; row < end; row++) {
      const int64_t to = f * table_.rows + row;
      if (table_.narrow != nullptr)
        narrow_[to] = table_.narrow[row * width + f];
      else
        wide_[to] = table_.wide[row * width + f];
    }
}

}  // namespace athanor

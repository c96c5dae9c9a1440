// Sought cuts use places in sorted columns; drawn ones the values themselves (Geurts et al., Extremely
// randomized trees, 2006).
#include "learn/node-search.h"

#include <limits>

namespace athanor {

namespace {

constexpr int numberBits = 12;  // of a row within a block
constexpr uint32_t numberMask = (1u << numberBits) - 1;

}  // namespace

RowBlock::RowBlock(const TreeSource& source)
    : source_(source),
      mostRows_(static_cast<size_t>(mostRows(source))),
      columns_(static_cast<size_t>(source.table.width)) {
  int bits = 1;
  while ((source.table.rows - 1) >> bits != 0) bits++;
  digits_ = (bits + 9) / 10;
  digitBits_ = (bits + digits_ - 1) / digits_;
}

void RowBlock::begin(const TargetRows& of, const uint32_t* rows, int64_t count) {
  rows_ = rows;
  count_ = count;
  block_++;
  of_ = {};
  const auto copy = [&](const auto* from, auto& to, auto& pointer) {
    if (from == nullptr) return;
    to.resize(static_cast<size_t>(count));
    for (int64_t i = 0; i < count; i++) to[static_cast<size_t>(i)] = from[rows[i]];
    pointer = to.data();
  };
  copy(of.packed, packed_, of_.packed);
  copy(of.codes, codes_, of_.codes);
  copy(of.targets, targets_, of_.targets);
  copy(of.weights, weights_, of_.weights);
}

BlockColumn RowBlock::column(int32_t feature) {
  Column& column = columns_[static_cast<size_t>(feature)];
  if (column.block != block_) {
    if (source_.table.rows <= int64_t(1) << (32 - numberBits))
      sortGroup(feature / groupColumns * groupColumns, keys_);
    else
      sortGroup(feature / groupColumns * groupColumns, longKeys_);
  }
  const uint16_t* const orders = column.places.get();
  return {orders, orders + mostRows_, orders + 2 * mostRows_, count_, column.present};
}

/// Sorts the block's rows by each feature of a group: by the digits of their places.
template <typename Key>
void RowBlock::sortGroup(int32_t first, std::unique_ptr<Key[]>& room) {
  // A stride that is no power of two: side by side, columns would push each other out of the cache.
  const size_t stride = mostRows_ + 48;
  if (room == nullptr) room.reset(new Key[(groupColumns + 1) * stride]);
  const size_t columns = static_cast<size_t>(std::min(groupColumns, source_.table.width - first));
  const size_t count = static_cast<size_t>(count_);
  constexpr size_t ahead = 12;
  for (size_t i = 0; i < count; i++) {
    if (i + ahead < count) {
      const uint32_t* const next = source_.sorted->placesOf(rows_[i + ahead]) + first;
      __builtin_prefetch(next);
      __builtin_prefetch(next + columns - 1);
    }
    const uint32_t* const places = source_.sorted->placesOf(rows_[i]) + first;
    for (size_t f = 0; f < columns; f++)
      room[f * stride + i] = static_cast<Key>(static_cast<Key>(places[f]) << numberBits | static_cast<Key>(i));
  }
  const uint32_t digitMask = (1u << digitBits_) - 1;
  uint32_t counts[4][1 << 10];
  for (size_t f = 0; f < columns; f++) {
    Column& column = columns_[static_cast<size_t>(first) + f];
    column.block = block_;
    if (column.places == nullptr) column.places.reset(new uint16_t[3 * mostRows_]);
    Key* from = room.get() + f * stride;
    Key* to = room.get() + groupColumns * stride;
    for (int d = 0; d < digits_; d++) memset(counts[d], 0, sizeof(uint32_t) << digitBits_);
    for (size_t i = 0; i < count; i++)
      for (int d = 0; d < digits_; d++) counts[d][(from[i] >> (numberBits + d * digitBits_)) & digitMask]++;
    for (int d = 0; d < digits_; d++) {
      uint32_t total = 0;
      for (uint32_t k = 0; k <= digitMask; k++) {
        const uint32_t here = counts[d][k];
        counts[d][k] = total;
        total += here;
      }
      const int shift = numberBits + d * digitBits_;
      for (size_t i = 0; i < count; i++) to[counts[d][(from[i] >> shift) & digitMask]++] = from[i];
      std::swap(from, to);
    }
    const SortedColumn whole = source_.sorted->column(first + static_cast<int32_t>(f));
    uint16_t* const orders = column.places.get();
    uint16_t* const places = orders + mostRows_;
    uint16_t* const levels = places + mostRows_;
    uint32_t before = 0, level = 0;
    int64_t present = 0;
    for (size_t p = 0; p < count; p++) {
      const uint32_t place = static_cast<uint32_t>(from[p] >> numberBits);
      const uint16_t number = static_cast<uint16_t>(from[p] & numberMask);
      orders[p] = number;
      places[number] = static_cast<uint16_t>(p);
      if (whole.distinct) {
        levels[p] = static_cast<uint16_t>(p);
      } else {
        const uint32_t here = whole.level(place);
        level += p > 0 && here != before;
        before = here;
        levels[p] = static_cast<uint16_t>(level);
      }
      present += place < whole.present;
    }
    column.present = present;
  }
}

template <typename T>
const T* RowBlock::copied(Column& column, std::unique_ptr<T[]>& to, const T* from) {
  if (from == nullptr) return nullptr;
  if (to == nullptr) to.reset(new T[mostRows_]);
  if (column.block != block_) {
    column.block = block_;
    for (int64_t i = 0; i < count_; i++) to[static_cast<size_t>(i)] = from[rows_[i]];
  }
  return to.get();
}

const float* RowBlock::narrow(int32_t feature) {
  Column& column = columns_[static_cast<size_t>(feature)];
  return copied(column, column.narrow, source_.plain->narrow(feature));
}

const double* RowBlock::wide(int32_t feature) {
  Column& column = columns_[static_cast<size_t>(feature)];
  return copied(column, column.wide, source_.plain->wide(feature));
}

namespace {

/// Between two values, never as large as the second.
double between(double a, double b) {
  const double middle = a / 2 + b / 2;
  return middle >= a && middle < b ? middle : a;
}

/// The smallest and the largest of some values, and how many are missing.
template <typename T>
struct Spread {
  T low, high;
  int64_t missing;
};

template <typename T>
Spread<T> spreadOf(const T* values, int64_t count) {
  const T infinity = std::numeric_limits<T>::infinity();
  Spread<T> out{infinity, -infinity, 0};
  int64_t i = 0;
  if (count >= lanes<T>) {
    Vec<T> low = splat<T>(infinity), high = splat<T>(-infinity);
    IntVec<T> missing{};
    for (; i + lanes<T> <= count; i += lanes<T>) {
      const Vec<T> v = load(values + i);
      low = select(v < low, v, low);
      high = select(v > high, v, high);
      missing -= reinterpret_cast<IntVec<T>>(v != v);
    }
    for (int lane = 0; lane < lanes<T>; lane++) {
      out.low = low[lane] < out.low ? low[lane] : out.low;
      out.high = high[lane] > out.high ? high[lane] : out.high;
      out.missing += missing[lane];
    }
  }
  for (; i < count; i++) {
    const T v = values[i];
    out.low = v < out.low ? v : out.low;
    out.high = v > out.high ? v : out.high;
    out.missing += v != v;
  }
  return out;
}

template <typename T>
bool drawCut(const TreeSource& source, const T* column, const NodeState& node, const CutRules& rules, uint64_t key,
             int32_t feature, uint32_t* left, AlignedArray<T>& values, Division& best) {
  if (values.size() < node.count) values.resize(node.count + node.count / 2);
  for (int64_t i = 0; i < node.count; i++) values[i] = column[node.rows[i]];
  const Spread<T> spread = spreadOf(values.data(), node.count);
  if (spread.missing == node.count || (spread.low == spread.high && spread.missing == 0)) return false;
  RandomStream random(key, 2 + static_cast<uint32_t>(feature));
  const double low = static_cast<double>(spread.low), high = static_cast<double>(spread.high);
  const double part = random.uniform();
  double threshold = low * (1 - part) + high * part;
  if (!(threshold >= low && threshold < high)) threshold = low;
  const bool missingLeft = spread.missing > 0 && random.bits() % 2 == 1;
  int64_t leftRows = 0;
  for (int64_t i = 0; i < node.count; i++) {
    const double v = static_cast<double>(values[i]);
    left[leftRows] = node.rows[i];
    leftRows += (v <= threshold) | (missingLeft & (v != v));
  }
  const double score = source.impurity->scoreOf(node, left, leftRows, rules);
  if (score > best.score)
    best = {score, feature, threshold, 0, spread.missing > 0 ? missingLeft : leftRows > node.count - leftRows, leftRows};
  return true;
}

}  // namespace

template <typename Place>
bool askFeature(const TreeSource& source, Place& place, const NodeState& node, const CutRules& given, uint64_t key,
                int32_t feature, NodeOrder& room, NodeValues& values, Division& best) {
  CutRules rules = given;
  rules.sign = source.rules.signs == nullptr ? 0 : source.rules.signs[feature];
  if (source.rules.drawn) {
    const float* const narrow = place.narrow(feature);
    return narrow != nullptr
               ? drawCut(source, narrow, node, rules, key, feature, room.rows(), values.narrow, best)
               : drawCut(source, place.wide(feature), node, rules, key, feature, room.rows(), values.wide, best);
  }
  const auto column = place.column(feature);
  orderRows(column, node.rows, node.count, room);
  if (room.constant) return false;
  Cut cut;
  cut.score = best.score;
  if (!source.impurity->search(node, room, rules, cut)) return true;
  const uint32_t last = room.rows()[cut.after];
  const double a = place.value(last, feature);
  best.score = cut.score;
  best.feature = feature;
  best.threshold = cut.after + 1 == room.present ? everyValue : between(a, place.value(room.rows()[cut.after + 1], feature));
  best.lastPlace = column.place(last);
  best.missingLeft = room.present < room.count ? cut.missingLeft : cut.leftRows > node.count - cut.leftRows;
  best.leftRows = cut.leftRows;
  return true;
}

template <typename Place>
int64_t divideRows(const TreeSource& source, Place& place, const Division& division, uint32_t* rows, int64_t count,
                   NodeOrder& room) {
  uint32_t* const right = room.rows();
  int64_t l = 0, r = 0;
  const auto divide = [&](auto goesLeft) {
    for (int64_t i = 0; i < count; i++) {
      const uint32_t row = rows[i];
      const bool left = goesLeft(row);
      rows[l] = row;
      right[r] = row;
      l += left;
      r += !left;
    }
  };
  const bool missingLeft = division.missingLeft;
  const auto byValue = [&](const auto* values) {
    divide([=](uint32_t row) {
      const auto v = values[row];
      return v != v ? missingLeft : static_cast<double>(v) <= division.threshold;
    });
  };
  if (!source.rules.drawn) {
    const auto column = place.column(division.feature);
    const uint32_t last = division.lastPlace, present = static_cast<uint32_t>(column.present);
    divide([&](uint32_t row) {
      const uint32_t p = column.place(row);
      return p >= present ? missingLeft : p <= last;
    });
  } else if (place.narrow(division.feature) != nullptr) {
    byValue(place.narrow(division.feature));
  } else {
    byValue(place.wide(division.feature));
  }
  memcpy(rows + l, right, static_cast<size_t>(r) * sizeof(uint32_t));
  return l;
}

template bool askFeature(const TreeSource&, WholeTable&, const NodeState&, const CutRules&, uint64_t, int32_t, NodeOrder&,
                         NodeValues&, Division&);
template bool askFeature(const TreeSource&, RowBlock&, const NodeState&, const CutRules&, uint64_t, int32_t, NodeOrder&,
                         NodeValues&, Division&);
template int64_t divideRows(const TreeSource&, WholeTable&, const Division&, uint32_t*, int64_t, NodeOrder&);
template int64_t divideRows(const TreeSource&, RowBlock&, const Division&, uint32_t*, int64_t, NodeOrder&);

}  // namespace athanor

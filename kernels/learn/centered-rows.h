// Rows of any format as float64, less their columns' means and times a power of two, a block at a time:
// no centred copy of the whole.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "learn/design-rows.h"
#include "learn/row-panels.h"

namespace athanor {

class CenteredRows {
 public:
  explicit CenteredRows(const DesignRows& x) : x_(x), shift_(static_cast<size_t>(x.width), 0.0) {}

  int64_t rows() const { return x_.rows; }
  int64_t width() const { return x_.width; }
  const DesignRows& source() const { return x_; }
  std::vector<double>& shift() { return shift_; }
  const std::vector<double>& shift() const { return shift_; }
  double scale() const { return scale_; }
  void setScale(double scale) { scale_ = scale; }

  /// `body(pointer to row-major values)` with the type they have; not for sparse rows.
  template <typename F>
  void dense(F body) const {
    if (x_.form == RowForm::float32)
      body(x_.floats);
    else
      body(x_.doubles);
  }

  /// Rows from `begin` to `end`, row-major.
  void copy(int64_t begin, int64_t end, double* out) const {
    const int64_t width = x_.width;
    if (x_.form == RowForm::sparse) {
      const DesignRows& s = x_;
      for (int64_t r = begin; r < end; r++, out += width) {
        for (int64_t k = 0; k < width; k++) out[k] = -shift_[k] * scale_;
        for (int64_t n = s.starts[r]; n < s.starts[r + 1]; n++) out[s.columns[n]] += s.values[n] * scale_;
      }
      return;
    }
    dense([&](auto values) {
      for (int64_t r = begin; r < end; r++, out += width)
        for (int64_t k = 0; k < width; k++)
          out[k] = (static_cast<double>(values[r * width + k]) - shift_[k]) * scale_;
    });
  }

  /// Sums, least and largest values of the columns over some rows: 3 · width numbers.
  void measure(int64_t begin, int64_t end, int64_t step, double* sums) const {
    const int64_t width = x_.width;
    double* const least = sums + width;
    double* const most = least + width;
    std::fill(sums, most + width, 0.0);
    if (x_.form == RowForm::sparse) {
      const DesignRows& s = x_;
      for (int64_t r = begin; r < end; r += step)
        for (int64_t n = s.starts[r]; n < s.starts[r + 1]; n++) note(s.columns[n], s.values[n], sums, least, most);
      return;
    }
    dense([&](auto values) {
      for (int64_t k = 0; k < width; k++) least[k] = most[k] = static_cast<double>(values[begin * width + k]);
      for (int64_t r = begin; r < end; r += step)
        for (int64_t k = 0; k < width; k++)
          note(k, static_cast<double>(values[r * width + k]), sums, least, most);
    });
  }

  /// Shift (where centred) and scale from what was measured over `count` rows.
  void settle(const double* sums, int64_t count, bool centered) {
    const int64_t width = x_.width;
    const double* const least = sums + width;
    const double* const most = least + width;
    double size = 0;
    for (int64_t k = 0; k < width; k++) {
      const double mean = sums[k] / static_cast<double>(count);
      // The mean of equal values may miss them by a rounding.
      shift_[k] = centered ? std::min(std::max(mean, least[k]), most[k]) : 0;
      size = std::fmax(size, std::fmax(most[k] - shift_[k], shift_[k] - least[k]));
    }
    scale_ = scaleFor(size);
  }

 private:
  static void note(int64_t k, double value, double* sums, double* least, double* most) {
    sums[k] += value;
    least[k] = value < least[k] ? value : least[k];
    most[k] = value > most[k] ? value : most[k];
  }

  DesignRows x_;
  std::vector<double> shift_;
  double scale_ = 1;
};

/// Joins a block's sums, least and largest values with those of the blocks before it.
inline void joinMeasures(std::vector<double>& sums, const double* part, int64_t width) {
  if (sums.empty()) {
    sums.assign(part, part + 3 * width);
    return;
  }
  for (int64_t k = 0; k < width; k++) {
    sums[k] += part[k];
    sums[width + k] = std::min(sums[width + k], part[width + k]);
    sums[2 * width + k] = std::max(sums[2 * width + k], part[2 * width + k]);
  }
}

/// `measure` of all rows, blocks added in their order.
inline std::vector<double> measureAll(Runtime& runtime, const CenteredRows& rows) {
  constexpr int64_t block = 4096;
  const int64_t width = rows.width(), size = 3 * width;
  const int64_t blocks = (rows.rows() + block - 1) / block;
  const int64_t wave = std::max(int64_t(1), std::min(blocks, (int64_t(1) << 22) / width));
  std::vector<double> parts(static_cast<size_t>(wave * size)), sums;
  for (int64_t first = 0; first < blocks; first += wave) {
    const int64_t count = std::min(wave, blocks - first);
    auto measure = [&](int64_t t, int) {
      const int64_t begin = (first + t) * block;
      rows.measure(begin, std::min(begin + block, rows.rows()), 1, parts.data() + t * size);
    };
    parallel(runtime, count, measure);
    for (int64_t t = 0; t < count; t++) joinMeasures(sums, parts.data() + t * size, width);
  }
  return sums;
}

inline bool allFinite(const std::vector<double>& values) {
  for (const double value : values)
    if (!std::isfinite(value)) return false;
  return true;
}

}  // namespace athanor

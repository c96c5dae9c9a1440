// The register tile of the search: a group of queries times a panel of points, compared in registers.
#include "learn/point-screen.h"

#include <cmath>

#include "learn/lane-mask.h"

namespace athanor {

namespace {

constexpr int64_t perPanel = panelRows<float>;
/// Panels that stay in the first-level cache while groups of queries pass over them.
constexpr int64_t panelsAtATime = 8;
constexpr int64_t sampledPoints = 4096;
/// Squares of lengths beyond this are not left to float32.
constexpr double farthest = 1e30;

/// Points of a panel whose ‖x‖² − 2 q·x is at most the limit, as bits for each query of a group; false where
/// there is none.
bool screenPanel(const float* panel, const float* queries, const float* norms, const float* limits, int64_t width,
                 uint32_t* within) {
  Vec<float> sum[tileRows][tileVectors];
  ATHANOR_UNROLL
  for (int v = 0; v < tileVectors; v++) {
    const Vec<float> norm = load<float>(norms + v * lanes<float>);
    ATHANOR_UNROLL
    for (int q = 0; q < tileRows; q++) sum[q][v] = norm;
  }
  for (int64_t k = 0; k < width; k++) {
#if defined(__wasm__)
    asm("" : "+r"(panel), "+r"(queries));
#endif
    Vec<float> x[tileVectors];
    ATHANOR_UNROLL
    for (size_t v = 0; v < size_t(tileVectors); v++) x[v] = load<float>(panel + v * size_t(lanes<float>));
    ATHANOR_UNROLL
    for (size_t q = 0; q < size_t(tileRows); q++) {
      const Vec<float> value = splat<float>(queries[q]);
      ATHANOR_UNROLL
      for (int v = 0; v < tileVectors; v++) sum[q][v] = fma(value, x[v], sum[q][v]);
    }
    panel += perPanel;
    queries += tileRows;
  }
  IntVec<float> any{};
  ATHANOR_UNROLL
  for (int q = 0; q < tileRows; q++) {
    const Vec<float> limit = splat<float>(limits[q]);
    ATHANOR_UNROLL
    for (int v = 0; v < tileVectors; v++) any |= sum[q][v] <= limit;
  }
  if (laneMask(any) == 0) return false;
  ATHANOR_UNROLL
  for (int q = 0; q < tileRows; q++) {
    within[q] = 0;
    ATHANOR_UNROLL
    for (int v = 0; v < tileVectors; v++) {
      const IntVec<float> near = sum[q][v] <= splat<float>(limits[q]);
      within[q] |= laneMask(near) << (v * lanes<float>);
    }
  }
  return true;
}

}  // namespace

PointScreen::PointScreen(const double* x, int64_t points, int64_t width, const Metric& metric)
    : x_(x), points_(points), width_(width), metric_(metric), mean_(width, 0) {
  if (metric.kind == MetricKind::euclidean) {
    // A part of the points tells well enough where they lie.
    const int64_t step = points / sampledPoints + 1, sampled = (points + step - 1) / step;
    double largest = 0;
    for (int64_t i = 0; i < points; i += step)
      for (int64_t j = 0; j < width; j++) mean_[j] += x[i * width + j] / static_cast<double>(sampled);
    for (int64_t i = 0; i < points; i += step)
      for (int64_t j = 0; j < width; j++) largest = std::fmax(largest, std::fabs(x[i * width + j] - mean_[j]));
    scale_ = scaleFor(largest);
  }
  values_.resize(panels() * perPanel * width);
  norms_.resize(panels() * perPanel);
  lengths_.resize(panels());
}

/// What a row is multiplied by.
double PointScreen::scaleOf(const double* row) const {
  if (metric_.kind != MetricKind::cosine) return scale_;
  double square = 0;
  for (int64_t j = 0; j < width_; j++) square += row[j] * row[j];
  return square > 0 ? 1 / std::sqrt(square) : 0;
}

void PointScreen::pack(int64_t panel, float* room) {
  const int64_t first = panel * perPanel;
  double longest = 0;
  for (int64_t r = 0; r < perPanel; r++) {
    const int64_t point = first + r;
    float* const into = room + r * width_;
    if (point >= points_) {
      for (int64_t j = 0; j < width_; j++) into[j] = 0;
      norms_[first + r] = std::numeric_limits<float>::infinity();
      continue;
    }
    const double* const row = x_ + point * width_;
    const double scale = scaleOf(row);
    double square = 0;
    for (int64_t j = 0; j < width_; j++) {
      const double value = (row[j] - mean_[j]) * scale;
      into[j] = static_cast<float>(value);
      square += value * value;
    }
    norms_[first + r] = metric_.kind == MetricKind::cosine ? 1.0f : static_cast<float>(square);
    if (square < farthest) {
      longest = std::fmax(longest, square);
      continue;
    }
    // Within every limit, so that it is always measured.
    for (int64_t j = 0; j < width_; j++) into[j] = 0;
    norms_[first + r] = -std::numeric_limits<float>::infinity();
  }
  lengths_[panel] = static_cast<float>(std::sqrt(longest) * 1.0001);
  packAcross(values_.data() + first * width_, perPanel, room, width_, static_cast<int>(perPanel), width_);
}

void PointScreen::prepare(Queries& queries, const double* rows, int64_t count) const {
  queries.rows = rows;
  queries.count = count;
  if (queries.values.size() < screenQueries * width_) queries.values.resize(screenQueries * width_);
  for (int64_t q = 0; q < screenQueries; q++) {
    float* const into = queries.values.data() + q / tileRows * tileRows * width_ + q % tileRows;
    const double* const row = rows + q * width_;
    const double scale = q < count ? scaleOf(row) : 0;
    double square = 0;
    for (int64_t j = 0; j < width_; j++) {
      const double value = q < count ? (row[j] - mean_[j]) * scale : 0;
      into[j * tileRows] = static_cast<float>(-2 * value);
      square += value * value;
    }
    for (int64_t j = 0; j < width_ && !(square < farthest); j++) into[j * tileRows] = 0;
    queries.square[q] = metric_.kind == MetricKind::cosine ? 1 : square;
    queries.length[q] = std::sqrt(square);
    queries.limit[q] = -std::numeric_limits<float>::infinity();
  }
}

/// A point can be within `limit` only if its float32 sum is at most what is set here: each of the `width`
/// products and sums is off by at most half a unit in the last place of what has been added up so far. A
/// query that is too far out has no limit.
void PointScreen::setLimit(Queries& queries, int64_t q, double limit) const {
  const double scaled = metric_.kind == MetricKind::cosine ? 2 * limit : limit * scale_ * scale_;
  const double bound = scaled * distanceSlack - queries.square[q] + queries.slack[q];
  const bool far = !(queries.square[q] < farthest);
  const float rounded = static_cast<float>(bound);
  queries.limit[q] = far || !(bound < 3e38) ? std::numeric_limits<float>::infinity()
                                            : rounded + std::fabs(rounded) * 0x1p-22f + 1e-37f;
}

void PointScreen::search(Queries& queries, NearestList* lists, int64_t fromPanel, int64_t toPanel) const {
  uint32_t within[tileRows];
  for (int64_t begin = fromPanel; begin < toPanel; begin += panelsAtATime) {
    const int64_t end = begin + panelsAtATime < toPanel ? begin + panelsAtATime : toPanel;
    double length = 0;
    for (int64_t panel = begin; panel < end; panel++) length = std::fmax(length, lengths_[panel]);
    for (int64_t q = 0; q < queries.count; q++) {
      const double unit = 0x1p-24 * 1.5 * static_cast<double>(width_ + 8);
      queries.slack[q] = unit * (length * length + 2 * length * queries.length[q] + 1e-30) +
                         (metric_.kind == MetricKind::cosine ? unit : 0);
      setLimit(queries, q, lists[q].limit());
    }
    for (int64_t group = 0; group * tileRows < queries.count; group++) {
      const int64_t firstQuery = group * tileRows;
      float* const limits = queries.limit + firstQuery;
      for (int64_t panel = begin; panel < end; panel++) {
        if (!screenPanel(values_.data() + panel * perPanel * width_, queries.values.data() + firstQuery * width_,
                         norms_.data() + panel * perPanel, limits, width_, within))
          continue;
        for (int64_t q = 0; q < tileRows && firstQuery + q < queries.count; q++) {
          if (within[q] == 0) continue;
          NearestList& list = lists[firstQuery + q];
          const double* const row = queries.rows + (firstQuery + q) * width_;
          for (uint32_t left = within[q]; left != 0; left &= left - 1) {
            const int64_t point = panel * perPanel + __builtin_ctz(left);
            if (point < points_) list.offer(metric_.reduced(row, x_ + point * width_, 1, width_), static_cast<int32_t>(point));
          }
          setLimit(queries, firstQuery + q, list.limit());
        }
      }
    }
  }
}

}  // namespace athanor

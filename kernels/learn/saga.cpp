// SAGA (Defazio, Bach & Lacoste-Julien 2014): stochastic steps along the gradient of one row less what it was
// when that row was last seen, plus the mean of all; then the proximal step of an elastic net penalty. For
// logistic and softmax regression. Dense features are centred and scaled on the way, which changes the
// conditioning and not the objective; sparse ones are left alone, and what happens to a coefficient
// between two rows that touch it is made up for at once.
#include <cmath>

#include "learn/design-rows.h"
#include "learn/random-stream.h"

namespace athanor {

namespace {

struct Settings {
  int64_t outputs = 1;
  double l1 = 0;
  double l2 = 0;
  bool intercept = true;
  int64_t epochs = 100;
  double tolerance = 1e-4;
  uint64_t seed = 0;
};

/// σ(score) − y, or softmax − one-hot, in the scores' place.
void slopes(double* scores, int64_t outputs, int32_t y) {
  if (outputs == 1) {
    scores[0] = 1 / (1 + std::exp(-scores[0])) - y;
    return;
  }
  double top = scores[0], sum = 0;
  for (int64_t c = 1; c < outputs; c++) top = scores[c] > top ? scores[c] : top;
  for (int64_t c = 0; c < outputs; c++) sum += scores[c] = std::exp(scores[c] - top);
  for (int64_t c = 0; c < outputs; c++) scores[c] /= sum;
  scores[y] -= 1;
}

class Saga : public Job {
  /// In this order; sparse rows begin with the third.
  enum class Phase { means, squares, longest, gradients, visits };

 public:
  Saga(const DesignRows& x, const Settings& settings, const int32_t* targets, const double* weights,
       const double* start)
      : x_(x), s_(settings), targets_(targets), weights_(weights), random_(settings.seed, 0x73616761) {
    const size_t k = static_cast<size_t>(s_.outputs), width = static_cast<size_t>(x.width);
    v_.assign(k * width, 0.0);
    mean_.assign(k * width, 0.0);
    b_.assign(k, 0.0);
    bMean_.assign(k, 0.0);
    kept_.assign(static_cast<size_t>(x.rows) * k, 0.0);
    row_.assign(width, 0.0);
    scores_.assign(k, 0.0);
    order_.resize(static_cast<size_t>(x.rows));
    for (size_t i = 0; i < order_.size(); i++) order_[i] = static_cast<int32_t>(i);
    total_ = 0;
    for (int64_t i = 0; i < x.rows; i++) total_ += weights == nullptr ? 1 : weights[i];
    shift_.assign(width, 0.0);
    scale_.assign(width, 1.0);
    squares_.assign(width, 0.0);
    if (start != nullptr) start_.assign(start, start + (width + 1) * k);
    if (x.sparse()) phase_ = Phase::longest;
  }

  Step step(Runtime&) override {
    const int64_t inRow = x_.cells() / x_.rows * s_.outputs + 20;
    const int64_t count = 2000000 / inRow + 1;
    const int64_t end = next_ + count < x_.rows ? next_ + count : x_.rows;
    if (phase_ == Phase::visits && next_ == 0) random_.shuffle(order_.data(), x_.rows);
    for (int64_t i = next_; i < end; i++) {
      if (phase_ == Phase::visits)
        visit(order_[static_cast<size_t>(i)], static_cast<int32_t>(i));
      else if (phase_ == Phase::gradients)
        first(i);
      else
        look(i);
    }
    work += static_cast<double>((end - next_) * inRow) * 1.5;
    next_ = end;
    if (next_ < x_.rows) return Step::more;
    next_ = 0;
    if (phase_ == Phase::visits) return endEpoch();
    if (phase_ == Phase::squares) chooseScales();
    if (phase_ == Phase::longest) begin();
    phase_ = static_cast<Phase>(static_cast<int>(phase_) + 1);
    return Step::more;
  }

 private:
  double weightOf(int64_t row) const {
    const double own = weights_ == nullptr ? 1 : weights_[row];
    return own * static_cast<double>(x_.rows) / total_;
  }

  /// Before the first step: means and scales of dense features, then the longest row.
  void look(int64_t i) {
    const int64_t width = x_.width;
    if (phase_ == Phase::longest) {
      double square = s_.intercept ? 1 : 0;
      if (x_.sparse()) {
        for (int32_t n = x_.starts[i]; n < x_.starts[i + 1]; n++) square += x_.values[n] * x_.values[n];
      } else {
        scaled(i);
        square += dotOf(row_.data(), row_.data(), width);
      }
      square *= weightOf(i);
      longest_ = square > longest_ ? square : longest_;
      return;
    }
    x_.copyRow(i, row_.data());
    const double share = 1 / static_cast<double>(x_.rows);
    if (phase_ == Phase::means) return addScaled(share, row_.data(), shift_.data(), width);
    for (size_t j = 0; j < row_.size(); j++) {
      const double off = row_[j] - shift_[j];
      squares_[j] += off * off * share;
    }
  }

  void chooseScales() {
    for (size_t j = 0; j < row_.size(); j++) {
      double size = squares_[j];
      double least = 1e-12 * std::fabs(shift_[j]);
      // Without an intercept nothing can take up the shift.
      if (!s_.intercept) {
        size += shift_[j] * shift_[j];
        shift_[j] = least = 0;
      }
      size = std::sqrt(size);
      scale_[j] = size > least && std::isfinite(size) ? size : 1;
    }
  }

  /// Step and start, once the scales are known.
  void begin() {
    const size_t k = scores_.size(), width = row_.size();
    double leastScale = scale_[0];
    for (const double scale : scale_) leastScale = scale < leastScale ? scale : leastScale;
    const double smoothness = (s_.outputs == 1 ? 0.25 : 0.5) * longest_;
    const double convex = 2 * static_cast<double>(x_.rows) * s_.l2 / (leastScale * leastScale);
    step_ = 1 / (2 * smoothness + (convex < smoothness ? convex : smoothness));
    for (size_t c = 0; c < k && !start_.empty(); c++) {
      b_[c] = start_[width * k + c];
      for (size_t j = 0; j < width; j++) {
        v_[c * width + j] = start_[j * k + c] * scale_[j];
        b_[c] += start_[j * k + c] * shift_[j];
      }
    }
    before_ = v_;
    if (x_.sparse()) {
      // Powers of the shrinking by L2, and their sums, for up to an epoch of steps that were left out.
      const double shrink = 1 / (1 + step_ * s_.l2);
      powers_.assign(static_cast<size_t>(x_.rows) + 1, 1.0);
      sums_.assign(static_cast<size_t>(x_.rows) + 1, 0.0);
      for (size_t i = 1; i < powers_.size(); i++) {
        powers_[i] = powers_[i - 1] * shrink;
        sums_[i] = sums_[i - 1] + powers_[i];
      }
      seen_.assign(width, 0);
    }
  }

  /// Row `i`, centred and scaled, in `row_`.
  void scaled(int64_t i) {
    x_.dense(i, [&](auto x) {
      for (size_t j = 0; j < row_.size(); j++)
        row_[j] = (static_cast<double>(x[j]) - shift_[j]) / scale_[j];
    });
  }

  void scoreRow(int64_t i) {
    const size_t width = row_.size();
    for (size_t c = 0; c < scores_.size(); c++) scores_[c] = b_[c];
    if (!x_.sparse()) {
      scaled(i);
      for (size_t c = 0; c < scores_.size(); c++)
        scores_[c] += dotOf(row_.data(), v_.data() + c * width, x_.width);
      return;
    }
    for (int32_t n = x_.starts[i]; n < x_.starts[i + 1]; n++)
      for (size_t c = 0; c < scores_.size(); c++)
        scores_[c] += x_.values[n] * v_[c * width + static_cast<size_t>(x_.columns[n])];
  }

  /// The row's gradient at the start, and its share of the mean.
  void first(int64_t i) {
    scoreRow(i);
    slopes(scores_.data(), s_.outputs, targets_[i]);
    const double weight = weightOf(i), share = 1 / static_cast<double>(x_.rows);
    const size_t width = row_.size();
    for (size_t c = 0; c < scores_.size(); c++) {
      const double own = weight * scores_[c];
      kept_[static_cast<size_t>(i) * scores_.size() + c] = own;
      bMean_[c] += own * share;
      if (!x_.sparse())
        addScaled(own * share, row_.data(), mean_.data() + c * width, x_.width);
      else
        for (int32_t n = x_.starts[i]; n < x_.starts[i + 1]; n++)
          mean_[c * width + static_cast<size_t>(x_.columns[n])] += own * share * x_.values[n];
    }
  }

  void visit(int64_t i, int32_t time) {
    if (x_.sparse())
      for (int32_t n = x_.starts[i]; n < x_.starts[i + 1]; n++) catchUp(x_.columns[n], time);
    scoreRow(i);
    slopes(scores_.data(), s_.outputs, targets_[i]);
    const double weight = weightOf(i), share = 1 / static_cast<double>(x_.rows);
    const size_t width = row_.size();
    for (size_t c = 0; c < scores_.size(); c++) {
      double& kept = kept_[static_cast<size_t>(i) * scores_.size() + c];
      const double change = weight * scores_[c] - kept;
      kept += change;
      double* const v = v_.data() + c * width;
      double* const mean = mean_.data() + c * width;
      if (s_.intercept) b_[c] -= step_ * (change + bMean_[c]);
      bMean_[c] += change * share;
      if (x_.sparse()) {
        for (int32_t n = x_.starts[i]; n < x_.starts[i + 1]; n++) {
          const size_t j = static_cast<size_t>(x_.columns[n]);
          const double own = change * x_.values[n];
          v[j] = shrunk(v[j] - step_ * (own + mean[j]), step_ * s_.l1) * powers_[1];
          mean[j] += own * share;
          if (c + 1 == scores_.size()) seen_[j] = time + 1;
        }
        continue;
      }
      for (size_t j = 0; j < width; j++) {
        const double own = change * row_[j];
        const double moved = v[j] - step_ * (own + mean[j]);
        mean[j] += own * share;
        const double inverse = 1 / scale_[j];
        v[j] = shrunk(moved, step_ * s_.l1 * inverse) / (1 + step_ * s_.l2 * inverse * inverse);
      }
    }
  }

  static double shrunk(double v, double by) { return v > by ? v - by : v < -by ? v + by : 0; }

  /// The steps of coefficient `j` since it was last touched: v ← ρ · shrunk(v − a, τ), `time − seen` times.
  void catchUp(int32_t j, int32_t time) {
    const int32_t count = time - seen_[static_cast<size_t>(j)];
    if (count <= 0) return;
    const size_t width = row_.size();
    const double threshold = step_ * s_.l1;
    for (size_t c = 0; c < scores_.size(); c++) {
      const double drift = step_ * mean_[c * width + static_cast<size_t>(j)];
      double& v = v_[c * width + static_cast<size_t>(j)];
      int32_t left = count;
      while (left > 0) {
        const double moved = v - drift;
        if (moved <= threshold && moved >= -threshold) {
          v = 0;
          left--;
          if (std::fabs(drift) <= threshold) break;
          continue;
        }
        // As long as it stays on this side: v ← ρ · (v − by).
        const double by = moved > threshold ? drift + threshold : drift - threshold;
        const auto after = [&](int32_t n) {
          return powers_[static_cast<size_t>(n)] * v - sums_[static_cast<size_t>(n)] * by;
        };
        const auto stays = [&](int32_t n) { return moved > threshold ? after(n) > by : after(n) < by; };
        int32_t steps = left;
        if (!stays(left - 1)) {
          int32_t low = 0, high = left - 1;  // stays(low), not stays(high)
          while (high - low > 1) {
            const int32_t middle = low + (high - low) / 2;
            (stays(middle) ? low : high) = middle;
          }
          steps = low + 1;
        }
        v = after(steps);
        left -= steps;
      }
    }
    seen_[static_cast<size_t>(j)] = time;
  }

  Step endEpoch() {
    if (x_.sparse())
      for (int32_t j = 0; j < x_.width; j++) {
        catchUp(j, static_cast<int32_t>(x_.rows));
        seen_[static_cast<size_t>(j)] = 0;
      }
    epoch_++;
    double change = 0, most = 0;
    const size_t width = row_.size();
    for (size_t i = 0; i < v_.size(); i++) {
      const double scale = scale_[i % width];
      const double moved = std::fabs(v_[i] - before_[i]) / scale, size = std::fabs(v_[i]) / scale;
      if (!std::isfinite(size)) return Step::notFinite;
      change = moved > change ? moved : change;
      most = size > most ? size : most;
    }
    before_ = v_;
    converged_ = most == 0 ? change == 0 : change <= s_.tolerance * most;
    iteration(static_cast<double>(epoch_));
    progress(static_cast<double>(epoch_) / static_cast<double>(s_.epochs));
    if (!converged_ && epoch_ < s_.epochs) return Step::more;
    for (size_t c = 0; c < scores_.size(); c++) {
      double intercept = b_[c];
      for (size_t j = 0; j < width; j++) {
        const double own = v_[c * width + j] / scale_[j];
        coefficients_.push_back(own);
        intercept -= own * shift_[j];
      }
      intercepts_.push_back(intercept);
    }
    if (s_.outputs > 1) {
      double middle = 0;
      for (const double b : intercepts_) middle += b / static_cast<double>(s_.outputs);
      for (double& b : intercepts_) b -= middle;
    }
    summary_ = {static_cast<double>(epoch_), converged_ ? 1.0 : 0.0};
    give(coefficients_);
    give(intercepts_);
    give(summary_);
    return Step::done;
  }

  DesignRows x_;
  Settings s_;
  const int32_t* targets_;
  const double* weights_;
  RandomStream random_;
  double total_ = 0;
  double step_ = 0;
  Phase phase_ = Phase::means;
  double longest_ = 0;
  bool converged_ = false;
  int64_t next_ = 0;
  int64_t epoch_ = 0;
  /// Coefficients of scaled features and the mean of the rows' gradients, output by output.
  std::vector<double> v_, mean_, before_;
  std::vector<double> b_, bMean_;
  /// Each row's gradient by its scores, when it was last seen.
  std::vector<double> kept_;
  std::vector<double> row_, scores_, shift_, scale_, squares_, powers_, sums_, start_;
  std::vector<int32_t> order_, seen_;
  std::vector<double> coefficients_, intercepts_, summary_;
};

}  // namespace

/// Numbers: rows (see `readRows`), outputs, L1, L2 (beside the mean loss), intercept, epochs, tolerance,
/// seed. Arrays: rows, classes (int32), weights or none, start or none (as in `ObjectivePass`).
Job* sagaJob(Arguments& arguments) {
  DesignRows x;
  if (!readRows(arguments, x)) return nullptr;
  Settings s;
  s.outputs = arguments.integer(1, 1 << 20);
  s.l1 = arguments.number();
  s.l2 = arguments.number();
  s.intercept = arguments.flag();
  s.epochs = arguments.integer(1, int64_t(1) << 40);
  s.tolerance = arguments.number();
  s.seed = static_cast<uint64_t>(arguments.integer(0, int64_t(1) << 53));
  const int32_t* const targets = arguments.array<int32_t>(x.rows);
  const double* const weights = arguments.optional<double>(x.rows);
  const double* const start = arguments.optional<double>((x.width + 1) * s.outputs);
  if (!arguments.fits() || x.rows >= int64_t(1) << 31) return nullptr;
  const int32_t classes = s.outputs == 1 ? 2 : static_cast<int32_t>(s.outputs);
  for (int64_t i = 0; i < x.rows; i++)
    if (targets[i] < 0 || targets[i] >= classes) return nullptr;
  return new Saga(x, s, targets, weights, start);
}

}  // namespace athanor

// The smallest job there is: Σ x² and random numbers beside it. It keeps the calls, slices and threads
// of jobs under test, and shows how one is written.
#include "ranges.h"
#include "learn/job.h"
#include "learn/random-stream.h"

namespace athanor {

namespace {

constexpr int64_t blockRows = 4096;

class SumOfSquares : public Job {
 public:
  SumOfSquares(const double* x, int64_t count, uint64_t seed, int64_t draws)
      : x_(x), count_(count), parts_(static_cast<size_t>((count + blockRows - 1) / blockRows)) {
    RandomStream random(seed, 7);
    for (int64_t i = 0; i < draws; i++) drawn_.push_back(random.uniform());
  }

  Step step(Runtime& runtime) override {
    const int64_t blocks = static_cast<int64_t>(parts_.size());
    const int64_t end = next_ + 16 < blocks ? next_ + 16 : blocks;
    auto task = [&](int64_t t, int) {
      const int64_t block = next_ + t;
      const int64_t to = (block + 1) * blockRows < count_ ? (block + 1) * blockRows : count_;
      double sum = 0;
      for (int64_t i = block * blockRows; i < to; i++) sum += x_[i] * x_[i];
      parts_[static_cast<size_t>(block)] = sum;
    };
    parallel(runtime, end - next_, task);
    work += static_cast<double>((end - next_) * blockRows);
    next_ = end;
    progress(blocks == 0 ? 1 : static_cast<double>(next_) / static_cast<double>(blocks));
    if (next_ < blocks) return Step::more;
    for (const double part : parts_) total_ += part;
    give(&total_, 1);
    give(drawn_);
    return Step::done;
  }

 private:
  const double* x_;
  int64_t count_;
  int64_t next_ = 0;
  double total_ = 0;
  std::vector<double> parts_;
  std::vector<double> drawn_;
};

}  // namespace

Job* sumOfSquaresJob(Arguments& arguments) {
  const int64_t count = arguments.integer(0, int64_t(1) << 40);
  const uint64_t seed = static_cast<uint64_t>(arguments.integer(0, int64_t(1) << 53));
  const int64_t draws = arguments.integer(0, 1000);
  const double* const x = arguments.array<double>(count);
  return arguments.fits() ? new SumOfSquares(x, count, seed, draws) : nullptr;
}

}  // namespace athanor

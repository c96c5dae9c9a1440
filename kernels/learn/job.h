// A learning algorithm whose shapes depend on what it finds (a tree, SMO, k-means) is not a Program but
// a job: made from numbers and arrays, advanced in slices, asked for its results.
#pragma once
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "runtime.h"
#include "learn/kinds.h"

namespace athanor {

/// What a job says after each of its steps.
enum class Step : int32_t {
  more = 0,
  done = 1,
  /// The arguments don't fit together. TypeScript checks them first, so this is a fault of ours.
  invalid = 2,
  outOfMemory = 3,
  /// Values became NaN or infinite.
  notFinite = 4,
};

/// An array of the caller's: it stays where it is and as it is until the job is freed.
struct Input {
  const void* data = nullptr;
  int64_t bytes = 0;

  template <typename T>
  const T* as() const {
    return static_cast<const T*>(data);
  }
  template <typename T>
  int64_t count() const {
    return bytes / static_cast<int64_t>(sizeof(T));
  }
};

/// The arguments of a job. Reading past the end marks them as unfit and gives zeros.
class Arguments {
 public:
  Arguments(const double* numbers, int32_t numberCount, const Input* inputs, int32_t inputCount)
      : numbers_(numbers, numbers + numberCount), inputs_(inputs, inputs + inputCount) {}

  double number() {
    if (nextNumber_ >= numbers_.size()) return fits_ = false, 0.0;
    return numbers_[nextNumber_++];
  }
  int64_t integer() { return static_cast<int64_t>(number()); }
  bool flag() { return number() != 0; }
  /// A whole number from `low` to `high`.
  int64_t integer(int64_t low, int64_t high) {
    const double value = number();
    if (!(value >= static_cast<double>(low) && value <= static_cast<double>(high))) {
      fits_ = false;
      return low;
    }
    return static_cast<int64_t>(value);
  }
  /// The next array, of exactly `count` elements.
  template <typename T>
  const T* array(int64_t count) {
    const Input input = next();
    if (count < 0 || input.bytes != count * static_cast<int64_t>(sizeof(T))) fits_ = false;
    return input.as<T>();
  }
  /// The next array, of `count` elements or empty: then nullptr.
  template <typename T>
  const T* optional(int64_t count) {
    const Input input = next();
    if (input.bytes == 0) return nullptr;
    if (input.bytes != count * static_cast<int64_t>(sizeof(T))) fits_ = false;
    return input.as<T>();
  }
  /// The next array, of any length.
  Input next() {
    if (nextInput_ >= inputs_.size()) return fits_ = false, Input{};
    return inputs_[nextInput_++];
  }
  /// False once anything was missing or of another size.
  bool fits() const { return fits_; }

 private:
  std::vector<double> numbers_;
  std::vector<Input> inputs_;
  size_t nextNumber_ = 0;
  size_t nextInput_ = 0;
  bool fits_ = true;
};

/// Readings that the caller may look at between slices.
enum class Reading : int32_t { progress = 0, iteration = 1, loss = 2 };
constexpr int32_t readings = 3;

class Job {
 public:
  virtual ~Job() = default;

  /// One natural unit: a node, an iteration, a block of rows; well under 50 ms. It adds to `work` the
  /// operations (about a nanosecond each on one thread) that it took. Scratch memory of the runtime
  /// does not survive from one step to the next.
  virtual Step step(Runtime& runtime) = 0;

  double work = 0;
  double reading[readings] = {0, 0, 0};

  int32_t results() const { return static_cast<int32_t>(results_.size()); }
  const void* result(int32_t index, int64_t* bytes) const {
    *bytes = results_[static_cast<size_t>(index)].bytes;
    return results_[static_cast<size_t>(index)].data;
  }

 protected:
  /// Gives an array to the caller, in the order of the calls; it must live as long as the job.
  template <typename T>
  void give(const T* data, int64_t count) {
    results_.push_back({data, count * static_cast<int64_t>(sizeof(T))});
  }
  template <typename T>
  void give(const std::vector<T>& values) {
    give(values.data(), static_cast<int64_t>(values.size()));
  }
  void progress(double part) { reading[static_cast<int>(Reading::progress)] = part; }
  void iteration(double number) { reading[static_cast<int>(Reading::iteration)] = number; }
  void loss(double value) { reading[static_cast<int>(Reading::loss)] = value; }

 private:
  std::vector<Input> results_;
};

/// Makes the job from its arguments; nullptr where they don't fit.
using MakeJob = Job* (*)(Arguments& arguments);

}  // namespace athanor

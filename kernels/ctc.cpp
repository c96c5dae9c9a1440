// Connectionist temporal classification (Graves, Fernández, Gomez and Schmidhuber 2006): the loss
// −log p(labels | logits) and its gradient. Alpha and beta are logarithms in double whatever the
// logits' type; a row of the batch is one task.
//
// States are blank, label, blank, …, label, blank. A row of states lies in memory with two cells of
// −∞ before it and at least a register of them behind, so that a state's predecessors are loads from
// one and two cells to the left and need no edge.
#include "instructions.h"
#include "ranges.h"
#include "vector-math.h"

namespace athanor {

namespace {

constexpr int width = lanes<double>;
constexpr double infinity = __builtin_inf();
constexpr int64_t before = 2;

ATHANOR_INLINE double one(F64 v) { return v[0]; }

/// log(eᵃ + eᵇ + eᶜ), −∞ where all are.
ATHANOR_INLINE F64 logSum(F64 a, F64 b, F64 c) {
  const F64 most = larger(larger(a, b), c);
  const F64 shift = select(most == splat<double>(-infinity), F64{}, most);
  return shift + logOf(expOf(a - shift) + expOf(b - shift) + expOf(c - shift));
}

double logSum(double a, double b) {
  return one(logSum(splat<double>(a), splat<double>(b), splat<double>(-infinity)));
}

int64_t roundUp(int64_t count) { return (count + width - 1) / width * width; }

void fill(double* x, double value, int64_t count) {
  for (int64_t i = 0; i < count; i++) x[i] = value;
}

/// One row of the batch: its labels, and memory of the worker that has it.
template <typename T>
struct Row {
  const CtcLossArguments& a;
  const T* logits;
  const int32_t* labels;
  int64_t steps;
  int64_t labelCount;

  int64_t states() const { return 2 * labelCount + 1; }
  /// Cells of a row of states, its −∞ included.
  static int64_t cells(int64_t labelCount) { return before + roundUp(2 * labelCount + 1) + width; }
  int32_t classOf(int64_t state) const { return state % 2 == 0 ? a.blank : labels[state / 2]; }

  /// A step's logits in double, with −∞ up to a whole register; returns logΣexp.
  double read(int64_t step, double* x) const {
    const T* const from = logits + step * a.classes;
    for (int64_t c = 0; c < a.classes; c++) x[c] = double(from[c]);
    F64 most = splat<double>(-infinity);
    for (int64_t c = 0; c < a.classes; c += width) most = larger(most, load<double>(x + c));
    const double largest = foldLanes(most, [](double p, double q) { return p > q || p != p ? p : q; });
    const double shift = largest == -infinity ? 0 : largest;
    F64 sum{};
    for (int64_t c = 0; c < a.classes; c += width) sum += expOf(load<double>(x + c) - shift);
    return shift + one(logOf(splat<double>(sumOfLanes(sum))));
  }

  /// 0 where a path may come from two states to the left (another label, no blank between), else −∞.
  void passes(double* pass, int64_t cells) const {
    fill(pass, -infinity, cells);
    for (int64_t s = 3; s < states(); s += 2)
      if (labels[s / 2] != labels[s / 2 - 1]) pass[before + s] = 0;
  }

  void emissions(const double* x, double all, double* y) const {
    for (int64_t s = 0; s < states(); s++) y[s] = x[classOf(s)] - all;
  }

  /// The first states of the first step.
  void begin(double* alpha, const double* y, int64_t cells) const {
    fill(alpha, -infinity, cells);
    for (int64_t s = 0; s < 2 && s < states(); s++) alpha[before + s] = y[s];
  }

  /// Behind the states, y is −∞ and so is what it is added to.
  void advance(const double* last, const double* pass, const double* y, double* next) const {
    for (int64_t s = 0; s < states(); s += width) {
      const F64 stay = load<double>(last + before + s);
      const F64 step = load<double>(last + before + s - 1);
      const F64 skip = load<double>(last + before + s - 2) + load<double>(pass + before + s);
      store<double>(next + before + s, logSum(stay, step, skip) + load<double>(y + s));
    }
  }

  double likelihood(const double* alpha) const {
    const double* const end = alpha + before + states() - 1;
    return logSum(end[0], end[-1]);
  }
};

/// The rows' checks, in one place; false: a length or label is outside its range.
template <typename T>
bool rowOf(const CtcLossArguments& a, int64_t b, Row<T>& row) {
  row.steps = a.inputLengths[b];
  row.labelCount = a.labelLengths[b];
  row.logits = static_cast<const T*>(a.logits) + b * a.steps * a.classes;
  row.labels = a.labels + b * a.mostLabels;
  if (row.steps < 0 || row.steps > a.steps || row.labelCount < 0 || row.labelCount > a.mostLabels)
    return false;
  for (int64_t i = 0; i < row.labelCount; i++)
    if (row.labels[i] < 0 || row.labels[i] >= a.classes || row.labels[i] == a.blank) return false;
  return true;
}

enum Fault : int { none = 0, index = 1, memory = 2 };

Status statusOf(const int& fault) {
  switch (__atomic_load_n(&fault, __ATOMIC_RELAXED)) {
    case none:
      return Status::ok;
    case memory:
      return Status::outOfMemory;
    default:
      return Status::indexOutOfRange;
  }
}

template <typename T>
Status loss(Runtime& runtime, const CtcLossArguments& a) {
  int fault = none;
  parallelRanges(runtime, a.batch, 1, [&](int64_t b, int64_t, int worker) {
    Row<T> row{a, nullptr, nullptr, 0, 0};
    if (!rowOf(a, b, row)) return __atomic_store_n(&fault, int(index), __ATOMIC_RELAXED);
    T& target = static_cast<T*>(a.target)[b];
    double logP = row.labelCount == 0 ? 0 : -infinity;
    if (row.steps > 0) {
      const int64_t cells = Row<T>::cells(row.labelCount);
      const int64_t classes = roundUp(a.classes);
      double* const x = static_cast<double*>(
          scratch(runtime, worker, 0, sizeof(double) * static_cast<size_t>(classes + 4 * cells)));
      if (x == nullptr) return __atomic_store_n(&fault, int(memory), __ATOMIC_RELAXED);
      double* alpha = x + classes;
      double* next = alpha + cells;
      double* const pass = next + cells;
      double* const y = pass + cells;
      fill(x + a.classes, -infinity, classes - a.classes);
      fill(next, -infinity, cells);
      fill(y, -infinity, cells);
      row.passes(pass, cells);
      for (int64_t t = 0; t < row.steps; t++) {
        const double all = row.read(t, x);
        row.emissions(x, all, y);
        if (t == 0) {
          row.begin(alpha, y, cells);
          continue;
        }
        row.advance(alpha, pass, y, next);
        double* const swapped = alpha;
        alpha = next;
        next = swapped;
      }
      logP = row.likelihood(alpha);
    }
    target = T(logP == -infinity && a.zeroInfinity ? 0 : -logP);
  });
  return statusOf(fault);
}

template <typename T>
Status gradient(Runtime& runtime, const CtcLossGradientArguments& a) {
  int fault = none;
  parallelRanges(runtime, a.batch, 1, [&](int64_t b, int64_t, int worker) {
    Row<T> row{a, nullptr, nullptr, 0, 0};
    if (!rowOf(a, b, row)) return __atomic_store_n(&fault, int(index), __ATOMIC_RELAXED);
    T* const target = static_cast<T*>(a.target) + b * a.steps * a.classes;
    for (int64_t i = row.steps * a.classes; i < a.steps * a.classes; i++) target[i] = T(0);
    if (row.steps == 0) return;
    const int64_t cells = Row<T>::cells(row.labelCount);
    const int64_t classes = roundUp(a.classes);
    const int64_t states = row.states();
    const int64_t room = 2 * classes + row.steps + (row.steps + 4) * cells;
    double* const x = static_cast<double*>(
        scratch(runtime, worker, 0, sizeof(double) * static_cast<size_t>(room)));
    if (x == nullptr) return __atomic_store_n(&fault, int(memory), __ATOMIC_RELAXED);
    double* const posterior = x + classes;
    double* const all = posterior + classes;
    double* const alpha = all + row.steps;
    double* const pass = alpha + row.steps * cells;
    double* const y = pass + cells;
    double* const beta = y + cells;
    double* const onward = beta + cells;  // beta + the emission of the step it belongs to
    fill(x + a.classes, -infinity, classes - a.classes);
    fill(y, -infinity, cells);
    row.passes(pass, cells);
    for (int64_t t = 0; t < row.steps; t++) {
      double* const now = alpha + t * cells;
      all[t] = row.read(t, x);
      row.emissions(x, all[t], y);
      if (t == 0) {
        row.begin(now, y, cells);
        continue;
      }
      fill(now, -infinity, cells);
      row.advance(now - cells, pass, y, now);
    }
    const double logP = row.likelihood(alpha + (row.steps - 1) * cells);
    if (logP == -infinity) {
      const T value = a.zeroInfinity ? T(0) : T(__builtin_nan(""));
      for (int64_t i = 0; i < row.steps * a.classes; i++) target[i] = value;
      return;
    }
    const double upstream = static_cast<const T*>(a.upstream)[b * a.upstreamStride];
    fill(onward, -infinity, cells);
    for (int64_t t = row.steps - 1; t >= 0; t--) {
      if (t == row.steps - 1) {
        fill(beta, -infinity, cells);
        for (int64_t s = states - 1; s >= 0 && s >= states - 2; s--) beta[s] = 0;
      } else {
        for (int64_t s = 0; s < states; s += width) {
          const F64 stay = load<double>(onward + s);
          const F64 step = load<double>(onward + s + 1);
          const F64 skip = load<double>(onward + s + 2) + load<double>(pass + before + s + 2);
          store<double>(beta + s, logSum(stay, step, skip));
        }
      }
      const T* const from = row.logits + t * a.classes;
      for (int64_t c = 0; c < a.classes; c++) x[c] = double(from[c]);
      row.emissions(x, all[t], y);
      for (int64_t s = 0; s < states; s++) onward[s] = beta[s] + y[s];
      fill(posterior, 0, classes);
      const double* const now = alpha + t * cells + before;
      for (int64_t s = 0; s < states; s += width) {
        const F64 p = expOf(load<double>(now + s) + load<double>(beta + s) - logP);
        for (int64_t i = 0; i < width && s + i < states; i++) posterior[row.classOf(s + i)] += p[i];
      }
      T* const into = target + t * a.classes;
      for (int64_t c = 0; c < classes; c += width) {
        const F64 g = (expOf(load<double>(x + c) - all[t]) - load<double>(posterior + c)) * upstream;
        for (int64_t i = 0; i < width && c + i < a.classes; i++) into[c + i] = T(g[i]);
      }
    }
  });
  return statusOf(fault);
}

}  // namespace

Status run(Runtime& runtime, const CtcLossArguments& a) {
  return a.dtype == DType::float64 ? loss<double>(runtime, a) : loss<float>(runtime, a);
}

Status run(Runtime& runtime, const CtcLossGradientArguments& a) {
  return a.dtype == DType::float64 ? gradient<double>(runtime, a) : gradient<float>(runtime, a);
}

}  // namespace athanor

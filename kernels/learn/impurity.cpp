// Searches walk an order once, keep sums of the left side, and judge a batch of cuts at a time.
#include "learn/impurity.h"

#include <algorithm>
#include <cmath>

#include "vector-math.h"

namespace athanor {

namespace {

constexpr int batch = 512;
constexpr int batchRoom = batch + 16;
constexpr double nowhere = -__builtin_inf();

double xLogX(double x) { return x > 0 ? x * std::log(x) : 0.0; }

F64 xLogXOf(F64 x) {
  const F64 safe = select(x > F64{}, x, splat<double>(1.0));
  return safe * logOf(safe) * select(x > F64{}, splat<double>(1.0), F64{});
}

// Rows, one after the other: class and weight, or target and weight.

struct PackedRows {
  const uint32_t* packed;
  explicit PackedRows(const TargetRows& of) : packed(of.packed) {}
  uint32_t code(uint32_t row) const { return packed[row] >> 16; }
  double weight(uint32_t row) const { return static_cast<double>(packed[row] & 0xffff); }
};

template <bool weighted>
struct CodedRows {
  const int32_t* codes;
  const double* weights;
  explicit CodedRows(const TargetRows& of) : codes(of.codes), weights(of.weights) {}
  uint32_t code(uint32_t row) const { return static_cast<uint32_t>(codes[row]); }
  double weight(uint32_t row) const { return weighted ? weights[row] : 1.0; }
};

// Sums of weights and of weighted targets on the left of cuts, for two classes (targets 0 and 1) and for
// numbers.

struct PackedPairs {
  const uint32_t* packed;
  uint64_t sum = 0;  // weight of the second class · 2³² + weight
  uint64_t cuts[batchRoom];

  PackedPairs(const TargetRows& of, double) : packed(of.packed) {}
  void clear() { sum = 0; }
  void add(uint32_t row) {
    const uint32_t word = packed[row];
    const uint32_t weight = word & 0xffff;
    sum += weight | (static_cast<uint64_t>(weight & (0u - (word >> 16))) << 32);
  }
  void put(int64_t j) { cuts[j] = sum; }
  void unpack(int64_t count, double* weight, double* target) const {
    for (int64_t j = 0; j < count; j++) {
      weight[j] = static_cast<double>(static_cast<uint32_t>(cuts[j]));
      target[j] = static_cast<double>(static_cast<uint32_t>(cuts[j] >> 32));
    }
  }
  double weight() const { return static_cast<double>(static_cast<uint32_t>(sum)); }
  double target() const { return static_cast<double>(static_cast<uint32_t>(sum >> 32)); }
};

/// `Number` gives a row's target.
template <bool weighted, typename Number>
struct PlainPairs {
  Number number;
  const double* weights;
  double shift;
  double sumWeight = 0;
  double sumTarget = 0;
  double cutWeight[batchRoom];
  double cutTarget[batchRoom];

  PlainPairs(const TargetRows& of, double from) : number(of), weights(of.weights), shift(from) {}
  void clear() { sumWeight = sumTarget = 0; }
  void add(uint32_t row) {
    const double w = weighted ? weights[row] : 1.0;
    sumWeight += w;
    sumTarget += w * (number(row) - shift);
  }
  void put(int64_t j) {
    cutWeight[j] = sumWeight;
    cutTarget[j] = sumTarget;
  }
  void unpack(int64_t count, double* weight, double* target) const {
    memcpy(weight, cutWeight, static_cast<size_t>(count) * sizeof(double));
    memcpy(target, cutTarget, static_cast<size_t>(count) * sizeof(double));
  }
  double weight() const { return sumWeight; }
  double target() const { return sumTarget; }
};

struct CodeAsNumber {
  const int32_t* codes;
  explicit CodeAsNumber(const TargetRows& of) : codes(of.codes) {}
  double operator()(uint32_t row) const { return static_cast<double>(codes[row]); }
};
struct TargetAsNumber {
  const double* targets;
  explicit TargetAsNumber(const TargetRows& of) : targets(of.targets) {}
  double operator()(uint32_t row) const { return targets[row]; }
};

// Scores of cuts; w, s: sums on the left, W, S: of the node.

/// The fall of Σ w (target − mean)², but for a factor; also of the Gini index of two classes.
struct SquaresScore {
  static F64 of(F64 w, F64 s, F64 W, F64 S) {
    const F64 d = s * W - w * S;
    return d * d / (w * (W - w));
  }
};
struct EntropyScore {
  static F64 of(F64 w, F64 s, F64 W, F64 S) {
    const F64 wr = W - w, sr = S - s;
    return xLogXOf(s) + xLogXOf(w - s) - xLogXOf(w) + xLogXOf(sr) + xLogXOf(wr - sr) - xLogXOf(wr);
  }
};
struct PoissonScore {
  static F64 of(F64 w, F64 s, F64 W, F64 S) {
    const F64 wr = W - w, sr = S - s;
    const F64 least = splat<double>(2.220446049250313e-16);
    const auto bad = (s <= least) | (sr <= least);
    const F64 one = splat<double>(1.0);
    const F64 score = s * logOf(select(bad, one, s / w)) + sr * logOf(select(bad, one, sr / wr));
    return select(bad, splat<double>(nowhere), score);
  }
};

template <typename Score>
double scoreOne(double w, double s, double W, double S) {
  return Score::of(splat<double>(w), splat<double>(s), splat<double>(W), splat<double>(S))[0];
}

bool keeps(const CutRules& rules, double leftWeight, double rightWeight, double left, double right) {
  if (leftWeight < rules.leastWeight || rightWeight < rules.leastWeight) return false;
  if (rules.sign == 0) return true;
  return left >= rules.low && left <= rules.high && right >= rules.low && right <= rules.high &&
         (left - right) * rules.sign <= 0;
}

/// Walks an order with missing rows on the right, then, if there are any, on the left.
template <typename Judge>
bool searchBothWays(Judge& judge, const NodeOrder& order, const CutRules& rules, Cut& best) {
  bool found = false;
  const int64_t missing = order.count - order.present;
  for (int way = 0; way < (missing > 0 && order.present > 0 ? 2 : 1); way++) {
    judge.clear();
    const int64_t onLeft = way == 1 ? missing : 0;
    for (int64_t i = 0; i < onLeft; i++) judge.add(order.rows()[order.present + i]);
    const int64_t first = std::max<int64_t>(0, rules.leastRows - onLeft - 1);
    const int64_t last = std::min(order.present - 1, order.count - rules.leastRows - onLeft - 1);
    int64_t i = 0;
    for (; i < first && i <= last; i++) judge.add(order.rows()[i]);
    int32_t places[batchRoom];
    double scores[batchRoom];
    while (i <= last) {
      const int64_t to = std::min(last + 1, i + batch);
      int64_t cuts = 0;
      for (; i < to; i++) {
        judge.add(order.rows()[i]);
        judge.put(cuts);
        places[cuts] = static_cast<int32_t>(i);
        cuts += order.ends()[i];
      }
      if (cuts == 0) continue;
      judge.scores(cuts, scores);
      for (int64_t j = 0; j < cuts; j++)
        if (scores[j] > best.score) {
          best = {scores[j], places[j], places[j] + 1 + onLeft, way == 1};
          found = true;
        }
    }
  }
  return found;
}

template <typename Pairs, typename Score>
struct PairJudge {
  Pairs pairs;
  const CutRules& rules;
  double weight, target, shift;

  PairJudge(const NodeState& node, const CutRules& given, double total, double from)
      : pairs(node.of, from), rules(given), weight(node.weight), target(total), shift(from) {}

  void clear() { pairs.clear(); }
  void add(uint32_t row) { pairs.add(row); }
  void put(int64_t j) { pairs.put(j); }
  void scores(int64_t count, double* out) {
    alignas(64) double w[batchRoom];
    alignas(64) double s[batchRoom];
    pairs.unpack(count, w, s);
    for (int64_t j = count; j < count + lanes<double>; j++) w[j] = s[j] = 0;
    const F64 W = splat<double>(weight), S = splat<double>(target);
    for (int64_t j = 0; j < count; j += lanes<double>)
      store(out + j, Score::of(load(w + j), load(s + j), W, S));
    if (rules.leastWeight > 0 || rules.sign != 0)
      for (int64_t j = 0; j < count; j++) {
        const double rest = weight - w[j];
        if (!keeps(rules, w[j], rest, shift + s[j] / w[j], shift + (target - s[j]) / rest)) out[j] = nowhere;
      }
  }
};

/// Two classes and numbers.
template <typename Pairs, typename Score>
class PairImpurity : public Impurity {
 public:
  bool search(const NodeState& node, const NodeOrder& order, const CutRules& rules, Cut& best) override {
    const double shift = shiftOf(node);
    PairJudge<Pairs, Score> judge(node, rules, totalOf(node, shift), shift);
    return searchBothWays(judge, order, rules, best);
  }

  double scoreOf(const NodeState& node, const uint32_t* left, int64_t leftRows, const CutRules& rules) override {
    if (leftRows < rules.leastRows || node.count - leftRows < rules.leastRows) return nowhere;
    const double shift = shiftOf(node);
    Pairs pairs(node.of, shift);
    for (int64_t i = 0; i < leftRows; i++) pairs.add(left[i]);
    const double total = totalOf(node, shift);
    const double w = pairs.weight(), s = pairs.target(), rest = node.weight - w;
    if (!keeps(rules, w, rest, shift + s / w, shift + (total - s) / rest)) return nowhere;
    return scoreOne<Score>(w, s, node.weight, total);
  }

 protected:
  /// What is taken from targets before they are summed, so that large ones of small spread keep their digits.
  virtual double shiftOf(const NodeState&) const { return 0; }
  /// Σ w (target − shift).
  virtual double totalOf(const NodeState& node, double) const { return node.sums[outputs - 1]; }
};

template <typename Rows, typename Pairs, typename Score>
class BinaryImpurity : public PairImpurity<Pairs, Score> {
 public:
  BinaryImpurity() { this->outputs = 2; }

  void measure(const TargetRows& of, const uint32_t* rows, int64_t count, double* sums, double& weight,
               double& impurity) override {
    Pairs pairs(of, 0);
    for (int64_t i = 0; i < count; i++) pairs.add(rows[i]);
    weight = pairs.weight();
    sums[1] = pairs.target();
    sums[0] = weight - sums[1];
    const double p = sums[1] / weight, q = sums[0] / weight;
    impurity = std::is_same<Score, EntropyScore>::value ? -(xLogX(p) + xLogX(q)) / std::log(2.0) : 1 - p * p - q * q;
  }
  double valueOf(const double* sums, double weight) const override { return sums[1] / weight; }
  void finish(double* sums, double weight) const override {
    sums[0] /= weight;
    sums[1] /= weight;
  }
};

template <bool weighted, typename Score>
class MeanImpurity : public PairImpurity<PlainPairs<weighted, TargetAsNumber>, Score> {
  static constexpr bool squares = std::is_same<Score, SquaresScore>::value;

 public:
  void measure(const TargetRows& of, const uint32_t* rows, int64_t count, double* sums, double& weight,
               double& impurity) override {
    double total = 0;
    weight = 0;
    for (int64_t i = 0; i < count; i++) {
      const double w = weighted ? of.weights[rows[i]] : 1.0;
      weight += w;
      total += w * of.targets[rows[i]];
    }
    sums[0] = total;
    const double mean = total / weight;
    double sum = 0;
    for (int64_t i = 0; i < count; i++) {
      const double w = weighted ? of.weights[rows[i]] : 1.0;
      const double y = of.targets[rows[i]];
      sum += squares ? w * (y - mean) * (y - mean) : y > 0 ? w * y * std::log(y / mean) : 0;
    }
    impurity = !squares && total <= 2.220446049250313e-16 ? __builtin_inf() : sum / weight;
  }
  double valueOf(const double* sums, double weight) const override { return sums[0] / weight; }
  void finish(double* sums, double weight) const override { sums[0] /= weight; }

 protected:
  double shiftOf(const NodeState& node) const override { return squares ? node.sums[0] / node.weight : 0; }
  double totalOf(const NodeState& node, double shift) const override {
    return squares ? node.sums[0] - node.weight * shift : node.sums[0];
  }
};

/// Three classes and more: what a row changes on either side is added up, whatever the number of classes.
template <typename Rows, bool entropy>
struct ClassJudge {
  Rows rows;
  const CutRules& rules;
  const NodeState& node;
  int32_t classes;
  double* left;  // weights of the classes on the left
  double weight, leftTerm, rightTerm;
  double w[batchRoom], l[batchRoom], r[batchRoom];

  ClassJudge(const CutRules& given, const NodeState& of, int32_t count, double* room)
      : rows(of.of), rules(given), node(of), classes(count), left(room) {}

  void clear() {
    weight = leftTerm = rightTerm = 0;
    for (int32_t c = 0; c < classes; c++) {
      left[c] = 0;
      rightTerm += entropy ? xLogX(node.sums[c]) : node.sums[c] * node.sums[c];
    }
  }
  void add(uint32_t row) {
    const uint32_t c = rows.code(row);
    const double v = rows.weight(row);
    const double before = left[c], rest = node.sums[c] - before;
    left[c] = before + v;
    weight += v;
    if (entropy) {
      leftTerm += xLogX(before + v) - xLogX(before);
      rightTerm += xLogX(rest - v) - xLogX(rest);
    } else {
      leftTerm += v * (before + before + v);
      rightTerm -= v * (rest + rest - v);
    }
  }
  void put(int64_t j) {
    w[j] = weight;
    l[j] = leftTerm;
    r[j] = rightTerm;
  }
  void scores(int64_t count, double* out) const {
    for (int64_t j = 0; j < count; j++) out[j] = score(w[j], l[j], r[j]);
    if (rules.leastWeight > 0)
      for (int64_t j = 0; j < count; j++)
        if (!keeps(rules, w[j], node.weight - w[j], 0, 0)) out[j] = nowhere;
  }
  double score(double onLeft, double leftSum, double rightSum) const {
    const double rest = node.weight - onLeft;
    return entropy ? leftSum - xLogX(onLeft) + rightSum - xLogX(rest) : leftSum / onLeft + rightSum / rest;
  }
};

template <typename Rows, bool entropy>
class ClassImpurity : public Impurity {
 public:
  explicit ClassImpurity(int32_t classes) { outputs = classes; }

  void measure(const TargetRows& of, const uint32_t* rows, int64_t count, double* sums, double& weight,
               double& impurity) override {
    const Rows from(of);
    for (int32_t c = 0; c < outputs; c++) sums[c] = 0;
    weight = 0;
    for (int64_t i = 0; i < count; i++) {
      const double w = from.weight(rows[i]);
      sums[from.code(rows[i])] += w;
      weight += w;
    }
    double sum = 0;
    for (int32_t c = 0; c < outputs; c++) {
      const double share = sums[c] / weight;
      sum += entropy ? xLogX(share) : share * share;
    }
    impurity = entropy ? -sum / std::log(2.0) : 1 - sum;
  }

  bool search(const NodeState& node, const NodeOrder& order, const CutRules& rules, Cut& best) override {
    double few[64];
    std::vector<double> many(outputs > 64 ? static_cast<size_t>(outputs) : 0);
    Judge judge(rules, node, outputs, outputs > 64 ? many.data() : few);
    return searchBothWays(judge, order, rules, best);
  }

  double scoreOf(const NodeState& node, const uint32_t* left, int64_t leftRows, const CutRules& rules) override {
    if (leftRows < rules.leastRows || node.count - leftRows < rules.leastRows) return nowhere;
    std::vector<double> onLeft(static_cast<size_t>(outputs));
    Judge judge(rules, node, outputs, onLeft.data());
    judge.clear();
    for (int64_t i = 0; i < leftRows; i++) judge.add(left[i]);
    if (!keeps(rules, judge.weight, node.weight - judge.weight, 0, 0)) return nowhere;
    return judge.score(judge.weight, judge.leftTerm, judge.rightTerm);
  }

  double valueOf(const double* sums, double weight) const override { return sums[outputs - 1] / weight; }
  void finish(double* sums, double weight) const override {
    for (int32_t c = 0; c < outputs; c++) sums[c] /= weight;
  }

 private:
  using Judge = ClassJudge<Rows, entropy>;
};

template <typename Score, bool entropy>
std::unique_ptr<Impurity> ofClasses(int32_t classes, bool packed, bool weighted) {
  using Coded = PlainPairs<true, CodeAsNumber>;
  using CodedAlone = PlainPairs<false, CodeAsNumber>;
  if (classes == 2) {
    if (packed) return std::make_unique<BinaryImpurity<PackedRows, PackedPairs, Score>>();
    if (weighted) return std::make_unique<BinaryImpurity<CodedRows<true>, Coded, Score>>();
    return std::make_unique<BinaryImpurity<CodedRows<false>, CodedAlone, Score>>();
  }
  if (packed) return std::make_unique<ClassImpurity<PackedRows, entropy>>(classes);
  if (weighted) return std::make_unique<ClassImpurity<CodedRows<true>, entropy>>(classes);
  return std::make_unique<ClassImpurity<CodedRows<false>, entropy>>(classes);
}

}  // namespace

std::unique_ptr<Impurity> makeAbsoluteError();

std::unique_ptr<Impurity> makeImpurity(ImpurityKind kind, int32_t classes, bool packed, bool weighted) {
  switch (kind) {
    case ImpurityKind::gini:
      return ofClasses<SquaresScore, false>(classes, packed, weighted);
    case ImpurityKind::entropy:
      return ofClasses<EntropyScore, true>(classes, packed, weighted);
    case ImpurityKind::squaredError:
      if (weighted) return std::make_unique<MeanImpurity<true, SquaresScore>>();
      return std::make_unique<MeanImpurity<false, SquaresScore>>();
    case ImpurityKind::poisson:
      if (weighted) return std::make_unique<MeanImpurity<true, PoissonScore>>();
      return std::make_unique<MeanImpurity<false, PoissonScore>>();
    case ImpurityKind::absoluteError:
      return makeAbsoluteError();
  }
  return nullptr;
}

}  // namespace athanor

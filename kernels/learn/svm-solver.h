// Support vectors by sequential minimal optimisation (Platt 1998) with second-order working sets (Fan,
// Chen & Lin 2005) and shrinking, as in LIBSVM (Chang & Lin 2011). One form serves all machines:
//   minimise ½ βᵀKβ − targetᵀβ + ε·Σ|β|, low ≤ β ≤ high, Σβ as it was at the start:
// classification with β = yα, target = y, ε = 0; regression with β = α − α*; one class with target = 0.
#pragma once
#include <cstdint>
#include <vector>

#include "learn/crew.h"
#include "learn/svm-cache.h"
#include "learn/svm-points.h"

namespace athanor {

struct SolverSettings {
  /// Half the width of regression's tube.
  double epsilon = 0;
  double tolerance = 1e-3;
  /// Below 0: no limit.
  int64_t mostIterations = -1;
  bool shrinking = true;
};

struct Problem {
  /// Rows of the source.
  const int32_t* rows = nullptr;
  int64_t count = 0;
  const double* target = nullptr;
  const double* low = nullptr;
  const double* high = nullptr;
  /// β at the start, or nullptr for zeros.
  const double* start = nullptr;
  /// Rows whose decision values are wanted.
  const int32_t* askedRows = nullptr;
  int64_t askedCount = 0;

  double* beta = nullptr;
  double* decisions = nullptr;
  double rho = 0;
  int64_t iterations = 0;
  bool converged = true;
};

class SvmSolver {
 public:
  /// False where memory is out.
  bool open(const Source& source, const KernelFunction& kernel, const SolverSettings& settings, Problem* problem,
            int64_t cacheBytes);
  /// Works for about `work` nanoseconds of one thread; adds what it took to `done`.
  Step advance(const Crew& crew, double work, double* done);
  /// From 0 to 1, by the logarithm of the gap.
  double fraction() const { return fraction_; }
  int64_t points() const { return points_.count(); }

 private:
  enum class Phase { begin, gradient, iterate, ask, done };
  struct Top {
    double value = -1e300;
    int64_t point = -1;
  };
  struct Bottom {
    double score = 0;
    int64_t point = -1;
    double least = 1e300;
  };

  void setShifts(int64_t point);
  void setBeyond(int64_t from);
  const float* rowOf(const Crew& crew, int64_t point, int which);
  template <typename F>
  void pass(const Crew& crew, F body);
  Top findTop(const Crew& crew);
  Top moveAndFindTop(const Crew& crew, const float* up, double upStep, const float* down, double downStep);
  Bottom findBottom(const Crew& crew, const float* row, const Top& top);
  void iterate(const Crew& crew);
  void seeAll();
  bool shrink(double top, double least);
  void finish();
  bool finite() const;

  void wantGradient();
  bool gradientPart(const Crew& crew);
  void wantDecisions();
  bool decisionPart(const Crew& crew);
  template <typename F>
  bool inParts(const Crew& crew, int64_t end, int64_t size, double work, F body);

  Source source_;
  SolverSettings settings_;
  Problem* problem_ = nullptr;
  KernelPoints points_;
  RowCache cache_;
  Phase phase_ = Phase::begin;
  double done_ = 0;
  double fraction_ = 0;
  double firstGap_ = 0;

  // By place: points that are active come first.
  AlignedArray<int32_t> local_;
  AlignedArray<double> beta_, low_, high_, target_, diagonal_;
  /// target − Kβ: the negative gradient without ε.
  AlignedArray<double> value_;
  /// value + upShift is what a step up gains, value + downShift what a step down loses; far beyond
  /// all others where β can't go there.
  AlignedArray<double> upShift_, downShift_;
  AlignedArray<double> moved_;
  AlignedArray<double> room_;
  int64_t active_ = 0;
  int64_t untilShrink_ = 0;
  bool sawAll_ = false;
  bool haveTop_ = false;
  Top top_;
  std::vector<Top> tops_;
  std::vector<Bottom> bottoms_;

  /// Rows longer than the cache's, for a moment: that of the top and that of the bottom.
  AlignedArray<float> longRows_[2];

  /// Points from `from` to where the set before begins were set aside when β, by first places, was
  /// this; their values then are in aside_.
  struct Aside {
    int64_t from;
    std::vector<double> beta;
  };
  std::vector<Aside> sets_;
  AlignedArray<double> aside_;

  // Sums over support vectors, taken in parts: those whose β counts, and by how much.
  std::vector<int32_t> supports_;
  std::vector<double> weights_;
  int64_t next_ = 0;
  int64_t end_ = 0;
};

}  // namespace athanor

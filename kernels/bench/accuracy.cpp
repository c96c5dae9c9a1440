// Holds the functions of vector-math.h to their stated bounds in units in the last place, against long
// double (x86). From kernels/:
//   g++ -std=c++17 -O2 -march=native -o /tmp/accuracy bench/accuracy.cpp elementwise.cpp large-angle.cpp \
//     && /tmp/accuracy
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

#include "../elementwise.h"

using namespace athanor;
using Exact = long double (*)(long double);

static int failures = 0;

template <typename T>
static double unitsOff(long double want, T got) {
  if (std::isnan(want)) return std::isnan(got) ? 0 : 1e30;
  if (std::isinf(static_cast<T>(want))) return got == static_cast<T>(want) ? 0 : 1e30;
  if (std::isnan(got) || std::isinf(got)) return 1e30;
  constexpr int digits = sizeof(T) == 4 ? 24 : 53, lowest = sizeof(T) == 4 ? -125 : -1021;
  int exponent;
  std::frexp(want, &exponent);
  if (exponent < lowest) exponent = lowest;
  return static_cast<double>(std::fabs(static_cast<long double>(got) - want) /
                             std::ldexp(1.0L, exponent - digits));
}

template <typename T>
static std::vector<T> apply(RegisterOp op, const std::vector<T>& x, const std::vector<T>& y) {
  std::vector<T> z(x.size());
  rowFunction<T>(op)(z.data(), x.data(), lanes<T>, y.data(), lanes<T>, x.data(), lanes<T>,
                     static_cast<int64_t>(x.size()));
  return z;
}

static void report(const char* name, int bytes, double worst, double at, double bound) {
  const bool failed = !(worst <= bound);
  failures += failed;
  printf("%-9s float%d  %8.2f ulp (bound %g) at %.9g%s\n", name, 8 * bytes, worst, bound, at,
         failed ? "  TOO FAR" : "");
}

/// Evenly over [low, high], evenly in the logarithm over [e^low, e^high] of both signs where the
/// function has them, and at the edges of the range.
template <typename T>
static void check(const char* name, RegisterOp op, Exact exact, double bound, double low, double high,
                  bool negative = true) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> linear(low, high), exponent(-40, std::log(high));
  std::vector<T> x = {T(0.0), T(-0.0), T(1), T(NAN), T(INFINITY)};
  if (negative) x.insert(x.end(), {T(-1), T(-INFINITY)});
  for (int i = 0; i < 200000; i++) {
    x.push_back(static_cast<T>(linear(random)));
    const double size = std::exp(exponent(random));
    x.push_back(static_cast<T>(negative && i % 2 && -size > low ? -size : size));
  }
  const std::vector<T> y = apply<T>(op, x, x);
  double worst = 0, at = 0;
  for (size_t i = 0; i < x.size(); i++) {
    const double off = unitsOff<T>(exact(x[i]), y[i]);
    if (off > worst) worst = off, at = x[i];
  }
  report(name, sizeof(T), worst, at, bound);
}

template <typename T>
static void checkPower(double bound, double logOfBase, double exponent) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> base(-logOfBase, logOfBase), power(-exponent, exponent);
  std::vector<T> x, y;
  const double edges[] = {0.0, -0.0, 1, -1, 2, -2, 0.5, 3, -3, 2.5, 1e16, -1e16, INFINITY, -INFINITY, NAN};
  for (double a : edges)
    for (double b : edges) x.push_back(static_cast<T>(a)), y.push_back(static_cast<T>(b));
  for (int i = 0; i < 100000; i++) {
    x.push_back(static_cast<T>(std::exp(base(random))));
    y.push_back(static_cast<T>(power(random)));
  }
  const std::vector<T> z = apply<T>(RegisterOp::power, x, y);
  double worst = 0, at = 0;
  for (size_t i = 0; i < x.size(); i++) {
    const double off = unitsOff<T>(std::pow(static_cast<long double>(x[i]), static_cast<long double>(y[i])), z[i]);
    if (off > worst) worst = off, at = x[i];
  }
  report("pow", sizeof(T), worst, at, bound);
}

template <typename T>
static void checkAll() {
  const bool isFloat = sizeof(T) == 4;
  using L = long double;
  check<T>("exp", RegisterOp::exp, [](L x) { return std::exp(x); }, 2, isFloat ? -86 : -700, isFloat ? 88.7 : 709);
  check<T>("expm1", RegisterOp::expm1, [](L x) { return std::expm1(x); }, 3, -30, isFloat ? 88 : 709);
  check<T>("log", RegisterOp::log, [](L x) { return std::log(x); }, 1, 1e-30, 1e30, false);
  check<T>("log", RegisterOp::log, [](L x) { return std::log(x); }, 1, 0.5, 2, false);
  check<T>("log1p", RegisterOp::log1p, [](L x) { return std::log1p(x); }, 1, -0.999, 3);
  check<T>("tanh", RegisterOp::tanh, [](L x) { return std::tanh(x); }, 3, -10, 10);
  check<T>("sigmoid", RegisterOp::sigmoid, [](L x) { return 1 / (1 + std::exp(-x)); }, 3, -80, 80);
  check<T>("softplus", RegisterOp::softplus,
           [](L x) { return (x > 0 || x != x ? x : L(0)) + std::log1p(std::exp(-std::fabs(x))); }, 2, -80, 80);
  check<T>("erf", RegisterOp::erf, [](L x) { return std::erf(x); }, 2, -6, 6);
  check<T>("sin", RegisterOp::sin, [](L x) { return std::sin(x); }, 1, -1e3, 1e6);
  check<T>("cos", RegisterOp::cos, [](L x) { return std::cos(x); }, 1, -1e3, 1e18);
  check<T>("sqrt", RegisterOp::sqrt, [](L x) { return std::sqrt(x); }, 0.5, 0, 1e10, false);
  check<T>("round", RegisterOp::round, [](L x) { return std::rint(x); }, 0, -1e3, 1e3);
  check<T>("floor", RegisterOp::floor, [](L x) { return std::floor(x); }, 0, -1e3, 1e3);
  check<T>("ceil", RegisterOp::ceil, [](L x) { return std::ceil(x); }, 0, -1e3, 1e3);
  checkPower<T>(isFloat ? 1 : 2, 5, 10);
  if (!isFloat) checkPower<T>(8, 100, 7);
}

int main() {
  checkAll<float>();
  checkAll<double>();
  return failures > 0;
}

// Times for the benchmarks in this folder: the fastest of many short runs.
#pragma once
#include <chrono>

/// Fewest seconds that `body` took, over at least `seconds` and `fewest` runs.
template <typename F>
double fastest(F body, double seconds = 0.3, int fewest = 5) {
  using Clock = std::chrono::steady_clock;
  double best = 1e30;
  const auto start = Clock::now();
  for (int i = 0; i < fewest || std::chrono::duration<double>(Clock::now() - start).count() < seconds; i++) {
    const auto before = Clock::now();
    body();
    const double took = std::chrono::duration<double>(Clock::now() - before).count();
    if (took < best) best = took;
  }
  return best;
}

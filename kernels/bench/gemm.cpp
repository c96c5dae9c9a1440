// Matrix products against OpenBLAS (for this measurement only), in GFLOP/s. From kernels/:
//   g++ -std=c++17 -O3 -march=native -fno-math-errno -fno-trapping-math -pthread -o /tmp/gemm \
//     bench/gemm.cpp $(ls *.cpp | grep -v addon) -lopenblas && /tmp/gemm 1
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "../gemm.h"
#include "../pool.h"
#include "clock.h"

extern "C" {
void openblas_set_num_threads(int);
void cblas_sgemm(int, int, int, int, int, int, float, const float*, int, const float*, int, float,
                 float*, int);
void cblas_dgemm(int, int, int, int, int, int, double, const double*, int, const double*, int, double,
                 double*, int);
}

using namespace athanor;

static void blas(int ta, int tb, int m, int n, int k, const float* a, const float* b, float* c) {
  cblas_sgemm(101, ta ? 112 : 111, tb ? 112 : 111, m, n, k, 1, a, ta ? m : k, b, tb ? k : n, 0, c, n);
}
static void blas(int ta, int tb, int m, int n, int k, const double* a, const double* b, double* c) {
  cblas_dgemm(101, ta ? 112 : 111, tb ? 112 : 111, m, n, k, 1, a, ta ? m : k, b, tb ? k : n, 0, c, n);
}

template <typename T>
static void measure(Runtime& runtime, int m, int k, int n, bool ta, bool tb, bool quick) {
  std::vector<T> a(size_t(m) * k), b(size_t(k) * n), c(size_t(m) * n), d(size_t(m) * n);
  for (auto& x : a) x = T(rand() % 2001 - 1000) / 1000;
  for (auto& x : b) x = T(rand() % 2001 - 1000) / 1000;
  const MatmulArguments arguments{sizeof(T) == 4 ? DType::float32 : DType::float64,
                                  1,
                                  m,
                                  n,
                                  k,
                                  {a.data(), 0, ta ? 1 : k, ta ? m : 1},
                                  {b.data(), 0, tb ? 1 : n, tb ? k : 1},
                                  c.data(),
                                  nullptr,
                                  RegisterOp::copy,
                                  {}};
  const double flops = 2.0 * m * n * k;
  const int inner = flops < 1e7 ? int(1e7 / flops) + 1 : 1;
  const double length = quick ? 0.1 : 0.4;
  double ours = 1e30, theirs = 1e30;
  for (int i = 0; i < 2; i++) {
    const double x = fastest([&] { for (int r = 0; r < inner; r++) run(runtime, arguments); }, length) / inner;
    const double y =
        fastest([&] { for (int r = 0; r < inner; r++) blas(ta, tb, m, n, k, a.data(), b.data(), d.data()); }, length) /
        inner;
    if (x < ours) ours = x;
    if (y < theirs) theirs = y;
  }
  double worst = 0;
  for (size_t i = 0; i < c.size(); i++) {
    const double e = double(c[i]) - double(d[i]);
    if ((e < 0 ? -e : e) > worst) worst = e < 0 ? -e : e;
  }
  printf("%s %5d x %5d x %5d %c%c  %9.2f us  %7.1f GFLOP/s  OpenBLAS %7.1f  ratio %.2f  difference %.1e\n",
         sizeof(T) == 4 ? "f32" : "f64", m, k, n, ta ? 'T' : 'N', tb ? 'T' : 'N', ours * 1e6,
         flops / ours * 1e-9, flops / theirs * 1e-9, theirs / ours, worst);
  if (arguments.plan.release) arguments.plan.release(arguments.plan.data);
}

int main(int argc, char** argv) {
  const int wanted = argc > 1 ? atoi(argv[1]) : 1;
  const bool quick = argc > 2;
  Runtime& runtime = *sharedRuntime();
  setThreads(runtime, wanted);
  openblas_set_num_threads(wanted);
  struct {
    int m, k, n;
    bool ta, tb;
  } shapes[] = {
      // M × K × N; a training step of a dense layer is NN, TN (weight gradient), NT (input gradient).
      {128, 784, 512, false, false},   {784, 128, 512, true, false},   {128, 512, 784, false, true},
      {128, 512, 256, false, false},   {512, 128, 256, true, false},   {128, 256, 512, false, true},
      {128, 256, 10, false, false},    {256, 128, 10, true, false},    {128, 10, 256, false, true},
      {256, 1024, 2048, false, false}, {256, 2048, 2048, false, false}, {2048, 256, 2048, true, false},
      {256, 2048, 2048, false, true},  {256, 2048, 1000, false, false}, {2048, 256, 1000, true, false},
      {256, 1000, 2048, false, true},  {1024, 1024, 1024, false, false}, {32, 64, 64, false, false},
      {64, 32, 64, true, false},       {32, 64, 64, false, true},      {32, 4, 16, false, false},
      {4, 32, 16, true, false},        {32, 16, 3, false, false},      {32, 3, 16, false, true},
      {1, 512, 512, false, false},     {1, 2048, 2048, false, true},   {1000, 64, 1, false, false},
  };
  for (const auto& s : shapes) measure<float>(runtime, s.m, s.k, s.n, s.ta, s.tb, quick);
  measure<double>(runtime, 256, 1024, 1024, false, false, quick);
  measure<double>(runtime, 1024, 256, 1024, true, true, quick);
}

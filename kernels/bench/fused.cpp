// Fused kernels: time an element and bytes a second. From kernels/:
//   g++ -std=c++17 -O3 -march=native -fno-math-errno -fno-trapping-math -pthread -o /tmp/fused \
//     bench/fused.cpp $(ls *.cpp | grep -v addon) && /tmp/fused 1
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "../instructions.h"
#include "../pool.h"
#include "clock.h"

using namespace athanor;
using R = RegisterOp;

struct Kernel {
  std::vector<int64_t> shape;
  std::vector<std::vector<int64_t>> strides;
  std::vector<double> constants;
  std::vector<RegisterLine> lines;
  int registers;
  std::vector<FusedOutput> outputs;
  int64_t outer = 1, reduced = 1, inner = 1;
};

static void measure(const char* name, Runtime& runtime, Kernel kernel, std::vector<void*> inputs, double bytes) {
  std::vector<FusedInput> input;
  int64_t size = 1;
  for (int64_t n : kernel.shape) size *= n;
  for (size_t i = 0; i < inputs.size(); i++)
    input.push_back({inputs[i], DType::float32, size, kernel.strides[i].data()});
  const FusedArguments a{DType::float32,
                         int(kernel.shape.size()),
                         kernel.shape.data(),
                         int(input.size()),
                         input.data(),
                         int(kernel.constants.size()),
                         kernel.constants.data(),
                         int(kernel.lines.size()),
                         kernel.lines.data(),
                         kernel.registers,
                         int(kernel.outputs.size()),
                         kernel.outputs.data(),
                         kernel.outer,
                         kernel.reduced,
                         kernel.inner,
                         size,
                         {}};
  const int inner = size < 100000 ? int(200000 / size) + 1 : 1;
  const double s = fastest([&] { for (int r = 0; r < inner; r++) run(runtime, a); }, 0.2) / inner;
  printf("%-34s %9lld  %10.3f us  %7.3f ns/element  %6.1f GB/s\n", name, (long long)size, s * 1e6,
         s * 1e9 / size, bytes * size / s * 1e-9);
  if (a.plan.release) a.plan.release(a.plan.data);
}

static float* numbers(int64_t n) {
  float* p = static_cast<float*>(aligned_alloc(64, (n * 4 + 63) & ~int64_t(63)));
  for (int64_t i = 0; i < n; i++) p[i] = float(rand() % 1000) / 1000 + 0.001f;
  return p;
}

int main(int argc, char** argv) {
  Runtime& runtime = *sharedRuntime();
  setThreads(runtime, argc > 1 ? atoi(argv[1]) : 1);
  const int64_t most = 4 << 20;
  float *p = numbers(most), *m = numbers(most), *v = numbers(most), *g = numbers(most), *o = numbers(most);
  float* scalar = numbers(16);
  for (int64_t n : {16, 200, 2048, 4096, 33000, 400000, 4 << 20}) {
    // m += (g − m)(1 − β1); v += (g² − v)(1 − β2); p −= rate · m / (√v + ε)
    Kernel adam{{n},
                {{1}, {1}, {1}, {1}, {0}},
                {0.1, 0.001, 1e-7},
                {
                    {R::subtract, 0, {3, 1, 0}},
                    {R::multiplyAdd, 1, {8, 5, 1}},
                    {R::square, 0, {3, 0, 0}},
                    {R::subtract, 0, {8, 2, 0}},
                    {R::multiplyAdd, 2, {8, 6, 2}},
                    {R::sqrt, 0, {10, 0, 0}},
                    {R::add, 0, {8, 7, 0}},
                    {R::divide, 0, {9, 8, 0}},
                    {R::multiply, 0, {8, 4, 0}},
                    {R::subtract, 0, {0, 8, 0}},
                },
                3,
                {{p, DType::float32, 8, ReduceKind::none},
                 {m, DType::float32, 9, ReduceKind::none},
                 {v, DType::float32, 10, ReduceKind::none}}};
    measure("Adam", runtime, adam, {p, m, v, g, scalar}, 28);
  }
  for (int64_t n : {48, 640, 65536, 4 << 20}) {
    Kernel relu{{n}, {{1}}, {}, {{R::relu, 0, {0, 0, 0}}}, 1, {{o, DType::float32, 1, ReduceKind::none}}};
    measure("relu", runtime, relu, {p}, 8);
    Kernel add{{n}, {{1}, {1}}, {}, {{R::add, 0, {0, 1, 0}}}, 1, {{o, DType::float32, 2, ReduceKind::none}}};
    measure("add", runtime, add, {p, m}, 12);
    Kernel tanh{{n}, {{1}}, {}, {{R::tanh, 0, {0, 0, 0}}}, 1, {{o, DType::float32, 1, ReduceKind::none}}};
    measure("tanh", runtime, tanh, {p}, 8);
  }
  const int64_t shapes[][2] = {{32, 64}, {128, 512}, {256, 2048}, {32, 3}, {128, 10}};
  for (auto& s : shapes) {
    const int64_t rows = s[0], columns = s[1];
    Kernel bias{{rows, columns}, {{columns, 1}, {0, 1}}, {}, {{R::add, 0, {0, 1, 0}}, {R::relu, 0, {2, 0, 0}}}, 1, {{o, DType::float32, 2, ReduceKind::none}}};
    measure("relu(x + row)", runtime, bias, {p, m}, 8);
    Kernel sum{{rows, columns}, {{columns, 1}}, {}, {}, 0, {{o, DType::float32, 0, ReduceKind::sum}}, 1, rows, columns};
    measure("sum of the first axis", runtime, sum, {p}, 4);
    Kernel gradient{{rows, columns}, {{columns, 1}, {columns, 1}}, {0}, {{R::greater, 0, {0, 2, 0}}, {R::multiply, 0, {3, 1, 0}}}, 1,
                    {{o, DType::float32, 3, ReduceKind::none}, {v, DType::float32, 3, ReduceKind::sum}}, 1, rows, columns};
    measure("relu gradient and its column sums", runtime, gradient, {p, m}, 12);
    Kernel last{{rows, columns}, {{columns, 1}}, {}, {}, 0, {{o, DType::float32, 0, ReduceKind::sum}}, rows, columns, 1};
    measure("sum of the last axis", runtime, last, {p}, 4);
    Kernel all{{rows, columns}, {{columns, 1}}, {}, {{R::square, 0, {0, 0, 0}}}, 1, {{o, DType::float32, 1, ReduceKind::sum}}, 1, rows * columns, 1};
    measure("sum of squares", runtime, all, {p}, 4);
  }
}

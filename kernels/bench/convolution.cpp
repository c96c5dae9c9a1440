// 3 × 3 convolutions and their gradients: milliseconds, multiply-adds of the plain way a second, and the
// greatest difference from float64. From kernels/:
//   g++ -std=c++17 -O3 -march=native -fno-math-errno -fno-trapping-math -pthread -o /tmp/convolution \
//     bench/convolution.cpp $(ls *.cpp | grep -v addon) && /tmp/convolution 1
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "../instructions.h"
#include "../pool.h"
#include "clock.h"

using namespace athanor;

template <typename T>
struct Numbers {
  std::vector<T> x, filter, bias, upstream, y, xGradient, filterGradient;
};

static double random(int range) { return double(rand() % (2 * range + 1) - range) / range; }

template <typename T>
static void runAll(Runtime& runtime, const FilterGeometry& g, Numbers<T>& n, int which) {
  const DType dtype = sizeof(T) == 4 ? DType::float32 : DType::float64;
  if (which == 0)
    run(runtime, ConvolutionArguments{dtype, g, n.x.data(), n.filter.data(), n.y.data(), n.bias.data(), RegisterOp::relu});
  if (which == 1)
    run(runtime, ConvolutionInputArguments{dtype, g, n.upstream.data(), n.filter.data(), n.xGradient.data()});
  if (which == 2)
    run(runtime, ConvolutionFilterArguments{dtype, g, n.x.data(), n.upstream.data(), n.filterGradient.data()});
}

static double worst(const std::vector<float>& a, const std::vector<double>& b) {
  double difference = 0, greatest = 0;
  for (size_t i = 0; i < a.size(); i++) {
    difference = std::fmax(difference, std::fabs(a[i] - b[i]));
    greatest = std::fmax(greatest, std::fabs(b[i]));
  }
  return difference / greatest;
}

static void measure(Runtime& runtime, int64_t batch, int64_t size, int64_t channels, int64_t outputs, int64_t padding) {
  FilterGeometry g{};
  g.batch = batch;
  g.height = g.width = size;
  g.channels = channels;
  g.outHeight = g.outWidth = size + 2 * padding - 2;
  g.windowHeight = g.windowWidth = 3;
  g.strideHeight = g.strideWidth = g.dilationHeight = g.dilationWidth = g.groups = 1;
  g.top = g.left = padding;
  g.outputs = outputs;
  Numbers<float> n;
  Numbers<double> exact;
  const auto fill = [](std::vector<float>& a, std::vector<double>& b, int64_t count) {
    for (int64_t i = 0; i < count; i++) a.push_back(float(random(1000)));
    b.assign(a.begin(), a.end());
  };
  fill(n.x, exact.x, batch * size * size * channels);
  fill(n.filter, exact.filter, 9 * channels * outputs);
  fill(n.bias, exact.bias, outputs);
  fill(n.upstream, exact.upstream, batch * g.outHeight * g.outWidth * outputs);
  n.y.resize(n.upstream.size());
  n.xGradient.resize(n.x.size());
  n.filterGradient.resize(n.filter.size());
  exact.y.resize(n.y.size());
  exact.xGradient.resize(n.x.size());
  exact.filterGradient.resize(n.filter.size());
  const double work = 2.0 * batch * g.outHeight * g.outWidth * 9 * channels * outputs;
  std::printf("%3dx%dx%dx%d -> %d pad %d:", int(batch), int(size), int(size), int(channels), int(outputs), int(padding));
  for (int which = 0; which < 3; which++) {
    runAll(runtime, g, exact, which);
    const double time = fastest([&] { runAll(runtime, g, n, which); }, 0.5);
    const double error = which == 0 ? worst(n.y, exact.y)
                         : which == 1 ? worst(n.xGradient, exact.xGradient)
                                      : worst(n.filterGradient, exact.filterGradient);
    std::printf("  %7.3f ms %4.0f GFLOP/s %.0e", time * 1e3, work / time / 1e9, error);
  }
  std::printf("\n");
}

int main(int count, char** arguments) {
  Runtime* const runtime = sharedRuntime();
  setThreads(*runtime, count > 1 ? atoi(arguments[1]) : 1);
  std::printf("forward, gradient of the input, gradient of the filter\n");
  measure(*runtime, 128, 26, 32, 64, 0);
  measure(*runtime, 64, 32, 16, 16, 1);
  measure(*runtime, 64, 16, 32, 32, 1);
  measure(*runtime, 64, 8, 64, 64, 1);
  measure(*runtime, 8, 28, 128, 128, 1);
  measure(*runtime, 16, 14, 256, 256, 1);
  measure(*runtime, 16, 7, 512, 512, 1);
  measure(*runtime, 3, 13, 20, 18, 1);
}

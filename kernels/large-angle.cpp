// Payne & Hanek (1983): x mod π/2 for large x, by the bits of 2/π that matter for it.
#include "vector-math.h"

namespace athanor {

namespace {

/// 2/π = Σ word[i] · 2^(−32 (i + 1)).
constexpr uint32_t twoOverPi[] = {
    0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu,
    0xdebbc561u, 0xb7246e3au, 0x424dd2e0u, 0x06492eeau, 0x09d1921cu, 0xfe1deb1cu, 0xb129a73eu,
    0xe88235f5u, 0x2ebb4484u, 0xe99c7026u, 0xb45f7e41u, 0x3991d639u, 0x835339f4u, 0x9c845f8bu,
    0xbdf9283bu, 0x1ff897ffu, 0xde05980fu, 0xef2f118bu, 0x5a0a6d1fu, 0x6d367ecfu, 0x27cb09b7u,
    0x4f463f66u, 0x9e5fea2du, 0x7527bac7u, 0xebe5f17bu, 0x3d0739f7u, 0x8a5292eau, 0x6bfb5fb1u,
    0x1f8d5d08u, 0x56033046u, 0xfc7b6babu, 0xf0cfbc20u, 0x9af4361du};

constexpr int used = 7;             // words of 2/π that enter the product
constexpr int words = used + 2;     // of the product, the lowest first

/// 48 bits of `product` whose highest has the place `top`, as an integer.
uint64_t bitsBelow(const uint32_t* product, int top) {
  uint64_t value = 0;
  for (int bit = top; bit > top - 48; bit--) {
    const bool inside = bit >= 0 && bit < 32 * words;
    value = value << 1 | (inside ? (product[bit / 32] >> (bit % 32)) & 1 : 0);
  }
  return value;
}

}  // namespace

int reduceLargeAngle(double x, double& high, double& low) {
  const uint64_t bits = bitsAs<uint64_t>(x);
  const int field = static_cast<int>(bits >> 52 & 0x7ff);
  if (field == 0x7ff) {
    high = low = __builtin_nan("");
    return 0;
  }
  const uint64_t mantissa = (bits & 0xfffffffffffffu) | uint64_t(1) << 52;
  const int exponent = field - 1075;  // |x| = mantissa · 2^exponent
  // Words of higher weight add multiples of 4.
  const int first = exponent < 2 ? 0 : (exponent - 2) / 32;

  uint32_t product[words] = {};
  const uint32_t part[2] = {static_cast<uint32_t>(mantissa), static_cast<uint32_t>(mantissa >> 32)};
  for (int i = 0; i < used; i++) {
    uint64_t carry = 0;
    const uint64_t word = twoOverPi[first + used - 1 - i];
    for (int j = 0; j < 2; j++) {
      carry += word * part[j] + product[i + j];
      product[i + j] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    for (int k = i + 2; k < words && carry != 0; k++) {
      carry += product[k];
      product[k] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
  }
  const int point = 32 * (first + used) - exponent;  // bits behind the binary point
  int quadrant = static_cast<int>(bitsBelow(product, point + 47) & 3);
  if (bitsBelow(product, point - 1) >> 47) {  // fraction ≥ ½: take the one below zero
    quadrant++;
    for (int k = 0; k < words; k++) product[k] = ~product[k];
    low = -1;
  } else {
    low = 1;
  }
  const double sign = x < 0 ? -low : low;
  const double a = static_cast<double>(bitsBelow(product, point - 1)) * 0x1p-48;
  const double b = static_cast<double>(bitsBelow(product, point - 49)) * 0x1p-96;
  const double c = static_cast<double>(bitsBelow(product, point - 97)) * 0x1p-144;
  const double tail = b + c;
  const double h = a + tail;
  const double l = tail - (h - a);

  // times π/2 in two parts
  constexpr double halfPiHigh = 1.57079632679489655800e+00;
  constexpr double halfPiLow = 6.12323399573676603587e-17;
  const F64 rounded = splat<double>(h) * halfPiHigh;
  const double error = productError(splat<double>(h), splat<double>(halfPiHigh), rounded)[0];
  const double rest = error + (h * halfPiLow + l * halfPiHigh);
  const double sum = rounded[0] + rest;
  high = sign * sum;
  low = sign * (rest - (sum - rounded[0]));
  return x < 0 ? -quadrant : quadrant;
}

}  // namespace athanor

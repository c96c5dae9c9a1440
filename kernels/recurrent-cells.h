// What an LSTM, a GRU and a simple recurrent cell compute for one row and one vector of units, forward
// and back. Gates in Keras's order. Hochreiter & Schmidhuber (1997); Cho et al. (2014), with the reset
// gate applied after the product; Elman (1990).
#pragma once
#include "instructions.h"
#include "vector-math.h"

namespace athanor {

/// One row, one vector of units, one step forward. Pointers are to the vector's first unit; gate g of
/// `inputs` and `bias` lies g · units further, of `product` g · lanes, plane p of `record` p · plane.
template <typename T>
struct CellStep {
  const T* inputs;
  const T* product;
  const T* bias;
  const T* hidden;
  T* nextHidden;
  T* cellState;
  T* record;
  int64_t plane;
  int64_t units;
  int count;
  bool keeps;

  ATHANOR_INLINE Vec<T> input(int gate) const { return loadSome(inputs + gate * units, count); }
  ATHANOR_INLINE Vec<T> recurrent(int gate) const { return load<T>(product + gate * lanes<T>); }
  ATHANOR_INLINE void keep(int part, Vec<T> value) const { storeSome(record + part * plane, value, count); }
};

/// One step back. `before` is the record of the step before in time of computation, or nullptr: then
/// `hidden` and `cellState` are the initial states. `forInputs` and `forKernel` (gate g at g · units)
/// receive the gradients of the pre-activations.
template <typename T>
struct CellBack {
  const T* record;
  const T* hiddenBefore;
  const T* cellBefore;
  int64_t plane;
  int64_t units;
  int count;
  T* forInputs;
  T* forRecurrent;
  T* forKernel;
  T* cellGradient;

  ATHANOR_INLINE Vec<T> part(int index) const { return loadSome(record + index * plane, count); }
  ATHANOR_INLINE void give(int gate, Vec<T> value) const {
    storeSome(forInputs + gate * units, value, count);
    storeSome(forKernel + gate * units, value, count);
  }
};

/// Whether padded units (beyond the real ones) stay harmless is seen to by `count`.
struct LstmCell {
  static constexpr int gates = 4, planes = 6;
  static constexpr bool hasCellState = true, hasOwnRecurrentPart = false;

  template <typename T>
  ATHANOR_INLINE static void forward(const CellStep<T>& s) {
    const Vec<T> i = sigmoidOf(s.input(0) + s.recurrent(0));
    const Vec<T> f = sigmoidOf(s.input(1) + s.recurrent(1));
    const Vec<T> g = tanhOf(s.input(2) + s.recurrent(2));
    const Vec<T> o = sigmoidOf(s.input(3) + s.recurrent(3));
    s.keep(2, i);
    s.keep(3, f);
    s.keep(4, g);
    s.keep(5, o);
    const Vec<T> old = load<T>(s.cellState);
    const Vec<T> next = fma(f, old, i * g);
    const Vec<T> cell = s.keeps ? old : next;
    const Vec<T> hidden = s.keeps ? load<T>(s.hidden) : o * tanhOf(next);
    store<T>(s.cellState, cell);
    store<T>(s.nextHidden, hidden);
    s.keep(0, hidden);
    s.keep(1, cell);
  }

  /// Returns what goes to the state before directly, not through the kernel.
  template <typename T>
  ATHANOR_INLINE static Vec<T> back(const CellBack<T>& s, Vec<T> d) {
    const Vec<T> i = s.part(2), f = s.part(3), g = s.part(4), o = s.part(5);
    const Vec<T> t = tanhOf(s.part(1));
    const Vec<T> one = splat<T>(T(1));
    const Vec<T> inner = load<T>(s.cellGradient) + d * o * (one - t * t);
    s.give(0, inner * g * i * (one - i));
    s.give(1, inner * loadSome(s.cellBefore, s.count) * f * (one - f));
    s.give(2, inner * i * (one - g * g));
    s.give(3, d * t * o * (one - o));
    store<T>(s.cellGradient, inner * f);
    return Vec<T>{};
  }
};

struct GruCell {
  static constexpr int gates = 3, planes = 5;
  static constexpr bool hasCellState = false, hasOwnRecurrentPart = true;

  template <typename T>
  ATHANOR_INLINE static void forward(const CellStep<T>& s) {
    const auto recurrent = [&](int gate) {
      return s.recurrent(gate) + loadSome(s.bias + gate * s.units, s.count);
    };
    const Vec<T> z = sigmoidOf(s.input(0) + recurrent(0));
    const Vec<T> r = sigmoidOf(s.input(1) + recurrent(1));
    const Vec<T> m = recurrent(2);
    const Vec<T> n = tanhOf(fma(r, m, s.input(2)));
    s.keep(1, z);
    s.keep(2, r);
    s.keep(3, n);
    s.keep(4, m);
    const Vec<T> old = load<T>(s.hidden);
    const Vec<T> hidden = s.keeps ? old : z * old + (T(1) - z) * n;
    store<T>(s.nextHidden, hidden);
    s.keep(0, hidden);
  }

  template <typename T>
  ATHANOR_INLINE static Vec<T> back(const CellBack<T>& s, Vec<T> d) {
    const Vec<T> z = s.part(1), r = s.part(2), n = s.part(3), m = s.part(4);
    const Vec<T> one = splat<T>(T(1));
    const Vec<T> forCandidate = d * (one - z) * (one - n * n);
    const Vec<T> forUpdate = d * (loadSome(s.hiddenBefore, s.count) - n) * z * (one - z);
    const Vec<T> forReset = forCandidate * m * r * (one - r);
    const Vec<T> throughReset = forCandidate * r;
    s.give(0, forUpdate);
    s.give(1, forReset);
    storeSome(s.forRecurrent, forUpdate, s.count);
    storeSome(s.forRecurrent + s.units, forReset, s.count);
    storeSome(s.forInputs + 2 * s.units, forCandidate, s.count);
    storeSome(s.forRecurrent + 2 * s.units, throughReset, s.count);
    storeSome(s.forKernel + 2 * s.units, throughReset, s.count);
    return d * z;
  }
};

struct SimpleCell {
  static constexpr int gates = 1, planes = 1;
  static constexpr bool hasCellState = false, hasOwnRecurrentPart = false;

  template <typename T>
  ATHANOR_INLINE static void forward(const CellStep<T>& s) {
    const Vec<T> hidden = s.keeps ? load<T>(s.hidden) : tanhOf(s.input(0) + s.recurrent(0));
    store<T>(s.nextHidden, hidden);
    s.keep(0, hidden);
  }

  template <typename T>
  ATHANOR_INLINE static Vec<T> back(const CellBack<T>& s, Vec<T> d) {
    const Vec<T> h = s.part(0);
    s.give(0, d * (T(1) - h * h));
    return Vec<T>{};
  }
};

/// Calls `body(cell)` with the cell of a code.
template <typename F>
inline Status withCell(CellCode code, F body) {
  switch (code) {
    case CellCode::lstm:
      return body(LstmCell{});
    case CellCode::gru:
      return body(GruCell{});
    case CellCode::simpleRnn:
      return body(SimpleCell{});
  }
  return Status::badProgram;
}

}  // namespace athanor

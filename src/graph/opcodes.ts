// The numbers that the Program's words use. `kernels/opcodes.h` holds the same numbers for C++;
// a test compares the two.

/** Instructions: one kernel call each. */
export const instructionCode = {
  fused: 1,
  matmul: 2,
  copy: 3,
  fill: 4,
  gather: 5,
  scatterAdd: 6,
  argReduce: 7,
  cumulativeSum: 8,
  recurrent: 23,
  recurrentGradient: 24,
  softmax: 9,
  softmaxCrossEntropy: 10,
  softmaxCrossEntropyGradient: 11,
  random: 12,
  iota: 13,
  requireFinite: 14,
  ctcLoss: 31,
  ctcLossGradient: 32,
  convolution: 15,
  convolutionInput: 16,
  convolutionFilter: 17,
  maxPool: 18,
  maxPoolGradient: 19,
  maxPoolPick: 20,
  sumPool: 21,
  sumPoolGradient: 22,
} as const

/** Operations of a fused kernel's register program, and activations of a matmul's epilogue. */
export const registerCode = {
  // one operand
  copy: 0,
  negate: 1,
  abs: 2,
  sign: 3,
  exp: 4,
  log: 5,
  log1p: 6,
  expm1: 7,
  sqrt: 8,
  reciprocal: 9,
  sin: 10,
  cos: 11,
  tanh: 12,
  sigmoid: 13,
  erf: 14,
  floor: 15,
  ceil: 16,
  round: 17,
  relu: 18,
  square: 19,
  not: 20,
  isFinite: 21,
  isNaN: 22,
  rsqrt: 23,
  trunc: 24,
  softplus: 25,
  // two operands
  add: 32,
  subtract: 33,
  multiply: 34,
  divide: 35,
  power: 36,
  maximum: 37,
  minimum: 38,
  modulo: 39,
  equal: 40,
  notEqual: 41,
  less: 42,
  lessEqual: 43,
  greater: 44,
  greaterEqual: 45,
  and: 46,
  or: 47,
  // three operands
  where: 64,
  multiplyAdd: 65, // a * b + c
} as const

export type RegisterOp = keyof typeof registerCode

/** What a recurrent kernel computes in each step. */
export const cellCode = { lstm: 0, gru: 1, simpleRnn: 2 } as const
export type Cell = keyof typeof cellCode

/** How a fused kernel's output leaves it: stored element by element, or reduced. */
export const reduceCode = { none: 0, sum: 1, max: 2, min: 3, prod: 4 } as const
export type ReduceKind = keyof typeof reduceCode

/** What a run reports when an input's values make a kernel stop. */
export const statusCode = {
  ok: 0,
  indexOutOfRange: 1,
  outOfMemory: 2,
  badProgram: 3,
  notFinite: 4,
} as const

// Elementwise operations: what each computes, one number at a time, in float64. This is the
// definition that the reference executor runs and that every kernel is held to.

import { erf } from '../base/erf.js'
import type { RegisterOp } from './opcodes.js'

export type ElementwiseOp = Exclude<RegisterOp, 'copy' | 'trunc' | 'multiplyAdd'>

/** `float`: needs a float; `same`: keeps its operands' type; `bool`: yields bool. */
type Kind = 'float' | 'same' | 'bool' | 'logical'

interface ElementwiseRow {
  readonly operands: 1 | 2 | 3
  readonly kind: Kind
  readonly apply: (a: number, b: number, c: number) => number
}

function unary(kind: Kind, apply: (a: number) => number): ElementwiseRow {
  return { operands: 1, kind, apply }
}

function binary(kind: Kind, apply: (a: number, b: number) => number): ElementwiseRow {
  return { operands: 2, kind, apply }
}

export const elementwise: { readonly [K in ElementwiseOp]: ElementwiseRow } = {
  negate: unary('same', a => -a),
  abs: unary('same', Math.abs),
  sign: unary('same', Math.sign),
  exp: unary('float', Math.exp),
  log: unary('float', Math.log),
  log1p: unary('float', Math.log1p),
  expm1: unary('float', Math.expm1),
  sqrt: unary('float', Math.sqrt),
  reciprocal: unary('float', a => 1 / a),
  sin: unary('float', Math.sin),
  cos: unary('float', Math.cos),
  tanh: unary('float', Math.tanh),
  sigmoid: unary('float', a => (a >= 0 ? 1 / (1 + Math.exp(-a)) : Math.exp(a) / (1 + Math.exp(a)))),
  erf: unary('float', erf),
  floor: unary('same', Math.floor),
  ceil: unary('same', Math.ceil),
  round: unary('same', roundHalfEven),
  relu: unary('same', a => Math.max(a, 0)),
  square: unary('same', a => a * a),
  rsqrt: unary('float', a => 1 / Math.sqrt(a)),
  softplus: unary('float', a => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)))),
  not: unary('logical', a => (a === 0 ? 1 : 0)),
  isFinite: unary('bool', a => (Number.isFinite(a) ? 1 : 0)),
  isNaN: unary('bool', a => (Number.isNaN(a) ? 1 : 0)),
  add: binary('same', (a, b) => a + b),
  subtract: binary('same', (a, b) => a - b),
  multiply: binary('same', (a, b) => a * b),
  divide: binary('float', (a, b) => a / b),
  power: binary('float', power),
  maximum: binary('same', (a, b) => Math.max(a, b)),
  minimum: binary('same', (a, b) => Math.min(a, b)),
  modulo: binary('same', (a, b) => {
    const r = a % b
    return r !== 0 && r < 0 !== b < 0 ? r + b : r
  }),
  equal: binary('bool', (a, b) => (a === b ? 1 : 0)),
  notEqual: binary('bool', (a, b) => (a !== b ? 1 : 0)),
  less: binary('bool', (a, b) => (a < b ? 1 : 0)),
  lessEqual: binary('bool', (a, b) => (a <= b ? 1 : 0)),
  greater: binary('bool', (a, b) => (a > b ? 1 : 0)),
  greaterEqual: binary('bool', (a, b) => (a >= b ? 1 : 0)),
  and: binary('logical', (a, b) => (a !== 0 && b !== 0 ? 1 : 0)),
  or: binary('logical', (a, b) => (a !== 0 || b !== 0 ? 1 : 0)),
  where: { operands: 3, kind: 'same', apply: (c, a, b) => (c !== 0 ? a : b) },
}

export function isElementwise(op: string): op is ElementwiseOp {
  return Object.hasOwn(elementwise, op)
}

/** IEEE pow: 1 to any power and anything to the power 0 are 1, NaN included (Math.pow differs). */
function power(a: number, b: number): number {
  if (a === 1) return 1
  if (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) return 1
  return a ** b
}

function roundHalfEven(a: number): number {
  const below = Math.floor(a)
  const fraction = a - below
  if (fraction !== 0.5) return Math.round(a)
  return below % 2 === 0 ? below : below + 1
}

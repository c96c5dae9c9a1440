// Functions of one number by name, with the one that undoes each: models that use them can be saved.

interface NamedFunction {
  readonly apply: (x: number) => number
  /** The name of its inverse. */
  readonly inverse: string
}

const functions = {
  log: { apply: Math.log, inverse: 'exp' },
  exp: { apply: Math.exp, inverse: 'log' },
  log1p: { apply: Math.log1p, inverse: 'expm1' },
  expm1: { apply: Math.expm1, inverse: 'log1p' },
  log2: { apply: Math.log2, inverse: 'exp2' },
  exp2: { apply: (x: number) => 2 ** x, inverse: 'log2' },
  log10: { apply: Math.log10, inverse: 'exp10' },
  exp10: { apply: (x: number) => 10 ** x, inverse: 'log10' },
  sqrt: { apply: Math.sqrt, inverse: 'square' },
  square: { apply: (x: number) => x * x, inverse: 'sqrt' },
  cbrt: { apply: Math.cbrt, inverse: 'cube' },
  cube: { apply: (x: number) => x * x * x, inverse: 'cbrt' },
  asinh: { apply: Math.asinh, inverse: 'sinh' },
  sinh: { apply: Math.sinh, inverse: 'asinh' },
  reciprocal: { apply: (x: number) => 1 / x, inverse: 'reciprocal' },
} as const satisfies Record<string, NamedFunction>

/** The name of a function that can be saved. */
export type FunctionName = keyof typeof functions

export const functionNames = Object.keys(functions) as readonly FunctionName[]

export function functionOf(name: FunctionName): (x: number) => number {
  return functions[name].apply
}

export function inverseOf(name: FunctionName): FunctionName {
  return functions[name].inverse
}

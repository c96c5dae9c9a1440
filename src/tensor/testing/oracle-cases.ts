// Runs one op case of the oracle's fixture (scripts/oracles/ops.py) through the public functions.

import type { DType, FloatDType } from '../../base/dtype.js'
import { valueAndGrad } from '../differentiate.js'
import * as api from '../index.js'
import { Tensor, tensor } from '../tensor.js'

export interface OracleArray {
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly values: readonly (number | string)[]
}

export interface OracleCase {
  readonly op: string
  readonly attrs: Readonly<Record<string, unknown>>
  readonly inputs: readonly OracleArray[]
  readonly output?: OracleArray
  readonly outputs?: readonly OracleArray[]
  readonly upstream?: readonly (number | string)[]
  readonly upstreams?: readonly (readonly (number | string)[])[]
  readonly gradients?: readonly ((number | string)[] | null)[]
  readonly note?: string
}

type Attributes = OracleCase['attrs']
type Call = (inputs: readonly Tensor[], attrs: never) => Tensor | Tensor[]

const numbers = (values: readonly (number | string)[]) => Float64Array.from(values, Number)

/** Ops whose attributes are not simply the options of the function. */
const calls: Record<string, Call> = {
  pow: ([x, y], a: { exponent?: number }) => api.pow(x, y ?? a.exponent ?? 1),
  clip: ([x], a: { low: number; high: number }) => api.clip(x, a.low, a.high),
  cast: ([x], a: { dtype: DType }) => api.cast(x, a.dtype),
  reshape: ([x], a: { shape: number[] }) => api.reshape(x, a.shape),
  transpose: ([x], a: { permutation?: number[] }) => api.transpose(x, a.permutation),
  broadcastTo: ([x], a: { shape: number[] }) => api.broadcastTo(x, a.shape),
  slice: ([x], a: { ranges: api.Range[] }) => api.slice(x, ...a.ranges),
  pad: ([x], a: { paddings: [number, number][]; value: number }) => api.pad(x, a.paddings, a.value),
  concat: (inputs, a) => api.concat(inputs, a),
  stack: (inputs, a) => api.stack(inputs, a),
  split: ([x], a: { parts: number | number[]; axis: number }) =>
    api.split(x, a.parts, { axis: a.axis }),
  expandDims: ([x], a: { axis: number }) => api.expandDims(x, a.axis),
  squeeze: ([x], a: { axis?: number }) => api.squeeze(x, a.axis),
  flip: ([x], a: { axis?: number | number[] }) => api.flip(x, a.axis),
  scatterAdd: ([indices, updates], a: { shape: number[]; axis: number }) =>
    api.scatterAdd(a.shape, indices, updates, { axis: a.axis }),
  oneHot: ([x], a: { depth: number }) => api.oneHot(x, a.depth),
  eye: (_, a: { rows: number; columns?: number }) => api.eye(a.rows, a.columns),
  arange: (_, a: { start: number; stop: number; step: number }) =>
    api.arange(a.start, a.stop, a.step),
  linspace: (_, a: { start: number; stop: number; count: number }) =>
    api.linspace(a.start, a.stop, a.count),
}

interface Outcome {
  readonly outputs: readonly Tensor[]
  readonly gradients: readonly Tensor[] | null
}

/** Inputs of float64 in the fixture become `dtype`. */
function runCase(c: OracleCase, dtype: FloatDType): Outcome {
  const inputs = c.inputs.map(input =>
    tensor(numbers(input.values), {
      shape: input.shape,
      dtype: input.dtype === 'float64' ? dtype : input.dtype,
    }),
  )
  const call = (given: readonly Tensor[]): Tensor[] => {
    const special = calls[c.op] as
      | ((i: readonly Tensor[], a: Attributes) => Tensor | Tensor[])
      | undefined
    const out = special
      ? special(given, c.attrs)
      : (api as unknown as Record<string, (...a: unknown[]) => Tensor | Tensor[]>)[c.op](
          ...given,
          ...(Object.keys(c.attrs).length > 0 ? [c.attrs] : []),
        )
    return out instanceof Tensor ? [out] : out
  }
  const upstreams = c.upstreams ?? (c.upstream === undefined ? null : [c.upstream])
  if (upstreams === null || c.gradients === undefined)
    return { outputs: call(inputs), gradients: null }
  const expected = c.outputs ?? [c.output!]
  const isFloat = inputs.map((_, i) => c.gradients![i] !== null)
  let outputs: Tensor[] = []
  const { gradient } = valueAndGrad((floats: Tensor[]) => {
    let next = 0
    outputs = call(inputs.map((input, i) => (isFloat[i] ? floats[next++] : input)))
    const weighted = outputs.map((y, i) =>
      y.mul(tensor(numbers(upstreams[i]), { shape: expected[i].shape, dtype })).sum(),
    )
    return weighted.reduce((a, b) => a.add(b))
  })(inputs.filter((_, i) => isFloat[i]))
  return { outputs, gradients: gradient }
}

function expectedNumbers(values: readonly (number | string)[]): Float64Array {
  return numbers(values)
}

/** float32 inputs are exact; results may differ by a few units in the last place of the largest term. */
const tolerance: Record<FloatDType, number> = { float64: 2e-12, float32: 4e-6 }

function worst(
  actual: ArrayLike<number>,
  expected: Float64Array,
  dtype: FloatDType,
): string | null {
  if (actual.length !== expected.length) return `${actual.length} values for ${expected.length}`
  const scale = Math.max(1, ...[...expected].filter(Number.isFinite).map(Math.abs))
  const huge = dtype === 'float32' ? 3.4e38 : Number.MAX_VALUE
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i], expected[i]]
    if (Object.is(a, e) || a === e || (Number.isNaN(a) && Number.isNaN(e))) continue
    if (Math.abs(e) > huge && !Number.isFinite(a)) continue
    const bound = tolerance[dtype] * Math.max(Math.abs(e), Math.min(scale, 1e3))
    if (!(Math.abs(a - e) <= bound)) return `[${i}] ${a} for ${e}`
  }
  return null
}

/** Runs a case; what is wrong about its values and gradients, in words. */
export function compareCase(n: number, c: OracleCase, dtype: FloatDType): string[] {
  const name = `${n} ${c.op} ${JSON.stringify(c.attrs)} ${c.inputs.map(i => `[${i.shape}]`).join(' ')}`
  const wrong: string[] = []
  try {
    const { outputs, gradients } = runCase(c, dtype)
    const expected = c.outputs ?? [c.output!]
    expected.forEach((e, i) => {
      const problem = worst(outputs[i].dataSync(), expectedNumbers(e.values), dtype)
      if (problem !== null) wrong.push(`${name}: value ${problem}`)
    })
    let next = 0
    if (gradients !== null)
      c.gradients!.forEach((g, i) => {
        if (g === null) return
        const problem = worst(gradients[next++].dataSync(), expectedNumbers(g), dtype)
        if (problem !== null) wrong.push(`${name}: gradient ${i} ${problem}`)
      })
  } catch (error) {
    wrong.push(`${name}: ${(error as Error).stack}`)
  }
  return wrong
}

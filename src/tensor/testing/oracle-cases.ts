// Runs one op case of the oracle's fixture (scripts/oracles/ops.py) through the public functions.

import type { DType, FloatDType } from '../base/dtype.js'
import { valueAndGrad } from './differentiate.js'
import * as api from './index.js'
import { Tensor, tensor } from './tensor.js'

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

export interface Outcome {
  readonly outputs: readonly Tensor[]
  readonly gradients: readonly Tensor[] | null
}

/** Inputs of float64 in the fixture become `dtype`. */
export function runCase(c: OracleCase, dtype: FloatDType): Outcome {
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

export function expectedNumbers(values: readonly (number | string)[]): Float64Array {
  return numbers(values)
}

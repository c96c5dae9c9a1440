// A tensor's values as text: aligned columns, long axes cut in the middle.

import type { DType, TypedArray } from '../base/dtype.js'
import { type Shape, stridesOf } from '../base/shape.js'

const edge = 3
const longest = 8

export function display(values: TypedArray, shape: Shape, dtype: DType): string {
  const strides = stridesOf(shape)
  const shown = (n: number) =>
    n <= longest
      ? [...Array(n).keys()]
      : [...Array(edge).keys(), -1, ...Array.from({ length: edge }, (_, i) => n - edge + i)]
  const cells: number[] = []
  const collect = (axis: number, offset: number): void => {
    if (axis === shape.length) {
      cells.push(values[offset])
      return
    }
    for (const i of shown(shape[axis])) if (i >= 0) collect(axis + 1, offset + i * strides[axis])
  }
  collect(0, 0)
  const format = formatter(cells, dtype)
  const width = Math.max(0, ...cells.map(v => format(v).length))
  const build = (axis: number, offset: number, indent: string): string => {
    if (axis === shape.length) return format(values[offset]).padStart(width)
    const last = axis === shape.length - 1
    const parts = shown(shape[axis]).map(i =>
      i < 0 ? '…' : build(axis + 1, offset + i * strides[axis], `${indent} `),
    )
    return `[${parts.join(last ? ', ' : `,\n${indent} `)}]`
  }
  return build(0, 0, '')
}

function formatter(cells: readonly number[], dtype: DType): (value: number) => string {
  if (dtype === 'bool') return v => (v !== 0 ? 'true' : 'false')
  if (dtype === 'int32') return v => String(v)
  const finite = cells.filter(Number.isFinite)
  if (finite.every(Number.isInteger) && finite.every(v => Math.abs(v) < 1e9)) return v => String(v)
  const largest = Math.max(0, ...finite.map(Math.abs))
  if (largest >= 1e5 || (largest < 1e-3 && largest > 0))
    return v => (Number.isFinite(v) ? v.toExponential(4) : String(v))
  return v => (Number.isFinite(v) ? v.toFixed(4) : String(v))
}

// What a module gives for inputs of these shapes, found by recording a call that is never computed. Where a
// size is not known, calls of two sizes are recorded: an axis of the output in which they differ is not known.

import type { DType } from '../base/dtype.js'
import { AthanorError, shapeError } from '../base/errors.js'
import { formatShape, type Shape } from '../base/shape.js'
import { valueWords } from '../base/value-kinds.js'
import { zeros } from '../tensor/creation.js'
import { Tensor } from '../tensor/tensor.js'
import { probe } from './mode.js'
import type { AnyModule } from './module.js'
import { type Arrangement, partsOfOutput } from './module-output.js'
import { batchedSymbolic, isKnown, type SymbolicShape, sizedAt } from './symbolic-shape.js'

/** Shape of one sample, and element type. */
export interface Place {
  readonly shape: SymbolicShape
  readonly dtype: DType
}

export interface Recording {
  readonly arrangement: Arrangement
  readonly parts: readonly Place[]
}

/**
 * Sizes to try for those that are not known, with many divisors. Windows want large ones, tables of
 * positions small ones; two that lie far apart do not shrink to the same by strides.
 */
const firstSizes = [48, 240, 960, 3840, 12, 6, 4, 3, 2]
const secondSizes = [960, 3840, 240, 48, 12, 6, 4, 3, 2]

/**
 * Shapes and types of the outputs.
 *
 * @throws AthanorError SHAPE where the module takes one size only along an axis whose size is not known;
 * what the module throws for shapes that do not fit.
 */
export function recorded(operation: string, module: AnyModule, from: readonly Place[]): Recording {
  if (from.every(({ shape }) => isKnown(shape))) return recordedAt(operation, module, from)
  const record = (size: number) => recordedAt(operation, module, from.map(sized(size)))
  const besides = sizesBeside(from)
  const first = tried([...firstSizes, ...besides], record)
  if (first.found === null) throw neverFits(operation, from, first.error)
  const others = secondSizes.filter(size => size !== first.size)
  const second = tried(others, record)
  if (second.found !== null) return united(operation, first.found, second.found)
  if (besides.includes(first.size)) return first.found
  throw dependent(operation, module, from, first.size, second.error)
}

/** Known sizes of other inputs along axes that are not known: what is added to 5 steps has 5. */
function sizesBeside(from: readonly Place[]): readonly number[] {
  const sizes = new Set<number>()
  for (const { shape } of from)
    shape.forEach((n, axis) => {
      if (n !== null) return
      for (const { shape: other } of from) if (other[axis]) sizes.add(other[axis])
    })
  return [...sizes]
}

const sized =
  (size: number) =>
  ({ shape, dtype }: Place): Place => ({ shape: sizedAt(shape, size), dtype })

/** The first size for which a call can be recorded, or what the first one of all threw. */
function tried(sizes: readonly number[], record: (size: number) => Recording) {
  let error: unknown
  for (const size of sizes)
    try {
      return { found: record(size), size, error }
    } catch (cause) {
      if (!(cause instanceof AthanorError)) throw cause
      error ??= cause
    }
  return { found: null, size: 0, error }
}

/** A call on a batch of two. */
function recordedAt(operation: string, module: AnyModule, from: readonly Place[]): Recording {
  const samples = from.map(({ shape, dtype }) => zeros([2, ...(shape as Shape)], { dtype }))
  const output = probe(module, () => module.forward(...samples))
  const parts = partsOfOutput(output)
  for (const part of parts)
    if (!(part instanceof Tensor) || part.shape[0] !== 2)
      throw shapeError(
        operation,
        'outputs whose first axis is the batch',
        part instanceof Tensor ? formatShape(part.shape) : valueWords(part),
      )
  const arrangement: Arrangement =
    output instanceof Tensor ? 'one' : Array.isArray(output) ? 'list' : Object.keys(output)
  return {
    arrangement,
    parts: parts.map(({ shape, dtype }) => ({ shape: shape.slice(1), dtype })),
  }
}

function united(operation: string, a: Recording, b: Recording): Recording {
  const isAlike =
    a.parts.length === b.parts.length &&
    a.parts.every(({ shape }, i) => shape.length === b.parts[i].shape.length)
  if (!isAlike)
    throw shapeError(
      operation,
      'outputs of the same number of axes for every size',
      [a, b]
        .map(({ parts }) => parts.map(one => batchedSymbolic(one.shape)).join(' and '))
        .join('; '),
    )
  const parts = a.parts.map(({ shape, dtype }, i) => ({
    shape: shape.map((n, axis) => (n === b.parts[i].shape[axis] ? n : null)),
    dtype,
  }))
  return { arrangement: a.arrangement, parts }
}

function neverFits(operation: string, from: readonly Place[], cause: unknown): unknown {
  if (!(cause instanceof AthanorError) || cause.code !== 'SHAPE') return cause
  return new AthanorError('SHAPE', {
    operation,
    expected: 'shapes that go together, whatever the sizes not known',
    received: receivedShapes(from),
    fix: `With ${firstSizes[0]} for each: ${cause.message}`,
    cause,
  })
}

function receivedShapes(from: readonly Place[]): string {
  return from.map(({ shape }) => batchedSymbolic(shape)).join(' and ')
}

/** Names the axes along which no second size is taken, the others being as they were. */
function dependent(
  operation: string,
  module: AnyModule,
  from: readonly Place[],
  built: number,
  cause: unknown,
): AthanorError {
  const takesOther = (input: number, axis: number) => {
    const record = (size: number) =>
      recordedAt(
        operation,
        module,
        from.map(({ shape, dtype }, i) => ({
          shape: shape.map((n, k) => n ?? (i === input && k === axis ? size : built)),
          dtype,
        })),
      )
    return (
      tried(
        secondSizes.filter(size => size !== built),
        record,
      ).found !== null
    )
  }
  const axes = new Set<number>()
  from.forEach(({ shape }, input) => {
    shape.forEach((n, axis) => {
      if (n === null && !takesOther(input, axis)) axes.add(axis + 1)
    })
  })
  const named = [...axes].sort((a, b) => a - b).join(' and ')
  return new AthanorError('SHAPE', {
    operation,
    expected: `a known size along axis ${named}, since the layer's own sizes depend on it`,
    received: receivedShapes(from),
    fix: 'Give input({ shape }) that size, or bring sequences to one size before (globalAveragePooling1d, lstm)',
    cause,
  })
}

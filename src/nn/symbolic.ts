// Symbolic tensors: places in a model that is described before anything is computed. Each remembers the
// module and the inputs that it comes from, which makes them a graph.

import { type DType, dtypes } from '../base/dtype.js'
import { argumentError } from '../base/errors.js'
import { OptionTable, required } from '../base/options.js'
import { formatShape } from '../base/shape.js'
import { oneOf, someText, tested, type ValueKind, valueWords } from '../base/value-kinds.js'
import { Tensor } from '../tensor/tensor.js'
import { numberedInput } from './layer-names.js'
import type { AnyModule } from './module.js'
import { type Arrangement, arranged, type ModuleOutput } from './module-output.js'
import { recorded } from './symbolic-recording.js'
import { formatSymbolic, type SymbolicShape } from './symbolic-shape.js'

/** One use of a module in a graph. */
export interface Application {
  /** Grows with time: what it is applied to is older. */
  readonly id: number
  readonly module: AnyModule
  readonly inputs: readonly SymbolicTensor[]
  readonly arrangement: Arrangement
  /** Shape of one sample of each output. */
  readonly shapes: readonly SymbolicShape[]
}

/**
 * The place of a tensor in a functional model: its shape (of one sample, without the batch; null where
 * a size differs from batch to batch), its element type, and what it is computed from. `input` makes the first ones, `layer.apply` the others.
 */
export class SymbolicTensor {
  constructor(
    /** Of its input, or of the layer that gives it. */
    readonly name: string,
    readonly shape: SymbolicShape,
    readonly dtype: DType,
    /** @internal What computes it; null for an input. */
    readonly from: Application | null,
    /** @internal Which of that module's outputs it is. */
    readonly index: number,
  ) {}
}

/** Where the several values of a functional model are: alone, in a list, or by name. */
export type SymbolicTree =
  | SymbolicTensor
  | readonly SymbolicTensor[]
  | Readonly<Record<string, SymbolicTensor>>

/** What `apply` takes. */
export type SymbolicInputs = SymbolicTensor | readonly SymbolicTensor[]

/** The symbolic form of a module's output. */
export type SymbolicOf<Output extends ModuleOutput> = Output extends Tensor
  ? SymbolicTensor
  : Output extends readonly Tensor[]
    ? SymbolicTensor[]
    : { [Name in keyof Output]: SymbolicTensor }

/** The tensors that stand for symbolic ones. */
export type TensorsOf<S extends SymbolicTree> = S extends SymbolicTensor
  ? Tensor
  : S extends readonly SymbolicTensor[]
    ? Tensor[]
    : { [Name in keyof S]: Tensor }

/** Options of `input`. */
export interface SymbolicInputOptions {
  /**
   * Shape of one sample, without the batch; `[]` for one number a sample, null for a size that differs
   * from batch to batch: `[null, 3]` for sequences of any length.
   */
  readonly shape: SymbolicShape
  /** Default: float32; int32 for whole numbers that an embedding looks up. */
  readonly dtype?: DType
  /** How `fit` and errors name it. Default: `input_1`, `input_2`, … */
  readonly name?: string
}

const someSymbolicShape: ValueKind<SymbolicShape> = tested(
  'a list of whole numbers, or null for sizes that differ',
  Array.isArray,
  [2, '2', null],
)

const inputOptions = new OptionTable<SymbolicInputOptions>({
  shape: required(someSymbolicShape),
  dtype: oneOf(Object.keys(dtypes) as DType[]),
  name: someText,
})

let applications = 0

/**
 * A place where data enters a functional model.
 *
 * @throws AthanorError ARGUMENT for a shape that is no list of whole numbers ≥ 1 and nulls.
 * @example
 * ```ts
 * const words = input({ shape: [null], dtype: 'int32', name: 'words' })
 * const vectors = layers.embedding({ inputDim: 100, outputDim: 8 }).apply(words)
 * vectors.shape // [null, 8]
 * ```
 */
export function input(options: SymbolicInputOptions): SymbolicTensor {
  const { shape, dtype = 'float32', name } = inputOptions.check('input', options)
  if (shape.some(n => n !== null && (!Number.isInteger(n) || n < 1)))
    throw argumentError(
      'input',
      'a shape of whole numbers ≥ 1, or null for sizes that differ, without the batch',
      formatSymbolic(shape),
    )
  return new SymbolicTensor(name ?? numberedInput(), [...shape], dtype, null, 0)
}

/** What `module` gives for these inputs, as symbolic tensors. */
export function applied<Output extends ModuleOutput>(
  module: AnyModule,
  given: SymbolicInputs,
): SymbolicOf<Output> {
  const name = module.label || module.constructor.name
  const operation = `apply of ${name}`
  const from = Array.isArray(given) ? (given as readonly SymbolicTensor[]) : [given]
  for (const one of from) requireSymbolic(operation, one)
  checkArity(operation, module, from.length)
  const { arrangement, parts } = recorded(operation, module, from as readonly SymbolicTensor[])
  const application: Application = {
    id: ++applications,
    module,
    inputs: from as readonly SymbolicTensor[],
    arrangement,
    shapes: parts.map(({ shape }) => shape),
  }
  const outputs = parts.map(
    ({ shape, dtype }, i) =>
      new SymbolicTensor(parts.length === 1 ? name : `${name}:${i}`, shape, dtype, application, i),
  )
  return arranged(outputs, arrangement) as SymbolicOf<Output>
}

function requireSymbolic(operation: string, value: unknown): void {
  if (value instanceof SymbolicTensor) return
  throw argumentError(
    operation,
    'a symbolic tensor, from input(…) or apply(…), or a list of them',
    value instanceof Tensor ? `a tensor of shape ${formatShape(value.shape)}` : valueWords(value),
    value instanceof Tensor ? 'Call forward(x) to compute with tensors' : undefined,
  )
}

/** @throws AthanorError ARGUMENT for another number of inputs than the module takes. */
export function checkArity(operation: string, { arity }: AnyModule, count: number): void {
  if (arity === null) {
    if (count > 0) return
    throw argumentError(operation, 'at least one input', 'none')
  }
  const [least, most] = arity
  if (count >= least && count <= most) return
  const words =
    least === most ? String(least) : most === Infinity ? `${least} or more` : `${least} to ${most}`
  throw argumentError(operation, `${words} input${words === '1' ? '' : 's'}`, String(count))
}

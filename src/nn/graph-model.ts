// Functional models: a graph of layers between inputs and outputs, described by symbolic tensors.

import { argumentError, shapeError } from '../base/errors.js'
import { OptionTable, required } from '../base/options.js'
import { formatShape, type Shape } from '../base/shape.js'
import { someText, tested, valueWords } from '../base/value-kinds.js'
import { Tensor } from '../tensor/tensor.js'
import type { LayerConfig } from './base-layer.js'
import { graphJson } from './graph-json.js'
import { numberedName } from './layer-names.js'
import { type AnyModule, Module } from './module.js'
import { type Arrangement, arranged, type ModuleOutput, partsOfOutput } from './module-output.js'
import {
  type Application,
  checkArity,
  SymbolicTensor,
  type SymbolicTree,
  type TensorsOf,
} from './symbolic.js'
import { batchedSymbolic, isKnown, isOneOf, knownShape } from './symbolic-shape.js'

/** Options of `model` and `GraphModel`. */
export interface GraphModelOptions<Outputs extends SymbolicTree = SymbolicTree> {
  /** Where data enter: what `input` gave; alone, in a list, or by name. */
  readonly inputs: SymbolicTree
  /** What is computed, in the form in which `predict` returns it. */
  readonly outputs: Outputs
  /** Default: `graph_model`, numbered from the second on. */
  readonly name?: string
}

const isSymbolic = (value: unknown) => value instanceof SymbolicTensor

/** Symbolic tensors alone, in a list, or by name. */
const someSymbols = tested<SymbolicTree>(
  'a symbolic tensor, from input(…) or layer.apply(…), a list of them, or an object of them by name',
  value => {
    if (typeof value !== 'object' || value === null || value instanceof Tensor) return false
    const parts = isSymbolic(value) ? [value] : Object.values(value)
    return parts.length > 0 && parts.every(isSymbolic)
  },
  [1, null, [], {}, [1]],
)

export const graphModelOptions = new OptionTable<GraphModelOptions>({
  inputs: required(someSymbols),
  outputs: required(someSymbols),
  name: someText,
})

/** What `GraphModel.forward` takes: its inputs one after the other, in a list, or by name. */
export type GraphInput = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>

/**
 * A module made of layers that are connected as `apply` said: several inputs and outputs, branches that
 * meet again, layers that are used twice with the same weights, models within models. `model(…)` makes
 * one that can be compiled and fitted.
 *
 * @throws AthanorError ARGUMENT where an output depends on an input that is not listed (graph
 * disconnected), where nothing depends on an input, or where two layers have one name.
 * @example
 * ```ts
 * const x = input({ shape: [4], name: 'x' })
 * const hidden = layers.dense({ units: 4, activation: 'relu' }).apply(x)
 * const sum = layers.add().apply([x, hidden])
 * const net = new GraphModel({ inputs: x, outputs: layers.dense({ units: 2 }).apply(sum) })
 * net.forward(zeros([8, 4])).shape // [8, 2]
 * ```
 */
export class GraphModel<Outputs extends SymbolicTree = SymbolicTensor> extends Module<
  TensorsOf<Outputs> & ModuleOutput
> {
  readonly name: string
  /** The modules, each once, in the order in which they are first used. */
  readonly layers: readonly AnyModule[]
  /** Inputs in order; their names are those of an object that was given, else their own. */
  readonly inputs: readonly SymbolicTensor[]
  readonly outputs: readonly SymbolicTensor[]
  readonly inputNames: readonly string[]
  /** The names of an object that was given, else those of the layers that give the outputs. */
  readonly outputNames: readonly string[]
  /** @internal */
  readonly inputArrangement: Arrangement
  /** @internal */
  readonly outputArrangement: Arrangement
  /** @internal Every use of a module, in an order in which they can be computed. */
  readonly applications: readonly Application[]

  constructor(options: GraphModelOptions<Outputs>) {
    super()
    const { inputs, outputs, name } = graphModelOptions.check('model', options as GraphModelOptions)
    this.name = name ?? numberedName('GraphModel')
    this.inputArrangement = arrangementOf(inputs)
    this.outputArrangement = arrangementOf(outputs)
    this.inputs = symbolsOf(inputs)
    this.outputs = symbolsOf(outputs)
    this.inputNames = namesOf(this.inputArrangement, this.inputs)
    this.outputNames = namesOf(this.outputArrangement, this.outputs)
    this.applications = reached(this.inputs, this.outputs)
    this.layers = [...new Set(this.applications.map(({ module }) => module))]
    refuseDoubles(this.layers)
  }

  override get arity(): readonly [number, number] {
    return [this.inputs.length, this.inputs.length]
  }

  override get givesSeveral(): boolean {
    return this.outputArrangement !== 'one'
  }

  /** Shape of one sample of the only input; null where there are several, or where a size is not known. */
  get inputShape(): Shape | null {
    return this.inputs.length === 1 ? knownShape(this.inputs[0].shape) : null
  }

  /**
   * Computes the outputs, in the form in which they were given to the constructor.
   *
   * @throws AthanorError ARGUMENT for missing or unknown inputs; SHAPE for samples of another shape.
   */
  forward(...given: GraphInput[]): TensorsOf<Outputs> & ModuleOutput {
    const values = new Map<SymbolicTensor, Tensor>()
    this.inputTensors(given).forEach((tensor, i) => {
      values.set(this.inputs[i], tensor)
    })
    const results = new Map<Application, readonly Tensor[]>()
    const tensorOf = (symbol: SymbolicTensor): Tensor =>
      values.get(symbol) ?? results.get(symbol.from!)![symbol.index]
    for (const application of this.applications) {
      const output = application.module.forward(...application.inputs.map(tensorOf))
      results.set(application, partsOfOutput(output))
    }
    return arranged(this.outputs.map(tensorOf), this.outputArrangement) as TensorsOf<Outputs> &
      ModuleOutput
  }

  private inputTensors(given: readonly GraphInput[]): readonly Tensor[] {
    const [first] = given
    const isOne = given.length === 1 && !(first instanceof Tensor)
    if (isOne && !Array.isArray(first) && typeof first === 'object' && first !== null)
      return this.byName(first as Readonly<Record<string, Tensor>>)
    const list = (isOne ? first : given) as readonly Tensor[]
    checkArity(this.name, this, list.length)
    list.forEach((tensor, i) => {
      const { shape } = this.inputs[i]
      if (!(tensor instanceof Tensor)) throw argumentError(this.name, 'tensors', valueWords(tensor))
      if (!isOneOf(tensor.shape.slice(1), shape) || tensor.rank === 0)
        throw shapeError(
          `${this.name} (${this.inputNames[i]})`,
          batchedSymbolic(shape),
          formatShape(tensor.shape),
        )
    })
    return list
  }

  private byName(given: Readonly<Record<string, Tensor>>): readonly Tensor[] {
    const { inputNames } = this
    const missing = inputNames.filter(name => !Object.hasOwn(given, name))
    const unknown = Object.keys(given).filter(name => !inputNames.includes(name))
    if (missing.length + unknown.length > 0)
      throw argumentError(
        this.name,
        `the inputs ${inputNames.join(', ')}`,
        Object.keys(given).join(', ') || 'none',
      )
    return this.inputTensors(inputNames.map(name => given[name]))
  }

  /** Floating-point operations for one sample; null where a module does not tell, or a size is not known. */
  flops(): number | null {
    let total = 0
    for (const { module, inputs } of this.applications) {
      const shapes = inputs.map(({ shape }) => shape)
      const flops = shapes.every(isKnown) ? module.flopsOn(shapes) : null
      if (flops === null) return null
      total += flops
    }
    return total
  }

  /**
   * The graph in JSON form, for saved models.
   *
   * @throws AthanorError STATE where one of the modules has no JSON form.
   */
  toJSON(): LayerConfig {
    return { className: 'GraphModel', config: graphJson(this) }
  }

  override savedConfig(): LayerConfig {
    return this.toJSON()
  }

  override get callSize(): number {
    return this.applications.reduce((sum, { module }) => sum + module.callSize, 1)
  }

  override builtShapes(): readonly Shape[] | null {
    const shapes = this.inputs.map(({ shape }) => shape)
    return shapes.every(isKnown) ? shapes : null
  }

  override outputShapeOn(_inputShapes: readonly Shape[]): Shape | null {
    return knownShape(this.outputs[0].shape)
  }

  override flopsOn(_inputShapes: readonly Shape[]): number | null {
    return this.flops()
  }

  override pathOf(child: AnyModule): string {
    return this.layers.includes(child) && child.label !== '' ? child.label : super.pathOf(child)
  }

  override get label(): string {
    return this.name
  }
}

function arrangementOf(tree: SymbolicTree): Arrangement {
  if (tree instanceof SymbolicTensor) return 'one'
  return Array.isArray(tree) ? 'list' : Object.keys(tree)
}

function symbolsOf(tree: SymbolicTree): readonly SymbolicTensor[] {
  if (tree instanceof SymbolicTensor) return [tree]
  return [...(Array.isArray(tree) ? tree : Object.values(tree))] as SymbolicTensor[]
}

/** Names of an object, or those of the tensors; one that comes again is numbered. */
function namesOf(arrangement: Arrangement, symbols: readonly SymbolicTensor[]): readonly string[] {
  if (arrangement !== 'one' && arrangement !== 'list') return arrangement
  const names: string[] = []
  for (const { name } of symbols) {
    let free = name
    for (let n = 2; names.includes(free); n++) free = `${name}_${n}`
    names.push(free)
  }
  return names
}

/** Every application between inputs and outputs, oldest first. */
function reached(
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
): readonly Application[] {
  const boundary = new Set(inputs)
  const twice =
    boundary.size < inputs.length ? inputs.find((one, i) => inputs.indexOf(one) !== i) : undefined
  if (twice !== undefined) throw argumentError('model', 'each input once', `${twice.name} twice`)
  const found = new Set<Application>()
  const used = new Set<SymbolicTensor>()
  const waiting = outputs.map(symbol => ({ symbol, wanted: 'an output' }))
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { symbol, wanted } = next
    if (boundary.has(symbol)) {
      used.add(symbol)
      continue
    }
    const { from } = symbol
    if (from === null)
      throw argumentError(
        'model',
        `a graph that is connected to its inputs (${inputs.map(({ name }) => name).join(', ')})`,
        `${symbol.name}, which ${wanted} needs and which is not among them`,
        'Add it to inputs, or apply the layer to what comes from them',
      )
    if (found.has(from)) continue
    found.add(from)
    const name = from.module.label || from.module.constructor.name
    for (const before of from.inputs) waiting.push({ symbol: before, wanted: `layer ${name}` })
  }
  const idle = inputs.find(one => !used.has(one))
  if (idle !== undefined)
    throw argumentError(
      'model',
      'inputs that an output depends on',
      `${idle.name}, which none does`,
      'Leave it out, or connect it',
    )
  return [...found].sort((a, b) => a.id - b.id)
}

function refuseDoubles(layers: readonly AnyModule[]): void {
  const labels = new Set<string>()
  for (const { label } of layers) {
    if (label !== '' && labels.has(label))
      throw argumentError('model', 'layers with different names', `two named ${label}`)
    labels.add(label)
  }
}

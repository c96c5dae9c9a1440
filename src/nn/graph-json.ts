// The JSON form of a functional model. Values are numbered: first the inputs, then what each
// application gives, in order; an application names values by these numbers. A number can only stand for
// a value before it, so that no file describes a cycle.

import { type DType, dtypes } from '../base/dtype.js'
import { AthanorError } from '../base/errors.js'
import { OptionTable, required } from '../base/options.js'
import {
  either,
  listOf,
  oneOf,
  orNull,
  someText,
  tested,
  type ValueKind,
  wholeNumber,
} from '../base/value-kinds.js'
import type { LayerConfig } from './base-layer.js'
import type { GraphModel, GraphModelOptions } from './graph-model.js'
import type { AnyModule } from './module.js'
import { type Arrangement, arranged } from './module-output.js'
import { type Application, input, SymbolicTensor, type SymbolicTree } from './symbolic.js'
import type { SymbolicShape } from './symbolic-shape.js'

interface InputJson {
  readonly name: string
  readonly shape: SymbolicShape
  readonly dtype: DType
}

interface ApplicationJson {
  /** Which of the layers. */
  readonly layer: number
  /** Numbers of values. */
  readonly inputs: readonly number[]
}

interface GraphJson {
  readonly name: string
  readonly inputs: readonly InputJson[]
  readonly inputArrangement: Arrangement
  readonly layers: readonly LayerConfig[]
  readonly applications: readonly ApplicationJson[]
  readonly outputs: readonly number[]
  readonly outputArrangement: Arrangement
}

/** What is written of a graph. */
type GraphParts = Pick<
  GraphModel,
  | 'name'
  | 'inputs'
  | 'outputs'
  | 'layers'
  | 'applications'
  | 'inputArrangement'
  | 'outputArrangement'
>

const isObject = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const someObject = <T>(what: string) => tested<T>(what, isObject, [1, null, []])
const index = wholeNumber({ min: 0 })
const arrangement: ValueKind<Arrangement> = either(
  oneOf(['one', 'list']),
  listOf(someText, { min: 1 }),
)

const graphRows = new OptionTable<GraphJson>({
  name: required(someText),
  inputs: required(listOf(someObject<InputJson>('an input'), { min: 1 })),
  inputArrangement: required(arrangement),
  layers: required(listOf(someObject<LayerConfig>('a layer'))),
  applications: required(listOf(someObject<ApplicationJson>('a use of a layer'))),
  outputs: required(listOf(index, { min: 1 })),
  outputArrangement: required(arrangement),
})

const inputRows = new OptionTable<InputJson>({
  name: required(someText),
  shape: required(listOf(orNull(wholeNumber({ min: 1 })))),
  dtype: required(oneOf(Object.keys(dtypes) as DType[])),
})

const applicationRows = new OptionTable<ApplicationJson>({
  layer: required(index),
  inputs: required(listOf(index, { min: 1 })),
})

/** The graph as JSON. */
export function graphJson(graph: GraphParts): Record<string, unknown> {
  const firstOf = new Map<SymbolicTensor | Application, number>()
  let values = 0
  for (const symbol of graph.inputs) firstOf.set(symbol, values++)
  const numberOf = (symbol: SymbolicTensor) =>
    firstOf.get(symbol) ?? firstOf.get(symbol.from!)! + symbol.index
  const places = new Map(graph.layers.map((layer, i) => [layer, i]))
  const applications = graph.applications.map(application => {
    const inputs = application.inputs.map(numberOf)
    firstOf.set(application, values)
    values += application.shapes.length
    return { layer: places.get(application.module)!, inputs }
  })
  return {
    name: graph.name,
    inputs: graph.inputs.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
    inputArrangement: graph.inputArrangement,
    layers: graph.layers.map(layer => layer.savedConfig()),
    applications,
    outputs: graph.outputs.map(numberOf),
    outputArrangement: graph.outputArrangement,
  } satisfies GraphJson
}

/** A model that uses a model twice, which uses one twice, … : few words for a call without end. */
const largestCall = 10_000

/**
 * What a graph is made from, read from its JSON form.
 *
 * @throws AthanorError FORMAT for numbers of values or layers that are not there, layers and values that
 * nothing uses, arrangements of another length, calls of more than 10,000 layers; ARGUMENT for parts that are missing or unknown.
 */
export function graphFromJson(
  config: Readonly<Record<string, unknown>>,
  moduleOf: (json: LayerConfig) => AnyModule,
): GraphModelOptions {
  const operation = 'reading a GraphModel'
  const json = graphRows.check(operation, config as never)
  const values: SymbolicTensor[] = json.inputs.map(one => {
    const { name, shape, dtype } = inputRows.check(`${operation} (input)`, one)
    return input({ name, shape, dtype })
  })
  const inputs = [...values]
  const layers = json.layers.map(moduleOf)
  const isUsed = new Set<SymbolicTensor>()
  const usedLayers = new Set<number>()
  const valueAt = (at: number, where: string) => {
    const value = values[at]
    if (value === undefined) throw refused(`a value before ${where}`, `number ${at}`)
    isUsed.add(value)
    return value
  }
  let size = 0
  const results = json.applications.map((one, i) => {
    const application = applicationRows.check(`${operation} (application ${i})`, one)
    const layer = layers[application.layer]
    if (layer === undefined)
      throw refused(`one of ${layers.length} layers`, `number ${application.layer}`)
    usedLayers.add(application.layer)
    size += layer.callSize
    if (size > largestCall)
      throw refused(`a call of at most ${largestCall} layers`, 'one of more, through nested models')
    const given = application.inputs.map(at => valueAt(at, `application ${i}`))
    const outputs = layer.apply(given)
    const parts = (
      outputs instanceof SymbolicTensor ? [outputs] : Object.values(outputs)
    ) as SymbolicTensor[]
    for (const part of parts) values.push(part)
    return parts
  })
  const outputs = json.outputs.map(at => valueAt(at, 'the end'))
  if (results.some(parts => !parts.some(part => isUsed.has(part))))
    throw refused('uses of layers that lead to an output', 'one that leads nowhere')
  if (usedLayers.size < layers.length) throw refused('layers that are used', 'one that is not used')
  return {
    name: json.name,
    inputs: laidOut(inputs, json.inputArrangement),
    outputs: laidOut(outputs, json.outputArrangement),
  }
}

function laidOut(symbols: readonly SymbolicTensor[], arrangement: Arrangement): SymbolicTree {
  const wanted =
    arrangement === 'one' ? 1 : arrangement === 'list' ? symbols.length : new Set(arrangement).size
  if (wanted !== symbols.length || (arrangement !== 'list' && arrangement.length === 0))
    throw refused(`${symbols.length} different names`, String(arrangement))
  return arranged(symbols, arrangement) as SymbolicTree
}

function refused(expected: string, received: string): AthanorError {
  return new AthanorError('FORMAT', { operation: 'reading a GraphModel', expected, received })
}

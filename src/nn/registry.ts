// Layers from JSON: the table of all kinds of layers that saved models may name.

import { AthanorError, argumentError } from '../base/errors.js'
import { suggestName } from '../base/nearest-name.js'
import { OptionTable, required } from '../base/options.js'
import { listOf, tested } from '../base/value-kinds.js'
import {
  Activation,
  ActivationLayer,
  type ActivationLayerName,
  type ActivationLayerOptions,
} from './activation-layers.js'
import { attentionLayers } from './attention/registry.js'
import type { BaseLayer, LayerConfig } from './base-layer.js'
import { BatchNormalization } from './batch-normalization.js'
import { convolutionLayers } from './conv/kinds.js'
import { Dense } from './dense.js'
import { Dropout } from './dropout.js'
import { Embedding } from './embedding.js'
import { Flatten } from './flatten.js'
import { graphFromJson } from './graph-json.js'
import { GraphModel } from './graph-model.js'
import { Input } from './input.js'
import { LayerNormalization } from './layer-normalization.js'
import { Masking } from './masking.js'
import { mergeLayers } from './merge/registry.js'
import type { Module } from './module.js'
import { poolingLayers } from './pooling/kinds.js'
import { Bidirectional } from './recurrent/bidirectional.js'
import { GRU } from './recurrent/gru.js'
import { LSTM } from './recurrent/lstm.js'
import { RepeatVector } from './recurrent/repeat-vector.js'
import { SimpleRNN } from './recurrent/simple-rnn.js'
import { TimeDistributed } from './recurrent/time-distributed.js'
import { Reshape } from './reshape.js'
import { Sequential } from './sequential.js'
import { smallLayers } from './small-registry.js'
import type { SymbolicTree } from './symbolic.js'

type Config = Readonly<Record<string, unknown>>
/** What a saved model can hold. */
export type SavedModule = BaseLayer | Sequential | GraphModel<SymbolicTree>
type Maker = (config: Config) => SavedModule

/** Constructors check what they are given, so JSON is handed to them as it is. */
function of<O>(make: new (options: O) => BaseLayer): Maker {
  return config => new make(config as O)
}

/** A table of classes as one of makers. */
function allOf(classes: Readonly<Record<string, new (options: never) => BaseLayer>>) {
  return Object.fromEntries(Object.entries(classes).map(([name, make]) => [name, of(make)]))
}

function activation<K extends ActivationLayerName>(kind: K): Maker {
  return config => new ActivationLayer(kind, config as unknown as ActivationLayerOptions<K>)
}

const activationMakers: { readonly [K in ActivationLayerName]: Maker } = {
  ReLU: activation('ReLU'),
  LeakyReLU: activation('LeakyReLU'),
  ELU: activation('ELU'),
  SELU: activation('SELU'),
  GELU: activation('GELU'),
  SiLU: activation('SiLU'),
  Sigmoid: activation('Sigmoid'),
  Tanh: activation('Tanh'),
  Softplus: activation('Softplus'),
  Softmax: activation('Softmax'),
}

/** A layer around others, which stand in its options as JSON. */
function wrapping<O>(make: new (options: O) => BaseLayer, names: readonly string[]): Maker {
  return config => {
    const inner = names.filter(name => Object.hasOwn(config, name))
    const made = inner.map(name => [name, layerFromConfig(config[name] as LayerConfig)] as const)
    return new make({ ...config, ...Object.fromEntries(made) } as O)
  }
}

function nested(config: Config): Sequential {
  const { layers } = nestedOptions.check('reading a Sequential', config as never)
  return new Sequential(layers.map(chainLayer))
}

const nestedOptions = new OptionTable<{ readonly layers: readonly LayerConfig[] }>({
  layers: required(
    listOf(
      tested<LayerConfig>('a layer', layer => typeof layer === 'object' && layer !== null, [
        1,
        null,
      ]),
    ),
  ),
})

const makers = new Map<string, Maker>(
  Object.entries({
    Dense: of(Dense),
    Dropout: of(Dropout),
    BatchNormalization: of(BatchNormalization),
    LayerNormalization: of(LayerNormalization),
    Embedding: of(Embedding),
    Flatten: of(Flatten),
    Reshape: of(Reshape),
    Input: of(Input),
    Activation: of(Activation),
    Masking: of(Masking),
    SimpleRNN: of(SimpleRNN),
    LSTM: of(LSTM),
    GRU: of(GRU),
    Bidirectional: wrapping(Bidirectional, ['layer', 'backwardLayer']),
    TimeDistributed: wrapping(TimeDistributed, ['layer']),
    RepeatVector: of(RepeatVector),
    Sequential: nested,
    GraphModel: config => new GraphModel(graphFromJson(config, layerFromConfig)),
    ...activationMakers,
    ...allOf(attentionLayers),
    ...allOf(mergeLayers),
    ...allOf(convolutionLayers),
    ...allOf(poolingLayers),
    ...allOf(smallLayers),
  }),
)

/**
 * Lets saved models hold a layer of one's own.
 *
 * @param className what its `className` says
 * @param make the layer from what its `config()` gave
 * @throws AthanorError ARGUMENT for a name that is taken.
 * @example
 * ```ts
 * registerLayer('Scale', config => new Scale(config))
 * ```
 */
export function registerLayer(className: string, make: (config: Config) => BaseLayer): void {
  if (makers.has(className))
    throw argumentError('registerLayer', 'a name that is free', `'${className}'`)
  makers.set(className, make)
}

/**
 * The layer that `layer.toJSON()` described, with fresh weights.
 *
 * @throws AthanorError FORMAT for a kind of layer that is not known; what the layer's constructor
 * throws for options that are wrong.
 */
export function layerFromConfig(json: LayerConfig): SavedModule {
  const make = makers.get(json.className)
  if (make === undefined)
    throw new AthanorError('FORMAT', {
      operation: 'reading a layer',
      expected: 'a kind of layer that is known',
      received: `'${String(json.className)}'`,
      fix: `${suggestName(String(json.className), [...makers.keys()])} A layer of one’s own needs registerLayer first.`,
    })
  if (typeof json.config !== 'object' || json.config === null || Array.isArray(json.config))
    throw new AthanorError('FORMAT', {
      operation: `reading layer ${json.className}`,
      expected: 'its options as an object',
      received: String(json.config),
    })
  return make(json.config)
}

/**
 * @internal A layer of a chain, which gives one tensor.
 *
 * @throws AthanorError FORMAT for a functional model that gives several.
 */
export function chainLayer(json: LayerConfig): Module {
  const made = layerFromConfig(json)
  if (made instanceof GraphModel && made.outputArrangement !== 'one')
    throw new AthanorError('FORMAT', {
      operation: 'reading a Sequential',
      expected: 'modules that give one tensor',
      received: `${made.name}, which gives ${made.outputNames.join(', ')}`,
    })
  return made as Module
}

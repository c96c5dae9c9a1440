// Models as files: one container that holds architecture, weights and what belongs to them.

import { readFile } from '#platform'
import { AthanorError } from '../base/errors.js'
import { refuseValue } from '../base/options.js'
import { someText } from '../base/value-kinds.js'
import {
  type Container,
  decodeContainer,
  type Json,
  type StoredTensor,
} from '../modelfile/index.js'
import type { LayerConfig } from '../nn/layer.js'
import type { ModuleOutput } from '../nn/module-output.js'
import { chainLayer, layerFromConfig } from '../nn/registry.js'
import { withinNumbers } from '../nn/weight-allowance.js'
import { type Tensor, tensorOver } from '../tensor/tensor.js'
import { Model, sequential } from './model.js'

/** A model from the bytes of a model file. @throws AthanorError FORMAT for anything that is not one. */
export function modelFromBytes<Output extends ModuleOutput = Tensor>(
  bytes: Uint8Array,
  source = 'model',
): Model<Output> {
  return modelFromContainer(decodeContainer(bytes, source), source)
}

/** @internal The same, decoded already. */
export function modelFromContainer<Output extends ModuleOutput = Tensor>(
  { kind, tensors: saved, metadata }: Container,
  source: string,
): Model<Output> {
  if (kind !== 'model')
    throw new AthanorError('FORMAT', {
      operation: `reading ${source}`,
      expected: 'a model',
      received: `a ${kind}`,
    })
  const { architecture, inputShape, extra } = metadata
  if (typeof architecture !== 'object' || architecture === null)
    throw new AthanorError('FORMAT', {
      operation: `reading ${source}`,
      expected: 'a list of layers, or a graph',
      received: typeof architecture,
    })
  const model = inFile(source, () => rebuilt(architecture, inputShape, saved))
  model.extra = (extra ?? {}) as Record<string, Json>
  model.module.eval()
  return model as unknown as Model<Output>
}

function rebuilt(
  architecture: object,
  inputShape: unknown,
  saved: Readonly<Record<string, StoredTensor>>,
): Model<ModuleOutput> {
  const numbers = Object.values(saved).reduce((sum, { values }) => sum + values.length, 0)
  const model = withinNumbers(numbers, () => {
    const made = Array.isArray(architecture)
      ? sequential(architecture.map(config => chainLayer(config as LayerConfig)))
      : new Model<ModuleOutput>(layerFromConfig(architecture as LayerConfig))
    if (Array.isArray(inputShape) && made.inputShape === null)
      made.module.ensureBuiltOn([inputShape as number[]])
    return made
  })
  model.loadStateDict(
    Object.fromEntries(
      Object.entries(saved).map(([name, t]) => [name, tensorOver(t.values, t.shape, t.dtype)]),
    ),
  )
  return model
}

/** What a layer says of its options is, in a file, a fault of the file. */
function inFile<T>(source: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof AthanorError && cause.code === 'MEMORY') throw cause
    throw new AthanorError('FORMAT', {
      operation: `reading ${source}`,
      expected: 'layers and weights that belong together',
      received: `a fault (${cause instanceof Error ? cause.message : String(cause)})`,
      cause,
    })
  }
}

/** A model from a file that `save` wrote. */
export async function loadModelFile<Output extends ModuleOutput = Tensor>(
  path: string,
): Promise<Model<Output>> {
  if (!someText.accepts(path)) refuseValue('loadModelFile', 'path', someText, path)
  return modelFromBytes<Output>(readFile(path), path)
}

// Checkpoints: all that training needs to go on bit for bit after the process was killed.

import { fileExists, readFile, writeFileAtomically } from '#platform'
import type { TypedArray } from '../base/dtype.js'
import { AthanorError } from '../base/errors.js'
import {
  decodeContainer,
  encodeContainer,
  type Json,
  type StoredTensor,
} from '../modelfile/index.js'
import { carriedBelow } from '../nn/carried.js'
import type { OptimizerState } from '../optim/optimizer.js'
import { overwrite } from '../tensor/overwrite.js'
import { defaultGenerator, type GeneratorState, restoreDefaultGenerator } from '../tensor/random.js'
import { type Tensor, tensorOver } from '../tensor/tensor.js'
import type { Variable } from '../tensor/variable.js'
import type { Callback } from './callbacks.js'
import type { Model } from './model.js'

/** Where training stands: the next batch to run, and the sums of the epoch so far. */
export interface Progress {
  epoch: number
  batch: number
  totals: Totals
  history: Record<string, number[]>
  seed: number
  rows: number
  /** Absent from checkpoints of version 0.1. */
  batchSize?: number
  metrics?: readonly string[]
}

export interface Totals {
  loss: number
  rows: number
  metrics: [number, number][]
}

export function saveCheckpoint(
  path: string,
  model: Model,
  callbacks: readonly Callback[],
  progress: Progress,
): void {
  const tensors: Record<string, StoredTensor> = {}
  for (const [name, variable] of model.namedVariables()) tensors[`model/${name}`] = stored(variable)
  const carried = carriedBelow(model.module).map(([module, state]) => {
    const values = state.values()
    values.forEach((value, i) => {
      tensors[`carried/${module}/${i}`] = value
    })
    return { module, states: values.length }
  })
  const { slots, ...counts } = model.optimizer.state()
  for (const [name, slot] of Object.entries(slots)) tensors[`optimizer/${name}`] = stored(slot)
  const states = callbacks.map((callback, i) => {
    const state = callback.state?.()
    if (state === undefined) return null
    for (const [name, values] of Object.entries(state.weights ?? {})) {
      const like = tensors[`model/${name}`]
      tensors[`callback/${i}/${name}`] = { dtype: like.dtype, shape: like.shape, values }
    }
    return {
      name: callback.name ?? String(i),
      values: state.values,
      weights: Object.keys(state.weights ?? {}),
    }
  })
  const metadata: Record<string, Json> = {
    progress: encodeNumbers(progress) as Json,
    optimizer: encodeNumbers(counts) as Json,
    random: { ...defaultGenerator().state },
    layers: model.randomStates() as unknown as Json,
    callbacks: states as unknown as Json,
    carried,
  }
  writeFileAtomically(path, encodeContainer({ kind: 'checkpoint', tensors, metadata }))
}

function stored(value: Tensor): StoredTensor {
  return { dtype: value.dtype, shape: value.shape, values: value.dataSync() }
}

/** Puts everything back; null if there is no checkpoint at `path`. */
export function loadCheckpoint(
  path: string,
  model: Model,
  callbacks: readonly Callback[],
): Progress | null {
  if (!fileExists(path)) return null
  const { kind, tensors, metadata } = decodeContainer(readFile(path), path)
  if (kind !== 'checkpoint')
    throw new AthanorError('FORMAT', {
      operation: `resuming from ${path}`,
      expected: 'a checkpoint',
      received: `a ${kind}`,
    })
  const part = (prefix: string) =>
    Object.fromEntries(
      Object.entries(tensors)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
    )
  const saved = part('model/')
  const variables = model.namedVariables()
  checkNames(path, variables, saved)
  for (const [name, variable] of variables) overwrite(variable, saved[name].values)
  const counted = (metadata.carried ?? []) as { module: string; states: number }[]
  for (const [module, state] of carriedBelow(model.module)) {
    const { states = 0 } = counted.find(one => one.module === module) ?? {}
    const names = Array.from({ length: states }, (_, i) => `carried/${module}/${i}`)
    state.load(names.flatMap(name => tensors[name] ?? []))
  }
  const slots = Object.entries(part('optimizer/')).map(
    ([name, { values, shape, dtype }]) => [name, tensorOver(values, shape, dtype)] as const,
  )
  const counts = decodeNumbers(metadata.optimizer) as Omit<OptimizerState, 'slots'>
  model.optimizer.loadState({ ...counts, slots: Object.fromEntries(slots) })
  restoreDefaultGenerator(metadata.random as unknown as GeneratorState)
  model.restoreRandomStates(metadata.layers as unknown as Record<string, GeneratorState>)
  const states = metadata.callbacks as unknown as ({
    name: string
    values: Json
    weights: string[]
  } | null)[]
  callbacks.forEach((callback, i) => {
    const state = states[i]
    if (!state) return
    const name = callback.name ?? String(i)
    if (state.name !== name)
      throw new AthanorError('STATE', {
        operation: `resuming from ${path}`,
        expected: `callback ${i + 1} to be ${state.name}, as in the checkpoint`,
        received: name,
        fix: 'Give the callbacks in the order that they had',
      })
    const weights = part(`callback/${i}/`)
    const names = state.weights
    callback.restore?.({
      values: state.values,
      ...(names.length === 0
        ? {}
        : {
            weights: Object.fromEntries(names.map(name => [name, weights[name].values])) as Record<
              string,
              TypedArray
            >,
          }),
    })
  })
  return decodeNumbers(metadata.progress) as Progress
}

function checkNames(
  path: string,
  variables: readonly [string, Variable][],
  saved: Record<string, StoredTensor>,
): void {
  const wrong = variables.find(
    ([name, v]) =>
      saved[name] === undefined ||
      saved[name].values.length !== v.size ||
      saved[name].dtype !== v.dtype,
  )
  if (wrong === undefined && Object.keys(saved).length === variables.length) return
  throw new AthanorError('STATE', {
    operation: `resuming from ${path}`,
    expected: 'a checkpoint of this architecture',
    received:
      wrong === undefined ? 'one with other parameters' : `one without a fitting ${wrong[0]}`,
    fix: 'Build the model as it was, or start anew without resume',
  })
}

/** NaN and infinities as strings: JSON has neither. */
export function encodeNumbers(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) }
  if (Array.isArray(value)) return value.map(encodeNumbers)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, encodeNumbers(item)]),
    )
  return value
}

export function decodeNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeNumbers)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  if (entries.length === 1 && entries[0][0] === 'number' && typeof entries[0][1] === 'string')
    return Number(entries[0][1])
  return Object.fromEntries(entries.map(([key, item]) => [key, decodeNumbers(item)]))
}

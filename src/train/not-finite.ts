// When a loss or a gradient is NaN or infinite: the same batch once more, node by node, to name the
// first operation and the layer where it began.

import { dtypes } from '../base/dtype.js'
import { AthanorError } from '../base/errors.js'
import { describeNode, type Node, topological } from '../graph/node.js'
import { rememberCarried } from '../nn/carried.js'
import type { ModuleOutput } from '../nn/module-output.js'
import type { Cell, InputSource, StateSource } from '../tensor/context.js'
import { evaluate, gradientsOfLosses } from '../tensor/flush.js'
import { type Tensor, valuesOf } from '../tensor/tensor.js'
import type { Model } from './model.js'
import type { AnyBatch, BatchResult, Training } from './training.js'

export interface Culprit {
  /** `dense_2: exp`, as the user would find it. */
  readonly where: string
  readonly what: 'an input' | 'a parameter' | 'the forward pass' | 'the gradient'
}

function isBroken(node: Node): boolean {
  if (!dtypes[node.dtype].isFloat) return false
  return !valuesOf(node).every(Number.isFinite)
}

/** Runs a step; where it meets what is not finite, says where that began, with all states as before. */
export async function checkedStep(
  model: Model,
  training: Training,
  batch: AnyBatch,
  at: { readonly epoch: number; readonly batch: number },
): Promise<BatchResult> {
  try {
    return await training.train(batch)
  } catch (error) {
    if (!(error instanceof AthanorError) || error.code !== 'NOT_FINITE') throw error
    const culprit = culpritOf(model, training, batch)
    throw notFiniteError(culprit, at.epoch, at.batch, model.optimizer.learningRate)
  }
}

/** Where a step that failed met what is not finite, with all states as before. */
export function culpritOf<Output extends ModuleOutput>(
  model: Model<Output>,
  training: Training,
  batch: AnyBatch,
): Culprit | null {
  const restore = rememberCarried(model.module)
  const culprit = findCulprit(training.lossOf(batch), model.namedParameters())
  restore()
  return culprit
}

/** Looks at leaves, then at the forward pass in order, then at the parameters' gradients. */
function findCulprit(
  loss: Tensor,
  parameters: readonly [string, { readonly cell: Cell }][],
): Culprit | null {
  const nameOf = new Map(parameters.map(([name, { cell }]) => [cell, name]))
  const order = topological([loss.node], () => false)
  for (const node of order) {
    if (node.source === null || node.source.kind === 'scalar' || !isBroken(node)) continue
    if (node.source.kind === 'state') {
      const name = nameOf.get((node.source as StateSource).cell)
      return { where: name ?? 'a variable', what: 'a parameter' }
    }
    if ((node.source as InputSource).pending === null)
      return { where: 'the batch', what: 'an input' }
  }
  const wrt = parameters.map(([, { cell }]) => cell.leaf)
  const gradients = gradientsOfLosses([loss.node], wrt)
  const inner = order.filter(node => node.source === null)
  evaluate([...inner, ...gradients.filter(g => g !== null)])
  for (const node of inner)
    if (isBroken(node)) return { where: describeNode(node), what: 'the forward pass' }
  for (let i = gradients.length - 1; i >= 0; i--) {
    const gradient = gradients[i]
    if (gradient !== null && isBroken(gradient))
      return { where: parameters[i][0], what: 'the gradient' }
  }
  return null
}

function notFiniteError(
  culprit: Culprit | null,
  epoch: number,
  batch: number,
  learningRate: number,
): AthanorError {
  const place = culprit === null ? 'the update' : `${culprit.what} (${culprit.where})`
  const fix =
    culprit?.what === 'an input'
      ? 'Remove or impute NaN and infinite values before training'
      : `Lower the learning rate (now ${learningRate}; try ${learningRate / 10}), scale the inputs, or clip the gradients`
  return new AthanorError('NOT_FINITE', {
    operation: `fit, epoch ${epoch + 1}, batch ${batch + 1}`,
    expected: 'finite numbers',
    received: `NaN or infinity first in ${place}; the update was withheld`,
    fix,
  })
}

// The net of a run: dense layers over a table's features, its loss and its optimizer.

import { dense, dropout } from '../nn/layers.js'
import { meanSquaredError, sparseCategoricalCrossentropy } from '../nn/losses/index.js'
import type { Tensor } from '../tensor/index.js'
import { type Model, sequential } from '../train/model.js'
import type { NetSettings } from './net-defaults.js'
import { makeOptimizer } from './net-optimizers.js'
import { seededNet } from './seeded-net.js'

/** Classes: one logit each. Numbers: one output, in standard deviations from the mean. */
export function buildNet(
  settings: NetSettings,
  inputs: number,
  outputs: number,
  task: 'classification' | 'regression',
  stepsPerEpoch: number,
): Model {
  const sizes = [...settings.hidden, outputs]
  const layers = () =>
    sizes.flatMap((units, i) => {
      const isLast = i === sizes.length - 1
      const layer = dense({
        units,
        ...(isLast ? {} : { activation: 'relu' as const, kernelInitializer: 'heNormal' as const }),
        ...(i === 0 ? { inputShape: [inputs] } : {}),
      })
      return isLast || settings.dropout === 0
        ? [layer]
        : [layer, dropout({ rate: settings.dropout })]
    })
  const model = seededNet(settings, () => sequential(layers()))
  model.compile({
    optimizer: makeOptimizer(settings, stepsPerEpoch),
    loss: task === 'regression' ? meanSquaredError : classLoss,
  })
  return model
}

/** Of nets that give a logit for each class: the softmax is inside. */
export function classLoss(yTrue: Tensor, yPred: Tensor, options: object = {}): Tensor {
  return sparseCategoricalCrossentropy(yTrue, yPred, { ...options, fromLogits: true })
}

/** `144 → 64 → 32 → 3` */
export function shapeText(settings: NetSettings, inputs: number, outputs: number): string {
  return [inputs, ...settings.hidden, outputs].join(' → ')
}

export function countParameters(model: Model): number {
  return model.parameters().reduce((sum, parameter) => sum + parameter.size, 0)
}

// The net of a run: dense layers over a table's features, its loss and its optimizer.

import { dense, dropout } from '../nn/layers.js'
import { meanSquaredError, sparseCategoricalCrossentropy } from '../nn/losses/index.js'
import { l2 } from '../nn/regularizers.js'
import { random, type Tensor } from '../tensor/index.js'
import { type Model, sequential } from '../train/model.js'
import type { NetSettings } from './net-defaults.js'
import { makeOptimizer } from './net-optimizers.js'

/** Classes: one logit each. Numbers: one output, in standard deviations from the mean. */
export function buildNet(
  settings: NetSettings,
  inputs: number,
  outputs: number,
  task: 'classification' | 'regression',
  stepsPerEpoch: number,
): Model {
  random.seed(settings.seed)
  const regularizer = settings.l2 > 0 ? { kernelRegularizer: l2(settings.l2) } : {}
  const sizes = [...settings.hidden, outputs]
  const model = sequential(
    sizes.flatMap((units, i) => {
      const isLast = i === sizes.length - 1
      const layer = dense({
        units,
        ...(isLast ? {} : { activation: 'relu' as const, kernelInitializer: 'heNormal' as const }),
        ...regularizer,
        ...(i === 0 ? { inputShape: [inputs] } : {}),
      })
      return isLast || settings.dropout === 0
        ? [layer]
        : [layer, dropout({ rate: settings.dropout })]
    }),
  )
  model.compile({
    optimizer: makeOptimizer(settings, stepsPerEpoch),
    loss:
      task === 'regression'
        ? meanSquaredError
        : (yTrue: Tensor, yPred: Tensor, options: object = {}) =>
            sparseCategoricalCrossentropy(yTrue, yPred, { ...options, fromLogits: true }),
  })
  return model
}

/** `144 → 64 → 32 → 3` */
export function shapeText(settings: NetSettings, inputs: number, outputs: number): string {
  return [inputs, ...settings.hidden, outputs].join(' → ')
}

export function countParameters(model: Model): number {
  return model.parameters().reduce((sum, parameter) => sum + parameter.size, 0)
}

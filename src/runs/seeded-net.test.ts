// The net of a run before its training: weights of its seed, and l2 of every kernel, once each.

import { expect, test } from 'vitest'
import { ReferenceExecutor } from '../execute/reference.js'
import * as layers from '../nn/layers.js'
import { useExecutor } from '../tensor/engine.js'
import { sequential } from '../train/index.js'
import { seededNet } from './seeded-net.js'

useExecutor(new ReferenceExecutor())

const build = () =>
  sequential([
    layers.conv1d({ filters: 3, kernelSize: 2, inputShape: [5, 2] }),
    layers.layerNormalization(),
    layers.bidirectional({ layer: layers.lstm({ units: 2, returnSequences: true }) }),
    layers.transformerEncoder({ intermediateDim: 4, numHeads: 2 }),
    layers.dense({ units: 2, kernelRegularizer: 'l2' }),
  ])

test('l2 of every kernel is in the loss once, and of nothing else', () => {
  const net = seededNet({ seed: 3, l2: 0.5 }, build)
  const [plain, penalized] = [seededNet({ seed: 3, l2: 0 }, build), net].map(({ module }) =>
    module.regularizationLosses().reduce((sum, loss) => sum + loss.itemSync(), 0),
  )
  const kernels = [...net.module.namedParameters()].filter(([name]) => /kernel$/i.test(name))
  // Convolution; two directions of two; attention's four and two of the block; dense.
  expect(kernels).toHaveLength(12)
  const squares = kernels.reduce((sum, [, w]) => sum + w.square().sum().itemSync(), 0)
  expect(penalized - plain).toBeCloseTo(0.5 * squares, 4)
})

test('weights are those of the seed', () => {
  const [a, b, c] = [1, 1, 2].map(seed =>
    seededNet({ seed, l2: 0 }, build)
      .parameters()
      .flatMap(w => [...w.dataSync()]),
  )
  expect(a).toEqual(b)
  expect(a).not.toEqual(c)
})

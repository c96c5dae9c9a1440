import { describe, expect, test } from 'vitest'
import { random, zeros } from '../../tensor/index.js'
import { type Model, modelFromBytes } from '../../train/index.js'
import {
  densePictureNet,
  leNet,
  pictureNet,
  resNet18,
  resNet20,
  resNet32,
  resNet56,
} from './index.js'

const count = (model: Model) => model.parameters().reduce((sum, p) => sum + p.size, 0)
const built = (model: Model, shape: readonly number[]) => {
  model.module.eval()
  const output = model.module.forward(zeros([1, ...shape])) as { shape: readonly number[] }
  return { parameters: count(model), output: output.shape }
}

describe('nets for pictures have the parameters that their papers say', () => {
  // LeNet-5 as in every text book; ResNet-20 as torchvision-style option B; ResNet-18 as torchvision.
  test.each([
    ['leNet', leNet, [28, 28, 1], 10, 61_706],
    ['pictureNet', pictureNet, [28, 28, 1], 10, 72_666],
    ['densePictureNet', densePictureNet, [28, 28, 1], 10, 101_770],
    ['resNet20', resNet20, [32, 32, 3], 10, 272_474],
    ['resNet32', resNet32, [32, 32, 3], 10, 466_906],
    ['resNet56', resNet56, [32, 32, 3], 10, 855_770],
  ] as const)('%s', (_, build, inputShape, classes, parameters) => {
    const net = build({ inputShape, classes })
    expect(built(net, inputShape)).toEqual({ parameters, output: [1, classes] })
  })

  test('resNet18', () => {
    expect(count(resNet18({ inputShape: [224, 224, 3], classes: 1000 }))).toBe(11_689_512)
  })
})

test.each([
  ['leNet', leNet],
  ['pictureNet', pictureNet],
  ['resNet20', resNet20],
] as const)('%s comes back from its file as it was', async (_, build) => {
  random.seed(1)
  const net = build({ inputShape: [16, 16, 1], classes: 3 })
  const x = random.normal([2, 16, 16, 1])
  const before = await (await net.predict(x)).data()
  const after = await (await modelFromBytes(net.toBytes()).predict(x)).data()
  expect(after).toEqual(before)
})

test.each([
  ['leNet', leNet, [8, 8, 1]],
  ['resNet20', resNet20, [4, 4, 1]],
  ['resNet18', resNet18, [16, 16, 3]],
  ['pictureNet', pictureNet, [2, 2, 1]],
] as const)('%s refuses pictures that are too small, and unknown options', (name, build, shape) => {
  expect(() => build({ inputShape: shape, classes: 2 })).toThrow(name)
  expect(() => build({ inputShape: [32, 32, 1], classes: 0 })).toThrow('classes')
  expect(() => build({ inputShape: [32, 32, 1], classes: 2, width: 1 } as never)).toThrow('width')
})

import { describe, expect, test } from 'vitest'
import { grad, random, tensor, zeros } from '../../tensor/index.js'
import { type Model, modelFromBytes } from '../../train/index.js'
import {
  densePictureNet,
  IdentityShortcut,
  leNet,
  pictureNet,
  resNet18,
  resNet20,
  resNet32,
  resNet56,
  type SmallResNetOptions,
} from './index.js'

const count = (model: Model) => model.parameters().reduce((sum, p) => sum + p.size, 0)
const built = (model: Model, shape: readonly number[]) => {
  model.module.eval()
  const output = model.module.forward(zeros([1, ...shape])) as { shape: readonly number[] }
  return { parameters: count(model), output: output.shape }
}

const projected = (build: typeof resNet20) => (options: SmallResNetOptions) =>
  build({ ...options, shortcut: 'projection' })

describe('nets for pictures have the parameters that their papers say', () => {
  // LeNet-5 as in every text book; the small ResNets as table 6 of the paper, in millions; ResNet-18 as torchvision.
  test.each([
    ['leNet', leNet, [28, 28, 1], 10, 61_706],
    ['pictureNet', pictureNet, [28, 28, 1], 10, 72_666],
    ['densePictureNet', densePictureNet, [28, 28, 1], 10, 101_770],
    ['resNet20', resNet20, [32, 32, 3], 10, 269_722],
    ['resNet32', resNet32, [32, 32, 3], 10, 464_154],
    ['resNet56', resNet56, [32, 32, 3], 10, 853_018],
    ['resNet20 with projections', projected(resNet20), [32, 32, 3], 10, 272_474],
    ['resNet32 with projections', projected(resNet32), [32, 32, 3], 10, 466_906],
    ['resNet56 with projections', projected(resNet56), [32, 32, 3], 10, 855_770],
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
  ['resNet20 with projections', projected(resNet20)],
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

describe('IdentityShortcut', () => {
  const pixels = Array.from({ length: 2 * 3 * 5 * 2 }, (_, i) => i + 1)
  const x = tensor(pixels, { shape: [2, 3, 5, 2] })
  const shortcut = new IdentityShortcut({ filters: 3, strides: 2 })

  test('takes every second pixel, and channels of zeros behind', () => {
    const y = shortcut.forward(x)
    expect(y.shape).toEqual([2, 2, 3, 3])
    expect(shortcut.outputShape([3, 5, 2])).toEqual([2, 3, 3])
    const at = (b: number, h: number, w: number) => 1 + 2 * (w + 5 * (h + 3 * b))
    const expected = [0, 1].map(b =>
      [0, 2].map(h => [0, 2, 4].map(w => [at(b, h, w), at(b, h, w) + 1, 0])),
    )
    expect(y.arraySync()).toEqual(expected)
    const same = new IdentityShortcut({ filters: 2 })
    expect(same.forward(x).dataSync()).toEqual(x.dataSync())
  })

  test('hands gradients back to the pixels it took', () => {
    const gradient = grad((a: typeof x) => shortcut.forward(a).mul(3).sum())(x)
    const taken = (i: number) => Math.floor(i / 10) % 3 !== 1 && (Math.floor(i / 2) % 5) % 2 === 0
    expect([...gradient.dataSync()]).toEqual(pixels.map((_, i) => (taken(i) ? 3 : 0)))
  })

  test('refuses what it cannot hand on', () => {
    expect(() => new IdentityShortcut({ filters: 1 }).forward(x)).toThrow(/at least 2 filters/)
    expect(() => new IdentityShortcut({ filters: 2 }).forward(zeros([2, 3]))).toThrow(/height/)
    expect(() => new IdentityShortcut({ filters: 2, stride: 2 } as never)).toThrow(/strides/)
  })
})

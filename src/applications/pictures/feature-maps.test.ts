import { describe, expect, test } from 'vitest'
import { conv2d, dense, flatten, relu } from '../../nn/layers.js'
import { random, tensor } from '../../tensor/index.js'
import { sequential } from '../../train/model.js'
import { densePictureNet, featureMaps, leNet, pictureNet, resNet20 } from './index.js'

/** Two filters: the picture itself, and its negative; both rectified. */
function twoFilters() {
  const net = sequential([
    conv2d({ filters: 2, kernelSize: 1, name: 'first', useBias: false, inputShape: [2, 2, 1] }),
    relu(),
    conv2d({ filters: 1, kernelSize: 2, name: 'second' }),
    flatten(),
    dense({ units: 2 }),
  ])
  net.parameters()[0].assign(tensor([[[[1, -1]]]]))
  return net
}

describe('featureMaps', () => {
  test('are what comes out of a convolution, behind its activation', async () => {
    const x = tensor([
      [
        [[3], [-1]],
        [[0], [2]],
      ],
    ])
    const [first, second] = await featureMaps(twoFilters(), x)
    expect(first).toEqual({
      ...{ layer: 'first', height: 2, width: 2, channels: 2 },
      values: Float32Array.of(3, 0, 0, 1, 0, 0, 2, 0),
    })
    expect(second).toMatchObject({ layer: 'second', height: 1, width: 1, channels: 1 })
  })

  test.each([
    ['pictureNet', pictureNet, 6, [16, 8, 4], [16, 32, 64]],
    ['leNet', leNet, 2, [16, 4], [6, 16]],
    ['resNet20', resNet20, 19, [16, 8, 4], [16, 32, 64]],
  ] as const)('%s: all, or the first of each size; the net stays as it was', async (...row) => {
    const [, build, all, sides, channels] = row
    random.seed(5)
    const net = build({ inputShape: [16, 16, 3], classes: 3 })
    net.module.train()
    const x = random.normal([2, 16, 16, 3])
    expect(await featureMaps(net, x)).toHaveLength(all)
    const some = await featureMaps(net, x, { which: 'firstOfSize' })
    expect(some.map(({ height }) => height)).toEqual(sides)
    expect(some.map(maps => maps.channels)).toEqual(channels)
    for (const { height, width, channels: count, values } of some) {
      expect(values).toHaveLength(2 * height * width * count)
      // Behind batch normalisation stands an activation.
      if (build !== leNet) expect(Math.min(...values)).toBe(0)
    }
    expect(net.module.training).toBe(true)
  })

  test('refuses nets without convolutions, what are no pictures, unknown options', async () => {
    const x = random.normal([2, 8, 8, 1])
    const plain = densePictureNet({ inputShape: [8, 8, 1], classes: 2 })
    await expect(featureMaps(plain, x)).rejects.toThrow(/a net with convolutions/)
    const net = pictureNet({ inputShape: [8, 8, 1], classes: 2 })
    await expect(featureMaps(net, random.normal([8, 8, 1]))).rejects.toThrow(/pictures \[batch/)
    await expect(featureMaps(net, x, { which: 'some' as never })).rejects.toThrow(/firstOfSize/)
  })
})

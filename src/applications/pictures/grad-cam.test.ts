import { expect, test } from 'vitest'
import { conv2d, dense, flatten, globalAveragePooling2d } from '../../nn/layers.js'
import { random, tensor } from '../../tensor/index.js'
import { sequential } from '../../train/model.js'
import { densePictureNet, gradCam, pictureNet, resNet20 } from './index.js'

test('of a net that ends in means and one dense layer it is the class activation map', async () => {
  // One filter that hands the picture on, one that turns its sign; class 0 wants the first, class 1 the second.
  const net = sequential([
    conv2d({ filters: 2, kernelSize: 1, useBias: false, inputShape: [2, 3, 1] }),
    globalAveragePooling2d(),
    dense({ units: 2, useBias: false }),
  ])
  const [filter, kernel] = net.parameters()
  filter.assign(tensor([[[[1, -1]]]]))
  kernel.assign(
    tensor([
      [1, 0],
      [0, 2],
    ]),
  )
  const x = tensor([
    [
      [[4], [-2], [0]],
      [[1], [-8], [2]],
    ],
  ])
  const both = tensor(Float32Array.from([...(await x.data()), ...(await x.data())]), {
    shape: [2, 2, 3, 1],
  })
  const { height, width, values } = await gradCam(net, both, [0, 1])
  expect([height, width]).toEqual([2, 3])
  expect([...values]).toEqual([1, 0, 0, 0.25, 0, 0.5, 0, 0.25, 0, 0, 1, 0])
})

test.each([
  ['pictureNet', () => pictureNet({ inputShape: [16, 16, 3], classes: 3 }), 4],
  ['resNet20', () => resNet20({ inputShape: [16, 16, 3], classes: 3 }), 4],
  [
    'layers that flatten',
    () =>
      sequential([
        conv2d({ filters: 4, kernelSize: 3, inputShape: [16, 16, 3], activation: 'relu' }),
        flatten(),
        dense({ units: 3 }),
      ]),
    14,
  ],
] as const)(
  '%s: maps from 0 to 1, one for each picture; the net stays as it was',
  async (_, make, side) => {
    random.seed(3)
    const net = make()
    net.module.train()
    const maps = await gradCam(net, random.normal([2, 16, 16, 3]), [1, 2])
    expect([maps.height, maps.width, maps.values.length]).toEqual([side, side, 2 * side * side])
    for (const value of maps.values) expect(value >= 0 && value <= 1).toBe(true)
    expect(net.module.training).toBe(true)
  },
)

test('refuses nets without feature maps, wrong classes, wrong numbers of them', async () => {
  const x = random.normal([2, 8, 8, 1])
  const plain = densePictureNet({ inputShape: [8, 8, 1], classes: 2 })
  await expect(gradCam(plain, x, [0, 1])).rejects.toThrow(/feature maps/)
  const net = pictureNet({ inputShape: [8, 8, 1], classes: 2 })
  await expect(gradCam(net, x, [0, 2])).rejects.toThrow(/from 0 to 1, received 2/)
  await expect(gradCam(net, x, [0])).rejects.toThrow(/as many classes/)
})

import { expect, test } from 'vitest'
import { PictureDataset } from '../../data/pictures/index.js'
import * as augment from '../../features/pictures/index.js'
import { pictureTensors } from './picture-tensors.js'

const shape = [2, 1, 3] as const
const pixels = Uint8Array.from({ length: 60 }, (_, i) => 4 * i)
/** Class by class, as folders are read; the last is not known. */
const labels = Int32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2, -1)
const pictures = PictureDataset.fromPixels(pixels, shape, labels, ['a', 'b', 'c'])

test('all pictures of known classes, as shares of 255', async () => {
  const { x, y } = await pictureTensors(pictures)
  expect([x.shape, x.dtype, y.shape, y.dtype]).toEqual([[9, 2, 1, 3], 'float32', [9], 'int32'])
  expect([...(await y.data())]).toEqual([...labels.subarray(0, 9)])
  expect(await x.data()).toEqual(Float32Array.from(pixels.subarray(0, 54), v => v / 255))
})

test('some of them, scaled, with one-hot targets, in the order asked for', async () => {
  const scaler = new augment.PictureScaler({ mean: [0, 0.5, 1], std: [1, 0.5, 0.25] })
  const rows = Uint32Array.of(7, 2)
  const { x, y } = await pictureTensors(pictures, { rows, scaler, oneHot: true })
  expect(await x.data()).toEqual(scaler.apply(pictures.batch(rows) as Uint8Array))
  expect(await y.array()).toEqual([
    [0, 0, 1],
    [1, 0, 0],
  ])
})

test('a limit leaves out pictures of each class alike', async () => {
  const { y } = await pictureTensors(pictures, { limit: 3 })
  expect([...(await y.data())]).toEqual([0, 1, 2])
  expect((await pictureTensors(pictures, { limit: 99 })).y.shape).toEqual([9])
})

test.each([
  ['no data set', [[]], /PictureDataset/],
  ['an unknown option', [pictures, { limt: 2 }], /'limit'/],
  ['no pictures', [pictures, { limit: 0 }], /limit/],
  ['rows of no class', [pictures, { rows: Uint32Array.of(9) }], /row 9/],
  ['rows that are not there', [pictures, { rows: Uint32Array.of(10) }], /row 10/],
  ['a list of rows', [pictures, { rows: [1] }], /Uint32Array/],
  [
    'a scaler of other channels',
    [pictures, { scaler: new augment.PictureScaler({ mean: [0], std: [1] }) }],
    /3 channels/,
  ],
] as const)('refuses %s', async (_, given, says) => {
  await expect(pictureTensors(...(given as never as [PictureDataset]))).rejects.toThrow(says)
})

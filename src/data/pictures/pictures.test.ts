import { describe, expect, test } from 'vitest'
import {
  channelStatistics,
  DuplicateFinder,
  PictureDataset,
  readIdx,
  resizePixels,
  splitPictures,
  withDepth,
  writeIdx,
} from './index.js'

const gzip = async (bytes: Uint8Array) => {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

const images = { shape: [3, 2, 2], values: Uint8Array.from({ length: 12 }, (_, i) => i) }

describe('IDX files', () => {
  test('are read as they were written, gzipped or not', async () => {
    const bytes = writeIdx(images)
    expect([...bytes.subarray(0, 8)]).toEqual([0, 0, 8, 3, 0, 0, 0, 3])
    expect(await readIdx(bytes)).toEqual(images)
    expect(await readIdx(await gzip(bytes))).toEqual(images)
  })

  const bytes = writeIdx(images)
  const change = (at: number, value: number) => {
    const changed = bytes.slice()
    changed[at] = value
    return changed
  }
  test.each([
    ['nothing', new Uint8Array(0), /an IDX file, received 0 bytes/],
    ['a head cut off', bytes.subarray(0, 9), /an IDX file, received 9 bytes/],
    ['another magic number', change(0, 1), /begins with 00 00 08, received 01 00 08 03/],
    ['floats', change(2, 0x0d), /unsigned bytes \(type 08\), received 32-bit floats/],
    ['an unknown type', change(2, 0x33), /00 00 33 03/],
    ['no sizes', change(3, 0), /00 00 08 00/],
    ['sizes beyond belief', change(4, 0xff), /12 values/],
    ['too few values', bytes.subarray(0, bytes.length - 1), /12 values.*received 11/],
    ['bytes after its end', Uint8Array.of(...bytes, 0), /further bytes/],
  ])('%s is refused', async (what, given, says) => {
    if (what === 'sizes beyond belief') {
      await expect(readIdx(given)).rejects.toMatchObject({ code: 'FORMAT' })
      return
    }
    await expect(readIdx(given, 'x.idx')).rejects.toThrow(says)
    await expect(readIdx(given, 'x.idx')).rejects.toMatchObject({ code: 'FORMAT' })
  })

  test('truncated gzip, and gzip that holds more than it says, are refused', async () => {
    const packed = await gzip(bytes)
    await expect(readIdx(packed.subarray(0, packed.length - 9))).rejects.toThrow(/gzip/)
    await expect(readIdx(await gzip(new Uint8Array(1000)))).rejects.toThrow(/IDX file/)
    const more = new Uint8Array(bytes.length + 1)
    more.set(bytes)
    await expect(readIdx(await gzip(more))).rejects.toThrow(/further bytes/)
  })

  test('become a dataset; labels have to fit', () => {
    const labels = (values: number[]) => ({
      shape: [values.length],
      values: Uint8Array.from(values),
    })
    const pictures = PictureDataset.fromIdx(images, labels([1, 0, 2]))
    expect(pictures.shape).toEqual([2, 2, 1])
    expect(pictures.classes).toEqual(['0', '1', '2'])
    expect(pictures.batch(Uint32Array.of(2, 0))).toEqual(Uint8Array.of(8, 9, 10, 11, 0, 1, 2, 3))
    expect(() => PictureDataset.fromIdx(images, labels([1, 0]))).toThrow(/\[3\].*received \[2\]/)
    expect(() => PictureDataset.fromIdx(images, labels([1, 0, 2]), ['a', 'b'])).toThrow(
      /labels from 0 to 1.*2 at row 3/,
    )
    expect(() => pictures.batch(Uint32Array.of(3))).toThrow(/rows below 3, received 3/)
  })
})

describe('resizing', () => {
  test('averages what it reduces, and keeps a plain picture plain', () => {
    expect(resizePixels(Uint8Array.of(0, 100, 100, 200), [2, 2, 1], [1, 1], 'fill')).toEqual(
      Uint8Array.of(100),
    )
    const plain = new Uint8Array(7 * 5 * 3).fill(77)
    for (const fit of ['cover', 'fill'] as const)
      expect(new Set(resizePixels(plain, [7, 5, 3], [4, 9], fit))).toEqual(new Set([77]))
  })

  test('cover cuts the sides, contain leaves black borders, fill stretches', () => {
    // Left half dark, right half bright; twice as wide as high.
    const wide = Uint8Array.from({ length: 4 * 8 }, (_, i) =>
      i % 8 < 2 ? 10 : i % 8 < 6 ? 100 : 250,
    )
    const cover = resizePixels(wide, [4, 8, 1], [4, 4], 'cover')
    expect(new Set(cover)).toEqual(new Set([100]))
    const contain = resizePixels(wide, [4, 8, 1], [4, 4], 'contain')
    expect([...contain.subarray(0, 4)]).toEqual([0, 0, 0, 0])
    expect([...contain.subarray(12)]).toEqual([0, 0, 0, 0])
    const fill = resizePixels(wide, [4, 8, 1], [4, 4], 'fill')
    expect(fill[0]).toBeLessThan(60)
    expect(fill[3]).toBeGreaterThan(150)
  })

  test('refuses what does not fit', () => {
    expect(() => resizePixels(new Uint8Array(3), [2, 2, 1], [1, 1])).toThrow(/2 × 2 × 1/)
    expect(() => resizePixels(new Uint8Array(4), [2, 2, 1], [0, 1])).toThrow(/whole sizes/)
    const four = new Uint8Array(4)
    for (const [given, says] of [
      [[four, [2, 2, 1], 3], /size \[height, width\].*received 3/],
      [[four, [2, 2, 1], [3]], /size \[height, width\]/],
      [[four, [2, 2, 1]], /received undefined/],
      [[four, [2, 2], [1, 1]], /shape \[height, width, channels\]/],
      [[four, undefined, [1, 1]], /shape/],
      [
        [
          [1, 2, 3, 4],
          [2, 2, 1],
          [1, 1],
        ],
        /Uint8Array/,
      ],
      [[four, [2, 2, 1], [1, 1], 'stretch'], /'cover', 'contain', 'fill', received 'stretch'/],
    ] as const)
      expect(() => resizePixels(...(given as never as [Uint8Array, [1, 1, 1], [1, 1]]))).toThrow(
        says,
      )
  })

  test('grey and colours go both ways', () => {
    expect(withDepth(Uint8Array.of(9, 7), 1, 3)).toEqual(Uint8Array.of(9, 9, 9, 7, 7, 7))
    expect(withDepth(Uint8Array.of(255, 0, 0, 9, 9, 9), 3, 1)).toEqual(Uint8Array.of(54, 9))
  })
})

test('statistics are exact, per channel, of the rows given alone', async () => {
  const pixels = Uint8Array.of(0, 10, 5, 255, 30, 5, 99, 99, 99)
  const pictures = PictureDataset.fromPixels(pixels, [1, 1, 3], Int32Array.of(0, 0, 0), ['a'])
  const { mean, std } = await channelStatistics(pictures, Uint32Array.of(0, 1))
  expect(mean).toEqual([0.5, 20 / 255, 5 / 255])
  expect(std).toEqual([0.5, 10 / 255, 1])
  await expect(channelStatistics(pictures, new Uint32Array(0))).rejects.toThrow(/at least one row/)
})

describe('duplicates', () => {
  test('equal pictures are found, whatever lies between', () => {
    const kept = [1, 2, 1, 3, 2].map(value => new Uint8Array(4).fill(value))
    const finder = new DuplicateFinder([2, 2, 1], row => kept[row])
    expect(kept.map((pixels, row) => finder.add(row, pixels))).toEqual([0, 1, 0, 3, 1])
  })

  test('large pictures are equal when no eye could tell them apart', () => {
    const waves = (across: number, down: number) =>
      Uint8Array.from({ length: 64 * 64 }, (_, i) =>
        Math.round(120 + 50 * Math.sin((i % 64) * across) + 50 * Math.cos((i >> 6) * down)),
      )
    const first = waves(0.11, 0.07)
    const noisy = first.map((value, i) => Math.min(255, value + (i % 3 === 0 ? 1 : 0)))
    const other = waves(0.05, 0.19)
    const kept = [first, other, noisy]
    const finder = new DuplicateFinder([64, 64, 1], row => kept[row])
    expect(kept.map((pixels, row) => finder.add(row, pixels))).toEqual([0, 1, 0])
    // An exact copy of a near copy belongs to the first of all.
    kept.push(noisy, first)
    expect([3, 4].map(row => finder.add(row, kept[row]))).toEqual([0, 0])
  })
})

describe('splits', () => {
  const made = (more = {}) =>
    PictureDataset.fromPixels(
      Uint8Array.from({ length: 200 }, (_, i) => i),
      [1, 1, 1],
      Int32Array.from({ length: 200 }, (_, i) => (i % 10 === 0 ? -1 : i % 2)),
      ['a', 'b'],
      more,
    )

  test('have every picture of a known class once, each class by its share', () => {
    const pictures = made()
    const { train, validation, test: last, method } = splitPictures(pictures, { seed: 3 })
    const all = [...train, ...validation, ...last].sort((a, b) => a - b)
    expect(all).toEqual(Array.from({ length: 200 }, (_, i) => i).filter(i => i % 10 !== 0))
    expect(method).toBe('stratified')
    expect(Math.abs(validation.length - 27)).toBeLessThanOrEqual(1)
    expect(splitPictures(pictures, { seed: 3 }).train).toEqual(train)
    expect(splitPictures(pictures, { seed: 4 }).train).not.toEqual(train)
  })

  test('take options that they know', () => {
    const split = (options: object) => () => splitPictures(made(), options)
    expect(split({ sede: 1 })).toThrow(/seed/)
    expect(split({ seed: -1 })).toThrow(/seed/)
    expect(split({ fractions: { train: 0.5, validation: 0.1, test: 0.1 } })).toThrow(/add up/)
  })

  test('keep equal pictures together', () => {
    const duplicateOf = Uint32Array.from({ length: 200 }, (_, i) => i - (i % 5 === 4 ? 2 : 0))
    const split = splitPictures(made({ duplicateOf }))
    const parts = [split.train, split.validation, split.test].map(rows => new Set(rows))
    for (let row = 4; row < 200; row += 5) {
      const mine = parts.findIndex(part => part.has(row))
      if (mine >= 0 && (row - 2) % 10 !== 0) expect(parts[mine].has(row - 2)).toBe(true)
    }
    expect(split.leaked).toBe(0)
  })

  test('follow the parts that the source has, and count what leaks', () => {
    const parts = Array.from({ length: 200 }, (_, i) => (i < 150 ? 'train' : 'test'))
    const duplicateOf = Uint32Array.from({ length: 200 }, (_, i) => (i === 151 ? 1 : i))
    const split = splitPictures(made({ parts, duplicateOf }))
    expect(split.method).toBe('given')
    expect(split.test.every(row => row >= 150)).toBe(true)
    expect(split.validation.length).toBeGreaterThan(0)
    expect(split.validation.every(row => row < 150)).toBe(true)
    expect(split.leaked).toBe(split.train.includes(1) ? 1 : 0)
  })

  test('an epoch has every row once, in an order of its own', () => {
    const pictures = made()
    const rows = Uint32Array.from({ length: 50 }, (_, i) => 3 * i)
    const first = pictures.order(rows, 1, 0)
    expect([...first].sort((a, b) => a - b)).toEqual([...rows])
    expect(pictures.order(rows, 1, 0)).toEqual(first)
    expect(pictures.order(rows, 1, 1)).not.toEqual(first)
  })
})

import { describe, expect, test } from 'vitest'
import { AthanorError } from '../../base/errors.js'
import { decodePicture } from '../../platform/node-pictures.js'
import { PictureDraws } from './draws.js'
import { shiftPicture, warpPicture } from './geometry.js'
import type { PictureAugmentation } from './index.js'
import * as augment from './index.js'

const grey = (rows: readonly (readonly number[])[]) => Uint8Array.from(rows.flat())

/** Every factory, as the library exports them. */
const factories = Object.entries(augment).filter(([name]) => name.startsWith('random')) as [
  string,
  (options?: object) => PictureAugmentation,
][]

const noise = (size: number) =>
  Uint8Array.from({ length: size }, (_, i) => Math.imul(i + 3, 2654435761) >>> 24)

describe('every augmentation', () => {
  test.each(factories)(
    '%s: same seed, row and epoch, same picture; others differ',
    (name, make) => {
      const step = make(name === 'randomErasing' ? { probability: 1 } : {})
      expect(step.name).toBe(name)
      const shape = [9, 7, 3] as const
      const size = 9 * 7 * 3
      const run = (seed: number, rows: number[], epoch: number) =>
        new augment.PictureAugmenter([step], shape, seed).apply(
          Uint8Array.from(rows.flatMap(() => [...noise(size)])),
          Uint32Array.from(rows),
          epoch,
        )
      const rows = [0, 1, 2, 3, 4, 5, 6, 7]
      const together = run(1, rows, 2)
      for (const row of rows)
        expect(run(1, [row], 2)).toEqual(together.slice(row * size, (row + 1) * size))
      expect(run(1, rows, 3)).not.toEqual(together)
      expect(run(2, rows, 2)).not.toEqual(together)
    },
  )

  test.each(factories)('%s: grey pictures and one pixel do', (_, make) => {
    for (const shape of [
      [5, 4, 1],
      [1, 1, 1],
      [1, 1, 3],
    ] as const) {
      const size = shape[0] * shape[1] * shape[2]
      const augmenter = new augment.PictureAugmenter([make()], shape, 5)
      for (let epoch = 0; epoch < 20; epoch++)
        expect(augmenter.apply(noise(size), Uint32Array.of(epoch), epoch)).toHaveLength(size)
    }
  })

  test.each(factories)('%s: unknown options are refused', (name, make) => {
    expect(() => make({ nonsense: 1 })).toThrow(name)
    for (const key of Object.keys(make().config()))
      for (const bad of [-1, Number.NaN, '?', null, 1e9])
        expect(() => make({ [key]: bad }), `${key}: ${bad}`).toThrow(key)
  })
})

describe('flips and shifts', () => {
  const picture = grey([
    [1, 2, 3],
    [4, 5, 6],
  ])
  const draws = new PictureDraws(0)
  const applied = (step: PictureAugmentation, shape = [2, 3, 1] as const) => {
    const to = new Uint8Array(6)
    draws.begin(0, 0, 0)
    return step.apply(picture, to, shape, draws) ? [...to] : undefined
  }

  test('a flip exchanges sides', () => {
    expect(applied(augment.randomFlip({ horizontal: 1 }))).toEqual([3, 2, 1, 6, 5, 4])
    expect(applied(augment.randomFlip({ horizontal: 0, vertical: 1 }))).toEqual([4, 5, 6, 1, 2, 3])
    expect(applied(augment.randomFlip({ horizontal: 1, vertical: 1 }))).toEqual([6, 5, 4, 3, 2, 1])
    expect(applied(augment.randomFlip({ horizontal: 0 }))).toBeUndefined()
  })

  test('a flip of colours keeps their order', () => {
    const to = new Uint8Array(6)
    augment.randomFlip({ horizontal: 1 }).apply(picture, to, [1, 2, 3], draws)
    expect([...to]).toEqual([4, 5, 6, 1, 2, 3])
  })

  test.each([
    ['black', 1, 0, [0, 1, 2, 0, 4, 5]],
    ['edge', -1, 0, [2, 3, 3, 5, 6, 6]],
    ['reflect', 1, 0, [2, 1, 2, 5, 4, 5]],
    ['black', 0, 1, [0, 0, 0, 1, 2, 3]],
    ['reflect', 0, -1, [4, 5, 6, 1, 2, 3]],
    ['black', 5, 0, [0, 0, 0, 0, 0, 0]],
    ['edge', 0, 7, [1, 2, 3, 1, 2, 3]],
  ] as const)('%s: %i right, %i down', (fill, dx, dy, expected) => {
    const to = new Uint8Array(6).fill(99)
    shiftPicture(picture, to, [2, 3, 1], dx, dy, fill)
    expect([...to]).toEqual(expected)
  })

  test('a quarter turn is exact, and the identity writes nothing', () => {
    const square = grey([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ])
    const to = new Uint8Array(9)
    warpPicture(square, to, [3, 3, 1], [0, 1, -1, 0], 'black')
    // The pixel at (x, y) from the centre comes from (y, −x).
    expect([...to]).toEqual([7, 4, 1, 8, 5, 2, 9, 6, 3])
    expect(warpPicture(square, to, [3, 3, 1], [1, 0, 0, 1], 'black')).toBe(false)
    expect(to[0]).toBe(7)
  })
})

describe('light and colours', () => {
  const run = (step: PictureAugmentation, pixels: Uint8Array, epoch: number) =>
    new augment.PictureAugmenter([step], [1, pixels.length / 3, 3], 1).apply(
      pixels.slice(),
      Uint32Array.of(0),
      epoch,
    )
  const colours = Uint8Array.of(200, 30, 60, 120, 120, 120)

  test('brightness adds the same everywhere, and clips', () => {
    for (let epoch = 0; epoch < 10; epoch++) {
      const out = run(augment.randomBrightness({ by: 1 }), Uint8Array.of(0, 128, 255), epoch)
      expect(out[0]).toBeLessThanOrEqual(out[1])
      expect(out[1]).toBeLessThanOrEqual(out[2])
      expect(out[0] === 0 || out[2] === 255).toBe(true)
    }
  })

  test('contrast keeps the mean', () => {
    const out = run(augment.randomContrast({ by: 0.5 }), Uint8Array.of(100, 110, 120), 4)
    expect(Math.abs(out[0] + out[1] + out[2] - 330)).toBeLessThanOrEqual(2)
    expect(out[0]).not.toBe(100)
  })

  test('saturation and hue leave greys alone; hue keeps the sum', () => {
    for (const step of [augment.randomSaturation({ by: 1 }), augment.randomHue({ by: 0.5 })]) {
      const out = run(step, colours, 3)
      expect([...out.subarray(3)]).toEqual([120, 120, 120])
      expect([...out.subarray(0, 3)]).not.toEqual([200, 30, 60])
    }
    const turned = run(augment.randomHue({ by: 0.05 }), colours, 3)
    expect(Math.abs(turned[0] + turned[1] + turned[2] - 290)).toBeLessThanOrEqual(2)
  })
})

test('erasing wipes out a rectangle of the size asked for', () => {
  const step = augment.randomErasing({
    probability: 1,
    smallest: 0.25,
    largest: 0.25,
    ratio: 1,
    fill: 'black',
  })
  const augmenter = new augment.PictureAugmenter([step], [8, 8, 1], 3)
  const places = new Set<number>()
  for (let epoch = 0; epoch < 20; epoch++) {
    const out = augmenter.apply(new Uint8Array(64).fill(9), Uint32Array.of(0), epoch)
    expect(out.filter(value => value === 0)).toHaveLength(16)
    places.add(out.indexOf(0))
  }
  expect(places.size).toBeGreaterThan(5)
})

test('a share of flips, and crops in every direction, come as often as they should', () => {
  const draws = new PictureDraws(11)
  let flips = 0
  const moves = new Map<string, number>()
  const flip = augment.randomFlip()
  const crop = augment.randomCrop({ padding: 1 })
  const from = noise(9)
  const to = new Uint8Array(9)
  for (let row = 0; row < 3000; row++) {
    draws.begin(row, 0, 0)
    if (flip.apply(from, to, [3, 3, 1], draws)) flips++
    draws.begin(row, 0, 1)
    const key = crop.apply(from, to, [3, 3, 1], draws) ? to.join() : 'none'
    moves.set(key, (moves.get(key) ?? 0) + 1)
  }
  expect(Math.abs(flips - 1500)).toBeLessThan(120)
  expect(moves.size).toBe(9)
  for (const count of moves.values()) expect(Math.abs(count - 333)).toBeLessThan(90)
})

test('names stand for augmentations, and a slip gets a suggestion', () => {
  const names = (text: string) => augment.augmentationsNamed(text, [32, 32, 3]).map(s => s.name)
  expect(names('none')).toEqual([])
  expect(names('light, erase')).toEqual(['randomFlip', 'randomCrop', 'randomErasing'])
  expect(augment.augmentationsNamed('crop', [32, 40, 3])[0].config()).toMatchObject({ padding: 4 })
  expect(() => names('flop')).toThrow(/'flip'/)
  const colours = ['randomBrightness', 'randomContrast', 'randomSaturation', 'randomHue']
  expect(names('colour')).toEqual(colours)
  expect(names('color,flip')).toEqual([...colours, 'randomFlip'])
  expect(() => names('invert')).toThrow(/names of none, .*colour, .*erase, cutout/)
  const [cutout] = augment.augmentationsNamed('cutout', [8, 8, 1])
  const out = new augment.PictureAugmenter([cutout], [8, 8, 1], 3).apply(
    Uint8Array.from({ length: 64 }, (_, i) => (i % 2) * 100),
    Uint32Array.of(0),
    0,
  )
  expect(out.filter(value => value === 50)).toHaveLength(16)
})

describe('misuse is refused by name', () => {
  const flip = augment.randomFlip()
  const make = (...given: unknown[]) => new augment.PictureAugmenter(...(given as [[], never, 0]))
  const on = (...given: unknown[]) =>
    make([flip], [2, 2, 1], 1).apply(...(given as [Uint8Array, Uint32Array, number]))
  const scaler = new augment.PictureScaler({ mean: [0, 0, 0], std: [1, 1, 1] })
  const row = Uint32Array.of(0)
  test.each([
    [
      'names for steps',
      () => make('flip', [2, 2, 1], 1),
      /list of augmentations.*augmentationsNamed/,
    ],
    ['a step that is none', () => make([flip, null], [2, 2, 1], 1), /list of augmentations/],
    ['no shape', () => make([flip], undefined, 1), /shape \[height, width, channels\]/],
    ['half a pixel', () => make([flip], [2, 2.5, 1], 1), /received \[2, 2.5, 1\]/],
    ['no seed', () => make([flip], [2, 2, 1]), /seed/],
    ['numbers for bytes', () => on([1, 2, 3, 4], row, 0), /Uint8Array, received \[1, 2, 3, 4\]/],
    ['floats', () => on(new Float32Array(4), row, 0), /Uint8Array, received a Float32Array/],
    ['rows in a list', () => on(new Uint8Array(4), [0], 0), /rows as a Uint32Array/],
    ['no epoch', () => on(new Uint8Array(4), row), /epoch from 0/],
    [
      'names that are no text',
      () => augment.augmentationsNamed(['flip'] as never, [2, 2, 1]),
      /text/,
    ],
    [
      'names without a shape',
      () => augment.augmentationsNamed('crop', undefined as never),
      /shape/,
    ],
    ['no statistics', () => new augment.PictureScaler(undefined as never), /each channel/],
    ['numbers to scale', () => scaler.apply([300, 1, 2] as never), /Uint8Array/],
    ['part of a pixel', () => scaler.apply(new Uint8Array(4)), /3 channels/],
  ] as const)('%s', (_, act, says) => {
    expect(act).toThrow(AthanorError)
    expect(act).toThrow(says)
  })

  test.each([
    ['too few pixels', [[{ caption: 'a', pictures: [new Uint8Array(5)] }], [2, 3, 1]], /2 × 3 × 1/],
    ['four channels', [[], [2, 2, 4]], /1 or 3 channels, received 4/],
    ['no list', [undefined, [2, 2, 1]], /list of lines/],
    ['no caption', [[{ pictures: [] }], [2, 2, 1]], /caption, pictures/],
    ['no pixels', [[{ caption: 'a', pictures: [null] }], [2, 2, 1]], /Uint8Array/],
    ['no shape', [[], undefined], /shape/],
  ] as const)('a contact sheet with %s', async (_, given, says) => {
    const drawn = augment.contactSheet(...(given as never as [[], [1, 1, 1]]))
    await expect(drawn).rejects.toThrow(says)
    await expect(drawn).rejects.toBeInstanceOf(AthanorError)
  })
})

test('scaling is (value / 255 − mean) / std, channel by channel', () => {
  const scaler = new augment.PictureScaler({ mean: [0.5, 0, 1], std: [0.5, 1, 0.25] })
  const out = scaler.apply(Uint8Array.of(255, 51, 255, 0, 255, 0))
  for (const [i, value] of [1, 0.2, 0, -1, 1, -4].entries()) expect(out[i]).toBeCloseTo(value, 6)
  expect(() => new augment.PictureScaler({ mean: [0], std: [0] })).toThrow(/above 0/)
  expect(() => new augment.PictureScaler({ mean: [0, 1], std: [1] })).toThrow(/each channel/)
})

test('a contact sheet holds the pictures themselves', async () => {
  const pixels = noise(6 * 5 * 3)
  const svg = await augment.contactSheet(
    [{ caption: 'a < b & c, longer than there is room', pictures: [pixels, pixels] }],
    [6, 5, 3],
    { first: 'original', others: 'augmented' },
  )
  expect(svg).toMatch(/^<svg .*<\/svg>$/s)
  expect(svg).toContain('a &lt; b &amp; c')
  const [, base64] = /base64,([^"]+)"/.exec(svg) as RegExpExecArray
  const { pixels: inside } = await decodePicture(Buffer.from(base64, 'base64'))
  expect(inside).toEqual(pixels)
  await expect(augment.contactSheet([], [1, 1, 1], { height: 1 })).rejects.toThrow(/height/)
})

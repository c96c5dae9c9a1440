// Pictures a second: decoded and resized, augmented step by step, made into batches; beside what the LeNet
// and the ResNet-20 of nets.mjs train on with batches that are there already, and with each augmentation.
//
// node benchmarks/picture-loading.mjs [--seconds 1] [--rounds 5]; `npm run build` first, on a quiet machine.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { PictureDataset } from '../dist/data/index.js'
import { augment, losses, openPictures, optim, PictureBatches } from '../dist/index.js'
import { machine } from './machine.mjs'
import { leNet, resNet20 } from './nets.mjs'
import { median, three } from './statistics.mjs'
import { pictureNet } from './workers/picture-net.mjs'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
  },
})
const seconds = Number(options.seconds)
const rounds = Number(options.rounds)

const { cpu, cores, node, loadAtStart } = machine()
console.log(`${cpu}, ${cores} cores, Node ${node}; load ${loadAtStart.toFixed(2)} at the start\n`)

/** Waves with some noise: neither flat, which decodes too fast, nor noise alone, which is too slow. */
function pixelsOf([height, width, channels], seed) {
  const pixels = new Uint8Array(height * width * channels)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++, i++) {
        const wave = Math.sin((x + seed) / (9 + c)) + Math.cos((y * (c + 1) + seed) / 23)
        pixels[i] = 128 + 50 * wave + ((Math.imul(i + seed, 2654435761) >>> 28) & 15)
      }
  return pixels
}

function manyPixels(shape, count) {
  const size = shape[0] * shape[1] * shape[2]
  const pixels = new Uint8Array(count * size)
  for (let i = 0; i < count; i++) pixels.set(pixelsOf(shape, i), i * size)
  return pixels
}

/** Pictures a second of `work`, which says how many it did: the best round, as other programs only slow it. */
async function best(work) {
  await work()
  let most = 0
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    let done = 0
    while (performance.now() - start < (1000 * seconds) / rounds) done += await work()
    most = Math.max(most, (1000 * done) / (performance.now() - start))
  }
  return most
}

function row(...cells) {
  console.log(`| ${cells.join(' | ')} |`)
}

function head(...cells) {
  console.log()
  row(...cells)
  row(...cells.map((_, i) => (i === 0 ? '---' : '---:')))
}

// Each folder opened as a run opens it (every picture read, decoded, compared), and its pictures decoded
// anew for a batch, as those are that memory cannot hold.
const folder = await mkdtemp(path.join(os.tmpdir(), 'athanor-pictures-'))
head('files', 'brought to', 'opened, pictures/s', 'decoded anew, pictures/s')
for (const [format, shape, pictureSize, count] of [
  ['png', [28, 28, 1], 28, 256],
  ['png', [32, 32, 3], 32, 256],
  ['jpeg', [375, 500, 3], 224, 48],
  ['jpeg', [1200, 1600, 3], 224, 16],
]) {
  const [height, width, channels] = shape
  const here = path.join(folder, `${format}-${width}`)
  await mkdir(path.join(here, 'a'), { recursive: true })
  for (let i = 0; i < count; i++) {
    const image = sharp(pixelsOf(shape, 97 * i), { raw: { width, height, channels } })
    const bytes = await image.toColourspace(channels === 1 ? 'b-w' : 'srgb').toFormat(format)
    await writeFile(path.join(here, `a/${i}.${format}`), await bytes.toBuffer())
  }
  const opened = await best(async () => (await openPictures(here, { pictureSize })).rows)
  const files = await openPictures(here, { pictureSize, memoryLimit: 0 })
  const all = Uint32Array.from({ length: count }, (_, i) => i)
  const anew = await best(async () => {
    await files.batch(all)
    return count
  })
  row(`${format} ${width} × ${height}`, pictureSize, three(opened), three(anew))
}
await rm(folder, { recursive: true })

const colours = ['brightness', 'contrast', 'saturation', 'hue']
const sets = ['light', 'strong']
const shapes = [
  [28, 28, 1],
  [32, 32, 3],
  [224, 224, 3],
]
head('augmented, pictures/s', ...shapes.map(shape => shape.join(' × ')))
for (const name of ['flip', 'crop', 'shift', 'rotate', 'zoom', ...colours, 'erase', ...sets]) {
  const rates = []
  for (const shape of shapes) {
    const count = shape[0] > 100 ? 8 : 128
    const rows = Uint32Array.from({ length: count }, (_, i) => i)
    const pixels = manyPixels(shape, count)
    const chosen = augment.augmentationsNamed(name, shape)
    const augmenter = new augment.PictureAugmenter(chosen, shape, 1)
    let epoch = 0
    rates.push(
      await best(async () => {
        augmenter.apply(pixels, rows, epoch++)
        return count
      }),
    )
  }
  row(name, ...rates.map(three))
}

/** The source with its pictures as rows, which is how `pictureNet` takes them. */
const flat = source => ({
  rows: source.rows,
  x: { shape: [source.x.shape.reduce((a, b) => a * b)], dtype: 'float32' },
  y: source.y,
  batches: order => source.batches(order),
})

/** The batches of the first epoch, whatever is asked for. */
function held(source, batchSize) {
  const batches = [...source.batches({ epoch: 0, batchSize, shuffle: true, seed: 0, from: 0 })]
  return { ...flat(source), batches: () => batches }
}

head(
  'trained, pictures/s',
  'batches there already',
  'made as needed',
  ...sets,
  'made alone',
  ...sets,
)
for (const [name, layers, picture, batchSize, batches] of [
  ['LeNet', leNet, [28, 28, 1], 128, 16],
  ['ResNet-20', resNet20, [32, 32, 3], 64, 4],
]) {
  const count = batchSize * batches
  const labels = Int32Array.from({ length: count }, (_, i) => i % 10)
  const classes = Array.from({ length: 10 }, (_, i) => String(i))
  const pictures = PictureDataset.fromPixels(manyPixels(picture, count), picture, labels, classes)
  const rows = Uint32Array.from({ length: count }, (_, i) => i)
  const scaler = new augment.PictureScaler({
    mean: Array(picture[2]).fill(0.5),
    std: Array(picture[2]).fill(0.25),
  })
  const sources = ['none', ...sets].map(set => {
    const chosen = augment.augmentationsNamed(set, picture)
    const augmenter = new augment.PictureAugmenter(chosen, picture, 1)
    return new PictureBatches(pictures, rows, { scaler, augmenter })
  })
  const size = picture[0] * picture[1] * picture[2]
  const model = pictureNet({ picture, sizes: [size], layers })
  model.compile({
    optimizer: optim.adam({ learningRate: 1e-3 }),
    loss: (t, p) => losses.sparseCategoricalCrossentropy(t, p, { fromLogits: true }),
  })
  // All in turns, so that whatever else the machine does meets all alike.
  const trained = [held(sources[0], batchSize), ...sources.map(flat)]
  const rates = trained.map(() => [])
  for (let round = -1; round < rounds; round++)
    for (const [i, source] of trained.entries()) {
      const start = performance.now()
      await model.fit(source, { epochs: 1, batchSize, verbose: 0 })
      if (round >= 0) rates[i].push((1000 * count) / (performance.now() - start))
    }
  const alone = []
  for (const source of sources) {
    let epoch = 0
    const order = { batchSize, shuffle: true, seed: 0, from: 0 }
    alone.push(
      await best(async () => {
        for (const batch of source.batches({ ...order, epoch })) if (batch.rows === 0) break
        epoch++
        return count
      }),
    )
  }
  row(name, ...rates.map(found => three(median(found))), ...alone.map(three))
}
process.exit(0)

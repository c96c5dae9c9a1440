#!/usr/bin/env node
// Makes examples/data/fashion-mnist-small and fashion-mnist-tiny from the four full files of Fashion-MNIST:
// `node scripts/example-pictures.mjs <folder with the *-ubyte.gz files>`. Of each class the first pictures are taken.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import sharp from 'sharp'

const classes = [
  'T-shirt',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
]
const size = 28 * 28

const [source] = process.argv.slice(2)
if (source === undefined) throw new Error('Name the folder with the files of Fashion-MNIST')
const data = fileURLToPath(new URL('../examples/data/', import.meta.url))

async function read(part) {
  const unpack = async name => gunzipSync(await readFile(join(source, name)))
  const pixels = (await unpack(`${part}-images-idx3-ubyte.gz`)).subarray(16)
  return { pixels, labels: (await unpack(`${part}-labels-idx1-ubyte.gz`)).subarray(8) }
}

/** Places of the first `each` pictures of every class, in the order of the file. */
function firstOfEach({ labels }, each) {
  const counts = classes.map(() => 0)
  return [...labels.keys()].filter(i => counts[labels[i]]++ < each)
}

function idx(shape, values) {
  const head = Buffer.alloc(4 + 4 * shape.length)
  head.set([0, 0, 8, shape.length])
  for (const [i, length] of shape.entries()) head.writeUInt32BE(length, 4 + 4 * i)
  return gzipSync(Buffer.concat([head, values]), { level: 9 })
}

async function writeSmall(part, each) {
  const all = await read(part)
  const places = firstOfEach(all, each)
  const pixels = Buffer.concat(places.map(i => all.pixels.subarray(i * size, (i + 1) * size)))
  const labels = Buffer.from(places.map(i => all.labels[i]))
  const folder = join(data, 'fashion-mnist-small')
  await mkdir(folder, { recursive: true })
  await writeFile(
    join(folder, `${part}-images-idx3-ubyte.gz`),
    idx([places.length, 28, 28], pixels),
  )
  await writeFile(join(folder, `${part}-labels-idx1-ubyte.gz`), idx([places.length], labels))
  await writeFile(join(folder, 'classes.txt'), `${classes.join('\n')}\n`)
}

async function writeTiny(each) {
  const folder = join(data, 'fashion-mnist-tiny')
  for (const name of classes)
    await rm(join(folder, name.toLowerCase().replace(' ', '-')), { recursive: true, force: true })
  const all = await read('train')
  const counts = classes.map(() => 0)
  for (const i of firstOfEach(all, each)) {
    const label = all.labels[i]
    const name = classes[label].toLowerCase().replace(' ', '-')
    await mkdir(join(folder, name), { recursive: true })
    const raw = { raw: { width: 28, height: 28, channels: 1 } }
    await sharp(all.pixels.subarray(i * size, (i + 1) * size), raw)
      .toColourspace('b-w')
      .png({ compressionLevel: 9 })
      .toFile(join(folder, name, `${++counts[label]}.png`))
  }
}

await writeSmall('train', 500)
await writeSmall('t10k', 100)
await writeTiny(4)

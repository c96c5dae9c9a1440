// Trains on a folder of pictures in Node, and says what the model predicts for one of them, from its file and from
// its pixels: `train-pictures.mjs <pictures> <folder for runs> <picture>`.

import { readFile } from 'node:fs/promises'
import { loadModel, openPictures, train } from 'athanor'

const [pictures, out, file] = process.argv.slice(2)
const run = await train(pictures, { out, name: 'pictures', model: 'lenet', epochs: 2, seed: 1 })
const model = await loadModel(run.path)
const opened = await openPictures([file])
const [height, width, channels] = opened.shape
const pixels = await opened.batch(Uint32Array.of(0))
const answers = await model.predict([
  { pixels, height, width, channels },
  new Uint8Array(await readFile(file)),
])
console.log(JSON.stringify({ answers, pixels: [...pixels], height, width, channels }))

// Trains in Node a classifier of texts, a model of language and one of speech, a little, and says what they answer:
// `train-words.mjs <examples/data> <folder for runs> <recording>`.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadModel, train } from 'athanor'
import { readWav } from 'athanor/data'
import { answersOf } from './answer-words.js'

const [examples, out, recording] = process.argv.slice(2)
await mkdir(out, { recursive: true })
const novel = join(out, 'novel.txt')
const whole = await readFile(join(examples, 'moby-dick/moby-dick.txt'), 'utf8')
await writeFile(novel, whole.slice(0, 8_000))

const common = { out, epochs: 1, seed: 1, lang: 'en' }
const runs = {
  texts: await train(join(examples, 'languages/languages.csv'), {
    ...{ ...common, name: 'texts', text: 'text', target: 'language' },
    ...{ model: 'lstm', tokenizer: 'characters', width: 8 },
  }),
  language: await train(novel, {
    ...{ ...common, name: 'language', task: 'language-model', width: 16, context: 24 },
  }),
  speech: await train(join(examples, 'spoken-digits/digits.csv'), {
    ...{ ...common, name: 'speech', audio: 'file', transcript: 'transcript', hidden: [8] },
  }),
}
const models = {}
for (const [kind, { path }] of Object.entries(runs)) models[kind] = await loadModel(path)
const wav = await readFile(recording)
console.log(JSON.stringify(await answersOf(models, readWav(wav, 'sound'))))

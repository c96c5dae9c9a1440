// What speech runs reach, as `athanor train --audio` makes them, on recordings that were never trained on.
//
//   node benchmarks/accuracy/speech.mjs digits  <data> [out]   synthetic voices in, ten recorded digits heard
//   node benchmarks/accuracy/speech.mjs prompts <data> [out]   recorded prompts in, a hundred others heard
//
// `data` is what scripts/speech-data.mjs made. Needs the built package.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readWav } from '../../dist/data/index.js'
import { loadModel, speech, train as trainRun } from '../../dist/index.js'

const { characterErrorRate, editsOf, wordErrorRate } = speech
const [kind, data, out = 'runs'] = process.argv.slice(2)

const lists = {
  // Whole voices are held out, so that early stopping looks at voices too.
  digits: {
    train: 'digits.csv',
    heard: 'recorded.csv',
    settings: { group: 'voice', epochs: 15, hidden: [96, 96] },
  },
  prompts: {
    train: 'prompts.csv',
    heard: 'unheard.csv',
    settings: { test: 0.05, validation: 0.1 },
  },
}

function read(list) {
  const [, ...lines] = readFileSync(list, 'utf8').trim().split('\n')
  return lines.map(line => {
    const [file, said] = line.split(',')
    return { said, sound: readWav(readFileSync(join(dirname(list), file)), file) }
  })
}

const { train, heard, settings } = lists[kind]
const run = await trainRun(join(data, train), {
  ...{ audio: 'file', transcript: 'transcript', lang: 'en', out, seed: 0 },
  ...settings,
  onProgress: event => {
    if (event.type === 'epoch')
      console.error(event.epoch, event.loss.toFixed(3), event.validationLoss?.toFixed(3) ?? '')
  },
})
const model = await loadModel(run.path)
const apart = read(join(data, heard))
const said = apart.map(row => row.said)
const words = [...new Set(read(join(data, train)).map(row => row.said))]

/** The word of the list that a text is nearest to. */
const nearest = text => {
  const edits = word => {
    const { substitutions, insertions, deletions } = editsOf([...word], [...text])
    return substitutions + insertions + deletions
  }
  return words.reduce((best, word) => (edits(word) < edits(best) ? word : best))
}

const share = flags => flags.filter(Boolean).length / flags.length
for (const options of [{ beams: 1 }, {}, { languageWeight: 0.5 }, { languageWeight: 1 }]) {
  const texts = await model.transcribe(
    apart.map(row => row.sound),
    options,
  )
  console.log(
    JSON.stringify({
      ...{ kind, options, seconds: Math.round(run.seconds), epochs: run.epochs },
      validation: run.metrics.validation,
      characterErrorRate: characterErrorRate(said, texts).rate,
      wordErrorRate: wordErrorRate(said, texts).rate,
      exact: share(texts.map((text, i) => text === said[i])),
      ...(kind === 'digits'
        ? { nearestWord: share(texts.map((text, i) => nearest(text) === said[i])) }
        : {}),
      examples: texts.map((text, i) => `${said[i]} → ${text}`).slice(0, 10),
    }),
  )
}

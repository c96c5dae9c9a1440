// A small net that learns to write down spoken digits, and what it hears from voices that it never met.

import { optim, random, sound, speech, tensor } from 'athanor'
import { drawHeard, recordings } from '../speech.js'

// Every fourth voice is kept apart.
const all = await recordings()
const voices = [...new Set(all.map(r => r.voice))]
const isApart = (voice: string) => voices.indexOf(voice) % 4 === 0
const known = all.filter(r => !isApart(r.voice))
const apart = all.filter(r => isApart(r.voice))
console.log(`recordings: ${known.length} to learn from, ${apart.length} of other voices`)

// Each recording, and four versions of it: faster or slower, louder or softer, noisier.
const features = new sound.SoundFeatures({ sampleRate: 8000, mels: 24 })
const versions = [await features.of(known)]
for (const epoch of [1, 2, 3, 4]) {
  const changed = known.map((r, row) => sound.perturbSound(r, { seed: 0, row, epoch }))
  versions.push(await features.of(changed))
}
const scaling = sound.scalingFor('mean', versions[0])
const alphabet = speech.Alphabet.of(known.map(r => r.transcript))
const utterances = known.map((r, i) => ({
  variants: versions.map(version => sound.normalized(version[i], scaling)),
  labels: alphabet.encode(r.transcript) ?? [],
}))

random.seed(0)
const { classes } = alphabet
const net = speech.ctcSpeechModel({ features: 24, stack: 3, units: [96, 96], classes })
const [epochs, batchSize] = [70, 16]
const decaySteps = epochs * Math.ceil(known.length / batchSize)
const learningRate = optim.schedules.cosine({ initialLearningRate: 0.005, decaySteps })
net.compile({ optimizer: optim.adam({ learningRate, globalClipNorm: 1 }), loss: 'ctc' })
const batches = new speech.SpeechBatches(utterances, { augment: {}, buckets: 3 })
await net.fit(batches, { epochs, batchSize, verbose: 0 })
console.log(`parameters: ${net.parameters().reduce((sum, p) => sum + p.size, 0)}`)

const model = new speech.SpeechModel({ net, features, scaling, alphabet, language: null })
for (const [name, part] of Object.entries({ known, apart })) {
  const said = part.map(r => r.transcript)
  const heard = await model.transcribe(part, { beams: 1 })
  const rate = (100 * speech.characterErrorRate(said, heard).rate).toFixed(0)
  const right = heard.filter((text, i) => text === said[i]).length
  console.log(`${name}: ${rate} % of characters wrong, ${right} of ${part.length} words right`)
}

// The only person among the voices; all others are programs.
const person = apart.filter(r => r.voice === 'allison')
console.log(`> the person: ${(await model.transcribe(person, { beams: 1 })).join(' ')}`)
const [frames] = await model.featuresOf(person.filter(r => r.transcript === 'three'))
const [{ steps, values }] = await model.logits([frames])
const softmax = tensor(Array.from(values), { shape: [steps, classes] }).softmax()
const probabilities = (await softmax.array()) as number[][]
const letters = ['_', ...alphabet.characters]
const path = probabilities.map(row => letters[row.indexOf(Math.max(...row))])
console.log(`> her three, step by step: ${path.join('')}`)
drawHeard('11-words', 'three', { frames, letters, path, probabilities })

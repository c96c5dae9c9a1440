// The net of a speech run in PyTorch (speech.py), from the weights that the run began with, on the features that it
// computed: training recordings in all their versions, validation recordings, and those that are only heard. What
// PyTorch's net gives is decoded as the run's own logits are.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { random, sound, speech } from '../../dist/node/index.js'

const script = fileURLToPath(new URL('speech.py', import.meta.url))

/** Those that a run tries on its validation recordings. */
const languageWeights = [0, 0.2, 0.4, 0.7, 1]

/**
 * Transcripts of `sounds` by the twin: greedily, and by the search of `model` with the weight that suits the twin's own
 * validation best. `run`: its folder; `recordings`: those of its lists.
 */
export async function heardByTwin(python, run, model, recordings, sounds) {
  const kept = name => JSON.parse(readFileSync(path.join(run, name), 'utf8'))
  const { settings } = kept('manifest.json')
  const split = kept('split.json')
  const { alphabet, features } = model.parts
  const rowsOf = part =>
    split[part].map(row => ({
      ...recordings[row],
      row,
      labels: alphabet.encode(recordings[row].said),
    }))
  const versions = [0, 1, 2]
  const version = ({ sound: own, row }, epoch) =>
    epoch === 0 ? own : sound.perturbSound(own, { seed: settings.seed, row, epoch })
  const folder = mkdtempSync(path.join(tmpdir(), 'athanor-twin-'))
  try {
    const store = new FrameStore()
    const given = rowsOf('train')
    const heard = []
    for (const epoch of versions)
      heard.push(await model.featuresOf(given.map(row => version(row, epoch))))
    const validation = rowsOf('validation').filter(({ labels }) => labels !== null)
    const task = {
      ...{ settings, stack: model.stack, size: features.size, classes: alphabet.classes },
      train: given
        .map(({ labels }, i) => {
          const fits = ({ frames }) => Math.ceil(frames / model.stack) >= labelSteps(labels)
          const variants = heard.map(version => version[i])
          return [
            fits(variants[0]) ? variants.filter(fits).map(frames => store.keep(frames)) : [],
            labels,
          ]
        })
        .filter(([variants]) => variants.length > 0),
      validation: (await model.featuresOf(validation.map(row => row.sound))).map((frames, i) => [
        [store.keep(frames)],
        validation[i].labels,
      ]),
      heard: (await model.featuresOf(sounds)).map(frames => store.keep(frames)),
    }
    writeFileSync(path.join(folder, 'features.bin'), store.bytes())
    writeFileSync(path.join(folder, 'weights.bin'), weightsAtFirst(settings, model))
    writeFileSync(path.join(folder, 'task.json'), JSON.stringify(task))
    execFileSync(python, [script, folder], { stdio: ['ignore', 'inherit', 'inherit'] })
    const own = logitsIn(folder, 'validation', alphabet.classes)
    const logits = logitsIn(folder, 'heard', alphabet.classes)
    const said = validation.map(row => row.said)
    const errors = languageWeight =>
      speech.characterErrorRate(said, model.decode(own, { languageWeight })).rate
    const languageWeight = languageWeights.reduce((best, weight) =>
      errors(weight) < errors(best) ? weight : best,
    )
    return {
      greedy: model.decode(logits, { beams: 1 }),
      searched: model.decode(logits, { languageWeight }),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The weights of a run's seed, one behind the other. */
function weightsAtFirst({ seed, hidden, dropout }, { stack, parts: { alphabet, features } }) {
  random.seed(seed)
  const net = speech.ctcSpeechModel({
    ...{ features: features.size, classes: alphabet.classes },
    ...{ stack, units: hidden, dropout },
  })
  return Buffer.concat(
    net.parameters().map(weight => {
      const { buffer, byteOffset, byteLength } = weight.dataSync()
      return Buffer.from(buffer, byteOffset, byteLength)
    }),
  )
}

/** Steps that labels need: one each, and a blank between equal ones. */
const labelSteps = labels =>
  labels.length + labels.filter((label, i) => i > 0 && label === labels[i - 1]).length

/** Features one behind the other, for a file. */
class FrameStore {
  parts = []
  length = 0

  /** Where they stand, and how many frames. */
  keep({ values, frames }) {
    const at = this.length
    this.parts.push(values)
    this.length += values.length
    return [at, frames]
  }

  bytes() {
    const all = new Float32Array(this.length)
    let at = 0
    for (const part of this.parts) {
      all.set(part, at)
      at += part.length
    }
    return new Uint8Array(all.buffer)
  }
}

function logitsIn(folder, name, classes) {
  const bytes = readFileSync(path.join(folder, `${name}.bin`))
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  let at = 0
  return JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')).map(steps => {
    const own = values.slice(at, at + steps * classes)
    at += own.length
    return { steps, classes, values: own }
  })
}

// The book of chapter 10: characters as numbers, in a part to learn from and a part to measure with.

import { readFileSync } from 'node:fs'
import { type Layer, layers, optim, sequential } from 'athanor'

const text = readFileSync('examples/data/moby-dick/moby-dick.txt', 'utf8').replace(/\s+/g, ' ')

export const known = text.slice(0, 200_000)
export const fresh = text.slice(200_000, 240_000)
export const vocabulary = [...new Set(known)].sort()

/** A character's number; what the known part lacks is read as a space. */
export const idsOf = (characters: string) =>
  [...characters].map(character => Math.max(0, vocabulary.indexOf(character)))

export const windowLength = 64

/** Pieces of the text, and for each of their characters the one that follows. */
export function windows(characters: string) {
  const ids = idsOf(characters)
  const count = Math.floor((ids.length - 1) / windowLength)
  const from = (shift: number) =>
    Array.from({ length: count }, (_, i) => {
      const start = i * windowLength + shift
      return ids.slice(start, start + windowLength)
    })
  return { x: from(0), y: from(1) }
}

/** A net that reads with `recurrent` and gives a probability to each character that may be next. */
export function languageModel(recurrent: Layer) {
  const embedding = layers.embedding({
    ...{ inputDim: vocabulary.length, outputDim: 32, inputShape: [windowLength] },
  })
  const answer = layers.dense({ units: vocabulary.length, activation: 'softmax' })
  const net = sequential([embedding, recurrent, answer])
  const optimizer = optim.adam({ learningRate: 0.01 })
  net.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: [] })
  return { net, embedding, answer }
}

export type LanguageModel = ReturnType<typeof languageModel>

/** How surprised a model is by each next character: the bits of the probability that it had given to it. */
export async function surprises(model: LanguageModel, characters: string): Promise<number[]> {
  const { x, y } = windows(characters)
  const chances = (await (await model.net.predict(x)).array()) as number[][][]
  return y.flatMap((row, i) => row.map((id, t) => -Math.log2(chances[i][t][id])))
}

/** The character on which `chance`, from 0 to 1, falls when each has a share by its weight. */
export function drawn(weights: readonly number[], chance: number): string {
  let left = chance * weights.reduce((sum, weight) => sum + weight)
  const id = weights.findIndex(weight => {
    left -= weight
    return left <= 0
  })
  return vocabulary[id]
}

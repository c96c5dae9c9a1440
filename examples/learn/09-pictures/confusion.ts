// What a net takes for what: a table of all answers, and the pictures behind its most frequent mistake.

import * as Plot from '@observablehq/plot'
import { layers, metrics, optim, random, sequential } from 'athanor'
import { canvas, classes, clothes, squares, words } from '../clothes.js'
import { picture } from '../picture.js'

// Cross-validation: each third is answered by a net like that of cnn.ts that has learned from the others.
const answers: { truth: number; guess: number; probability: number; pixels: Float32Array }[] = []
for (const third of [0, 1, 2]) {
  const known = await clothes(row => row % 3 !== third)
  const fresh = await clothes(row => row % 3 === third)
  random.seed(0)
  const net = sequential([
    layers.conv2d({ filters: 8, kernelSize: 5, activation: 'relu', inputShape: [28, 28, 1] }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.conv2d({ filters: 16, kernelSize: 3, activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dropout({ rate: 0.3 }),
    layers.dense({ units: classes.length, activation: 'softmax' }),
  ])
  const learningRate = optim.schedules.cosine({ initialLearningRate: 0.005, decaySteps: 800 })
  net.compile({ optimizer: optim.adam({ learningRate }), loss: 'sparseCategoricalCrossentropy' })
  await net.fit(known.pictures, known.labels, { epochs: 10, batchSize: 50, verbose: 0 })
  const given = (await (await net.predict(fresh.pictures)).array()) as number[][]
  for (const [i, row] of given.entries()) {
    const probability = Math.max(...row)
    const guess = row.indexOf(probability)
    answers.push({ truth: fresh.labels[i], guess, probability, pixels: fresh.pixels[i] })
  }
}
const [truths, guesses] = [answers.map(a => a.truth), answers.map(a => a.guess)]
console.log(`right answers: ${(100 * metrics.accuracy(truths, guesses)).toFixed(0)} %`)
const { matrix } = metrics.confusionMatrix(truths, guesses)
const cells = matrix.flatMap((line, truth) => line.map((count, guess) => ({ truth, guess, count })))
const isRight = (cell: { truth: number; guess: number }) => cell.truth === cell.guess
const wrong = cells.filter(cell => !isRight(cell))
const worst = wrong.reduce((a, b) => (b.count > a.count ? b : a))
const named = `${classes[worst.truth]} named ${classes[worst.guess]}`
// There are 600 pictures of each class.
for (const { truth, guess, count } of [...cells.filter(isRight), worst])
  console.log(`${classes[truth]} named ${classes[guess]}: ${((100 * count) / 600).toFixed(0)} %`)

const shares = cells.map(cell => (isRight(cell) ? cell.count / 900 : -cell.count / 120))
const marks: Plot.Markish[] = [
  squares(shares, { columns: 10, size: 30, left: 84, top: 90, isSigned: true, most: 1 }),
  Plot.text(cells, { x: d => 99 + 30 * d.guess, y: d => 105 + 30 * d.truth, text: 'count' }),
  Plot.text(classes, { x: 78, y: (_, i) => 105 + 30 * i, textAnchor: 'end' }),
  Plot.text(classes, { x: (_, i) => 99 + 30 * i, y: 84, textAnchor: 'start', rotate: -50 }),
  ...[words(40, 60, 'named →'), words(40, 78, 'is ↓'), words(520, 78, named)],
]
const mistaken = answers.filter(a => a.truth === worst.truth && a.guess === worst.guess)
mistaken.sort((a, b) => b.probability - a.probability)
for (const [i, { pixels }] of mistaken.slice(0, 12).entries()) {
  const [left, top] = [406 + 78 * (i % 3), 90 + 77 * Math.floor(i / 3)]
  marks.push(squares(pixels, { columns: 28, size: 2.5, left, top }))
}
picture('09-confusion', { ...canvas(640, 404), marks })

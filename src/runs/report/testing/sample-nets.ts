// Reports of nets on pictures and on texts, with little in them; names and texts try to break out.

import type { AttentionFigure, ReportData } from '../report-data.js'
import { speciesReport } from './sample-report.js'

/** A grey pixel. */
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=='

const evil = '<b>&"'

const shown = {
  name: `${evil}.png`,
  truth: 'setosa',
  predicted: evil,
  probability: 0.9,
  given: 0.1,
}

const row = (maps: number) => ({
  truth: evil,
  picture: pixel,
  maps: Array.from({ length: maps }, () => pixel),
})

export const pictureReport: ReportData = {
  ...speciesReport,
  model: { kind: 'cnn', parameters: 10, layers: [{ name: evil, output: '3', parameters: 10 }] },
  pictures: {
    source: evil,
    shape: [28, 28, 1],
    augment: 'flip',
    augmented: [{ caption: evil, pictures: [pixel, pixel] }],
    confused: [
      {
        ...{ truth: 'setosa', predicted: evil, count: 1, of: 9 },
        pictures: [{ ...shown, picture: pixel }],
      },
    ],
    losses: [{ ...shown, picture: 'javascript:alert(1)' }],
    focus: [{ truth: evil, predicted: 'setosa', picture: pixel, heat: pixel }],
    filters: [pixel, pixel, pixel],
    maps: [
      { size: [28, 28], channels: 3, shown: [0, 2], rows: [row(2), row(2)] },
      { size: [14, 14], channels: 40, shown: [5, 7, 9, 30], rows: [row(4), row(4)] },
    ],
  },
}

const attention = (tokens: readonly string[]): AttentionFigure => ({
  tokens,
  layer: 2,
  layers: 2,
  heads: ['0', '9'].map(level => level.repeat(tokens.length ** 2)),
})

export const textReport: ReportData = {
  ...speciesReport,
  texts: {
    losses: [
      {
        ...{ row: 12, truth: 'setosa', predicted: evil, probability: 0.91, isCut: true },
        words: [
          [evil, 0.5],
          [' ', 0],
          ['方法', -0.2],
          ['very'.repeat(80), 0.001],
        ],
      },
      { row: 7, truth: 'setosa', predicted: 'setosa', probability: 0.4, words: [], isCut: false },
    ],
    attention: [
      { ...attention([evil, ' the', '\n', '我们', 'a']), truth: evil },
      { ...attention([...'in characters, many of them']), truth: 'setosa' },
    ],
  },
}

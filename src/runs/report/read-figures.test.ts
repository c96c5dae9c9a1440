import { describe, expect, test } from 'vitest'
import { JsonReader } from '../../base/json-reader.js'
import { checkAttention, checkLayerMaps, checkTextFigures } from './read-figures.js'
import { pictureReport, textReport } from './testing/sample-nets.js'

const { texts } = textReport
const maps = pictureReport.pictures?.maps
const [attention] = texts?.attention ?? []
const [loss] = texts?.losses ?? []
const [layer] = maps ?? []

const reading = (check: (reader: JsonReader) => void, value: unknown) => () =>
  check(new JsonReader('report.json', JSON.parse(JSON.stringify(value))))

describe('figures of a report', () => {
  test('are read as they were written', () => {
    expect(reading(checkTextFigures, texts)).not.toThrow()
    expect(reading(checkLayerMaps, maps)).not.toThrow()
    expect(reading(checkAttention, attention)).not.toThrow()
  })

  test.each<[string, (reader: JsonReader) => void, unknown]>([
    ['tokens that are no texts', checkAttention, { ...attention, tokens: [1] }],
    ['no tokens', checkAttention, { ...attention, tokens: [], heads: [''] }],
    ['weights of other tokens', checkAttention, { ...attention, heads: ['99'] }],
    ['weights that are no digits', checkAttention, { ...attention, heads: ['x'.repeat(25)] }],
    ['no attention', checkTextFigures, { losses: [] }],
    [
      'words without influence',
      checkTextFigures,
      { ...texts, losses: [{ ...loss, words: [['a']] }] },
    ],
    ['a row that is none', checkTextFigures, { ...texts, losses: [{ ...loss, row: 0 }] }],
    ['maps that are no list', checkLayerMaps, { ...layer }],
    ['a size of one number', checkLayerMaps, [{ ...layer, size: [28] }]],
    ['maps of other filters', checkLayerMaps, [{ ...layer, shown: [0] }]],
  ])('%s: refused', (_, check, value) => {
    expect(reading(check, value)).toThrow(expect.objectContaining({ code: 'FORMAT' }))
  })
})

import { describe, expect, test } from 'vitest'
import { AthanorError } from './errors.js'
import {
  booleanParameter,
  choiceParameter,
  describeParameters,
  integerParameter,
  listParameter,
  numberParameter,
  optionalParameter,
  resolveParameters,
  textParameter,
} from './parameters.js'

const table = {
  rate: numberParameter({ default: 0.1, above: 0, below: 1, doc: 'Size of a step.' }),
  units: integerParameter({ min: 1, doc: 'Outputs of the layer.' }),
  mode: choiceParameter(['random', 'stratified'], { default: 'random', doc: 'How to split.' }),
  shuffle: booleanParameter({ default: true, doc: 'Whether to shuffle.' }),
  name: optionalParameter(textParameter({ doc: 'A name.' })),
  hidden: listParameter(integerParameter({ min: 1, max: 9, doc: '' }), {
    default: [4],
    min: 1,
    doc: 'Layers.',
  }),
}

describe('resolveParameters', () => {
  test('fills in defaults', () => {
    const values = resolveParameters('layer', table, { units: 3 })
    expect(values).toEqual({
      rate: 0.1,
      units: 3,
      mode: 'random',
      shuffle: true,
      name: undefined,
      hidden: [4],
    })
    const typed: number = values.units
    const mode: 'random' | 'stratified' = values.mode
    expect([typed, mode]).toEqual([3, 'random'])
    expect(Object.isFrozen(values)).toBe(true)
  })

  test.each<[string, string, object]>([
    [
      'an unknown name',
      "layer: expected a known parameter, received 'unit'. Did you mean 'units'?",
      { unit: 3 },
    ],
    [
      'nothing',
      'layer: expected units, a whole number of 1 or more, received nothing. Outputs of the layer.',
      {},
    ],
    [
      'a number out of range',
      'layer: expected rate to be a number above 0 and below 1, received -1',
      { units: 1, rate: -1 },
    ],
    [
      'a wrong choice',
      "one of 'random', 'stratified', received 'stratifed'. Did you mean 'stratified'?",
      { units: 1, mode: 'stratifed' },
    ],
    [
      'a wrong item',
      'each item is a whole number from 1 to 9, at least 1, received [4, 0]',
      { units: 1, hidden: [4, 0] },
    ],
    ['an inherited name', "'constructor'", { units: 1, constructor: 1 }],
  ])('%s', (_, message, given) => {
    expect(() => resolveParameters('layer', table, given)).toThrow(message)
    expect(() => resolveParameters('layer', table, given)).toThrow(AthanorError)
  })

  test('every parameter refuses its bad values and takes its default', () => {
    for (const [name, parameter] of Object.entries(table)) {
      for (const bad of parameter.bad)
        expect(parameter.accepts(bad), `${name} = ${JSON.stringify(bad)}`).toBe(false)
      if (parameter.default !== undefined) expect(parameter.accepts(parameter.default)).toBe(true)
    }
  })

  test('texts of flags', () => {
    expect(table.hidden.parse('8,4')).toEqual([8, 4])
    expect(table.shuffle.parse('false')).toBe(false)
    expect(table.rate.accepts(table.rate.parse('fast'))).toBe(false)
    expect(table.rate.parse('1e-3')).toBe(0.001)
  })

  test('documentation', () => {
    expect(describeParameters(table)[0]).toBe(
      'rate: a number above 0 and below 1 (default 0.1). Size of a step.',
    )
  })
})

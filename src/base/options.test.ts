import { expect, test } from 'vitest'
import { OptionTable } from './options.js'
import { numberIn } from './value-kinds.js'

const table = new OptionTable<{ readonly rate?: number; readonly size?: number }>({
  rate: numberIn({ min: 0 }),
  size: numberIn({ min: 1 }),
})

test('an option that is undefined is left out, so that a spread keeps the default', () => {
  const defaults = { rate: 0.5, size: 3 }
  const given = table.check('test', { rate: undefined, size: 4 })
  expect({ ...defaults, ...given }).toEqual({ rate: 0.5, size: 4 })
  expect(Object.keys(given)).toEqual(['size'])
})

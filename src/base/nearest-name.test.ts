import { describe, expect, it } from 'vitest'
import { nearestName, suggestName } from './nearest-name.js'

describe('nearestName', () => {
  it.each([
    ['chrun', 'churn'],
    ['Churn', 'churn'],
    ['age_years', 'age years'],
    ['价', '价格'],
  ])('%s → %s', (name, meant) => {
    expect(nearestName(name, ['plan', 'churn', 'age years', '价格'])).toBe(meant)
  })

  it('gives nothing when nothing is near', () => {
    expect(nearestName('zebra', ['plan', 'churn'])).toBeUndefined()
    expect(suggestName('zebra', ['plan', 'churn'])).toBe("There are: 'plan', 'churn'")
  })
})

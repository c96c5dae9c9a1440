// Rain of chapter 12: four measurements of a day in Seattle, and whether the next day was wet.

import { type Classifier, Pipeline, StandardScaler } from 'athanor/classic'
import { mean, rowsOf } from './rows.js'

export interface Days {
  /** Precipitation, highest and lowest temperature, wind. */
  features: number[][]
  /** `rain` or `dry`, of the day after. */
  answers: string[]
}

const days = await rowsOf('seattle-weather.csv')
const isWet = (row: Record<string, unknown>) => Number(row.precipitation) > 0

/** Days from one year up to another. */
function between(first: number, last: number): Days {
  const chosen = days.slice(0, -1).flatMap((row, i) => {
    const year = (row.date as Date).getUTCFullYear()
    return year < first || year > last ? [] : [{ row, next: days[i + 1] }]
  })
  return {
    features: chosen.map(({ row }) =>
      [row.precipitation, row.temp_max, row.temp_min, row.wind].map(Number),
    ),
    answers: chosen.map(({ next }) => (isWet(next) ? 'rain' : 'dry')),
  }
}

/** To learn from and to choose by. */
export const known = between(2012, 2014)
/** The test set. */
export const lastYear = between(2015, 2015)

/** A model with scaled features. */
export const scaled = (model: Classifier) =>
  new Pipeline({
    steps: [
      ['scale', new StandardScaler()],
      ['model', model],
    ],
  })

/** Mean and standard error of scores, in percent. */
export function summary(scores: ArrayLike<number>): { score: number; error: number } {
  const values = Array.from(scores, score => 100 * score)
  const score = mean(values)
  const squares = values.map(value => (value - score) ** 2)
  const deviation = Math.sqrt((mean(squares) * values.length) / (values.length - 1))
  return { score, error: deviation / Math.sqrt(values.length) }
}

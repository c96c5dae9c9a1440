// Checks of the saved form: it comes back equal, and what was altered is refused or at least harmless.

import { AthanorError } from '../../base/errors.js'
import { answersOf, differs, fitted, roundTrip, type Subject, wrongError } from './subject.js'

export const savingChecks = {
  async 'saved and read'(subject: Subject) {
    const { rows, y } = subject.data
    const model = subject.make()
    if (subject.fromJSON(roundTrip(model)).isFitted) return 'learned before fit'
    await model.fit(rows, y)
    const again = subject.fromJSON(roundTrip(model))
    if (JSON.stringify(again) !== JSON.stringify(model)) return 'saved again, it differs'
    return differs(await answersOf(again, rows), await answersOf(model, rows))
  },

  async 'hostile JSON is refused'(subject: Subject) {
    const good = roundTrip(await fitted(subject)) as Record<string, unknown>
    const text = JSON.stringify(good)
    const bad: unknown[] = [
      null,
      [],
      {},
      'x',
      { ...good, estimator: 'Other' },
      { ...good, version: 1e9 },
      { ...good, extra: 1 },
      { ...good, params: { ...(good.params as object), extra: 1 } },
      { ...good, state: 5 },
      { ...good, state: { ...(good.state as object), extra: 1 } },
      JSON.parse(text.replace('"state"', '"__proto__"')),
    ]
    for (const json of bad) {
      const what = (JSON.stringify(json) ?? 'undefined').slice(0, 200)
      const wrong = await wrongError(what, () => subject.fromJSON(json), 'FORMAT')
      if (wrong !== undefined) return wrong
    }
    return undefined
  },

  async 'an altered field is refused or harmless'(subject: Subject) {
    const { rows } = subject.data
    const good = roundTrip(await fitted(subject))
    const places = placesIn(good)
    // Evenly over all places, so that the beginning of a long array doesn't take all the time.
    const step = Math.max(1, places.length / 60)
    for (let p = 0; p < places.length; p += step) {
      const place = places[Math.floor(p)]
      for (const value of [null, 'x', -1, 1e308, 2147483647, [], {}]) {
        const altered = JSON.parse(JSON.stringify(good))
        put(altered, place, value)
        const what = `${place.join('.')} = ${JSON.stringify(value)}`
        try {
          await answersOf(subject.fromJSON(altered), rows)
        } catch (error) {
          if (!(error instanceof AthanorError)) return `${what}: ${error}`
          if (error.code === 'INTERNAL') return `${what}: ${error.message}`
        }
      }
    }
    return undefined
  },
} as const

type Place = readonly (string | number)[]

/** Paths to every value inside. */
function placesIn(value: unknown, path: Place = []): Place[] {
  const own = path.length === 0 ? [] : [path]
  if (typeof value !== 'object' || value === null) return own
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, i) => [i, item])
    : Object.entries(value)
  return [...own, ...entries.flatMap(([key, item]) => placesIn(item, [...path, key]))]
}

function put(into: unknown, place: Place, value: unknown): void {
  let at = into as Record<string | number, unknown>
  for (const key of place.slice(0, -1)) at = at[key] as Record<string | number, unknown>
  at[place[place.length - 1]] = value
}

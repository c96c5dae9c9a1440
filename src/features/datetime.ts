// A date's features: the time itself, scaled, and where it stands in the year, the week and the day,
// as points on a circle (two harmonics each), so that December lies beside January. UTC throughout.

import type { JsonReader } from '../base/json-reader.js'
import type { Column, NumberColumn } from '../data/column.js'
import type { ColumnEncoder, ColumnTally, FeatureWriter } from './column-encoder.js'
import { NumericFeatures, type NumericOptions } from './numeric.js'
import type { NumericKernel } from './numeric-kernel.js'
import { type RawColumn, rawNumbers } from './raw-columns.js'
import type { Cycle } from './treatment.js'

const day = 86_400_000

/** Place in the cycle as a share of it, in [0, 1). */
const phases: { readonly [C in Cycle]: (ms: number) => number } = {
  month: ms => fraction(ms / day / 365.2425),
  // 1970-01-01 was a Thursday; the week starts on Monday.
  weekday: ms => fraction((Math.floor(ms / day) + 3) / 7),
  hour: ms => fraction(ms / day),
}

/** Places that a cycle is counted in: months and weekdays from 1, hours from 0. */
const counted: { readonly [C in Cycle]: (ms: number) => number } = {
  month: ms => new Date(ms).getUTCMonth() + 1,
  weekday: ms => 1 + ((((Math.floor(ms / day) + 3) % 7) + 7) % 7),
  hour: ms => new Date(ms).getUTCHours(),
}

const cycles = Object.keys(phases) as Cycle[]
const harmonics = 2
const perCycle = 2 * harmonics

function fraction(x: number): number {
  return x - Math.floor(x)
}

export class DatetimeFeatures implements ColumnEncoder {
  readonly type = 'datetime'
  readonly outputs: readonly string[]

  private constructor(
    readonly name: string,
    private readonly linear: NumericFeatures,
    private readonly used: readonly Cycle[],
  ) {
    const circle = (cycle: Cycle) =>
      Array.from({ length: harmonics }, (_, h) => h + 1).flatMap(h => [
        `${name} ${cycle} sin ${h}`,
        `${name} ${cycle} cos ${h}`,
      ])
    this.outputs = [...linear.outputs, ...used.flatMap(circle)]
  }

  /** From sorted, finite milliseconds since 1970. A cycle that the dates hardly move in is left out. */
  static fit(
    name: string,
    sorted: Float64Array,
    missing: number,
    options: NumericOptions,
  ): DatetimeFeatures {
    const linear = NumericFeatures.fit(name, 'datetime', sorted, missing, options)
    const moves = (cycle: Cycle) => {
      const first = phases[cycle](sorted[0])
      return sorted.some(ms => Math.abs(phases[cycle](ms) - first) > 1e-3)
    }
    return new DatetimeFeatures(name, linear, cycles.filter(moves))
  }

  get treatment() {
    const { lower, upper, indicator } = this.linear.treatment
    return { code: 'date', from: lower, to: upper, cycles: this.used, indicator } as const
  }

  plain(): DatetimeFeatures {
    return new DatetimeFeatures(this.name, this.linear.plain(), this.used)
  }

  /** The year with its fraction, and the counted cycles. */
  raw(): RawColumn {
    const { name, used } = this
    return rawNumbers(this, { code: 'dateParts', parts: used }, [
      { name: `${name} year`, of: ms => 1970 + ms / day / 365.2425 },
      ...used.map(cycle => ({ name: `${name} ${cycle}`, of: counted[cycle] })),
    ])
  }

  bind(column: Column, tally: ColumnTally, kernel?: NumericKernel): FeatureWriter {
    const writeLinear = this.linear.bind(column, tally, kernel)
    const { values } = column as NumberColumn
    const used = this.used.map(cycle => phases[cycle])
    const offset = this.linear.outputs.length
    return (rowIds, from, to, out, at, width) => {
      writeLinear(rowIds, from, to, out, at, width)
      for (let c = 0; c < used.length; c++) {
        const phase = used[c]
        let place = at + offset + c * perCycle
        for (let i = from; i < to; i++, place += width) {
          const ms = values[rowIds === undefined ? i : rowIds[i]]
          // Without a date: the circle's middle.
          if (!Number.isFinite(ms)) continue
          const angle = 2 * Math.PI * phase(ms)
          for (let h = 0; h < harmonics; h++) {
            out[place + 2 * h] = Math.sin((h + 1) * angle)
            out[place + 2 * h + 1] = Math.cos((h + 1) * angle)
          }
        }
      }
    }
  }

  toJSON() {
    return { kind: 'datetime' as const, linear: this.linear.toJSON(), cycles: [...this.used] }
  }

  static fromJSON(name: string, json: JsonReader): DatetimeFeatures {
    json.only('kind', 'linear', 'cycles')
    const linear = NumericFeatures.fromJSON(name, 'datetime', json.get('linear'))
    const used = json
      .get('cycles')
      .items(0, cycles.length)
      .map(item => item.oneOf(cycles))
    if (new Set(used).size !== used.length) json.get('cycles').fail('each cycle once', 'one twice')
    return new DatetimeFeatures(name, linear, used)
  }
}

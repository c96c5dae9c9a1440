// The net of chapter 13: the highest temperature of a day, from the day of the year. For either engine.

import { random } from 'athanor'
import { rowsOf } from './rows.js'

/** What matrices of `autodiff.ts` and tensors of the engine can both do. */
export interface Values<T> {
  matmul(other: T): T
  add(other: T): T
  sub(other: T): T
  mul(other: number): T
  relu(): T
  square(): T
  mean(): T
}

export type Net<T> = Record<'w1' | 'b1' | 'w2' | 'b2', T>

export const answer = <T extends Values<T>>({ w1, b1, w2, b2 }: Net<T>, x: T) =>
  x.matmul(w1).add(b1).relu().matmul(w2).add(b2)

export const loss = <T extends Values<T>>(net: Net<T>, x: T, y: T) =>
  answer(net, x).sub(y).square().mean()

/** After one step of gradient descent. */
export function stepped<T extends Values<T>>(net: Net<T>, gradient: Net<T>): Net<T> {
  const after = (name: keyof Net<T>) => net[name].sub(gradient[name].mul(0.1))
  return { w1: after('w1'), b1: after('b1'), w2: after('w2'), b2: after('b2') }
}

const days = (await rowsOf('seattle-weather.csv')).slice(0, 366)
/** Degrees of each day of the year 2012. */
export const degrees = days.map(day => Number(day.temp_max))

/** Days and degrees, both brought to about -1 to 1. */
export const x = degrees.map((_, day) => [day / 183 - 1])
export const y = degrees.map(value => [(value - 16) / 16])

random.seed(3)
const [w1, b1, w2] = (await random.normal([3, 8]).mul(0.5).array()) as number[][]
/** Before training. */
export const start: Net<number[][]> = { w1: [w1], b1: [b1], w2: w2.map(w => [w]), b2: [[0]] }

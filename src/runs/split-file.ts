// split.json: which row of the data is in which part, so that another tool can use the same split.

import { JsonReader } from '../base/json-reader.js'
import type { Split } from '../data/split.js'
import type { PreparedData } from './prepare-data.js'
import { readJson, writeDurably } from './storage.js'

const format = 1
const parts = ['train', 'validation', 'test'] as const

/** Row ids are 0-based rows of the data in the order read; files given as parts follow the main data. */
export async function writeSplit(path: string, data: PreparedData, seed: number): Promise<void> {
  const { split, splitMethod: method, fingerprint } = data
  const lists = parts.map(part => `  ${JSON.stringify(part)}: [${split[part].join(',')}]`)
  const head = JSON.stringify({ format, fingerprint, method, seed, rows: data.store.rows }, null, 2)
  await writeDurably(path, `${head.slice(0, -2)},\n${lists.join(',\n')}\n}\n`)
}

export async function readSplit(path: string): Promise<Split> {
  const reader = new JsonReader(path, await readJson(path))
  reader.get('format').integer(1, format)
  const list = (part: string) => {
    const value = reader.get(part)
    const rows = value.value
    if (!Array.isArray(rows)) return value.fail('an array of rows')
    return Uint32Array.from(rows, row =>
      Number.isInteger(row) && row >= 0 && row < 2 ** 32
        ? row
        : value.fail('row numbers', String(row)),
    )
  }
  return { train: list('train'), validation: list('validation'), test: list('test') }
}

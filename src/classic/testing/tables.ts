// For tests: the tables that scripts/oracles/tables.py wrote, by name.

import { casesOf } from './oracle.js'

export interface TestTable {
  readonly x: number[][]
  readonly y: number[]
}

const all = new Map<string, TestTable>(
  casesOf(new URL('./fixtures/tables.json', import.meta.url)).map(table => [table.name, table]),
)

export function tableNamed(name: string): TestTable {
  const found = all.get(name)
  if (found === undefined) throw new Error(`no table '${name}'`)
  return found
}

// Data of the course: a table as rows, or two of its columns as points.

import { openDataset } from 'athanor/data'

/** Rows of a table in `examples/data`; a cell without a value is null. */
export async function rowsOf(file: string): Promise<Record<string, unknown>[]> {
  const dataset = await openDataset(`examples/data/${file}`)
  const table = await dataset.table()
  await dataset.close()
  return Array.from({ length: table.rows }, (_, row) => table.row(row))
}

export interface Point {
  x: number
  y: number
}

/** The rows that have both numbers. */
export async function pointsOf(file: string, x: string, y: string): Promise<Point[]> {
  const points = (await rowsOf(file)).map(row => ({ x: row[x], y: row[y] }))
  return points.filter((p): p is Point => typeof p.x === 'number' && typeof p.y === 'number')
}

export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length

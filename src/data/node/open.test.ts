import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type OpenOptions, openDataset } from './index.js'

// Files and processes: slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function csv(content: string | Uint8Array, options: OpenOptions = {}, name = 'x.csv') {
  const path = join(folder, name)
  await writeFile(path, content)
  const dataset = await openDataset(path, options)
  const table = await dataset.table()
  await dataset.close()
  return { dataset, table, path }
}

describe('a CSV file', () => {
  it('becomes typed columns', async () => {
    const { dataset, table } = await csv(
      'name,age,paid,since,score\nAnn,31,true,2020-01-02,1.5\nBob,,false,2021-03-04,NA\n',
    )
    expect(dataset.schema.map(c => c.type)).toEqual([
      'category',
      'integer',
      'boolean',
      'datetime',
      'numeric',
    ])
    expect(table.row(0)).toEqual({
      name: 'Ann',
      age: 31,
      paid: true,
      since: new Date('2020-01-02'),
      score: 1.5,
    })
    expect(table.row(1)).toMatchObject({ age: null, paid: false, score: null })
    expect(dataset.schema[1]).toMatchObject({ missing: 1, distinct: 1 })
  })

  it('of the examples', async () => {
    const penguins = await openDataset('examples/data/penguins.csv')
    expect(penguins.schema.map(c => [c.name, c.type])).toEqual([
      ['species', 'category'],
      ['island', 'category'],
      ['beak_length_mm', 'numeric'],
      ['beak_depth_mm', 'numeric'],
      ['flipper_length_mm', 'integer'],
      ['body_mass_g', 'integer'],
      ['sex', 'category'],
    ])
    expect(penguins.rows).toBe(344)
    const weather = await openDataset('examples/data/seattle-weather.csv')
    expect(weather.schema.map(c => c.type)).toEqual([
      'datetime',
      'numeric',
      'numeric',
      'numeric',
      'numeric',
      'category',
    ])
  })
})

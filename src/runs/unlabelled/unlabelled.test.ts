// Clusters and outliers of rows without a target: what is found, written, said.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Random } from '../../base/philox.js'
import { cluster } from './cluster.js'
import { renderClusters } from './cluster-report.js'
import { renderOutliers } from './outlier-report.js'
import { outliers } from './outliers.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Three blobs of different sizes in two numbers, with a category that goes with the largest. */
const random = new Random(5)
const blobs = [
  { rows: 120, x: 0, y: 0, kind: 'a' },
  { rows: 60, x: 8, y: 1, kind: 'b' },
  { rows: 30, x: 2, y: 9, kind: 'b' },
]
const rows = blobs.flatMap(({ rows: count, x, y, kind }, blob) =>
  Array.from({ length: count }, () => ({
    id: `n${random.integer(1e9)}`,
    x: x + random.uniform(),
    y: y + random.uniform(),
    kind,
    blob: `blob ${blob}`,
    note: `some words about number ${random.integer(1e6)} and others like it`,
  })),
)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-unlabelled-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const lines = async (path: string) => (await readFile(path, 'utf8')).trim().split('\n')

describe('cluster', () => {
  test('chooses how many by the silhouette, the largest first, and says what distinguishes each', async () => {
    const out = join(folder, 'clusters.csv')
    const found = await cluster(rows, { exclude: ['blob'], out })
    expect(found.clusters.map(({ rows: count }) => count)).toEqual([120, 60, 30])
    expect(found.tried).toHaveLength(9)
    expect(found.silhouette).toBe(Math.max(...found.tried.map(({ silhouette }) => silhouette)))
    expect(found.silhouette).toBeGreaterThan(0.7)
    expect(found.columns).toEqual(['x', 'y', 'kind'])
    expect(found.leftOut).toEqual(expect.arrayContaining(['blob', 'note', 'id']))
    expect(found.clusters[1].traits[0]).toMatchObject({ column: 'x', kind: 'number' })
    expect(found.clusters[2].traits[0]).toMatchObject({ column: 'y' })
    expect(found.clusters[0].traits).toContainEqual(
      expect.objectContaining({ column: 'kind', value: 'a', here: 1 }),
    )
    const written = await lines(out)
    expect(written[0]).toBe('id,x,y,kind,blob,note,cluster')
    expect(written).toHaveLength(211)
    // Every blob is one cluster, in the order of the rows.
    written.slice(1).forEach((line, i) => {
      expect(line.endsWith(`,${i < 120 ? 0 : i < 180 ? 1 : 2}`)).toBe(true)
    })
    expect(found.map).toHaveLength(210)
  })

  test('the same seed, the same clusters; as many as are asked for', async () => {
    const text = async (seed: number, clusters?: number) => {
      let whole = ''
      const onText = (part: string) => {
        whole += part
      }
      const found = await cluster(rows, { exclude: ['blob'], seed, clusters, onText })
      return { whole, found }
    }
    expect((await text(3)).whole).toBe((await text(3)).whole)
    const { found } = await text(0, 5)
    expect(found.clusters).toHaveLength(5)
    expect(found.tried).toHaveLength(1)
    expect((await text(0, 1)).found).toMatchObject({ silhouette: null })
  })

  test('DBSCAN finds them too, and rows in none', async () => {
    const strange = { id: 'n', x: 100, y: -50, kind: 'a', blob: 'none', note: 'a text of its own' }
    const found = await cluster([...rows, strange], {
      exclude: ['blob'],
      method: 'dbscan',
      eps: 0.5,
      minSamples: 4,
      onText: () => {},
    })
    expect(found.clusters.map(({ rows: count }) => count)).toEqual([120, 60, 30])
    expect(found).toMatchObject({ noise: 1, eps: 0.5, minSamples: 4, tried: [] })
    const guessed = await cluster(rows, { exclude: ['blob'], method: 'dbscan', onText: () => {} })
    expect(guessed.eps).toBeGreaterThan(0)
    expect(guessed.clusters.length).toBeGreaterThanOrEqual(3)
  })

  test('what cannot be grouped is refused', async () => {
    const alike = Array.from({ length: 20 }, (_, i) => ({ x: i % 2 === 0 ? 1 : 1, z: i % 2 }))
    await expect(cluster(rows, { exclude: ['blobs'] })).rejects.toThrow(/Did you mean 'blob'/)
    await expect(cluster(rows.slice(0, 2))).rejects.toThrow(/at least 3 are needed/)
    await expect(cluster(rows, { clusters: 500 })).rejects.toThrow(/only 210 rows/)
    await expect(cluster(alike)).rejects.toThrow(/nothing to group|at least one column/)
    const controller = new AbortController()
    controller.abort()
    await expect(cluster(rows, { signal: controller.signal })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
  })

  test('the page shows it, in both languages, everything escaped', async () => {
    const evil = rows.map(row => ({ ...row, '<b>x': row.x, kind: `<i>${row.kind}` }))
    const found = await cluster(evil, { onText: () => {} })
    for (const language of ['en', 'zh'] as const) {
      const page = renderClusters(found, language)
      expect(page).toContain(language === 'en' ? 'How many clusters?' : '分成几类？')
      expect(page).not.toMatch(/undefined|NaN|\[object|<b>x|<i>a/)
    }
  })
})

describe('outliers', () => {
  const strange = { id: 'q', x: 40, y: 0.5, kind: 'never', blob: 'none', note: 'a text' }
  const gap = { id: 'r', x: null, y: 30, kind: 'a', blob: 'none', note: 'a text' }
  const all = [...rows.slice(0, 100), strange, ...rows.slice(100), gap]

  test('the strangest rows come first, with what is unusual about them', async () => {
    const out = join(folder, 'outliers.csv')
    const found = await outliers(all, { exclude: ['blob'], out, top: 3 })
    expect(
      found.top
        .slice(0, 2)
        .map(({ row }) => row)
        .sort((a, b) => a - b),
    ).toEqual([101, 212])
    const first = found.top.find(({ row }) => row === 101)
    expect(first?.unusual.map(({ column }) => column)).toEqual(
      expect.arrayContaining(['x', 'kind']),
    )
    const second = found.top.find(({ row }) => row === 212)
    expect(second?.unusual).toContainEqual(
      expect.objectContaining({ column: 'x', kind: 'missing' }),
    )
    expect(found.outliers).toBeGreaterThanOrEqual(2)
    expect(found.outliers).toBeLessThan(40)
    const written = await lines(out)
    expect(written[0]).toBe('rank,row,score,outlier,unusual,id,x,y,kind,blob,note')
    expect(written).toHaveLength(213)
    const ranks = written.slice(1).map(line => line.split(','))
    expect(ranks.map(([rank]) => Number(rank))).toEqual(
      Array.from({ length: 212 }, (_, i) => i + 1),
    )
    const scores = ranks.map(([, , score]) => Number(score))
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect(ranks.filter(([, , , outlier]) => outlier === 'true')).toHaveLength(found.outliers)
    // Row numbers lead to the rows.
    const at = written.findIndex(line => line.includes(',never,'))
    expect(ranks[at - 1][1]).toBe('101')
  })

  test('a share of them is as many; the same seed ranks the same', async () => {
    const run = async (seed: number) => {
      let text = ''
      const found = await outliers(all, {
        share: 0.1,
        seed,
        onText: part => {
          text += part
        },
      })
      return { found, text }
    }
    const first = await run(1)
    expect(first.found.outliers).toBe(21)
    expect((await run(1)).text).toBe(first.text)
    expect((await run(2)).text).not.toBe(first.text)
  })

  test('the page shows it; names are kept apart from the file’s own', async () => {
    const named = all.map(row => ({ ...row, rank: row.y, score: row.x }))
    let text = ''
    const found = await outliers(named, {
      onText: part => {
        text += part
      },
    })
    expect(text.split('\n')[0]).toMatch(/^rank_1,row,score_1,outlier,unusual,/)
    for (const language of ['en', 'zh'] as const)
      expect(renderOutliers(found, language)).not.toMatch(/undefined|NaN|\[object/)
  })

  test('a table on disk gives what one in memory gives', async () => {
    const file = join(folder, 'rows.csv')
    const header = 'x,y,kind'
    await writeFile(
      file,
      `${header}\n${all.map(({ x, y, kind }) => `${x ?? ''},${y},${kind}`).join('\n')}\n`,
    )
    const inMemory = await outliers(file, { onText: () => {} })
    vi.stubEnv('ATHANOR_TABLE_MEMORY', '1K')
    const onDisk = await outliers(file, { onText: () => {} })
    vi.unstubAllEnvs()
    expect({ ...onDisk, seconds: 0 }).toEqual({ ...inMemory, seconds: 0 })
  })
})

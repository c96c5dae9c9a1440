import { describe, expect, test } from 'vitest'
import * as exported from './index.js'
import { casesOf, close, type Json } from './testing/oracle.js'

const metrics = { ...exported }

const cases = (name: string) => casesOf(new URL(`./fixtures/${name}.json`, import.meta.url))

describe('two clusterings, against scikit-learn', () => {
  test.each(cases('clusterings').map(c => [c.name, c]))('%s', (_, c: Json) => {
    const { labelsTrue: t, labelsPred: p, expected: e } = c
    close(metrics.contingencyMatrix(t, p).matrix, e.contingencyMatrix, 'contingencyMatrix')
    close(metrics.pairConfusionMatrix(t, p), e.pairConfusionMatrix, 'pairConfusionMatrix')
    for (const name of [
      'rand',
      'adjustedRand',
      'fowlkesMallows',
      'mutualInfo',
      'homogeneity',
      'completeness',
      'vMeasure',
    ] as const)
      close(metrics[name](t, p), e[name], name)
    close(metrics.vMeasure(t, p, { beta: 2 }), e.vMeasure2, 'vMeasure, beta 2')
    const all = metrics.homogeneityCompletenessVMeasure(t, p)
    expect(all).toEqual({
      homogeneity: metrics.homogeneity(t, p),
      completeness: metrics.completeness(t, p),
      vMeasure: metrics.vMeasure(t, p),
    })
    for (const averageMethod of ['min', 'geometric', 'arithmetic', 'max'] as const)
      for (const name of ['normalizedMutualInfo', 'adjustedMutualInfo'] as const) {
        const expected = e[`${name}_${averageMethod}`]
        // Where the most there can be is what chance gives, rounding is divided by rounding.
        if (c.name === 'every row a cluster' && averageMethod === 'min') continue
        close(metrics[name](t, p, { averageMethod }), expected, `${name} ${averageMethod}`)
      }
  })

  test('names of clusters do not matter, nor their kind', () => {
    const { labelsTrue: t, labelsPred: p } = cases('clusterings')[0]
    const named = p.map((cluster: number) => `cluster ${cluster}`)
    for (const name of ['adjustedRand', 'adjustedMutualInfo', 'vMeasure'] as const)
      expect(metrics[name](t, named)).toBeCloseTo(metrics[name](t, p), 12)
    expect(metrics.contingencyMatrix(['b', 'a', 'b'], [true, true, false])).toEqual({
      classes: ['a', 'b'],
      clusters: [false, true],
      matrix: [
        [0, 1],
        [1, 1],
      ],
    })
    expect(metrics.contingencyMatrix([0, 1], [0, 1], { eps: 0.5 }).matrix).toEqual([
      [1.5, 0.5],
      [0.5, 1.5],
    ])
  })

  test('many classes and clusters are counted as few are', () => {
    const rows = 6000
    const t = Array.from({ length: rows }, (_, i) => (i * 7919) % 3001)
    const p = Array.from({ length: rows }, (_, i) => (i * 104729) % 2999)
    const pairs = new Map<string, number>()
    for (let i = 0; i < rows; i++) {
      const key = `${t[i]} ${p[i]}`
      pairs.set(key, (pairs.get(key) ?? 0) + 1)
    }
    let both = 0
    for (const count of pairs.values()) both += count * (count - 1)
    expect(metrics.pairConfusionMatrix(t, p)[1][1]).toBe(both)
  })
})

describe('clusters of rows, against scikit-learn', () => {
  test.each(cases('clusters').map(c => [c.name, c]))('%s', async (_, c: Json) => {
    const { x, labels, distances, expected: e } = c
    close(await metrics.calinskiHarabasz(x, labels), e.calinskiHarabasz, 'calinskiHarabasz')
    close(await metrics.daviesBouldin(x, labels), e.daviesBouldin, 'daviesBouldin')
    // scikit-learn's distances come from a product and are right to 1e-8.
    const near = 1e-7
    close(await metrics.silhouette(x, labels), e.silhouette, 'silhouette', near)
    const samples = (metric?: exported.SilhouetteMetric, rows = x) =>
      metrics.silhouetteSamples(rows, labels, { metric })
    close(await samples(), e.silhouetteSamples, 'silhouetteSamples', near)
    close(await samples('manhattan'), e.manhattan, 'manhattan')
    if (e.cosine !== undefined) close(await samples('cosine'), e.cosine, 'cosine', near)
    if (distances !== undefined)
      close(await samples('precomputed', distances), e.precomputed, 'precomputed')
  })

  test('a sample of the rows, drawn by the seed', async () => {
    const { x, labels } = cases('clusters')[0]
    const draw = (randomState: number, sampleSize = 30) =>
      metrics.silhouette(x, labels, { sampleSize, randomState })
    expect(await draw(1)).toBe(await draw(1))
    expect(await draw(1)).not.toBe(await draw(2))
    expect(await draw(1, 1000)).toBe(await metrics.silhouette(x, labels))
  })

  test('a signal ends it', async () => {
    const { x, labels } = cases('clusters')[0]
    const signal = AbortSignal.abort()
    await expect(metrics.silhouette(x, labels, { signal })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
  })

  test.each<[string, string, (x: number[][], labels: number[]) => Promise<unknown>]>([
    ['one cluster', 'ARGUMENT', x => metrics.silhouette(x, [1, 1, 1])],
    ['a cluster a row', 'ARGUMENT', x => metrics.calinskiHarabasz(x, [0, 1, 2])],
    ['too few labels', 'SHAPE', x => metrics.daviesBouldin(x, [0, 1])],
    ['NaN', 'DATA', (_, labels) => metrics.silhouette([[Number.NaN], [1], [2]], labels)],
    ['no rows', 'DATA', () => metrics.silhouette([], [])],
    ['no square', 'ARGUMENT', (x, l) => metrics.silhouette(x, l, { metric: 'precomputed' })],
    [
      'one way longer than the other',
      'ARGUMENT',
      (_, labels) =>
        metrics.silhouette(
          [
            [0, 1, 2],
            [1, 0, 3],
            [2, 4, 0],
          ],
          labels,
          { metric: 'precomputed' },
        ),
    ],
  ])('%s is an error', async (_, code, run) => {
    await expect(run([[0], [1], [2]], [0, 0, 1])).rejects.toMatchObject({ code })
  })
})

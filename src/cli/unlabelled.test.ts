// athanor cluster and athanor outliers by real processes.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { root, Workplace } from './testing/run-cli.js'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const penguins = join(root, 'examples', 'data', 'penguins.csv')

let place: Workplace
beforeAll(async () => {
  place = await Workplace.open()
})
afterAll(() => place?.close())

describe('cluster', () => {
  test('says what it found, writes rows and a report', async () => {
    const { code, stdout } = await place.run('cluster', penguins, '--exclude', 'species')
    expect(stdout).toMatch(/\d+ clusters of 344 rows, by 6 columns/)
    expect(stdout).toMatch(/Silhouette 0\.\d\d: /)
    expect(stdout).toMatch(/flipper_length_mm [↑↓]/)
    expect(stdout).toMatch(/Rows: penguins-clusters\.csv\nReport: penguins-clusters\.html/)
    expect(code).toBe(0)
    const written = (await readFile(place.path('penguins-clusters.csv'), 'utf8')).trim().split('\n')
    expect(written).toHaveLength(345)
    expect(written[0]).toMatch(/,sex,cluster$/)
    expect(await readFile(place.path('penguins-clusters.html'), 'utf8')).toContain('</html>')
  })

  test('--json is one object; Chinese is Chinese', async () => {
    const { stdout, code } = await place.run(
      ...['cluster', penguins, '--clusters', '3', '--out', 'three.csv', '--json'],
    )
    expect(code).toBe(0)
    const found = JSON.parse(stdout)
    expect(found).toMatchObject({
      method: 'kmeans',
      rows: 344,
      out: 'three.csv',
      report: 'three.html',
    })
    expect(found.clusters).toHaveLength(3)
    const chinese = await place.run('cluster', penguins, '--clusters', '2', '--lang', 'zh')
    expect(chinese.stdout).toMatch(/344 行按 7 列聚成 2 类/)
    expect(chinese.stdout).toMatch(/突出特点/)
  })

  test.each([
    [['cluster'], /Which data\?/],
    [['cluster', 'nothing.csv'], /nothing\.csv/],
    [['cluster', penguins, '--clusters', '0'], /--clusters: expected a whole number from 1/],
    [['cluster', penguins, '--clusters', '400'], /there are only 344 rows/],
    [['cluster', penguins, '--exclude', 'specie'], /Did you mean 'species'/],
    [['cluster', penguins, '--method', 'fuzzy'], /one of kmeans, dbscan/],
    [['cluster', penguins, '--out', 'no/such/folder.csv'], /cannot be written/],
    [['cluster', penguins, '--eps', '1'], /--eps has no meaning for --method kmeans/],
    [
      ['cluster', penguins, '--method', 'dbscan', '--clusters', '3'],
      /--clusters has no meaning for --method dbscan/,
    ],
    [['outliers', penguins, '--share', '0.9'], /from 1\.00e-4 to 0\.5/],
    [['outliers', penguins, '--target', 'x'], /no option '--target'/],
  ])('refuses %j', async (words, message) => {
    const { code, stdout, stderr } = await place.run(...words)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/ {4}at /)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })
})

describe('outliers', () => {
  test('ranks rows and says why', async () => {
    const { code, stdout } = await place.run('outliers', penguins, '--top', '5')
    expect(stdout).toMatch(/\d+ of 344 rows stand out, by 7 columns/)
    expect(stdout).toMatch(/ \* +340 +0\.\d+ .*missing/)
    expect(stdout).toMatch(/Rows: penguins-outliers\.csv/)
    expect(code).toBe(0)
    const json = await place.run('outliers', penguins, '--json', '--out', 'strange.csv')
    const found = JSON.parse(json.stdout)
    expect(found.top[0]).toMatchObject({ rank: 1, outlier: true })
    expect(found).toMatchObject({ out: 'strange.csv', report: 'strange.html' })
    const chinese = await place.run('outliers', penguins, '--lang', 'zh')
    expect(chinese.stdout).toMatch(/344 行中有 \d+ 行明显异常/)
  })
})

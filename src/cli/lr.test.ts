// athanor lr, by real processes.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { smallTable, Workplace } from './testing/run-cli.js'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let place: Workplace
beforeAll(async () => {
  place = await Workplace.open()
  await place.write('small.csv', smallTable(200))
})
afterAll(() => place?.close())

test('says a rate and draws the curve', async () => {
  const { code, stdout } = await place.run('lr', 'small.csv', '--target', 'kind')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^Learning rate \S+: (there the loss|a tenth).*By itself train takes 0\.001/,
  )
  expect(stdout).toContain('Curve: small-learning-rate.svg')
  const svg = await readFile(join(place.folder, 'small-learning-rate.svg'), 'utf8')
  expect(svg).toMatch(/^<svg .*<\/svg>\s*$/s)
})

test('as JSON, the picture where it is asked for', async () => {
  const { stdout } = await place.run(
    ...['lr', 'small.csv', '--target', 'kind', '--json', '--out', 'curve.svg'],
  )
  const found = JSON.parse(stdout)
  expect(found.suggestion).toBeGreaterThan(1e-5)
  expect(found.losses).toHaveLength(found.learningRates.length)
  expect(found.picture).toBe('curve.svg')
  expect(await readFile(join(place.folder, 'curve.svg'), 'utf8')).toContain('<svg')
})

test.each([
  [['lr'], /Which data\?.*athanor lr <data>/],
  [['lr', 'small.csv'], /Which column/],
  [['lr', 'small.csv', '--target', 'kind', '--model', 'forest'], /'forest' has no learning rate/],
  [
    ['lr', 'small.csv', '--target', 'kind', '--epochs', '3'],
    /athanor lr has no option '--epochs'; .*Options of lr: --target,/,
  ],
  [['lr', 'nothere'], /'nothere': expected a file/],
])('%j is refused', async (given, message) => {
  const { code, stderr } = await place.run(...given)
  expect(stderr).toMatch(message)
  expect(code).toBeGreaterThan(0)
})

// Runs that choose their model: the board, the budget, repeating, going on.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { compare } from './compare.js'
import type { RunEvent } from './events.js'
import { familyNames } from './model-families.js'
import type { Run } from './run-results.js'
import { rows } from './testing/rows.js'
import { train } from './train.js'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-auto-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const json = async (run: Run, name: string) =>
  JSON.parse(await readFile(join(run.path, name), 'utf8'))
const bytes = (run: Run) => readFile(join(run.path, 'model.athanor'))

describe('auto', () => {
  const events: RunEvent[] = []
  let run: Run
  beforeAll(async () => {
    run = await train(rows, {
      target: 'churn',
      exclude: ['fee'],
      out: folder,
      name: 'auto',
      lang: 'en',
      seed: 2,
      // Enough for all candidates on any machine; nets stop soon.
      model: 'auto',
      timeBudget: 1000,
      epochs: 4,
      onProgress: event => events.push(event),
    })
  })

  test('compares the families, the dummy at the foot, and chooses the best', async () => {
    const { leaderboard: board } = run
    expect(new Set(board.map(row => row.model))).toEqual(new Set([...familyNames, 'dummy']))
    expect(board.at(-1)).toMatchObject({ model: 'dummy', estimator: 'DummyClassifier' })
    const scores = board.slice(0, -1).map(row => row.score ?? Number.NEGATIVE_INFINITY)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    const [chosen, ...rest] = board.filter(row => row.chosen)
    expect(rest).toEqual([])
    // Near the best, and with no worse probabilities.
    expect(chosen.score).toBeGreaterThanOrEqual((board[0].score ?? 0) - 0.05)
    expect(chosen.logLoss).toBeLessThanOrEqual(board[0].logLoss ?? 0)
    expect(run.model).toBe(chosen.model)
    expect(board.filter(row => row.score === null)).toEqual([])
    for (const row of board)
      if (row.score !== null) {
        expect(row.spread).toBeGreaterThanOrEqual(0)
        expect(row.fitSeconds).toBeGreaterThan(0)
        expect(row.predictionSeconds).toBeGreaterThan(0)
        expect(row.bytes).toBeGreaterThan(0)
        expect(row.folds).toBe(5)
      }
    const manifest = await json(run, 'manifest.json')
    expect(manifest.board).toMatchObject({ complete: true, folds: 5, metric: 'accuracy' })
    expect(manifest.board.entries).toHaveLength(board.length)
    expect(events.filter(event => event.type === 'candidate')).toHaveLength(board.length)
  })

  test('says whether more data would help, and shows it', async () => {
    const curve = run.learningCurve
    expect(curve?.points.map(point => point.rows)).toEqual([34, 68, 135])
    expect(['yes', 'perhaps', 'no']).toContain(curve?.verdict)
    const page = await readFile(join(run.path, 'report.html'), 'utf8')
    for (const title of ['Models compared', 'Would more data help?', 'How predictions move'])
      expect(page).toContain(title)
  })

  test('repeated, it is the same board and the same model, whatever the time', async () => {
    const path = join(run.path, 'manifest.json')
    const manifest = await json(run, 'manifest.json')
    // No time at all: nothing of what is repeated depends on it.
    await writeFile(
      path,
      JSON.stringify({ ...manifest, settings: { ...manifest.settings, timeBudget: 1e-3 } }),
    )
    const again = (await train(rows, { repeat: 'auto', out: folder, name: 'auto again' })) as Run
    const figures = ({ leaderboard: board }: Run) =>
      board.map(({ model, parameters, score, spread, folds, rows: count }) => ({
        ...{ model, parameters, score, spread, folds, count },
      }))
    expect(figures(again)).toEqual(figures(run))
    expect(again.learningCurve).toEqual(run.learningCurve)
    expect((await bytes(again)).equals(await bytes(run))).toBe(true)
    expect(again.metrics).toEqual(run.metrics)
    expect((await json(again, 'manifest.json')).repeats).toBe('auto')
    await writeFile(path, JSON.stringify(manifest))
  })

  test('other data, or an unfinished run, cannot be repeated', async () => {
    const other = rows.map((row, i) => (i === 3 ? { ...row, age: 77 } : row))
    await expect(train(other, { repeat: 'auto', out: folder })).rejects.toThrow(/differ/)
    const controller = new AbortController()
    const started = train(rows, {
      target: 'churn',
      model: 'auto',
      timeBudget: 1000,
      epochs: 2,
      out: folder,
      name: 'stopped',
      signal: controller.signal,
      onProgress: event => {
        if (event.type === 'candidate' && event.entry.family === 'linear') controller.abort()
      },
    })
    await expect(started).rejects.toMatchObject({ code: 'INTERRUPTED' })
    await expect(train(rows, { repeat: 'stopped', out: folder })).rejects.toThrow(/unfinished/)
    const measured = await json({ path: join(folder, 'stopped') } as Run, 'manifest.json')
    expect(measured).toMatchObject({ status: 'interrupted', board: { complete: false } })
    const told: RunEvent[] = []
    const resumed = (await train(rows, {
      resume: 'stopped',
      out: folder,
      onProgress: event => told.push(event),
    })) as Run
    expect(resumed.leaderboard.length).toBeGreaterThan(measured.board.entries.length)
    // What had been measured was not measured again.
    const linear = (entries: { family: string }[]) =>
      entries.find(entry => entry.family === 'linear')
    const { board } = await json(resumed, 'manifest.json')
    expect(linear(board.entries)).toEqual(linear(measured.board.entries))
    expect(
      told.some(
        event => event.type === 'comparing' && event.model === 'linear' && event.measured < 2,
      ),
    ).toBe(false)
  })

  test('a tiny budget still has the dummy and the linear model, and says what there was no time for', async () => {
    const { leaderboard: board, learningCurve } = await compare(rows, {
      target: 'fee',
      timeBudget: 1e-3,
      metric: 'rmse',
    })
    const found = new Map(board.map(row => [row.model, row]))
    expect(found.get('linear')?.score).toBeGreaterThan(0)
    expect(found.get('boosting')?.score).toBeGreaterThan(0)
    expect(found.get('dummy')?.score).toBeGreaterThan(0)
    expect(found.get('neural')).toMatchObject({ score: null, note: 'time' })
    expect(learningCurve).toBeNull()
  })

  test('a number by its error: the smallest wins', async () => {
    const { leaderboard: board, metric } = await compare(rows, {
      target: 'fee',
      metric: 'mae',
      timeBudget: 1000,
      epochs: 2,
      model: 'auto',
    })
    expect(metric).toBe('mae')
    const scores = board.flatMap(row =>
      row.model === 'dummy' || row.score === null ? [] : [row.score],
    )
    expect(scores).toEqual([...scores].sort((a, b) => a - b))
  })
})

test('a table on disk: candidates see its rows, and the model predicts all of them', async () => {
  const file = join(folder, 'rows.json')
  await writeFile(file, JSON.stringify(rows))
  vi.stubEnv('ATHANOR_TABLE_MEMORY', '1K')
  const onDisk = await train(file, {
    target: 'churn',
    model: 'auto',
    epochs: 2,
    timeBudget: 1000,
    out: folder,
    name: 'disk',
  })
  const again = (await train(undefined, { repeat: 'disk', out: folder })) as Run
  vi.unstubAllEnvs()
  expect((await json(onDisk, 'manifest.json')).data.onDisk).toBe(true)
  expect(onDisk.leaderboard.every(row => row.score !== null)).toBe(true)
  expect((await bytes(again)).equals(await bytes(onDisk))).toBe(true)
})

test('a family with a budget: its parameters are searched', async () => {
  const run = await train(rows, {
    target: 'churn',
    model: 'linear',
    timeBudget: 1000,
    out: folder,
    set: { fitIntercept: true },
  })
  expect(new Set(run.leaderboard.map(row => row.model))).toEqual(new Set(['linear', 'dummy']))
  expect(run.leaderboard.length).toBeGreaterThan(3)
})

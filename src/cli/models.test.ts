// Kinds of models through the command line, by real processes: auto and its board, compare, repeat.

import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { smallTable, Workplace } from './testing/run-cli.js'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let place: Workplace
beforeAll(async () => {
  place = await Workplace.open()
  await place.write('small.csv', smallTable(200))
})
afterAll(() => place?.close())

const table = ['small.csv', '--target', 'kind', '--time-budget', '1000']

describe('auto', () => {
  test('is what trains where nothing is said: a board, a sentence about more data, a model', async () => {
    const { code, stdout, stderr } = await place.run('train', ...table, '--name', 'auto')
    expect(stderr).toMatch(/linear model: Accuracy \d+\.\d% ± \d+\.\d% \(\d.* a fit\)/)
    expect(stdout).toMatch(/Models compared: Accuracy over 5 folds of 112 training rows/)
    expect(stdout).toMatch(/Model +Accuracy +Fit +Per row +Size/)
    expect(stdout).toMatch(/^ \* /m)
    // The dummy stands at the foot.
    const board = stdout.slice(stdout.indexOf('Model '), stdout.indexOf('\n\n'))
    expect(board.trim().split('\n').at(-1)).toMatch(/^\s*Dummy /)
    expect(stdout).toMatch(/Would more data help\? (Yes|Perhaps|Hardly)/)
    expect(stdout).toMatch(/Model\s+Linear\s+Dummy/)
    expect(code).toBe(0)
    const predicted = await place.run('predict', 'auto', 'small.csv')
    expect(predicted.stdout.trim().split('\n')).toHaveLength(201)
    const evaluated = await place.run('evaluate', 'auto', 'small.csv', '--json')
    expect(JSON.parse(evaluated.stdout).metrics.accuracy).toBeGreaterThan(0.8)
    const runs = await place.run('runs')
    expect(runs.stdout).toMatch(/auto .*finished/)
  })

  test('repeats exactly, with other rules about time and options', async () => {
    const { code, stdout } = await place.run(
      'train',
      '--repeat',
      'auto',
      '--name',
      'again',
      '--json',
    )
    expect(code).toBe(0)
    const model = (name: string) => readFile(place.path('runs', name, 'model.athanor'))
    expect((await model('again')).equals(await model('auto'))).toBe(true)
    const { leaderboard, learningCurve, epochs } = JSON.parse(stdout)
    expect(leaderboard.at(-1)).toMatchObject({ model: 'dummy', chosen: false })
    expect(leaderboard.filter((row: { chosen: boolean }) => row.chosen)).toHaveLength(1)
    expect(learningCurve.points.length).toBeGreaterThan(1)
    expect(epochs === null || epochs > 0).toBe(true)
    const refused = await place.run('train', '--repeat', 'auto', '--seed', '3')
    expect(refused.stderr).toMatch(/--repeat takes the options of the run; leave out --seed/)
    expect(refused.code).toBe(2)
    expect((await place.run('train', '--repeat', 'nothing')).stderr).toMatch(/no run 'nothing'/)
  })

  test('Ctrl-C keeps what was measured', async () => {
    await place.write('larger.csv', smallTable(6000))
    const started = place.start('train', 'larger.csv', '--target', 'kind', '--name', 'stopped')
    for (let waited = 0; waited < 60_000; waited += 20) {
      const log = await readFile(place.path('runs', 'stopped', 'events.jsonl'), 'utf8').catch(
        () => '',
      )
      if (log.includes('"estimator":"LogisticRegression"')) break
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    started.child.kill('SIGINT')
    const { code, stderr } = await started.finished
    expect(stderr).toMatch(/progress is saved. Go on with: athanor train --resume runs\/stopped/)
    expect(code).toBe(130)
    const manifest = JSON.parse(
      await readFile(place.path('runs', 'stopped', 'manifest.json'), 'utf8'),
    )
    expect(manifest.board.entries.length).toBeGreaterThan(0)
  })
})

describe('compare', () => {
  test('is the board alone, and leaves nothing behind', async () => {
    const { code, stdout } = await place.run('compare', ...table, '--json')
    expect(code).toBe(0)
    const found = JSON.parse(stdout)
    expect(Object.keys(found)).toEqual([
      'task',
      'target',
      'metric',
      'leaderboard',
      'learningCurve',
      'seconds',
    ])
    expect(found.leaderboard.at(-1).model).toBe('dummy')
    const kept = await place.run('runs', '--json')
    expect(JSON.parse(kept.stdout).runs).not.toContainEqual(
      expect.objectContaining({ status: 'running' }),
    )
  })

  test('Ctrl-C shows what was measured', async () => {
    await place.write('larger.csv', smallTable(6000))
    const started = place.start('compare', 'larger.csv', '--target', 'kind', '--json')
    let seen = ''
    started.child.stderr?.on('data', text => {
      seen += text
    })
    for (let waited = 0; waited < 60_000 && !seen.includes('linear model'); waited += 20)
      await new Promise(resolve => setTimeout(resolve, 20))
    started.child.kill('SIGINT')
    const { code, stdout } = await started.finished
    expect(code).toBe(130)
    const found = JSON.parse(stdout)
    expect(found.interrupted).toBe(true)
    expect(found.leaderboard.map((row: { model: string }) => row.model)).toContain('linear')
  })

  test('speaks Chinese', async () => {
    const { code, stdout, stderr } = await place.run('compare', ...table, '--lang', 'zh')
    expect(code).toBe(0)
    expect(stderr).toMatch(/线性模型：准确率/)
    expect(stdout).toMatch(/模型比较：对 112 行训练数据做 5 折交叉验证，指标为准确率/)
    expect(stdout).toMatch(/朴素基线/)
    expect(stdout).toMatch(/更多数据有帮助吗？/)
  })

  test.each([
    [['compare'], /Which data\?.*athanor compare <data>/],
    [['compare', 'small.csv'], /Which column/],
    [['compare', 'small.csv', '--target', 'kinds'], /no column 'kinds'.*Did you mean 'kind'/],
    [['compare', 'small.csv', '--target', 'kind', '--name', 'x'], /no option '--name'/],
    [['compare', 'small.csv', '--target', 'kind', '--time-budget', '0'], /a number above 0/],
    [['compare', 'small.csv', '--target', 'kind', '--metric', 'mae'], /for regression only/],
    [['compare', 'nothing.csv', '--target', 'kind'], /nothing\.csv/],
  ])('refuses %j', async (words, message) => {
    const { code, stdout, stderr } = await place.run(...words)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/ {4}at /)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })
})

describe('one kind of model', () => {
  test('is fitted with its parameters', async () => {
    const { code, stdout, stderr } = await place.run(
      ...['train', 'small.csv', '--target', 'kind', '--model', 'svm', '--set', 'C=10'],
      ...['--set', 'gamma=0.1', '--name', 'svm', '--lang', 'en'],
    )
    expect(stderr).toMatch(/support vectors \(SVC\): \d+ features, 140 rows/)
    expect(stdout).not.toMatch(/Models compared/)
    expect(code).toBe(0)
    const manifest = JSON.parse(await readFile(place.path('runs', 'svm', 'manifest.json'), 'utf8'))
    expect(manifest.model.settings).toMatchObject({ C: 10, gamma: 0.1 })
    expect(manifest.epochs).toBeNull()
  })

  test.each([
    [['--model', 'svm', '--set', 'c=1'], /SVC: expected a known parameter.*Did you mean 'C'/],
    [['--model', 'svm', '--set', 'C=-1'], /SVC: expected C to be .*-1/],
    [['--model', 'svm', '--set', 'C'], /--set: expected name=value, received C/],
    [['--set', 'C=1'], /--set names parameters of one kind of model/],
    [['--model', 'svm', '--epochs', '3'], /--epochs has no meaning for --model svm/],
    [['--model', 'trees'], /one of auto, .*neural/],
    [['--metric', 'speed'], /one of accuracy/],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await place.run('train', 'small.csv', '--target', 'kind', ...words)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/ {4}at /)
    expect(code).toBe(2)
  })

  test('refuses in Chinese too', async () => {
    const words = ['train', 'small.csv', '--target', 'kind', '--lang', 'zh']
    const refused = async (...more: string[]) => (await place.run(...words, ...more)).stderr
    expect(await refused('--model', 'svm', '--epochs', '3')).toMatch(
      /--epochs 对 --model svm 没有意义/,
    )
    expect(await refused('--set', 'C=1')).toMatch(/请先用 --model 指定类型/)
    expect(await refused('--metric', 'r2')).toMatch(/只适用于回归任务/)
  })
})

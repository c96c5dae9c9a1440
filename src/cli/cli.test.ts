// The command line by real processes: what it prints where, exit codes, every command.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { root, smallTable, Workplace } from './testing/run-cli.js'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let place: Workplace
beforeAll(async () => {
  place = await Workplace.open()
  await place.write('small.csv', smallTable())
})
afterAll(() => place?.close())

const trainSmall = ['train', 'small.csv', '--target', 'kind', '--epochs', '4']

describe('train', () => {
  test('says what it found, trains, and leaves a whole run', async () => {
    const { code, stdout, stderr } = await place.run(...trainSmall, '--name', 'first')
    expect(stderr).toMatch(/120 rows, 4 columns; predicting kind \(classification\)/)
    expect(stderr).toMatch(/epoch 1\/4 .*loss .*rows\/s/)
    expect(stdout).toMatch(/Model\s+Linear\s+Dummy/)
    expect(stdout).toMatch(/Accuracy/)
    expect(code).toBe(0)
    const folder = place.path('runs', 'first')
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))
    expect(manifest).toMatchObject({ status: 'finished', epochs: 4, task: 'classification' })
    const split = JSON.parse(await readFile(join(folder, 'split.json'), 'utf8'))
    expect(split.train.length + split.validation.length + split.test.length).toBe(120)
    expect(new Set([...split.train, ...split.validation, ...split.test]).size).toBe(120)
    const predictions = await readFile(join(folder, 'test-predictions.csv'), 'utf8')
    expect(predictions.split('\n')[0]).toBe(
      'row,kind,prediction,probability_large,probability_small',
    )
    expect(predictions.trim().split('\n').length).toBe(1 + split.test.length)
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('</html>')
    const events = (await readFile(join(folder, 'events.jsonl'), 'utf8')).trim().split('\n')
    expect(events.map(line => JSON.parse(line).type)).toEqual([
      'started',
      'data',
      'model',
      'epoch',
      'epoch',
      'epoch',
      'epoch',
      'evaluating',
      'metrics',
      'finished',
    ])
  })

  test('--json prints one object on stdout and nothing else', async () => {
    const { code, stdout } = await place.run(...trainSmall, '--json', '--out', 'json-runs')
    expect(code).toBe(0)
    const result = JSON.parse(stdout)
    expect(stdout.trim().split('\n')).toHaveLength(1)
    expect(Object.keys(result)).toEqual([
      'run',
      'kind',
      'path',
      'task',
      'target',
      'model',
      'metrics',
      'baseline',
      'epochs',
      'executor',
      'leaderboard',
      'learningCurve',
      'leftOut',
      'findings',
      'learningRate',
      'status',
      'report',
      'seconds',
    ])
    for (const part of ['train', 'validation', 'test'])
      expect(Object.keys(result.metrics[part])).toEqual(
        expect.arrayContaining(['accuracy', 'balancedAccuracy', 'auc', 'logLoss', 'f1']),
      )
    expect(result.baseline.dummy.accuracy).toBeLessThan(result.baseline.linear.accuracy)
    expect(result).toMatchObject({
      task: 'classification',
      target: 'kind',
      model: 'neural',
      epochs: 4,
      leftOut: 0,
      status: 'finished',
      report: join(result.path, 'report.html'),
    })
  })

  test('--json says what was left out and which rate was found', async () => {
    const text = await readFile(place.path('small.csv'), 'utf8')
    await place.write('uneven.csv', `${text.trimEnd()}\n1,2\n1,2,3,4,5,6,7\n`)
    const asked = ['--bad-rows', 'skip', '--epochs', '1', '--learning-rate', 'auto']
    const { stdout } = await place.run(
      'train',
      'uneven.csv',
      '--target',
      'kind',
      ...asked,
      '--json',
    )
    const result = JSON.parse(stdout)
    expect(result.leftOut).toBe(2)
    expect(result.findings).toContainEqual(
      expect.objectContaining({ code: 'skipped-rows', count: 2 }),
    )
    expect(result.rateTest).toEqual({
      rate: result.learningRate,
      suggestedBy: expect.anything(),
      standard: 0.001,
    })
  })

  test('repeats itself bit for bit, and not with another seed', async () => {
    const model = (name: string) => readFile(place.path('runs', name, 'model.athanor'))
    await place.run(...trainSmall, '--name', 'again-1')
    await place.run(...trainSmall, '--name', 'again-2')
    await place.run(...trainSmall, '--name', 'again-3', '--seed', '5')
    expect((await model('again-1')).equals(await model('again-2'))).toBe(true)
    expect((await model('again-1')).equals(await model('again-3'))).toBe(false)
  })

  test('learns numbers, in their own unit', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${i % 50},${1000 + 40 * (i % 50)}`)
    await place.write('prices.csv', `size,price\n${rows.join('\n')}\n`)
    const { stdout } = await place.run('train', 'prices.csv', '--target', 'price', '--json')
    const { task, metrics, baseline } = JSON.parse(stdout)
    expect(task).toBe('regression')
    expect(Object.keys(metrics.test).sort()).toEqual(['mae', 'r2', 'rmse'])
    expect(metrics.test.r2).toBeGreaterThan(0.95)
    expect(baseline.dummy.rmse).toBeGreaterThan(300)
  })

  test('takes every option', async () => {
    const { code, stderr } = await place.run(
      ...trainSmall,
      ...['--task', 'classification', '--model', 'neural', '--hidden', '16,8'],
      ...['--batch-size', '16', '--optimizer', 'sgd', '--learning-rate', '0.05'],
      ...['--schedule', 'cosine', '--dropout', '0.2', '--l2', '0.001', '--patience', '3'],
      ...['--class-weight', 'balanced', '--positive', 'large', '--maximize', 'f1'],
      ...['--exclude', 'weight', '--type', '城市=category', '--validation', '0.2'],
      ...['--test', '0.2', '--split', 'random', '--seed', '3', '--group-metrics', '城市'],
      ...['--name', 'options', '--lang', 'en'],
    )
    expect(stderr).not.toMatch(/error/)
    expect(code).toBe(0)
    const manifest = JSON.parse(
      await readFile(place.path('runs', 'options', 'manifest.json'), 'utf8'),
    )
    expect(manifest.settings).toMatchObject({ hidden: [16, 8], dropout: 0.2, positive: 'large' })
    expect(manifest.split).toMatchObject({ train: 72, validation: 24, test: 24 })
    const report = JSON.parse(await readFile(place.path('runs', 'options', 'report.json'), 'utf8'))
    expect(report.groups.rows.map((row: { value: string }) => row.value)).toContain('北京')
  })

  test('splits by group, by time and by files', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 10},2024-01-${10 + (i % 20)},${i % 2}`)
    await place.write('grouped.csv', `who,day,y\n${rows.join('\n')}\n`)
    const train = ['train', 'grouped.csv', '--target', 'y', '--epochs', '1']
    expect((await place.run(...train, '--group', 'who', '--name', 'grouped')).code).toBe(0)
    const split = JSON.parse(await readFile(place.path('runs', 'grouped', 'split.json'), 'utf8'))
    const groups = (part: string) => new Set(split[part].map((row: number) => row % 10))
    for (const group of groups('test')) expect(groups('train').has(group)).toBe(false)
    expect((await place.run(...train, '--time', 'day', '--name', 'timed')).code).toBe(0)
    const files = ['--validation', 'grouped.csv', '--test', 'grouped.csv', '--name', 'files']
    const byFiles = await place.run(...train, ...files)
    expect(byFiles.stderr).not.toMatch(/error/)
    const manifest = JSON.parse(
      await readFile(place.path('runs', 'files', 'manifest.json'), 'utf8'),
    )
    expect(manifest.split).toEqual({ method: 'files', train: 60, validation: 60, test: 60 })
  })

  test('reads its options from a file, and names line and column of what is wrong', async () => {
    await place.write(
      'good.json',
      '{ "data": "small.csv", "target": "kind", "epochs": 1, "hidden": [8], "name": "config" }',
    )
    expect((await place.run('train', '--config', 'good.json')).code).toBe(0)
    const problem = async (text: string) => {
      await place.write('bad.json', text)
      const { code, stderr } = await place.run('train', 'small.csv', '--config', 'bad.json')
      expect(code).toBe(2)
      expect(stderr).not.toMatch(/ {4}at /)
      return stderr
    }
    expect(await problem('{\n  "target": "kind",\n  "epochs": 0\n}')).toMatch(
      /bad\.json:3:13: epochs: expected a whole number from 1/,
    )
    expect(await problem('{\n  "learningrate": 1\n}')).toMatch(
      /bad\.json:2:3: .*Did you mean 'learningRate'\?/,
    )
    expect(await problem('{\n  "target": "kind"\n  "epochs": 1\n}')).toMatch(
      /bad\.json:3:3: expected/,
    )
    expect(await problem('{ "target": "a", "target": "b" }')).toMatch(
      /:1:18: 'target' stands twice/,
    )
    expect(await problem('{ "__proto__": 1 }')).toMatch(/no option '__proto__'/)
  })
})

describe('a finished run', () => {
  beforeAll(async () => {
    await place.run(...trainSmall, '--name', 'done')
  })

  test('predicts: the rows’ order and columns, then prediction and probabilities', async () => {
    const { code } = await place.run('predict', 'done', 'small.csv', '--out', 'predicted.csv')
    expect(code).toBe(0)
    const given = smallTable().trim().split('\n')
    const lines = (await readFile(place.path('predicted.csv'), 'utf8')).trim().split('\n')
    expect(lines).toHaveLength(given.length)
    expect(lines[0]).toBe(`${given[0]},prediction,probability_large,probability_small`)
    lines.slice(1).forEach((line, i) => {
      const cells = line.split(',')
      const [size, , city, kind] = given[i + 1].split(',')
      expect([Number(cells[0]), cells[2], cells[3]]).toEqual([Number(size), city, kind])
      expect(Number(cells[5]) + Number(cells[6])).toBeCloseTo(1, 5)
    })
  })

  test('predicts data without the target, and names columns that are missing', async () => {
    await place.write('new.csv', 'size,weight,城市\n1,2,北京\n9,9,Paris\n,3,\n')
    const { code, stdout } = await place.run('predict', 'runs/done', 'new.csv')
    expect(code).toBe(0)
    expect(stdout.trim().split('\n')).toHaveLength(4)
    await place.write('less.csv', 'size,城市\n1,北京\n')
    const less = await place.run('predict', 'done', 'less.csv')
    expect(less.code).toBe(2)
    expect(less.stderr).toMatch(/The data lack 'weight'/)
  })

  test('--json prints the predictions, and with --out only where they are', async () => {
    await place.write('two.csv', 'size,weight,城市\n1,2,北京\n9,9,Paris\n')
    const { code, stdout } = await place.run('predict', 'runs/done', 'two.csv', '--json')
    expect(code).toBe(0)
    const { run, rows, predictions } = JSON.parse(stdout)
    expect([run, rows]).toEqual([place.path('runs', 'done'), 2])
    expect(predictions).toMatchObject([
      { row: 1, prediction: 'small' },
      { row: 2, prediction: 'large' },
    ])
    expect(Object.keys(predictions[0].probabilities)).toEqual(['large', 'small'])
    const many = [
      'size,weight,城市',
      ...Array.from({ length: 20_000 }, (_, i) => `${i % 9},2,Oslo`),
    ]
    await place.write('many.csv', many.join('\n'))
    const all = JSON.parse((await place.run('predict', 'done', 'many.csv', '--json')).stdout)
    expect([all.rows, all.predictions.length, all.predictions[19_999].row]).toEqual(
      Array(3).fill(20_000),
    )
    const saved = await place.run('predict', 'done', 'two.csv', '--json', '--out', 'two-out.csv')
    expect(JSON.parse(saved.stdout)).toEqual({ run, rows: 2, out: 'two-out.csv' })
    expect((await place.run('predict', '--help')).stdout).toMatch(/--json +.*all predictions/)
  })

  test('is evaluated on other data', async () => {
    const { code, stdout } = await place.run('evaluate', 'done', 'small.csv', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ rows: 120, target: 'kind', task: 'classification' })
    expect((await place.run('evaluate', 'done', 'new.csv')).stderr).toMatch(/no column 'kind'/)
  })

  test('is listed, and its report is drawn again from its folder alone', async () => {
    const { stdout } = await place.run('runs')
    expect(stdout).toMatch(/done .*finished\s+kind\s+Accuracy/)
    expect(JSON.parse((await place.run('runs', '--json')).stdout).runs.length).toBeGreaterThan(0)
    const { code } = await place.run('report', 'done', '--out', 'again.html', '--lang', 'zh')
    expect(code).toBe(0)
    const page = await readFile(place.path('again.html'), 'utf8')
    expect(page).toContain('训练报告')
    expect(page).toContain('城市')
  })
})

describe('the command line itself', () => {
  test('helps, in both languages', async () => {
    const help = await place.run('--help')
    expect(help.code).toBe(0)
    expect(help.stdout).toMatch(/athanor train/)
    const train = await place.run('train', '--help', '--lang', 'zh')
    expect(train.stdout).toMatch(/--learning-rate.*学习率/)
    expect((await place.run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+/)
  })

  test('doctor says what is there', async () => {
    const { code, stdout } = await place.run('doctor', '--json')
    expect(code).toBe(0)
    const found = JSON.parse(stdout)
    expect(['native', 'wasm', 'reference']).toContain(found.executor)
    expect(found.threads).toBeGreaterThan(0)
    expect((await place.run('doctor')).stdout).toMatch(/instruction set/)
  })

  test.each([
    [['trian', 'x.csv'], /no command 'trian'.*Did you mean 'train'/],
    [['train', 'small.csv', '--traget', 'kind'], /no option '--traget'.*Did you mean --target\?/],
    [['train', 'small.csv'], /Which column/],
    [['train', 'smal.csv', '--epochs', '1'], /smal\.csv.*Did you mean 'small\.csv'/],
    [['compare', 'nothere'], /'nothere': expected a file, received nothing of that name/],
    [['train', 'small.csv', '--model', 'foerst'], /--model: .*neural, .*Did you mean 'forest'/],
    [['train', '--target', 'kind'], /Which data/],
    [['train', 'small.csv', 'x', '--target', 'kind'], /'x' is one argument too many/],
    [['train', 'small.csv', '--target'], /--target needs a value/],
    [['train', 'small.csv', '--target', '--epochs', '3'], /--target needs a value/],
    [['train', 'small.csv', '--target', 'kind', '--epochs', '1.5'], /whole number from 1/],
    [
      ['train', 'small.csv', '--target', 'kind', '--task', 'x'],
      /one of classification, regression/,
    ],
    [['train', 'small.csv', '--target', 'kind', '--lang', 'fr'], /expected one of en, zh/],
    [['predict', 'nothing', 'small.csv'], /no run 'nothing'/],
    [['report'], /Which run/],
  ])('refuses %j', async (words, message) => {
    const { code, stdout, stderr } = await place.run(...words)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/ {4}at /)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test('speaks Chinese, also for what is wrong', async () => {
    const { stderr } = await place.run('train', 'small.csv', '--traget', 'kind', '--lang', 'zh')
    expect(stderr).toMatch(/错误：没有名为“--traget”的选项。是否想输入 --target？/)
    const run = await place.run(...trainSmall, '--lang', 'zh', '--name', '中文')
    expect(run.stdout).toMatch(/模型\s+线性基线\s+朴素基线/)
    expect(run.stdout).toMatch(/准确率/)
    expect(await readFile(place.path('runs', '中文', 'report.html'), 'utf8')).toContain(
      '预测“kind”',
    )
  })
})

test('the example that ships trains', async () => {
  const data = join(root, 'examples', 'data', 'penguins.csv')
  const { code, stdout } = await place.run('train', data, '--target', 'species', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout).metrics.test.accuracy).toBeGreaterThan(0.9)
})

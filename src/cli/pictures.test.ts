// Pictures through the command line, by real processes: training, Ctrl-C, evaluating, predicting, refusals.

import { cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { root, Workplace } from './testing/run-cli.js'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const example = join(root, 'examples/data/fashion-mnist-tiny')

let place: Workplace
beforeAll(async () => {
  place = await Workplace.open()
  await cp(example, place.path('clothes'), { recursive: true })
  await place.write('clothes/bag/broken.png', 'no picture')
  const { code, stdout, stderr } = await place.run(...words('first'))
  expect(stderr).toMatch(/40 pictures of 28 × 28 × 1; 10 classes/)
  expect(stderr).toMatch(/1 picture could not be decoded; left out: bag\/broken\.png/)
  expect(stderr).toMatch(/LeNet 28×28×1 → 10: 61,706 parameters; batches of 8/)
  expect(stderr).toMatch(/epoch 1\/3 .*loss/)
  expect(stdout).toMatch(/Model\s+Linear\s+Dummy/)
  expect(stdout).toMatch(/Report: runs.first.report\.html/i)
  expect(code).toBe(0)
})
afterAll(() => place?.close())

const words = (name: string, ...more: string[]) => [
  ...['train', 'clothes', '--name', name, '--model', 'lenet', '--augment', 'light'],
  ...['--epochs', '3', '--batch-size', '8', '--patience', '0', ...more],
]

async function reached(name: string, epoch: number): Promise<void> {
  for (let i = 0; i < 8000; i++) {
    const log = await readFile(place.path('runs', name, 'events.jsonl'), 'utf8').catch(() => '')
    if (log.includes(`"type":"epoch","epoch":${epoch},`)) return
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  throw new Error(`${name} never came to epoch ${epoch}`)
}

test('with --json one object says it all, and runs are listed with the others', async () => {
  const { code, stdout } = await place.run(...words('second', '--json'))
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    run: 'second',
    task: 'classification',
    target: 'class',
    model: 'lenet',
    epochs: 3,
    leaderboard: [],
  })
  expect((await place.run('runs')).stdout).toMatch(/first .*finished/)
})

test('Ctrl-C saves, and the run goes on with the same bits', async () => {
  const whole = words('whole', '--epochs', '40')
  const stopped = words('stopped', '--epochs', '40')
  expect((await place.run(...whole)).code).toBe(0)
  const started = place.start(...stopped)
  await reached('stopped', 4)
  started.child.kill('SIGINT')
  const { code, stderr } = await started.finished
  expect(stderr).toMatch(/athanor train --resume runs.stopped/)
  expect(code).toBe(130)
  expect((await place.run('train', '--resume', 'stopped')).code).toBe(0)
  const model = (name: string) => readFile(place.path('runs', name, 'model.athanor'))
  expect((await model('stopped')).equals(await model('whole'))).toBe(true)
})

test('evaluates a folder, and predicts single pictures', async () => {
  const evaluated = await place.run('evaluate', 'first', 'clothes', '--json')
  expect(JSON.parse(evaluated.stdout)).toMatchObject({ rows: 40, task: 'classification' })
  const two = ['clothes/bag/1.png', 'clothes/coat/1.png']
  const predicted = await place.run('predict', 'first', ...two)
  expect(predicted.code).toBe(0)
  const lines = predicted.stdout.trim().split('\n')
  expect(lines[0]).toMatch(/^picture,prediction,probability_ankle-boot,probability_bag,/)
  expect(lines.map(line => line.split(',')[0])).toEqual(['picture', ...two])
  const told = await place.run('predict', 'first', ...two, '--json')
  expect(JSON.parse(told.stdout).predictions).toMatchObject(two.map(picture => ({ picture })))
  expect(JSON.parse(told.stdout).predictions[0].prediction).toBe(lines[1].split(',')[1])
  const all = await place.run('predict', 'runs/first', 'clothes', '--out', 'all.csv')
  expect(all.stderr).toMatch(/40/)
  expect((await readFile(place.path('all.csv'), 'utf8')).trim().split('\n')).toHaveLength(41)
})

test('speaks Chinese', async () => {
  const { code, stderr } = await place.run(...words('zh', '--epochs', '1', '--lang', 'zh'))
  expect(stderr).toMatch(/共 40 张 28 × 28 × 1 的图片，10 个类别/)
  expect(stderr).toMatch(/1 张图片无法解码，已跳过/)
  expect(code).toBe(0)
  expect(await readFile(place.path('runs/zh/report.html'), 'utf8')).toMatch(/图片分类：clothes/)
})

test.each([
  [
    ['train', 'clothes', '--model', 'resnet21'],
    /--model: expected one of cnn, lenet, .*, mlp, received resnet21\. Did you mean 'resnet20'/,
  ],
  [['train', 'clothes', '--model', 'tree'], /--model tree is not for pictures; it is for tables/],
  [['train', 'clothes', '--augment', 'flop'], /'flip'/],
  [['train', 'clothes', '--mix', 'blend'], /--mix.*none, mixup, cutmix/],
  [['train', 'clothes', '--bad-rows', 'error'], /broken\.png/],
  [['train', 'clothes', '--picture-size', '0'], /--picture-size/],
  [['train', 'clothes', '--hidden', '3'], /--hidden is not for pictures/],
  [['train', 'runs', '--target', 'x'], /a file, received a folder|a folder/],
  [['predict', 'first', 'nowhere.png'], /nowhere\.png/],
  [['evaluate', 'first', 'clothes/bag/1.png'], /has a class that the model knows/],
] as const)('%j is refused', async (given, says) => {
  const finished = await place.run(...given)
  expect(finished.stderr).toMatch(says)
  expect(finished.stderr).not.toMatch(/at .*\.js:\d+/)
  expect(finished.code).toBe(2)
})

test('a picture that is changed after the run began is noticed', async () => {
  const started = place.start(...words('changed', '--epochs', '200'))
  await reached('changed', 2)
  started.child.kill('SIGINT')
  await started.finished
  await rm(place.path('clothes/bag/1.png'))
  const { code, stderr } = await place.run('train', '--resume', 'changed')
  expect(stderr).toMatch(/clothes/)
  expect(code).not.toBe(0)
})

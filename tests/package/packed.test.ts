// The packed package in an empty folder: what it carries, in a plain Node server, in a worker
// thread, from the command line, and as a typed dependency.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { customersCsv } from '../customers.js'
import { installPacked, type PackedFolder, repository } from '../packed-package.js'

const execute = promisify(execFile)
let packed: PackedFolder

beforeAll(async () => {
  packed = await installPacked()
  await writeFile(join(packed.folder, 'customers.csv'), customersCsv())
  for (const name of ['server.mjs', 'in-worker.mjs'])
    await copyFile(join(repository, 'tests/package/programs', name), join(packed.folder, name))
})
afterAll(() => packed?.remove())

const node = (...args: string[]) =>
  execute(process.execPath, args, { cwd: packed.folder, maxBuffer: 1 << 24 })

test('carries the built code, the kernels and their source, and nothing private', () => {
  const carries = (pattern: RegExp) => packed.files.some(path => pattern.test(path))
  for (const wanted of [
    /^dist\/index\.js$/,
    /^dist\/index\.d\.ts$/,
    /^dist\/index\.browser\.js$/,
    /^dist\/cli\/main\.js$/,
    /^dist\/kernels\/.*\.wasm$/,
    /^kernels\/.*\.cpp$/,
    /^scripts\/build-native\.mjs$/,
    /^LICENSE$/,
    /^README\.md$/,
  ])
    expect(carries(wanted), String(wanted)).toBe(true)
  expect(packed.files.filter(path => /\.test\.|^src\/|fixtures|\.build\.json/.test(path))).toEqual(
    [],
  )
})

test('serves predictions from a plain Node server', async () => {
  const server = spawn(process.execPath, ['server.mjs'], {
    cwd: packed.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let text = ''
    for await (const chunk of server.stdout) {
      text += chunk
      if (text.includes('\n')) break
    }
    const { port } = JSON.parse(text)
    const post = (rows: unknown) =>
      fetch(`http://127.0.0.1:${port}/predict`, { method: 'POST', body: JSON.stringify(rows) })

    const answer = await post([{ plan: 'pro', age: 31, city: '北京' }])
    const [first] = (await answer.json()) as { prediction: string; probabilities: object }[]
    expect(answer.status).toBe(200)
    expect(['yes', 'no']).toContain(first?.prediction)
    expect(Object.keys(first?.probabilities ?? {}).sort()).toEqual(['no', 'yes'])

    const unknown = await post([{ plan: 'pro', agee: 31, city: 'Oslo' }])
    expect(unknown.status).toBe(400)
    expect(await unknown.text()).toMatch(/age/)
  } finally {
    server.kill()
    if (server.exitCode === null) await once(server, 'exit')
  }
})

test('trains and predicts inside worker threads, the same each time', async () => {
  const { stdout } = await node('in-worker.mjs')
  const { first, second } = JSON.parse(stdout)
  expect(['yes', 'no']).toContain(first[0].prediction)
  expect(second).toEqual(first)
})

test('has a command that runs', async () => {
  const main = join('node_modules', 'athanor', 'dist', 'cli', 'main.js')
  const { stdout } = await node(main, 'doctor', '--json')
  expect(JSON.parse(stdout)).toBeTypeOf('object')
})

test('type-checks as a dependency, also for a browser', async () => {
  await writeFile(
    join(packed.folder, 'typed.ts'),
    [
      "import { layers, loadModel, sequential, tensor, type Tensor } from 'athanor'",
      'const model = sequential([layers.dense({ units: 1, inputShape: [1] })])',
      "model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })",
      'export const x: Tensor = tensor([1, 2])',
      'export { loadModel, model }',
      '',
    ].join('\n'),
  )
  const tsc = join(repository, 'node_modules/typescript/bin/tsc')
  const common = ['--noEmit', '--strict', '--target', 'es2022', '--types', '']
  const lib = ['--lib', 'es2023,esnext.disposable,dom']
  await node(tsc, ...common, ...lib, '--module', 'nodenext', 'typed.ts')
  const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler']
  await node(tsc, ...common, ...lib, ...bundler, '--customConditions', 'browser', 'typed.ts')
})

// The addon in several threads at once, and threads and processes that end while a program runs.

import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test, vi } from 'vitest'
import { nativeKernels } from '#platform'
import { encodeProgram } from './encode.js'
import { NativeExecutor, nativeIsas } from './native.js'
import { noise, ProgramBuilder } from './program-builder.conformance.js'

vi.setConfig({ testTimeout: 60_000 })

const isa = nativeIsas()[0]

/** A chain of `times` matmuls of side `n`. */
function chain(n: number, times: number) {
  const b = new ProgramBuilder()
  const left = b.input('float32', noise(n * n))
  const right = b.input('float32', noise(n * n, 2))
  const halves = [b.temporary('float32', n * n), b.temporary('float32', n * n)]
  const out = b.output('float32', n * n)
  const square = (buffer: number) => ({ buffer, batchStride: 0, rowStride: n, columnStride: 1 })
  for (let i = 0; i < times; i++)
    b.push({
      kind: 'matmul',
      dtype: 'float32',
      ...{ batch: 1, rows: n, columns: n, depth: n },
      left: square(i === 0 ? left : halves[i % 2]),
      right: square(right),
      out: i === times - 1 ? out : halves[(i + 1) % 2],
      activation: 'tanh',
    })
  return b.finish(1e12)
}

// Plain JavaScript: workers do not go through the test's TypeScript.
const script = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { addonPath, libraryPath, words, values, outBytes, mode } = workerData
  const addon = require(addonPath)
  const library = addon.open(libraryPath)
  const handle = addon.load(library, words, new Float64Array(values.length + 1))
  const out = new ArrayBuffer(outBytes)
  const hosts = [...values, out]
  if (mode === 'once') {
    for (let i = 0; i < 20; i++) addon.run(handle, hosts)
    parentPort.postMessage(new Uint8Array(out).slice())
  } else {
    parentPort.postMessage('started')
    if (mode === 'sync') for (;;) addon.run(handle, hosts)
    const again = () => addon.runAsync(handle, hosts, [hosts]).then(again)
    again()
  }
`

function dataFor(built: ReturnType<typeof chain>, mode: string) {
  const libraryPath = nativeKernels().libraries[isa]
  return {
    addonPath: join(dirname(libraryPath), 'athanor.node'),
    libraryPath,
    words: encodeProgram(built.program),
    values: built.values,
    outBytes: built.program.slots.at(-1)!.length,
    mode,
  }
}

function start(built: ReturnType<typeof chain>, mode: string) {
  return new Worker(script, { eval: true, workerData: dataFor(built, mode) })
}

function nextMessage(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

function expected(built: ReturnType<typeof chain>): Uint8Array {
  const [values] = built.run(new NativeExecutor({ isa, threads: 2 }))
  return new Uint8Array(values.buffer)
}

test.skipIf(!isa)('workers share the pool and get the same bits', async () => {
  const built = chain(96, 6)
  const workers = Array.from({ length: 4 }, () => start(built, 'once'))
  const results = await Promise.all(workers.map(nextMessage))
  for (const result of results) expect(result).toEqual(expected(built))
  await Promise.all(workers.map(worker => worker.terminate()))
})

test.skipIf(!isa).each(['sync', 'async'])('a worker may end inside a %s run', async mode => {
  const built = chain(192, 8)
  for (let round = 0; round < 4; round++) {
    const workers = [start(built, mode), start(built, mode)]
    await Promise.all(workers.map(nextMessage))
    await new Promise(resolve => setTimeout(resolve, 15))
    await Promise.all(workers.map(worker => worker.terminate()))
  }
  const small = chain(33, 3)
  expect(new Uint8Array(small.run(new NativeExecutor({ isa, threads: 2 }))[0].buffer)).toEqual(
    expected(small),
  )
})

test.skipIf(!isa)('a process may end inside a run', () => {
  const { words, values, ...rest } = dataFor(chain(192, 20), 'async')
  const code = `
    const words = Int32Array.from(${JSON.stringify([...words])})
    const values = ${JSON.stringify(values.map(v => v.length))}.map(n => new Float32Array(n))
    const workerData = { words, values, ...${JSON.stringify(rest)} }
    const addon = require(workerData.addonPath)
    const handle = addon.load(addon.open(workerData.libraryPath), words, new Float64Array(9))
    const hosts = [...values, new ArrayBuffer(workerData.outBytes)]
    addon.runAsync(handle, hosts, [hosts])
    addon.runAsync(handle, hosts, [hosts])
    setTimeout(() => process.exit(7), 5)
  `
  const child = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8', timeout: 30_000 })
  expect({ status: child.status, signal: child.signal, stderr: child.stderr }).toEqual({
    status: 7,
    signal: null,
    stderr: '',
  })
})

test.skipIf(!isa)(
  'a program that is disposed of, or forgotten, during a run ends well',
  async () => {
    const executor = new NativeExecutor({ isa, threads: 2 })
    const built = chain(128, 10)
    const loaded = executor.load(built.program)
    const { bindings, collect } = built.bind(executor)
    const pending = loaded.runAsync(bindings)
    loaded.dispose()
    await pending
    expect(new Uint8Array(collect()[0].buffer)).toEqual(expected(built))
  },
)

// Jobs on every executor: results, slices, arguments that don't fit, progress, cancellation, threads.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { AthanorError } from '../base/errors.js'
import { Random } from '../base/philox.js'
import { jobKinds } from './job-kinds.js'
import { runJob } from './jobs.js'
import { jobReading, jobStep } from './open-job.js'
import { openExecutor } from './select.js'

const x = Float64Array.from({ length: 1_000_003 }, (_, i) => Math.sin(i))
const call = (data: Float64Array = x, seed = 42, draws = 3) =>
  ({ kind: 'sumOfSquares', numbers: [data.length, seed, draws], arrays: [data] }) as const

/** In the kernel's order: blocks of 4096, then the blocks. */
const total = (data: Float64Array) => {
  let sum = 0
  for (let at = 0; at < data.length; at += 4096) {
    let part = 0
    for (const value of data.subarray(at, at + 4096)) part += value * value
    sum += part
  }
  return sum
}

describe.each(['native', 'wasm', 'reference'] as const)('%s', name => {
  const executor = openExecutor({ name })

  test('gives its results after as many slices as it takes', async () => {
    const job = executor.openJob(call())!
    let slices = 1
    while (job.advance(1e5) === jobStep.more) slices++
    expect(slices).toBeGreaterThan(5)
    expect(job.reading(jobReading.progress)).toBe(1)
    const [sum, drawn] = job.results().map(buffer => new Float64Array(buffer))
    expect(Math.abs(sum[0] - total(x)) / total(x)).toBeLessThan(1e-13)
    const random = new Random(42, 7)
    expect([...drawn]).toEqual([random.uniform(), random.uniform(), random.uniform()])
    job.dispose()
    job.dispose()
  })

  test('off the thread, the same bits', async () => {
    const bits = async (work: number) => {
      const job = executor.openJob(call())!
      while ((await job.advanceAsync(work)) === jobStep.more);
      const results = job.results()
      job.dispose()
      return new Float64Array(results[0])[0]
    }
    expect(await bits(1e5)).toBe(await bits(1e9))
  })

  test('refuses arguments that do not fit', () => {
    expect(executor.openJob({ ...call(), numbers: [5, 0, 0] })).toBeUndefined()
    expect(executor.openJob({ ...call(), numbers: [] })).toBeUndefined()
    expect(executor.openJob({ ...call(), arrays: [] })).toBeUndefined()
  })

  test('an empty array is no trouble', () => {
    const job = executor.openJob(call(new Float64Array(0)))!
    expect(job.advance(1)).toBe(jobStep.done)
    expect(new Float64Array(job.results()[0])[0]).toBe(0)
    job.dispose()
  })
})

test('the same bits at any number of threads', () => {
  const bits = [1, 2, 3].map(threads => {
    const job = openExecutor({ name: 'native', threads }).openJob(call())!
    while (job.advance(1e12) === jobStep.more);
    const results = job.results()
    job.dispose()
    return new Float64Array(results[0])[0]
  })
  expect(new Set(bits).size).toBe(1)
})

test('progress rises to 1, and a signal stops it', async () => {
  const seen: number[] = []
  await runJob('sum', { ...call(), onProgress: ({ fraction }) => seen.push(fraction) })
  expect(seen.at(-1)).toBe(1)
  expect([...seen].sort((a, b) => a - b)).toEqual(seen)
  const controller = new AbortController()
  const stopped = runJob('sum', {
    ...call(new Float64Array(20_000_000)),
    signal: controller.signal,
    onProgress: () => controller.abort(),
  })
  await expect(stopped).rejects.toSatisfy(
    error => error instanceof AthanorError && error.code === 'INTERRUPTED',
  )
  await expect(runJob('sum', { ...call(), signal: AbortSignal.abort() })).rejects.toThrow(/abort/)
})

test('kinds have the numbers of kernels/learn/kinds.h', () => {
  const text = readFileSync(new URL('../../kernels/learn/kinds.h', import.meta.url), 'utf8')
  const found = [...text.matchAll(/JOB\((\w+), (\d+)\)/g)].map(([, name, n]) => [name, Number(n)])
  expect(Object.fromEntries(found)).toEqual(jobKinds)
  expect(new Set(Object.values(jobKinds)).size).toBe(Object.keys(jobKinds).length)
})

// node benchmarks/transformer/run.mjs [--rounds 7] [--seconds 1] [--contenders native-2,sdpa-2] [--explain]
// A transformer encoder block, forward, backward and Adam, beside PyTorch; contenders take turns. Target:
// 1.5 times as fast as the quickest of PyTorch's.

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Child } from '../child.mjs'
import { python } from '../contenders.mjs'
import { median, sleep, three } from '../statistics.mjs'

export const job = {
  batch: 16,
  tokens: 128,
  heads: 4,
  headSize: 32,
  intermediate: 512,
  learningRate: 0.001,
}
const target = 1.5
const here = name => fileURLToPath(new URL(name, import.meta.url))

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '1' },
    contenders: { type: 'string' },
    explain: { type: 'boolean', default: false },
  },
})

const athanor = threads => ({
  id: `native-${threads}`,
  command: [process.execPath, here('athanor-worker.mjs')],
  env: { ATHANOR_EXECUTOR: 'native', ATHANOR_THREADS: String(threads) },
})
const torch = (style, threads) => ({
  id: `${style}-${threads}`,
  command: [python, here('torch-worker.py'), style, String(threads)],
})
const all = [
  athanor(2),
  athanor(1),
  ...(existsSync(python)
    ? ['layer', 'fused', 'sdpa'].flatMap(style => [torch(style, 2), torch(style, 1)])
    : []),
].filter(({ id }) => options.contenders?.split(',').includes(id) ?? true)

/** Floating-point operations of a step's matrix products. */
function flops({ batch, tokens, heads, headSize, intermediate }) {
  const features = heads * headSize
  const rows = batch * tokens
  const dense = rows * features * (4 * features + 2 * intermediate)
  return 3 * 2 * (dense + 2 * batch * heads * tokens * tokens * headSize)
}

const running = []
for (const { id, command, env } of all) {
  const child = new Child(command[0], command.slice(1), env)
  await child.ask({ command: 'setup', job })
  if (options.explain && id.startsWith('native')) {
    console.log((await child.ask({ command: 'explain' })).text)
    process.exit()
  }
  await child.ask({ command: 'run', steps: 5 })
  const { seconds } = await child.ask({ command: 'run', steps: 5 })
  const steps = Math.max(2, Math.round((5 * Number(options.seconds)) / seconds))
  running.push({ id, child, steps, times: [] })
  await sleep(300)
}
for (let round = 0; round < Number(options.rounds); round++)
  for (const entry of round % 2 ? [...running].reverse() : running) {
    const { seconds } = await entry.child.ask({ command: 'run', steps: entry.steps })
    entry.times.push((seconds / entry.steps) * 1000)
    await sleep(300)
  }
const rate = ms => `${three(flops(job) / ms / 1e6)} GFLOP/s`
for (const { id, times, child } of running) {
  const ms = median(times)
  console.log(
    `${id.padEnd(10)} ${three(ms)} ms (${three(Math.min(...times))} to ${three(Math.max(...times))}), ${rate(ms)}`,
  )
  child.close()
}
const best = group => Math.min(...running.filter(group).map(({ times }) => median(times)))
const ours = best(({ id }) => id.startsWith('native'))
const theirs = best(({ id }) => !id.startsWith('native'))
if (Number.isFinite(ours) && Number.isFinite(theirs))
  console.log(
    `${three(theirs / ours)} times as fast as the quickest of PyTorch's (asked ${target}): ${theirs / ours >= target ? 'met' : 'MISSED'}`,
  )
process.exit()

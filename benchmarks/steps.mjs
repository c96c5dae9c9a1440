// Training steps of every contender, taking turns: each job starts all of its contenders, calibrates how
// many steps make a round, then lets them run one round each, again and again.

import { Child } from './child.mjs'
import { contenders, python } from './contenders.mjs'
import { gemmFlops, gemmShapes, jobs, optimizerBytes, title } from './jobs.mjs'
import { sleep, summary } from './statistics.mjs'

/** Idle threads of OpenMP spin for a while after their work; the next contender must not feel it. */
const REST = 300

async function floors(name, job, seconds) {
  const squares = [512, 1024]
  const shapes = [...gemmShapes(job), ...squares.map(n => [n, n, n])]
  const bytes = [optimizerBytes(job), 2 ** 28]
  const found = { gemm: {}, copy: undefined }
  const measure = async (id, command, args, env, withCopy) => {
    const child = new Child(command, args, env)
    try {
      const { rates } = await child.ask({ command: 'gemm', shapes, seconds })
      found.gemm[id] = shapes.map((shape, i) => ({ shape, gflops: rates[i] / 1e9 }))
      if (withCopy) {
        const copies = (await child.ask({ command: 'copy', bytes, seconds })).rates
        found.copy = bytes.map((size, i) => ({ bytes: size, gigabytesPerSecond: copies[i] / 1e9 }))
      }
    } catch (error) {
      console.error(`  floor by ${id}: ${error.message.split('\n')[0]}`)
    }
    child.close()
    await sleep(REST)
  }
  for (const c of contenders.filter(c => c.available && ['native-2', 'torch-2'].includes(c.id)))
    await measure(c.id, c.command[0], c.command.slice(1), c.env, c.command[0] === python)
  const rates = Object.values(found.gemm)
    .flat()
    .map(r => r.gflops)
  const best = Math.max(...rates)
  // A copy as large as what the optimizer moves: a small state lives in the caches.
  const bandwidth = found.copy?.[0].gigabytesPerSecond
  const floorMs =
    (gemmFlops(job) / (best * 1e9) + (bandwidth ? optimizerBytes(job) / (bandwidth * 1e9) : 0)) *
    1000
  return { job: name, ...found, bestGemmGflops: best, bandwidthGBps: bandwidth, floorMs }
}

/** options: { only?: string[] of contenders, rounds, roundSeconds, log } */
export async function timeJob(name, { only, rounds, roundSeconds, floorSeconds, log }) {
  const job = jobs[name]
  log(`${title(job)}`)
  const floor = floorSeconds > 0 ? await floors(name, job, floorSeconds) : undefined
  if (floor)
    log(
      `  best GEMM ${floor.bestGemmGflops.toFixed(1)} GFLOP/s, floor ${floor.floorMs.toFixed(4)} ms`,
    )
  const running = []
  const skipped = []
  for (const contender of contenders) {
    if (!contender.jobs(name) || (only && !only.includes(contender.id))) continue
    if (!contender.available) {
      skipped.push({ id: contender.id, label: contender.label, why: 'not installed' })
      continue
    }
    const [command, ...args] = contender.command
    const child = new Child(command, args, contender.env)
    try {
      const about = await child.ask({ command: 'setup', job })
      // Warm up, then see how many steps fill a round.
      let tried = 5
      let seconds = (await child.ask({ command: 'run', steps: tried })).seconds
      while (seconds < roundSeconds / 3 && tried < 1e6) {
        tried = Math.ceil((tried * roundSeconds) / Math.max(seconds, 1e-6) / 2) + 1
        seconds = (await child.ask({ command: 'run', steps: tried })).seconds
      }
      const steps = Math.max(2, Math.round((tried * roundSeconds) / seconds))
      running.push({ contender, child, about, steps, times: [] })
      log(`  ${contender.label}: ${((seconds / tried) * 1000).toFixed(4)} ms (warming up)`)
    } catch (error) {
      skipped.push({ id: contender.id, label: contender.label, why: error.message.split('\n')[0] })
      log(`  ${contender.label}: ${error.message.split('\n').slice(0, 3).join(' | ')}`)
      child.close()
    }
    await sleep(REST)
  }
  for (let round = 0; round < rounds; round++) {
    // Every other round runs backwards, so that nobody always follows the same neighbour.
    const order = round % 2 ? [...running].reverse() : running
    for (const entry of order) {
      try {
        const { seconds, loss } = await entry.child.ask({ command: 'run', steps: entry.steps })
        entry.times.push((seconds / entry.steps) * 1000)
        entry.loss = loss
      } catch (error) {
        entry.error = error.message.split('\n')[0]
      }
      await sleep(REST)
    }
  }
  const results = running.map(entry => ({
    id: entry.contender.id,
    group: entry.contender.group,
    label: entry.contender.label,
    threads: entry.contender.threads,
    milliseconds: entry.times.length ? summary(entry.times) : undefined,
    stepsARound: entry.steps,
    firstLoss: entry.about.loss,
    lastLoss: entry.loss,
    memory: entry.child.memory(),
    versions: entry.about.versions,
    executor: entry.about.executor,
    error: entry.error,
  }))
  for (const entry of running) entry.child.close()
  for (const r of results)
    if (r.milliseconds) log(`  ${r.label}: ${r.milliseconds.median.toFixed(4)} ms`)
  return {
    job: name,
    title: title(job),
    flops: gemmFlops(job),
    optimizerBytes: optimizerBytes(job),
    floor,
    results,
    skipped,
  }
}

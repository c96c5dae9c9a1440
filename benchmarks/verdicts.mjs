// What was asked of each job and whether this run reached it. A target counts as it was asked: a ratio
// over eager PyTorch (over its best for pictures), or 1.4 (1.5) times the floor where the ratio would ask for
// less than the floor.

import { jobs } from './jobs.mjs'

const of = (job, ids) =>
  job.results
    .filter(r => ids.includes(r.id) && r.milliseconds)
    .sort((a, b) => a.milliseconds.median - b.milliseconds.median)[0]

export function verdicts(results) {
  const list = []
  const add = (what, asked, measured, met) => list.push({ what, asked, measured, met })
  for (const job of results.steps ?? []) {
    const { target, gemmShare, picture, floorFactor = 1.4 } = jobs[job.job]
    const ours = of(job, ['native-2', 'native-1'])
    const everyTorch = job.results.map(r => r.id).filter(id => id.startsWith('torch'))
    const eager = of(job, picture ? everyTorch : ['torch-1', 'torch-2'])
    if (ours && eager) {
      const ms = ours.milliseconds.median
      const ratio = eager.milliseconds.median / ms
      const allowed = eager.milliseconds.median / target
      const floor = job.floor?.floorMs
      const limit = floor !== undefined && allowed < floor ? floorFactor * floor : allowed
      const asked =
        limit === allowed
          ? `${target} × ${picture ? 'the best of PyTorch' : 'eager PyTorch'}`
          : `${floorFactor} × floor = ${limit.toFixed(4)} ms`
      add(job.title, asked, `${ratio.toFixed(2)} × (${ms.toFixed(4)} ms)`, ms <= limit)
      if (gemmShare && job.floor) {
        const share = job.flops / (ms / 1000) / (job.floor.bestGemmGflops * 1e9)
        add(
          `${job.title}: share of the best GEMM rate`,
          `≥ ${gemmShare * 100} %`,
          `${(share * 100).toFixed(0)} %`,
          share >= gemmShare,
        )
      }
      for (const [name, ids] of [
        ['fused Adam', ['torch-fused-1', 'torch-fused-2']],
        ['torch.compile', ['torch-compiled-1', 'torch-compiled-2']],
        ['JAX jit', ['jax']],
      ]) {
        const other = of(job, ids)
        if (other) {
          const r = other.milliseconds.median / ms
          add(`${job.title} against ${name}`, 'not slower', `${r.toFixed(2)} ×`, r >= 1)
        }
      }
    }
    const loop = of(job, ['loop'])
    if (loop && eager && job.job === 'mlp-32') {
      const r = eager.milliseconds.median / loop.milliseconds.median
      add(
        `${job.title}: hand-written loop against PyTorch's`,
        'not slower',
        `${r.toFixed(2)} ×`,
        r >= 1,
      )
    }
    const compiled = of(job, ['compiled'])
    if (compiled && ours && job.job === 'mlp-32') {
      const r = compiled.milliseconds.median / of(job, ['native-2']).milliseconds.median
      add(
        `${job.title}: loop in compile against trainOnBatch`,
        '≤ 1.5 times the time',
        `${r.toFixed(2)} times`,
        r <= 1.5,
      )
    }
    const wasm = of(job, ['wasm-1'])
    const single = of(job, ['native-1'])
    if (picture && wasm && single) {
      const r = wasm.milliseconds.median / single.milliseconds.median
      add(
        `${job.title}: WASM against native, 1 thread`,
        '≤ 6 times',
        `${r.toFixed(2)} times`,
        r <= 6,
      )
    }
    if (picture && ours?.memory && eager?.memory) {
      const peak = Math.min(
        ...job.results
          .filter(r => everyTorch.includes(r.id) && r.memory?.peak)
          .map(r => r.memory.peak),
      )
      const mib = bytes => `${(bytes / 2 ** 20).toFixed(0)} MiB`
      add(
        `${job.title}: peak memory`,
        `≤ ${mib(peak)}, PyTorch's least`,
        mib(ours.memory.peak),
        ours.memory.peak <= peak,
      )
    }
    if (wasm && job.job === 'mlp-784') {
      const tf = of(job, ['tfjs'])
      if (tf) {
        const r = wasm.milliseconds.median / tf.milliseconds.median
        add(
          `${job.title}: WASM, 1 thread, against TensorFlow.js`,
          '≤ 1/8 of the time',
          `1/${(1 / r).toFixed(1)}`,
          r <= 1 / 8,
        )
      }
      const jaxJs = of(job, ['jax-js', 'jax-js-sgd'])
      if (jaxJs) {
        const r = jaxJs.milliseconds.median / wasm.milliseconds.median
        add(
          `${job.title}: WASM, 1 thread, against jax-js`,
          'not slower',
          `${r.toFixed(2)} ×`,
          r >= 1,
        )
      }
    }
    const lean = ours?.memory
    const heavy = eager?.memory
    if (lean && heavy) {
      const share = lean.peak / heavy.peak
      add(
        `${job.title}: peak resident memory against PyTorch`,
        '≤ 1/2',
        `${(lean.peak / 2 ** 20).toFixed(0)} of ${(heavy.peak / 2 ** 20).toFixed(0)} MiB = ${share.toFixed(2)}`,
        share <= 0.5,
      )
    }
  }
  if (results.import)
    add(
      "import 'athanor'",
      '< 80 ms',
      `${results.import.median.toFixed(0)} ms`,
      results.import.median < 80,
    )
  if (results.firstEpoch) {
    const s = results.firstEpoch.beginsSeconds.median
    add(
      'athanor train, 1,000 rows: process start to first epoch',
      '≤ 1 s',
      `${s.toFixed(2)} s`,
      s <= 1,
    )
  }
  if (results.csv)
    add(
      `CSV of ${(results.csv.bytes / 1e9).toFixed(2)} GB against DuckDB alone`,
      '≤ 1.2 times the time',
      `${results.csv.ratio.toFixed(2)} times`,
      results.csv.ratio <= 1.2,
    )
  if (results.loader)
    add(
      `loader on ${(results.loader.rows / 1e6).toFixed(0)} million rows`,
      'not the bottleneck (training with it ≥ 90 % of training without)',
      `${(results.loader.bothRate / 1e6).toFixed(2)} M against ${(results.loader.trainRate / 1e6).toFixed(2)} M rows/s; loader alone ${(results.loader.loadRate / 1e6).toFixed(2)} M`,
      results.loader.bothRate >= 0.9 * results.loader.trainRate,
    )
  if (results.spool)
    add(
      `an epoch over ${(results.spool.rows / 1e6).toFixed(0)} million rows × ${results.spool.columns} columns`,
      'peak memory < 2 GiB',
      `${(results.spool.peakBytes / 2 ** 30).toFixed(2)} GiB`,
      !results.spool.inMemory && results.spool.peakBytes < 2 ** 31,
    )
  return list
}

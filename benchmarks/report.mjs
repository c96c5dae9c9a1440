// Turns results.json into RESULTS.md.

import { three } from './statistics.mjs'
import { verdicts } from './verdicts.mjs'

const mib = bytes => (bytes === undefined ? '–' : `${(bytes / 2 ** 20).toFixed(0)}`)
const range = s => `${three(s.median)} (${three(s.min)}–${three(s.max)})`

export function markdown(results) {
  const { machine } = results
  const versions = Object.assign(
    {},
    ...(results.steps ?? []).flatMap(s => s.results.map(r => r.versions)),
  )
  const lines = [
    '# Benchmark results',
    '',
    `Made by \`npm run bench\` on ${machine.date.slice(0, 10)}. ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}; load at the start ${machine.loadAtStart.toFixed(2)}${machine.loadAtStart > 1 ? ' (the machine was busy with other work: figures are worse than on a quiet one, two-thread ones most)' : ''}.`,
    '',
    `Versions: ${Object.entries(versions)
      .filter(([, v]) => v)
      .map(([k, v]) => `${k} ${v}`)
      .join(', ')}.`,
    '',
    'All contenders of a job take turns in one run; milliseconds a step are medians over rounds, with the least and the',
    'greatest round. Each step gets fresh arrays, updates by Adam in float32 and reads the loss. Nothing is left out:',
    'what was missed is listed as such.',
    '',
    '## Targets',
    '',
    '| what | asked | measured | |',
    '|---|---|---|---|',
    ...verdicts(results).map(
      v => `| ${v.what} | ${v.asked} | ${v.measured} | ${v.met ? 'met' : '**missed**'} |`,
    ),
    '',
  ]
  for (const job of results.steps ?? []) {
    const eager = job.results
      .filter(r => ['torch-1', 'torch-2'].includes(r.id) && r.milliseconds)
      .sort((a, b) => a.milliseconds.median - b.milliseconds.median)[0]
    lines.push(`## ${job.title}`, '')
    if (job.floor) {
      const { bestGemmGflops, bandwidthGBps, floorMs } = job.floor
      lines.push(
        `${(job.flops / 1e6).toFixed(2)} MFLOP of matrix products a step, ${(job.optimizerBytes / 1e6).toFixed(2)} MB moved by Adam. Best GEMM rate in the run ${bestGemmGflops.toFixed(0)} GFLOP/s, copy ${bandwidthGBps?.toFixed(1) ?? '–'} GB/s: floor ${three(floorMs)} ms.`,
        '',
      )
    }
    lines.push(
      '| contender | ms a step, median (min–max) | against eager PyTorch | GFLOP/s | peak MiB |',
      '|---|---|---|---|---|',
    )
    const sorted = [...job.results].sort(
      (a, b) => (a.milliseconds?.median ?? 1e9) - (b.milliseconds?.median ?? 1e9),
    )
    for (const r of sorted) {
      const ms = r.milliseconds?.median
      lines.push(
        `| ${r.label}${r.executor?.isa ? ` (${r.executor.isa})` : ''} | ${r.milliseconds ? range(r.milliseconds) : `failed: ${r.error}`} | ${ms && eager ? `${three(eager.milliseconds.median / ms)} ×` : '–'} | ${ms ? three(job.flops / ms / 1e6) : '–'} | ${mib(r.memory?.peak)} |`,
      )
    }
    for (const s of job.skipped)
      lines.push(`| ${s.label} | not run: ${s.why.replaceAll('|', '/').slice(0, 120)} | | | |`)
    lines.push('')
  }
  if (results.import || results.firstEpoch) {
    lines.push('## Start', '')
    if (results.import) lines.push(`- \`import 'athanor'\`: ${range(results.import)} ms`)
    if (results.firstEpoch)
      lines.push(
        `- \`athanor train\` on 1,000 rows: first epoch begins after ${range(results.firstEpoch.beginsSeconds)} s and ends after ${range(results.firstEpoch.endsSeconds)} s; five epochs with baselines and report are done after ${three(results.firstEpoch.fiveEpochsSeconds)} s`,
      )
    lines.push('')
  }
  if (results.csv) {
    const { csv } = results
    lines.push(
      `## Reading a CSV of ${(csv.bytes / 1e9).toFixed(2)} GB, ${csv.rows.toLocaleString('en')} rows`,
      '',
      '| reader | seconds, median (min–max) | peak MiB |',
      '|---|---|---|',
      `| Athanor \`openDataset\` and every chunk | ${range(csv.athanor.seconds)} | ${mib(csv.athanor.peakBytes)} |`,
      `| DuckDB alone, same types (float64 with NaN, codes for text) | ${range(csv.duckdb.seconds)} | ${mib(csv.duckdb.peakBytes)} |`,
      `| DuckDB alone, text left inside DuckDB (lower bound) | ${range(csv.raw.seconds)} | ${mib(csv.raw.peakBytes)} |`,
      '',
    )
  }
  if (results.loader) {
    const { loader } = results
    const rate = r => `${(r / 1e6).toFixed(2)} M rows/s`
    lines.push(
      `## ${(loader.rows / 1e6).toFixed(0)} million rows, ${loader.columns} columns, batches of ${loader.batchSize}`,
      '',
      `- loading and preparing alone: ${rate(loader.loadRate)}`,
      `- training alone (the same batches again): ${rate(loader.trainRate)}`,
      `- both, the next batch prepared while a step runs: ${rate(loader.bothRate)}`,
      `- peak resident memory: ${mib(loader.peakBytes)} MiB`,
      '',
    )
  }
  if (results.spool) {
    const { spool } = results
    lines.push(
      `## Larger than memory: ${(spool.rows / 1e6).toFixed(0)} million rows, ${spool.columns} mixed columns`,
      '',
      `- Parquet file of ${(spool.fileBytes / 1e9).toFixed(2)} GB read into a spool of ${(spool.spoolBytes / 1e9).toFixed(2)} GB: ${spool.openSeconds} s`,
      `- one shuffled epoch in batches of 4096: ${spool.epochSeconds} s, ${(spool.rowsPerSecond / 1e6).toFixed(2)} M rows/s`,
      `- peak resident memory: ${mib(spool.peakBytes)} MiB (${mib(spool.openPeakBytes)} when it was read)`,
      '',
    )
  }
  return `${lines.join('\n')}`
}

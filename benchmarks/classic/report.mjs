// The classic results as verdicts and as a page.

import { three } from '../statistics.mjs'
import { growth, growthRows, jobs } from './jobs.mjs'

const names = {
  athanor: 'Athanor, native, 2 threads',
  'athanor-1': 'Athanor, native, 1 thread',
  'athanor-wasm': 'Athanor, WebAssembly, 1 thread',
  lightgbm: 'LightGBM, 2 threads',
  xgboost: 'XGBoost, 2 threads',
  sklearn: 'scikit-learn, 2 threads',
  'sklearn-brute': 'scikit-learn, brute force',
  'sklearn-newton-cholesky': 'scikit-learn, newton-cholesky',
  'sklearn-liblinear': 'scikit-learn, liblinear',
}

const byId = (list, id) => list.find(entry => entry.id === id && entry.seconds)

/** Whether ours is as good as the peer's, within what was allowed; better always is. */
function sameQuality({ within, of, better }, ours, theirs) {
  if (ours === null || theirs === null) return true
  const worse = better === 'higher' ? theirs - ours : ours - theirs
  return worse <= (of === 'share' ? within * Math.abs(theirs) : within)
}

export function verdicts({ jobs: found = {} }) {
  const list = []
  for (const [name, job] of Object.entries(jobs)) {
    const entries = found[name] ?? []
    const ours = byId(entries, 'athanor')
    if (ours === undefined) continue
    const peers = job.peers.map(id => byId(entries, id)).filter(Boolean)
    const fastest = [...peers].sort((a, b) => a.seconds.median - b.seconds.median)[0]
    const against = job.against === 'fastest' ? fastest : byId(entries, job.against)
    if (against !== undefined) {
      const ratio = against.seconds.median / ours.seconds.median
      const equal = sameQuality(job.quality, ours.quality, against.quality)
      if (job.microseconds !== undefined) {
        const us = ours.seconds.median * 1e6
        list.push({
          what: job.title,
          asked: `under ${job.microseconds} µs`,
          measured: `${three(us)} µs (${names[against.id]}: ${three(against.seconds.median * 1e6)} µs)`,
          met: us < job.microseconds && equal,
        })
      } else
        list.push({
          what: job.title,
          asked: `${job.target === 1 ? 'not slower than' : `${job.target} × the speed of`} ${names[against.id].split(',')[0]}`,
          measured: `${three(ratio)} × (${three(ours.seconds.median)} s; ${job.quality.name} ${three(ours.quality)} and ${three(against.quality)}${equal ? '' : ', not equal'})`,
          met: ratio >= job.target && equal,
        })
    }
    const one = byId(entries, 'athanor-1')
    const wasm = byId(entries, 'athanor-wasm')
    if (one && wasm) {
      const ratio = wasm.seconds.median / one.seconds.median
      list.push({
        what: `${job.title}: WebAssembly against native, one thread each`,
        asked: 'at most 5 times the time',
        measured: `${three(ratio)} times`,
        met: ratio <= 5,
      })
    }
  }
  return list
}

export function markdown(results) {
  const { machine, versions } = results
  const lines = [
    '# Classic estimators beside scikit-learn, LightGBM and XGBoost',
    '',
    `Made by \`node benchmarks/classic/run.mjs\` on ${machine.date.slice(0, 10)}. ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}; load at the start ${machine.loadAtStart.toFixed(2)}.`,
    '',
    `Versions: node ${machine.node}${Object.entries(versions)
      .map(([name, version]) => `, ${name} ${version}`)
      .join('')}.`,
    '',
    'Contenders of a job take turns in one run, each in a process of its own with the data loaded; seconds are medians',
    'over rounds, with the least and the greatest. A fit is the whole of it, from a float32 matrix in memory. Losses are',
    'listed like the rest.',
    '',
    '## Targets',
    '',
    '| what | asked | measured | |',
    '|---|---|---|---|',
    ...verdicts(results).map(
      v => `| ${v.what} | ${v.asked} | ${v.measured} | ${v.met ? 'met' : '**missed**'} |`,
    ),
  ]
  for (const [name, job] of Object.entries(jobs)) {
    const entries = results.jobs[name]
    if (entries === undefined) continue
    lines.push('', `## ${job.title}`, '')
    lines.push(`| contender | seconds, median (min–max) | ${job.quality.name} | peak MiB |`)
    lines.push('|---|---|---|---|')
    const sorted = [...entries].sort(
      (a, b) => (a.seconds?.median ?? Infinity) - (b.seconds?.median ?? Infinity),
    )
    for (const { id, seconds, quality, peak, failed } of sorted)
      lines.push(
        seconds
          ? `| ${names[id] ?? id} | ${three(seconds.median)} (${three(seconds.min)}–${three(seconds.max)}) | ${quality === null ? '–' : quality.toPrecision(5)} | ${peak ? Math.round(peak / 2 ** 20) : '–'} |`
          : `| ${names[id] ?? id} | ${failed} | – | – |`,
      )
  }
  if (Object.values(results.growth).some(points => points.length > 0))
    lines.push('', '## Time and memory by the number of rows', '', '![Growth](growth.svg)')
  for (const [name, { title }] of Object.entries(growth)) {
    const points = results.growth[name]
    if (points === undefined || points.length === 0) continue
    const ids = [...new Set(points.map(point => point.id))]
    lines.push('', `${title}: seconds, and MiB at the peak.`, '')
    lines.push(`| rows | ${ids.map(id => names[id] ?? id).join(' | ')} |`)
    lines.push(`|---|${ids.map(() => '---').join('|')}|`)
    for (const rows of growthRows) {
      const row = ids.map(id => points.find(point => point.rows === rows && point.id === id))
      if (row.every(point => point === undefined)) continue
      const cells = row.map(point =>
        point === undefined
          ? '–'
          : `${three(point.seconds)} s, ${Math.round(point.peak / 2 ** 20)} MiB`,
      )
      lines.push(`| ${rows.toLocaleString('en')} | ${cells.join(' | ')} |`)
    }
  }
  return `${lines.join('\n')}\n`
}

// athanor cluster and athanor outliers: rows without a target, to a CSV file and a report beside it.

import { basename } from 'node:path'
import { runError } from '../runs/run-error.js'
import { shownPath } from '../runs/run-folder.js'
import type { ClusterOptions } from '../runs/unlabelled/cluster.js'
import type { OutlierOptions } from '../runs/unlabelled/outliers.js'
import type { CommandInput } from './command.js'
import { listenForInterrupt } from './interruption.js'
import { textTable } from './output.js'

/** Where rows go by default: beside nothing of the user's, named after the data. */
function outFile(input: CommandInput, data: string, what: string): string {
  const given = input.options.out as string | undefined
  if (given !== undefined) return given
  const name = basename(data)
    .replace(/\.[^.]*$/, '')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
  return `${name === '' ? 'rows' : name}-${what}.csv`
}

const reportFile = (out: string) => `${out.replace(/\.csv$/i, '')}.html`

function dataOf(input: CommandInput): string {
  const [data] = input.positionals
  if (data === undefined) throw runError('ARGUMENT', 'dataMissing', { command: input.command })
  return data
}

/** Options of the command as those of the function: without what only the command line has. */
function plainOptions(input: CommandInput): Record<string, unknown> {
  const { json: _json, help: _help, lang: _lang, out: _out, ...options } = input.options
  return options
}

function reading(input: CommandInput) {
  const { say, output } = input
  return (source: string, rows?: number) =>
    output.live(
      rows === undefined ? say('reading', { source }) : say('readingRows', { source, rows }),
    )
}

export async function clusterCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const data = dataOf(input)
  const out = outFile(input, data, 'clusters')
  const interruption = listenForInterrupt(() => {})
  try {
    const { cluster } = await import('../runs/unlabelled/cluster.js')
    const found = await cluster(data, {
      ...(plainOptions(input) as ClusterOptions),
      out,
      signal: interruption.signal,
      onReading: reading(input),
      onStep: step =>
        output.live(
          step.type === 'trying'
            ? say('tryingClusters', { clusters: step.clusters, of: step.of })
            : say('writingRows', { rows: step.rows }),
        ),
    })
    const { renderClusters, verdictOf } = await import('../runs/unlabelled/cluster-report.js')
    const { writeDurably } = await import('../runs/storage.js')
    const report = reportFile(out)
    await writeDurably(report, renderClusters(found, say.language))
    if (input.options.json === true) {
      const { map: _map, ...facts } = found
      output.json({ ...facts, report })
      return 0
    }
    const { traitText } = await import('../runs/unlabelled/traits-text.js')
    const { clusters, rows, columns, silhouette, noise, leftOut } = found
    output.result(
      output.style.bold(
        say('clusterFound', { clusters: clusters.length, rows, columns: columns.length }),
      ),
    )
    if (silhouette !== null)
      output.result(`${say('silhouette')} ${silhouette.toFixed(2)}: ${say(verdictOf(silhouette))}`)
    if (noise > 0) output.result(say('noiseRows', { rows: noise }))
    if (leftOut.length > 0) output.note(say('leftOut', { columns: leftOut.join(', ') }))
    const table = textTable(
      [
        [say('clusterColumn'), say('rowsColumn'), say('shareColumn'), say('traitsColumn')],
        ...clusters.map(({ cluster: place, rows: count, share, traits }) => [
          String(place),
          say.number(count),
          say.percent(share),
          traits.length === 0
            ? say('noTraits')
            : traits
                .slice(0, 3)
                .map(trait => traitText(trait, say))
                .join(say.language === 'zh' ? '；' : '; '),
        ]),
      ],
      [0, 3],
    )
    for (const row of table) output.result(row)
    tellFiles(input, out, report)
    return 0
  } finally {
    interruption.stop()
  }
}

export async function outliersCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const data = dataOf(input)
  const out = outFile(input, data, 'outliers')
  const interruption = listenForInterrupt(() => {})
  try {
    const { outliers } = await import('../runs/unlabelled/outliers.js')
    const found = await outliers(data, {
      ...(plainOptions(input) as OutlierOptions),
      out,
      signal: interruption.signal,
      onReading: reading(input),
      onProgress: fraction => output.live(say('isolatingLine', { share: say.percent(fraction) })),
    })
    const { renderOutliers, unusualText } = await import('../runs/unlabelled/outlier-report.js')
    const { writeDurably } = await import('../runs/storage.js')
    const report = reportFile(out)
    await writeDurably(report, renderOutliers(found, say.language))
    if (input.options.json === true) {
      const { histogram: _histogram, ...facts } = found
      output.json({ ...facts, report })
      return 0
    }
    const { rows, columns, leftOut } = found
    output.result(
      output.style.bold(
        say('outliersFound', { outliers: found.outliers, rows, columns: columns.length }),
      ),
    )
    if (leftOut.length > 0) output.note(say('leftOut', { columns: leftOut.join(', ') }))
    const table = textTable(
      [
        ['', say('rowNumber'), say('anomalyScore'), say('whyColumn')],
        ...found.top.map(row => [
          row.outlier ? ' *' : '  ',
          String(row.row),
          row.score.toFixed(3),
          row.unusual.length === 0
            ? say('whyNothing')
            : row.unusual
                .map(what => unusualText(what, say))
                .join(say.language === 'zh' ? '；' : '; '),
        ]),
      ],
      [0, 3],
    )
    for (const row of table) output.result(row)
    tellFiles(input, out, report)
    return 0
  } finally {
    interruption.stop()
  }
}

function tellFiles({ say, output }: CommandInput, out: string, report: string): void {
  output.result('')
  output.result(say('rowsSaved', { path: shownPath(out) }))
  output.result(say('reportSaved', { path: shownPath(report) }))
}

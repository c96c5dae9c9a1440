// athanor cluster and athanor outliers: rows without a target, to a CSV file and a report beside it.

import type { Language } from '../runs/messages/language.js'
import { runError } from '../runs/run-error.js'
import { shownPath } from '../runs/run-folder.js'
import type { Clustering, ClusterOptions } from '../runs/unlabelled/cluster.js'
import type { OutlierOptions, Outliers } from '../runs/unlabelled/outliers.js'
import type { CommandInput } from './command.js'
import { fileFor } from './file-name.js'
import { interruptible } from './interruption.js'
import { textTable } from './output.js'
import { readingLine } from './progress-view.js'

/** What one of the two commands finds, and how it is told. */
interface RowsCommand<Found extends Pick<Clustering, 'leftOut'>> {
  /** Ends the name of the file. */
  readonly what: string
  find(data: string, options: FindOptions): Promise<Found>
  page(found: Found, language: Language): Promise<string>
  /** For --json. */
  facts(found: Found): object
  head(found: Found): readonly string[]
  /** The first row names the columns. */
  table(found: Found): Promise<readonly (readonly string[])[]>
}

interface FindOptions {
  readonly out: string
  readonly signal: AbortSignal
  readonly onReading: (source: string, rows?: number) => void
}

async function rowsCommand<Found extends Pick<Clustering, 'leftOut'>>(
  { say, output, positionals, command, options }: CommandInput,
  { what, find, page, facts, head, table }: RowsCommand<Found>,
): Promise<number> {
  const [data] = positionals
  if (data === undefined) throw runError('ARGUMENT', 'dataMissing', { command })
  const out = (options.out as string | undefined) ?? fileFor(data, 'rows', `${what}.csv`)
  const onReading = (source: string, rows?: number) => output.live(readingLine(say, source, rows))
  const found = await interruptible(signal => find(data, { out, signal, onReading }))
  const { writeDurably } = await import('../runs/storage.js')
  const report = `${out.replace(/\.csv$/i, '')}.html`
  await writeDurably(report, await page(found, say.language))
  if (options.json === true) {
    output.json({ ...facts(found), report })
    return 0
  }
  const [title, ...lines] = head(found)
  output.result(output.style.bold(title))
  for (const line of lines) output.result(line)
  const { leftOut } = found
  if (leftOut.length > 0) output.note(say('leftOut', { columns: leftOut.join(', ') }))
  for (const row of textTable(await table(found), [0, 3])) output.result(row)
  output.result('')
  output.result(say('rowsSaved', { path: shownPath(out) }))
  output.result(say('reportSaved', { path: shownPath(report) }))
  return 0
}

/** Options of the command as those of the function: without what only the command line has. */
function plainOptions({ options }: CommandInput): Record<string, unknown> {
  const { json: _json, help: _help, lang: _lang, out: _out, ...rest } = options
  return rest
}

export async function clusterCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const { renderClusters, verdictOf } = await import('../runs/unlabelled/cluster-report.js')
  return rowsCommand<Clustering>(input, {
    what: 'clusters',
    find: async (data, options) =>
      (await import('../runs/unlabelled/cluster.js')).cluster(data, {
        ...(plainOptions(input) as ClusterOptions),
        ...options,
        onStep: step =>
          output.live(
            step.type === 'trying'
              ? say('tryingClusters', { clusters: step.clusters, of: step.of })
              : say('writingRows', { rows: step.rows }),
          ),
      }),
    page: async (found, language) => renderClusters(found, language),
    facts: ({ map: _, ...facts }) => facts,
    head: ({ clusters, rows, columns, silhouette, noise }) => [
      say('clusterFound', { clusters: clusters.length, rows, columns: columns.length }),
      ...(silhouette === null
        ? []
        : [`${say('silhouette')} ${silhouette.toFixed(2)}: ${say(verdictOf(silhouette))}`]),
      ...(noise > 0 ? [say('noiseRows', { rows: noise })] : []),
    ],
    table: async ({ clusters }) => {
      const { traitText } = await import('../runs/unlabelled/traits-text.js')
      return [
        [say('clusterColumn'), say('rowsColumn'), say('shareColumn'), say('traitsColumn')],
        ...clusters.map(({ cluster, rows, share, traits }) => [
          String(cluster),
          say.number(rows),
          say.percent(share),
          listed(
            traits.slice(0, 3).map(trait => traitText(trait, say)),
            input,
          ) || say('noTraits'),
        ]),
      ]
    },
  })
}

export async function outliersCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const { renderOutliers, unusualText } = await import('../runs/unlabelled/outlier-report.js')
  return rowsCommand<Outliers>(input, {
    what: 'outliers',
    find: async (data, options) =>
      (await import('../runs/unlabelled/outliers.js')).outliers(data, {
        ...(plainOptions(input) as OutlierOptions),
        ...options,
        onProgress: share => output.live(say('isolatingLine', { share: say.percent(share) })),
      }),
    page: async (found, language) => renderOutliers(found, language),
    facts: ({ histogram: _, ...facts }) => facts,
    head: ({ outliers, rows, columns }) => [
      say('outliersFound', { outliers, rows, columns: columns.length }),
    ],
    table: async ({ top }) => [
      ['', say('rowNumber'), say('anomalyScore'), say('whyColumn')],
      ...top.map(({ outlier, row, score, unusual }) => [
        outlier ? ' *' : '  ',
        String(row),
        score.toFixed(3),
        listed(
          unusual.map(what => unusualText(what, say)),
          input,
        ) || say('whyNothing'),
      ]),
    ],
  })
}

function listed(texts: readonly string[], { say }: CommandInput): string {
  return texts.join(say.language === 'zh' ? '；' : '; ')
}

// Clusters of a table's rows: k-means with k given or chosen by the silhouette (Rousseeuw 1987), or
// DBSCAN (Ester et al. 1996).

import { OptionTable } from '../../base/options.js'
import { Random } from '../../base/philox.js'
import { aFunction, numberIn, oneOf, someText, wholeNumber } from '../../base/value-kinds.js'
import type { Table } from '../../data/table.js'
import type { Matrix } from '../../estimator/matrix.js'
import { takeRows } from '../../estimator/matrix.js'
import { throwIfAborted } from '../../execute/jobs.js'
import { writePieces } from '../csv-output.js'
import { optionName } from '../option-name.js'
import { cellWriter, freeName, line } from '../predictions-csv.js'
import type { DataSource } from '../read-data.js'
import { wrongCount } from '../row-store.js'
import { runError } from '../run-error.js'
import { type Trait, traitsOf } from './profile.js'
import { featuresOf, openRows, type RowOptions, rowOptions, type UnlabelledRows } from './rows.js'

export const clusterMethods = ['kmeans', 'dbscan'] as const

/** Options of `cluster`. */
export interface ClusterOptions extends RowOptions {
  /** Default `kmeans`. */
  readonly method?: (typeof clusterMethods)[number]
  /** Of k-means; by default from 2 to 10, chosen by the silhouette. */
  readonly clusters?: number
  /** Of DBSCAN: distance of neighbours, in features of order 1; by default from the data. */
  readonly eps?: number
  /** Of DBSCAN: neighbours that make a row the core of a cluster; default 5. */
  readonly minSamples?: number
  /** CSV file of all rows with their clusters; without it the text goes to `onText`. */
  readonly out?: string
  readonly onText?: (text: string) => void
  /** Hears what is being tried. */
  readonly onStep?: (step: ClusterStep) => void
}

export type ClusterStep =
  | { readonly type: 'trying'; readonly clusters: number; readonly of: number }
  | { readonly type: 'writing'; readonly rows: number }

/** One group of rows. */
export interface Cluster {
  /** From 0, as in the file. */
  readonly cluster: number
  readonly rows: number
  readonly share: number
  /** What distinguishes it, the most striking first. */
  readonly traits: readonly Trait[]
}

/** What `cluster` found. */
export interface Clustering {
  readonly source: string
  readonly rows: number
  readonly columns: readonly string[]
  readonly leftOut: readonly string[]
  readonly method: (typeof clusterMethods)[number]
  /** The largest first in size, numbered from 0. */
  readonly clusters: readonly Cluster[]
  /** Rows in no cluster (DBSCAN). */
  readonly noise: number
  /** From −1 to 1: how well rows lie in their clusters; null for fewer than two clusters. */
  readonly silhouette: number | null
  /** Silhouettes of the numbers of clusters that were tried. */
  readonly tried: readonly { readonly clusters: number; readonly silhouette: number }[]
  readonly eps: number | null
  readonly minSamples: number | null
  readonly out: string | null
  readonly seconds: number
  /** Rows in two dimensions that keep most of their differences, with their clusters. */
  readonly map: readonly (readonly [x: number, y: number, cluster: number])[]
}

const clusterOptions = new OptionTable<ClusterOptions>({
  ...rowOptions,
  method: oneOf(clusterMethods),
  clusters: wholeNumber({ min: 1 }),
  eps: numberIn({ above: 0 }),
  minSamples: wholeNumber({ min: 1 }),
  out: someText,
  onText: aFunction(),
  onStep: aFunction(),
})

/** Options of one method alone. */
const ofMethod = { clusters: 'kmeans', eps: 'dbscan', minSamples: 'dbscan' } as const

function checkOptions(options: ClusterOptions): void {
  clusterOptions.check('cluster', options)
  const { method = 'kmeans' } = options
  for (const [name, own] of Object.entries(ofMethod))
    if (options[name as keyof typeof ofMethod] !== undefined && own !== method)
      throw runError('ARGUMENT', 'notWithThisMethod', { option: optionName(name), method })
}

const mostClusters = 10
/** Rows that silhouettes are taken from at most: their cost is quadratic. */
const silhouetteRows = 2000
/** DBSCAN looks at all pairs of neighbours. */
const mostDbscanRows = 100_000
/** Rows that the distance of neighbours is found from. */
const probes = 300
const mapRows = 1200
const chunk = 8192

/**
 * Groups rows that are alike, says what distinguishes each group, and writes every row with its group.
 *
 * @throws AthanorError ARGUMENT, DATA, FILE, FORMAT where an option or the data are wrong; INTERRUPTED.
 * @example
 * ```ts
 * const { clusters, silhouette } = await cluster('customers.csv', { out: 'clusters.csv' })
 * for (const { rows, traits } of clusters) console.log(rows, traits[0]?.column)
 * ```
 */
export async function cluster(
  source: DataSource,
  options: ClusterOptions = {},
): Promise<Clustering> {
  checkOptions(options)
  const began = performance.now()
  const { method = 'kmeans', out, onText = () => {}, onStep, signal } = options
  const rows = await openRows(source, options)
  try {
    const x = featuresOf(rows.preprocessor, rows.table)
    const made =
      method === 'kmeans' ? await byMeans(rows, x, options) : await byDensity(rows, x, options)
    const order = bySize(made.labels, made.count)
    const labels = made.labels.map(label => (label < 0 ? -1 : order.placeOf[label]))
    const silhouette = made.silhouette ?? (await silhouetteOf(x, labels, made.count, options))
    const traits = traitsOf(rows.table, rows.used, labels, made.count, 4)
    const written = await writeClusters(
      rows,
      async table => {
        const own = await made.assign(table)
        return own.map(label => (label < 0 ? -1 : order.placeOf[label]))
      },
      { out, onText, onStep, signal },
    )
    return {
      source: rows.source,
      rows: rows.dataset.rows,
      columns: rows.used,
      leftOut: rows.leftOut,
      method,
      clusters: Array.from({ length: made.count }, (_, place) => ({
        cluster: place,
        rows: written.sizes[place] ?? 0,
        share: (written.sizes[place] ?? 0) / rows.dataset.rows,
        traits: traits[place],
      })),
      noise: written.noise,
      silhouette,
      tried: made.tried,
      eps: made.eps ?? null,
      minSamples: made.minSamples ?? null,
      out: out ?? null,
      map: await mapOf(x, labels, options.seed ?? 0),
      seconds: Number(((performance.now() - began) / 1000).toFixed(3)),
    }
  } finally {
    await rows.dataset.close()
  }
}

interface Made {
  readonly labels: Int32Array
  readonly count: number
  readonly silhouette?: number | null
  readonly tried: Clustering['tried']
  readonly eps?: number
  readonly minSamples?: number
  /** Clusters of the rows of a chunk, in the order in which chunks come. */
  assign(table: Table): Promise<Int32Array>
}

async function byMeans(rows: UnlabelledRows, x: Matrix, options: ClusterOptions): Promise<Made> {
  const { KMeans } = await import('../../classic/cluster/k-means.js')
  const { clusters, seed = 0, signal, onStep } = options
  const distinct = distinctRows(x, mostClusters + 1)
  if (clusters !== undefined && clusters > x.rows)
    throw runError('ARGUMENT', 'moreClustersThanRows', { clusters, rows: x.rows })
  const counts =
    clusters === undefined
      ? Array.from(
          { length: Math.max(0, Math.min(mostClusters, distinct - 1) - 1) },
          (_, i) => i + 2,
        )
      : [clusters]
  if (counts.length === 0) throw runError('DATA', 'rowsAllAlike')
  const tried: { clusters: number; silhouette: number }[] = []
  let best: { model: InstanceType<typeof KMeans>; silhouette: number | null } | undefined
  for (const nClusters of counts) {
    onStep?.({ type: 'trying', clusters: nClusters, of: counts[counts.length - 1] })
    const model = await new KMeans({ nClusters, nInit: 4, randomState: seed }).fit(x, undefined, {
      signal,
    })
    const value = await silhouetteOf(x, model.labels, nClusters, options)
    if (value !== null) tried.push({ clusters: nClusters, silhouette: value })
    if (best === undefined || (value ?? -1) > (best.silhouette ?? -1))
      best = { model, silhouette: value }
  }
  const { model, silhouette } = best as NonNullable<typeof best>
  const count = model.params.nClusters
  return {
    labels: model.labels,
    count,
    silhouette,
    tried,
    assign: async table => {
      const labels = await model.predict(featuresOf(rows.preprocessor, table))
      return Int32Array.from(labels)
    },
  }
}

async function byDensity(rows: UnlabelledRows, x: Matrix, options: ClusterOptions): Promise<Made> {
  const { DBSCAN } = await import('../../classic/cluster/dbscan.js')
  const { signal, seed = 0, minSamples = 5 } = options
  const { dataset } = rows
  if (dataset.rows > mostDbscanRows)
    throw runError('ARGUMENT', 'tooManyForDbscan', { rows: dataset.rows, most: mostDbscanRows })
  const eps = options.eps ?? neighbourDistance(x, minSamples, seed)
  const model = await new DBSCAN({ eps, minSamples }).fit(x, undefined, { signal })
  const { labels } = model
  let at = 0
  return {
    labels,
    count: labels.reduce((most, label) => Math.max(most, label + 1), 0),
    tried: [],
    eps,
    minSamples,
    assign: async table => {
      const own = labels.slice(at, at + table.rows)
      at += table.rows
      return own
    },
  }
}

/** The ninth decile of the distances to the `count`-th neighbour: beyond it rows stand apart. */
function neighbourDistance(x: Matrix, count: number, seed: number): number {
  const { rows, width, x: values } = x
  const order = new Random(seed, 0x65707369).shuffle(
    Uint32Array.from({ length: rows }, (_, i) => i),
  )
  const asked = order.subarray(0, Math.min(probes, rows))
  const found = Float64Array.from(asked, row => {
    const squares = new Float64Array(rows)
    for (let other = 0; other < rows; other++) {
      let sum = 0
      for (let j = 0; j < width; j++)
        sum += (values[row * width + j] - values[other * width + j]) ** 2
      squares[other] = sum
    }
    return Math.sqrt(squares.sort()[Math.min(count, rows) - 1])
  }).sort()
  const eps = found[Math.floor(0.9 * (found.length - 1))]
  return eps > 0 ? Number(eps.toPrecision(3)) : 0.5
}

async function silhouetteOf(
  x: Matrix,
  labels: Int32Array,
  count: number,
  { seed = 0, signal }: ClusterOptions,
): Promise<number | null> {
  const { silhouette } = await import('../../estimator/metrics/silhouette.js')
  const places = Uint32Array.from(labels.keys()).filter(row => labels[row] >= 0)
  const drawn = new Random(seed, 0x73696c68).shuffle(places).subarray(0, silhouetteRows)
  const own = Int32Array.from(drawn, row => labels[row])
  if (count < 2 || new Set(own).size < 2 || new Set(own).size >= own.length) return null
  return Number((await silhouette(takeRows(x, drawn), own, { signal })).toFixed(4))
}

/** Clusters from the largest on: where each stands, and their sizes. */
function bySize(labels: Int32Array, count: number) {
  const sizes = new Float64Array(count)
  for (const label of labels) if (label >= 0) sizes[label]++
  const order = Array.from(sizes.keys()).sort((a, b) => sizes[b] - sizes[a] || a - b)
  const placeOf = new Int32Array(count)
  order.forEach((label, place) => {
    placeOf[label] = place
  })
  return { placeOf, sizes }
}

/** How many different rows there are, up to a limit. */
function distinctRows({ x, rows, width }: Matrix, limit: number): number {
  const seen = new Set<string>()
  for (let row = 0; row < rows && seen.size < limit; row++)
    seen.add(x.subarray(row * width, (row + 1) * width).join())
  return seen.size
}

async function writeClusters(
  { dataset }: UnlabelledRows,
  assign: (table: Table) => Promise<Int32Array>,
  options: Pick<ClusterOptions, 'out' | 'onStep' | 'signal'> & { onText: (text: string) => void },
): Promise<{ sizes: number[]; noise: number }> {
  const { out, onText, onStep, signal } = options
  const sizes: number[] = []
  let noise = 0
  let rows = 0
  async function* pieces(): AsyncGenerator<string> {
    yield line([...dataset.names, freeName('cluster', dataset.names)])
    for await (const table of dataset.chunks({ rows: chunk })) {
      throwIfAborted('cluster', signal)
      const labels = await assign(table)
      const writers = table.columns.map(cellWriter)
      let text = ''
      for (let row = 0; row < table.rows; row++) {
        for (const write of writers) text += `${write(row)},`
        text += `${labels[row]}\n`
        if (labels[row] < 0) noise++
        else sizes[labels[row]] = (sizes[labels[row]] ?? 0) + 1
      }
      rows += table.rows
      onStep?.({ type: 'writing', rows })
      yield text
    }
    if (rows !== dataset.rows) throw wrongCount('clusters', dataset.rows, rows)
  }
  await writePieces(pieces(), out, onText)
  return { sizes, noise }
}

/** Rows on their first two principal components. */
async function mapOf(x: Matrix, labels: Int32Array, seed: number): Promise<Clustering['map']> {
  if (x.width < 2 || x.rows < 3) return []
  const { PCA } = await import('../../classic/decomposition/pca.js')
  const order = new Random(seed, 0x6d617073).shuffle(
    Uint32Array.from({ length: x.rows }, (_, i) => i),
  )
  const drawn = order.subarray(0, mapRows)
  const part = takeRows(x, drawn)
  const { x: places } = (await new PCA({ nComponents: 2 }).fitTransform(part)) as Matrix
  const round = (value: number) => Number(value.toPrecision(4))
  return Array.from(drawn, (row, i) => [
    round(places[2 * i]),
    round(places[2 * i + 1]),
    labels[row],
  ])
}

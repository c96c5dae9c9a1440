// Missing values replaced by one value a column.

import { AthanorError, argumentError } from '../../base/errors.js'
import type { Label } from '../../base/label.js'
import { choiceParameter, type GivenParameters, optionalParameter } from '../../base/parameters.js'
import { type CodeColumn, type Column, columnLength, countMissing } from '../../data/column.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { FrameTransformer } from '../../estimator/base-frame-transformer.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import type { Transformed } from '../../estimator/contract.js'
import { frameOf } from '../../estimator/frame.js'
import { labelParameter } from '../../estimator/label-parameter.js'
import {
  type Features,
  type FeaturesLike,
  type Matrix,
  type MatrixNeeds,
  matrixOf,
} from '../../estimator/matrix.js'
import type { RawColumns } from '../../estimator/raw-columns.js'
import { forEachOf } from '../../estimator/row-blocks.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { type Codec, int32s, list } from '../../estimator/state.js'
import { fillValue } from '../../features/imputing.js'
import { momentsOf } from '../../features/moments.js'
import { quantilesOf } from '../preprocessing/unsorted-quantiles.js'
import { columnsOut, numberColumn } from './columns-out.js'
import {
  columnsWithMissing,
  imputerParameters,
  indicatorNames,
  indicatorOf,
  markMissing,
} from './missing.js'
import {
  denseColumnsOf,
  imputeSparse,
  markStored,
  sparseColumnsWithMissing,
} from './sparse-imputing.js'

const strategies = ['mean', 'median', 'mostFrequent', 'constant'] as const

const simpleImputerParameters = {
  missingValues: imputerParameters.missingValues,
  strategy: choiceParameter(strategies, {
    default: 'mean',
    doc: 'What missing values become: the mean, the median, the most frequent value (also of texts), or fillValue.',
    search: { choices: ['mean', 'median', 'mostFrequent'] },
  }),
  fillValue: optionalParameter(
    labelParameter({
      doc: "With constant: what missing values become; null: 0 for numbers, 'missing_value' for texts.",
    }),
  ),
  addIndicator: imputerParameters.addIndicator,
  keepEmptyFeatures: imputerParameters.keepEmptyFeatures,
}

interface State {
  /** What missing values of each column become; null for a column that is left out. */
  readonly statistics: readonly (Label | null)[]
  /** Columns that had missing values, where indicators are added. */
  readonly indicators: Int32Array
}

const statistic: Codec<Label | null> = {
  write: value => value,
  read: json => {
    const { value } = json
    const fine =
      value === null ||
      typeof value === 'string' ||
      typeof value === 'boolean' ||
      (typeof value === 'number' && Number.isFinite(value))
    return fine ? value : json.fail('a value or null')
  },
}

const definition = defineEstimator({
  name: 'SimpleImputer',
  parameters: simpleImputerParameters,
  state: { statistics: list(statistic, 1), indicators: int32s({ low: 0 }) },
  tags: { input: 'table', allowNaN: true, fillsMissing: true, sparse: true, noSampleWeight: true },
  check({ statistics, indicators, nFeaturesIn }, _, json) {
    if (statistics.length !== nFeaturesIn)
      json.fail(`${nFeaturesIn} statistics`, `${statistics.length}`)
    if (indicators.some((j, i) => j >= nFeaturesIn || (i > 0 && j <= indicators[i - 1])))
      json.fail('places of columns, ascending', 'others')
  },
})

/**
 * Replaces missing values (null, undefined, NaN) by one value a column, learned in `fit`. Columns of texts and
 * truth values take the strategies mostFrequent and constant, and come out as raw columns; where all columns are
 * numbers, the result is a matrix. Of equally frequent values the least is taken. As scikit-learn's
 * `SimpleImputer`.
 *
 * @example
 * ```ts
 * const imputer = await new SimpleImputer().fit([[1, null], [3, 4]])
 * await imputer.transform([[null, 5]]) // { x: Float64Array [2, 5], … }
 * ```
 */
export class SimpleImputer extends FrameTransformer<
  typeof simpleImputerParameters,
  State,
  Transformed
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof simpleImputerParameters> = {}) {
    super(definition, params)
  }

  /** What missing values of each column become; null for a column that is left out. */
  get statistics(): readonly (Label | null)[] {
    return this.fitted('statistics').statistics
  }

  protected namesOf(
    inputs: readonly string[],
    { statistics, indicators }: State,
  ): readonly string[] {
    const kept = inputs.filter((_, j) => statistics[j] !== null)
    return [...kept, ...indicatorNames(inputs, indicators)]
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    if (!(x instanceof SparseMatrix)) return super.readFeatures(operation, x, needs)
    const { missingValues } = this.params
    if (missingValues !== undefined && (missingValues === 0 || typeof missingValues !== 'number'))
      throw argumentError(
        operation,
        'dense features, or missingValues other than 0',
        'sparse features',
        'Zeros of sparse features are not stored: pass x.toDense()',
      )
    return matrixOf(operation, x, { ...needs, sparse: true })
  }

  protected async learn(training: TransformerTraining<RawColumns>): Promise<State> {
    const { operation, signal } = training
    const { missingValues, addIndicator } = this.params
    const given: unknown = training.x
    if (given instanceof SparseMatrix) {
      const x = markStored(given, missingValues as number | undefined)
      const found = Array.from(denseColumnsOf(x), column => this.statisticOf(operation, column))
      const indicators = addIndicator ? sparseColumnsWithMissing(x) : new Int32Array(0)
      return { statistics: found, indicators }
    }
    const x = markMissing(training.x, missingValues)
    const statistics: (Label | null)[] = []
    await forEachOf(
      operation,
      x.width,
      j => statistics.push(this.statisticOf(operation, x.columns[j])),
      signal,
    )
    const indicators = addIndicator ? columnsWithMissing(x) : new Int32Array(0)
    return { statistics, indicators }
  }

  private statisticOf(operation: string, column: Column): Label | null {
    const { strategy, keepEmptyFeatures } = this.params
    const isNumber = column.kind === 'number'
    if (strategy === 'constant') {
      const value = this.constantFor(operation, column)
      const empty = countMissing(column) === columnLength(column)
      return empty && !keepEmptyFeatures ? null : value
    }
    if (!isNumber) {
      if (strategy !== 'mostFrequent') throw notNumbers(operation, column, strategy)
      return mostFrequentText(column) ?? (keepEmptyFeatures ? textOf(column, '0') : null)
    }
    const values = column.values.filter(value => !Number.isNaN(value))
    if (values.length === 0) return keepEmptyFeatures ? 0 : null
    if (strategy === 'mean') return momentsOf(values).mean
    return strategy === 'median'
      ? quantilesOf(values, [0.5])[0]
      : fillValue(values.sort(), strategy)
  }

  private constantFor(operation: string, column: Column): Label {
    const { fillValue: given } = this.params
    const isTruth = column.kind === 'code' && column.type === 'boolean'
    const kind = column.kind === 'number' ? 'number' : isTruth ? 'boolean' : 'string'
    if (given === undefined) {
      if (kind === 'number') return 0
      if (kind === 'string') return 'missing_value'
    }
    if (typeof given !== kind)
      throw argumentError(
        operation,
        `a fillValue that is a ${kind}, as column '${column.name}' is`,
        given === undefined ? 'none' : `a ${typeof given}`,
        'Give columns of different kinds imputers of their own, in a ColumnTransformer',
      )
    return given as Label
  }

  protected apply(frame: RawColumns, { statistics, indicators }: Frame & State): Transformed {
    const operation = 'SimpleImputer.transform'
    const { missingValues } = this.params
    const given: unknown = frame
    if (given instanceof SparseMatrix) {
      const numbers = statistics.map(value => {
        if (value === null || typeof value === 'number') return value
        throw argumentError(operation, 'columns of texts, as in fit', 'sparse features')
      })
      return imputeSparse(markStored(given, missingValues as number), numbers, indicators)
    }
    const x = markMissing(frame, missingValues)
    const filled = x.columns.flatMap((column, j) => {
      const value = statistics[j]
      return value === null ? [] : [fill(operation, column, value)]
    })
    const added = Array.from(indicators, j => numberColumn(indicatorOf(x.columns[j], x.rows)))
    return columnsOut([...filled, ...added], x.rows)
  }

  /**
   * The columns with their gaps, which the indicators tell: needs `addIndicator`. Columns that were left out
   * are missing throughout. Errors: ARGUMENT, SHAPE, STATE.
   */
  async inverseTransform(x: FeaturesLike): Promise<Matrix | RawColumns> {
    const operation = 'SimpleImputer.inverseTransform'
    const { statistics, indicators } = this.fitted('inverseTransform')
    if (!this.params.addIndicator)
      throw argumentError(operation, 'an imputer with addIndicator', 'one without')
    const kept = statistics.filter(value => value !== null).length
    const frame = await frameOf(operation, x, { width: kept + indicators.length, allowNaN: true })
    let next = 0
    const columns = statistics.map((value, j): Column => {
      const gap = indicators.indexOf(j)
      const isGap = gap < 0 ? () => false : gapsOf(frame.columns[kept + gap])
      if (value === null) return numberColumn(new Float64Array(frame.rows).fill(Number.NaN))
      const column = frame.columns[next++]
      return column.kind === 'number'
        ? numberColumn(column.values.map((cell, row) => (isGap(row) ? Number.NaN : cell)))
        : { ...column, codes: column.codes.map((code, row) => (isGap(row) ? -1 : code)) }
    })
    return columnsOut(columns, frame.rows)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): SimpleImputer {
    return restore(SimpleImputer, json)
  }
}

function gapsOf(column: Column): (row: number) => boolean {
  return row => column.kind === 'number' && column.values[row] > 0
}

function notNumbers(operation: string, { name }: Column, strategy: string): AthanorError {
  return new AthanorError('DATA', {
    operation,
    expected: `numbers for the strategy ${strategy}`,
    received: `texts in column '${name}'`,
    fix: "Use 'mostFrequent' or 'constant', or a ColumnTransformer with an imputer for each kind",
  })
}

function textOf({ type }: CodeColumn, text: string): Label {
  return type === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text
}

/** Of equally frequent texts the first in order; undefined where there are none. */
function mostFrequentText(column: CodeColumn): Label | undefined {
  const { codes, categories } = column
  const counts = new Uint32Array(categories.length)
  for (let row = 0; row < codes.length; row++) if (codes[row] >= 0) counts[codes[row]]++
  let best = -1
  for (let code = 0; code < counts.length; code++) {
    const more = best < 0 ? counts[code] > 0 : counts[code] > counts[best]
    const earlier =
      best >= 0 && counts[code] === counts[best] && categories[code] < categories[best]
    if (more || earlier) best = code
  }
  return best < 0 ? undefined : textOf(column, categories[best])
}

function fill(operation: string, column: Column, value: Label): Column {
  const isNumber = column.kind === 'number'
  // A column without any value has no kind of its own.
  const empty = countMissing(column) === columnLength(column)
  if (isNumber !== (typeof value === 'number') && !empty) throw otherKind(operation, column, value)
  if (typeof value === 'number')
    return numberColumn(
      isNumber
        ? column.values.map(cell => (Number.isNaN(cell) ? value : cell))
        : new Float64Array(columnLength(column)).fill(value),
    )
  const text = String(value)
  if (column.kind === 'number') {
    const type = typeof value === 'boolean' ? 'boolean' : 'category'
    const codes = new Int32Array(column.values.length)
    return { kind: 'code', name: column.name, type, codes, categories: [text] }
  }
  const found = column.categories.indexOf(text)
  const place = found < 0 ? column.categories.length : found
  return {
    ...column,
    categories: found < 0 ? [...column.categories, text] : column.categories,
    codes: column.codes.map(code => (code < 0 ? place : code)),
  }
}

function otherKind(operation: string, { name }: Column, value: Label): AthanorError {
  return new AthanorError('DATA', {
    operation,
    expected: `${typeof value}s in column '${name}', as in fit`,
    received: typeof value === 'number' ? 'texts' : 'numbers',
  })
}

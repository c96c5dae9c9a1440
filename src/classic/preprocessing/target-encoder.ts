// Each category as what the target is on average where it stands, drawn towards the overall mean where few
// rows have it (Micci-Barreca 2001, "A preprocessing scheme for high-cardinality categorical attributes in
// classification and prediction problems", eqs. 3 to 7).

import { AthanorError, argumentError } from '../../base/errors.js'
import type { Label, Labels } from '../../base/label.js'
import {
  choiceParameter,
  eitherParameter,
  type GivenParameters,
  integerParameter,
  numberParameter,
} from '../../base/parameters.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { FrameTransformer } from '../../estimator/base-frame-transformer.js'
import {
  inputNames,
  type TransformerTraining,
  withNames,
} from '../../estimator/base-transformer.js'
import type { FitOptions } from '../../estimator/contract.js'
import { kFold } from '../../estimator/folds.js'
import type { FeaturesLike, Matrix, MatrixLike } from '../../estimator/matrix.js'
import { randomState } from '../../estimator/random-state.js'
import type { RawColumns } from '../../estimator/raw-columns.js'
import { forEachOf } from '../../estimator/row-blocks.js'
import type { SparseMatrix } from '../../estimator/sparse.js'
import { choice, float64s, labels, list, optional } from '../../estimator/state.js'
import { encodeLabels, numericTargets, type Targets } from '../../estimator/targets.js'
import { momentsOf } from '../../features/moments.js'
import {
  type Category,
  categoriesCodec,
  categoriesParameter,
  codedColumn,
  learnCategories,
  placesAmong,
} from './categories.js'

const targetTypes = ['continuous', 'binary', 'multiclass'] as const
type TargetType = (typeof targetTypes)[number]

const targetEncoderParameters = {
  categories: categoriesParameter,
  targetType: choiceParameter(['auto', ...targetTypes], {
    default: 'auto',
    doc: 'What the target is; auto: numbers with fractions are continuous, all else are classes.',
  }),
  smooth: eitherParameter(
    choiceParameter(['auto'], { doc: 'By the variances.' }),
    numberParameter({ min: 0, doc: 'Rows of the overall mean that are added to each category.' }),
    {
      default: 'auto',
      doc: 'How strongly categories are drawn to the overall mean: as so many rows, or by how the target varies within categories and overall (auto).',
      search: { choices: ['auto', 1, 10, 100] },
    },
  ),
  cv: integerParameter({
    default: 5,
    min: 2,
    doc: 'Folds of fitTransform: each is encoded by what the others taught.',
  }),
  randomState,
}

interface State {
  readonly categories: readonly (readonly Category[])[]
  readonly targetType: TargetType
  /** Of binary and multiclass targets. */
  readonly targetClasses: readonly Label[] | undefined
  /** The mean of the target; with several classes the share of each. */
  readonly targetMean: Float64Array
  /** For each column, and within it for each class where there are several: what each category becomes. */
  readonly encodings: readonly Float64Array[]
}

const definition = defineEstimator({
  name: 'TargetEncoder',
  parameters: targetEncoderParameters,
  state: {
    categories: categoriesCodec,
    targetType: choice(targetTypes),
    targetClasses: optional(labels),
    targetMean: float64s(),
    encodings: list(float64s()),
  },
  tags: { input: 'table', allowNaN: true, needsTargets: true, noSampleWeight: true },
  check({ categories, targetType, targetClasses, targetMean, encodings, nFeaturesIn }, _, json) {
    const outputs = targetType === 'multiclass' ? (targetClasses?.length ?? 0) : 1
    if ((targetClasses === undefined) !== (targetType === 'continuous'))
      json.fail('classes where the target has classes', 'others')
    if (targetMean.length !== outputs) json.fail(`${outputs} means`, `${targetMean.length}`)
    if (categories.length !== nFeaturesIn || encodings.length !== nFeaturesIn * outputs)
      json.fail(`encodings of ${nFeaturesIn} columns`, `${encodings.length}`)
    encodings.forEach((values, i) => {
      if (values.length !== categories[Math.floor(i / outputs)].length)
        json.fail('a value for each category', `${values.length}`)
    })
  },
})

/** What is learned from: places of categories, and one or more columns of targets. */
interface Coded {
  readonly places: readonly Int32Array[]
  readonly sizes: readonly number[]
  readonly targets: readonly Float64Array[]
}

/**
 * Turns each category into the mean of the target where it stands; with three or more classes, into one share a
 * class. `fitTransform` encodes each row by what other folds taught, so that a model which learns from the
 * result does not see its own targets; `fit` and then `transform` of the same rows would leak them. A missing
 * value is a category; an unknown one becomes the overall mean. As scikit-learn's `TargetEncoder`.
 *
 * @example
 * ```ts
 * import * as classic from 'athanor/classic'
 * const encoder = new classic.TargetEncoder({ smooth: 0 })
 * await encoder.fit([['a'], ['a'], ['b']], [1.5, 2.5, 9.5])
 * await encoder.transform([['a'], ['b'], ['c']]) // { x: Float64Array [2, 9.5, 4.5], … }
 * ```
 */
export class TargetEncoder extends FrameTransformer<typeof targetEncoderParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof targetEncoderParameters> = {}) {
    super(definition, params)
  }

  get categories(): readonly (readonly Category[])[] {
    return this.fitted('categories').categories
  }

  /** For each column, and within it for each class of three or more, what each category becomes. */
  get encodings(): readonly Float64Array[] {
    return this.fitted('encodings').encodings
  }

  get targetMean(): Float64Array {
    return this.fitted('targetMean').targetMean
  }

  get targetType(): TargetType {
    return this.fitted('targetType').targetType
  }

  /** The target's classes, ascending; undefined where it is continuous. */
  get targetClasses(): readonly Label[] | undefined {
    return this.fitted('targetClasses').targetClasses
  }

  protected namesOf(inputs: readonly string[], state: State): readonly string[] {
    const { targetType, targetClasses = [] } = state
    return targetType === 'multiclass'
      ? inputs.flatMap(name => targetClasses.map(label => `${name}_${label}`))
      : inputs
  }

  protected learn(training: TransformerTraining<RawColumns>): State {
    return this.learnCoded(training).state
  }

  /** Encodes the training rows too, each by what the folds without it taught. */
  override async fitTransform(
    x: FeaturesLike | MatrixLike,
    y?: Targets,
    options: FitOptions = {},
  ): Promise<Matrix | SparseMatrix> {
    const { training, targetName } = await this.prepare(x as MatrixLike, y, options)
    const { state, coded } = this.learnCoded(training)
    const { operation, rows, signal } = training
    const { cv, randomState: seed } = this.params
    if (rows < 2)
      throw new AthanorError('DATA', {
        operation: 'TargetEncoder.fitTransform',
        expected: 'two rows or more, since each is encoded by what others teach',
        received: 'one',
      })
    const stratify = codesFor(training.y as Labels, state)
    const folds = kFold(rows, { folds: Math.min(cv, rows), seed, stratify })
    const outputs = coded.targets.length
    const width = coded.places.length * outputs
    const out = new Float64Array(rows * width)
    await forEachOf(
      operation,
      folds.length,
      k => {
        const { train, test } = folds[k]
        const { encodings, means } = this.encode(coded, train)
        writeEncoded(out, width, coded.places, encodings, means, test)
      },
      signal,
    )
    const frame = this.frameOf(training, targetName)
    this.keep(training, { ...frame, ...state })
    const matrix = { x: out, rows, width }
    const names = training.x.names
    return names === undefined ? matrix : withNames(matrix, this.namesOf(inputNames(frame), state))
  }

  private learnCoded(training: TransformerTraining<RawColumns>): { state: State; coded: Coded } {
    const { operation, x, rows } = training
    const y = training.y as Labels
    const { categories, places } = learnCategories(operation, x, this.params.categories, false)
    const targetType = this.typeOf(operation, y)
    const classes =
      targetType === 'continuous' ? undefined : encodeLabels(operation, y, rows, undefined)
    if (targetType === 'binary' && classes!.classes.length > 2)
      throw argumentError(
        operation,
        'two classes for targetType binary',
        `${classes!.classes.length}`,
      )
    const targets =
      classes === undefined
        ? [numericTargets(operation, y, rows)]
        : targetType === 'binary'
          ? [Float64Array.from(classes.codes)]
          : classes.classes.map((_, k) =>
              Float64Array.from(classes.codes, code => (code === k ? 1 : 0)),
            )
    const coded = { places, sizes: categories.map(list => list.length), targets }
    const { encodings, means } = this.encode(coded, undefined)
    const targetClasses = classes?.classes
    return { state: { categories, targetType, targetClasses, targetMean: means, encodings }, coded }
  }

  private typeOf(operation: string, y: Labels): TargetType {
    const { targetType } = this.params
    if (targetType !== 'auto') return targetType
    const values = Array.from(y as ArrayLike<unknown>)
    if (values.some(value => typeof value === 'number' && !Number.isInteger(value)))
      return 'continuous'
    return encodeLabels(operation, y, y.length, undefined).classes.length > 2
      ? 'multiclass'
      : 'binary'
  }

  /** What categories become, from all rows or from some. */
  private encode({ places, sizes, targets }: Coded, rowIds: ArrayLike<number> | undefined) {
    const { smooth } = this.params
    const means = new Float64Array(targets.length)
    const encodings: Float64Array[] = new Array(places.length * targets.length)
    targets.forEach((all, k) => {
      const y = rowIds === undefined ? all : gathered(all, rowIds, new Float64Array(rowIds.length))
      const { mean, std } = momentsOf(y)
      means[k] = mean
      places.forEach((column, j) => {
        const of =
          rowIds === undefined ? column : gathered(column, rowIds, new Int32Array(rowIds.length))
        encodings[j * targets.length + k] =
          smooth === 'auto'
            ? byVariance(of, y, sizes[j], mean, std * std)
            : byCount(of, y, sizes[j], mean, smooth)
      })
    })
    return { encodings, means }
  }

  protected apply(x: RawColumns, state: Frame & State): Matrix {
    const operation = 'TargetEncoder.transform'
    const places = x.columns.map((column, j) =>
      placesAmong(operation, column, codedColumn(operation, column), state.categories[j], false),
    )
    const width = state.encodings.length
    const out = new Float64Array(x.rows * width)
    writeEncoded(out, width, places, state.encodings, state.targetMean, undefined)
    return { x: out, rows: x.rows, width }
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): TargetEncoder {
    return restore(TargetEncoder, json)
  }
}

/** The values at these places. */
function gathered<T extends Float64Array | Int32Array>(
  values: T,
  rowIds: ArrayLike<number>,
  into: T,
): T {
  for (let i = 0; i < rowIds.length; i++) into[i] = values[rowIds[i]]
  return into
}

/** Places of the labels among the classes; undefined for a continuous target. */
function codesFor(y: Labels, { targetClasses }: State): Int32Array | undefined {
  if (targetClasses === undefined) return undefined
  const place = new Map(targetClasses.map((label, i) => [label, i]))
  return Int32Array.from(y as ArrayLike<unknown>, label => place.get(label as Label) ?? 0)
}

function writeEncoded(
  out: Float64Array,
  width: number,
  places: readonly Int32Array[],
  encodings: readonly Float64Array[],
  means: Float64Array,
  rowIds: ArrayLike<number> | undefined,
): void {
  const outputs = means.length
  places.forEach((column, j) => {
    for (let k = 0; k < outputs; k++) {
      const values = encodings[j * outputs + k]
      const rows = rowIds?.length ?? column.length
      for (let i = 0; i < rows; i++) {
        const row = rowIds === undefined ? i : rowIds[i]
        const place = column[row]
        out[row * width + j * outputs + k] = place < 0 ? means[k] : values[place]
      }
    }
  })
}

/** Means with `smooth` rows of the overall mean added (eq. 7). */
function byCount(
  places: Int32Array,
  y: Float64Array,
  size: number,
  mean: number,
  smooth: number,
): Float64Array {
  const sums = new Float64Array(size).fill(smooth * mean)
  const counts = new Float64Array(size).fill(smooth)
  for (let row = 0; row < places.length; row++) {
    if (places[row] < 0) continue
    sums[places[row]] += y[row]
    counts[places[row]]++
  }
  return sums.map((sum, place) => (counts[place] === 0 ? mean : sum / counts[place]))
}

/** Means weighted by what the variance within the category says of them (eqs. 5 and 6). */
function byVariance(
  places: Int32Array,
  y: Float64Array,
  size: number,
  mean: number,
  variance: number,
): Float64Array {
  const means = new Float64Array(size)
  const counts = new Float64Array(size)
  for (let row = 0; row < places.length; row++) {
    if (places[row] < 0) continue
    means[places[row]] += y[row]
    counts[places[row]]++
  }
  for (let place = 0; place < size; place++) means[place] /= counts[place]
  const squares = new Float64Array(size)
  for (let row = 0; row < places.length; row++)
    if (places[row] >= 0) squares[places[row]] += (y[row] - means[places[row]]) ** 2
  return means.map((own, place) => {
    const n = counts[place]
    const share = (variance * n) / (variance * n + squares[place] / n)
    return Number.isNaN(share) ? mean : share * own + (1 - share) * mean
  })
}

// One feature a category: 1 in the row's own, 0 elsewhere.

import { argumentError } from '../../base/errors.js'
import {
  booleanParameter,
  choiceParameter,
  eitherParameter,
  type GivenParameters,
  optionalParameter,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { FrameTransformer } from '../../estimator/base-frame-transformer.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import { isSparse, type MatrixLike, matrixOf } from '../../estimator/matrix.js'
import type { RawColumns } from '../../estimator/raw-columns.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import {
  type Category,
  categoriesCodec,
  categoriesParameter,
  categoryListParameter,
  categoryName,
  codedColumn,
  learnCategories,
  placesAmong,
  show,
} from './categories.js'
import {
  groupedPlaces,
  infrequentCodec,
  infrequentParameters,
  infrequentPlaces,
} from './infrequent.js'

const oneHotEncoderParameters = {
  categories: categoriesParameter,
  drop: optionalParameter(
    eitherParameter(
      choiceParameter(['first', 'ifBinary'], { doc: 'A rule.' }),
      categoryListParameter('One category a column.'),
      {
        doc: 'A category of each column that has no feature: the first, the first of two, or those named; null: none.',
      },
    ),
  ),
  sparseOutput: booleanParameter({
    default: true,
    doc: 'Whether the result is a SparseMatrix.',
  }),
  handleUnknown: choiceParameter(['error', 'ignore', 'infrequentIfExist'], {
    default: 'error',
    doc: 'A category that fit did not see: an error, zeros, or the place of the rare ones (zeros where there is none).',
  }),
  ...infrequentParameters,
}

interface State {
  readonly categories: readonly (readonly Category[])[]
  readonly infrequent: readonly Int32Array[]
}

const definition = defineEstimator({
  name: 'OneHotEncoder',
  parameters: oneHotEncoderParameters,
  state: { categories: categoriesCodec, infrequent: infrequentCodec },
  tags: { input: 'table', allowNaN: true, noSampleWeight: true },
  check({ categories, infrequent, nFeaturesIn }, { drop }, json) {
    if (categories.length !== nFeaturesIn || infrequent.length !== nFeaturesIn)
      json.fail(`categories of ${nFeaturesIn} columns`, `${categories.length}`)
    infrequent.forEach((places, j) => {
      if (
        places.some(
          (place, i) => place >= categories[j].length || (i > 0 && place <= places[i - 1]),
        )
      )
        json.fail('places among the categories, ascending', 'others')
    })
    if (Array.isArray(drop) && drop.some((category, j) => !categories[j]?.includes(category)))
      json.fail('the categories to drop', 'others')
  },
})

/** One column's features. */
interface Block {
  /** For each category the place of its feature, -1 for the one that is dropped. */
  readonly features: Int32Array
  readonly width: number
  /** The place of the rare ones' feature, -1 where there is none. */
  readonly rare: number
  /** The category dropped; of the rare ones the first. */
  readonly dropped: number
  readonly names: readonly string[]
}

/**
 * Turns each column of categories into one feature for each of them. A missing value is a category of its
 * own where fit saw one. As scikit-learn's `OneHotEncoder`; the feature of rare categories is called
 * `column_infrequent`, and a share in `minFrequency` lies below 1.
 *
 * @example
 * ```ts
 * const encoder = await new OneHotEncoder({ sparseOutput: false }).fit([['red'], ['blue']])
 * await encoder.transform([['red']]) // { x: Float64Array [0, 1], … }: x0_blue, x0_red
 * ```
 */
export class OneHotEncoder extends FrameTransformer<typeof oneHotEncoderParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof oneHotEncoderParameters> = {}) {
    super(definition, params)
  }

  /** The categories of each column; null is a missing value. */
  get categories(): readonly (readonly Category[])[] {
    return this.fitted('categories').categories
  }

  /** The rare categories of each column. */
  get infrequentCategories(): readonly (readonly Category[])[] {
    const { categories, infrequent } = this.fitted('infrequentCategories')
    return infrequent.map((places, j) => Array.from(places, place => categories[j][place]))
  }

  /** The place of the category that each column drops; undefined where it drops none. */
  get dropIdx(): readonly (number | undefined)[] {
    return this.blocks(this.fitted('dropIdx')).map(({ dropped }) =>
      dropped < 0 ? undefined : dropped,
    )
  }

  protected namesOf(inputs: readonly string[], state: State): readonly string[] {
    return this.blocks(state).flatMap(({ names }, j) => names.map(name => `${inputs[j]}_${name}`))
  }

  protected learn({ operation, x, rows }: TransformerTraining<RawColumns>): State {
    const { categories: given, handleUnknown, drop } = this.params
    const { categories, counts } = learnCategories(operation, x, given, handleUnknown === 'error')
    const infrequent = counts.map(of => infrequentPlaces(of, rows, this.params))
    if (Array.isArray(drop)) this.checkDrop(operation, drop, categories, infrequent)
    return { categories, infrequent }
  }

  private checkDrop(
    operation: string,
    drop: readonly Category[],
    categories: readonly (readonly Category[])[],
    infrequent: readonly Int32Array[],
  ): void {
    if (drop.length !== categories.length)
      throw argumentError(operation, `drop for ${categories.length} columns`, `${drop.length}`)
    drop.forEach((category, j) => {
      const place = categories[j].indexOf(category)
      if (place < 0 || infrequent[j].includes(place))
        throw argumentError(
          operation,
          `drop to name a frequent category of column ${j}`,
          `${show(category)}, which is ${place < 0 ? 'not there' : 'rare'}`,
        )
    })
  }

  private blocks({ categories, infrequent }: State): Block[] {
    return categories.map((list, j) => {
      const grouped = groupedPlaces(list.length, infrequent[j])
      const hasRare = infrequent[j].length > 0
      const width = list.length - infrequent[j].length + (hasRare ? 1 : 0)
      const drop = this.dropOf(j, list, grouped, width)
      const features = grouped.map(place =>
        place === drop ? -1 : place - (drop >= 0 && place > drop ? 1 : 0),
      )
      const frequent = list.filter((_, place) => !infrequent[j].includes(place)).map(categoryName)
      const names = (hasRare ? [...frequent, 'infrequent'] : frequent).filter((_, i) => i !== drop)
      return {
        features,
        width: names.length,
        rare: hasRare ? features[infrequent[j][0]] : -1,
        dropped: drop < 0 ? -1 : grouped.indexOf(drop),
        names,
      }
    })
  }

  /** The place, rare ones grouped, that column j drops; -1 for none. */
  private dropOf(j: number, list: readonly Category[], grouped: Int32Array, width: number): number {
    const { drop } = this.params
    if (drop === undefined) return -1
    if (drop === 'first') return 0
    if (drop === 'ifBinary') return width === 2 ? 0 : -1
    return grouped[list.indexOf((drop as readonly Category[])[j])]
  }

  protected apply(x: RawColumns, state: Frame & State): AnyMatrix {
    const operation = 'OneHotEncoder.transform'
    const { handleUnknown, sparseOutput } = this.params
    const blocks = this.blocks(state)
    let width = 0
    const columns = x.columns.map((column, j) => {
      const coded = codedColumn(operation, column)
      const strict = handleUnknown === 'error'
      const places = placesAmong(operation, column, coded, state.categories[j], strict)
      const { features, rare, width: own } = blocks[j]
      const unknown = handleUnknown === 'infrequentIfExist' ? rare : -1
      const start = width
      width += own
      return places.map(place => {
        const feature = place < 0 ? unknown : features[place]
        return feature < 0 ? -1 : start + feature
      })
    })
    return sparseOutput ? sparseOnes(columns, x.rows, width) : denseOnes(columns, x.rows, width)
  }

  /**
   * The categories back, row by row; null where a row is all zeros and no category was dropped.
   *
   * Errors: SHAPE, STATE; ARGUMENT for zeros alone where unknown categories are errors.
   */
  async inverseTransform(x: MatrixLike): Promise<Category[][]> {
    const operation = 'OneHotEncoder.inverseTransform'
    const state = this.fitted('inverseTransform')
    const blocks = this.blocks(state)
    const total = blocks.reduce((sum, { width }) => sum + width, 0)
    const given = await matrixOf(operation, x, { width: total, sparse: true })
    const { x: values, rows, width } = isSparse(given) ? given.toDense() : given
    return Array.from({ length: rows }, (_, row) => {
      let at = row * width
      return blocks.map((block, j) => {
        const from = at
        at += block.width
        let best = -1
        for (let k = 0; k < block.width; k++)
          if (values[from + k] !== 0 && (best < 0 || values[from + k] > values[from + best]))
            best = k
        const list = state.categories[j]
        if (best >= 0)
          return best === block.rare ? 'infrequent' : list[block.features.indexOf(best)]
        if (block.dropped >= 0) return list[block.dropped]
        if (this.params.handleUnknown === 'error')
          throw argumentError(operation, `a category of column ${j} in row ${row}`, 'zeros alone')
        return null
      })
    })
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): OneHotEncoder {
    return restore(OneHotEncoder, json)
  }
}

function sparseOnes(columns: readonly Int32Array[], rows: number, width: number): SparseMatrix {
  const indptr = new Int32Array(rows + 1)
  for (const column of columns)
    for (let row = 0; row < rows; row++) if (column[row] >= 0) indptr[row + 1]++
  for (let row = 0; row < rows; row++) indptr[row + 1] += indptr[row]
  const indices = new Int32Array(indptr[rows])
  const next = indptr.slice()
  for (const column of columns)
    for (let row = 0; row < rows; row++) if (column[row] >= 0) indices[next[row]++] = column[row]
  const values = new Float64Array(indices.length).fill(1)
  return new SparseMatrix({ rows, width, indptr, indices, values })
}

function denseOnes(columns: readonly Int32Array[], rows: number, width: number) {
  const x = new Float64Array(rows * width)
  for (const column of columns)
    for (let row = 0; row < rows; row++) if (column[row] >= 0) x[row * width + column[row]] = 1
  return { x, rows, width }
}

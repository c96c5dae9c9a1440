// Each category as its place among the categories of its column.

import { argumentError } from '../../base/errors.js'
import {
  choiceParameter,
  type GivenParameters,
  integerParameter,
  numberParameter,
  optionalParameter,
} from '../../base/parameters.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { FrameTransformer } from '../../estimator/base-frame-transformer.js'
import type { TransformerTraining } from '../../estimator/base-transformer.js'
import { denseMatrixOf, type Matrix, type MatrixLike } from '../../estimator/matrix.js'
import type { RawColumns } from '../../estimator/raw-columns.js'
import {
  type Category,
  categoriesCodec,
  categoriesParameter,
  codedColumn,
  learnCategories,
  placesAmong,
} from './categories.js'
import {
  groupedPlaces,
  infrequentCodec,
  infrequentParameters,
  infrequentPlaces,
} from './infrequent.js'

const ordinalEncoderParameters = {
  categories: categoriesParameter,
  handleUnknown: choiceParameter(['error', 'useEncodedValue'], {
    default: 'error',
    doc: 'A category that fit did not see: an error, or unknownValue.',
  }),
  unknownValue: optionalParameter(
    integerParameter({ doc: 'With useEncodedValue: what unknown categories become; null: NaN.' }),
  ),
  encodedMissingValue: optionalParameter(
    numberParameter({ doc: 'What missing values become that fit saw too; null: NaN.' }),
  ),
  ...infrequentParameters,
}

interface State {
  readonly categories: readonly (readonly Category[])[]
  readonly infrequent: readonly Int32Array[]
}

const definition = defineEstimator({
  name: 'OrdinalEncoder',
  parameters: ordinalEncoderParameters,
  state: { categories: categoriesCodec, infrequent: infrequentCodec },
  tags: { input: 'table', allowNaN: true, noSampleWeight: true },
  check({ categories, infrequent, nFeaturesIn }, _, json) {
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
  },
})

/**
 * Turns each category into its place, from 0: for trees, or where the categories have an order, given by
 * `categories`. Missing values stay missing (NaN), or become `encodedMissingValue`. As scikit-learn's
 * `OrdinalEncoder`.
 *
 * @example
 * ```ts
 * const encoder = new OrdinalEncoder({ categories: [['small', 'medium', 'large']] })
 * await encoder.fitTransform([['large'], ['small']]) // { x: Float64Array [2, 0], … }
 * ```
 */
export class OrdinalEncoder extends FrameTransformer<typeof ordinalEncoderParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof ordinalEncoderParameters> = {}) {
    super(definition, params)
    const { handleUnknown, unknownValue } = this.params
    if (handleUnknown === 'error' && unknownValue !== undefined)
      throw argumentError(
        'OrdinalEncoder',
        "handleUnknown 'useEncodedValue' beside unknownValue",
        "'error'",
      )
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

  protected namesOf(inputs: readonly string[]): readonly string[] {
    return inputs
  }

  protected learn({ operation, x, rows }: TransformerTraining<RawColumns>): State {
    const { categories: given, handleUnknown, unknownValue, encodedMissingValue } = this.params
    const { categories, counts } = learnCategories(operation, x, given, handleUnknown === 'error')
    // A missing value isn't rare, however few rows have one.
    const infrequent = counts.map((of, j) =>
      infrequentPlaces(hasMissing(categories[j]) ? of.subarray(0, -1) : of, rows, this.params),
    )
    categories.forEach((list, j) => {
      const used = valuesOf(list, infrequent[j], -1).reduce((a, b) => Math.max(a, b), -1)
      const clash = (value: number | undefined) =>
        value !== undefined && Number.isInteger(value) && value >= 0 && value <= used
      if (clash(unknownValue) || (hasMissing(list) && clash(encodedMissingValue)))
        throw argumentError(
          operation,
          `unknownValue and encodedMissingValue outside 0 to ${used}`,
          `${unknownValue} and ${encodedMissingValue}, where column ${j} has so many categories`,
        )
    })
    return { categories, infrequent }
  }

  protected apply(x: RawColumns, { categories, infrequent }: Frame & State): Matrix {
    const operation = 'OrdinalEncoder.transform'
    const { handleUnknown, unknownValue, encodedMissingValue } = this.params
    const { rows, width } = x
    const out = new Float64Array(rows * width)
    x.columns.forEach((column, j) => {
      const coded = codedColumn(operation, column)
      const strict = handleUnknown === 'error'
      const places = placesAmong(operation, column, coded, categories[j], strict)
      const values = valuesOf(categories[j], infrequent[j], encodedMissingValue ?? Number.NaN)
      for (let row = 0; row < rows; row++)
        out[row * width + j] = places[row] < 0 ? (unknownValue ?? Number.NaN) : values[places[row]]
    })
    return { x: out, rows, width }
  }

  /**
   * The categories back, row by row; null for missing and unknown ones. Errors: SHAPE, STATE; ARGUMENT for
   * a place that is none.
   */
  async inverseTransform(x: MatrixLike): Promise<Category[][]> {
    const operation = 'OrdinalEncoder.inverseTransform'
    const { categories, infrequent, nFeaturesIn } = this.fitted('inverseTransform')
    const { unknownValue, encodedMissingValue } = this.params
    const {
      x: values,
      rows,
      width,
    } = await denseMatrixOf(operation, x, {
      width: nFeaturesIn,
      allowNaN: true,
    })
    const back = categories.map((list, j) => {
      const places = valuesOf(list, infrequent[j], encodedMissingValue ?? Number.NaN)
      const found = new Map<number, Category>([[Number.NaN, null]])
      if (unknownValue !== undefined) found.set(unknownValue, null)
      list.forEach((category, place) => {
        found.set(places[place], infrequent[j].includes(place) ? 'infrequent' : category)
      })
      return found
    })
    return Array.from({ length: rows }, (_, row) =>
      back.map((found, j) => {
        const category = found.get(values[row * width + j])
        if (category === undefined)
          throw argumentError(
            operation,
            `a place among the categories of column ${j}`,
            `${values[row * width + j]} in row ${row}`,
          )
        return category
      }),
    )
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): OrdinalEncoder {
    return restore(OrdinalEncoder, json)
  }
}

function hasMissing(list: readonly Category[]): boolean {
  return list[list.length - 1] === null
}

/** What each category becomes. */
function valuesOf(
  list: readonly Category[],
  infrequent: Int32Array,
  missing: number,
): Float64Array {
  const present = hasMissing(list) ? list.length - 1 : list.length
  const places = groupedPlaces(present, infrequent)
  return Float64Array.from(list, (_, place) => (place < present ? places[place] : missing))
}

// Transformers for some columns each, their results side by side.

import { AthanorError } from '../../base/errors.js'
import {
  booleanParameter,
  type GivenParameters,
  numberParameter,
  optionalParameter,
  type Parameter,
} from '../../base/parameters.js'
import { defineEstimator, type Frame, restore } from '../../estimator/base-estimator.js'
import { FrameTransformer } from '../../estimator/base-frame-transformer.js'
import { inputNames, type TransformerTraining } from '../../estimator/base-transformer.js'
import { selectColumns } from '../../estimator/column-blocks.js'
import type {
  EstimatorCore,
  FitOptions,
  Tags,
  Transformed,
  Transformer,
} from '../../estimator/contract.js'
import { estimatorOr } from '../../estimator/estimator-codec.js'
import { estimatorFromJSON, isEstimator } from '../../estimator/estimator-parameter.js'
import {
  type Features,
  type FeaturesLike,
  type MatrixLike,
  type MatrixNeeds,
  matrixOf,
} from '../../estimator/matrix.js'
import { RawColumns } from '../../estimator/raw-columns.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { type Codec, flag, int32s, list, record, text } from '../../estimator/state.js'
import type { Targets } from '../../estimator/targets.js'
import { type Block, beside, densityOf, settled } from './beside.js'
import { type ColumnChoice, isColumnChoice, placesOf } from './column-selection.js'
import { unionTags } from './pipeline-tags.js'
import {
  type AnyStep,
  checkStepNames,
  fitTransformStep,
  isLikeStep,
  isTransformer,
  stepNames,
} from './steps.js'
import { transformerWeightsParameter } from './transformer-weights.js'

/** A transformer, its columns as they are, or none of them. */
export type ColumnStep = Transformer | 'passthrough' | 'drop'

/** A name, a transformer and its columns. */
export type ColumnBranch = readonly [name: string, step: ColumnStep, columns: ColumnChoice]

const words = ['passthrough', 'drop'] as const

function isColumnStep(value: unknown): value is ColumnStep {
  return words.includes(value as 'drop') || (isEstimator(value) && isTransformer(value))
}

const stepJson = {
  write: (step: unknown) => (isEstimator(step) ? step.toJSON() : step),
  read: (value: unknown) => (typeof value === 'object' ? estimatorFromJSON(value) : value),
}

const transformersParameter: Parameter<readonly ColumnBranch[]> = {
  kind: 'list',
  doc: "Triples of a name, a transformer ('passthrough', 'drop') and its columns: names, places or columnsOfType(…).",
  expected: 'a list of [name, transformer, columns], each name once',
  accepts: (value): value is readonly ColumnBranch[] =>
    Array.isArray(value) &&
    value.every(
      branch =>
        Array.isArray(branch) &&
        branch.length === 3 &&
        typeof branch[0] === 'string' &&
        branch[0] !== '' &&
        isColumnStep(branch[1]) &&
        isColumnChoice(branch[2]),
    ) &&
    new Set(value.map(([name]) => name)).size === value.length,
  bad: [0, 'x', null, [['a']], [['a', 'drop']], [['a', 'keep', [0]]]],
  parse: () => undefined,
  json: {
    write: branches =>
      branches.map(([name, step, columns]) => [name, stepJson.write(step), columns]),
    read: value =>
      (Array.isArray(value)
        ? value.map(branch =>
            Array.isArray(branch)
              ? [branch[0], stepJson.read(branch[1]), ...branch.slice(2)]
              : branch,
          )
        : value) as readonly ColumnBranch[],
  },
}

const remainderParameter: Parameter<ColumnStep> = {
  kind: 'object',
  default: 'drop',
  doc: "What becomes of columns that no transformer has: 'drop', 'passthrough', or a transformer for them.",
  expected: "'drop', 'passthrough' or a transformer",
  accepts: isColumnStep,
  bad: [0, 'keep', null],
  parse: given => given,
  json: { write: stepJson.write, read: value => stepJson.read(value) as ColumnStep },
}

const columnTransformerParameters = {
  transformers: transformersParameter,
  remainder: remainderParameter,
  sparseThreshold: numberParameter({
    default: 0.3,
    min: 0,
    max: 1,
    doc: 'The result is sparse where some part is and less than this share of all values is stored.',
  }),
  transformerWeights: optionalParameter(transformerWeightsParameter),
  verboseFeatureNamesOut: booleanParameter({
    default: true,
    doc: 'Whether new names begin with the name of their transformer and two underscores.',
  }),
}

interface FittedBranch {
  readonly name: string
  readonly step: EstimatorCore | 'passthrough' | 'drop'
  /** The places of its columns. */
  readonly columns: Int32Array
}

interface State {
  /** Those with columns, the remainder as the last where there is any. */
  readonly branches: readonly FittedBranch[]
  readonly sparseOutput: boolean
}

const branchCodec: Codec<FittedBranch> = record<FittedBranch>({
  name: text,
  step: estimatorOr(words),
  columns: int32s({ low: 0 }),
})

const definition = defineEstimator({
  name: 'ColumnTransformer',
  parameters: columnTransformerParameters,
  state: { branches: list(branchCodec), sparseOutput: flag },
  check({ branches, nFeaturesIn }, { transformers, remainder }, json) {
    for (const { name, step, columns } of branches) {
      const given = transformers.find(([known]) => known === name)?.[1]
      if (!isLikeStep(step, given ?? (name === 'remainder' ? remainder : undefined)))
        json.fail('the transformers that the parameters name', `'${name}'`)
      if (columns.some(place => place >= nFeaturesIn))
        json.fail(`places among ${nFeaturesIn} columns`, 'others')
    }
  },
})

/**
 * Gives each transformer its columns and puts the results side by side, in the order of the transformers. `fit`
 * fits copies of them (`namedTransformers` has them). Columns that no transformer has are dropped, or as
 * `remainder` says; dropped ones may be absent later. As scikit-learn's `ColumnTransformer`.
 *
 * Errors: ARGUMENT for wrong parameters; DATA for columns that aren't there; those of the transformers.
 *
 * @example
 * ```ts
 * const columns = new ColumnTransformer({
 *   transformers: [
 *     ['number', new StandardScaler(), ['age']],
 *     ['text', new OneHotEncoder(), columnsOfType('category')],
 *   ],
 * })
 * await columns.fitTransform([{ age: 30, city: 'Bonn' }, { age: 50, city: 'Köln' }])
 * columns.featureNamesOut // ['number__age', 'text__city_Bonn', 'text__city_Köln']
 * ```
 */
export class ColumnTransformer extends FrameTransformer<
  typeof columnTransformerParameters,
  State,
  Transformed
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof columnTransformerParameters>) {
    super(definition, params)
    checkStepNames(
      'ColumnTransformer',
      this.params.transformers.map(([name]) => name),
      [...Object.keys(columnTransformerParameters), 'remainder'],
    )
  }

  override get tags(): Tags {
    const { transformers, remainder } = this.params
    const steps = [...transformers.map(([, step]) => step), remainder].filter(
      step => step !== 'drop',
    )
    // Missing values are for the transformers to take, each in its columns.
    const allowNaN = steps.some(step => step === 'passthrough' || takesGaps(step))
    return { ...unionTags(steps), input: 'table', allowNaN }
  }

  /** The transformers by their names: fitted ones after `fit`. */
  get namedTransformers(): Readonly<Record<string, Transformer | 'passthrough' | 'drop'>> {
    const { transformers } = this.params
    if (!this.isFitted) return Object.fromEntries(transformers.map(([name, step]) => [name, step]))
    const { branches } = this.fitted('namedTransformers')
    return Object.fromEntries(branches.map(({ name, step }) => [name, step as ColumnStep]))
  }

  /** Whether results are sparse. Errors: STATE before fit. */
  get sparseOutput(): boolean {
    return this.fitted('sparseOutput').sparseOutput
  }

  protected override optionalColumns(state: Frame & State): ReadonlySet<string> {
    const used = new Set(
      state.branches.flatMap(({ step, columns }) => (step === 'drop' ? [] : Array.from(columns))),
    )
    return new Set(inputNames(state).filter((_, place) => !used.has(place)))
  }

  protected override readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    // What a column may hold is for its transformer to say.
    const all = { ...needs, allowNaN: true }
    return x instanceof SparseMatrix
      ? matrixOf(operation, x, { ...all, sparse: true })
      : super.readFeatures(operation, x, all)
  }

  protected async learn(training: TransformerTraining<RawColumns>): Promise<State> {
    return (await this.learnAll(training)).state
  }

  override async fitTransform(
    x: FeaturesLike | MatrixLike,
    y?: Targets,
    options: FitOptions = {},
  ): Promise<Transformed> {
    const { training, targetName } = await this.prepare(x as MatrixLike, y, options)
    const { state, blocks } = await this.learnAll(training)
    const frame = { ...this.frameOf(training, targetName), ...state }
    const out = beside(training.operation, blocks, training.rows, state.sparseOutput)
    this.keep(training, frame)
    return this.named(out, frame, training.x)
  }

  private async learnAll({ operation, x, rows, y, signal }: TransformerTraining<RawColumns>) {
    const { transformers, remainder, sparseThreshold } = this.params
    const branches: FittedBranch[] = []
    const blocks: Block[] = []
    const left = new Set(Array.from({ length: x.width }, (_, j) => j))
    const add = async (name: string, step: ColumnStep, places: readonly number[]) => {
      if (places.length === 0) return
      const columns = Int32Array.from(places)
      if (typeof step === 'string') {
        branches.push({ name, step, columns })
        if (step === 'passthrough') blocks.push(this.block(name, pick(x, places)))
        return
      }
      const fitted = step.clone() as unknown as AnyStep
      const given = await inputFor(operation, fitted, pick(x, places))
      const features = await fitTransformStep(fitted, given, y as Targets | undefined, { signal })
      branches.push({ name, step: fitted, columns })
      blocks.push(this.block(name, features))
    }
    for (const [name, step, choice] of transformers) {
      const places = placesOf(operation, x, choice)
      for (const place of places) left.delete(place)
      await add(name, step, places)
    }
    await add('remainder', remainder, [...left])
    if (blocks.length === 0)
      throw new AthanorError('DATA', {
        operation,
        expected: 'some column that is not dropped',
        received: x.names?.join(', ') ?? `${x.width} columns`,
      })
    const made = await settled(operation, blocks)
    const density = densityOf(made, rows)
    const sparseOutput = density < 1 && density < sparseThreshold
    const state: State = { branches, sparseOutput }
    this.checkNames(operation, {
      ...this.frameOf({ x, width: x.width } as never, undefined),
      ...state,
    })
    return { state, blocks: made }
  }

  private block(name: string, features: Transformed): Block {
    return { name, features, weight: this.params.transformerWeights?.[name] ?? 1 }
  }

  private checkNames(operation: string, state: Frame & State): void {
    if (this.params.verboseFeatureNamesOut) return
    const names = this.namesOf(inputNames(state), state)
    const seen = new Set<string>()
    for (const name of names) {
      if (seen.has(name))
        throw new AthanorError('DATA', {
          operation,
          expected: 'each new name once',
          received: `'${name}' from two transformers`,
          fix: 'Set verboseFeatureNamesOut to true',
        })
      seen.add(name)
    }
  }

  protected async apply(x: RawColumns, state: Frame & State): Promise<Transformed> {
    const operation = 'ColumnTransformer.transform'
    const blocks: Block[] = []
    for (const { name, step, columns } of state.branches) {
      if (step === 'drop') continue
      const part = pick(x, Array.from(columns))
      const given = step === 'passthrough' ? part : await inputFor(operation, step as AnyStep, part)
      const features = step === 'passthrough' ? part : await (step as AnyStep).transform!(given)
      blocks.push(this.block(name, features))
    }
    return beside(operation, await settled(operation, blocks), x.rows, state.sparseOutput)
  }

  protected namesOf(inputs: readonly string[], { branches }: State): readonly string[] {
    const verbose = this.params.verboseFeatureNamesOut
    return branches.flatMap(({ name, step, columns }) => {
      if (step === 'drop') return []
      const own = Array.from(columns, place => inputs[place])
      const names = step === 'passthrough' ? own : stepNames(step as AnyStep, own)
      return verbose ? names.map(one => `${name}__${one}`) : names
    })
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): ColumnTransformer {
    return restore(ColumnTransformer, json)
  }
}

function takesGaps(step: ColumnStep): boolean {
  return isEstimator(step) && (step as AnyStep).tags?.allowNaN === true
}

function pick(x: RawColumns, places: readonly number[]): RawColumns | SparseMatrix {
  const given: unknown = x
  return given instanceof SparseMatrix ? selectColumns(given, places) : x.select(places)
}

/** Raw columns for those that take them, a matrix for the others. */
async function inputFor(
  operation: string,
  step: AnyStep,
  part: RawColumns | SparseMatrix,
): Promise<RawColumns | Features> {
  const input = step.tags?.input ?? 'matrix'
  if (input !== 'matrix' || !(part instanceof RawColumns)) return part
  return matrixOf(operation, part, { allowNaN: true })
}

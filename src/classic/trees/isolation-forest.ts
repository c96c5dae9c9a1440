// Outliers by random trees: strange rows are soon alone (Liu, Ting & Zhou, Isolation forest, 2008).

import {
  booleanParameter,
  choiceParameter,
  eitherParameter,
  type GivenParameters,
  integerParameter,
  numberParameter,
  optionalParameter,
} from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { BaseOutlierDetector } from '../../estimator/base-clusterer.js'
import {
  defineEstimator,
  type Frame,
  restore,
  type Training,
} from '../../estimator/base-estimator.js'
import type { Matrix, MatrixLike } from '../../estimator/matrix.js'
import { randomState } from '../../estimator/random-state.js'
import { finiteNumber, integer } from '../../estimator/state.js'
import { runJob } from '../../execute/jobs.js'
import { denseOf } from './grow-trees.js'
import { checkTrees, predictTrees, type TreeEnsemble, treeEnsemble } from './tree-ensemble.js'
import { countOf, featureCount } from './tree-parameters.js'

const part = { above: 0, below: 1, doc: '' } as const

const isolationForestParameters = {
  nEstimators: integerParameter({ default: 100, min: 1, max: 1_000_000, doc: 'Number of trees.' }),
  maxSamples: eitherParameter(
    choiceParameter(['auto'], { doc: '' }),
    eitherParameter(integerParameter({ min: 1, doc: '' }), numberParameter(part), { doc: '' }),
    {
      default: 'auto',
      doc: 'Rows that each tree sees: auto (256, or all if fewer), a number, or a part below 1.',
    },
  ),
  contamination: eitherParameter(
    choiceParameter(['auto'], { doc: '' }),
    numberParameter({ above: 0, max: 0.5, doc: '' }),
    {
      default: 'auto',
      doc: 'Part of the training rows that are to be called outliers; auto: those that score below -0.5, as in the paper.',
    },
  ),
  maxFeatures: optionalParameter(
    eitherParameter(integerParameter({ min: 1, doc: '' }), numberParameter(part), {
      doc: 'Features that each tree sees: a number (1 is one), or a part below 1; null: all.',
    }),
  ),
  bootstrap: booleanParameter({
    default: false,
    doc: 'Whether a tree’s rows are drawn with putting back.',
  }),
  randomState,
}

interface State {
  /** Leaves hold the length of a path, with what is missing below. */
  readonly trees: TreeEnsemble
  readonly maxSamples: number
  readonly offset: number
}

const definition = defineEstimator({
  name: 'IsolationForest',
  parameters: isolationForestParameters,
  state: { trees: treeEnsemble, maxSamples: integer(1, 2 ** 32), offset: finiteNumber(-1, 0) },
  tags: { allowNaN: true, sparse: true },
  check({ trees, nFeaturesIn }, _, json) {
    checkTrees(trees, nFeaturesIn, json)
    if (trees.outputs !== 1 || trees.treeStart.length < 2) json.fail('trees of paths', 'others')
    if (!trees.values.every(length => length >= 0 && length <= 1e6))
      json.fail('lengths of paths', 'others')
  },
})

/** Mean length of an unsuccessful search in a tree of that many rows. */
function averagePath(rows: number): number {
  if (rows <= 1) return 0
  if (rows === 2) return 1
  return 2 * (Math.log(rows - 1) + 0.5772156649015329) - (2 * (rows - 1)) / rows
}

/**
 * Finds outliers: random divisions isolate strange rows sooner than others. As scikit-learn's
 * `IsolationForest`.
 *
 * @example
 * ```ts
 * const forest = await new IsolationForest().fit([[0], [0.1], [0.2], [0.1], [9]])
 * await forest.predict([[0.15], [9]]) // Int32Array [1, -1]
 * ```
 */
export class IsolationForest extends BaseOutlierDetector<
  typeof isolationForestParameters,
  State,
  AnyMatrix
> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof isolationForestParameters> = {}) {
    super(definition, params)
  }

  /** Scores below it are outliers: `decisionFunction` is `scoreSamples` less this. */
  get offset(): number {
    return this.fitted('offset').offset
  }

  /** Rows that each tree saw. */
  get maxSamples(): number {
    return this.fitted('maxSamples').maxSamples
  }

  /** How many trees there are. Errors: STATE before fit. */
  get treeCount(): number {
    return this.fitted('treeCount').trees.treeStart.length - 1
  }

  /** From −1 (strange) to 0 (ordinary), about −0.5 where nothing stands out. */
  async scoreSamples(x: MatrixLike): Promise<Float64Array> {
    const state = this.fitted('scoreSamples')
    const matrix = denseOf((await this.readInput('scoreSamples', x)) as AnyMatrix)
    return scoresOf(`${definition.name}.scoreSamples`, state, matrix)
  }

  protected async learn({
    operation,
    x: given,
    rows,
    width,
    sampleWeight,
    signal,
    onProgress,
  }: Training<AnyMatrix>): Promise<State> {
    const { nEstimators, maxSamples, maxFeatures, contamination, bootstrap } = this.params
    const matrix = denseOf(given)
    const wanted = maxSamples === 'auto' ? 256 : countOf(maxSamples, rows, Math.floor)
    const samples = Math.min(rows, Math.max(1, wanted))
    const features = featureCount(maxFeatures, width)
    const weights = sampleWeight?.some(weight => weight !== sampleWeight[0])
      ? sampleWeight
      : new Float64Array(0)
    const results = await runJob(operation, {
      kind: 'isolationForest',
      numbers: [
        ...[rows, width, Number(matrix.x instanceof Float32Array), nEstimators],
        ...[this.params.randomState, samples, features],
        ...[Math.ceil(Math.log2(Math.max(samples, 2))), Number(bootstrap)],
      ],
      arrays: [matrix.x, weights],
      signal,
      onProgress,
    })
    const [starts, feature, threshold, flags, left, values] = results
    const trees: TreeEnsemble = {
      outputs: 1,
      leafWidth: 1,
      rounds: false,
      base: new Float64Array(1),
      treeStart: new Int32Array(starts),
      treeOutput: undefined,
      feature: new Int32Array(feature),
      threshold: new Float64Array(threshold),
      flags: new Uint8Array(flags),
      left: new Int32Array(left),
      values: new Float64Array(values),
      setStart: new Int32Array(1),
      setWords: new Uint32Array(0),
    }
    const learned = { trees, maxSamples: samples, offset: -0.5 }
    if (contamination === 'auto') return learned
    const scores = await scoresOf(operation, learned, matrix)
    return { ...learned, offset: percentile(scores.sort(), contamination) }
  }

  protected async decisionOf(x: AnyMatrix, state: Frame & State): Promise<Float64Array> {
    const scores = await scoresOf(`${definition.name}.decisionFunction`, state, denseOf(x))
    return scores.map(score => score - state.offset)
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): IsolationForest {
    return restore(IsolationForest, json)
  }
}

/** −2 to the power of −(mean length of the path) / (that of an average row). */
async function scoresOf(
  operation: string,
  { trees, maxSamples }: State,
  x: Matrix,
): Promise<Float64Array> {
  const paths = await predictTrees(operation, trees, x)
  const usual = (trees.treeStart.length - 1) * averagePath(maxSamples)
  return paths.map(length => (usual === 0 ? -0.5 : -(2 ** (-length / usual))))
}

/** Between the two nearest of ascending values, linearly. */
function percentile(ascending: Float64Array, part: number): number {
  const at = part * (ascending.length - 1)
  const below = Math.floor(at)
  const above = Math.min(ascending.length - 1, below + 1)
  return ascending[below] + (at - below) * (ascending[above] - ascending[below])
}

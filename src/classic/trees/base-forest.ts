// What forests share: growing trees side by side, averaging them, judging them by rows that they have not
// drawn.

import type { JsonReader } from '../../base/json-reader.js'
import type { GivenParameters } from '../../base/parameters.js'
import {
  type AnyMatrix,
  type ClassifierTraining,
  countOf,
  largestOf,
  ProbabilisticClassifier,
  presentLabels,
} from '../../estimator/base-classifier.js'
import { type Definition, defineEstimator, type Frame } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import { type ClassWeight, weightsOfRows } from '../../estimator/class-weight.js'
import { requireFitted, type Tags } from '../../estimator/contract.js'
import type { Matrix, MatrixLike } from '../../estimator/matrix.js'
import { accuracy } from '../../estimator/metrics/accuracy.js'
import { r2 } from '../../estimator/metrics/r2.js'
import {
  type Codec,
  finiteNumber,
  float64s,
  optional,
  record,
  type StateTable,
  uint32s,
} from '../../estimator/state.js'
import { poissonTags } from './base-decision-tree.js'
import { denseOf, type GrownTrees, growTrees } from './grow-trees.js'
import { leavesOf, type Tree, treeAt } from './tree.js'
import { checkTrees, predictTrees, type TreeEnsemble, treeEnsemble } from './tree-ensemble.js'
import type { forestClassifierParameters, forestRegressorParameters } from './tree-parameters.js'

type ClassifierTable = ReturnType<typeof forestClassifierParameters>
type RegressorTable = ReturnType<typeof forestRegressorParameters>

/** How a forest does on rows that its trees have not drawn. */
export interface OutOfBag {
  /** Accuracy, or R², over the rows that some tree has not drawn; NaN where there are none. */
  readonly score: number
  /** By training row the mean of those trees, NaN where all have drawn it; `outputs` a row. */
  readonly values: Float64Array
}

/** What a forest has learned. */
export interface ForestState {
  readonly trees: TreeEnsemble
  /** Rows drawn into each node, each counted once. */
  readonly nNodeSamples: Uint32Array
  readonly featureImportances: Float64Array
  readonly outOfBag: OutOfBag | undefined
}

const anyNumber: Codec<number> = {
  write: value => (Number.isNaN(value) ? null : value),
  read: json => (json.value === null ? Number.NaN : finiteNumber().read(json)),
}

const state: StateTable<ForestState> = {
  trees: treeEnsemble,
  nNodeSamples: uint32s(),
  featureImportances: float64s(),
  outOfBag: optional(record<OutOfBag>({ score: anyNumber, values: float64s({ anyValue: true }) })),
}

function checkState(learned: Frame & ForestState, outputs: number, json: JsonReader): void {
  const { trees, nFeaturesIn, nNodeSamples, featureImportances, outOfBag } = learned
  checkTrees(trees, nFeaturesIn, json)
  if (trees.treeStart.length < 2) json.fail('at least one tree', 'none')
  if (trees.outputs !== outputs || trees.leafWidth !== outputs)
    json.fail(`${outputs} values a leaf`, `${trees.leafWidth}`)
  if (nNodeSamples.length !== trees.feature.length)
    json.fail(`${trees.feature.length} nNodeSamples`, `${nNodeSamples.length}`)
  if (featureImportances.length !== nFeaturesIn)
    json.fail(`${nFeaturesIn} featureImportances`, `${featureImportances.length}`)
  if (outOfBag !== undefined && outOfBag.values.length % outputs !== 0)
    json.fail(`${outputs} out-of-bag values a row`, `${outOfBag.values.length} in all`)
}

const tags: Tags = { allowNaN: true, sparse: true }

/** The definition of a class of forests that predict classes. */
export function forestClassifierDefinition(
  name: string,
  parameters: ClassifierTable,
): Definition<ClassifierTable, ForestState> {
  return defineEstimator({
    name,
    parameters,
    state,
    tags: { ...tags, oneClass: true },
    check: (learned, _, json) => checkState(learned, countOf(learned), json),
  })
}

/** The definition of a class of forests that predict numbers. */
export function forestRegressorDefinition(
  name: string,
  parameters: RegressorTable,
): Definition<RegressorTable, ForestState> {
  return defineEstimator({
    name,
    parameters,
    state,
    tags,
    check: (learned, _, json) => checkState(learned, 1, json),
  })
}

function stateOf(
  grown: GrownTrees,
  wanted: boolean,
  score: (values: Float64Array, rows: readonly number[]) => number,
): ForestState {
  const { trees, nNodeSamples, featureImportances } = grown
  return {
    trees,
    nNodeSamples,
    featureImportances,
    outOfBag: wanted ? outOfBagOf(grown, score) : undefined,
  }
}

function outOfBagOf(
  { outOfBag, judges, trees: { outputs } }: GrownTrees,
  score: (values: Float64Array, rows: readonly number[]) => number,
): OutOfBag {
  const values = outOfBag.map((sum, i) => sum / judges[Math.floor(i / outputs)])
  const rows = Array.from(judges.keys()).filter(row => judges[row] > 0)
  return { values, score: rows.length === 0 ? Number.NaN : score(values, rows) }
}

/** The mean of all trees: row-major `rows × outputs`. */
async function meanOf(operation: string, trees: TreeEnsemble, x: Matrix): Promise<Float64Array> {
  const out = await predictTrees(operation, trees, x)
  const count = trees.treeStart.length - 1
  for (let i = 0; i < out.length; i++) out[i] /= count
  return out
}

/** A forest that predicts classes: the mean of its trees' probabilities. */
export abstract class BaseForestClassifier extends ProbabilisticClassifier<
  ClassifierTable,
  ForestState,
  AnyMatrix
> {
  constructor(
    definition: Definition<ClassifierTable, ForestState>,
    given: GivenParameters<ClassifierTable>,
    private readonly drawn: boolean,
  ) {
    super(definition, given)
  }

  /** By feature, the part of all falls of impurity that is due to it, the mean over trees. */
  get featureImportances(): Float64Array {
    return this.fitted('featureImportances').featureImportances
  }

  /**
   * Accuracy on the training rows, each judged by the trees that have not drawn it.
   * Errors: STATE before fit, and without the parameter oobScore.
   */
  get oobScore(): number {
    return this.outOfBag('oobScore').score
  }

  /**
   * The probabilities behind `oobScore`, row-major `rows × classes`; NaN for rows that every tree has drawn.
   * Errors: STATE before fit, and without the parameter oobScore.
   */
  get oobDecisionFunction(): Float64Array {
    const learned = this.fitted('oobDecisionFunction')
    const { values } = this.outOfBag('oobDecisionFunction')
    return this.spread(values, values.length / learned.trees.outputs, learned)
  }

  private outOfBag(what: string): OutOfBag {
    const { outOfBag } = this.fitted(what)
    return requireFitted(`${this.definition.name}.${what} (parameter oobScore)`, outOfBag)
  }

  /** How many trees there are. Errors: STATE before fit. */
  get treeCount(): number {
    return this.fitted('treeCount').trees.treeStart.length - 1
  }

  /** One of the trees, to look at. Errors: STATE before fit, ARGUMENT for a number that none has. */
  tree(index: number): Tree {
    const learned = this.fitted('tree')
    return treeAt(`${this.definition.name}.tree`, learned.trees, index, {
      ...learned,
      classes: presentLabels(learned),
    })
  }

  /** The leaves that each row reaches, as numbers of nodes in each `tree`: `rows × trees`. */
  async apply(x: MatrixLike): Promise<Int32Array> {
    const { trees } = this.fitted('apply')
    const matrix = denseOf((await this.readInput('apply', x)) as AnyMatrix)
    return leavesOf(`${this.definition.name}.apply`, trees, matrix)
  }

  protected async learn(training: ClassifierTraining<AnyMatrix>): Promise<ForestState> {
    const { params } = this
    const { classWeight, bootstrap } = params
    const balancedSubsample = classWeight === 'balancedSubsample' && bootstrap
    const ofClasses =
      classWeight === 'balancedSubsample' ? (bootstrap ? undefined : 'balanced') : classWeight
    const { codes, classes } = training
    const grown = await growTrees({
      training,
      params,
      sampling: params,
      drawn: this.drawn,
      classes,
      targets: codes,
      weights: weightsOfRows(ofClasses as ClassWeight | undefined, training),
      balancedSubsample,
    })
    return stateOf(grown, params.oobScore, (values, rows) => {
      const said = largestOf(values, classes)
      return accuracy(
        rows.map(row => codes[row]),
        rows.map(row => said[row]),
      )
    })
  }

  protected probabilitiesOf(x: AnyMatrix, { trees }: Frame & ForestState): Promise<Float64Array> {
    return meanOf(`${this.definition.name}.predictProba`, trees, denseOf(x))
  }
}

/** A forest that predicts numbers: the mean of its trees. */
export abstract class BaseForestRegressor extends BaseRegressor<
  RegressorTable,
  ForestState,
  AnyMatrix
> {
  constructor(
    definition: Definition<RegressorTable, ForestState>,
    given: GivenParameters<RegressorTable>,
    private readonly drawn: boolean,
  ) {
    super(definition, given)
  }

  override get tags(): Tags {
    return poissonTags(this.definition.tags, this.params)
  }

  /** By feature, the part of all falls of impurity that is due to it, the mean over trees. */
  get featureImportances(): Float64Array {
    return this.fitted('featureImportances').featureImportances
  }

  /**
   * R² on the training rows, each judged by the trees that have not drawn it.
   * Errors: STATE before fit, and without the parameter oobScore.
   */
  get oobScore(): number {
    return this.outOfBag('oobScore').score
  }

  /**
   * The predictions behind `oobScore`, one a row; NaN for rows that every tree has drawn.
   * Errors: STATE before fit, and without the parameter oobScore.
   */
  get oobPrediction(): Float64Array {
    return this.outOfBag('oobPrediction').values
  }

  private outOfBag(what: string): OutOfBag {
    const { outOfBag } = this.fitted(what)
    return requireFitted(`${this.definition.name}.${what} (parameter oobScore)`, outOfBag)
  }

  /** How many trees there are. Errors: STATE before fit. */
  get treeCount(): number {
    return this.fitted('treeCount').trees.treeStart.length - 1
  }

  /** One of the trees, to look at. Errors: STATE before fit, ARGUMENT for a number that none has. */
  tree(index: number): Tree {
    const learned = this.fitted('tree')
    return treeAt(`${this.definition.name}.tree`, learned.trees, index, {
      ...learned,
      classes: undefined,
    })
  }

  /** The leaves that each row reaches, as numbers of nodes in each `tree`: `rows × trees`. */
  async apply(x: MatrixLike): Promise<Int32Array> {
    const { trees } = this.fitted('apply')
    const matrix = denseOf((await this.readInput('apply', x)) as AnyMatrix)
    return leavesOf(`${this.definition.name}.apply`, trees, matrix)
  }

  protected async learn(training: RegressorTraining<AnyMatrix>): Promise<ForestState> {
    const { params } = this
    const { y, sampleWeight } = training
    const grown = await growTrees({
      training,
      params,
      sampling: params,
      drawn: this.drawn,
      classes: 0,
      targets: y,
      weights: sampleWeight,
    })
    return stateOf(grown, params.oobScore, (values, rows) =>
      r2(
        rows.map(row => y[row]),
        rows.map(row => values[row]),
      ),
    )
  }

  protected valuesOf(x: AnyMatrix, { trees }: Frame & ForestState): Promise<Float64Array> {
    return meanOf(`${this.definition.name}.predict`, trees, denseOf(x))
  }
}

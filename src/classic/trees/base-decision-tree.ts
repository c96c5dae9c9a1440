// What single trees share: growing one, predicting by it, looking into it.

import type { JsonReader } from '../../base/json-reader.js'
import type { GivenParameters, ParametersOf } from '../../base/parameters.js'
import {
  type AnyMatrix,
  type ClassifierTraining,
  countOf,
  ProbabilisticClassifier,
  presentLabels,
} from '../../estimator/base-classifier.js'
import { type Definition, defineEstimator, type Frame } from '../../estimator/base-estimator.js'
import { BaseRegressor, type RegressorTraining } from '../../estimator/base-regressor.js'
import { weightsOfRows } from '../../estimator/class-weight.js'
import type { FitOptions, Tags } from '../../estimator/contract.js'
import type { MatrixLike } from '../../estimator/matrix.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { float64s, type StateTable, uint32s } from '../../estimator/state.js'
import type { Targets } from '../../estimator/targets.js'
import { denseOf, type GrownTrees, growTrees } from './grow-trees.js'
import { depthOf, leavesOf, type Tree, treeAt, walk } from './tree.js'
import { checkTrees, predictTrees, type TreeEnsemble, treeEnsemble } from './tree-ensemble.js'
import type { treeClassifierParameters, treeRegressorParameters } from './tree-parameters.js'

type ClassifierTable = ReturnType<typeof treeClassifierParameters>
type RegressorTable = ReturnType<typeof treeRegressorParameters>

/** What a tree has learned: itself, and what is known of each node. */
export interface TreeState {
  readonly trees: TreeEnsemble
  readonly nodeValues: Float64Array
  readonly nNodeSamples: Uint32Array
  readonly weightedNNodeSamples: Float64Array
  readonly impurity: Float64Array
  readonly featureImportances: Float64Array
}

const state: StateTable<TreeState> = {
  trees: treeEnsemble,
  nodeValues: float64s(),
  nNodeSamples: uint32s(),
  weightedNNodeSamples: float64s(),
  impurity: float64s(),
  featureImportances: float64s(),
}

function stateOf({ trees, nNodeSamples, featureImportances, details }: GrownTrees): TreeState {
  return {
    trees,
    nodeValues: details.values,
    nNodeSamples,
    weightedNNodeSamples: details.weight,
    impurity: details.impurity,
    featureImportances,
  }
}

function checkState(learned: Frame & TreeState, outputs: number, json: JsonReader): void {
  const { trees, nFeaturesIn } = learned
  checkTrees(trees, nFeaturesIn, json)
  const nodes = trees.feature.length
  if (trees.treeStart.length !== 2) json.fail('one tree', `${trees.treeStart.length - 1}`)
  if (trees.outputs !== outputs || trees.leafWidth !== outputs)
    json.fail(`${outputs} values a leaf`, `${trees.leafWidth}`)
  if (learned.nodeValues.length !== nodes * outputs)
    json.fail(`${nodes * outputs} values of nodes`, `${learned.nodeValues.length}`)
  for (const name of ['nNodeSamples', 'weightedNNodeSamples', 'impurity'] as const)
    if (learned[name].length !== nodes) json.fail(`${nodes} ${name}`, `${learned[name].length}`)
  if (learned.featureImportances.length !== nFeaturesIn)
    json.fail(`${nFeaturesIn} featureImportances`, `${learned.featureImportances.length}`)
}

const tags: Tags = { allowNaN: true, sparse: true }

/** The definition of a class of trees that predict classes. */
export function treeClassifierDefinition(
  name: string,
  parameters: ClassifierTable,
): Definition<ClassifierTable, TreeState> {
  return defineEstimator({
    name,
    parameters,
    state,
    tags: { ...tags, oneClass: true },
    check: (learned, _, json) => checkState(learned, countOf(learned), json),
  })
}

/** The definition of a class of trees that predict numbers. */
export function treeRegressorDefinition(
  name: string,
  parameters: RegressorTable,
): Definition<RegressorTable, TreeState> {
  return defineEstimator({
    name,
    parameters,
    state,
    tags,
    check: (learned, _, json) => checkState(learned, 1, json),
  })
}

/** Strengths of pruning at which a tree becomes smaller. */
export interface PruningPath {
  /** Ascending; the first is 0, the last leaves the root alone. */
  readonly ccpAlphas: Float64Array
  /** Impurity of the leaves that are left, all together, at each. */
  readonly impurities: Float64Array
}

/** Paths of rows through a tree: 1 for each node that a row passes. */
async function decisionPath(trees: TreeEnsemble, given: AnyMatrix): Promise<SparseMatrix> {
  const { x, rows, width } = denseOf(given)
  const indptr = new Int32Array(rows + 1)
  const indices: number[] = []
  for (let row = 0; row < rows; row++) {
    walk(trees, 0, x, row * width, node => indices.push(node))
    indptr[row + 1] = indices.length
  }
  const values = new Float64Array(indices.length).fill(1)
  return new SparseMatrix({ rows, width: trees.feature.length, indptr, indices, values })
}

/** A tree that predicts classes. */
export abstract class BaseTreeClassifier extends ProbabilisticClassifier<
  ClassifierTable,
  TreeState,
  AnyMatrix
> {
  private pathWanted = false
  private path: PruningPath | undefined

  constructor(
    definition: Definition<ClassifierTable, TreeState>,
    given: GivenParameters<ClassifierTable>,
  ) {
    super(definition, given)
  }

  /** The tree's arrays, as scikit-learn's `tree_`. Errors: STATE before fit. */
  get tree(): Tree {
    const learned = this.fitted('tree')
    const classes = presentLabels(learned)
    return treeAt(this.definition.name, learned.trees, 0, { ...learned, classes })
  }

  /** By feature, the part of all falls of impurity that is due to it. Errors: STATE before fit. */
  get featureImportances(): Float64Array {
    return this.fitted('featureImportances').featureImportances
  }

  /** Levels below the root. Errors: STATE before fit. */
  getDepth(): number {
    return depthOf(this.tree)
  }

  /** Number of leaves. Errors: STATE before fit. */
  getNLeaves(): number {
    return this.fitted('getNLeaves').trees.values.length / this.fitted('getNLeaves').trees.leafWidth
  }

  /** The number of the leaf, among the nodes of `tree`, that each row reaches. */
  async apply(x: MatrixLike): Promise<Int32Array> {
    const { trees } = this.fitted('apply')
    const matrix = denseOf((await this.readInput('apply', x)) as AnyMatrix)
    return leavesOf(`${this.definition.name}.apply`, trees, matrix)
  }

  /** By row 1 for each node that it passes, root and leaf included: `rows × nodes`. */
  async decisionPath(x: MatrixLike): Promise<SparseMatrix> {
    const { trees } = this.fitted('decisionPath')
    return decisionPath(trees, (await this.readInput('decisionPath', x)) as AnyMatrix)
  }

  /**
   * Strengths of pruning (`ccpAlpha`) at which the tree of these rows becomes smaller. This estimator stays
   * as it is.
   */
  async costComplexityPruningPath(
    x: MatrixLike,
    y: Targets,
    options: FitOptions = {},
  ): Promise<PruningPath> {
    const probe = this.withParams({ ccpAlpha: 0 })
    probe.pathWanted = true
    await probe.fit(x, y, options)
    return probe.path as PruningPath
  }

  protected async learn(training: ClassifierTraining<AnyMatrix>): Promise<TreeState> {
    const { params } = this
    const grown = await growTrees({
      training,
      params,
      drawn: params.splitter === 'random',
      classes: training.classes,
      targets: training.codes,
      weights: weightsOfRows(params.classWeight, training),
      details: true,
      path: this.pathWanted,
    })
    if (this.pathWanted) this.path = grown.path
    return stateOf(grown)
  }

  protected probabilitiesOf(x: AnyMatrix, { trees }: Frame & TreeState): Promise<Float64Array> {
    return predictTrees(`${this.definition.name}.predictProba`, trees, denseOf(x))
  }
}

/** A tree that predicts numbers. */
export abstract class BaseTreeRegressor extends BaseRegressor<
  RegressorTable,
  TreeState,
  AnyMatrix
> {
  private pathWanted = false
  private path: PruningPath | undefined

  constructor(
    definition: Definition<RegressorTable, TreeState>,
    given: GivenParameters<RegressorTable>,
  ) {
    super(definition, given)
  }

  override get tags(): Tags {
    return poissonTags(this.definition.tags, this.params)
  }

  /** The tree's arrays, as scikit-learn's `tree_`. Errors: STATE before fit. */
  get tree(): Tree {
    const learned = this.fitted('tree')
    return treeAt(this.definition.name, learned.trees, 0, { ...learned, classes: undefined })
  }

  /** By feature, the part of all falls of impurity that is due to it. Errors: STATE before fit. */
  get featureImportances(): Float64Array {
    return this.fitted('featureImportances').featureImportances
  }

  /** Levels below the root. Errors: STATE before fit. */
  getDepth(): number {
    return depthOf(this.tree)
  }

  /** Number of leaves. Errors: STATE before fit. */
  getNLeaves(): number {
    return this.fitted('getNLeaves').trees.values.length
  }

  /** The number of the leaf, among the nodes of `tree`, that each row reaches. */
  async apply(x: MatrixLike): Promise<Int32Array> {
    const { trees } = this.fitted('apply')
    const matrix = denseOf((await this.readInput('apply', x)) as AnyMatrix)
    return leavesOf(`${this.definition.name}.apply`, trees, matrix)
  }

  /** By row 1 for each node that it passes, root and leaf included: `rows × nodes`. */
  async decisionPath(x: MatrixLike): Promise<SparseMatrix> {
    const { trees } = this.fitted('decisionPath')
    return decisionPath(trees, (await this.readInput('decisionPath', x)) as AnyMatrix)
  }

  /**
   * Strengths of pruning (`ccpAlpha`) at which the tree of these rows becomes smaller. This estimator stays
   * as it is.
   */
  async costComplexityPruningPath(
    x: MatrixLike,
    y: Targets,
    options: FitOptions = {},
  ): Promise<PruningPath> {
    const probe = this.withParams({ ccpAlpha: 0 })
    probe.pathWanted = true
    await probe.fit(x, y, options)
    return probe.path as PruningPath
  }

  protected async learn(training: RegressorTraining<AnyMatrix>): Promise<TreeState> {
    const { params } = this
    const grown = await growTrees({
      training,
      params,
      drawn: params.splitter === 'random',
      classes: 0,
      targets: training.y,
      weights: training.sampleWeight,
      details: true,
      path: this.pathWanted,
    })
    if (this.pathWanted) this.path = grown.path
    return stateOf(grown)
  }

  protected valuesOf(x: AnyMatrix, { trees }: Frame & TreeState): Promise<Float64Array> {
    return predictTrees(`${this.definition.name}.predict`, trees, denseOf(x))
  }
}

/** Poisson deviance knows targets of 0 or more alone. */
export function poissonTags(
  given: Tags | undefined,
  params: Pick<ParametersOf<RegressorTable>, 'criterion'>,
): Tags {
  return params.criterion === 'poisson' ? { ...given, targets: 'nonNegative' } : (given ?? {})
}

// Features eliminated one after the other, those first that an estimator fitted on the rest makes least of (Guyon,
// Weston, Barnhill & Vapnik 2002, "Gene selection for cancer classification using support vector machines").

import { argumentError } from '../../base/errors.js'
import type { JsonReader } from '../../base/json-reader.js'
import type { Label, Labels } from '../../base/label.js'
import type { Parameter, ParameterTable } from '../../base/parameters.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import type { Frame } from '../../estimator/base-estimator.js'
import { selectColumns } from '../../estimator/column-blocks.js'
import type { EstimatorCore, FitOptions, ScoreOptions, Tags } from '../../estimator/contract.js'
import { estimatorCodec } from '../../estimator/estimator-codec.js'
import { estimatorParameter } from '../../estimator/estimator-parameter.js'
import { innerTags } from '../../estimator/inner-features.js'
import type { MatrixLike } from '../../estimator/matrix.js'
import { int32s, type StateTable, uint8s } from '../../estimator/state.js'
import { type Targets, targetsOf } from '../../estimator/targets.js'
import { throwIfAborted } from '../../execute/jobs.js'
import { type AnyStep, className, isLikeStep } from '../compose/steps.js'
import { countOrShare } from '../preprocessing/infrequent.js'
import { BaseSelector } from './base-selector.js'
import { importanceGetterParameter, importancesOf, squaresOf } from './importances.js'

export const eliminationParameters = {
  estimator: estimatorParameter<EstimatorCore>({
    doc: 'What is fitted, and asked for coefficients or importances; it is cloned.',
  }),
  step: {
    ...countOrShare('Features that go at a time: a number, or (below 1) a share of all.'),
    default: 1,
  } as Parameter<number>,
  importanceGetter: importanceGetterParameter,
}

export interface EliminationState {
  readonly support: Uint8Array
  /** 1 for features that are kept, the higher the earlier the others went. */
  readonly ranking: Int32Array
  /** Fitted on the features that are kept. */
  readonly estimator: EstimatorCore
}

export const eliminationState: StateTable<EliminationState> = {
  support: uint8s({ low: 0, high: 1 }),
  ranking: int32s({ low: 1 }),
  estimator: estimatorCodec,
}

export function checkElimination(
  { support, ranking, estimator, nFeaturesIn }: Frame & EliminationState,
  given: EstimatorCore,
  json: JsonReader,
): void {
  if (support.length !== nFeaturesIn || ranking.length !== nFeaturesIn)
    json.fail(`${nFeaturesIn} ranks`, `${ranking.length}`)
  if (!support.includes(1)) json.fail('a feature that is kept', 'none')
  if (!isLikeStep(estimator, given)) json.fail('the estimator of the parameters', 'another')
}

export interface Elimination {
  readonly operation: string
  readonly x: AnyMatrix
  readonly y: Labels
  readonly estimator: EstimatorCore
  readonly importanceGetter: string
  /** Features that go at a time. */
  readonly step: number
  /** Features kept in the end. */
  readonly keep: number
  readonly options: FitOptions
  /** Called with each estimator and the places of its features, before some of them go. */
  readonly onStep?: (estimator: AnyStep, places: readonly number[]) => Promise<void>
}

/** Which features are left, and in what order the others went. Errors: those of the estimator; INTERRUPTED. */
export async function eliminate(
  given: Elimination,
): Promise<{ support: Uint8Array; ranking: Int32Array }> {
  const { operation, x, y, step, keep, options, onStep } = given
  const support = new Uint8Array(x.width).fill(1)
  const ranking = new Int32Array(x.width).fill(1)
  let left = placesOf(support)
  const goal = Math.max(1, left.length - keep)
  while (left.length > keep) {
    throwIfAborted(operation, options.signal)
    const estimator = given.estimator.clone() as AnyStep
    await estimator.fit(selectColumns(x, left), y, options)
    await onStep?.(estimator, left)
    const values = importancesOf(operation, estimator, given.importanceGetter, left.length)
    const weight = squaresOf(values, left.length)
    const order = Array.from(weight.keys()).sort((a, b) => weight[a] - weight[b] || a - b)
    for (const i of order.slice(0, Math.min(step, left.length - keep))) support[left[i]] = 0
    for (let j = 0; j < x.width; j++) if (support[j] === 0) ranking[j]++
    left = placesOf(support)
    const gone = x.width - left.length
    options.onProgress?.({ fraction: Math.min(1, gone / goal), iteration: gone, loss: 0 })
  }
  return { support, ranking }
}

export function placesOf(support: Uint8Array): number[] {
  return Array.from(support.keys()).filter(j => support[j] === 1)
}

/** How many features go at a time. */
export function stepOf(step: number, width: number): number {
  return step < 1 ? Math.max(1, Math.floor(step * width)) : step
}

type Params = {
  readonly estimator: EstimatorCore
}

/** A selector that has fitted an estimator on what it keeps, and predicts by it. */
export abstract class EliminationSelector<
  P extends ParameterTable & typeof eliminationParameters,
  S extends EliminationState,
> extends BaseSelector<P, S> {
  override get tags(): Tags {
    const inner = innerTags([(this.params as Params).estimator])
    return {
      ...inner,
      input: 'matrix',
      oneClass: undefined,
      targets: undefined,
      needsTargets: true,
    }
  }

  protected supportOf({ support }: Frame & S): Uint8Array {
    return support
  }

  /** 1 for features that are kept, the higher the earlier the others went. Errors: STATE before fit. */
  get ranking(): Int32Array {
    return this.fitted('ranking').ranking
  }

  /** How many features are kept. */
  get nFeatures(): number {
    return placesOf(this.fitted('nFeatures').support).length
  }

  /** The estimator fitted on them. */
  get estimator(): EstimatorCore {
    return this.fitted('estimator').estimator
  }

  /** Its labels. Errors: ARGUMENT where it has none. */
  get classes(): readonly Label[] {
    return this.inner('classes').classes as readonly Label[]
  }

  /** Its predictions from the features kept. Errors: STATE; ARGUMENT where it doesn't predict. */
  async predict(x: MatrixLike): Promise<Float64Array | Label[]> {
    const inner = this.inner('predict')
    return (await inner.predict!(await this.transform(x))) as Float64Array | Label[]
  }

  /** Its probabilities. Errors: as `predict`. */
  async predictProba(x: MatrixLike): Promise<Float64Array> {
    const inner = this.inner('predictProba')
    return (await inner.predictProba!(await this.transform(x))) as Float64Array
  }

  /** Its scores. Errors: as `predict`. */
  async decisionFunction(x: MatrixLike): Promise<Float64Array> {
    const inner = this.inner('decisionFunction')
    return (await inner.decisionFunction!(await this.transform(x))) as Float64Array
  }

  /** Its own score. Errors: as `predict`. */
  async score(x: MatrixLike, y: Targets, options: ScoreOptions = {}): Promise<number> {
    const inner = this.inner('score')
    const targets = await targetsOf(`${this.definition.name}.score`, x, y)
    return (await inner.score!(await this.transform(x), targets, options)) as number
  }

  private inner(method: keyof AnyStep): AnyStep {
    const estimator = this.fitted(method).estimator as AnyStep
    if (estimator[method] === undefined)
      throw argumentError(
        `${this.definition.name}.${method}`,
        `an estimator that has ${method}`,
        className(estimator),
      )
    return estimator
  }
}

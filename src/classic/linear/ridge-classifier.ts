// Ridge regression as a classifier: each class is a target of 1 for its rows and −1 for the others (two classes:
// one target), the largest answer decides.

import type { GivenParameters } from '../../base/parameters.js'
import type { AnyMatrix, ClassifierTraining } from '../../estimator/base-classifier.js'
import { defineEstimator, restore } from '../../estimator/base-estimator.js'
import { classWeightParameter, weightsOfRows } from '../../estimator/class-weight.js'
import { flag, integer } from '../../estimator/state.js'
import {
  checkLinearClassifier,
  LinearClassifier,
  type LinearClassifierState,
  linearClassifierState,
} from './linear-classifier.js'
import { ridgeParameters, solveRidge } from './ridge-solver.js'

/** The parameters of RidgeClassifier. */
const ridgeClassifierParameters = { ...ridgeParameters, classWeight: classWeightParameter }

interface State extends LinearClassifierState {
  readonly nIter: number
  readonly converged: boolean
}

const definition = defineEstimator({
  name: 'RidgeClassifier',
  parameters: ridgeClassifierParameters,
  state: { ...linearClassifierState, nIter: integer(0), converged: flag },
  tags: { sparse: true },
  check: (state, _, json) => checkLinearClassifier(state, json),
})

/**
 * Linear classifier by least squares with an L2 penalty: solved at once, for all classes together. As
 * scikit-learn's `RidgeClassifier`.
 *
 * @example
 * ```ts
 * const model = await new RidgeClassifier().fit([[0], [1], [2], [3]], ['low', 'low', 'high', 'high'])
 * console.log(await model.predict([[0.5], [2.5]])) // ['low', 'high']
 * ```
 */
export class RidgeClassifier extends LinearClassifier<typeof ridgeClassifierParameters, State> {
  static readonly definition = definition

  constructor(params: GivenParameters<typeof ridgeClassifierParameters> = {}) {
    super(definition, params)
  }

  /** Iterations; 0 of direct solvers. */
  get nIter(): number {
    return this.fitted('nIter').nIter
  }

  /** False where `maxIter` came first. */
  get converged(): boolean {
    return this.fitted('converged').converged
  }

  protected learn(training: ClassifierTraining<AnyMatrix>): Promise<State> {
    const { codes, classes, rows } = training
    const { classWeight, ...params } = this.params
    const targetCount = classes === 2 ? 1 : classes
    const targets = new Float64Array(rows * targetCount).fill(-1)
    for (let i = 0; i < rows; i++)
      if (targetCount > 1) targets[i * targetCount + codes[i]] = 1
      else if (codes[i] === 1) targets[i] = 1
    const weights = weightsOfRows(classWeight, training)
    return solveRidge(training, { ...params, targets, targetCount, weights })
  }

  /** Errors: FORMAT for anything that `toJSON` would not have written. */
  static fromJSON(json: unknown): RidgeClassifier {
    return restore(RidgeClassifier, json)
  }
}

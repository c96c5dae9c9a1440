// Every estimator there is keeps the contract.

import { expect, test } from 'vitest'
import { type CheckedEstimator, checkEstimator, type EstimatorClass } from '../estimator/index.js'
import * as classic from './estimators.js'
import { allEstimators } from './register.js'

/** Those that need parameters, or that are too slow with their defaults for several hundred fits. */
const made: Readonly<Record<string, () => object>> = {
  CalibratedClassifierCV: () => ({ estimator: new classic.LogisticRegression(), cv: 3 }),
  FixedThresholdClassifier: () => ({ estimator: new classic.LogisticRegression() }),
  GridSearchCV: () => ({
    estimator: new classic.Ridge(),
    paramGrid: { alpha: [0.1, 10] },
    cv: 2,
  }),
  MLPClassifier: () => ({ hiddenLayerSizes: [5], maxIter: 3 }),
  MLPRegressor: () => ({ hiddenLayerSizes: [5], maxIter: 3 }),
  RandomizedSearchCV: () => ({ estimator: new classic.Ridge(), nIter: 2, cv: 2 }),
  TunedThresholdClassifierCV: () => ({ estimator: new classic.LogisticRegression(), cv: 2 }),
}

/** Checks that do not hold for a class, each with the reason. */
const skips: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  FixedThresholdClassifier: { 'three classes': 'a threshold lies between two classes' },
  TunedThresholdClassifierCV: { 'three classes': 'a threshold lies between two classes' },
}

function checkedOf(Class: EstimatorClass): CheckedEstimator {
  const { name } = Class.definition
  return {
    make: () => new Class(made[name]?.() ?? {}),
    fromJSON: json => Class.fromJSON(json),
    skip: skips[name] ?? {},
  }
}

test.each(allEstimators.map(Class => [Class.definition.name, Class] as const))(
  '%s keeps the contract',
  async (_, Class) => {
    expect(await checkEstimator(checkedOf(Class))).toEqual([])
  },
)

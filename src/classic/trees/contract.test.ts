// Every tree and forest keeps the estimator contract.

import { expect, test } from 'vitest'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import type { CheckedEstimator } from '../../estimator/checks/subject.js'
import {
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  ExtraTreeClassifier,
  ExtraTreeRegressor,
  ExtraTreesClassifier,
  ExtraTreesRegressor,
  IsolationForest,
  RandomForestClassifier,
  RandomForestRegressor,
} from './index.js'

const few = { nEstimators: 5 }

const subjects: Record<string, CheckedEstimator> = {
  DecisionTreeClassifier: {
    make: () => new DecisionTreeClassifier(),
    fromJSON: DecisionTreeClassifier.fromJSON,
  },
  DecisionTreeRegressor: {
    make: () => new DecisionTreeRegressor(),
    fromJSON: DecisionTreeRegressor.fromJSON,
  },
  'DecisionTreeRegressor of absolute errors': {
    make: () => new DecisionTreeRegressor({ criterion: 'absoluteError', maxLeafNodes: 6 }),
    fromJSON: DecisionTreeRegressor.fromJSON,
  },
  'DecisionTreeRegressor of counts': {
    make: () => new DecisionTreeRegressor({ criterion: 'poisson' }),
    fromJSON: DecisionTreeRegressor.fromJSON,
  },
  ExtraTreeClassifier: {
    make: () => new ExtraTreeClassifier(),
    fromJSON: ExtraTreeClassifier.fromJSON,
  },
  ExtraTreeRegressor: {
    make: () => new ExtraTreeRegressor(),
    fromJSON: ExtraTreeRegressor.fromJSON,
  },
  RandomForestClassifier: {
    make: () => new RandomForestClassifier({ ...few, oobScore: true }),
    fromJSON: RandomForestClassifier.fromJSON,
  },
  RandomForestRegressor: {
    make: () => new RandomForestRegressor({ ...few, oobScore: true, ccpAlpha: 0.01 }),
    fromJSON: RandomForestRegressor.fromJSON,
  },
  ExtraTreesClassifier: {
    make: () => new ExtraTreesClassifier(few),
    fromJSON: ExtraTreesClassifier.fromJSON,
  },
  ExtraTreesRegressor: {
    make: () => new ExtraTreesRegressor(few),
    fromJSON: ExtraTreesRegressor.fromJSON,
  },
  IsolationForest: {
    make: () => new IsolationForest({ ...few, contamination: 0.1 }),
    fromJSON: IsolationForest.fromJSON,
  },
}

test.each(Object.entries(subjects))('%s keeps the contract', async (_, subject) => {
  expect(await checkEstimator(subject)).toEqual([])
})

// Trees and forests keep the estimator contract with other parameters than the defaults too.

import { expect, test } from 'vitest'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import type { CheckedEstimator } from '../../estimator/checks/subject.js'
import {
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  ExtraTreesClassifier,
  RandomForestClassifier,
} from './index.js'

const subjects: Record<string, CheckedEstimator> = {
  'absolute errors, best first': {
    make: () => new DecisionTreeRegressor({ criterion: 'absoluteError', maxLeafNodes: 6 }),
    fromJSON: DecisionTreeRegressor.fromJSON,
  },
  'Poisson deviance': {
    make: () => new DecisionTreeRegressor({ criterion: 'poisson', minSamplesLeaf: 0.1 }),
    fromJSON: DecisionTreeRegressor.fromJSON,
  },
  'entropy, drawn thresholds, few features': {
    make: () =>
      new DecisionTreeClassifier({ criterion: 'entropy', splitter: 'random', maxFeatures: 'log2' }),
    fromJSON: DecisionTreeClassifier.fromJSON,
  },
  'a balanced forest of part of the rows': {
    make: () =>
      new RandomForestClassifier({
        nEstimators: 3,
        classWeight: 'balancedSubsample',
        maxSamples: 0.5,
        minWeightFractionLeaf: 0.05,
      }),
    fromJSON: RandomForestClassifier.fromJSON,
  },
  'extra trees with bootstrap': {
    make: () => new ExtraTreesClassifier({ nEstimators: 3, bootstrap: true, oobScore: true }),
    fromJSON: ExtraTreesClassifier.fromJSON,
  },
}

test.each(Object.entries(subjects))('%s', async (_, subject) => {
  expect(await checkEstimator(subject)).toEqual([])
})

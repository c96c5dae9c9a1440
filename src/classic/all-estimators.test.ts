// Every estimator there is keeps the contract.

import { expect, test } from 'vitest'
import { type CheckedEstimator, checkEstimator, type EstimatorClass } from '../estimator/index.js'
import * as classic from './estimators.js'
import { allEstimators } from './register.js'

/** Those that need parameters, or that are too slow with their defaults for several hundred fits. */
const made: Readonly<Record<string, () => object>> = {
  BaggingClassifier: () => ({ nEstimators: 3, oobScore: true }),
  BaggingRegressor: () => ({ nEstimators: 3, maxFeatures: 2, estimator: new classic.Ridge() }),
  CalibratedClassifierCV: () => ({ estimator: new classic.LogisticRegression(), cv: 3 }),
  ColumnTransformer: () => ({
    transformers: [['scale', new classic.StandardScaler(), [0, 2]]],
    remainder: 'passthrough',
  }),
  FeatureUnion: () => ({
    transformerList: [
      ['plain', 'passthrough'],
      ['range', new classic.MinMaxScaler()],
    ],
  }),
  ExtraTreesClassifier: () => ({ nEstimators: 5 }),
  ExtraTreesRegressor: () => ({ nEstimators: 5 }),
  FixedThresholdClassifier: () => ({ estimator: new classic.LogisticRegression() }),
  GridSearchCV: () => ({
    estimator: new classic.Ridge(),
    paramGrid: { alpha: [0.1, 10] },
    cv: 2,
  }),
  HashingVectorizer: () => ({ nFeatures: 16 }),
  IsolationForest: () => ({ nEstimators: 5, contamination: 0.1 }),
  MLPClassifier: () => ({ hiddenLayerSizes: [5], maxIter: 3 }),
  MLPRegressor: () => ({ hiddenLayerSizes: [5], maxIter: 3 }),
  MissingIndicator: () => ({ features: 'all' }),
  OneHotEncoder: () => ({ handleUnknown: 'ignore' }),
  OrdinalEncoder: () => ({ handleUnknown: 'useEncodedValue', unknownValue: -1 }),
  Pipeline: () => ({
    steps: [
      ['scale', new classic.StandardScaler()],
      ['ridge', new classic.Ridge()],
    ],
  }),
  RFE: () => ({ estimator: new classic.Ridge(), nFeaturesToSelect: 2 }),
  RFECV: () => ({ estimator: new classic.Ridge(), cv: 2 }),
  RandomForestClassifier: () => ({ nEstimators: 5, oobScore: true }),
  RandomForestRegressor: () => ({ nEstimators: 5, oobScore: true, ccpAlpha: 0.01 }),
  RandomizedSearchCV: () => ({ estimator: new classic.Ridge(), nIter: 2, cv: 2 }),
  SelectFromModel: () => ({ estimator: new classic.Ridge() }),
  StackingClassifier: () => ({ estimators: classifiers(), cv: 2, passthrough: true }),
  StackingRegressor: () => ({ estimators: regressors(), cv: 2 }),
  TransformedTargetRegressor: () => ({ regressor: new classic.Ridge(), func: 'asinh' }),
  TunedThresholdClassifierCV: () => ({ estimator: new classic.LogisticRegression(), cv: 2 }),
  VotingClassifier: () => ({ estimators: classifiers(), voting: 'soft', weights: [1, 2] }),
  VotingRegressor: () => ({ estimators: regressors() }),
}

const classifiers = () => [
  ['tree', new classic.DecisionTreeClassifier({ maxDepth: 2 })],
  ['prior', new classic.DummyClassifier()],
]
const regressors = () => [
  ['tree', new classic.DecisionTreeRegressor({ maxDepth: 2 })],
  ['ridge', new classic.Ridge()],
]

/** Checks that do not hold for a class, each with the reason. */
const skips: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  FixedThresholdClassifier: { 'three classes': 'a threshold lies between two classes' },
  QuantileTransformer: {
    'sparse features': 'it takes sparse ones of 0 or more, dense ones of any sign',
  },
  TargetEncoder: {
    'a transformer names what it gives': 'fitTransform encodes each fold by the others',
  },
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

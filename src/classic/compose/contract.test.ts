// Compositions of every kind keep the contract, as what they are made of.

import { expect, test } from 'vitest'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import type { EstimatorCore } from '../../estimator/contract.js'
import * as classic from '../estimators.js'
import '../register.js'

const { Pipeline, ColumnTransformer, FeatureUnion, TransformedTargetRegressor } = classic

const subjects: Readonly<
  Record<string, readonly [() => EstimatorCore, (json: unknown) => EstimatorCore]>
> = {
  'a classifier behind imputing and scaling': [
    () =>
      new Pipeline({
        steps: [
          ['impute', new classic.SimpleImputer()],
          ['scale', new classic.StandardScaler()],
          ['logistic', new classic.LogisticRegression()],
        ],
      }),
    Pipeline.fromJSON,
  ],
  'a classifier of texts': [
    () =>
      new Pipeline({
        steps: [
          ['tfidf', new classic.TfidfVectorizer()],
          ['logistic', new classic.LogisticRegression()],
        ],
      }),
    Pipeline.fromJSON,
  ],
  'a pipeline of transformers': [
    () =>
      new Pipeline({
        steps: [
          ['scale', new classic.StandardScaler()],
          ['nothing', 'passthrough'],
          ['powers', new classic.PolynomialFeatures()],
        ],
      }),
    Pipeline.fromJSON,
  ],
  'a clusterer behind a scaler': [
    () =>
      new Pipeline({
        steps: [
          ['scale', new classic.MinMaxScaler()],
          ['means', new classic.KMeans({ nClusters: 2, nInit: 1 })],
        ],
      }),
    Pipeline.fromJSON,
  ],
  'columns of several kinds': [
    () =>
      new ColumnTransformer({
        transformers: [
          ['bins', new classic.KBinsDiscretizer({ nBins: 3 }), [0]],
          ['code', new classic.OrdinalEncoder({ handleUnknown: 'useEncodedValue' }), [1]],
        ],
        remainder: new classic.RobustScaler(),
      }),
    ColumnTransformer.fromJSON,
  ],
  'a union of sparse and dense': [
    () =>
      new FeatureUnion({
        transformerList: [
          ['bins', new classic.KBinsDiscretizer({ nBins: 2 })],
          ['scale', new classic.MaxAbsScaler()],
        ],
      }),
    FeatureUnion.fromJSON,
  ],
  'a union of texts': [
    () =>
      new FeatureUnion({
        transformerList: [
          ['words', new classic.CountVectorizer()],
          ['pairs', new classic.CountVectorizer({ ngramRange: [2, 2] })],
        ],
      }),
    FeatureUnion.fromJSON,
  ],
  'a target by its ranks': [
    () =>
      new TransformedTargetRegressor({
        regressor: new Pipeline({
          steps: [
            ['scale', new classic.StandardScaler()],
            ['ridge', new classic.Ridge()],
          ],
        }),
        transformer: new classic.QuantileTransformer({ nQuantiles: 10 }),
      }),
    TransformedTargetRegressor.fromJSON,
  ],
}

test.each(Object.entries(subjects))('%s', async (_, [make, fromJSON]) => {
  expect(await checkEstimator({ make, fromJSON })).toEqual([])
})

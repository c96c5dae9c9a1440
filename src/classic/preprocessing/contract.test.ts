// Every transformer of preprocessing keeps the contract.

import { expect, test } from 'vitest'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import type { CheckedEstimator } from '../../estimator/checks/subject.js'
import type { EstimatorClass } from '../../estimator/contract.js'
import {
  Binarizer,
  KBinsDiscretizer,
  MaxAbsScaler,
  MinMaxScaler,
  Normalizer,
  OneHotEncoder,
  OrdinalEncoder,
  PolynomialFeatures,
  PowerTransformer,
  QuantileTransformer,
  RobustScaler,
  StandardScaler,
  TargetEncoder,
} from './index.js'

const subjects: Record<string, EstimatorClass | CheckedEstimator> = {
  Binarizer,
  KBinsDiscretizer,
  MaxAbsScaler,
  MinMaxScaler,
  Normalizer,
  OneHotEncoder: {
    make: () => new OneHotEncoder({ handleUnknown: 'ignore' }),
    fromJSON: OneHotEncoder.fromJSON,
  },
  OrdinalEncoder: {
    make: () => new OrdinalEncoder({ handleUnknown: 'useEncodedValue', unknownValue: -1 }),
    fromJSON: OrdinalEncoder.fromJSON,
  },
  PolynomialFeatures,
  PowerTransformer,
  QuantileTransformer: {
    make: () => new QuantileTransformer(),
    fromJSON: QuantileTransformer.fromJSON,
    skip: { 'sparse features': 'it takes sparse ones of 0 or more, dense ones of any sign' },
  },
  RobustScaler,
  'RobustScaler without centring': {
    make: () => new RobustScaler({ withCentering: false }),
    fromJSON: RobustScaler.fromJSON,
  },
  StandardScaler,
  'StandardScaler without mean': {
    make: () => new StandardScaler({ withMean: false }),
    fromJSON: StandardScaler.fromJSON,
  },
  TargetEncoder: {
    make: () => new TargetEncoder(),
    fromJSON: TargetEncoder.fromJSON,
    skip: { 'a transformer names what it gives': 'fitTransform encodes each fold by the others' },
  },
}

test.each(Object.entries(subjects))('%s keeps the contract', async (_, subject) => {
  expect(await checkEstimator(subject)).toEqual([])
})

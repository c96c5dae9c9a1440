// Transformers with other parameters than their defaults keep the contract too.

import { expect, test } from 'vitest'
import { checkEstimator } from '../../estimator/checks/check-estimator.js'
import type { EstimatorClass } from '../../estimator/contract.js'
import {
  FunctionTransformer,
  KBinsDiscretizer,
  OneHotEncoder,
  PowerTransformer,
  RobustScaler,
  StandardScaler,
  TargetEncoder,
} from './index.js'

const subjects: readonly (readonly [EstimatorClass, object])[] = [
  [StandardScaler, { withMean: false }],
  [RobustScaler, { withCentering: false }],
  [PowerTransformer, { standardize: false }],
  [KBinsDiscretizer, { strategy: 'kmeans', encode: 'ordinal' }],
  [FunctionTransformer, { func: 'asinh' }],
  [OneHotEncoder, { handleUnknown: 'infrequentIfExist', maxCategories: 3, drop: 'first' }],
]

test.each(subjects.map(([Class, params]) => [Class.definition.name, params, Class] as const))(
  '%s %o keeps the contract',
  async (_, params, Class) => {
    const make = () => new Class(params)
    expect(await checkEstimator({ make, fromJSON: json => Class.fromJSON(json) })).toEqual([])
  },
)

test('targets of several classes', async () => {
  const skip = {
    'a transformer names what it gives': 'fitTransform encodes each fold by the others',
  }
  const make = () => new TargetEncoder({ targetType: 'multiclass' })
  expect(await checkEstimator({ make, fromJSON: TargetEncoder.fromJSON, skip })).toEqual([])
})

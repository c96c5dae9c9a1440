// The seed of estimators that draw random numbers.

import { integerParameter } from '../base/parameters.js'

/** A whole number; the same seed gives the same model. scikit-learn draws one where none is given. */
export const randomState = integerParameter({
  default: 0,
  min: 0,
  doc: 'Seed of all random choices: the same seed gives the same model, at any number of threads.',
})

// Probabilities that mean what they say.

export { CalibratedClassifierCV } from './calibrated-classifier-cv.js'
export { IsotonicRegression } from './isotonic-regression.js'

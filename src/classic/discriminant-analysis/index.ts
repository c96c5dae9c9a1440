// Discriminant analyses.

export { LinearDiscriminantAnalysis } from './linear-discriminant-analysis.js'
export { QuadraticDiscriminantAnalysis } from './quadratic-discriminant-analysis.js'

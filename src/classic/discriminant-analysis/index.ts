// Discriminant analyses.

export {
  LinearDiscriminantAnalysis,
  type LinearDiscriminantAnalysisParams,
  linearDiscriminantAnalysisParameters,
} from './linear-discriminant-analysis.js'
export {
  QuadraticDiscriminantAnalysis,
  type QuadraticDiscriminantAnalysisParams,
  quadraticDiscriminantAnalysisParameters,
} from './quadratic-discriminant-analysis.js'

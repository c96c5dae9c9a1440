// Components: fewer features in place of many.

export { PCA, type PCAParams, pcaParameters } from './pca.js'
export {
  TruncatedSVD,
  type TruncatedSVDParams,
  truncatedSVDParameters,
} from './truncated-svd.js'

// Components: fewer features in place of many.

export { PCA } from './pca.js'
export { TruncatedSVD } from './truncated-svd.js'

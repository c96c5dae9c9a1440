// Clusters: groups of rows, found without targets.

export { KMeans, type KMeansParams, kMeansParameters } from './k-means.js'

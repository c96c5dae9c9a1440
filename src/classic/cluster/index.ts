// Clusters: groups of rows, found without targets.

export { DBSCAN, type DBSCANParams, dbscanParameters } from './dbscan.js'
export { KMeans, type KMeansParams, kMeansParameters } from './k-means.js'

// Clusters: groups of rows, found without targets.

export { DBSCAN } from './dbscan.js'
export { KMeans } from './k-means.js'

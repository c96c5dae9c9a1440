// The classic jobs: their data, who takes part, what is measured as quality, and what was asked.
// `ours` and `peers` name functions in workers/athanor.mjs and workers/peers.py.

/**
 * `against`: the peer that the target names; `target`: how many times as fast as it we have to be;
 * `quality`: which figure has to be equal, and by how much it may differ ('points' are absolute,
 * 'share' relative; 'higher' or 'lower' is better).
 */
export const jobs = {
  'boosting-1m': {
    title: 'Histogram boosting, 1,000,000 × 28, 100 trees of 31 leaves, 255 bins',
    data: { kind: 'classification', rows: 1_000_000, width: 28 },
    peers: ['lightgbm', 'xgboost', 'sklearn'],
    against: 'lightgbm',
    target: 1,
    quality: { name: 'AUC', within: 0.002, of: 'points', better: 'higher' },
  },
  'boosting-100k': {
    title: 'Histogram boosting, 100,000 × 50, 100 trees of 31 leaves',
    data: { kind: 'classification', rows: 100_000, width: 50 },
    peers: ['lightgbm', 'xgboost', 'sklearn'],
    against: 'sklearn',
    target: 2,
    quality: { name: 'AUC', within: 0.002, of: 'points', better: 'higher' },
  },
  'boosting-regression-100k': {
    title: 'Histogram boosting of numbers, 100,000 × 50, 100 trees of 31 leaves',
    data: { kind: 'regression', rows: 100_000, width: 50 },
    peers: ['lightgbm', 'xgboost', 'sklearn'],
    against: 'sklearn',
    target: 2,
    quality: { name: 'RMSE', within: 0.005, of: 'share', better: 'lower' },
  },
  'forest-100k': {
    title: 'Random forest of 100 trees, 100,000 × 50',
    data: { kind: 'classification', rows: 100_000, width: 50, test: 20_000 },
    peers: ['sklearn'],
    against: 'sklearn',
    target: 1.5,
    rounds: 2,
    quality: { name: 'accuracy', within: 0.002, of: 'points', better: 'higher' },
  },
  'logistic-100k': {
    title: 'Logistic regression, 100,000 × 50',
    data: { kind: 'classification', rows: 100_000, width: 50, curved: false },
    peers: ['sklearn', 'sklearn-newton-cholesky'],
    against: 'sklearn',
    target: 1.5,
    quality: { name: 'accuracy', within: 0.002, of: 'points', better: 'higher' },
  },
  'logistic-text': {
    title: 'Logistic regression on sparse text, 20,000 × 50,000',
    data: { kind: 'sparse', rows: 20_000, width: 50_000, perRow: 100 },
    peers: ['sklearn', 'sklearn-liblinear'],
    against: 'sklearn',
    target: 1.5,
    quality: { name: 'training log loss', within: 0.005, of: 'share', better: 'lower' },
  },
  'svc-10k': {
    title: 'SVC with RBF kernel, 10,000 × 50',
    data: { kind: 'classification', rows: 10_000, width: 50 },
    peers: ['sklearn'],
    against: 'sklearn',
    target: 1,
    quality: { name: 'accuracy', within: 0.002, of: 'points', better: 'higher' },
  },
  'kmeans-100k': {
    title: 'k-means, 100,000 × 20 into 50, from the same centres',
    data: { kind: 'clouds', rows: 100_000, width: 20, centres: 50 },
    peers: ['sklearn'],
    against: 'sklearn',
    target: 1,
    quality: { name: 'inertia', within: 0.005, of: 'share', better: 'lower' },
  },
  'neighbours-100k': {
    title: '5 neighbours of 10,000 points among 100,000 × 20',
    data: { kind: 'classification', rows: 100_000, width: 20, test: 10_000 },
    peers: ['sklearn', 'sklearn-brute'],
    against: 'fastest',
    target: 1,
    quality: { name: 'accuracy', within: 0.002, of: 'points', better: 'higher' },
  },
  'pca-100k': {
    title: 'PCA, 100,000 × 100, all components',
    data: { kind: 'correlated', rows: 100_000, width: 100, test: 1 },
    peers: ['sklearn'],
    against: 'sklearn',
    target: 1,
    quality: { name: 'variance of 10 components', within: 0.0001, of: 'share', better: 'higher' },
  },
  'predict-row': {
    title: 'One row through 100 boosted trees',
    data: { kind: 'classification', rows: 100_000, width: 50 },
    peers: ['lightgbm', 'sklearn'],
    against: 'sklearn',
    microseconds: 10,
    quality: { name: 'AUC', within: 0.002, of: 'points', better: 'higher' },
  },
  'predict-1m': {
    title: 'A million rows through 100 boosted trees',
    data: { kind: 'classification', rows: 1_000_000, width: 28 },
    peers: ['lightgbm', 'xgboost', 'sklearn'],
    against: 'lightgbm',
    target: 1,
    quality: { name: 'AUC', within: 0.002, of: 'points', better: 'higher' },
  },
}

/** Times and memory by the number of rows: what is fitted, and up to how many. */
export const growth = {
  boosting: { title: 'Histogram boosting, 20 features, 100 trees', most: 1e7, peer: 'lightgbm' },
  forest: { title: 'Random forest, 20 features, 20 trees', most: 1e6, peer: 'sklearn' },
  logistic: { title: 'Logistic regression, 20 features', most: 1e7, peer: 'sklearn' },
  kmeans: { title: 'k-means, 20 features into 10', most: 1e7, peer: 'sklearn' },
  pca: { title: 'PCA, 20 features', most: 1e7, peer: 'sklearn' },
  svc: { title: 'SVC, 20 features', most: 1e4, peer: 'sklearn' },
}

export const growthRows = [1e3, 1e4, 1e5, 1e6, 1e7]

// The classes of estimators that a run fits and a model file may name, each loaded when it is needed.

import type { Classifier, EstimatorClass, Regressor } from '../estimator/contract.js'

/** An estimator of a run's model. */
export type RunEstimator = Classifier | Regressor

export const estimatorClasses = {
  DecisionTreeClassifier: async () =>
    (await import('../classic/trees/decision-tree-classifier.js')).DecisionTreeClassifier,
  DecisionTreeRegressor: async () =>
    (await import('../classic/trees/decision-tree-regressor.js')).DecisionTreeRegressor,
  DummyClassifier: async () =>
    (await import('../classic/dummy/dummy-classifier.js')).DummyClassifier,
  DummyRegressor: async () => (await import('../classic/dummy/dummy-regressor.js')).DummyRegressor,
  ExtraTreesClassifier: async () =>
    (await import('../classic/trees/extra-trees-classifier.js')).ExtraTreesClassifier,
  ExtraTreesRegressor: async () =>
    (await import('../classic/trees/extra-trees-regressor.js')).ExtraTreesRegressor,
  GaussianNB: async () => (await import('../classic/naive-bayes/gaussian-nb.js')).GaussianNB,
  HistGradientBoostingClassifier: async () =>
    (await import('../classic/boosting/hist-gradient-boosting-classifier.js'))
      .HistGradientBoostingClassifier,
  HistGradientBoostingRegressor: async () =>
    (await import('../classic/boosting/hist-gradient-boosting-regressor.js'))
      .HistGradientBoostingRegressor,
  KNeighborsClassifier: async () =>
    (await import('../classic/neighbors/k-neighbors-classifier.js')).KNeighborsClassifier,
  KNeighborsRegressor: async () =>
    (await import('../classic/neighbors/k-neighbors-regressor.js')).KNeighborsRegressor,
  LogisticRegression: async () =>
    (await import('../classic/linear/logistic-regression.js')).LogisticRegression,
  RandomForestClassifier: async () =>
    (await import('../classic/trees/random-forest-classifier.js')).RandomForestClassifier,
  RandomForestRegressor: async () =>
    (await import('../classic/trees/random-forest-regressor.js')).RandomForestRegressor,
  Ridge: async () => (await import('../classic/linear/ridge.js')).Ridge,
  SVC: async () => (await import('../classic/svm/svc.js')).SVC,
  SVR: async () => (await import('../classic/svm/svr.js')).SVR,
} as const satisfies Readonly<Record<string, () => Promise<EstimatorClass<RunEstimator>>>>

export type EstimatorName = keyof typeof estimatorClasses

export const estimatorNames = Object.keys(estimatorClasses) as readonly EstimatorName[]

export async function estimatorClass(name: EstimatorName): Promise<EstimatorClass<RunEstimator>> {
  return (await estimatorClasses[name]()) as unknown as EstimatorClass<RunEstimator>
}

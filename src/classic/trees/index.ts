// Decision trees and forests.

export type { PruningPath } from './base-decision-tree.js'
export {
  DecisionTreeClassifier,
  type DecisionTreeClassifierParams,
  decisionTreeClassifierParameters,
} from './decision-tree-classifier.js'
export {
  DecisionTreeRegressor,
  type DecisionTreeRegressorParams,
  decisionTreeRegressorParameters,
} from './decision-tree-regressor.js'
export { type ExportTextOptions, exportText } from './export-text.js'
export {
  ExtraTreeClassifier,
  type ExtraTreeClassifierParams,
  extraTreeClassifierParameters,
} from './extra-tree-classifier.js'
export {
  ExtraTreeRegressor,
  type ExtraTreeRegressorParams,
  extraTreeRegressorParameters,
} from './extra-tree-regressor.js'
export {
  ExtraTreesClassifier,
  type ExtraTreesClassifierParams,
  extraTreesClassifierParameters,
} from './extra-trees-classifier.js'
export {
  ExtraTreesRegressor,
  type ExtraTreesRegressorParams,
  extraTreesRegressorParameters,
} from './extra-trees-regressor.js'
export {
  IsolationForest,
  type IsolationForestParams,
  isolationForestParameters,
} from './isolation-forest.js'
export {
  RandomForestClassifier,
  type RandomForestClassifierParams,
  randomForestClassifierParameters,
} from './random-forest-classifier.js'
export {
  RandomForestRegressor,
  type RandomForestRegressorParams,
  randomForestRegressorParameters,
} from './random-forest-regressor.js'
export type { Tree } from './tree.js'
export { type TreeToSvgOptions, treeToSvg } from './tree-to-svg.js'

// All families of estimators, one a folder.

export * from './calibration/index.js'
export * from './cluster/index.js'
export * from './compose/index.js'
export * from './dummy/index.js'
export * from './impute/index.js'
export * from './linear/index.js'
export * from './model-selection/index.js'
export * from './neural/index.js'
export * from './preprocessing/index.js'
export * from './svm/index.js'
export * from './text/index.js'

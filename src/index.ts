// The package in Node: the library, files and databases as data sources, and runs.

export { openDataset } from './data/node/index.js'
export * from './library.js'
export { type Run, train } from './runs/train.js'

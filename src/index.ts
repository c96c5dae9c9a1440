// The package in Node: the library, files and databases as data sources.

export { openDataset } from './data/node/index.js'
export * from './library.js'

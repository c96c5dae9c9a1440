// Data in Node: everything of ../index.ts, and reading files.

export * from '../index.js'
export { defaultMemoryLimit, type OpenOptions, openDataset } from './open.js'

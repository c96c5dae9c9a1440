// Data in Node: everything of ../index.ts, and reading files.

export * from '../index.js'
export { readWavFile } from '../sound/read-wav.node.js'
export { type ReadTextOptions, readTextFile, type TextFile } from '../text/read-text.node.js'
export { openDataset } from './open.js'
export type { OpenOptions } from './options.js'
export { openPictures } from './pictures/open-pictures.js'
export type { OpenPicturesOptions } from './pictures/picture-options.js'
export { defaultMemoryLimit } from './session.js'

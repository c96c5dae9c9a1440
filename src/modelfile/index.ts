// Models and checkpoints as files.

export type { Container, Json, StoredTensor } from './container.js'
export { decodeContainer, encodeContainer, formatVersion, refusePrototype } from './container.js'

// Models and checkpoints as files.

export { putArrays, type TakenArrays, takeArrays } from './array-parts.js'
export type { Container, Json, StoredArray, StoredTensor } from './container.js'
export { decodeContainer, encodeContainer, formatVersion, refusePrototype } from './container.js'

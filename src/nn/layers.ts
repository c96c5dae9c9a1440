// Layers as functions: `layers.dense({ units: 64 })`.

import { Dense, type DenseOptions } from './dense.js'

/** activation(x · kernel + bias). See {@link Dense}. */
export const dense = (options: DenseOptions): Dense => new Dense(options)

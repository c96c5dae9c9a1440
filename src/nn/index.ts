// Neural networks: modules, layers, losses, initialisers, regularisers, activations.

export * as activations from './activations.js'
export * as initializers from './initializers/index.js'
export { Layer } from './layer.js'
export * as layers from './layers.js'
export * as losses from './losses/index.js'
export { Module, type StateDict } from './module.js'
export * as regularizers from './regularizers.js'

// Merge layers as functions of `layers`. Options and examples are those of the classes.

import type { MultiInputLayerOptions } from '../multi-input-layer.js'
import { Add } from './add.js'
import { Average } from './average.js'
import { Concatenate, type ConcatenateOptions } from './concatenate.js'
import { Dot, type DotOptions } from './dot.js'
import { Maximum } from './maximum.js'
import { Minimum } from './minimum.js'
import { Multiply } from './multiply.js'
import { Subtract } from './subtract.js'

/**
 * Σ of the inputs, element by element.
 *
 * @example
 * ```ts
 * layers.add().forward(tensor([[1]]), tensor([[2]]), tensor([[3]])) // [[6]]
 * ```
 */
export const add = (options?: MultiInputLayerOptions): Add => new Add(options)
/** The first input less the second. */
export const subtract = (options?: MultiInputLayerOptions): Subtract => new Subtract(options)
/** Π of the inputs, element by element. */
export const multiply = (options?: MultiInputLayerOptions): Multiply => new Multiply(options)
/** Mean of the inputs, element by element. */
export const average = (options?: MultiInputLayerOptions): Average => new Average(options)
/** Largest of the inputs, element by element. */
export const maximum = (options?: MultiInputLayerOptions): Maximum => new Maximum(options)
/** Smallest of the inputs, element by element. */
export const minimum = (options?: MultiInputLayerOptions): Minimum => new Minimum(options)
/**
 * The inputs one after the other along an axis (−1).
 *
 * @example
 * ```ts
 * layers.concatenate({ axis: 1 })
 * ```
 */
export const concatenate = (options?: ConcatenateOptions): Concatenate => new Concatenate(options)
/**
 * Products of two inputs summed along an axis of each; `normalize` for cosines.
 *
 * @example
 * ```ts
 * layers.dot({ axes: -1, normalize: true })
 * ```
 */
export const dot = (options: DotOptions): Dot => new Dot(options)

// Pooling layers as functions. Options and errors are those of the classes.

import type { Sizes } from '../../tensor/windows.js'
import { AdaptiveAveragePooling1D } from './adaptive-average-pooling1d.js'
import { AdaptiveAveragePooling2D } from './adaptive-average-pooling2d.js'
import { AdaptiveMaxPooling1D } from './adaptive-max-pooling1d.js'
import { AdaptiveMaxPooling2D } from './adaptive-max-pooling2d.js'
import type { AdaptivePoolingOptions } from './adaptive-pooling.js'
import { AveragePooling1D, type AveragePooling1DOptions } from './average-pooling1d.js'
import { AveragePooling2D, type AveragePooling2DOptions } from './average-pooling2d.js'
import { GlobalAveragePooling1D } from './global-average-pooling1d.js'
import { GlobalAveragePooling2D } from './global-average-pooling2d.js'
import { GlobalMaxPooling1D } from './global-max-pooling1d.js'
import { GlobalMaxPooling2D } from './global-max-pooling2d.js'
import { MaxPooling1D, type MaxPooling1DOptions } from './max-pooling1d.js'
import { MaxPooling2D, type MaxPooling2DOptions } from './max-pooling2d.js'
import type { GlobalPoolingOptions } from './pooling-layer.js'

/**
 * The largest of each channel over windows of sequences.
 *
 * @example
 * ```ts
 * layers.maxPooling1d({ poolSize: 3, strides: 2, padding: 'same' })
 * ```
 */
export const maxPooling1d = (options: MaxPooling1DOptions = {}): MaxPooling1D =>
  new MaxPooling1D(options)

/**
 * The largest of each channel over whole sequences.
 *
 * @example
 * ```ts
 * layers.globalMaxPooling1d({ keepDims: true })
 * ```
 */
export const globalMaxPooling1d = (options: GlobalPoolingOptions = {}): GlobalMaxPooling1D =>
  new GlobalMaxPooling1D(options)

/**
 * The mean of each channel over windows of sequences.
 *
 * @example
 * ```ts
 * layers.averagePooling1d({ poolSize: 3, strides: 2, padding: 'same' })
 * ```
 */
export const averagePooling1d = (options: AveragePooling1DOptions = {}): AveragePooling1D =>
  new AveragePooling1D(options)

/**
 * The mean of each channel over whole sequences.
 *
 * @example
 * ```ts
 * layers.globalAveragePooling1d({ keepDims: true })
 * ```
 */
export const globalAveragePooling1d = (
  options: GlobalPoolingOptions = {},
): GlobalAveragePooling1D => new GlobalAveragePooling1D(options)

/**
 * The largest of each channel over windows of pictures.
 *
 * @example
 * ```ts
 * layers.maxPooling2d({ poolSize: [2, 2], strides: 2, padding: 'same' })
 * ```
 */
export const maxPooling2d = (options: MaxPooling2DOptions = {}): MaxPooling2D =>
  new MaxPooling2D(options)

/**
 * The largest of each channel over whole pictures.
 *
 * @example
 * ```ts
 * layers.globalMaxPooling2d({ keepDims: true })
 * ```
 */
export const globalMaxPooling2d = (options: GlobalPoolingOptions = {}): GlobalMaxPooling2D =>
  new GlobalMaxPooling2D(options)

/**
 * The mean of each channel over windows of pictures.
 *
 * @example
 * ```ts
 * layers.averagePooling2d({ poolSize: [2, 2], strides: 2, padding: 'same' })
 * ```
 */
export const averagePooling2d = (options: AveragePooling2DOptions = {}): AveragePooling2D =>
  new AveragePooling2D(options)

/**
 * The mean of each channel over whole pictures.
 *
 * @example
 * ```ts
 * layers.globalAveragePooling2d({ keepDims: true })
 * ```
 */
export const globalAveragePooling2d = (
  options: GlobalPoolingOptions = {},
): GlobalAveragePooling2D => new GlobalAveragePooling2D(options)

/**
 * The largest of each channel over a grid of parts of pictures, whatever their size.
 *
 * @example
 * ```ts
 * layers.adaptiveMaxPooling2d({ outputSize: [4, 4] })
 * ```
 */
export const adaptiveMaxPooling2d = (
  options: AdaptivePoolingOptions<Sizes>,
): AdaptiveMaxPooling2D => new AdaptiveMaxPooling2D(options)

/**
 * The mean of each channel over a grid of parts of pictures, whatever their size.
 *
 * @example
 * ```ts
 * layers.adaptiveAveragePooling2d({ outputSize: [4, 4] })
 * ```
 */
export const adaptiveAveragePooling2d = (
  options: AdaptivePoolingOptions<Sizes>,
): AdaptiveAveragePooling2D => new AdaptiveAveragePooling2D(options)

/**
 * The largest of each channel over a given number of parts of sequences.
 *
 * @example
 * ```ts
 * layers.adaptiveMaxPooling1d({ outputSize: 4 })
 * ```
 */
export const adaptiveMaxPooling1d = (
  options: AdaptivePoolingOptions<number>,
): AdaptiveMaxPooling1D => new AdaptiveMaxPooling1D(options)

/**
 * The mean of each channel over a given number of parts of sequences.
 *
 * @example
 * ```ts
 * layers.adaptiveAveragePooling1d({ outputSize: 4 })
 * ```
 */
export const adaptiveAveragePooling1d = (
  options: AdaptivePoolingOptions<number>,
): AdaptiveAveragePooling1D => new AdaptiveAveragePooling1D(options)

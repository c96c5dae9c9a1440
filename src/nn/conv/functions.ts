// Convolution layers as functions. Options and errors are those of the classes.

import { Conv1D, type Conv1DOptions } from './conv1d.js'
import { Conv1DTranspose, type Conv1DTransposeOptions } from './conv1d-transpose.js'
import { Conv2D, type Conv2DOptions } from './conv2d.js'
import { Conv2DTranspose, type Conv2DTransposeOptions } from './conv2d-transpose.js'
import { Cropping1D, type Cropping1DOptions } from './cropping1d.js'
import { Cropping2D, type Cropping2DOptions } from './cropping2d.js'
import { DepthwiseConv1D, type DepthwiseConv1DOptions } from './depthwise-conv1d.js'
import { DepthwiseConv2D, type DepthwiseConv2DOptions } from './depthwise-conv2d.js'
import { SeparableConv1D, type SeparableConv1DOptions } from './separable-conv1d.js'
import { SeparableConv2D, type SeparableConv2DOptions } from './separable-conv2d.js'
import { UpSampling1D, type UpSampling1DOptions } from './up-sampling1d.js'
import { UpSampling2D, type UpSampling2DOptions } from './up-sampling2d.js'
import { ZeroPadding1D, type ZeroPadding1DOptions } from './zero-padding1d.js'
import { ZeroPadding2D, type ZeroPadding2DOptions } from './zero-padding2d.js'

/**
 * activation(x ⋆ kernel + bias) over sequences: [batch, steps, channels] → [batch, steps', filters].
 *
 * @example
 * ```ts
 * layers.conv1d({ filters: 16, kernelSize: 5, padding: 'causal', inputShape: [100, 8] })
 * ```
 */
export const conv1d = (options: Conv1DOptions): Conv1D => new Conv1D(options)

/**
 * activation(x ⋆ kernel + bias) over pictures: [batch, height, width, channels] → [batch, rows,
 * columns, filters].
 *
 * @example
 * ```ts
 * layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] })
 * ```
 */
export const conv2d = (options: Conv2DOptions): Conv2D => new Conv2D(options)

/**
 * The transposed convolution of sequences, which makes them longer by its strides.
 *
 * @example
 * ```ts
 * layers.conv1dTranspose({ filters: 8, kernelSize: 4, strides: 2, padding: 'same' })
 * ```
 */
export const conv1dTranspose = (options: Conv1DTransposeOptions): Conv1DTranspose =>
  new Conv1DTranspose(options)

/**
 * The transposed convolution of pictures, which makes them larger by its strides.
 *
 * @example
 * ```ts
 * layers.conv2dTranspose({ filters: 8, kernelSize: 4, strides: 2, padding: 'same' })
 * ```
 */
export const conv2dTranspose = (options: Conv2DTransposeOptions): Conv2DTranspose =>
  new Conv2DTranspose(options)

/**
 * A convolution of sequences for each channel by itself.
 *
 * @example
 * ```ts
 * layers.depthwiseConv1d({ kernelSize: 3, padding: 'same' })
 * ```
 */
export const depthwiseConv1d = (options: DepthwiseConv1DOptions): DepthwiseConv1D =>
  new DepthwiseConv1D(options)

/**
 * A convolution of pictures for each channel by itself.
 *
 * @example
 * ```ts
 * layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 })
 * ```
 */
export const depthwiseConv2d = (options: DepthwiseConv2DOptions): DepthwiseConv2D =>
  new DepthwiseConv2D(options)

/**
 * Each channel of sequences for itself, then a mix of them.
 *
 * @example
 * ```ts
 * layers.separableConv1d({ filters: 32, kernelSize: 3 })
 * ```
 */
export const separableConv1d = (options: SeparableConv1DOptions): SeparableConv1D =>
  new SeparableConv1D(options)

/**
 * Each channel of pictures for itself, then a mix of them.
 *
 * @example
 * ```ts
 * layers.separableConv2d({ filters: 32, kernelSize: 3 })
 * ```
 */
export const separableConv2d = (options: SeparableConv2DOptions): SeparableConv2D =>
  new SeparableConv2D(options)

/**
 * Each step repeated.
 *
 * @example
 * ```ts
 * layers.upSampling1d({ size: 3 })
 * ```
 */
export const upSampling1d = (options: UpSampling1DOptions = {}): UpSampling1D =>
  new UpSampling1D(options)

/**
 * Pictures made larger by whole factors.
 *
 * @example
 * ```ts
 * layers.upSampling2d({ interpolation: 'bilinear' })
 * ```
 */
export const upSampling2d = (options: UpSampling2DOptions = {}): UpSampling2D =>
  new UpSampling2D(options)

/**
 * Zeros before and after sequences.
 *
 * @example
 * ```ts
 * layers.zeroPadding1d({ padding: 2 })
 * ```
 */
export const zeroPadding1d = (options: ZeroPadding1DOptions = {}): ZeroPadding1D =>
  new ZeroPadding1D(options)

/**
 * Zeros around pictures.
 *
 * @example
 * ```ts
 * layers.zeroPadding2d({ padding: [[1, 0], [1, 0]] })
 * ```
 */
export const zeroPadding2d = (options: ZeroPadding2DOptions = {}): ZeroPadding2D =>
  new ZeroPadding2D(options)

/**
 * Sequences without their ends.
 *
 * @example
 * ```ts
 * layers.cropping1d({ cropping: 2 })
 * ```
 */
export const cropping1d = (options: Cropping1DOptions = {}): Cropping1D => new Cropping1D(options)

/**
 * Pictures without their edges.
 *
 * @example
 * ```ts
 * layers.cropping2d({ cropping: [2, 4] })
 * ```
 */
export const cropping2d = (options: Cropping2DOptions = {}): Cropping2D => new Cropping2D(options)

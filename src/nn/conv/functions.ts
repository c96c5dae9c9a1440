// Convolution layers as functions. Options and errors are those of the classes.

import { Conv1D, type Conv1DOptions } from './conv1d.js'
import { Conv2D, type Conv2DOptions } from './conv2d.js'

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

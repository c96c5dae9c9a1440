// What plain and depthwise convolutions share: windows over the input, with padding that may be causal.

import type { Tensor } from '../../tensor/tensor.js'
import {
  convolution,
  type Padding,
  type Pair,
  planeOf,
  type Sizes,
  windowsOf,
} from '../../tensor/windows.js'
import { FilterLayer, type FilterLayerOptions, type Rank } from './convolution-layer.js'

/** `causal`: a step sees itself and those before it. */
export type LayerPadding = 'valid' | 'same' | 'causal'

/** Options of a layer that knows causal padding too. */
export type WithCausal<O> = Omit<O, 'padding'> & { readonly padding?: LayerPadding }

export abstract class WindowConvolution<S extends Sizes> extends FilterLayer<S> {
  readonly padding: LayerPadding

  constructor(rank: Rank, options: WithCausal<FilterLayerOptions<S>>) {
    const { padding = 'valid', ...others } = options
    super(rank, others as FilterLayerOptions<S>)
    this.padding = padding
  }

  private get tensorPadding(): Padding {
    if (this.padding !== 'causal') return this.padding
    const before = (this.window[1] - 1) * this.dilation[1]
    return [
      [0, 0],
      [before, 0],
    ]
  }

  protected convolved(x: Tensor, filter: Tensor, groups: number): Tensor {
    const { stride: strides, tensorPadding: padding, dilation } = this
    return convolution(x, filter, { strides, padding, dilation, groups })
  }

  protected resultPlane(plane: Pair): Pair {
    const { window, stride, dilation } = this
    const windows = windowsOf(plane, window, stride, this.tensorPadding, dilation)
    return planeOf(plane, window, windows, dilation)
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), padding: this.padding }
  }
}

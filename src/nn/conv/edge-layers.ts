// Padding and cropping: what the layers for sequences and for pictures share.

import { shapeError } from '../../base/errors.js'
import { formatShape, type Shape } from '../../base/shape.js'
import { pad, slice } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Pair } from '../../tensor/windows.js'
import { Layer, type LayerOptions } from '../layer.js'
import { type DataFormat, type Rank, sampleOf } from './convolution-layer.js'

abstract class EdgeLayer extends Layer {
  constructor(
    protected readonly rank: Rank,
    protected readonly edges: readonly Pair[],
    readonly dataFormat: DataFormat,
    options: LayerOptions,
  ) {
    super(options)
    this.buildIfKnown()
  }

  override build(inputShape: Shape): void {
    this.outputShape(inputShape)
  }

  /** For each axis of a sample what happens at its two ends; [0, 0] for the channels. */
  protected perAxis(sample: Shape): readonly Pair[] {
    sampleOf(this.name, this.rank, this.dataFormat, sample)
    const none: Pair = [0, 0]
    return this.dataFormat === 'channelsFirst' ? [none, ...this.edges] : [...this.edges, none]
  }

  override flops(_inputShape: Shape): number {
    return 0
  }
}

/** Zeros around. */
export abstract class ZeroPadding extends EdgeLayer {
  protected call(x: Tensor): Tensor {
    return pad(x, [[0, 0], ...this.perAxis(x.shape.slice(1))])
  }

  override outputShape(inputShape: Shape): Shape {
    return this.perAxis(inputShape).map(([before, after], i) => before + inputShape[i] + after)
  }
}

/** Edges cut away. */
export abstract class Cropping extends EdgeLayer {
  protected call(x: Tensor): Tensor {
    const sample = x.shape.slice(1)
    this.outputShape(sample)
    return slice(
      x,
      null,
      ...this.perAxis(sample).map(([before, after], i): Pair => [before, sample[i] - after]),
    )
  }

  override outputShape(inputShape: Shape): Shape {
    const out = this.perAxis(inputShape).map(([before, after], i) => inputShape[i] - before - after)
    if (out.some(n => n < 1))
      throw shapeError(
        this.name,
        `inputs larger than what is cropped, ${this.edges.map(([a, b]) => a + b).join(' × ')}`,
        formatShape(inputShape),
      )
    return out
  }
}

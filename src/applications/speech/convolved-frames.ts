// Two convolutions over time and pitch before the recurrent layers (D. Amodei et al., "Deep Speech 2", 2015, section
// 3.3): they take strides in both, so that steps are fewer, and hear a sound a little higher or later as the same.

import { OptionTable, required } from '../../base/options.js'
import type { Shape } from '../../base/shape.js'
import { wholeNumber } from '../../base/value-kinds.js'
import { heNormal, zeros } from '../../nn/initializers/index.js'
import { layerOptions } from '../../nn/layer.js'
import { registerLayer } from '../../nn/registry.js'
import { add, cast, mul, relu } from '../../tensor/operations.js'
import { reshape, slice } from '../../tensor/structure.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Variable } from '../../tensor/variable.js'
import { convolution, type Pair } from '../../tensor/windows.js'
import { FramesLayer, type FramesOptions, someFrames, thereAt } from './frames-layer.js'

/** Options of `ConvolvedFrames`. */
export interface ConvolvedFramesOptions extends FramesOptions {
  /** Filters of each convolution. */
  readonly filters: number
}

const convolvedFramesOptions = new OptionTable<ConvolvedFramesOptions>({
  ...layerOptions.rows,
  frames: required(someFrames),
  filters: required(wholeNumber({ min: 1 })),
})

/** Frames that a window is long, unless the stride is longer. */
const length = 11
/** Of both convolutions over the bands. */
const bandStride = 2

/** A quarter of the bands, an odd number. */
const heightFor = (bands: number) => Math.max(3, 2 * Math.floor(bands / 8) + 1)
const halved = (bands: number) => Math.ceil(bands / bandStride)

/** Strides of the two convolutions over time: together `frames`, as alike as they can be, the larger first. */
function stridesOf(frames: number): Pair {
  let second = Math.floor(Math.sqrt(frames))
  while (frames % second !== 0) second--
  return [frames / second, second]
}

/**
 * Windows as they would lie over an endless recording: what stands before the first does not depend on the length.
 * Zeros behind complete the last.
 */
function paddingFor(size: number, window: number, stride: number): Pair {
  const before = Math.floor((window - stride) / 2)
  const covered = (Math.ceil(size / stride) - 1) * stride + window
  return [before, covered - before - size]
}

/**
 * [batch, steps, features + 1], as `SpeechBatches` gives it, to [batch, ⌈steps / frames⌉, ⌈features / 4⌉ · filters],
 * with a mask: a step counts if its first frame is there, as the last feature says. Frames that are not there are
 * zeros to both convolutions, so that a recording is the same alone and among longer ones. With F features and C
 * filters it has 11 · C · (h₁ + C · h₂) + 2 · C parameters, where h₁ and h₂ are about a quarter of the bands of each
 * convolution (11 and 5 for 40 features).
 *
 * @throws AthanorError SHAPE for inputs that are no sequences of two features or more.
 * @example
 * ```ts
 * const front = new speech.ConvolvedFrames({ frames: 4, filters: 8 })
 * console.log(front.forward(zeros([2, 30, 41])).shape) // [2, 8, 80]
 * ```
 */
export class ConvolvedFrames extends FramesLayer {
  readonly filters: number
  firstKernel: Variable | null = null
  firstBias: Variable | null = null
  secondKernel: Variable | null = null
  secondBias: Variable | null = null

  constructor(options: ConvolvedFramesOptions) {
    super(convolvedFramesOptions.check('ConvolvedFrames', options))
    this.filters = options.filters
    this.buildIfKnown()
  }

  get className() {
    return 'ConvolvedFrames' as const
  }

  override get hasWeights(): boolean {
    return true
  }

  override build(inputShape: Shape): void {
    super.build(inputShape)
    const { filters } = this
    const bands = inputShape[1] - 1
    const [stride, next] = stridesOf(this.frames)
    const first = [Math.max(length, stride), heightFor(bands), 1, filters]
    const second = [Math.max(length, next), heightFor(halved(bands)), filters, filters]
    this.firstKernel = this.addWeight('firstKernel', first, heNormal())
    this.firstBias = this.addWeight('firstBias', [filters], zeros())
    this.secondKernel = this.addWeight('secondKernel', second, heNormal())
    this.secondBias = this.addWeight('secondBias', [filters], zeros())
  }

  protected call(x: Tensor): Tensor {
    const [batch, steps, width] = x.shape
    const [first, second] = stridesOf(this.frames)
    const heard = reshape(slice(x, null, null, [0, width - 1]), [batch, steps, width - 1, 1])
    const whole = onlyWhere(heard, thereAt(x, 1))
    const once = convolved(whole, this.firstKernel!, this.firstBias!, first)
    const twice = convolved(
      onlyWhere(once, thereAt(x, first)),
      this.secondKernel!,
      this.secondBias!,
      second,
    )
    const [, left, bands, filters] = twice.shape
    return reshape(twice, [batch, left, bands * filters])
  }

  override outputShape([steps, width]: Shape): Shape {
    return [Math.ceil(steps / this.frames), halved(halved(width - 1)) * this.filters]
  }

  override flops([steps, width]: Shape): number {
    this.ensureBuilt([steps, width])
    const bands = halved(width - 1)
    const [stride] = stridesOf(this.frames)
    const [once, twice] = [Math.ceil(steps / stride) * bands, Math.ceil(steps / this.frames)]
    return 2 * (once * this.firstKernel!.size + twice * halved(bands) * this.secondKernel!.size)
  }

  override config(): Record<string, unknown> {
    return { ...super.config(), filters: this.filters }
  }
}

function convolved(x: Tensor, kernel: Variable, bias: Variable, stride: number): Tensor {
  const [, steps, bands] = x.shape
  const [along, across] = kernel.shape
  const y = convolution(x, kernel, {
    strides: [stride, bandStride],
    padding: [paddingFor(steps, along, stride), paddingFor(bands, across, bandStride)],
  })
  return relu(add(y, bias))
}

/** Zeros where a step [batch, steps] of x [batch, steps, bands, channels] is not there. */
function onlyWhere(x: Tensor, there: Tensor): Tensor {
  return mul(x, reshape(cast(there, x.dtype), [...there.shape, 1, 1]))
}

registerLayer('ConvolvedFrames', config => new ConvolvedFrames(config as never))

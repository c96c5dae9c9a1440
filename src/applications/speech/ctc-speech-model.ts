// A net from features of sound to characters, for CTC: frames stacked or convolved, recurrent layers that read both
// ways, and a dense layer (Graves, Mohamed and Hinton 2013, without the transducer; Amodei et al. 2015).

import { argumentError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import { listOf, numberIn, oneOf, wholeNumber } from '../../base/value-kinds.js'
import { bidirectional, dense, dropout, gru, lstm } from '../../nn/layers.js'
import { type Model, sequential } from '../../train/model.js'
import { ConvolvedFrames } from './convolved-frames.js'
import { someFrames } from './frames-layer.js'
import { type FrontEnd, frontEnds } from './front-ends.js'
import { StackFrames } from './stack-frames.js'

/** Options of `ctcSpeechModel`. */
export interface CtcSpeechOptions {
  /** Features of a frame, the one that says it is there left out. */
  readonly features: number
  /** Characters and the blank. */
  readonly classes: number
  /** Frames that become one step. Default: 3. */
  readonly stack?: number
  /**
   * How frames become steps: `stack` sets them side by side; `convolution` has two convolutions over time and pitch
   * (`ConvolvedFrames`). Default: stack.
   */
  readonly frontEnd?: FrontEnd
  /** Filters of each convolution of the front end. Default: 16. */
  readonly filters?: number
  /** Units of each recurrent layer, in each direction. Default: [128, 128]. */
  readonly units?: readonly number[]
  /** Default: lstm. */
  readonly cell?: 'gru' | 'lstm'
  /** Share of the outputs of each recurrent layer silenced in training. Default: 0.2. */
  readonly dropout?: number
}

const ctcSpeechOptions = new OptionTable<CtcSpeechOptions>({
  features: required(wholeNumber({ min: 1 })),
  classes: required(wholeNumber({ min: 2 })),
  stack: someFrames,
  frontEnd: oneOf(frontEnds),
  filters: wholeNumber({ min: 1 }),
  units: listOf(wholeNumber({ min: 1 })),
  cell: oneOf(['gru', 'lstm']),
  dropout: numberIn({ min: 0, below: 1 }),
})

/**
 * Takes x [batch, frames, features + 1] as `SpeechBatches` gives it, and gives logits [batch,
 * ⌈frames / stack⌉, classes] for `losses.ctc` with blank 0, with a mask of the steps that are there. Compile it
 * with the loss `ctc`. A recurrent layer of u units on i inputs has 2 · 4 · u · (i + u + 1) parameters
 * (lstm) or 2 · 3 · u · (i + u + 2) (gru); with 40 features, 28 classes and the defaults the model has
 * 659,484, with the convolutional front end 713,420.
 *
 * @throws AthanorError ARGUMENT for an option outside its range.
 * @example
 * ```ts
 * const net = speech.ctcSpeechModel({ features: 40, classes: 28 })
 * net.compile({ optimizer: 'adam', loss: 'ctc' })
 * console.log(net.module.forward(zeros([2, 30, 41])).shape) // [2, 10, 28]
 * ```
 */
export function ctcSpeechModel(options: CtcSpeechOptions): Model {
  const given = ctcSpeechOptions.check('ctcSpeechModel', options)
  const { features, classes, stack = 3, units = [128, 128], cell = 'lstm' } = given
  const { dropout: rate = 0.2, frontEnd = 'stack', filters } = given
  if (filters !== undefined && frontEnd === 'stack')
    throw argumentError('ctcSpeechModel', "filters with frontEnd: 'convolution' only", 'stack')
  const make = cell === 'lstm' ? lstm : gru
  const frames = { name: 'frames', frames: stack, inputShape: [stack, features + 1] }
  return sequential([
    frontEnd === 'stack'
      ? new StackFrames(frames)
      : new ConvolvedFrames({ ...frames, filters: filters ?? 16 }),
    // Names of their own: the same model is saved as the same bytes, whatever was made before.
    ...units.flatMap((size, i) => [
      bidirectional({
        name: `both_${i + 1}`,
        layer: make({ name: `${cell}_${i + 1}`, units: size, returnSequences: true }),
      }),
      ...(rate === 0 ? [] : [dropout({ name: `dropout_${i + 1}`, rate })]),
    ]),
    dense({ name: 'characters', units: classes }),
  ])
}

/** Steps that the model makes of so many frames. */
export function stepsOf(frames: number, stack: number): number {
  return Math.ceil(frames / stack)
}

// The likeliest class of each step, repetitions merged, blanks dropped (Graves et al. 2006, best path).

import { OptionTable } from '../../base/options.js'
import { wholeNumber } from '../../base/value-kinds.js'
import { checkLogits, logProbabilities, type StepLogits } from './logits.js'

/** Options of `greedyDecode`. */
export interface GreedyOptions {
  /** The class that stands for no label. Default: 0. */
  readonly blank?: number
}

/** What a recording was decoded to. */
export interface Decoded {
  readonly labels: readonly number[]
  /** log p of the best path (greedy), or of all paths kept (beams), without a language model. */
  readonly logProbability: number
}

const greedyOptions = new OptionTable<GreedyOptions>({ blank: wholeNumber({ min: 0 }) })

/**
 * The labels along the likeliest path. Of equal classes the first is taken.
 *
 * @throws AthanorError SHAPE if there are not as many values as steps and classes say; ARGUMENT for what is
 * no logits of one recording, or a blank that is no class; DATA for a logit that is NaN or +Infinity, or a
 * step without a possible class.
 * @example
 * ```ts
 * const values = [0, 5, 0, 5, 9, 0, 0, 5] // classes: 1, 1, blank, 1
 * speech.greedyDecode({ steps: 4, classes: 2, values }).labels // [1, 1]
 * ```
 */
export function greedyDecode(logits: StepLogits, options: GreedyOptions = {}): Decoded {
  const { blank = 0 } = greedyOptions.check('greedyDecode', options)
  checkLogits('greedyDecode', logits, blank)
  const row = new Float64Array(logits.classes)
  const labels: number[] = []
  let logProbability = 0
  let last = blank
  for (let t = 0; t < logits.steps; t++) {
    logProbabilities(logits, t, row)
    let best = 0
    for (let c = 1; c < row.length; c++) if (row[c] > row[best]) best = c
    logProbability += row[best]
    if (best !== blank && best !== last) labels.push(best)
    last = best
  }
  return { labels, logProbability }
}

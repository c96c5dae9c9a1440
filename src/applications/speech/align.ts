// Which steps say which label, given the transcript: the likeliest path that spells it (Viterbi).

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { valueWords, wholeNumber } from '../../base/value-kinds.js'
import { checkList } from './lists.js'
import { checkLogits, logProbabilities, type StepLogits } from './logits.js'

/** Options of `alignLabels`. */
export interface AlignOptions {
  /** The class that stands for no label. Default: 0. */
  readonly blank?: number
}

const alignOptions = new OptionTable<AlignOptions>({ blank: wholeNumber({ min: 0 }) })

/** Where each label lies. */
export interface Alignment {
  /** First step of each label, and the step behind its last. */
  readonly spans: readonly (readonly [from: number, to: number])[]
  /** log p of the path. */
  readonly logProbability: number
}

/**
 * Steps that labels need: one each, and a blank between equal neighbours.
 *
 * @throws AthanorError ARGUMENT for what is no list.
 * @example
 * ```ts
 * speech.stepsNeeded([1, 2, 2]) // 4
 * ```
 */
export function stepsNeeded(labels: ArrayLike<number>): number {
  if (!ArrayBuffer.isView(labels)) checkList('stepsNeeded', 'labels', labels)
  let steps = labels.length
  for (let i = 1; i < labels.length; i++) if (labels[i] === labels[i - 1]) steps++
  return steps
}

/**
 * The likeliest way to place the labels on the steps; null where they do not fit or none has a
 * probability.
 *
 * @throws AthanorError ARGUMENT for a label that is the blank or no class; the others as `greedyDecode`.
 * @example
 * ```ts
 * const values = [9, 0, 0, 9, 9, 0] // blank, label 1, blank
 * speech.alignLabels({ steps: 3, classes: 2, values }, [1])?.spans // [[1, 2]]
 * ```
 */
export function alignLabels(
  logits: StepLogits,
  labels: readonly number[],
  options: AlignOptions = {},
): Alignment | null {
  const { blank = 0 } = alignOptions.check('alignLabels', options)
  checkLogits('alignLabels', logits, blank)
  checkList('alignLabels', 'labels', labels)
  const { steps, classes } = logits
  for (const label of labels)
    if (!(Number.isInteger(label) && label >= 0 && label < classes) || label === blank)
      throw argumentError(
        'alignLabels',
        `labels from 0 to ${classes - 1} other than the blank ${blank}`,
        valueWords(label),
      )
  if (stepsNeeded(labels) > steps) return null
  if (steps === 0) return { spans: [], logProbability: 0 }
  const states = labels.flatMap(label => [blank, label]).concat(blank)
  const never = Number.NEGATIVE_INFINITY
  const row = new Float64Array(classes)
  let best = new Float64Array(states.length).fill(never)
  /** How many states back the path came from. */
  const back = new Uint8Array(steps * states.length)
  for (let t = 0; t < steps; t++) {
    logProbabilities(logits, t, row)
    const next = new Float64Array(states.length).fill(never)
    for (let s = 0; s < states.length; s++) {
      let from = t === 0 && s < 2 ? 0 : best[s]
      const passes = s >= 2 && states[s] !== blank && states[s] !== states[s - 2]
      for (let step = 1; t > 0 && step <= (passes ? 2 : 1) && step <= s; step++)
        if (best[s - step] > from) {
          from = best[s - step]
          back[t * states.length + s] = step
        }
      next[s] = from + row[states[s]]
    }
    best = next
  }
  let state = states.length - 1
  if (states.length > 1 && best[state - 1] > best[state]) state--
  const logProbability = best[state]
  if (logProbability === never) return null
  const spans = labels.map((): [number, number] => [steps, 0])
  for (let t = steps - 1; t >= 0; t--) {
    if (state % 2 === 1) {
      const span = spans[(state - 1) / 2]
      span[0] = t
      span[1] = Math.max(span[1], t + 1)
    }
    state -= back[t * states.length + state]
  }
  return { spans, logProbability }
}

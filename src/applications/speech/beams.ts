// Prefix beam search (Hannun, Maas, Jurafsky and Ng 2014): paths that spell the same text add up, and a
// language model of characters may weigh in.

import { OptionTable } from '../../base/options.js'
import { numberIn, tested, wholeNumber } from '../../base/value-kinds.js'
import type { Decoded } from './greedy.js'
import { checkLogits, logAdd, logProbabilities, type StepLogits } from './logits.js'

/** What a beam search asks of a language model. */
export interface LabelModel {
  /** log p of the next label after those before it (the last ones count). */
  logProbability(before: readonly number[], next: number): number
}

/** Options of `beamDecode`. */
export interface BeamOptions {
  /** The class that stands for no label. Default: 0. */
  readonly blank?: number
  /** Texts kept from step to step. Default: 16. */
  readonly beams?: number
  /** Classes less likely than the step's best by this factor are passed over. Default: 1e-5. */
  readonly least?: number
  /** Language model, over labels. Default: none. */
  readonly languageModel?: LabelModel
  /** Its weight against the sound. Default: 0.5. */
  readonly languageWeight?: number
  /** Added for each label, against a language model's love of short texts. Default: 0. */
  readonly labelBonus?: number
}

const beamOptions = new OptionTable<BeamOptions>({
  blank: wholeNumber({ min: 0 }),
  beams: wholeNumber({ min: 1, max: 10_000 }),
  least: numberIn({ min: 0, max: 1 }),
  languageModel: tested<LabelModel>(
    'a language model with logProbability(before, next)',
    value => typeof (value as LabelModel | null)?.logProbability === 'function',
    [1, {}],
  ),
  languageWeight: numberIn({ min: 0 }),
  labelBonus: numberIn(),
})

const never = Number.NEGATIVE_INFINITY

/** A text, as the last label and the text before it; there is one for each text. */
class Prefix {
  readonly longer = new Map<number, Prefix>()
  /** log p of the paths so far that end in a blank, and in the last label. */
  blank = never
  label = never
  nextBlank = never
  nextLabel = never
  /** The step it was last reached in. */
  reached = -1
  isKept = false
  /** What each next label adds to `extra`, as far as it has been asked for. */
  readonly learned = new Map<number, number>()

  constructor(
    readonly before: Prefix | null,
    readonly last: number,
    readonly length: number,
    /** The language model's log p, weighed, and the bonus. */
    readonly extra: number,
  ) {}

  get total(): number {
    return logAdd(this.blank, this.label)
  }

  /** Loses its paths, and its place in the tree with those before it that nothing longer needs. */
  drop(): void {
    this.blank = never
    this.label = never
    let at: Prefix = this
    while (at.before !== null && !at.isKept && at.longer.size === 0) {
      at.before.longer.delete(at.last)
      at = at.before
    }
  }

  labels(most = this.length): number[] {
    const out: number[] = []
    let at: Prefix = this
    while (at.before !== null && out.length < most) {
      out.push(at.last)
      at = at.before
    }
    return out.reverse()
  }
}

/** Labels before the next one that a language model is shown. */
const mostContext = 16

/**
 * The likeliest texts, the best first, at most `beams` of them. With one beam and no language model it
 * still adds up the paths of a text, which `greedyDecode` does not.
 *
 * @throws AthanorError as `greedyDecode`, and ARGUMENT for another option outside its range.
 * @example
 * ```ts
 * const values = [0.6, 0.4, 0.6, 0.4].map(Math.log)
 * speech.beamDecode({ steps: 2, classes: 2, values })[0].labels // [1]: 0.64 against 0.36 for nothing
 * ```
 */
export function beamDecode(logits: StepLogits, options: BeamOptions = {}): Decoded[] {
  const given = beamOptions.check('beamDecode', options)
  const { blank = 0, beams = 16, least = 1e-5, languageModel } = given
  const { languageWeight = 0.5, labelBonus = 0 } = given
  checkLogits('beamDecode', logits, blank)
  const row = new Float64Array(logits.classes)
  const root = new Prefix(null, blank, 0, 0)
  root.blank = 0
  let kept = [root]

  const extraOf = (prefix: Prefix, label: number): number => {
    if (languageModel === undefined) return labelBonus
    let extra = prefix.learned.get(label)
    if (extra === undefined) {
      const p = languageModel.logProbability(prefix.labels(mostContext), label)
      extra = languageWeight * p + labelBonus
      prefix.learned.set(label, extra)
    }
    return extra
  }

  const extend = (prefix: Prefix, label: number): Prefix => {
    let longer = prefix.longer.get(label)
    if (longer === undefined) {
      const extra = prefix.extra + extraOf(prefix, label)
      longer = new Prefix(prefix, label, prefix.length + 1, extra)
      prefix.longer.set(label, longer)
    }
    return longer
  }

  for (let t = 0; t < logits.steps; t++) {
    logProbabilities(logits, t, row)
    const low = row.reduce((most, p) => Math.max(most, p), never) + Math.log(least)
    const labels: number[] = []
    for (let c = 0; c < row.length; c++) if (c !== blank && row[c] >= low) labels.push(c)
    const reached: Prefix[] = []
    const reach = (prefix: Prefix): Prefix => {
      if (prefix.reached !== t) {
        prefix.reached = t
        prefix.nextBlank = never
        prefix.nextLabel = never
        reached.push(prefix)
      }
      return prefix
    }
    for (const prefix of kept) {
      const { total } = prefix
      reach(prefix).nextBlank = logAdd(prefix.nextBlank, total + row[blank])
      if (prefix.length > 0)
        prefix.nextLabel = logAdd(prefix.nextLabel, prefix.label + row[prefix.last])
      for (const label of labels) {
        // The same label again is a new one only behind a blank.
        const from = label === prefix.last && prefix.length > 0 ? prefix.blank : total
        if (from === never) continue
        const longer = reach(extend(prefix, label))
        longer.nextLabel = logAdd(longer.nextLabel, from + row[label])
      }
    }
    for (const prefix of reached) {
      prefix.blank = prefix.nextBlank
      prefix.label = prefix.nextLabel
    }
    const fallen = new Set([...kept, ...reached])
    for (const prefix of kept) prefix.isKept = false
    kept = reached.sort((a, b) => b.total + b.extra - (a.total + a.extra)).slice(0, beams)
    for (const prefix of kept) {
      prefix.isKept = true
      fallen.delete(prefix)
    }
    for (const prefix of fallen) prefix.drop()
  }
  return kept.map(prefix => ({ labels: prefix.labels(), logProbability: prefix.total }))
}

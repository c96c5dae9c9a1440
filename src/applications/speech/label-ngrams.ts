// A language model of labels: counts of runs of them, with what is rare falling back on shorter runs
// (Witten and Bell 1991, interpolated).

import { argumentError } from '../../base/errors.js'
import type { JsonReader } from '../../base/json-reader.js'
import { OptionTable } from '../../base/options.js'
import { valueWords, wholeNumber } from '../../base/value-kinds.js'
import type { LabelModel } from './beams.js'
import { checkList } from './lists.js'

/** Options of `LabelNgrams.fit`. */
export interface LabelNgramOptions {
  /** Labels of a run: the next one is told from order − 1 before it. Default: 4. */
  readonly order?: number
}

const labelNgramOptions = new OptionTable<LabelNgramOptions>({
  order: wholeNumber({ min: 1, max: 10 }),
})

/** Characters of all scripts, and some to spare. */
const mostLabels = 2_000_000
const someLabels = wholeNumber({ min: 1, max: mostLabels })

interface Followers {
  total: number
  readonly counts: Map<number, number>
}

/**
 * n-grams over labels, for `beamDecode`. Runs are counted within a text; its beginning counts as a
 * label of its own.
 *
 * @example
 * ```ts
 * const model = speech.LabelNgrams.fit([[1, 2, 1, 2]], 3, { order: 2 })
 * model.logProbability([1], 2) > model.logProbability([1], 1) // true
 * ```
 */
export class LabelNgrams implements LabelModel {
  private readonly contexts = new Map<string, Followers>()

  private constructor(
    readonly order: number,
    /** Labels there are, the blank left out. */
    readonly labels: number,
  ) {}

  /**
   * Counts the runs of texts. `labels`: how many different labels there may be, from 0 or from 1 on.
   *
   * @throws AthanorError ARGUMENT for a count or a label that is none.
   */
  static fit(
    texts: Iterable<readonly number[]>,
    labels: number,
    options: LabelNgramOptions = {},
  ): LabelNgrams {
    const { order = 4 } = labelNgramOptions.check('LabelNgrams.fit', options)
    if (!someLabels.accepts(labels))
      throw argumentError('LabelNgrams.fit', `labels, ${someLabels.expected}`, valueWords(labels))
    if (typeof (texts as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] !== 'function')
      throw argumentError('LabelNgrams.fit', 'texts, each a list of labels', valueWords(texts))
    const model = new LabelNgrams(order, labels)
    for (const text of texts) {
      checkList('LabelNgrams.fit', 'labels of a text', text, 'alphabet.encode(text) gives them')
      text.forEach((label, i) => {
        if (!(Number.isInteger(label) && label >= 0 && label <= labels))
          throw argumentError('LabelNgrams.fit', `labels from 0 to ${labels}`, valueWords(label))
        const before = model.contextOf(text, i)
        for (let length = 0; length <= before.length; length++)
          model.count(before.slice(before.length - length), label, 1)
      })
    }
    return model
  }

  static fromJson(reader: JsonReader): LabelNgrams {
    const order = reader.get('order').integer(1, 10)
    const labels = reader.get('labels').integer(1, mostLabels)
    const model = new LabelNgrams(order, labels)
    for (const item of reader.get('counts').items(0, 100_000_000)) {
      const run = item.items(2, order + 1)
      const [count, label, ...before] = run.toReversed()
      // −1 stands for a text's beginning.
      const context = before.reverse().map(one => one.integer(-1, labels))
      model.count(context, label.integer(0, labels), count.integer(1))
    }
    return model
  }

  toJSON() {
    const counts = [...this.contexts].flatMap(([key, { counts }]) =>
      [...counts].map(([label, count]) => [
        ...(key === '' ? [] : key.split(',').map(Number)),
        label,
        count,
      ]),
    )
    return { order: this.order, labels: this.labels, counts }
  }

  private count(context: readonly number[], label: number, by: number): void {
    const key = context.join()
    let followers = this.contexts.get(key)
    if (followers === undefined) {
      followers = { total: 0, counts: new Map() }
      this.contexts.set(key, followers)
    }
    followers.total += by
    followers.counts.set(label, (followers.counts.get(label) ?? 0) + by)
  }

  /** The last labels before a place, with −1 for the text's beginning where there are fewer. */
  private contextOf(text: readonly number[], place: number): number[] {
    const wanted = this.order - 1
    const last = text.slice(Math.max(0, place - wanted), place)
    return last.length < wanted ? [-1, ...last] : last
  }

  logProbability(before: readonly number[], next: number): number {
    let p = 1 / this.labels
    const context = this.contextOf(before, before.length)
    for (let length = 0; length <= context.length; length++) {
      const followers = this.contexts.get(context.slice(context.length - length).join())
      if (followers === undefined) break
      const kinds = followers.counts.size
      p = ((followers.counts.get(next) ?? 0) + kinds * p) / (followers.total + kinds)
    }
    return Math.log(p)
  }
}

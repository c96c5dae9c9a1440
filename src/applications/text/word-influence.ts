// Which words of a text moved an answer: each is left out once, whatever the model is (occlusion, as in J. Li,
// W. Monroe, D. Jurafsky, "Understanding Neural Networks through Representation Erasure", 2016).

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { valueWords, wholeNumber } from '../../base/value-kinds.js'

/** Probabilities of the classes for each text, row-major [texts, classes]. */
export type TextProbabilities = (
  texts: readonly string[],
) => ArrayLike<number> | Promise<ArrayLike<number>>

/** Options of `wordInfluence`. */
export interface WordInfluenceOptions {
  /** The class asked about. Default: the likeliest. */
  readonly of?: number
  /** Words that are left out in turn, from the beginning of the text. Default: 200. */
  readonly most?: number
}

const influenceOptions = new OptionTable<WordInfluenceOptions>({
  of: wholeNumber({ min: 0 }),
  most: wholeNumber({ min: 1 }),
})

/** A word, or what stands between words. */
export interface TextWord {
  readonly text: string
  /** How much less likely the class is without it, from −1 to 1; 0 for what is no word, or was not left out. */
  readonly influence: number
}

/** The result of `wordInfluence`. */
export interface WordInfluence {
  readonly of: number
  /** Of the class, for the whole text. */
  readonly probability: number
  /** Together the whole text. */
  readonly words: readonly TextWord[]
}

/**
 * How much each word of a text speaks for a class: what its probability loses when the word is left out. Words are
 * those of Unicode, in scripts without spaces too.
 *
 * @throws AthanorError ARGUMENT for options, a class that there is not, and answers of another length.
 * @example
 * ```ts
 * const isGlad = (texts: readonly string[]) => texts.flatMap(t => (t.includes('glad') ? [0.1, 0.9] : [0.8, 0.2]))
 * const { of, words } = await wordInfluence(isGlad, 'so glad')
 * words.map(({ text, influence }) => [text, influence.toFixed(1)]) // [['so', '0.0'], [' ', '0.0'], ['glad', '0.7']]
 * ```
 */
export async function wordInfluence(
  answer: TextProbabilities,
  text: string,
  options: WordInfluenceOptions = {},
): Promise<WordInfluence> {
  const given = influenceOptions.check('wordInfluence', options)
  const { most = 200 } = given
  const parts = [...new Intl.Segmenter('en', { granularity: 'word' }).segment(text)]
  const places = parts.flatMap(({ isWordLike }, i) => (isWordLike === true ? [i] : []))
  const left = places.slice(0, most)
  const texts = [text, ...left.map(place => without(parts, place))]
  const answers = await answer(texts)
  const classes = answers.length / texts.length
  if (!Number.isInteger(classes) || classes < 1)
    throw argumentError(
      'wordInfluence',
      `probabilities of each class for ${texts.length} texts`,
      `${answers.length} numbers`,
    )
  const of = given.of ?? likeliest(answers, classes)
  if (of >= classes)
    throw argumentError('wordInfluence', `a class from 0 to ${classes - 1}`, valueWords(of))
  const influences = new Map(
    left.map((place, i) => [place, answers[of] - answers[(i + 1) * classes + of]]),
  )
  return {
    of,
    probability: answers[of],
    words: parts.map(({ segment }, i) => ({ text: segment, influence: influences.get(i) ?? 0 })),
  }
}

function likeliest(answers: ArrayLike<number>, classes: number): number {
  let best = 0
  for (let c = 1; c < classes; c++) if (answers[c] > answers[best]) best = c
  return best
}

/** The text without a word, and without one of two spaces that would meet. */
function without(parts: readonly { readonly segment: string }[], place: number): string {
  const isSpace = (i: number) => i < 0 || i >= parts.length || /^\s+$/.test(parts[i].segment)
  const end = isSpace(place - 1) && isSpace(place + 1) ? place + 2 : place + 1
  const kept = [...parts.slice(0, place), ...parts.slice(end)]
  return kept.map(({ segment }) => segment).join('')
}

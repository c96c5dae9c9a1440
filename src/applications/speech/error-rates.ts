// How wrong transcripts are: edits from what was said to what was heard (Levenshtein 1966), as a share
// of what was said.

import { shapeError } from '../../base/errors.js'
import { checkList, checkTexts } from './lists.js'

/** The fewest edits that turn one text into another, by kind. */
export interface Edits {
  readonly substitutions: number
  /** In what was heard and not in what was said. */
  readonly insertions: number
  /** In what was said and not in what was heard. */
  readonly deletions: number
  /** Items of what was said. */
  readonly length: number
}

/** Edits of many texts together, and their share. */
export interface ErrorRate extends Edits {
  /**
   * Edits / length: 0 is perfect, and more than 1 is possible. Where nothing was said it is 0 if nothing
   * was heard, and Infinity if something was.
   */
  readonly rate: number
}

/**
 * The fewest edits from `said` to `heard`, both lists of items that are compared with ===. Of several
 * shortest ways, one with most substitutions is counted.
 *
 * @throws AthanorError ARGUMENT for what is no list.
 * @example
 * ```ts
 * speech.editsOf([...'kitten'], [...'sitting']) // 2 substitutions, 1 insertion, 0 deletions
 * ```
 */
export function editsOf<T>(said: readonly T[], heard: readonly T[]): Edits {
  const fix = 'A text’s characters are [...text]'
  checkList('editsOf', 'items said', said, fix)
  checkList('editsOf', 'items heard', heard, fix)
  const width = heard.length + 1
  const cost = new Uint32Array((said.length + 1) * width)
  for (let j = 1; j < width; j++) cost[j] = j
  for (let i = 1; i <= said.length; i++) {
    cost[i * width] = i
    for (let j = 1; j < width; j++) {
      const at = i * width + j
      const same = cost[at - width - 1] + (said[i - 1] === heard[j - 1] ? 0 : 1)
      cost[at] = Math.min(same, cost[at - width] + 1, cost[at - 1] + 1)
    }
  }
  let [i, j] = [said.length, heard.length]
  let [substitutions, insertions, deletions] = [0, 0, 0]
  while (i > 0 || j > 0) {
    const at = i * width + j
    const differs = i > 0 && j > 0 && said[i - 1] !== heard[j - 1] ? 1 : 0
    if (i > 0 && j > 0 && cost[at] === cost[at - width - 1] + differs) {
      substitutions += differs
      i--
      j--
    } else if (i > 0 && cost[at] === cost[at - width] + 1) {
      deletions++
      i--
    } else {
      insertions++
      j--
    }
  }
  return { substitutions, insertions, deletions, length: said.length }
}

function rateOf(
  name: string,
  said: readonly string[],
  heard: readonly string[],
  itemsOf: (text: string) => string[],
): ErrorRate {
  checkTexts(name, 'texts said', said)
  checkTexts(name, 'texts heard', heard)
  if (said.length !== heard.length)
    throw shapeError(name, `one heard text for each of the ${said.length} said`, `${heard.length}`)
  const sum = { substitutions: 0, insertions: 0, deletions: 0, length: 0 }
  said.forEach((text, i) => {
    const edits = editsOf(itemsOf(text), itemsOf(heard[i]))
    for (const kind of Object.keys(sum) as (keyof Edits)[]) sum[kind] += edits[kind]
  })
  const edits = sum.substitutions + sum.insertions + sum.deletions
  return { ...sum, rate: edits === 0 ? 0 : edits / sum.length }
}

/**
 * Character errors over all texts: edits of characters (code points; spaces count) / characters said;
 * Infinity if nothing was said and something heard.
 *
 * @throws AthanorError SHAPE if there are not as many heard as said; ARGUMENT for what is no list of texts.
 * @example
 * ```ts
 * speech.characterErrorRate(['two'], ['too']).rate // 1 / 3
 * ```
 */
export function characterErrorRate(said: readonly string[], heard: readonly string[]): ErrorRate {
  return rateOf('characterErrorRate', said, heard, text => [...text])
}

/**
 * Word errors over all texts: edits of words, parted by white space, / words said. Texts of languages
 * without spaces are one word each; use `characterErrorRate` there. Infinity if nothing was said and
 * something heard.
 *
 * @throws AthanorError SHAPE if there are not as many heard as said; ARGUMENT for what is no list of texts.
 * @example
 * ```ts
 * speech.wordErrorRate(['one two three'], ['one too']).rate // 2 / 3
 * ```
 */
export function wordErrorRate(said: readonly string[], heard: readonly string[]): ErrorRate {
  return rateOf('wordErrorRate', said, heard, text => text.split(/\s+/u).filter(Boolean))
}

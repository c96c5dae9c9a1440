// Text into the pieces that are counted: words and pairs of neighbours; for scripts without spaces
// (Chinese, Japanese, Thai) characters and pairs of neighbours.

import { finalMix } from './murmur-hash.js'

/** A character of a script that puts no spaces between words, as a regular expression. */
export const unspacedScripts =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}]'
const pieces = new RegExp(`${unspacedScripts}|[\\p{L}\\p{M}\\p{N}_']+`, 'gu')
const unspaced = new RegExp(`^${unspacedScripts}`, 'u')

/** Calls `each` with every piece of the text, folded to lower case and to one form (NFKC). */
export function forEachToken(text: string, each: (token: string) => void): void {
  let previous = ''
  let previousUnspaced = false
  for (const match of text.normalize('NFKC').toLowerCase().matchAll(pieces)) {
    const piece = match[0]
    const isUnspaced = unspaced.test(piece)
    each(piece)
    if (previous !== '')
      each(isUnspaced && previousUnspaced ? previous + piece : `${previous} ${piece}`)
    previous = piece
    previousUnspaced = isUnspaced
  }
}

/** FNV-1a over UTF-16 code units, 32 bits, finished as in MurmurHash3 so that low bits mix too. */
export function hashOf(token: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < token.length; i++) {
    hash = Math.imul(hash ^ token.charCodeAt(i), 0x01000193)
  }
  return finalMix(hash) >>> 0
}

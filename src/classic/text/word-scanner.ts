// Words as scikit-learn's default pattern finds them: runs of two or more letters, digits or underscores of any
// script.

const isWordCharacter = /^[\p{L}\p{N}_]$/u

/** For each UTF-16 unit: 0 not known yet, 1 part of a word, 2 not. */
const kinds = new Uint8Array(65_536)

function kindOf(unit: number): number {
  const kind = isWordCharacter.test(String.fromCharCode(unit)) ? 1 : 2
  kinds[unit] = kind
  return kind
}

/** Called with a text and where in it something stands. */
export type EachSpan = (text: string, start: number, end: number) => void

/** Calls `each` with every word of the text, from left to right. */
export function forEachWord(text: string, each: EachSpan): void {
  const { length } = text
  let start = -1
  let characters = 0
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    let kind = kinds[unit] || kindOf(unit)
    let width = 1
    if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < length) {
      const pair = String.fromCodePoint(text.codePointAt(i)!)
      kind = isWordCharacter.test(pair) ? 1 : 2
      width = pair.length
    }
    if (kind === 1) {
      if (start < 0) {
        start = i
        characters = 0
      }
      characters++
    } else if (start >= 0) {
      if (characters > 1) each(text, start, i)
      start = -1
    }
    i += width - 1
  }
  if (start >= 0 && characters > 1) each(text, start, length)
}

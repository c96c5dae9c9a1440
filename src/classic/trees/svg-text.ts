// Texts in pictures that nobody renders here: how wide they will be, and how they are shortened.

const narrow = /[iljtfrI.,:;'’|!()[\]{} ]/
const wide = /[mwMW@%]/
const upper = /[A-ZÄÖÜ]/

/** About the width of a text in a sans-serif font of that size. */
export function textWidth(text: string, size: number, bold = false): number {
  let width = 0
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (code >= 0x1100) width += 1.02
    else if (narrow.test(char)) width += 0.35
    else if (wide.test(char)) width += 0.95
    else if (upper.test(char)) width += 0.7
    else width += 0.61
  }
  return width * size * (bold ? 1.11 : 1)
}

/** At most so many characters; the middle gives way. */
export function short(text: string, most: number): string {
  const chars = Array.from(text)
  if (chars.length <= most) return text
  const end = Math.floor((most - 1) / 3)
  return `${chars.slice(0, most - 1 - end).join('')}…${chars.slice(chars.length - end).join('')}`
}

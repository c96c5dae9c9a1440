// A text that is measured, cut into lanes that can be read side by side.

/** A part of a text: what is read before it, and the tokens that are predicted. */
export interface Lane {
  /** The first token that is read. */
  readonly start: number
  /** The first token that is predicted, after `start`. */
  readonly first: number
  /** Where the predicted tokens end. */
  readonly end: number
}

/** Lanes side by side, at most. */
const mostLanes = 16

/**
 * The tokens from `from` (at least 1) to `length` in lanes of equal length, each with `lead` tokens before it, where
 * the text has so many; fewer lanes for a short text, so that leads are the lesser part.
 */
export function lanes(length: number, from: number, lead: number): Lane[] {
  const tokens = length - from
  if (tokens <= 0) return []
  const count = Math.max(1, Math.min(mostLanes, Math.floor(tokens / (4 * lead))))
  const each = Math.ceil(tokens / count)
  return Array.from({ length: Math.ceil(tokens / each) }, (_, i) => {
    const first = from + i * each
    return { start: Math.max(0, first - 1 - lead), first, end: Math.min(length, first + each) }
  })
}

/** The same for a net that sees `context` tokens: windows that begin half a context after each other, by groups. */
export function windows(length: number, from: number, context: number): Lane[][] {
  const stride = Math.max(1, Math.floor(context / 2))
  const found: Lane[] = []
  let first = from
  for (let start = Math.max(0, from - 1 - (context - stride)); first < length; start += stride) {
    const end = Math.min(length, start + 1 + context)
    found.push({ start, first, end })
    first = end
  }
  const groups = Math.ceil(found.length / mostLanes)
  return Array.from({ length: groups }, (_, i) => found.slice(i * mostLanes, (i + 1) * mostLanes))
}

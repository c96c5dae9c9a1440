// A regular expression of flag `u` as a tree of its repetitions: what can be said of its running time
// depends on nothing else.

/** `span` is the source of an atom: something that takes exactly one character. */
export type PatternNode =
  | { readonly kind: 'atom'; readonly span: string }
  | { readonly kind: 'all' | 'either'; readonly parts: readonly PatternNode[] }
  | {
      readonly kind: 'repeat'
      readonly part: PatternNode
      readonly least: number
      readonly most: number
    }
  | { readonly kind: 'look'; readonly part: PatternNode }
  /** What no automaton stands for. */
  | { readonly kind: 'refused'; readonly what: string }

/** The tree of `source`, which has to compile with flag `u`. Places such as `\b` and `^` are left out. */
export function readPattern(source: string): PatternNode {
  let at = 0

  const taken = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(source.slice(at))
    if (found !== null) at += found[0].length
    return found
  }

  function either(): PatternNode {
    const parts = [all()]
    while (taken(/^\|/) !== null) parts.push(all())
    return parts.length === 1 ? parts[0] : { kind: 'either', parts }
  }

  function all(): PatternNode {
    const parts: PatternNode[] = []
    while (at < source.length && source[at] !== '|' && source[at] !== ')') {
      if (taken(/^(\\[bB]|[\^$])/) === null) parts.push(repeated(one()))
    }
    return { kind: 'all', parts }
  }

  function one(): PatternNode {
    const open = taken(/^\((\?(?:<?[=!]|<[^>]*>|[a-z-]*:))?/)
    if (open !== null) {
      const part = either()
      at++
      if (/^\(\?[a-z-]+:/.test(open[0])) return { kind: 'refused', what: 'a modifier' }
      return /[=!]$/.test(open[0]) ? { kind: 'look', part } : part
    }
    if (taken(/^\\(?:[1-9]\d*|k<[^>]*>)/) !== null)
      return { kind: 'refused', what: 'a back reference' }
    const span = taken(
      /^(?:\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..)|\\u.{4}|\\x..|\\c.|\\.|\[(?:\\.|[^\]\\])*\]|.)/su,
    )!
    return { kind: 'atom', span: span[0] }
  }

  function repeated(part: PatternNode): PatternNode {
    const found = taken(/^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/)
    if (found === null) return part
    const [, sign, least, comma, most] = found
    if (sign !== undefined)
      return {
        kind: 'repeat',
        part,
        least: sign === '+' ? 1 : 0,
        most: sign === '?' ? 1 : Infinity,
      }
    const far = comma === undefined ? least : most === '' ? 'Infinity' : most
    return { kind: 'repeat', part, least: Number(least), most: Number(far) }
  }

  return either()
}

// Refuses regular expressions whose backtracking multiplies: a model file from elsewhere can hold one, and a
// RegExp cannot be stopped. The pattern becomes the automaton of its positions (Glushkov 1961). Where one
// text can be read in ever more ways, backtracking tries them all: exponentially many where a state returns
// to itself in two ways by the same text, a power of the length where it passes through two loops by the
// same text (Weber & Seidl 1991, "On the degree of ambiguity of finite automata"). What is taken costs at
// most the square of a text's longest stretch: a search begins again at each of its places.

import { argumentError } from '../../base/errors.js'
import { type PatternNode, readPattern } from './pattern-syntax.js'

const mostPositions = 100
/** What the choices outside loops may multiply to. */
const mostWays = 1024
/** Parts that are read, and sets of readers that are visited: a file may not keep the check itself busy. */
const mostParts = 2_000
const mostVisits = 100_000

/** What of a pattern meets the rest: where it can begin and end, and in how many ways it can take nothing. */
interface Part {
  readonly first: readonly number[]
  readonly last: readonly number[]
  readonly emptyWays: number
}

const nothing: Part = { first: [], last: [], emptyWays: 1 }

const grows = 'a text that can be read in ever more ways'
const tooMany = `more than ${mostWays} ways to read one text`

/** Says why a pattern is refused. */
class TooSlow extends Error {}

/** What was found of patterns before; a vectorizer asks at every transform. */
const verdicts = new Map<string, string | undefined>()

/**
 * Errors: ARGUMENT for a pattern in which one text can be read in a number of ways that grows with its
 * length (`(\w+)+`, `\w*\w*`) or is large (`(?:a|a)` twenty times), for back references, modifiers such as
 * `(?i:`, a look-around that repeats without an end, and for more than 100 characters after counted
 * repetitions are written out. `source` compiles with flag `u`.
 */
export function requireQuick(operation: string, source: string): void {
  let reason = verdicts.get(source)
  if (!verdicts.has(source)) {
    reason = slowness(source)
    if (verdicts.size === 200) verdicts.clear()
    verdicts.set(source, reason)
  }
  if (reason === undefined) return
  throw argumentError(
    operation,
    'a tokenPattern that reads a text in few ways',
    `${reason} in '${source.slice(0, 60)}'`,
    'Name the characters of a token in one class, such as [\\p{L}\\p{N}-]{2,}, and begin what repeats with a character of its own, as in \\w+(?:-\\w+)*',
  )
}

function slowness(source: string): string | undefined {
  if (source.length > 1000) return `${source.length} characters`
  try {
    new Automaton(source).check(readPattern(source))
    return undefined
  } catch (error) {
    if (error instanceof TooSlow) return error.message
    throw error
  }
}

class Automaton {
  private readonly spans: string[] = []
  private readonly next: Set<number>[] = []
  /** Pairs that follow each other for two reasons. */
  private readonly twice: [number, number][] = []
  /** Whether two positions can take one character, by `p * mostPositions + q`. */
  private readonly meets = new Map<number, boolean>()
  private readonly characters = new Map<string, Uint32Array>()
  private parts = 0
  private visits = 0
  private emptyWays = 1

  constructor(private readonly source: string) {}

  /** Throws TooSlow. */
  check(pattern: PatternNode): void {
    const whole = this.add(pattern)
    this.checkGrowth()
    this.checkChoices(whole)
  }

  private add(node: PatternNode): Part {
    if (++this.parts > mostParts) throw new TooSlow(`more than ${mostParts} parts`)
    switch (node.kind) {
      case 'atom': {
        const position = this.spans.length
        if (position === mostPositions)
          throw new TooSlow(`more than ${mostPositions} characters to match`)
        this.spans.push(node.span)
        this.next.push(new Set())
        return { first: [position], last: [position], emptyWays: 0 }
      }
      case 'all':
        return node.parts.reduce((whole, part) => this.after(whole, this.add(part)), nothing)
      case 'either': {
        const parts = node.parts.map(part => this.add(part))
        return {
          first: parts.flatMap(part => part.first),
          last: parts.flatMap(part => part.last),
          emptyWays: parts.reduce((sum, part) => sum + part.emptyWays, 0),
        }
      }
      case 'repeat':
        return this.repeated(node.part, node.least, node.most)
      case 'look':
        if (hasLoop(node.part)) throw new TooSlow('a look-around that repeats without an end')
        new Automaton(this.source).check(node.part)
        return nothing
      case 'refused':
        throw new TooSlow(node.what)
    }
  }

  /** `x{2,4}` is written out as `xx(?:xx?)?`, which can be read in one way. */
  private repeated(part: PatternNode, least: number, most: number): Part {
    const copies = most === Infinity ? Math.max(1, least) : most
    if (copies > mostPositions) throw new TooSlow(`a repetition of more than ${mostPositions}`)
    let whole = nothing
    for (let i = copies - 1; i >= 0; i--) {
      const copy = this.add(part)
      if (most === Infinity && i === copies - 1) {
        if (copy.emptyWays > 1) throw new TooSlow(grows)
        this.link(copy.last, copy.first)
      }
      whole = this.after(copy, whole)
      // What is left out takes nothing in one way; a round that takes nothing is none in JavaScript.
      if (i >= least) whole = { ...whole, emptyWays: 1 }
    }
    return whole
  }

  private after(a: Part, b: Part): Part {
    this.link(a.last, b.first)
    // Several ways to take nothing multiply, and in a loop they do so with every round.
    if (a.emptyWays > 1 || b.emptyWays > 1) {
      const ways = a.emptyWays * b.emptyWays
      this.emptyWays = Math.max(this.emptyWays, ways, a.emptyWays, b.emptyWays)
      if (this.emptyWays > mostWays) throw new TooSlow(tooMany)
    }
    return {
      first: a.emptyWays > 0 ? [...a.first, ...b.first] : a.first,
      last: b.emptyWays > 0 ? [...a.last, ...b.last] : b.last,
      emptyWays: a.emptyWays * b.emptyWays,
    }
  }

  private link(from: readonly number[], to: readonly number[]): void {
    for (const p of from)
      for (const q of to) {
        if (this.next[p].has(q)) this.twice.push([p, q])
        this.next[p].add(q)
      }
  }

  /** Choices between characters that meet multiply, though no longer text brings more of them. */
  private checkChoices(whole: Part): void {
    let ways = this.emptyWays
    for (const options of [whole.first, ...this.next.map(next => [...next])]) {
      const meeting = options.filter((p, i) => options.some((q, j) => i !== j && this.meet(p, q)))
      ways *= Math.max(1, meeting.length)
    }
    if (ways > mostWays) throw new TooSlow(tooMany)
  }

  /** Whether the ways to read one text grow with its length. */
  private checkGrowth(): void {
    const reach = this.spans.map((_, p) => this.walk([p], () => true))
    const inLoop = this.spans.map((_, p) => p).filter(p => reach[p].has(`${p}`))
    // Several ways to take nothing within a loop are taken anew in every round.
    if (this.emptyWays > 1 && inLoop.length > 0) throw new TooSlow(grows)
    const together = (p: number) => (q: number) => reach[p].has(`${q}`) && reach[q].has(`${p}`)
    if (this.twice.some(([p, q]) => reach[q].has(`${p}`))) throw new TooSlow(grows)
    const seen: number[] = []
    for (const p of inLoop) {
      const near = together(p)
      // Two ways back to one state of a loop are two ways back to all of them.
      const pairs = seen.some(near) ? [] : this.walk([p, p], state => state.every(near))
      seen.push(p)
      for (const pair of pairs) {
        const [a, b] = pair.split(' ').map(Number)
        if (a !== b && this.walk([a, b], state => state.every(near)).has(`${p} ${p}`))
          throw new TooSlow(grows)
      }
      for (const q of inLoop) {
        if (near(q) || !reach[p].has(`${q}`)) continue
        const stays = together(q)
        const found = this.walk(
          [p, p, q],
          ([a, b, c]) => near(a) && reach[b].has(`${q}`) && stays(c),
        )
        if (found.has(`${p} ${q} ${q}`)) throw new TooSlow(grows)
      }
    }
  }

  /** The states that several readers of one text can be in together after one or more characters. */
  private walk(from: readonly number[], keep: (state: number[]) => boolean): Set<string> {
    const found = new Set<string>()
    const open: (readonly number[])[] = [from]
    for (let state = open.pop(); state !== undefined; state = open.pop())
      for (const next of this.steps(state)) {
        if (++this.visits > mostVisits)
          throw new TooSlow('more branches than can be looked through')
        const key = next.join(' ')
        if (found.has(key) || !keep(next)) continue
        found.add(key)
        open.push(next)
      }
    return found
  }

  private *steps(state: readonly number[], chosen: number[] = []): Generator<number[]> {
    if (chosen.length === state.length) {
      yield chosen
      return
    }
    for (const next of this.next[state[chosen.length]])
      if (chosen.every(other => this.meet(other, next))) yield* this.steps(state, [...chosen, next])
  }

  /** Whether one character can be taken by both. */
  private meet(p: number, q: number): boolean {
    if (this.spans[p] === this.spans[q]) return true
    const key = Math.min(p, q) * mostPositions + Math.max(p, q)
    let meets = this.meets.get(key)
    if (meets === undefined) {
      const b = this.taken(this.spans[q])
      meets = this.taken(this.spans[p]).some((word, i) => (word & b[i]) !== 0)
      this.meets.set(key, meets)
    }
    return meets
  }

  /** A bit for each of `texts`. */
  private taken(span: string): Uint32Array {
    const known = this.characters.get(span)
    if (known !== undefined) return known
    const pattern = new RegExp(`^${span}$`, 'u')
    const texts = this.texts()
    const bits = new Uint32Array(Math.ceil(texts.length / 32))
    for (let i = 0; i < texts.length; i++)
      if (pattern.test(texts[i])) bits[i >>> 5] |= 1 << (i & 31)
    this.characters.set(span, bits)
    return bits
  }

  private alphabet: readonly string[] | undefined

  /** All characters of the first plane, one of each 64 of the others, and those that the pattern names. */
  private texts(): readonly string[] {
    if (this.alphabet !== undefined) return this.alphabet
    const codes = new Set<number>()
    for (let code = 0; code < 0x110000; code += code < 0x10000 ? 1 : 64) codes.add(code)
    for (const [, hex] of this.source.matchAll(/\\u\{([0-9a-f]+)\}/gi)) codes.add(parseInt(hex, 16))
    for (const character of this.source) codes.add(character.codePointAt(0) as number)
    this.alphabet = [...codes].map(code => String.fromCodePoint(code))
    return this.alphabet
  }
}

function hasLoop(node: PatternNode): boolean {
  switch (node.kind) {
    case 'repeat':
      return node.most > 16 || hasLoop(node.part)
    case 'all':
    case 'either':
      return node.parts.some(hasLoop)
    case 'look':
      return hasLoop(node.part)
    case 'atom':
      return false
    case 'refused':
      return true
  }
}

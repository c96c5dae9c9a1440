// Refuses regular expressions that may take more than moderate time: a model file from elsewhere can hold
// one, and a RegExp cannot be stopped. The pattern becomes the automaton of its positions (Glushkov 1961).
// Where one text can be read in ever more ways, backtracking tries them all: exponentially many where a
// state returns to itself in two ways by the same text, a power of the length where it passes through two
// loops by the same text (Weber & Seidl 1991, "On the degree of ambiguity of finite automata").

import { argumentError } from '../../base/errors.js'
import { type PatternNode, readPattern } from './pattern-syntax.js'

const mostPositions = 100
/** What the choices outside loops may multiply to. */
const mostWays = 1024

/** What of a pattern meets the rest: where it can begin and end, and whether it can take nothing. */
interface Part {
  readonly first: readonly number[]
  readonly last: readonly number[]
  readonly canBeEmpty: boolean
}

/**
 * Errors: ARGUMENT for a pattern in which one text can be read in a number of ways that grows with its
 * length (`(\w+)+`, `\w*\w*`), for back references, for a look-around that repeats without an end, and for
 * more than 100 characters after counted repetitions are written out. `source` compiles with flag `u`.
 */
export function requireQuick(operation: string, source: string): void {
  const reason = slowness(source)
  if (reason === undefined) return
  throw argumentError(
    operation,
    'a tokenPattern that takes no more than moderate time on any text',
    `${reason} in '${source.slice(0, 60)}'`,
    'Name the characters of a token in one class, such as [\\p{L}\\p{N}-]{2,}, and begin what repeats with a character of its own, as in \\w+(?:-\\w+)*',
  )
}

function slowness(source: string): string | undefined {
  if (source.length > 1000) return `${source.length} characters`
  const automaton = new Automaton()
  const whole = automaton.add(readPattern(source))
  if (typeof whole === 'string') return whole
  return automaton.growth() ?? automaton.choices(whole)
}

class Automaton {
  private readonly spans: string[] = []
  private readonly next: Set<number>[] = []
  /** Pairs that follow each other for two reasons. */
  private readonly twice: [number, number][] = []
  private readonly characters = new Map<string, Uint8Array>()

  add(node: PatternNode): Part | string {
    switch (node.kind) {
      case 'atom': {
        const position = this.spans.length
        if (position === mostPositions) return `more than ${mostPositions} characters to match`
        this.spans.push(node.span)
        this.next.push(new Set())
        return { first: [position], last: [position], canBeEmpty: false }
      }
      case 'all': {
        let whole: Part = { first: [], last: [], canBeEmpty: true }
        for (const part of node.parts) {
          const added = this.add(part)
          if (typeof added === 'string') return added
          whole = this.after(whole, added)
        }
        return whole
      }
      case 'either': {
        const parts: Part[] = []
        for (const part of node.parts) {
          const added = this.add(part)
          if (typeof added === 'string') return added
          parts.push(added)
        }
        return {
          first: parts.flatMap(part => part.first),
          last: parts.flatMap(part => part.last),
          canBeEmpty: parts.some(part => part.canBeEmpty),
        }
      }
      case 'repeat':
        return this.repeated(node.part, node.least, node.most)
      case 'look':
        return hasLoop(node.part)
          ? 'a look-around that repeats without an end'
          : { first: [], last: [], canBeEmpty: true }
      case 'reference':
        return 'a back reference'
    }
  }

  /** `x{2,4}` is written out as `xx(?:xx?)?`, which can be read in one way. */
  private repeated(part: PatternNode, least: number, most: number): Part | string {
    const copies = most === Infinity ? Math.max(1, least) : most
    if (copies > mostPositions) return `a repetition of more than ${mostPositions}`
    let whole: Part = { first: [], last: [], canBeEmpty: true }
    for (let i = copies - 1; i >= 0; i--) {
      const copy = this.add(part)
      if (typeof copy === 'string') return copy
      if (most === Infinity && i === copies - 1) this.link(copy.last, copy.first)
      whole = this.after(copy, whole)
      if (i >= least) whole = { ...whole, canBeEmpty: true }
    }
    return whole
  }

  private after(a: Part, b: Part): Part {
    this.link(a.last, b.first)
    return {
      first: a.canBeEmpty ? [...a.first, ...b.first] : a.first,
      last: b.canBeEmpty ? [...a.last, ...b.last] : b.last,
      canBeEmpty: a.canBeEmpty && b.canBeEmpty,
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
  choices(whole: Part): string | undefined {
    const ways = [whole.first, ...this.next.map(next => [...next])].map(
      options =>
        options.filter((p, i) => options.some((q, j) => i !== j && this.meet(p, q))).length,
    )
    return ways.reduce((product, count) => product * Math.max(1, count), 1) > mostWays
      ? `more than ${mostWays} ways to read one text`
      : undefined
  }

  /** Whether the ways to read one text grow with its length. */
  growth(): string | undefined {
    const reach = this.spans.map((_, p) => this.walk([p], () => true))
    const inLoop = this.spans.map((_, p) => p).filter(p => reach[p].has(`${p}`))
    const together = (p: number) => (q: number) => reach[p].has(`${q}`) && reach[q].has(`${p}`)
    const grows = 'a text that can be read in ever more ways'
    if (this.twice.some(([p, q]) => reach[q].has(`${p}`))) return grows
    for (const p of inLoop) {
      const near = together(p)
      const pairs = this.walk([p, p], state => state.every(near))
      for (const pair of pairs) {
        const [a, b] = pair.split(' ').map(Number)
        if (a !== b && this.walk([a, b], state => state.every(near)).has(`${p} ${p}`)) return grows
      }
      for (const q of inLoop) {
        if (p === q || !reach[p].has(`${q}`)) continue
        const stays = together(q)
        const found = this.walk(
          [p, p, q],
          ([a, b, c]) => near(a) && reach[b].has(`${q}`) && stays(c),
        )
        if (found.has(`${p} ${q} ${q}`)) return grows
      }
    }
    return undefined
  }

  /** The states that several readers of one text can be in together after one or more characters. */
  private walk(from: readonly number[], keep: (state: number[]) => boolean): Set<string> {
    const found = new Set<string>()
    const open: (readonly number[])[] = [from]
    for (let state = open.pop(); state !== undefined; state = open.pop())
      for (const next of this.steps(state)) {
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
    const a = this.taken(this.spans[p])
    const b = this.taken(this.spans[q])
    return a.some((takes, i) => takes === 1 && b[i] === 1)
  }

  /** By code point, over all planes that hold characters of scripts and emoji. */
  private taken(span: string): Uint8Array {
    const known = this.characters.get(span)
    if (known !== undefined) return known
    const pattern = new RegExp(`^${span}$`, 'u')
    const all = Uint8Array.from({ length: 0x20100 }, (_, code) =>
      pattern.test(String.fromCodePoint(code)) ? 1 : 0,
    )
    this.characters.set(span, all)
    return all
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
    case 'reference':
      return true
  }
}

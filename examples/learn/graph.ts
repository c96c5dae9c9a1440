// What the engine tells of a compiled function, taken apart; and drawings of graphs.

import * as Plot from '@observablehq/plot'

/** A line such as `%4 = matmul(%0, %3) : float32[8, 2]`. */
export interface GraphNode {
  id: number
  operation: string
  /** Numbers of other nodes, those behind views of them. */
  inputs: number[]
  /** Of its values. */
  bytes: number
  line: string
}

/** A line such as `1: matmul float32 [8, 3] · [3, 2] (arena+0, input 3) → arena+96`. */
export interface Call {
  kind: string
  /** Where in the arena it reads. */
  reads: number[]
  /** Where it writes there, save for sums. */
  writes: { offset: number; bytes: number }[]
  line: string
  /** What a fused call does to each value. */
  registers: string[]
}

const given = ['input', 'state', 'constant', 'scalar']
/** These compute nothing: they see the same values in another way. */
const views = ['reshape', 'broadcast', 'stopGradient']

export const isComputed = ({ operation }: GraphNode) =>
  !given.includes(operation) && !views.includes(operation)

const numbersIn = (text: string) => (text.match(/\d+/g) ?? []).map(Number)
const product = (sizes: number[]) => sizes.reduce((a, b) => a * b, 1)

function nodesIn(lines: readonly string[]): GraphNode[] {
  const behind = new Map<number, number>()
  return lines.flatMap(line => {
    const parts = /^%(\d+) = (\w+)\((.*?)\).* : (\w+)\[(.*?)\]/.exec(line)
    if (parts === null) return []
    const [, number, operation, from, type, shape] = parts
    const id = Number(number)
    const inputs = (from.match(/%\d+/g) ?? []).map(name => behind.get(Number(name.slice(1))) ?? 0)
    behind.set(id, views.includes(operation) ? inputs[0] : id)
    const bytes = product(numbersIn(shape)) * (type === 'bool' ? 1 : 4)
    return [{ id, operation, inputs, bytes, line }]
  })
}

function callsIn(lines: readonly string[]): Call[] {
  const calls: Call[] = []
  for (const line of lines) {
    if (line.startsWith('     ')) calls[calls.length - 1].registers.push(line)
    const parts = /^\d+: (\w+) (.*?)(?: → (.*?))?(?: {2}#.*)?$/.exec(line)
    if (parts === null) continue
    const [, kind, before, after = ''] = parts
    const [sizes, places = ''] = before.replace('float32', '').split('(')
    const lengths = numbersIn(sizes)
    // [rows, depth] · [depth, columns] has rows × columns values.
    const values = kind === 'matmul' ? lengths[0] * lengths[3] : product(lengths)
    const offsets = (text: string) =>
      [...text.matchAll(/arena\+(\d+)/g)].map(([, offset]) => Number(offset))
    const writes = offsets(after.replace(/\w+ arena\+\d+/g, ''))
    calls.push({
      ...{ kind, line, registers: [], reads: offsets(places) },
      writes: writes.map(offset => ({ offset, bytes: 4 * values })),
    })
  }
  return calls
}

/** Takes apart what `explain` returned. */
export function explained(text: string) {
  const lines = text.split('\n')
  return {
    nodes: nodesIn(lines),
    returned: numbersIn(lines.find(line => line.startsWith('return')) ?? ''),
    calls: callsIn(lines),
    /** Memory that all calls share, such as `24.6 KiB`. */
    arena: /arena of (.*?),/.exec(text)?.[1] ?? '',
  }
}

export interface StoredArray {
  /** The calls between which it is needed. */
  from: number
  to: number
  /** Where it lies, in KiB. */
  low: number
  high: number
}

/** An array is needed until it is read for the last time; then something else may be written in its place. */
export function arraysOf(calls: readonly Call[]): StoredArray[] {
  return calls.flatMap(({ writes }, from) =>
    writes.map(({ offset, bytes }) => {
      const isOver = ({ writes }: Call) =>
        writes.some(other => other.offset < offset + bytes && offset < other.offset + other.bytes)
      const over = calls.findIndex((call, i) => i > from && isOver(call))
      const life = over < 0 ? calls : calls.slice(0, over + 1)
      const to = Math.max(
        from,
        life.findLastIndex(({ reads }) => reads.includes(offset)),
      )
      return { from, to: to + 1, low: offset / 1024, high: (offset + bytes) / 1024 }
    }),
  )
}

export interface Placed {
  name: string
  /** What stands for it among the inputs of others. */
  key: unknown
  inputs: readonly unknown[]
  column: number
  row: number
  /** Default: grey. */
  colour?: string
}

const symbols: Record<string, string> = { add: '+', subtract: '−', multiply: '×', greater: '> 0' }

/** Nodes at places such as `0 4, 1 4`: a column and a row for each. */
export function placed(
  nodes: readonly GraphNode[],
  places: string,
  { colour, names }: { colour?: string; names?: readonly string[] } = {},
): Placed[] {
  const numbers = places.split(', ').map(place => place.split(' ').map(Number))
  return nodes.map(({ id, operation, inputs }, i) => {
    const [column, row] = numbers[i]
    return {
      ...{ key: id, inputs, column, row, colour },
      name: names?.[i] ?? symbols[operation] ?? operation,
    }
  })
}

/** Nodes as circles of radius `r`, with arrows from the inputs of each. */
export function drawing(nodes: readonly Placed[], r: number): Plot.Markish[] {
  const arrows = nodes.flatMap(to =>
    nodes
      .filter(({ key }) => to.inputs.includes(key))
      .map(from => [from.column, from.row, to.column, to.row]),
  )
  const ends = { x1: '0', y1: '1', x2: '2', y2: '3', inset: r + 1 }
  const at = { x: 'column', y: 'row' }
  const stroke = ({ colour = '#57534e' }: Placed) => colour
  return [
    Plot.arrow(arrows, { ...ends, stroke: '#a8a29e', strokeWidth: 1.2, headLength: 6 }),
    Plot.dot(nodes, { ...at, r, fill: 'white', stroke, strokeWidth: 2 }),
    Plot.text(nodes, { ...at, text: 'name', fontSize: Math.min(0.46 * r, 12) }),
  ]
}

/** A row of boxes from one column to another, with a name in each. */
export function boxes(names: readonly string[], from: number, to: number, row: number) {
  const left = (i: number) => from + ((to - from) * i) / names.length
  const sides = { x1: (_: string, i: number) => left(i), x2: (_: string, i: number) => left(i + 1) }
  const middle = { x: (_: string, i: number) => left(i + 0.5), y: () => row }
  return [
    Plot.rect(names, { ...sides, y1: () => row - 0.2, y2: () => row + 0.2, stroke: '#57534e' }),
    Plot.text(names, { ...middle, text: name => name, fontSize: 10 }),
  ]
}

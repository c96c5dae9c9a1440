// A tree as a picture: cards with questions, bars of classes or shades of values, branches as thick as the
// rows that take them. Plain SVG text, no DOM; it follows the reader's light or dark colours.

import { OptionTable } from '../../base/options.js'
import { listOf, someText, tested, wholeNumber } from '../../base/value-kinds.js'
import { escapeXml } from '../../base/xml.js'
import { short, textWidth } from './svg-text.js'
import type { Tree } from './tree.js'
import { type LayoutNode, layoutTree } from './tree-layout.js'
import {
  classOf,
  counted,
  englishTreeWords,
  fixed,
  type HasTree,
  type NamedTree,
  namedTree,
  type TreeNames,
  type TreeWords,
} from './tree-words.js'

/** Options of `treeToSvg`. */
export interface TreeToSvgOptions extends TreeNames {
  /** Levels below the root that are drawn, 4 by default; what lies deeper is “…”. */
  readonly maxDepth?: number
  /** Decimals of thresholds and values, 2 by default. */
  readonly decimals?: number
  /** Stands above the tree; none by default. */
  readonly title?: string
  /** Words of another language; English by default. */
  readonly words?: Partial<TreeWords>
}

const table = new OptionTable<TreeToSvgOptions>({
  featureNames: listOf(someText),
  classNames: listOf(someText),
  maxDepth: wholeNumber({ min: 0, max: 12 }),
  decimals: wholeNumber({ min: 0, max: 20 }),
  title: someText,
  words: tested<Partial<TreeWords>>(
    `texts by ${Object.keys(englishTreeWords).join(', ')}`,
    value =>
      typeof value === 'object' &&
      value !== null &&
      Object.entries(value).every(([k, v]) => k in englishTreeWords && typeof v === 'string'),
    [null, 'yes', { nope: 'x' }, { yes: 1 }],
  ),
})

/** A tree with all that is said of it. */
interface SaidTree extends NamedTree {
  readonly words: TreeWords
}

/** Colours that stay apart for colour-blind eyes, after Okabe & Ito 2008 and Observable. */
const classColours = [
  ...['#4269d0', '#e8950c', '#3ca951', '#e0526b', '#8a63d2'],
  ...['#12a5b8', '#b5722f', '#d66ab0', '#7a8797', '#9aa62a'],
]
const numberColour = '#4269d0'

const font = 12
const line = 16
const padding = 10
const barHeight = 5
const levelGap = 44
const boxGap = 14
const margin = 16
const mostText = 30

interface Box extends LayoutNode {
  readonly node: number
  readonly depth: number
  readonly lines: readonly string[]
  readonly children: readonly Box[]
  /** Nodes below that are not drawn. */
  readonly hidden: number
}

/**
 * A picture of a tree as an SVG text. Takes a fitted DecisionTree or ExtraTree, or the `tree` of one, of a
 * forest (`forest.tree(0)`) or of boosting. Names are escaped.
 *
 * Left is “yes”. The colour says the most frequent class, its strength how pure a node is (for regressors:
 * how high the value); the bar below shows the shares of the classes.
 *
 * @throws AthanorError ARGUMENT for names that are too few or too many; STATE before fit.
 *
 * @example
 * ```ts
 * const tree = await new DecisionTreeClassifier({ maxDepth: 3 }).fit(x, y)
 * const svg = treeToSvg(tree, { title: 'Species' }) // '<svg xmlns="http://www.w3.org/2000/svg" …'
 * ```
 */
export function treeToSvg(tree: HasTree, options: TreeToSvgOptions = {}): string {
  const { maxDepth = 4, decimals = 2, title, words, ...names } = table.check('treeToSvg', options)
  const named: SaidTree = {
    ...namedTree('treeToSvg', tree, names),
    words: { ...englishTreeWords, ...words },
  }
  const sizes = sizesOf(named.tree)
  const root = boxOf(named, 0, 0, { maxDepth, decimals, sizes })
  const { middle, width } = layoutTree(root, boxGap)
  const boxes: Box[] = []
  const collect = (box: Box) => {
    boxes.push(box)
    box.children.forEach(collect)
  }
  collect(root)
  const colour = colouring(named, boxes)
  const heights: number[] = []
  for (const box of boxes)
    heights[box.depth] = Math.max(heights[box.depth] ?? 0, heightOf(box, named))
  const legend = legendOf(named)
  const head = (title === undefined ? 0 : 26) + (legend.text === '' ? 0 : 26)
  const tops: number[] = []
  heights.reduce((y, height, depth) => {
    tops[depth] = y
    return y + height + levelGap
  }, margin + head)
  const isCut = boxes.some(box => box.hidden > 0)
  const last = heights.length - 1
  const bottom = tops[last] + heights[last] + (isCut ? 28 : 0) + margin
  const titleWidth = title === undefined ? 0 : textWidth(title, 15)
  const whole = Math.max(width, legend.width, titleWidth) + 2 * margin
  const left = (whole - width) / 2
  const at = (box: Box) => ({ x: left + (middle.get(box) ?? 0), y: tops[box.depth] })
  const parts = [
    title === undefined
      ? ''
      : `<text class="title" x="${margin}" y="${margin + 12}">${escapeXml(title)}</text>`,
    legend.text === ''
      ? ''
      : `<g transform="translate(${margin} ${margin + (title === undefined ? 0 : 26)})">${legend.text}</g>`,
    ...boxes.flatMap(box =>
      box.children.map((child, i) => branch(named, box, child, i, at, heightOf(box, named))),
    ),
    ...boxes.map(box => card(named, box, at(box), heightOf(box, named), colour, decimals)),
  ]
  const said = escapeXml(title ?? counted(named.words.picture, named.tree.nodeCount))
  return `<svg xmlns="http://www.w3.org/2000/svg" class="athanor-tree" viewBox="0 0 ${round(whole)} ${round(bottom)}" width="${round(whole)}" height="${round(bottom)}" role="img" aria-label="${said}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif" font-size="${font}">
<style>${style}</style>
${parts.filter(part => part !== '').join('\n')}
</svg>
`
}

const style = `
.athanor-tree .base{fill:#fff}.athanor-tree .text{fill:#1c2330}.athanor-tree .dim{fill:#5b6472}.athanor-tree .title{fill:#1c2330;font-size:15px;font-weight:600}
.athanor-tree .edge{fill:none;stroke:#aab2bf;stroke-linecap:round}.athanor-tree .word{fill:#7c8593;font-size:11px}
@media (prefers-color-scheme:dark){.athanor-tree .base{fill:#1b1f27}.athanor-tree .text{fill:#eceff4}.athanor-tree .dim{fill:#a9b2c0}.athanor-tree .title{fill:#eceff4}.athanor-tree .edge{stroke:#59616e}.athanor-tree .word{fill:#9099a8}}
`

/** Rows in a node: counted, weighted, or 1 where neither is known. */
function rowsIn({ nNodeSamples, weightedNNodeSamples }: Tree, node: number): number {
  return nNodeSamples?.[node] ?? weightedNNodeSamples?.[node] ?? 1
}

/** Nodes of what hangs on each node, itself one of them. */
function sizesOf({ nodeCount, childrenLeft, childrenRight }: Tree): Float64Array {
  const sizes = new Float64Array(nodeCount).fill(1)
  for (let node = nodeCount - 1; node >= 0; node--)
    if (childrenLeft[node] >= 0)
      sizes[node] += sizes[childrenLeft[node]] + sizes[childrenRight[node]]
  return sizes
}

interface Shape {
  readonly maxDepth: number
  readonly decimals: number
  readonly sizes: Float64Array
}

function boxOf(named: SaidTree, node: number, depth: number, shape: Shape): Box {
  const { tree } = named
  const isInner = tree.childrenLeft[node] >= 0
  const isCut = isInner && depth >= shape.maxDepth
  const children =
    isInner && !isCut
      ? [tree.childrenLeft[node], tree.childrenRight[node]].map(child =>
          boxOf(named, child, depth + 1, shape),
        )
      : []
  const lines = linesOf(named, node, isInner && !isCut, shape.decimals)
  const widest = Math.max(...lines.map((text, i) => textWidth(text, font, i === 0)))
  const width = Math.max(92, Math.ceil(widest) + 2 * padding)
  return { node, depth, lines, children, width, hidden: isCut ? shape.sizes[node] - 1 : 0 }
}

function linesOf(named: SaidTree, node: number, asks: boolean, decimals: number): string[] {
  const { tree, classes, words } = named
  const samples = tree.nNodeSamples?.[node]
  const rows =
    samples === undefined ? undefined : counted(samples === 1 ? words.row : words.rows, samples)
  const answer =
    classes === undefined
      ? number(tree.value[node * tree.outputs], decimals)
      : short(classes[classOf(tree, node)], mostText)
  const first = asks ? questionOf(named, node, decimals) : answer
  const second = asks ? (rows === undefined ? answer : `${rows} · ${answer}`) : rows
  return second === undefined ? [first] : [first, second]
}

function questionOf({ tree, features, words }: SaidTree, node: number, decimals: number): string {
  const name = short(features[tree.feature[node]], mostText)
  const codes = tree.categoriesLeft[node]
  if (codes !== undefined) return `${name} in ${short(`{${codes.join(', ')}}`, 20)}`
  if (tree.threshold[node] === Infinity) return words.isThere.replace('{name}', () => name)
  return `${name} ≤ ${number(tree.threshold[node], decimals)}`
}

/** With so many decimals, but never a 0 that is none, and without zeros at the end. */
function number(x: number, decimals: number): string {
  if (x === 0) return '0'
  const size = Math.abs(x)
  const text =
    size >= 1e15 || size < 0.5 * 10 ** -decimals
      ? x.toExponential(2)
      : fixed(x, decimals)
          .replace(/(\.\d*?)0+$/, '$1')
          .replace(/\.$/, '')
  return text.replace('-', '−')
}

function heightOf(box: Box, { classes }: NamedTree): number {
  return box.lines.length * line + 12 + (classes === undefined ? 0 : barHeight)
}

type Colouring = (node: number) => { colour: string; strength: number }

/** Shades of values reach from the lowest to the highest that is drawn. */
function colouring({ tree, classes }: NamedTree, boxes: readonly Box[]): Colouring {
  const { value, outputs } = tree
  if (classes !== undefined)
    return node => {
      const best = classOf(tree, node)
      const purity = (value[node * outputs + best] - 1 / outputs) / (1 - 1 / outputs)
      return { colour: colourOf(best), strength: outputs === 1 ? 1 : purity }
    }
  const values = boxes.map(({ node }) => value[node * outputs])
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return node => ({
    colour: numberColour,
    strength: high > low ? (value[node * outputs] - low) / (high - low) : 0.5,
  })
}

function colourOf(place: number): string {
  return classColours[place % classColours.length]
}

function card(
  named: SaidTree,
  box: Box,
  { x, y }: { readonly x: number; readonly y: number },
  height: number,
  colouringOf: Colouring,
  decimals: number,
): string {
  const { colour, strength } = colouringOf(box.node)
  const left = x - box.width / 2
  const isLeaf = box.children.length === 0 && box.hidden === 0
  const rect = (more: string) =>
    `<rect x="${round(left)}" y="${round(y)}" width="${round(box.width)}" height="${round(height)}" rx="${isLeaf ? 12 : 6}" ${more}/>`
  const texts = box.lines.map(
    (text, i) =>
      `<text class="${i === 0 ? 'text' : 'dim'}" x="${round(x)}" y="${round(y + 6 + (i + 0.75) * line)}" text-anchor="middle"${i === 0 ? ' font-weight="600"' : ''}>${escapeXml(text)}</text>`,
  )
  const parts = [
    `<title>${escapeXml(detailsOf(named, box.node, decimals))}</title>`,
    rect('class="base"'),
    rect(
      `fill="${colour}" fill-opacity="${round(0.06 + 0.4 * Math.max(0, Math.min(1, strength)))}" stroke="${colour}" stroke-opacity="0.85"`,
    ),
    ...texts,
    named.classes === undefined ? '' : bar(named.tree, box, left, y + height - barHeight - 5),
  ]
  if (box.hidden > 0)
    parts.push(
      `<path class="edge" stroke-width="1.5" stroke-dasharray="2 3" d="M${round(x)} ${round(y + height)}v12"/>`,
      `<text class="dim" x="${round(x)}" y="${round(y + height + 22)}" text-anchor="middle">${escapeXml(counted(named.words.more, box.hidden))}</text>`,
    )
  return `<g>${parts.join('')}</g>`
}

/** The shares of the classes, side by side. */
function bar({ value, outputs }: Tree, box: Box, left: number, y: number): string {
  const width = box.width - 2 * padding
  let x = left + padding
  let out = ''
  for (let k = 0; k < outputs; k++) {
    const part = width * value[box.node * outputs + k]
    if (part < 0.2) continue
    out += `<rect x="${round(x)}" y="${round(y)}" width="${round(part)}" height="${barHeight}" fill="${colourOf(k)}"/>`
    x += part
  }
  return out
}

function branch(
  { tree, words }: SaidTree,
  from: Box,
  to: Box,
  side: number,
  at: (box: Box) => { readonly x: number; readonly y: number },
  height: number,
): string {
  const a = at(from)
  const b = at(to)
  const y = a.y + height
  const share = rowsIn(tree, to.node) / Math.max(1e-300, rowsIn(tree, 0))
  const thick = round(1.2 + 5 * Math.sqrt(Math.max(0, Math.min(1, share))))
  const bend = (b.y - y) / 2
  const path = `<path class="edge" stroke-width="${thick}" d="M${round(a.x)} ${round(y)}C${round(a.x)} ${round(y + bend)} ${round(b.x)} ${round(b.y - bend)} ${round(b.x)} ${round(b.y)}"/>`
  if (from.depth > 0) return path
  const x = (a.x + b.x) / 2 + (side === 0 ? -12 : 12)
  return `${path}<text class="word" x="${round(x)}" y="${round(y + bend - 4)}" text-anchor="${side === 0 ? 'end' : 'start'}">${escapeXml(side === 0 ? words.yes : words.no)}</text>`
}

/** All that is known of a node, for whoever points at it. */
function detailsOf(named: SaidTree, node: number, decimals: number): string {
  const { tree, classes, features, words } = named
  const { outputs, value, impurity, weightedNNodeSamples, nNodeSamples } = tree
  const lines: string[] = []
  if (tree.childrenLeft[node] >= 0) {
    const codes = tree.categoriesLeft[node]
    const question = codes === undefined ? `≤ ${tree.threshold[node]}` : `in {${codes.join(', ')}}`
    lines.push(`${features[tree.feature[node]]} ${question}`)
    lines.push(tree.missingGoToLeft[node] === 1 ? words.missingLeft : words.missingRight)
  }
  if (nNodeSamples !== undefined)
    lines.push(counted(nNodeSamples[node] === 1 ? words.row : words.rows, nNodeSamples[node]))
  if (weightedNNodeSamples !== undefined)
    lines.push(`${words.weight}: ${number(weightedNNodeSamples[node], decimals)}`)
  if (impurity !== undefined) lines.push(`${words.impurity}: ${number(impurity[node], 4)}`)
  for (let k = 0; k < outputs && k < 50; k++)
    lines.push(`${classes?.[k] ?? words.value}: ${number(value[node * outputs + k], 4)}`)
  return lines.join('\n')
}

function legendOf({ classes }: NamedTree): { text: string; width: number } {
  if (classes === undefined || classes.length > classColours.length) return { text: '', width: 0 }
  let x = 0
  let text = ''
  for (const [place, name] of classes.entries()) {
    const label = short(name, mostText)
    text += `<rect x="${round(x)}" y="1" width="11" height="11" rx="3" fill="${colourOf(place)}"/><text class="dim" x="${round(x + 16)}" y="11">${escapeXml(label)}</text>`
    x += 16 + textWidth(label, font) + 18
  }
  return { text, width: x }
}

function round(x: number): number {
  return Math.round(x * 100) / 100
}

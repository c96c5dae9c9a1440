// Trees as text, letter by letter scikit-learn's; trees as pictures: boxes apart, names safe, branches cut.

import { expect, test } from 'vitest'
import {
  DecisionTreeClassifier,
  DecisionTreeRegressor,
  exportText,
  RandomForestClassifier,
  treeToSvg,
} from './index.js'
import { fixture, matrixOf } from './testing/grown.js'
import { treeAt } from './tree.js'
import type { TreeEnsemble } from './tree-ensemble.js'

const { texts } = fixture('tree-forms')
const { data } = fixture('trees')

test('exportText writes what scikit-learn writes', async () => {
  expect(texts.length).toBe(4)
  for (const { numbers, y, params, options, text, ...table } of texts) {
    const model = numbers ? new DecisionTreeRegressor(params) : new DecisionTreeClassifier(params)
    await model.fit(matrixOf(table), y)
    expect(exportText(model, options)).toBe(text)
  }
})

/** Boxes as [left, top, right, bottom]. */
function boxesOf(svg: string): number[][] {
  const found = svg.matchAll(
    /<rect x="([-\d.]+)" y="([-\d.]+)" width="([-\d.]+)" height="([-\d.]+)" rx="\d+" class="base"/g,
  )
  return [...found].map(([, x, y, w, h]) => [+x, +y, +x + +w, +y + +h])
}

const wine = matrixOf(data.wine)

test('boxes lie within the picture and apart from each other', async () => {
  const forest = await new RandomForestClassifier({ nEstimators: 3 }).fit(wine, data.wine.y)
  for (const tree of [0, 1, 2]) {
    for (const maxDepth of [0, 1, 3, 12]) {
      const svg = treeToSvg(forest.tree(tree), { maxDepth })
      const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)?.map(Number) ?? []
      const boxes = boxesOf(svg)
      expect(boxes.length).toBeGreaterThanOrEqual(1 + 2 * Math.min(1, maxDepth))
      for (const [i, [left, top, right, bottom]] of boxes.entries()) {
        expect(Math.min(left, top)).toBeGreaterThan(0)
        expect(right).toBeLessThan(width)
        expect(bottom).toBeLessThan(height)
        for (const [l, t, r, b] of boxes.slice(i + 1))
          expect(right < l || r < left || bottom < t || b < top).toBe(true)
      }
    }
  }
})

test('what lies below maxDepth is counted, not drawn', async () => {
  const tree = await new DecisionTreeClassifier().fit(wine, data.wine.y)
  const { nodeCount } = tree.tree
  const all = treeToSvg(tree, { maxDepth: 12 })
  expect(boxesOf(all).length).toBe(nodeCount)
  expect(all).not.toContain('more</text>')
  const cut = treeToSvg(tree, { maxDepth: 1 })
  const hidden = [...cut.matchAll(/… (\d+) more</g)].map(([, count]) => Number(count))
  expect(hidden.reduce((a, b) => a + b, 0)).toBe(nodeCount - 3)
})

test('names cannot break out of the picture', async () => {
  const evil = `"><script>alert('&')</script>\u0000\ud800`
  const tree = await new DecisionTreeClassifier().fit(
    [1, 2, 3, 4].map(v => ({ [evil]: v })),
    [evil, evil, 'b', 'b'],
  )
  const svg = treeToSvg(tree, { title: evil })
  expect(svg).not.toContain('\u0000')
  expect(svg).not.toMatch(/<script|&(?!(amp|lt|gt|quot|#39);)/)
  expect(svg.match(/<(?!\/?(svg|style|g|title|rect|text|path)[\s>])/)).toBeNull()
  const balance = (tag: string) =>
    (svg.match(new RegExp(`<${tag}[\\s>]`, 'g')) ?? []).length -
    (svg.match(new RegExp(`</${tag}>`, 'g')) ?? []).length
  expect(['svg', 'g', 'text', 'title', 'style'].map(balance)).toEqual([0, 0, 0, 0, 0])
})

test('numbers: a value a box, shades from the lowest to the highest', async () => {
  const x = Array.from({ length: 30 }, (_, i) => [i])
  const y = x.map(([v]) => 1000 * v)
  const svg = treeToSvg(await new DecisionTreeRegressor({ maxDepth: 1 }).fit(x, y))
  expect(svg).toContain('>feature_0 ≤ 14.5<')
  expect(svg).toContain('>30 rows · 14500<')
  const strengths = [...svg.matchAll(/fill-opacity="([\d.]+)"/g)].map(([, v]) => Number(v))
  expect(strengths).toEqual([0.26, 0.06, 0.46])
})

test('words of another language, and none that is unknown', async () => {
  const tree = await new DecisionTreeRegressor({ maxDepth: 1 }).fit([[0], [1], [2]], [0, 0, 9])
  const svg = treeToSvg(tree, { words: { yes: '是', rows: '{n} 行', impurity: '不纯度' } })
  expect(svg).toContain('>是<')
  expect(svg).toContain('>no<')
  expect(svg).toContain('3 行 · 3<')
  expect(svg).toContain('不纯度: 18')
  expect(() => treeToSvg(tree, { words: { oui: 'x' } as object })).toThrow(/words/)
})

test('questions about categories and missing values, of whichever trees', () => {
  const trees: TreeEnsemble = {
    outputs: 1,
    leafWidth: 1,
    rounds: false,
    base: Float64Array.of(0),
    treeStart: Int32Array.of(0, 5),
    treeOutput: undefined,
    feature: Int32Array.of(0, 1, -1, -1, -1),
    threshold: Float64Array.of(0, Infinity, 0, 0, 0),
    flags: Uint8Array.of(2, 0, 0, 0, 0),
    left: Int32Array.of(1, 3, 0, 1, 2),
    values: Float64Array.of(4, 1, 3),
    setStart: Int32Array.of(0, 1),
    setWords: Uint32Array.of(0b10010),
  }
  const tree = treeAt('test', trees, 0, { nFeaturesIn: 2 })
  expect(exportText(tree, { featureNames: ['colour', 'size'] })).toBe(
    [
      '|--- colour in {1, 4}',
      '|   |--- size is there',
      '|   |   |--- value: [1.00]',
      '|   |--- size is missing',
      '|   |   |--- value: [3.00]',
      '|--- colour not in {1, 4}',
      '|   |--- value: [4.00]',
      '',
    ].join('\n'),
  )
  expect(treeToSvg(tree)).toContain('feature_0 in {1, 4}')
  expect(Array.from(tree.value)).toEqual([3, 2, 4, 1, 3])
})

test('names too few or too many are refused', async () => {
  const tree = await new DecisionTreeClassifier().fit([[1], [2]], ['a', 'b'])
  expect(() => exportText(tree, { featureNames: [] })).toThrow(/1 featureNames/)
  expect(() => treeToSvg(tree, { classNames: ['a'] })).toThrow(/2 classNames/)
  expect(() => treeToSvg(tree, { depth: 3 } as never)).toThrow(/maxDepth/)
  expect(() => exportText(new DecisionTreeClassifier())).toThrow(/fit/)
})

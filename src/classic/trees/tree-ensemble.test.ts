// Trees as arrays: the kernel walks as TypeScript does, and nothing unsound gets to it.

import { describe, expect, test } from 'vitest'
import { AthanorError } from '../../base/errors.js'
import { JsonReader } from '../../base/json-reader.js'
import { Random } from '../../base/philox.js'
import { packArrays } from '../../estimator/state.js'
import { openExecutor } from '../../execute/select.js'
import {
  addRow,
  faultOf,
  nodeFlags,
  predictTrees,
  type TreeEnsemble,
  treeEnsemble,
} from './tree-ensemble.js'

const width = 5

/** About from −3 to 3. */
const centred = (random: Random) => random.uniform() + random.uniform() + random.uniform() * 4 - 3

/** Trees of random shape; `special` has categories and zeros that are missing cells. */
function randomTrees(
  seed: number,
  outputs: number,
  leafWidth: number,
  special: boolean,
): TreeEnsemble {
  const random = new Random(seed, 0)
  const nodes: { feature: number; threshold: number; flags: number; left: number }[] = []
  const treeStart = [0]
  let leaves = 0
  for (let tree = 0; tree < 20; tree++) {
    const begin = nodes.length
    nodes.push({ feature: -1, threshold: 0, flags: 0, left: 0 })
    for (let i = begin; i < nodes.length; i++) {
      if (nodes.length - begin > 40 || random.uniform() < 0.2) {
        nodes[i].left = leaves++
        continue
      }
      const categorical = special && random.uniform() < 0.3
      const zero = special && !categorical && random.uniform() < 0.3
      nodes[i] = {
        feature: random.integer(width),
        threshold: categorical ? random.integer(3) : centred(random),
        flags:
          random.integer(2) * nodeFlags.missingLeft +
          random.integer(2) * nodeFlags.unknownLeft +
          Number(categorical) * nodeFlags.categorical +
          Number(zero) * nodeFlags.zeroIsMissing,
        left: nodes.length,
      }
      for (let child = 0; child < 2; child++)
        nodes.push({ feature: -1, threshold: 0, flags: 0, left: 0 })
    }
    treeStart.push(nodes.length)
  }
  return {
    outputs,
    leafWidth,
    rounds: false,
    base: Float64Array.from({ length: outputs }, () => centred(random)),
    treeStart: Int32Array.from(treeStart),
    treeOutput:
      leafWidth === 1 ? Int32Array.from({ length: 20 }, (_, i) => i % outputs) : undefined,
    feature: Int32Array.from(nodes, node => node.feature),
    threshold: Float64Array.from(nodes, node => node.threshold),
    flags: Uint8Array.from(nodes, node => node.flags),
    left: Int32Array.from(nodes, node => node.left),
    values: Float64Array.from({ length: leaves * leafWidth }, () => centred(random)),
    setStart: Int32Array.of(0, 1, 3, 3),
    setWords: Uint32Array.of(0b1011, 0x80000001, 5),
  }
}

function randomRows(rows: number, missing: boolean): Float64Array {
  const random = new Random(9, 1)
  return Float64Array.from({ length: rows * width }, () =>
    missing && random.uniform() < 0.1
      ? [Number.NaN, 0, 1, 3, 31, 32, 70, -2][random.integer(8)]
      : centred(random) * 3,
  )
}

function walked(trees: TreeEnsemble, x: ArrayLike<number>): number[] {
  const rows = x.length / width
  const out = new Float64Array(rows * trees.outputs)
  for (let row = 0; row < rows; row++) {
    out.set(trees.base, row * trees.outputs)
    addRow(trees, x, row * width, out, row * trees.outputs)
  }
  return [...out]
}

function kernel(
  trees: TreeEnsemble,
  x: Float32Array | Float64Array,
  name: 'native' | 'wasm',
  threads = 1,
) {
  const { outputs, leafWidth, treeStart, feature, values, setStart, setWords } = trees
  const job = openExecutor(name === 'native' ? { name, threads } : { name }).openJob({
    kind: 'predictTrees',
    numbers: [
      ...[x.length / width, width, Number(x instanceof Float64Array), Number(trees.rounds)],
      ...[outputs, leafWidth, treeStart.length - 1, feature.length, values.length / leafWidth],
      ...[setStart.length - 1, setWords.length, 0, treeStart.length - 1],
    ],
    arrays: [
      ...[x, trees.base, treeStart, feature, trees.threshold, trees.flags, trees.left, values],
      ...[trees.treeOutput ?? new Int32Array(0), setStart, setWords],
    ],
  })
  if (job === undefined) return undefined
  while (job.advance(1e5) === 0);
  const [out] = job.results()
  job.dispose()
  return [...new Float64Array(out)]
}

describe.each(['native', 'wasm'] as const)('%s', name => {
  test.each([
    { outputs: 1, leafWidth: 1, special: false, missing: false },
    { outputs: 1, leafWidth: 1, special: false, missing: true },
    { outputs: 3, leafWidth: 1, special: true, missing: true },
    { outputs: 3, leafWidth: 3, special: false, missing: false },
    { outputs: 2, leafWidth: 2, special: true, missing: false },
  ])('walks as TypeScript does: %o', ({ outputs, leafWidth, special, missing }) => {
    const trees = randomTrees(3, outputs, leafWidth, special)
    expect(faultOf(trees, width)).toBeUndefined()
    const x = randomRows(1003, missing)
    expect(kernel(trees, x, name)).toEqual(walked(trees, x))
    const narrow = Float32Array.from(x)
    expect(kernel(trees, narrow, name)).toEqual(walked(trees, narrow))
    const rounding = { ...trees, rounds: true, threshold: trees.threshold.map(Math.fround) }
    expect(kernel(rounding, x, name)).toEqual(walked(rounding, x))
  })

  test('features at the threshold go left, just above it right, in either precision', () => {
    const third = 1 / 3
    const trees: TreeEnsemble = {
      ...randomTrees(1, 1, 1, false),
      base: Float64Array.of(0),
      treeStart: Int32Array.of(0, 3),
      treeOutput: undefined,
      feature: Int32Array.of(0, -1, -1),
      threshold: Float64Array.of(third, 0, 0),
      flags: new Uint8Array(3),
      left: Int32Array.of(1, 0, 1),
      values: Float64Array.of(-1, 1),
    }
    const at = (...values: number[]) => Float64Array.from(values.flatMap(v => [v, 0, 0, 0, 0]))
    expect(kernel(trees, at(third, third + 2 ** -54), name)).toEqual([-1, 1])
    const below = Math.fround(third) > third ? Math.fround(third - 2 ** -25) : Math.fround(third)
    expect(kernel(trees, Float32Array.from(at(below, below + 2 ** -24)), name)).toEqual([-1, 1])
  })

  test('refuses trees that lead outside or round and round', () => {
    const trees = randomTrees(3, 2, 1, true)
    const x = randomRows(3, false)
    const inner = trees.feature.findIndex(f => f >= 0)
    const leaf = trees.feature.indexOf(-1)
    const set = trees.flags.findIndex(f => (f & nodeFlags.categorical) !== 0)
    const changed = <K extends keyof TreeEnsemble>(key: K, at: number, value: number) => {
      const copy = (trees[key] as Int32Array).slice()
      copy[at] = value
      return { ...trees, [key]: copy }
    }
    for (const bad of [
      changed('left', inner, inner),
      changed('left', inner, 0),
      changed('left', inner, 1e6),
      changed('left', leaf, trees.values.length),
      changed('feature', inner, width),
      changed('threshold', set, 3),
      changed('treeStart', 1, 0),
      changed('treeStart', 20, 1),
      changed('treeOutput', 0, 2),
      changed('setStart', 1, 7),
      { ...trees, flags: trees.flags.slice(1) },
      { ...trees, leafWidth: 2, values: trees.values.slice(0, 2) },
    ]) {
      expect(faultOf(bad, width)).toBeTypeOf('string')
      expect(kernel(bad, x, name)).toBeUndefined()
    }
  })
})

test('the same bits at any number of threads', () => {
  const trees = randomTrees(5, 3, 1, true)
  const x = randomRows(5000, true)
  expect(kernel(trees, x, 'native', 3)).toEqual(kernel(trees, x, 'native', 1))
})

test('few rows are walked here, many in a job, with the same result; any range of trees', async () => {
  const trees = randomTrees(4, 2, 1, true)
  const x = randomRows(1000, true)
  const predict = (values: Float64Array, options = {}) =>
    predictTrees('test', trees, { x: values, rows: values.length / width, width }, options)
  const all = await predict(x)
  expect([...all.subarray(0, 8)]).toEqual([...(await predict(x.slice(0, 4 * width)))])
  const first = await predict(x, { endTree: 7 })
  const last = await predict(x, { firstTree: 7 })
  for (let i = 0; i < all.length; i++)
    expect(first[i] + last[i] - trees.base[i % 2]).toBeCloseTo(all[i], 12)
  await expect(predict(x, { signal: AbortSignal.abort() })).rejects.toSatisfy(
    error => error instanceof AthanorError && error.code === 'INTERRUPTED',
  )
})

test('JSON gives back the same trees, and refuses others', () => {
  const trees = randomTrees(6, 1, 1, true)
  trees.threshold[trees.flags.findIndex((f, i) => f < 2 && trees.feature[i] >= 0)] =
    Number.POSITIVE_INFINITY
  const json = JSON.parse(JSON.stringify(packArrays(treeEnsemble.write(trees))))
  expect(treeEnsemble.read(new JsonReader('trees', json))).toEqual(trees)
  const broken = { ...json, outputs: 2 }
  expect(() => treeEnsemble.read(new JsonReader('trees', broken))).toThrow(/base values/)
})

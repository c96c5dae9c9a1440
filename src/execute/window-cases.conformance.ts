// Convolutions and pooling over the ways windows can lie: strides, padding, dilation, groups, few and
// many channels, planes of one pixel, empty batches.

import type { FilterGeometry, WindowGeometry } from '../compile/program.js'
import { type Case, floats, type ProgramBuilder, valuesFor } from './program-builder.conformance.js'

interface Windows {
  readonly picture: readonly [batch: number, height: number, width: number, channels: number]
  readonly window: readonly [number, number]
  readonly strides?: readonly [number, number]
  readonly before?: readonly [number, number]
  readonly after?: readonly [number, number]
  readonly dilation?: readonly [number, number]
}

interface Filtered extends Windows {
  readonly outputs: number
  readonly groups?: number
}

function geometry(w: Windows): WindowGeometry {
  const [batch, height, width, channels] = w.picture
  const [strides, before, after, dilation] = [
    w.strides ?? [1, 1],
    w.before ?? [0, 0],
    w.after ?? w.before ?? [0, 0],
    w.dilation ?? [1, 1],
  ]
  const count = (size: number, axis: 0 | 1) =>
    Math.floor(
      (size + before[axis] + after[axis] - (w.window[axis] - 1) * dilation[axis] - 1) /
        strides[axis],
    ) + 1
  return {
    batch,
    height,
    width,
    channels,
    outHeight: count(height, 0),
    outWidth: count(width, 1),
    windowHeight: w.window[0],
    windowWidth: w.window[1],
    strideHeight: strides[0],
    strideWidth: strides[1],
    top: before[0],
    left: before[1],
    dilationHeight: dilation[0],
    dilationWidth: dilation[1],
  }
}

/** 3 × 3 with so many channels that float32 goes by transformed tiles of 2 × 2 results. */
const winograd: readonly (readonly [string, Filtered])[] = [
  ['tiles of whole vectors', { picture: [3, 10, 12, 32], window: [3, 3], outputs: 64 }],
  [
    'tiles at odd edges, parts of vectors',
    { picture: [3, 9, 11, 20], window: [3, 3], before: [1, 1], outputs: 18 },
  ],
  [
    'tiles, uneven padding',
    { picture: [2, 6, 7, 16], window: [3, 3], before: [0, 2], after: [3, 1], outputs: 33 },
  ],
  [
    'tiles, more padding than the window',
    { picture: [2, 4, 5, 17], window: [3, 3], before: [4, 3], after: [1, 6], outputs: 16 },
  ],
  ['tiles, no picture', { picture: [0, 8, 8, 16], window: [3, 3], outputs: 16 }],
]

const filtered: readonly (readonly [string, Filtered])[] = [
  ['3 × 3', { picture: [2, 9, 8, 5], window: [3, 3], outputs: 7 }],
  ['3 × 3 of one channel', { picture: [3, 12, 17, 1], window: [3, 3], outputs: 32 }],
  [
    '3 × 3 of three channels, padded',
    { picture: [2, 11, 13, 3], window: [3, 3], before: [1, 1], outputs: 16 },
  ],
  [
    '5 × 3, strides 2 and 3',
    {
      picture: [2, 13, 14, 4],
      window: [5, 3],
      strides: [2, 3],
      before: [2, 0],
      after: [1, 2],
      outputs: 9,
    },
  ],
  [
    '4 × 4, stride 2',
    { picture: [1, 16, 16, 8], window: [4, 4], strides: [2, 2], before: [1, 1], outputs: 33 },
  ],
  [
    '3 × 3, dilation 2 and 3',
    { picture: [2, 15, 16, 6], window: [3, 3], dilation: [2, 3], before: [2, 3], outputs: 5 },
  ],
  [
    '3 × 2, stride 2, dilation 3 and 2',
    {
      picture: [2, 17, 14, 2],
      window: [3, 2],
      strides: [2, 2],
      dilation: [3, 2],
      before: [3, 1],
      outputs: 3,
    },
  ],
  ['2 × 2, stride 4', { picture: [2, 14, 15, 3], window: [2, 2], strides: [4, 4], outputs: 4 }],
  ['1 × 1', { picture: [3, 6, 7, 12], window: [1, 1], outputs: 10 }],
  ['1 × 1, stride 2', { picture: [2, 8, 9, 5], window: [1, 1], strides: [2, 2], outputs: 6 }],
  [
    'a window larger than the picture',
    { picture: [2, 3, 2, 4], window: [5, 5], before: [2, 3], outputs: 3 },
  ],
  ['the whole picture', { picture: [4, 4, 4, 8], window: [4, 4], outputs: 40 }],
  ['two groups', { picture: [2, 9, 9, 8], window: [3, 3], before: [1, 1], outputs: 12, groups: 2 }],
  [
    'three groups, stride 2',
    { picture: [2, 9, 10, 6], window: [3, 3], strides: [2, 2], outputs: 9, groups: 3 },
  ],
  [
    'a group for each channel',
    { picture: [2, 10, 11, 21], window: [3, 3], before: [1, 1], outputs: 21, groups: 21 },
  ],
  [
    'a group for each channel, stride 2, dilation 2',
    {
      picture: [2, 13, 12, 20],
      window: [3, 2],
      strides: [2, 3],
      dilation: [2, 2],
      before: [2, 1],
      outputs: 20,
      groups: 20,
    },
  ],
  [
    'two outputs for each channel',
    { picture: [2, 8, 8, 6], window: [3, 3], before: [1, 1], outputs: 12, groups: 6 },
  ],
  [
    'one row',
    { picture: [3, 1, 40, 7], window: [1, 5], before: [0, 4], after: [0, 0], outputs: 11 },
  ],
  ['no picture', { picture: [0, 6, 6, 3], window: [3, 3], outputs: 4 }],
  ...winograd,
  ['many channels', { picture: [1, 7, 7, 70], window: [3, 3], before: [1, 1], outputs: 65 }],
]

/** Large enough to be cut into parts and blocks. */
export const largeWindows: readonly (readonly [string, Filtered])[] = [
  ['many pictures', { picture: [37, 14, 14, 6], window: [3, 3], before: [1, 1], outputs: 24 }],
  [
    'a large picture',
    { picture: [2, 70, 90, 12], window: [3, 3], before: [1, 1], strides: [1, 2], outputs: 10 },
  ],
  ['many channels', { picture: [3, 8, 8, 128], window: [3, 3], before: [1, 1], outputs: 160 }],
  ['many tiles', { picture: [70, 12, 13, 16], window: [3, 3], before: [1, 1], outputs: 16 }],
  [
    'tiles of many channels',
    { picture: [2, 6, 6, 130], window: [3, 3], before: [1, 1], outputs: 300 },
  ],
  [
    'many pictures, a group for each channel',
    { picture: [24, 14, 14, 40], window: [3, 3], before: [1, 1], outputs: 40, groups: 40 },
  ],
]

type Made = 'picture' | 'filter' | 'plane'

/** One of the three is made of the other two. */
export function pushFiltered(
  b: ProgramBuilder,
  dtype: 'float32' | 'float64',
  w: Filtered,
  made: Made,
  extras: { readonly bias?: boolean; readonly activation?: 'relu' | 'tanh' } = {},
): void {
  const groups = w.groups ?? 1
  const g: FilterGeometry = { ...geometry(w), dtype, outputs: w.outputs, groups }
  const lengths = {
    picture: g.batch * g.height * g.width * g.channels,
    filter: g.windowHeight * g.windowWidth * (g.channels / groups) * g.outputs,
    plane: g.batch * g.outHeight * g.outWidth * g.outputs,
  }
  const buffer = (name: Made, seed: number) =>
    name === made
      ? b.output(dtype, lengths[name])
      : b.input(dtype, valuesFor(dtype, lengths[name], seed))
  const picture = buffer('picture', 1)
  const filter = buffer('filter', 2)
  const plane = buffer('plane', 3)
  if (made === 'plane') {
    const bias = extras.bias ? { bias: b.input(dtype, valuesFor(dtype, g.outputs, 4)) } : {}
    const activation = extras.activation ?? 'copy'
    b.push({
      kind: 'convolution',
      ...g,
      source: picture,
      filter,
      target: plane,
      ...bias,
      activation,
    })
  } else if (made === 'picture')
    b.push({ kind: 'convolutionInput', ...g, upstream: plane, filter, target: picture })
  else b.push({ kind: 'convolutionFilter', ...g, source: picture, upstream: plane, target: filter })
}

/** How many products make up one element of what is made. */
function termsOf(w: Filtered, made: Made): number {
  const { batch, outHeight, outWidth, windowHeight, windowWidth, channels } = geometry(w)
  const window = windowHeight * windowWidth
  if (made === 'filter') return batch * outHeight * outWidth
  return (window * (made === 'plane' ? channels : w.outputs)) / (w.groups ?? 1)
}

function convolutionCases(): Case[] {
  const cases: Case[] = []
  const names = { plane: 'convolution', picture: 'its input', filter: 'its filter' } as const
  for (const dtype of floats)
    for (const [name, w] of [...filtered, ...largeWindows])
      for (const made of ['plane', 'picture', 'filter'] as const)
        cases.push({
          name: `${names[made]} ${dtype}: ${name}`,
          tolerance: 40 + 2 * termsOf(w, made),
          build: b => pushFiltered(b, dtype, w, made),
        })
  for (const dtype of floats)
    for (const activation of [undefined, 'relu', 'tanh'] as const)
      for (const windows of [filtered[0], filtered[8], filtered[14], ...winograd.slice(0, 2)]) {
        const [name, w] = windows
        cases.push({
          name: `convolution ${dtype} with bias and ${activation ?? 'nothing'}: ${name}`,
          tolerance: winograd.includes(windows) ? 40 + 2 * termsOf(w, 'plane') : 100,
          build: b =>
            pushFiltered(b, dtype, w, 'plane', {
              bias: true,
              ...(activation ? { activation } : {}),
            }),
        })
      }
  return cases
}

const pooled: readonly (readonly [string, Windows])[] = [
  ['2 × 2 by 2', { picture: [2, 8, 10, 16], window: [2, 2], strides: [2, 2] }],
  [
    '3 × 3 by 2, padded',
    { picture: [2, 9, 8, 21], window: [3, 3], strides: [2, 2], before: [1, 1] },
  ],
  ['3 × 2 by 1', { picture: [1, 6, 7, 70], window: [3, 2] }],
  ['2 × 2 by 3', { picture: [3, 11, 9, 3], window: [2, 2], strides: [3, 3] }],
  ['the whole picture', { picture: [17, 5, 4, 6], window: [5, 4] }],
  [
    'one row',
    { picture: [2, 1, 30, 5], window: [1, 4], strides: [1, 2], before: [0, 2], after: [0, 1] },
  ],
  ['no picture', { picture: [0, 4, 4, 3], window: [2, 2], strides: [2, 2] }],
]

function poolCases(): Case[] {
  const cases: Case[] = []
  for (const dtype of floats)
    for (const [name, w] of pooled)
      for (const values of ['numbers', 'equal numbers', 'NaN among them'] as const) {
        const g = { ...geometry(w), dtype }
        const picture = g.batch * g.height * g.width * g.channels
        const plane = g.batch * g.outHeight * g.outWidth * g.channels
        const made = Array.from(valuesFor(dtype, picture, 5), (x, i) =>
          values === 'numbers'
            ? x
            : values === 'equal numbers'
              ? Math.round(x)
              : i % 7 === 3
                ? NaN
                : x,
        )
        const add = (kind: string, tolerance: number, build: Case['build']) =>
          cases.push({ name: `${kind} ${dtype} of ${values}: ${name}`, tolerance, build })
        add('maxPool', 0, b => {
          const source = b.input(dtype, made)
          b.push({ kind: 'maxPool', ...g, source, target: b.output(dtype, plane) })
        })
        add('maxPoolGradient', 8, b => {
          const source = b.input(dtype, made)
          const upstream = b.input(dtype, valuesFor(dtype, plane, 6))
          b.push({
            kind: 'maxPoolGradient',
            ...g,
            source,
            upstream,
            target: b.output(dtype, picture),
          })
        })
        add('maxPoolPick', 0, b => {
          const source = b.input(dtype, made)
          const given = b.input(dtype, valuesFor(dtype, picture, 7))
          b.push({
            kind: 'maxPoolPick',
            ...g,
            source,
            values: given,
            target: b.output(dtype, plane),
          })
        })
        if (values !== 'numbers') continue
        add('sumPool', 20, b => {
          const source = b.input(dtype, made)
          b.push({ kind: 'sumPool', ...g, source, target: b.output(dtype, plane) })
        })
        add('sumPoolGradient', 20, b => {
          const source = b.input(dtype, valuesFor(dtype, plane, 6))
          b.push({ kind: 'sumPoolGradient', ...g, source, target: b.output(dtype, picture) })
        })
      }
  return cases
}

export function windowCases(): Case[] {
  return [...convolutionCases(), ...poolCases()]
}

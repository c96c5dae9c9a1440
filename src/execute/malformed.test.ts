// Words that are not a program, or not quite: refused or run, never a crash.

import { describe, expect, test, vi } from 'vitest'
import { nativeKernels, wasmModule } from '#platform'
import { encodeProgram, slotBytes } from './encode.js'
import { nativeIsas } from './native.js'
import { fused, noise, ProgramBuilder, wholeNumbers } from './program-builder.conformance.js'

vi.setConfig({ testTimeout: 60_000 })

/** One of each instruction. */
function everyInstruction() {
  const b = new ProgramBuilder()
  const x = b.input('float32', noise(24))
  const y = b.temporary('float32', 24)
  const indices = b.input('int32', wholeNumbers(6, 4))
  const whole = b.temporary('int32', 24)
  const rows = b.output('float32', 6)
  const out = b.output('float32', 24)
  const view = { outer: 2, reduced: 3, inner: 4 }
  const line = { buffer: x, batchStride: 0, rowStride: 4, columnStride: 1 }
  const dtype = 'float32'
  const counter = b.scalar(5)
  const key = { seedLow: 1, seedHigh: 2, stream: 3, counter }
  const lines = { rows: 6, columns: 4 }
  const axis = { outer: 1, axisSize: 4, inner: 2, count: 6 }
  b.push(
    fused({
      shape: [2, 3, 4],
      inputs: [x, { buffer: rows, strides: [3, 1, 0] }],
      constants: [2],
      lines: [
        ['multiplyAdd', 0, 0, 1, 2],
        ['exp', 1, 3],
      ],
      outputs: [
        [y, 4],
        [b.output('float32', 8), 3, 'sum'],
      ],
      view: [2, 3, 4],
    }),
  )
  const right = { buffer: y, batchStride: 0, rowStride: 6, columnStride: 1 }
  const sizes = { batch: 1, rows: 6, columns: 4, depth: 4 }
  b.push({
    kind: 'matmul',
    dtype,
    ...sizes,
    left: line,
    right: { ...right, rowStride: 4 },
    out,
    bias: rows,
    activation: 'tanh',
  })
  const windows = {
    ...({ dtype, batch: 1, height: 3, width: 4, channels: 2, outHeight: 2, outWidth: 3 } as const),
    ...{ windowHeight: 2, windowWidth: 2, strideHeight: 1, strideWidth: 1, top: 0, left: 0 },
    ...{ dilationHeight: 1, dilationWidth: 1 },
  }
  for (const [groups, outputs] of [
    [1, 3],
    [2, 2],
  ]) {
    const filtered = { ...windows, outputs, groups }
    b.push({
      kind: 'convolution',
      ...filtered,
      source: x,
      filter: x,
      target: y,
      bias: rows,
      activation: 'relu',
    })
    b.push({ kind: 'convolutionInput', ...filtered, upstream: y, filter: x, target: out })
    b.push({ kind: 'convolutionFilter', ...filtered, source: x, upstream: y, target: out })
  }
  b.push({ kind: 'maxPool', ...windows, source: x, target: y })
  b.push({ kind: 'maxPoolGradient', ...windows, source: x, upstream: y, target: out })
  b.push({ kind: 'maxPoolPick', ...windows, source: x, values: y, target: out })
  b.push({ kind: 'sumPool', ...windows, source: x, target: y })
  b.push({ kind: 'sumPoolGradient', ...windows, source: y, target: out })
  const strides = { sourceStrides: [1, 6], targetStrides: [4, 1], sourceOffset: 0, targetOffset: 0 }
  b.push({ kind: 'copy', dtype, shape: [6, 4], source: x, target: y, ...strides })
  b.push({ kind: 'fill', dtype, target: y, length: 24, value: 3 })
  b.push({ kind: 'gather', dtype, ...axis, source: x, indices, target: y })
  b.push({ kind: 'scatterAdd', dtype, ...axis, source: x, indices, target: y })
  b.push({ kind: 'argReduce', dtype, largest: true, ...view, source: x, target: whole })
  const directions = { exclusive: false, reverse: true }
  b.push({ kind: 'cumulativeSum', dtype, ...view, ...directions, source: x, target: y })
  const sequence = { dtype, batch: 2, steps: 1, units: 2, backwards: false, kernel: x } as const
  const states = b.temporary('float32', 64)
  const mask = b.input('bool', [1, 0])
  b.push({
    kind: 'recurrent',
    cell: 'gru',
    ...sequence,
    inputs: x,
    bias: x,
    hidden: x,
    mask,
    target: states,
  })
  b.push({
    kind: 'recurrentGradient',
    cell: 'lstm',
    ...sequence,
    record: x,
    hidden: x,
    cellState: y,
    mask,
    upstream: x,
    upstreamLast: true,
    cellUpstream: x,
    cellUpstreamLast: false,
    target: states,
  })
  b.push({ kind: 'softmax', dtype, logarithm: true, ...lines, source: x, target: y })
  b.push({ kind: 'softmaxCrossEntropy', dtype, ...lines, logits: x, labels: indices, target: rows })
  b.push({
    kind: 'softmaxCrossEntropyGradient',
    dtype,
    ...lines,
    logits: x,
    labels: indices,
    upstream: rows,
    upstreamStride: 1,
    target: y,
  })
  const alignment = {
    ...{ batch: 1, steps: 3, classes: 4, mostLabels: 2, blank: 3, zeroInfinity: true },
    ...{ logits: x, labels: b.input('int32', [0, 2]) },
    ...{ inputLengths: b.input('int32', [3]), labelLengths: b.input('int32', [2]) },
  }
  b.push({ kind: 'ctcLoss', dtype, ...alignment, target: rows })
  b.push({
    kind: 'ctcLossGradient',
    dtype,
    ...alignment,
    upstream: x,
    upstreamStride: 1,
    target: y,
  })
  b.push({ kind: 'random', distribution: 'uniform', dtype, ...key, length: 24, target: y })
  b.push({
    kind: 'random',
    distribution: 'bits',
    dtype: 'int32',
    ...key,
    length: 24,
    target: whole,
  })
  b.push({ kind: 'iota', dtype: 'int32', ...view, target: whole })
  b.push({ kind: 'requireFinite', dtype, source: x })
  return b.finish()
}

interface Decoder {
  /** Status of one run, or undefined where the words are refused. */
  readonly tryRun: (words: Int32Array, run: boolean) => number | undefined
}

const built = everyInstruction()
const { program } = built
const good = encodeProgram(program)

function nativeDecoder(isa: string): Decoder {
  const { addon, libraries } = nativeKernels()
  const library = addon.open(libraries[isa])
  const table = new Float64Array(program.slots.length + 64)
  const hosts = [...built.values, new ArrayBuffer(program.slots.at(-1)!.length)]
  return {
    tryRun(words, run) {
      const handle = addon.load(library, words, table)
      if (handle === undefined) return undefined
      const status = run ? addon.run(handle, hosts) : 0
      addon.free(handle)
      return status
    },
  }
}

function wasmDecoder(): Decoder {
  const kernels = new WebAssembly.Instance(wasmModule('simd128'), {}).exports as Record<
    string,
    (...values: (number | bigint)[]) => number
  >
  const memory = (kernels as unknown as { memory: WebAssembly.Memory }).memory
  const place = kernels.athanor_allocate(good.byteLength * 2)
  const table = kernels.athanor_allocate(4 * 64)
  const blocks = program.slots.map(slot => kernels.athanor_allocate(slotBytes(slot)))
  built.values.forEach(({ buffer }, k) => {
    new Uint8Array(memory.buffer).set(new Uint8Array(buffer), blocks[k])
  })
  return {
    tryRun(words, run) {
      new Int32Array(memory.buffer, place, words.length).set(words)
      const handle = kernels.athanor_program_create(place, BigInt(words.length))
      if (handle === 0) return undefined
      let status = 0
      // As the addon does: the caller gives as many bytes as the slots ask for, or does not run.
      const count = kernels.athanor_program_slots(handle)
      const fits = program.slots.every(
        (slot, k) =>
          k < count && Number(kernels.athanor_program_slot_bytes(handle, k)) <= slotBytes(slot),
      )
      if (run && fits && count === program.slots.length) {
        new Int32Array(memory.buffer, table, blocks.length).set(blocks)
        status = kernels.athanor_program_run(handle, table, count)
      }
      kernels.athanor_program_free(handle)
      return status
    },
  }
}

const decoders = [
  ...nativeIsas().map(isa => [`native ${isa}`, () => nativeDecoder(isa)] as const),
  ['wasm', wasmDecoder] as const,
]

describe.each(decoders)('%s', (_, open) => {
  const decoder = open()

  test('takes the program as it is', () => {
    expect(decoder.tryRun(good, true)).toBe(0)
  })

  test('refuses every shorter and longer version', () => {
    for (let length = 0; length < good.length; length++)
      expect(decoder.tryRun(good.slice(0, length), false)).toBeUndefined()
    const longer = new Int32Array(good.length + 1)
    longer.set(good)
    expect(decoder.tryRun(longer, false)).toBeUndefined()
  })

  test('survives any one word changed', () => {
    const values = [-(2 ** 31), -2, -1, 0, 1, 2, 3, 5, 64, 65, 4096, 2 ** 20, 2 ** 31 - 1]
    for (let at = 0; at < good.length; at++)
      for (const value of values) {
        const words = good.slice()
        words[at] = value
        // Only small changes are run: a huge size can be valid (strides of 0) and merely slow.
        decoder.tryRun(words, good[at] !== 0 && Math.abs(value) <= 65)
      }
  })

  test('survives many words changed', () => {
    const random = wholeNumbers(60_000, 2 ** 30, 7)
    for (let i = 0; i + 6 <= random.length; i += 6) {
      const words = good.slice()
      let run = true
      for (let k = 0; k < 6; k += 2) {
        const at = random[i + k] % words.length
        run &&= good[at] !== 0
        words[at] = (random[i + k + 1] % 12) - 2
      }
      decoder.tryRun(words, run)
    }
  })

  test('still takes the program as it is', () => {
    expect(decoder.tryRun(good, true)).toBe(0)
  })
})

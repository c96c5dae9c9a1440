import { describe, expect, it } from 'vitest'
import { crc32 } from '../base/crc32.js'
import { AthanorError } from '../base/errors.js'
import { type Container, decodeContainer, encodeContainer } from './container.js'

const sample: Container = {
  kind: 'model',
  tensors: {
    flags: { dtype: 'bool', shape: [3], values: Uint8Array.of(1, 0, 1) },
    kernel: { dtype: 'float32', shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) },
    mean: { dtype: 'float64', shape: [], values: Float64Array.of(1e300) },
  },
  metadata: { name: '模型', epochs: 3, nested: { list: [1, null, 'x'] } },
}

function withHeader(header: unknown, data = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === 'string' ? header : JSON.stringify(header),
  )
  const out = new Uint8Array(8 + text.length + data.length)
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true)
  out.set(text, 8)
  out.set(data, 8 + text.length)
  return out
}

/** The mark of a file whose other header entries are `layout`. */
function mark(layout: object, version = '1') {
  const text = new TextEncoder().encode(`model${JSON.stringify(layout)}{}`)
  return {
    format: 'athanor',
    version,
    kind: 'model',
    checksum: '0',
    content: '{}',
    contentChecksum: String(crc32(text)),
  }
}

function refusal(bytes: Uint8Array): string {
  try {
    decodeContainer(bytes, 'm.athanor')
  } catch (error) {
    expect(error).toBeInstanceOf(AthanorError)
    expect((error as AthanorError).code).toBe('FORMAT')
    return (error as Error).message
  }
  throw new Error('accepted')
}

describe('container', () => {
  it('gives back what was saved', () => {
    const { kind, tensors, metadata } = decodeContainer(encodeContainer(sample), 'm.athanor')
    expect({ kind, metadata, tensors: { ...tensors } }).toEqual(sample)
  })

  it('knows the checksum of the standard', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  })

  it('refuses every truncation', () => {
    const whole = encodeContainer(sample)
    for (let n = 0; n < whole.length; n++) refusal(whole.subarray(0, n))
  })

  it('refuses every altered byte', () => {
    const whole = encodeContainer(sample)
    for (let n = 0; n < whole.length; n++) {
      const altered = whole.slice()
      altered[n] ^= 0x41
      // White space between tokens may change without changing anything.
      if (whole[n] === 0x20 && altered[n] === 0x09) continue
      refusal(altered)
    }
  })

  it('refuses hostile headers', () => {
    expect(
      refusal(withHeader(`{"__proto__": {"x": 1}, "__metadata__": ${JSON.stringify(mark({}))}}`)),
    ).toContain('__proto__')
    const entry = (e: object) =>
      refusal(withHeader({ __metadata__: mark({ w: e }), w: e }, new Uint8Array(8)))
    expect(entry({ dtype: 'F32', shape: [2 ** 40, 2 ** 40], data_offsets: [0, 8] })).toContain(
      'bytes',
    )
    expect(entry({ dtype: 'F32', shape: [-2], data_offsets: [0, 8] })).toContain('shape')
    expect(entry({ dtype: 'F32', shape: [2], data_offsets: [8, 16] })).toContain('truncated')
    expect(entry({ dtype: 'F32', shape: [1], data_offsets: [4, 8] })).toContain('gap')
    expect(entry({ dtype: 'F16', shape: [4], data_offsets: [0, 8] })).toContain('type')
    expect(refusal(withHeader({ __metadata__: mark({}, '2') }))).toContain('Update')
    expect(refusal(withHeader('[]'))).toContain('object')
    const huge = new Uint8Array(16)
    huge.fill(255, 0, 8)
    expect(refusal(huge)).toContain('header')
  })
})

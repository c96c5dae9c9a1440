// WAV files of every kind, good and bad; telephone codes against Python's audioop.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fromALaw, fromMuLaw } from './g711.js'
import { readWavFile } from './read-wav.node.js'
import { readWav, writeWav } from './wav.js'

const samples = Float32Array.from({ length: 101 }, (_, i) => Math.sin(i / 3) * 0.9)
const sound = { samples, sampleRate: 8000 }

/** A file put together by hand: its chunks, in order. */
function wav(...chunks: readonly (readonly [string, readonly number[], number?])[]): Uint8Array {
  const body = chunks.flatMap(([name, bytes, size = bytes.length]) => [
    ...[...name].map(c => c.charCodeAt(0)),
    ...word(size, 4),
    ...bytes,
    ...(bytes.length % 2 ? [0] : []),
  ])
  return Uint8Array.from([
    ...letters('RIFF'),
    ...word(4 + body.length, 4),
    ...letters('WAVE'),
    ...body,
  ])
}

const letters = (text: string) => [...text].map(c => c.charCodeAt(0))
const word = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) & 255)

function format(code: number, channels: number, bits: number, rate = 8000): number[] {
  const block = (channels * bits) / 8
  return [
    ...word(code, 2),
    ...word(channels, 2),
    ...word(rate, 4),
    ...word(rate * block, 4),
    ...word(block, 2),
    ...word(bits, 2),
  ]
}

describe('readWav', () => {
  test.each([
    ['pcm8', 8],
    ['pcm16', 16],
    ['pcm24', 24],
    ['pcm32', 32],
    ['float32', 32],
  ] as const)('reads back what writeWav writes as %s', (kind, bits) => {
    const read = readWav(writeWav(sound, { format: kind }))
    const encoding = kind === 'float32' ? 'float' : 'pcm'
    expect(read).toMatchObject({
      sampleRate: 8000,
      bits,
      encoding,
      channels: 1,
      isTruncated: false,
    })
    expect(read.samples.length).toBe(101)
    const step = kind === 'float32' ? 0 : Math.max(2 ** -bits, 2 ** -25)
    read.samples.forEach((x, i) => {
      expect(Math.abs(x - samples[i])).toBeLessThanOrEqual(step)
    })
  })

  test('stereo becomes the mean of its channels', () => {
    const frames = [100, 300, -200, -400].flatMap(x => word(x & 0xffff, 2))
    const { samples: mono, channels } = readWav(wav(['fmt ', format(1, 2, 16)], ['data', frames]))
    expect(channels).toBe(2)
    expect([...mono]).toEqual([200 / 32768, -300 / 32768])
  })

  test('passes over chunks it does not need, of odd sizes too', () => {
    const odd = ['LIST', [1, 2, 3]] as const
    const file = wav(odd, ['fmt ', format(1, 1, 8)], odd, ['data', [0, 128, 255]], odd)
    expect([...readWav(file).samples]).toEqual([-1, 0, 127 / 128])
  })

  test('takes the extensible header', () => {
    const guid = [...word(1, 2), 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]
    const extended = [
      ...format(0xfffe, 1, 16),
      ...word(22, 2),
      ...word(16, 2),
      ...word(4, 4),
      ...guid,
    ]
    const file = wav(['fmt ', extended], ['data', word(16384, 2)])
    expect([...readWav(file).samples]).toEqual([0.5])
  })

  test('takes A-law, µ-law and floats of 64 bits; NaN and what is far too loud become 0 and are counted', () => {
    expect(readWav(wav(['fmt ', format(6, 1, 8)], ['data', [0x55]])).encoding).toBe('aLaw')
    expect(readWav(wav(['fmt ', format(7, 1, 8)], ['data', [0xff]])).samples[0]).toBeCloseTo(0)
    const numbers = [...new Uint8Array(Float64Array.of(0.25, Number.NaN, -1e300, Infinity).buffer)]
    const read = readWav(wav(['fmt ', format(3, 1, 64)], ['data', numbers]))
    expect([...read.samples]).toEqual([0.25, 0, 0, 0])
    expect(read.notFinite).toBe(3)
  })

  test('a file cut short gives what is there and says so', () => {
    const whole = writeWav(sound)
    for (const length of [44, 45, 46, 47, 100, whole.length - 1]) {
      const read = readWav(whole.subarray(0, length))
      expect(read.isTruncated).toBe(true)
      expect(read.samples.length).toBe(Math.floor((length - 44) / 2))
    }
    const streamed = wav(['fmt ', format(1, 1, 16)], ['data', word(1, 2), 0xffffffff])
    expect(readWav(streamed)).toMatchObject({ isTruncated: false })
    expect(readWav(streamed).samples.length).toBe(1)
  })

  test('no samples are no error', () => {
    expect(readWav(wav(['fmt ', format(1, 1, 16)], ['data', []])).samples.length).toBe(0)
  })

  test.each([
    ['nothing', new Uint8Array(0), /WAV file.*0 bytes/],
    ['another file', Uint8Array.from(letters('ID3 and more bytes than twelve')), /ID3.*ffmpeg/],
    ['big-endian', Uint8Array.from(letters('RIFX\0\0\0\0WAVEfmt ')), /RIFX/],
    ['no chunks', wav(), /neither/],
    ['no data', wav(['fmt ', format(1, 1, 16)]), /a format and no data/],
    ['data before the format', wav(['data', [1, 2]], ['fmt ', format(1, 1, 16)]), /format before/],
    ['ADPCM', wav(['fmt ', format(17, 1, 8)], ['data', [1]]), /IMA ADPCM.*ffmpeg/],
    ['a short format', wav(['fmt ', [1, 0, 1, 0]], ['data', []]), /16 bytes/],
    ['no channels', wav(['fmt ', format(1, 0, 16)], ['data', []]), /0 channels/],
    ['no rate', wav(['fmt ', format(1, 1, 16, 0)], ['data', []]), /0 Hz/],
    ['strange bits', wav(['fmt ', format(1, 1, 40)], ['data', []]), /40 bits in 5 bytes/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readWav(bytes, 'word.wav')).toThrow(message)
    expect(() => readWav(bytes, 'word.wav')).toThrow(/^word\.wav/)
    expect(() => readWav(bytes)).toThrow(expect.objectContaining({ code: 'FORMAT' }))
  })

  test('never fails in another way, whatever the bytes', () => {
    const good = writeWav({ samples: samples.subarray(0, 8), sampleRate: 8000 })
    for (let at = 0; at < 48; at++)
      for (const value of [0, 1, 2, 3, 7, 127, 128, 254, 255]) {
        const bytes = good.slice()
        bytes[at] = value
        try {
          readWav(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'FORMAT' })
        }
      }
  })
})

test('telephone codes are those of audioop', () => {
  const [tables] = JSON.parse(
    readFileSync(new URL('./fixtures/g711.json', import.meta.url), 'utf8'),
  ).cases
  for (let byte = 0; byte < 256; byte++) {
    expect(fromALaw(byte) * 32768).toBe(tables.aLaw[byte])
    expect(fromMuLaw(byte) * 32768 + 0).toBe(tables.muLaw[byte])
  }
})

test('a file that is not there is a FILE error with its path', async () => {
  await expect(readWavFile('/no/such.wav')).rejects.toMatchObject({
    code: 'FILE',
    message: expect.stringContaining(
      '/no/such.wav: expected a WAV file that can be read, received no such file',
    ),
  })
})

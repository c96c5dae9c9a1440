// WAV files in and out (Multimedia Programming Interface and Data Specifications 1.0, 1991; extensible
// header: Microsoft, 2001; RF64: EBU Tech 3306). Bytes only, so that it works in a browser too.

import { AthanorError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { oneOf } from '../../base/value-kinds.js'
import { fromALaw, fromMuLaw } from './g711.js'
import type { Sound } from './sound.js'

/** How samples lie in a WAV file. */
export type WavEncoding = 'pcm' | 'float' | 'aLaw' | 'muLaw'

/** What `readWav` gives: the sound as one channel, and what the file was like. */
export interface WavSound extends Sound {
  readonly encoding: WavEncoding
  /** Bits of a sample in the file. */
  readonly bits: number
  /** Channels in the file; their mean is the sound. */
  readonly channels: number
  /** The file ends before the samples that its header announces; those that are there were read. */
  readonly isTruncated: boolean
  /** Samples that were NaN, infinite or beyond ±10⁶ (in files of floats) and became 0. */
  readonly notFinite: number
}

interface Format {
  readonly encoding: WavEncoding
  readonly channels: number
  readonly sampleRate: number
  readonly bits: number
  /** Bytes of one sample of one channel. */
  readonly bytes: number
}

const encodings: Readonly<Record<number, WavEncoding>> = {
  1: 'pcm',
  3: 'float',
  6: 'aLaw',
  7: 'muLaw',
}

const others: Readonly<Record<number, string>> = {
  2: 'Microsoft ADPCM',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  80: 'MPEG',
  85: 'MP3',
}

/** Full scale is 1; floats beyond this are no sound, and their squares might be infinite. */
const loudest = 1e6

/**
 * Reads a WAV file: PCM of 8, 16, 24 or 32 bits, floats of 32 or 64, A-law and µ-law, any number of
 * channels (their mean), plain or extensible header, RIFF or RF64. Chunks that are not needed are
 * passed over. A file cut short gives what is there, with `isTruncated`; a file of no samples gives
 * none.
 *
 * @param bytes the whole file
 * @param name what errors call it
 * @throws AthanorError FORMAT if it is no WAV file, has no format or no data, or is compressed.
 * @example
 * ```ts
 * const bytes = writeWav({ samples: new Float32Array(800), sampleRate: 8000 })
 * readWav(bytes).sampleRate // 8000
 * ```
 */
export function readWav(bytes: Uint8Array, name = 'readWav'): WavSound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tag = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))
  if (bytes.length < 12 || (tag(0) !== 'RIFF' && tag(0) !== 'RF64') || tag(8) !== 'WAVE')
    throw formatError(
      name,
      'a WAV file (RIFF … WAVE)',
      bytes.length < 12 ? `${bytes.length} bytes` : JSON.stringify(printable(tag(0))),
      'Other formats have to be converted, for example with ffmpeg -i in.mp3 out.wav',
    )
  let format: Format | undefined
  let at = 12
  while (at + 8 <= bytes.length) {
    const size = view.getUint32(at + 4, true)
    const start = at + 8
    if (tag(at) === 'fmt ') format = formatOf(view, start, size, name)
    if (tag(at) === 'data') {
      if (format === undefined) throw formatError(name, 'a format before the data', 'none')
      // A writer that cannot go back, and RF64, say −1: the data go on to the end of the file.
      const isOpen = size === 0xffffffff
      const end = isOpen ? bytes.length : Math.min(start + size, bytes.length)
      const read = samplesOf(view, start, end, format)
      const { encoding, bits, channels, sampleRate } = format
      const isTruncated = !isOpen && start + size > bytes.length
      return { ...read, sampleRate, encoding, bits, channels, isTruncated }
    }
    at = start + size + (size % 2)
  }
  throw formatError(
    name,
    'a data chunk',
    format === undefined ? 'neither format nor data' : 'a format and no data',
  )
}

function formatOf(view: DataView, at: number, size: number, name: string): Format {
  if (size < 16 || at + size > view.byteLength)
    throw formatError(name, 'a format of 16 bytes or more', `${view.byteLength - at} bytes`)
  let code = view.getUint16(at, true)
  const channels = view.getUint16(at + 2, true)
  const sampleRate = view.getUint32(at + 4, true)
  const block = view.getUint16(at + 12, true)
  const bits = view.getUint16(at + 14, true)
  // Extensible: the code opens the sub-format's GUID.
  if (code === 0xfffe && size >= 40) code = view.getUint16(at + 24, true)
  const encoding = encodings[code]
  if (encoding === undefined)
    throw formatError(
      name,
      'PCM, float, A-law or µ-law samples',
      others[code] ?? `format ${code}`,
      'Convert it, for example with ffmpeg -i in.wav -c:a pcm_s16le out.wav',
    )
  if (channels === 0 || sampleRate === 0)
    throw formatError(
      name,
      'channels and a sample rate',
      `${channels} channels at ${sampleRate} Hz`,
    )
  const bytes = block % channels === 0 && block > 0 ? block / channels : Math.ceil(bits / 8)
  const widths = { pcm: [1, 2, 3, 4], float: [4, 8], aLaw: [1], muLaw: [1] }[encoding]
  if (!widths.includes(bytes) || bits > bytes * 8)
    throw formatError(
      name,
      `${encoding} samples of ${widths.map(n => n * 8).join(', ')} bits`,
      `${bits} bits in ${bytes} bytes`,
    )
  return { encoding, channels, sampleRate, bits, bytes }
}

function samplesOf(view: DataView, start: number, end: number, format: Format) {
  const { channels, bytes } = format
  const frames = Math.max(0, Math.floor((end - start) / (channels * bytes)))
  const samples = new Float32Array(frames)
  const sampleAt = readerOf(view, format)
  let notFinite = 0
  let at = start
  for (let i = 0; i < frames; i++) {
    let sum = 0
    for (let c = 0; c < channels; c++) {
      const value = sampleAt(at)
      if (Math.abs(value) <= loudest) sum += value
      else notFinite++
      at += bytes
    }
    samples[i] = sum / channels
  }
  return { samples, notFinite }
}

function readerOf(view: DataView, { encoding, bytes }: Format): (at: number) => number {
  if (encoding === 'aLaw') return at => fromALaw(view.getUint8(at))
  if (encoding === 'muLaw') return at => fromMuLaw(view.getUint8(at))
  if (encoding === 'float')
    return bytes === 4 ? at => view.getFloat32(at, true) : at => view.getFloat64(at, true)
  if (bytes === 1) return at => (view.getUint8(at) - 128) / 128
  if (bytes === 2) return at => view.getInt16(at, true) / 2 ** 15
  if (bytes === 3) return at => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 2 ** 23
  return at => view.getInt32(at, true) / 2 ** 31
}

/** Options of `writeWav`. */
export interface WavOptions {
  /** How a sample is stored. Default: pcm16. */
  readonly format?: 'pcm8' | 'pcm16' | 'pcm24' | 'pcm32' | 'float32'
}

const wavOptions = new OptionTable<WavOptions>({
  format: oneOf(['pcm8', 'pcm16', 'pcm24', 'pcm32', 'float32']),
})

/**
 * A sound as the bytes of a WAV file of one channel. Values beyond −1 and 1 are held there, except as
 * floats.
 *
 * @throws AthanorError FORMAT if a WAV file cannot hold it (4 GiB).
 * @example
 * ```ts
 * writeWav({ samples: Float32Array.of(0, 0.5), sampleRate: 8000 }).length // 48
 * ```
 */
export function writeWav({ samples, sampleRate }: Sound, options: WavOptions = {}): Uint8Array {
  const { format = 'pcm16' } = wavOptions.check('writeWav', options)
  const bits = Number(format.replace(/\D+/, ''))
  const isFloat = format === 'float32'
  const bytes = bits / 8
  const size = samples.length * bytes
  if (size > 0xffffff00) throw formatError('writeWav', 'at most 4 GiB of samples', `${size} bytes`)
  const file = new Uint8Array(44 + size + (size % 2))
  const view = new DataView(file.buffer)
  const text = (at: number, value: string) => {
    for (let i = 0; i < value.length; i++) file[at + i] = value.charCodeAt(i)
  }
  text(0, 'RIFF')
  view.setUint32(4, file.length - 8, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, isFloat ? 3 : 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * bytes, true)
  view.setUint16(32, bytes, true)
  view.setUint16(34, bits, true)
  text(36, 'data')
  view.setUint32(40, size, true)
  const scale = 2 ** (bits - 1)
  samples.forEach((value, i) => {
    const at = 44 + i * bytes
    const whole = Math.max(-scale, Math.min(scale - 1, Math.round(value * scale)))
    if (isFloat) view.setFloat32(at, value, true)
    else if (bits === 8) view.setUint8(at, whole + 128)
    else if (bits === 16) view.setInt16(at, whole, true)
    else if (bits === 32) view.setInt32(at, whole, true)
    else {
      view.setUint16(at, whole & 0xffff, true)
      view.setInt8(at + 2, whole >> 16)
    }
  })
  return file
}

function printable(text: string): string {
  return text.replace(/[^ -~]/g, '?')
}

function formatError(name: string, expected: string, received: string, fix?: string) {
  return new AthanorError('FORMAT', { operation: name, expected, received, fix })
}

// The container of models and checkpoints: a safetensors file (8 bytes header length, JSON header,
// data) whose `__metadata__` holds the rest as JSON text. Reading it executes nothing, and every size,
// offset and shape is checked before memory is asked for.
// Format: https://github.com/huggingface/safetensors#format

import { crc32 } from '../base/crc32.js'
import { type DType, dtypes, type TypedArray } from '../base/dtype.js'
import { AthanorError } from '../base/errors.js'

export interface StoredTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly values: TypedArray
}

/** Arrays that are no tensors: nothing computes with them in a Program. */
export type StoredArray = Uint8Array | Uint32Array

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

export interface Container {
  /** What the file is: `model` or `checkpoint`. */
  readonly kind: string
  readonly tensors: Readonly<Record<string, StoredTensor>>
  /** Bytes and unsigned whole numbers, under names of their own. */
  readonly arrays?: Readonly<Record<string, StoredArray>>
  readonly metadata: Readonly<Record<string, Json>>
}

/** Files of a higher version are refused; lower ones are read. */
export const formatVersion = 1

const names: { readonly [K in DType]: string } = {
  float32: 'F32',
  float64: 'F64',
  int32: 'I32',
  bool: 'BOOL',
}
const byName = new Map(Object.entries(names).map(([dtype, name]) => [name, dtype as DType]))
const arrayTypes = { U8: Uint8Array, U32: Uint32Array } as const
type ArrayType = keyof typeof arrayTypes
const maximalHeader = 100 * 2 ** 20

export function encodeContainer(container: Container): Uint8Array {
  const header: Record<string, unknown> = {}
  const parts: Uint8Array[] = []
  let offset = 0
  // Wider types first, so that every tensor is aligned to its elements.
  const entries = [
    ...Object.entries(container.tensors).map(
      ([name, { dtype, shape, values }]) => [name, names[dtype], shape, values] as const,
    ),
    ...Object.entries(container.arrays ?? {}).map(([name, values]) => {
      const type = values instanceof Uint32Array ? 'U32' : 'U8'
      return [name, type, [values.length], values] as const
    }),
  ].sort(([, , , a], [, , , b]) => b.BYTES_PER_ELEMENT - a.BYTES_PER_ELEMENT)
  for (const [name, dtype, shape, values] of entries) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.length] }
    parts.push(bytes)
    offset += bytes.length
  }
  let checksum = 0
  for (const part of parts) checksum = crc32(part, checksum)
  const content = JSON.stringify(container.metadata)
  const layout = JSON.stringify(header)
  header.__metadata__ = {
    format: 'athanor',
    version: String(formatVersion),
    kind: container.kind,
    checksum: String(checksum),
    contentChecksum: textChecksum(container.kind + layout + content),
    content,
  }
  const text = JSON.stringify(header)
  const encoded = new TextEncoder().encode(text)
  const padding = (8 - (encoded.length % 8)) % 8
  const out = new Uint8Array(8 + encoded.length + padding + offset)
  const view = new DataView(out.buffer)
  view.setBigUint64(0, BigInt(encoded.length + padding), true)
  out.set(encoded, 8)
  out.fill(0x20, 8 + encoded.length, 8 + encoded.length + padding)
  let at = 8 + encoded.length + padding
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function bad(source: string, expected: string, received: string, fix?: string): AthanorError {
  return new AthanorError('FORMAT', {
    operation: `reading ${source}`,
    expected,
    received,
    fix: fix ?? 'The file is damaged or was not written by Athanor; use another copy',
  })
}

/**
 * @param source what to call the file in messages
 * @throws AthanorError FORMAT when anything about the file is not as it should be
 */
export function decodeContainer(bytes: Uint8Array, source: string): Container {
  if (bytes.length < 10) throw bad(source, 'a model file', `${bytes.length} bytes`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerLength = Number(view.getBigUint64(0, true))
  if (headerLength > maximalHeader || 8 + headerLength > bytes.length)
    throw bad(
      source,
      'a complete header',
      `a header of ${headerLength} bytes in a file of ${bytes.length}`,
    )
  const header = parseObject(bytes.subarray(8, 8 + headerLength), source)
  const { __metadata__: mark, ...layout } = header
  const metadata = checkMetadata(mark, layout, source)
  const data = bytes.subarray(8 + headerLength)
  const { tensors, arrays } = readTensors(header, data, source)
  if (crc32(data) !== metadata.checksum)
    throw bad(source, 'the checksum that was saved with it', 'another: the file was altered')
  return { kind: metadata.kind, tensors, arrays, metadata: metadata.content }
}

function parseObject(bytes: Uint8Array, source: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), refusePrototype)
  } catch (error) {
    throw bad(source, 'a header in JSON', error instanceof Error ? error.message : 'none')
  }
  if (!isRecord(value))
    throw bad(
      source,
      'a header that is an object',
      Array.isArray(value) ? 'an array' : typeof value,
    )
  return value
}

/** A key that could change how objects behave has no place in a data file. */
export function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__' || key === 'constructor' || key === 'prototype')
    throw new SyntaxError(`the key ${JSON.stringify(key)} is not allowed`)
  return value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textChecksum(text: string): string {
  return String(crc32(new TextEncoder().encode(text)))
}

function checkMetadata(value: unknown, layout: object, source: string) {
  if (!isRecord(value) || value.format !== 'athanor')
    throw bad(
      source,
      'a file written by Athanor',
      'one without its mark',
      'Give a model or checkpoint saved by Athanor',
    )
  const { version, kind, checksum, contentChecksum, content } = value
  if (!(Number(version) >= 1)) throw bad(source, 'a format version', String(version))
  if (Number(version) > formatVersion)
    throw bad(
      source,
      `format version ${formatVersion} or lower`,
      `version ${String(version)}`,
      'Update Athanor to read it',
    )
  if (typeof kind !== 'string' || typeof content !== 'string')
    throw bad(source, 'kind and content', 'none')
  if (textChecksum(kind + JSON.stringify(layout) + content) !== contentChecksum)
    throw bad(source, 'the checksum that was saved with it', 'another: the file was altered')
  return {
    kind,
    checksum: Number(checksum),
    content: parseObject(new TextEncoder().encode(content), source) as Record<string, Json>,
  }
}

function readTensors(header: Record<string, unknown>, data: Uint8Array, source: string) {
  const tensors: Record<string, StoredTensor> = Object.create(null)
  const arrays: Record<string, StoredArray> = Object.create(null)
  const ranges: [number, number][] = []
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const { dtype, shape, from, to } = checkEntry(name, entry, source)
    if (to > data.length)
      throw bad(source, `${to} bytes of data for ${name}`, `${data.length}: the file is truncated`)
    ranges.push([from, to])
    const copy = new Uint8Array(data.subarray(from, to)) // a Buffer’s slice would share
    const buffer = copy.buffer as ArrayBuffer
    if (isArrayType(dtype)) arrays[name] = new arrayTypes[dtype](buffer)
    else tensors[name] = { dtype, shape, values: new dtypes[dtype].array(buffer) }
  }
  ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  let at = 0
  for (const [from, to] of ranges) {
    if (from !== at) throw bad(source, 'tensors side by side', `a gap or overlap at byte ${from}`)
    at = to
  }
  if (at !== data.length) throw bad(source, `${at} bytes of data`, String(data.length))
  return { tensors, arrays }
}

function isArrayType(type: string): type is ArrayType {
  return Object.hasOwn(arrayTypes, type)
}

function checkEntry(name: string, entry: unknown, source: string) {
  if (!isRecord(entry)) throw bad(source, `a description of ${name}`, typeof entry)
  const type = String(entry.dtype)
  const dtype = isArrayType(type) ? type : byName.get(type)
  if (dtype === undefined) throw bad(source, `a known type for ${name}`, type)
  const { shape, data_offsets: offsets } = entry
  const isSize = (n: unknown): n is number =>
    typeof n === 'number' && Number.isSafeInteger(n) && n >= 0
  if (!Array.isArray(shape) || !shape.every(isSize))
    throw bad(source, `a shape for ${name}`, JSON.stringify(shape))
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    throw bad(source, `two offsets for ${name}`, JSON.stringify(offsets))
  const [from, to] = offsets
  const each = isArrayType(dtype) ? arrayTypes[dtype].BYTES_PER_ELEMENT : dtypes[dtype].bytes
  const bytes = shape.reduce((product, n) => product * n, each)
  if (!Number.isSafeInteger(bytes) || to - from !== bytes)
    throw bad(source, `${bytes} bytes for ${name} [${shape.join(', ')}]`, String(to - from))
  return { dtype, shape: shape as number[], from, to }
}

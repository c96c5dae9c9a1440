// Pictures of one size with their classes: what is trained on, in memory or decoded anew when wanted.

import { AthanorError, argumentError } from '../../base/errors.js'
import { epochWindows } from '../epoch-order.js'
import type { DataFinding } from '../finding.js'
import type { IdxArray } from './idx.js'

/** [height, width, channels]; 1 channel is grey, 3 are red, green, blue. */
export type PictureShape = readonly [height: number, width: number, channels: number]

/** Where pixels are: each picture `height × width × channels` bytes. */
export interface PictureStore {
  readonly inMemory: boolean
  /** Pictures one after the other; at once where memory holds them. */
  read(rows: Uint32Array): Uint8Array | Promise<Uint8Array>
}

/** Which part a source says that a row belongs to. */
export type GivenPart = 'train' | 'validation' | 'test'

/** What a dataset of pictures is made of. */
export interface PictureDatasetParts {
  readonly source: string
  readonly shape: PictureShape
  /** Names of the classes; labels count them. */
  readonly classes: readonly string[]
  /** Class of each row; -1 where it is not known. */
  readonly labels: Int32Array
  readonly store: PictureStore
  /** Name of each row, for messages and reports. Default: its number, from 1. */
  readonly names?: readonly string[]
  /** Part of each row, where the source has parts of its own. */
  readonly parts?: readonly (GivenPart | undefined)[]
  readonly fingerprint?: string
  readonly findings?: readonly DataFinding[]
  /** Pictures that could not be used. */
  readonly broken?: readonly BrokenPicture[]
  /** Row that is the first of each row's equals; the row itself where none is before it. */
  readonly duplicateOf?: Uint32Array
}

/** A picture that was left out. */
export interface BrokenPicture {
  readonly name: string
  readonly reason: string
}

/** Rows of a block: up to a million rows are shuffled together, more by windows of 16 blocks. */
const blockRows = 65_536

/**
 * Pictures of one size with their classes.
 *
 * @example
 * ```ts
 * const pixels = new Uint8Array(3 * 2 * 2) // three grey pictures of 2 × 2
 * const pictures = PictureDataset.fromPixels(pixels, [2, 2, 1], Int32Array.of(0, 1, 0), ['cat', 'dog'])
 * await pictures.batch(Uint32Array.of(2, 0)) // eight bytes
 * ```
 */
export class PictureDataset {
  readonly source: string
  readonly shape: PictureShape
  readonly classes: readonly string[]
  readonly labels: Int32Array
  readonly parts: readonly (GivenPart | undefined)[] | undefined
  readonly fingerprint: string
  readonly findings: readonly DataFinding[]
  readonly broken: readonly BrokenPicture[]
  readonly duplicateOf: Uint32Array | undefined
  private readonly store: PictureStore
  private readonly names: readonly string[] | undefined

  /** @throws AthanorError DATA for labels outside the classes, or lists of other lengths. */
  constructor(parts: PictureDatasetParts) {
    const { labels, classes, names, source } = parts
    const wrong = labels.findIndex(label => label < -1 || label >= classes.length)
    if (wrong >= 0)
      throw new AthanorError('DATA', {
        operation: `pictures of ${source}`,
        expected: `labels from 0 to ${classes.length - 1}, one for each class`,
        received: `${labels[wrong]} at row ${wrong + 1}`,
      })
    for (const list of [names, parts.parts, parts.duplicateOf])
      if (list !== undefined && list.length !== labels.length)
        throw new AthanorError('DATA', {
          operation: `pictures of ${source}`,
          expected: `one entry for each of ${labels.length} pictures`,
          received: String(list.length),
        })
    this.source = source
    this.shape = parts.shape
    this.classes = classes
    this.labels = labels
    this.parts = parts.parts
    this.fingerprint = parts.fingerprint ?? ''
    this.findings = parts.findings ?? []
    this.broken = parts.broken ?? []
    this.duplicateOf = parts.duplicateOf
    this.store = parts.store
    this.names = names
  }

  get rows(): number {
    return this.labels.length
  }

  /** Whether `batch` has its pictures at once. */
  get inMemory(): boolean {
    return this.store.inMemory
  }

  /** What to call a row. */
  name(row: number): string {
    return this.names?.[row] ?? String(row + 1)
  }

  /**
   * The pictures of these rows, one after the other, in their order. A promise where pictures are decoded
   * for it.
   *
   * @throws AthanorError ARGUMENT for a row that is not there.
   */
  batch(rows: Uint32Array): Uint8Array | Promise<Uint8Array> {
    for (const row of rows)
      if (row >= this.rows)
        throw argumentError('PictureDataset.batch', `rows below ${this.rows}`, String(row))
    return this.store.read(rows)
  }

  /** The order of an epoch: a function of (rows, seed, epoch) alone. */
  order(rowIds: Uint32Array, seed: number, epoch: number): Uint32Array {
    const order = new Uint32Array(rowIds.length)
    let at = 0
    for (const window of epochWindows({ rows: this.rows, blockRows, rowIds, seed, epoch })) {
      order.set(window.rowIds, at)
      at += window.rowIds.length
    }
    return order
  }

  /** Pixels that are in memory already, one picture after the other. */
  static fromPixels(
    pixels: Uint8Array,
    shape: PictureShape,
    labels: Int32Array,
    classes: readonly string[],
    more: Partial<PictureDatasetParts> = {},
  ): PictureDataset {
    const size = shape[0] * shape[1] * shape[2]
    if (size === 0 || pixels.length !== size * labels.length)
      throw new AthanorError('SHAPE', {
        operation: 'PictureDataset.fromPixels',
        expected: `${labels.length} pictures of ${shape.join(' × ')} bytes`,
        received: `${pixels.length} bytes`,
      })
    const store = new MemoryPictures(pixels, size)
    return new PictureDataset({ source: 'pixels', shape, labels, classes, store, ...more })
  }

  /**
   * The pictures and labels of two IDX files.
   *
   * @throws AthanorError DATA where they do not belong together: other numbers, labels beyond `classes`.
   */
  static fromIdx(
    images: IdxArray,
    labels: IdxArray,
    classes?: readonly string[],
    more: Partial<PictureDatasetParts> = {},
  ): PictureDataset {
    const source = more.source ?? 'IDX files'
    const shape = idxShape(images, source)
    checkIdxLabels(images, labels, source)
    const most = labels.values.reduce((largest, label) => Math.max(largest, label), 0)
    const names = classes ?? Array.from({ length: most + 1 }, (_, i) => String(i))
    return PictureDataset.fromPixels(images.values, shape, Int32Array.from(labels.values), names, {
      ...more,
      source,
    })
  }
}

export function idxShape({ shape }: IdxArray, source: string): PictureShape {
  const [, height, width, channels = 1] = shape
  if (shape.length < 3 || height === 0 || width === 0 || (channels !== 1 && channels !== 3))
    throw new AthanorError('DATA', {
      operation: `pictures of ${source}`,
      expected: 'sizes [pictures, height, width] or [pictures, height, width, 3]',
      received: `[${shape.join(', ')}]`,
    })
  return [height, width, channels]
}

export function checkIdxLabels(images: IdxArray, labels: IdxArray, source: string): void {
  if (labels.shape.length !== 1 || labels.shape[0] !== images.shape[0])
    throw new AthanorError('DATA', {
      operation: `labels of ${source}`,
      expected: `[${images.shape[0]}], one for each picture`,
      received: `[${labels.shape.join(', ')}]`,
    })
}

/** All pixels in memory. */
export class MemoryPictures implements PictureStore {
  readonly inMemory = true

  constructor(
    readonly pixels: Uint8Array,
    private readonly size: number,
  ) {}

  read(rows: Uint32Array): Uint8Array {
    const { pixels, size } = this
    const out = new Uint8Array(rows.length * size)
    for (let i = 0; i < rows.length; i++) {
      const from = rows[i] * size
      out.set(pixels.subarray(from, from + size), i * size)
    }
    return out
  }
}

// Every listed picture read once while a dataset is opened, so that broken ones are known before anything is
// trained, and equal ones are found. The shape that the first picture suggests is tried at once; pictures are
// read a second time only where the others do not agree.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { AthanorError } from '../../../base/errors.js'
import { openPicture } from '../../../platform/node-pictures.js'
import type { PictureHead } from '../../../platform/picture-decoding.js'
import {
  type BrokenPicture,
  MemoryPictures,
  PictureDataset,
  type PictureShape,
} from '../../pictures/picture-dataset.js'
import { tableMemory } from '../table-memory.js'
import { someAtATime } from './ahead.js'
import { CollectedPictures } from './collected-pictures.js'
import { FilePictures, pixelsOf, reasonOf } from './file-pictures.js'
import type { ListedPicture, PictureList } from './list-pictures.js'
import { findingsOf, namesOf } from './picture-findings.js'
import { defaultWorkers, type OpenPicturesOptions } from './picture-options.js'
import { keepsShape, shapeFor } from './picture-shape.js'

/** Pictures that are decoded before the next ones are begun. */
const piece = 512

interface Head extends PictureHead {
  readonly digest: Buffer
}

/** The pictures of a list, as far as they have been read. */
class PictureReading {
  /** By place in the list; undefined for those whose head cannot be read. */
  readonly heads: (Head | undefined)[]
  private readonly reasons: (string | undefined)[]
  private collected: CollectedPictures | undefined
  private passes = 1
  private done = 0

  constructor(
    private readonly pictures: readonly ListedPicture[],
    private readonly options: OpenPicturesOptions,
  ) {
    this.heads = pictures.map(() => undefined)
    this.reasons = pictures.map(() => undefined)
  }

  get broken(): BrokenPicture[] {
    return this.pictures.flatMap(({ name }, place) => {
      const reason = this.reasons[place]
      return reason === undefined ? [] : [{ name, reason }]
    })
  }

  /** All heads, and all pixels unless two pictures suggest different shapes. */
  async survey(): Promise<CollectedPictures | undefined> {
    const { options } = this
    await this.pass((place, head, bytes) => {
      this.heads[place] = { ...head, digest: createHash('sha256').update(bytes).digest() }
      if (this.passes === 2) return
      this.collected ??= this.collect(shapeFor([head], options))
      if (keepsShape(this.collected.shape, head, options)) return
      this.passes = 2
      this.collected = undefined
    })
    return this.collected
  }

  /** The pixels of those whose heads can be read. */
  async decoded(shape: PictureShape): Promise<CollectedPictures> {
    const collected = this.collect(shape)
    this.collected = collected
    await this.pass(() => {})
    return collected
  }

  private collect(shape: PictureShape): CollectedPictures {
    const { pictures, reasons, options } = this
    const limit = options.memoryLimit ?? tableMemory()
    const collected = new CollectedPictures(shape, pictures.length, limit)
    reasons.forEach((reason, place) => {
      if (reason !== undefined) collected.add(place, undefined)
    })
    return collected
  }

  private async pass(
    look: (place: number, head: PictureHead, bytes: Uint8Array) => void,
  ): Promise<void> {
    const { pictures, reasons } = this
    const { workers = defaultWorkers, onProgress, signal } = this.options
    const of = pictures.length
    // In pieces, so that no more than one piece waits for a picture that takes long.
    for (let start = 0; start < of; start += piece)
      await someAtATime(
        Math.min(piece, of - start),
        workers,
        async i => {
          if (reasons[start + i] === undefined) await this.read(start + i, look)
          onProgress?.({ done: Math.floor(++this.done / this.passes), of })
        },
        signal,
      )
  }

  private async read(
    place: number,
    look: (place: number, head: PictureHead, bytes: Uint8Array) => void,
  ): Promise<void> {
    const { fit, maxPixels } = this.options
    try {
      const bytes = await readFile(this.pictures[place].path)
      const picture = await openPicture(bytes, maxPixels)
      look(place, picture.head, bytes)
      const into = this.collected
      if (into !== undefined) into.add(place, await pixelsOf(picture, into.shape, fit))
    } catch (error) {
      const reason = reasonOf(error)
      if (reason === undefined) throw error
      this.reasons[place] = reason
      this.collected?.add(place, undefined)
    }
  }
}

/**
 * A dataset of the pictures of a list.
 *
 * @throws AthanorError DATA where none can be used or, under `strict`, one cannot; INTERRUPTED.
 */
export async function decodePictures(
  list: PictureList,
  source: string,
  options: OpenPicturesOptions,
): Promise<PictureDataset> {
  const { pictures } = list
  const reading = new PictureReading(pictures, options)
  const tried = await reading.survey()
  const known = reading.heads.filter(head => head !== undefined)
  if (known.length === 0) throw allBroken(source, [...list.pathless, ...reading.broken])
  const shape = shapeFor(known, options)
  const isRight = tried?.shape.join() === shape.join()
  const { places, duplicateOf, pixels } = isRight ? tried : await reading.decoded(shape)
  const broken = [...list.pathless, ...reading.broken]
  if (places.length === 0) throw allBroken(source, broken)
  if (options.strict && broken.length > 0) throw someBroken(source, broken)
  const chosen = places.map(place => pictures[place])
  const classes = options.classes ?? classesOf(chosen)
  const numbers = new Map(classes.map((name, i) => [name, i]))
  const labels = Int32Array.from(chosen, ({ label }) =>
    label === undefined ? -1 : (numbers.get(label) ?? -1),
  )
  const hash = createHash('sha256')
  for (const place of places)
    hash
      .update(`${pictures[place].name}\0${pictures[place].label ?? ''}\0`)
      .update(reading.heads[place]!.digest)
  const equals = Uint32Array.from(duplicateOf)
  return new PictureDataset({
    source,
    shape,
    classes,
    labels,
    store:
      pixels === undefined
        ? new FilePictures(chosen, shape, options)
        : new MemoryPictures(pixels, shape[0] * shape[1] * shape[2]),
    names: chosen.map(({ name }) => name),
    ...(chosen.some(({ part }) => part !== undefined)
      ? { parts: chosen.map(({ part }) => part) }
      : {}),
    fingerprint: hash.digest('hex').slice(0, 32),
    broken,
    duplicateOf: equals,
    findings: findingsOf(list, known, shape, broken, labels, equals),
  })
}

function classesOf(pictures: readonly ListedPicture[]): string[] {
  const names = new Set<string>()
  for (const { label } of pictures) if (label !== undefined) names.add(label)
  const sorted = [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return sorted.every(name => /^\d{1,9}$/.test(name))
    ? sorted.sort((a, b) => Number(a) - Number(b))
    : sorted
}

function allBroken(source: string, broken: readonly BrokenPicture[]): AthanorError {
  return new AthanorError('DATA', {
    operation: `reading '${source}'`,
    expected: 'pictures that can be decoded',
    received: `none: ${namesOf(broken)}`,
  })
}

function someBroken(source: string, broken: readonly BrokenPicture[]): AthanorError {
  return new AthanorError('DATA', {
    operation: `reading '${source}'`,
    expected: 'no broken pictures (strict)',
    received: `${broken.length}: ${namesOf(broken)}`,
    fix: 'Remove or replace them, or leave out strict',
  })
}

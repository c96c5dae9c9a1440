// Pictures decoded from their files: why one cannot be, and a store that decodes them whenever they are wanted.

import { readFile } from 'node:fs/promises'
import { AthanorError } from '../../../base/errors.js'
import { openPicture } from '../../../platform/node-pictures.js'
import type { OpenedPicture } from '../../../platform/picture-decoding.js'
import type { PictureShape, PictureStore } from '../../pictures/picture-dataset.js'
import { whyUnreadable } from '../unreadable.js'
import { someAtATime } from './ahead.js'
import type { ListedPicture } from './list-pictures.js'
import { defaultWorkers, type OpenPicturesOptions } from './picture-options.js'

/** What a picture that cannot be used suffers from; undefined for errors that are not the picture's. */
export function reasonOf(error: unknown): string | undefined {
  if (error instanceof AthanorError)
    return error.code === 'FORMAT' ? error.message.split('received ').at(-1) : undefined
  return whyUnreadable(error)
}

/** The pixels of a picture in one shape. */
export async function pixelsOf(
  picture: OpenedPicture,
  [height, width, channels]: PictureShape,
  fit: OpenPicturesOptions['fit'],
): Promise<Uint8Array> {
  const depth = channels === 1 ? 1 : 3
  return (await picture.decode({ size: [height, width], fit, channels: depth })).pixels
}

/** Decoded anew whenever wanted: pictures that memory cannot hold. */
export class FilePictures implements PictureStore {
  readonly inMemory = false

  constructor(
    private readonly pictures: readonly ListedPicture[],
    private readonly shape: PictureShape,
    private readonly options: Pick<OpenPicturesOptions, 'fit' | 'maxPixels' | 'workers'>,
  ) {}

  async read(rows: Uint32Array): Promise<Uint8Array> {
    const { shape } = this
    const { fit, maxPixels, workers = defaultWorkers } = this.options
    const size = shape[0] * shape[1] * shape[2]
    const out = new Uint8Array(rows.length * size)
    await someAtATime(rows.length, workers, async i => {
      const { path, name } = this.pictures[rows[i]]
      try {
        const picture = await openPicture(await readFile(path), maxPixels)
        out.set(await pixelsOf(picture, shape, fit), i * size)
      } catch (cause) {
        throw new AthanorError('FILE', {
          operation: `reading picture '${name}'`,
          expected: 'the file that was there before',
          received: reasonOf(cause) ?? String(cause),
          cause,
        })
      }
    })
    return out
  }
}

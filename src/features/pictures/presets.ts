// Augmentations by name, as the command line has them.

import { AthanorError, argumentError } from '../../base/errors.js'
import { suggestName } from '../../base/nearest-name.js'
import { valueWords } from '../../base/value-kinds.js'
import type { PictureShape } from '../../data/pictures/index.js'
import { requirePictureShape } from '../../data/pictures/picture-shape.js'
import type { PictureAugmentation } from './augmentation.js'
import { randomHue, randomSaturation } from './random-colour.js'
import { randomCrop } from './random-crop.js'
import { randomErasing } from './random-erasing.js'
import { randomFlip } from './random-flip.js'
import { randomBrightness, randomContrast } from './random-light.js'
import { randomRotation } from './random-rotation.js'
import { randomTranslation } from './random-translation.js'
import { randomZoom } from './random-zoom.js'

/** A step for pictures of a size. */
type Maker = (shape: PictureShape) => PictureAugmentation

/** An eighth of the smaller side: 4 pixels of 32. */
const padding = ([height, width]: PictureShape) =>
  Math.max(1, Math.round(Math.min(height, width) / 8))

const single: Readonly<Record<string, Maker>> = {
  flip: () => randomFlip(),
  'vertical-flip': () => randomFlip({ horizontal: 0, vertical: 0.5 }),
  crop: shape => randomCrop({ padding: padding(shape) }),
  shift: () => randomTranslation(),
  rotate: () => randomRotation(),
  zoom: () => randomZoom(),
  brightness: () => randomBrightness(),
  contrast: () => randomContrast(),
  saturation: () => randomSaturation(),
  hue: () => randomHue(),
  erase: () => randomErasing(),
  cutout: () => cutout(),
}

/** A square of a quarter of every picture, in its mean colour: 16 of 32 pixels, as DeVries and Taylor for CIFAR-10. */
const cutout = () => randomErasing({ probability: 1, smallest: 0.25, largest: 0.25, ratio: 1 })

const colour = ['brightness', 'contrast', 'saturation', 'hue']

const sets: Readonly<Record<string, readonly string[]>> = {
  none: [],
  light: ['flip', 'crop'],
  strong: ['flip', 'crop', 'rotate', 'zoom', ...colour, 'erase'],
  signs: ['crop', 'rotate', 'zoom'],
  colour,
  color: colour,
}

/** Names that `augmentationsNamed` takes. */
export const augmentationNames: readonly string[] = [...Object.keys(sets), ...Object.keys(single)]

/**
 * Augmentations by name, separated by commas: `flip`, `vertical-flip`, `crop`, `shift`, `rotate`, `zoom`,
 * `brightness`, `contrast`, `saturation`, `hue`, `erase` (rectangles in half of the pictures), `cutout` (a square in
 * each); or sets of them: `none`, `light` (flip and crop), `colour` or `color` (brightness, contrast, saturation, hue),
 * `strong` (flip, crop, rotate, zoom, colour, erase), `signs` (digits and letters, whose mirror images are others).
 *
 * @throws AthanorError ARGUMENT for a name that is none of them, with the nearest one; a shape that is no
 * [height, width, channels].
 * @example
 * ```ts
 * augment.augmentationsNamed('flip,crop', [32, 32, 3]).map(step => step.name) // ['randomFlip', 'randomCrop']
 * ```
 */
export function augmentationsNamed(text: string, shape: PictureShape): PictureAugmentation[] {
  if (typeof text !== 'string')
    throw argumentError(
      'augmentationsNamed',
      'names in a text, such as flip,crop',
      valueWords(text),
    )
  requirePictureShape('augmentationsNamed', shape)
  const names = text
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
    .flatMap(name => (Object.hasOwn(sets, name) ? sets[name] : [name]))
  return names.map(name => {
    if (Object.hasOwn(single, name)) return single[name](shape)
    throw new AthanorError('ARGUMENT', {
      operation: 'augment',
      expected: `names of ${augmentationNames.join(', ')}`,
      received: `'${name}'`,
      fix: suggestName(name, augmentationNames),
    })
  })
}

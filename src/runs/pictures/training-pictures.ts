// The training pictures of a run as batches: augmented, weighted, drawn and mixed as its settings say.

import { PictureBatches } from '../../applications/pictures/picture-batches.js'
import {
  augmentationsNamed,
  PictureAugmenter,
  PictureScaler,
} from '../../features/pictures/index.js'
import type { BatchSource } from '../../train/batches.js'
import { cutMix, mixUp } from '../../train/mixing.js'
import { balancedWeights } from '../class-weights.js'
import type { PictureNetSettings } from './picture-settings.js'
import type { PreparedPictures } from './prepare-pictures.js'

export function trainingPictures(
  { pictures, split, statistics, classCounts }: PreparedPictures,
  { augment, classWeight, mix, sampling, seed }: PictureNetSettings,
): BatchSource {
  const changes = augmentationsNamed(augment, pictures.shape)
  const batches = new PictureBatches(pictures, split.train, {
    scaler: new PictureScaler(statistics),
    augmenter: new PictureAugmenter(changes, pictures.shape, seed),
    sampling,
    ...(classWeight === 'balanced' ? { classWeights: balancedWeights(classCounts) } : {}),
  })
  if (mix === 'none') return batches
  return mix === 'mixup' ? mixUp(batches, { seed }) : cutMix(batches, { seed })
}

// The training pictures of a run as batches: augmented, weighted and drawn as its settings say.

import { PictureBatches } from '../../applications/pictures/picture-batches.js'
import {
  augmentationsNamed,
  PictureAugmenter,
  PictureScaler,
} from '../../features/pictures/index.js'
import { balancedWeights } from '../class-weights.js'
import type { PictureNetSettings } from './picture-settings.js'
import type { PreparedPictures } from './prepare-pictures.js'

export function trainingPictures(
  { pictures, split, statistics, classCounts }: PreparedPictures,
  { augment, classWeight, sampling, seed }: PictureNetSettings,
): PictureBatches {
  const changes = augmentationsNamed(augment, pictures.shape)
  return new PictureBatches(pictures, split.train, {
    scaler: new PictureScaler(statistics),
    augmenter: new PictureAugmenter(changes, pictures.shape, seed),
    sampling,
    ...(classWeight === 'balanced' ? { classWeights: balancedWeights(classCounts) } : {}),
  })
}

// The nets that a run on pictures can be asked for, each with its title and the smallest pictures it takes.

import {
  densePictureNet,
  leNet,
  pictureNet,
  resNet18,
  resNet20,
  resNet32,
  resNet56,
} from '../../applications/pictures/index.js'
import type { PictureShape } from '../../data/pictures/index.js'
import type { Model } from '../../train/model.js'
import { classLoss } from '../net.js'
import { makeOptimizer } from '../net-optimizers.js'
import { runError } from '../run-error.js'
import { seededNet } from '../seeded-net.js'
import type { PictureModelName } from '../train-options.js'
import type { PictureNetSettings } from './picture-settings.js'

interface PictureNet {
  /** Smallest side of the pictures. */
  readonly least: number
  build(shape: PictureShape, classes: number, settings: PictureNetSettings): Model
}

export const pictureNets: Readonly<Record<PictureModelName, PictureNet>> = {
  cnn: {
    least: 4,
    build: (inputShape, classes, { dropout }) => pictureNet({ inputShape, classes, dropout }),
  },
  lenet: {
    least: 12,
    build: (inputShape, classes) =>
      leNet({ inputShape, classes, activation: 'relu', pooling: 'max' }),
  },
  resnet20: { least: 8, build: (inputShape, classes) => resNet20({ inputShape, classes }) },
  resnet32: { least: 8, build: (inputShape, classes) => resNet32({ inputShape, classes }) },
  resnet56: { least: 8, build: (inputShape, classes) => resNet56({ inputShape, classes }) },
  resnet18: { least: 32, build: (inputShape, classes) => resNet18({ inputShape, classes }) },
  mlp: {
    least: 1,
    build: (inputShape, classes, { dropout }) => densePictureNet({ inputShape, classes, dropout }),
  },
}

/** Errors: DATA for pictures smaller than the net takes. */
export function checkPictureSize(model: PictureModelName, [height, width]: PictureShape): void {
  const { least } = pictureNets[model]
  if (Math.min(height, width) < least)
    throw runError('DATA', 'picturesTooSmall', { model, least, size: `${width} × ${height}` })
}

/** Compiled for training; the same weights for the same seed. */
export function buildPictureNet(
  settings: PictureNetSettings,
  shape: PictureShape,
  classes: number,
  stepsPerEpoch: number,
): Model {
  const { model, seed } = settings
  const net = seededNet(seed, () => pictureNets[model].build(shape, classes, settings))
  net.compile({
    optimizer: makeOptimizer(settings, stepsPerEpoch),
    loss: classLoss,
  })
  return net
}

// The nets that a run on pictures can be asked for, each with its title and the smallest pictures it takes.

import {
  densePictureNet,
  leNet,
  pictureNet,
  resNet18,
  resNet20,
  resNet32,
  resNet56,
  type SmallResNetOptions,
} from '../../applications/pictures/index.js'
import { sameShape } from '../../base/shape.js'
import type { PictureShape } from '../../data/pictures/index.js'
import { categoricalCrossentropy } from '../../nn/losses/index.js'
import type { Tensor } from '../../tensor/index.js'
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

/** With projections, as the runs that were measured have them. */
function small(build: (options: SmallResNetOptions) => Model): PictureNet {
  return {
    least: 8,
    build: (inputShape, classes) => build({ inputShape, classes, shortcut: 'projection' }),
  }
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
  resnet20: small(resNet20),
  resnet32: small(resNet32),
  resnet56: small(resNet56),
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
  const { model } = settings
  const net = seededNet(settings, () => pictureNets[model].build(shape, classes, settings))
  net.compile({
    optimizer: makeOptimizer(settings, stepsPerEpoch),
    loss: pictureLoss,
  })
  return net
}

/** Of class numbers; where pictures are mixed, of shares of classes. */
function pictureLoss(yTrue: Tensor, yPred: Tensor, options: object = {}): Tensor {
  return sameShape(yTrue.shape, yPred.shape)
    ? categoricalCrossentropy(yTrue, yPred, { ...options, fromLogits: true })
    : classLoss(yTrue, yPred, options)
}

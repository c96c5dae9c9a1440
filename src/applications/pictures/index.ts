// Pictures: models, and batches to train them with.

export { type DensePictureNetOptions, densePictureNet } from './dense-picture-net.js'
export {
  type FeatureMapOptions,
  type FeatureMaps,
  featureMaps,
} from './feature-maps.js'
export { type ClassMaps, gradCam } from './grad-cam.js'
export { IdentityShortcut, type IdentityShortcutOptions } from './identity-shortcut.js'
export { type LeNetOptions, leNet } from './le-net.js'
export { PictureBatches, type PictureBatchesOptions } from './picture-batches.js'
export { type PictureNetOptions, pictureNet } from './picture-net.js'
export { type PictureTensorsOptions, pictureTensors } from './picture-tensors.js'
export {
  type ResNetOptions,
  resNet18,
  resNet20,
  resNet32,
  resNet56,
  type SmallResNetOptions,
} from './res-net.js'

// Pictures for a net: augmentation, scaling, contact sheets.

export type {
  PictureAugmentation,
  PictureFill,
} from './augmentation.js'
export {
  augmentationSheet,
  type ContactLine,
  type ContactSheetOptions,
  contactSheet,
} from './contact-sheet.js'
export { PictureAugmenter, PictureScaler } from './picture-augmenter.js'
export { augmentationsNamed } from './presets.js'
export {
  type RandomHueOptions,
  type RandomSaturationOptions,
  randomHue,
  randomSaturation,
} from './random-colour.js'
export { type RandomCropOptions, randomCrop } from './random-crop.js'
export { type RandomErasingOptions, randomErasing } from './random-erasing.js'
export { type RandomFlipOptions, randomFlip } from './random-flip.js'
export {
  type RandomBrightnessOptions,
  type RandomContrastOptions,
  randomBrightness,
  randomContrast,
} from './random-light.js'
export { type RandomRotationOptions, randomRotation } from './random-rotation.js'
export { type RandomTranslationOptions, randomTranslation } from './random-translation.js'
export { type RandomZoomOptions, randomZoom } from './random-zoom.js'

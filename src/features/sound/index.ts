// Sound as numbers a model can learn from.

export { withDeltas } from './deltas.js'
export type { Frames } from './frames.js'
export { hertzOf, type MelBank, type MelScale, melFilters, melsOf } from './mel.js'
export {
  type FeatureScaling,
  normalized,
  type SoundScaling,
  scalingFor,
  scalingOf,
} from './normalization.js'
export { type PerturbOptions, perturbSound } from './perturb.js'
export type { RowDraw } from './row-random.js'
export {
  type SoundFeatureKind,
  type SoundFeatureOptions,
  SoundFeatures,
} from './sound-features.js'
export { type SpecAugmentOptions, specAugment } from './spec-augment.js'

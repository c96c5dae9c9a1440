// Pictures as data: what runs in Node and in a browser. Reading files is ../node/pictures/.

export { balancedOrder } from './balanced-order.js'
export { withDepth } from './channels.js'
export { DuplicateFinder } from './duplicate-pictures.js'
export { type IdxArray, readIdx, writeIdx } from './idx.js'
export {
  type BrokenPicture,
  type GivenPart,
  PictureDataset,
  type PictureDatasetParts,
  type PictureShape,
  type PictureStore,
} from './picture-dataset.js'
export { type ChannelStatistics, channelStatistics } from './picture-statistics.js'
export { resizePixels } from './resize.js'
export { type PictureSplit, type PictureSplitOptions, splitPictures } from './split-pictures.js'

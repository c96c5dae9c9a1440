// All pooling layers, for the table of layers that saved models may name.

import { AdaptiveAveragePooling1D } from './adaptive-average-pooling1d.js'
import { AdaptiveAveragePooling2D } from './adaptive-average-pooling2d.js'
import { AdaptiveMaxPooling1D } from './adaptive-max-pooling1d.js'
import { AdaptiveMaxPooling2D } from './adaptive-max-pooling2d.js'
import { AveragePooling1D } from './average-pooling1d.js'
import { AveragePooling2D } from './average-pooling2d.js'
import { GlobalAveragePooling1D } from './global-average-pooling1d.js'
import { GlobalAveragePooling2D } from './global-average-pooling2d.js'
import { GlobalMaxPooling1D } from './global-max-pooling1d.js'
import { GlobalMaxPooling2D } from './global-max-pooling2d.js'
import { MaxPooling1D } from './max-pooling1d.js'
import { MaxPooling2D } from './max-pooling2d.js'

export const poolingLayers = {
  AdaptiveAveragePooling1D,
  AdaptiveMaxPooling1D,
  AdaptiveAveragePooling2D,
  AdaptiveMaxPooling2D,
  MaxPooling1D,
  GlobalMaxPooling1D,
  AveragePooling1D,
  GlobalAveragePooling1D,
  MaxPooling2D,
  GlobalMaxPooling2D,
  AveragePooling2D,
  GlobalAveragePooling2D,
}

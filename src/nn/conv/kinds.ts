// All convolution layers, for the table of layers that saved models may name.

import { Conv1D } from './conv1d.js'
import { Conv1DTranspose } from './conv1d-transpose.js'
import { Conv2D } from './conv2d.js'
import { Conv2DTranspose } from './conv2d-transpose.js'
import { Cropping1D } from './cropping1d.js'
import { Cropping2D } from './cropping2d.js'
import { DepthwiseConv1D } from './depthwise-conv1d.js'
import { DepthwiseConv2D } from './depthwise-conv2d.js'
import { SeparableConv1D } from './separable-conv1d.js'
import { SeparableConv2D } from './separable-conv2d.js'
import { UpSampling1D } from './up-sampling1d.js'
import { UpSampling2D } from './up-sampling2d.js'
import { ZeroPadding1D } from './zero-padding1d.js'
import { ZeroPadding2D } from './zero-padding2d.js'

export const convolutionLayers = {
  Conv1D,
  Conv2D,
  Conv1DTranspose,
  Conv2DTranspose,
  DepthwiseConv1D,
  DepthwiseConv2D,
  SeparableConv1D,
  SeparableConv2D,
  UpSampling1D,
  UpSampling2D,
  ZeroPadding1D,
  ZeroPadding2D,
  Cropping1D,
  Cropping2D,
}

// All convolution layers, for the table of layers that saved models may name.

import { Conv1D } from './conv1d.js'
import { Conv2D } from './conv2d.js'

export const convolutionLayers = { Conv1D, Conv2D }

// Optimizers and schedules by the names that a run's settings use.

import { adam, adamW, gradientDescent, type Optimizer, sgd } from '../optim/index.js'
import type { LearningRate } from '../optim/schedule.js'
import type { NetSettings } from './net-defaults.js'

type Maker = (learningRate: LearningRate) => Optimizer

const makers: Readonly<Partial<Record<NetSettings['optimizer'], Maker>>> = {
  adam: learningRate => adam({ learningRate }),
  adamw: learningRate => adamW({ learningRate, weightDecay: 0.01 }),
  sgd: learningRate => sgd({ learningRate, momentum: 0.9 }),
  gradientDescent: learningRate => gradientDescent({ learningRate }),
}

export function makeOptimizer(settings: NetSettings, _stepsPerEpoch: number): Optimizer {
  return makers[settings.optimizer]!(settings.learningRate)
}

// Optimizers and schedules by the names that a run's settings use.

import {
  adagrad,
  adam,
  adamW,
  gradientDescent,
  type LearningRate,
  type Optimizer,
  rmsprop,
  schedules,
  sgd,
} from '../optim/index.js'
import type { NetSettings } from './net-defaults.js'

const optimizers: Readonly<
  Record<NetSettings['optimizer'], (learningRate: LearningRate) => Optimizer>
> = {
  adam: learningRate => adam({ learningRate }),
  adamw: learningRate => adamW({ learningRate, weightDecay: 0.01 }),
  sgd: learningRate => sgd({ learningRate, momentum: 0.9 }),
  rmsprop: learningRate => rmsprop({ learningRate }),
  adagrad: learningRate => adagrad({ learningRate }),
  gradientDescent: learningRate => gradientDescent({ learningRate }),
}

interface Course {
  /** The rate that was asked for. */
  readonly rate: number
  /** Steps of the whole training, if it is not stopped early. */
  readonly steps: number
}

const courses: Readonly<Record<NetSettings['schedule'], (course: Course) => LearningRate>> = {
  constant: ({ rate }) => rate,
  // The callback lowers it.
  plateau: ({ rate }) => rate,
  cosine: ({ rate, steps }) =>
    schedules.cosine({ initialLearningRate: rate, decaySteps: steps, alpha: 0.01 }),
  cosineRestarts: ({ rate, steps }) =>
    schedules.cosineRestarts({
      initialLearningRate: rate,
      firstDecaySteps: Math.ceil(steps / 7),
      alpha: 0.01,
    }),
  oneCycle: ({ rate, steps }) =>
    schedules.oneCycle({ maxLearningRate: rate, totalSteps: Math.max(2, steps) }),
  warmup: ({ rate, steps }) =>
    schedules.cosine({
      initialLearningRate: rate / 100,
      warmupTarget: rate,
      warmupSteps: Math.ceil(steps / 20),
      decaySteps: steps,
      alpha: 0.01,
    }),
  step: ({ rate, steps }) =>
    schedules.step({ initialLearningRate: rate, stepSize: Math.ceil(steps / 3) }),
  exponential: ({ rate, steps }) =>
    schedules.exponential({ initialLearningRate: rate, decaySteps: steps, decayRate: 0.01 }),
  polynomial: ({ rate, steps }) =>
    schedules.polynomial({
      initialLearningRate: rate,
      decaySteps: steps,
      endLearningRate: rate / 100,
    }),
}

export function makeOptimizer(settings: NetSettings, stepsPerEpoch: number): Optimizer {
  const course = { rate: settings.learningRate, steps: settings.epochs * stepsPerEpoch }
  return optimizers[settings.optimizer](courses[settings.schedule](course))
}

// Optimizers and schedules by the names that a run's settings use.

import {
  adagrad,
  adam,
  adamW,
  gradientDescent,
  type LearningRate,
  type Optimizer,
  type OptimizerOptions,
  rmsprop,
  schedules,
  sgd,
} from '../optim/index.js'
import type { NetSettings } from './net-defaults.js'

type Common = OptimizerOptions & { readonly learningRate: LearningRate }

const optimizers: Readonly<Record<NetSettings['optimizer'], (common: Common) => Optimizer>> = {
  adam: common => adam(common),
  adamw: common => adamW({ ...common, weightDecay: 0.01 }),
  sgd: common => sgd({ ...common, momentum: 0.9 }),
  rmsprop: common => rmsprop(common),
  adagrad: common => adagrad(common),
  gradientDescent: common => gradientDescent(common),
}

interface Course {
  /** The rate that was asked for. */
  readonly rate: number
  /** Steps of the whole training, if it is not stopped early. */
  readonly steps: number
  readonly stepsPerEpoch: number
}

type Courses = Readonly<Record<NetSettings['schedule'], (course: Course) => LearningRate>>

const courses: Courses = {
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

/** What a kind of run has of its own. */
export interface OwnCourses {
  /** Schedules that take another course than that of tables and pictures. */
  readonly courses?: Partial<Courses>
  /** The longest gradient of all weights together. */
  readonly globalClipNorm?: number
}

export function makeOptimizer(
  settings: Pick<NetSettings, 'optimizer' | 'schedule' | 'learningRate' | 'epochs'>,
  stepsPerEpoch: number,
  { courses: own = {}, ...clipping }: OwnCourses = {},
): Optimizer {
  const { optimizer, schedule, learningRate: rate, epochs } = settings
  const course = own[schedule] ?? courses[schedule]
  const learningRate = course({ rate, steps: epochs * stepsPerEpoch, stepsPerEpoch })
  return optimizers[optimizer]({ ...clipping, learningRate })
}

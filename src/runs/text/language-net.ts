// The net of a language model's run, its loss and its optimizer.

import { lstmLanguageModel, transformerLanguageModel } from '../../applications/text/index.js'
import { schedules } from '../../optim/index.js'
import type { Model } from '../../train/model.js'
import { classLoss } from '../net.js'
import { layersOf } from '../net-layers.js'
import { makeOptimizer, type OwnCourses } from '../net-optimizers.js'
import { seededNet } from '../seeded-net.js'
import type { TrainedLayer } from '../trained.js'
import type { FilledLanguageSettings, LanguageNetKind } from './language-options.js'

/** Length of a token's vector: no wider than the layers. */
const embeddingOf = ({ width }: FilledLanguageSettings) => Math.min(64, width)

const builders: Readonly<
  Record<LanguageNetKind, (settings: FilledLanguageSettings, vocabulary: number) => Model>
> = {
  lstm: (settings, vocabulary) => recurrent('lstm', settings, vocabulary),
  gru: (settings, vocabulary) => recurrent('gru', settings, vocabulary),
  transformer: ({ context, width, layers, heads, dropout }, vocabulary) =>
    transformerLanguageModel({ vocabulary, context, width, heads, layers, dropout }),
}

function recurrent(
  cell: 'lstm' | 'gru',
  settings: FilledLanguageSettings,
  vocabulary: number,
): Model {
  const { width: units, layers, dropout } = settings
  return lstmLanguageModel({
    vocabulary,
    embedding: embeddingOf(settings),
    units,
    layers,
    cell,
    dropout,
    stateful: true,
  })
}

/** `oneCycle`: from a tenth to the rate over a fifth of the steps, and down to a thousandth. */
const own: OwnCourses = {
  courses: {
    oneCycle: ({ rate, steps }) =>
      schedules.oneCycle({
        maxLearningRate: rate,
        totalSteps: Math.max(2, steps),
        warmupFraction: 0.2,
        divFactor: 10,
        finalDivFactor: 100,
      }),
  },
  globalClipNorm: 1,
}

export function buildLanguageNet(
  settings: FilledLanguageSettings,
  vocabulary: number,
  stepsPerEpoch: number,
): { readonly net: Model; readonly layers: readonly TrainedLayer[] } {
  const { model } = settings
  const net = seededNet(settings, () => builders[model](settings, vocabulary))
  net.compile({
    optimizer: makeOptimizer(settings, stepsPerEpoch, own),
    loss: classLoss,
  })
  return { net, layers: layersOf(net, [settings.context]) }
}

/** `91 → 64 → lstm 256 → 91` */
export function shapeOf(settings: FilledLanguageSettings, vocabulary: number): string {
  const { model, layers, width } = settings
  const inner = Array.from({ length: layers }, () => `${model} ${width}`)
  return [vocabulary, ...inner, vocabulary].join(' → ')
}

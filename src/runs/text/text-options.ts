// What a run that classifies texts can be told: ranges, choices and kinds for code and command line alike.

import { textClassifierKinds } from '../../applications/text/kinds.js'
import { type TokenizerKind, tokenizerKinds } from '../../features/text/kinds.js'
import {
  type FilledOptimizer,
  fillOptimizer,
  type OptimizerSettings,
  optimizerParameters,
} from '../sequence-optimizer.js'
import {
  type RowsOf,
  type RunPlace,
  type TrainSettings,
  trainParameters,
} from '../train-options.js'
import { languageParameters } from './language-options.js'

/** Settings that texts share with tables. */
type Shared =
  | 'target'
  | 'epochs'
  | 'batchSize'
  | 'learningRate'
  | 'dropout'
  | 'patience'
  | 'classWeight'
  | 'metric'
  | 'positive'
  | 'threshold'
  | 'maximize'
  | 'validation'
  | 'test'
  | 'split'
  | 'group'
  | 'time'
  | 'query'
  | 'encoding'
  | 'badRows'
  | 'seed'

/** What decides the result of a run that classifies texts. */
export interface TextRunSettings extends Pick<TrainSettings, Shared>, OptimizerSettings {
  /** The column with the texts, which a net reads. */
  readonly text?: string
  /** What a token is. Default: `words` where nearly all words of the texts occur in them again, else `bpe`. */
  readonly tokenizer?: TokenizerKind
  /** Merges of `bpe`. Default: 1000. */
  readonly merges?: number
  /** Words of `words` at most. Default: 10,000. */
  readonly vocabulary?: number
  /** The kind of net. Default: `average`. */
  readonly model?: (typeof textClassifierKinds)[number]
  /** Length of a token's vector and units of a layer. Default: 64. */
  readonly width?: number
  /** Recurrent layers, or blocks of a transformer. Default: 1. */
  readonly layers?: number
  /** Heads of attention. Default: 4. */
  readonly heads?: number
  /** Tokens of a text that are read; longer texts lose their middle. Default: 256. */
  readonly context?: number
}

/** Options of a run that classifies texts: its settings and where it goes. */
export interface TextRunOptions extends TextRunSettings, RunPlace {}

const { merges, vocabulary, width, layers, heads } = languageParameters
const table = trainParameters

/** Every setting: its kind, its range, and what it is for. */
export const textParameters: RowsOf<TextRunSettings> = {
  text: { kind: 'text', help: 'helpText' },
  tokenizer: { kind: 'choice', choices: tokenizerKinds, help: 'helpTokenizer' },
  merges,
  vocabulary,
  model: { kind: 'choice', choices: textClassifierKinds, help: 'helpTextNet' },
  width,
  layers,
  heads,
  context: languageParameters.context,
  target: table.target,
  epochs: table.epochs,
  batchSize: table.batchSize,
  ...optimizerParameters,
  learningRate: table.learningRate,
  dropout: table.dropout,
  patience: table.patience,
  classWeight: table.classWeight,
  metric: table.metric,
  positive: table.positive,
  threshold: table.threshold,
  maximize: table.maximize,
  validation: table.validation,
  test: table.test,
  split: table.split,
  group: table.group,
  time: table.time,
  query: table.query,
  encoding: table.encoding,
  badRows: table.badRows,
  seed: table.seed,
}

/** What the net and its training are, with every default filled in. */
export type TextNetSettings = FilledOptimizer &
  Required<
    Pick<
      TextRunSettings,
      | 'tokenizer'
      | 'merges'
      | 'vocabulary'
      | 'model'
      | 'width'
      | 'layers'
      | 'heads'
      | 'context'
      | 'epochs'
      | 'batchSize'
      | 'dropout'
      | 'patience'
      | 'classWeight'
      | 'seed'
    >
  >

/** So many texts are visited in all; small sets are visited more often, 4 to 40 times. */
const visits: Readonly<Record<(typeof textClassifierKinds)[number], number>> = {
  average: 60_000,
  lstm: 15_000,
  gru: 15_000,
  transformer: 15_000,
}

/** Words that are known where no number is given. */
export const defaultVocabulary = 10_000

export function fillTextSettings(
  given: TextRunSettings & Required<Pick<TextRunSettings, 'tokenizer'>>,
  trainRows: number,
): TextNetSettings {
  const model = given.model ?? 'average'
  const epochs = Math.max(4, Math.min(40, Math.round(visits[model] / trainRows)))
  return {
    tokenizer: given.tokenizer,
    merges: given.merges ?? 1000,
    vocabulary: given.vocabulary ?? defaultVocabulary,
    model,
    width: given.width ?? 64,
    layers: given.layers ?? 1,
    heads: given.heads ?? 4,
    context: given.context ?? 256,
    epochs: given.epochs ?? epochs,
    batchSize: Math.min(given.batchSize ?? 32, trainRows),
    ...fillOptimizer(given, {
      learningRate: model === 'transformer' ? 1e-3 : 3e-3,
      schedule: 'warmup',
    }),
    dropout: given.dropout ?? 0.3,
    patience: given.patience ?? 6,
    classWeight: given.classWeight ?? 'none',
    seed: given.seed ?? 0,
  }
}

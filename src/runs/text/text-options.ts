// What a run that classifies texts can be told: ranges, choices and kinds for code and command line alike.

import { textClassifierKinds } from '../../applications/text/kinds.js'
import { type TokenizerKind, tokenizerKinds } from '../../features/text/kinds.js'
import { wrongValue } from '../parameter-kinds.js'
import { userError } from '../run-error.js'
import {
  type ParameterRow,
  type TrainOptions,
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
export interface TextRunSettings extends Pick<TrainSettings, Shared> {
  /** The column with the texts. */
  readonly text?: string
  /** What a token is. Default: `bpe`. */
  readonly tokenizer?: TokenizerKind
  /** Merges of `bpe`. Default: 1000. */
  readonly merges?: number
  /** Words of `words` at most. Default: 10,000. */
  readonly vocabulary?: number
  /** The kind of net. Default: `average`. */
  readonly model?: (typeof textClassifierKinds)[number]
  /** Length of a token's vector and units of a layer. Default: 64. */
  readonly width?: number
  /** Recurrent layers, or blocks of a transformer. Default: 1 (transformer: 2). */
  readonly layers?: number
  /** Heads of attention. Default: 4. */
  readonly heads?: number
  /** Tokens of a text that are read; longer texts lose their end. Default: 256. */
  readonly context?: number
}

/** Options of `trainTextClassifier`: the settings of the run and where it goes. */
export interface TextRunOptions
  extends TextRunSettings,
    Pick<TrainOptions, 'out' | 'name' | 'resume' | 'lang' | 'signal' | 'onProgress'> {}

type Plain = Omit<TextRunOptions, 'signal' | 'onProgress'>

const { merges, vocabulary, width, layers, heads } = languageParameters
const table = trainParameters

/** Every option: its kind, its range, and what it is for. */
export const textParameters: { readonly [Name in keyof Required<Plain>]: ParameterRow } = {
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
  learningRate: table.learningRate,
  dropout: table.dropout,
  patience: table.patience,
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
  out: table.out,
  name: table.name,
  resume: table.resume,
  lang: table.lang,
}

/** Throws for the first option that is unknown or outside its range. */
export function checkTextOptions(options: TextRunOptions): void {
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined || option === 'signal' || option === 'onProgress') continue
    const row = Object.hasOwn(textParameters, option)
      ? textParameters[option as keyof Plain]
      : undefined
    if (row === undefined) throw userError.unknownOption(option, Object.keys(textParameters))
    const wrong = wrongValue(row, value)
    if (wrong !== undefined) throw userError.badOption(option, wrong, value)
  }
}

/** What the net and its training are, with every default filled in. */
export type TextNetSettings = Required<
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
    | 'learningRate'
    | 'dropout'
    | 'patience'
    | 'seed'
  >
>

export function fillTextSettings(given: TextRunSettings, trainRows: number): TextNetSettings {
  const model = given.model ?? 'average'
  return {
    tokenizer: given.tokenizer ?? 'bpe',
    merges: given.merges ?? 1000,
    vocabulary: given.vocabulary ?? 10_000,
    model,
    width: given.width ?? 64,
    layers: given.layers ?? (model === 'transformer' ? 2 : 1),
    heads: given.heads ?? 4,
    context: given.context ?? 256,
    epochs: given.epochs ?? 40,
    batchSize: Math.min(given.batchSize ?? 32, trainRows),
    learningRate: given.learningRate ?? (model === 'transformer' ? 1e-3 : 3e-3),
    dropout: given.dropout ?? 0.3,
    patience: given.patience ?? 6,
    seed: given.seed ?? 0,
  }
}

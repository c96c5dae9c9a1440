// What a run of a language model can be told: ranges, choices and kinds for code and command line alike.

import type { TokenizerKind } from '../../features/text/index.js'
import { tokenizerKinds } from '../../features/text/kinds.js'
import {
  type FilledOptimizer,
  fillOptimizer,
  type OptimizerSettings,
  optimizerParameters,
} from '../sequence-optimizer.js'
import { type AskedRate, type RowsOf, type RunPlace, trainParameters } from '../train-options.js'

/** What `task` is where a language model is trained. */
export const languageTask = 'language-model'
export const languageNets = ['lstm', 'gru', 'transformer'] as const
export type LanguageNetKind = (typeof languageNets)[number]

/** What decides the result of a language model's run. */
export interface LanguageModelSettings extends OptimizerSettings {
  /** What a token is. Default: `characters`. */
  readonly tokenizer?: TokenizerKind
  /** Merges of `bpe`. Default: 1000. */
  readonly merges?: number
  /** Words of `words` at most. Default: 10,000. */
  readonly vocabulary?: number
  /** The kind of net. Default: `lstm`. */
  readonly model?: LanguageNetKind
  /** Units of each layer. Default: 128, from 200,000 tokens on 256 (transformer: 128). */
  readonly width?: number
  /** Recurrent layers, or blocks of a transformer. Default: 1 (transformer: 4). */
  readonly layers?: number
  /** Heads of attention. Default: 4. */
  readonly heads?: number
  /**
   * Tokens that a transformer sees at once, or through which gradients reach back. Default: 64 (transformer: 128), fewer for
   * short texts.
   */
  readonly context?: number
  /** Share of units silenced in training. Default: 0.4 (transformer: 0.1). */
  readonly dropout?: number
  /** The most epochs. Default: as many as read five (transformer: two) million tokens, from 2 to 30. */
  readonly epochs?: number
  /** Streams, or windows, a step. Default: 32, fewer for short texts, so that an epoch has enough steps. */
  readonly batchSize?: number
  /**
   * With `oneCycle`, the default, at the peak of the cycle, a fifth of the way. Default: 0.005 (transformer: 0.002), a hundred
   * times that for `sgd` and `adagrad`; `auto`: what the range test finds.
   */
  readonly learningRate?: AskedRate
  /**
   * Epochs without improvement before training stops; 0: never stops early. Default: 0, since the rate falls to the
   * end; the epoch that was best on the validation part counts.
   */
  readonly patience?: number
  /** Share of the text, before the test part. Default: 0.1. */
  readonly validation?: number
  /** Share of the text, at its end. Default: 0.1. */
  readonly test?: number
  /** Encoding of the file where it is not found out. */
  readonly encoding?: string
  /** Default: 0. */
  readonly seed?: number
}

/** Options of a language model's run: its settings and where it goes. */
export interface LanguageModelOptions extends LanguageModelSettings, RunPlace {
  /** Tells `train` that a text is to be continued. */
  readonly task?: typeof languageTask
}

const { epochs, batchSize, learningRate, dropout, patience, encoding, seed } = trainParameters

const share = { kind: 'number', low: 0, high: 0.9, open: 'both' } as const

/** Every setting: its kind, its range, and what it is for. */
export const languageParameters: RowsOf<LanguageModelSettings> = {
  tokenizer: { kind: 'choice', choices: tokenizerKinds, help: 'helpTokenizer' },
  merges: { kind: 'integer', low: 0, high: 100_000, help: 'helpMerges' },
  vocabulary: { kind: 'integer', low: 1, high: 1_000_000, help: 'helpVocabulary' },
  model: { kind: 'choice', choices: languageNets, help: 'helpLanguageNet' },
  width: { kind: 'integer', low: 1, high: 8192, help: 'helpWidth' },
  layers: { kind: 'integer', low: 1, high: 64, help: 'helpLayers' },
  heads: { kind: 'integer', low: 1, high: 128, help: 'helpHeads' },
  context: { kind: 'integer', low: 1, high: 16_384, help: 'helpContext' },
  dropout,
  epochs,
  batchSize,
  ...optimizerParameters,
  learningRate,
  patience,
  validation: { ...share, help: 'helpTextValidation' },
  test: { ...share, help: 'helpTextTest' },
  encoding,
  seed,
}

export type FilledLanguageSettings = FilledOptimizer &
  Required<Omit<LanguageModelSettings, 'encoding' | keyof FilledOptimizer>>

/** Windows that validation must have room for. */
const leastWindows = 2
/** Steps that an epoch has about, where the text is short. */
const fewSteps = 230

/** What suits a kind of net: two minutes of two cores for the novel's part in examples/data. */
interface Suited {
  readonly context: number
  readonly layers: number
  readonly dropout: number
  readonly learningRate: number
  /** Of long texts. */
  readonly width: number
  /** Tokens that all epochs together read, about. */
  readonly tokens: number
}

const recurrent: Suited = {
  context: 64,
  layers: 1,
  dropout: 0.4,
  learningRate: 5e-3,
  width: 256,
  tokens: 5e6,
}

const suited: Readonly<Record<LanguageNetKind, Suited>> = {
  lstm: recurrent,
  gru: recurrent,
  transformer: {
    context: 128,
    layers: 4,
    dropout: 0.1,
    learningRate: 2e-3,
    width: 128,
    tokens: 2e6,
  },
}

/** Every setting: what was asked for, else what suits a text of so many tokens. */
export function fillLanguageSettings(
  given: LanguageModelSettings,
  tokens: { readonly train: number; readonly validation: number },
): FilledLanguageSettings {
  const model = given.model ?? 'lstm'
  const kind = suited[model]
  const roomy = Math.floor((tokens.validation - 1) / leastWindows)
  const context = given.context ?? Math.max(1, Math.min(kind.context, roomy))
  const windows = Math.max(1, Math.floor((tokens.train - 1) / context))
  return {
    tokenizer: given.tokenizer ?? 'characters',
    merges: given.merges ?? 1000,
    vocabulary: given.vocabulary ?? 10_000,
    model,
    width: given.width ?? (tokens.train < 200_000 ? 128 : kind.width),
    layers: given.layers ?? kind.layers,
    heads: given.heads ?? 4,
    context,
    dropout: given.dropout ?? kind.dropout,
    epochs: given.epochs ?? Math.max(2, Math.min(30, Math.round(kind.tokens / tokens.train))),
    batchSize: Math.min(given.batchSize ?? batchFor(windows), windows),
    ...fillOptimizer(given, { learningRate: kind.learningRate, schedule: 'oneCycle' }),
    patience: given.patience ?? 0,
    validation: given.validation ?? 0.1,
    test: given.test ?? 0.1,
    seed: given.seed ?? 0,
  }
}

/** A power of two from 4 to 32. */
function batchFor(windows: number): number {
  return 2 ** Math.max(2, Math.min(5, Math.round(Math.log2(windows / fewSteps))))
}

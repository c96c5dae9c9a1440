// What a run on a table or on pictures can be told, in one table: ranges, choices and kinds for code, command line
// and configuration files alike. `kind-options.ts` has those of every kind of run.

import type { ColumnType } from '../data/column.js'
import type { SplitMethod } from '../data/split.js'
import type { RunEvent } from './events.js'
import type { MessageKey } from './messages/messages.js'
import type { FamilyName } from './model-families.js'
import type { ParameterKind } from './parameter-kinds.js'
import { type MetricName, metricNames } from './report/report-data.js'

export const tasks = ['classification', 'regression'] as const
/** What `--model` takes: a search over all families, or one of them. */
export const modelKinds = [
  'auto',
  'boosting',
  'forest',
  'tree',
  'svm',
  'linear',
  'knn',
  'bayes',
  'neural',
] as const satisfies readonly ('auto' | FamilyName)[]
/** What `--model` takes where pictures are learned from. */
export const pictureModelNames = [
  'cnn',
  'lenet',
  'resnet20',
  'resnet32',
  'resnet56',
  'resnet18',
  'mlp',
] as const
export type PictureModelName = (typeof pictureModelNames)[number]
export const optimizers = ['adam', 'adamw', 'sgd', 'rmsprop', 'adagrad', 'gradientDescent'] as const
/** Those that see some rows a step; `gradientDescent` sees all, which sequences of many lengths cannot be laid out for. */
export const sequenceOptimizers = ['adam', 'adamw', 'sgd', 'rmsprop', 'adagrad'] as const
export const schedules = [
  'constant',
  'cosine',
  'cosineRestarts',
  'oneCycle',
  'warmup',
  'step',
  'exponential',
  'polynomial',
  'plateau',
] as const
export const classWeights = ['none', 'balanced'] as const
export const maximizable = ['f1', 'balancedAccuracy', 'accuracy', 'precision', 'recall'] as const
export const splitMethods = [
  'random',
  'stratified',
  'group',
  'time',
] as const satisfies SplitMethod[]

export const pictureFits = ['cover', 'contain', 'fill'] as const
export const samplings = ['all', 'balanced'] as const
export const mixes = ['none', 'mixup', 'cutmix'] as const

export const badRowRules = ['error', 'skip'] as const

export type Task = (typeof tasks)[number]

/** A rate, or `auto`: what the range test finds for the net in hand. */
export type AskedRate = number | 'auto'

/** What decides the result: it is kept in the manifest and restored by `resume`. */
export interface TrainSettings {
  /** The column to predict. */
  target?: string
  /** By default: classes for texts, yes/no and whole numbers of few values; else a number. */
  task?: Task
  /**
   * A family of models, or `auto` (default): all of them compared by cross-validation. Options that only a
   * net has choose `neural`. Of pictures: a net by name, `cnn` by default.
   */
  model?: (typeof modelKinds)[number] | PictureModelName
  /** Seconds that the comparison may take; 60 for `auto`. With a family: searches its parameters. */
  timeBudget?: number
  /** The metric that models are chosen by, and that is quoted first. */
  metric?: MetricName
  /** Parameters of the family's estimator, by their names in its class. */
  set?: Readonly<Record<string, unknown>>
  /** Units of each hidden layer; by default from the number of rows. */
  hidden?: readonly number[]
  /** The most epochs; by default from the number of rows. */
  epochs?: number
  /** Rows a step; by default from the number of rows. */
  batchSize?: number
  optimizer?: (typeof optimizers)[number]
  /** `auto`: what the range test finds (`suggestLearningRate`). */
  learningRate?: AskedRate
  /**
   * The course of the rate over the training. `warmup`: it rises, then falls as `cosine` does; `plateau`: it falls where the
   * validation loss no longer does. By default `plateau` for tables, `cosine` for pictures.
   */
  schedule?: (typeof schedules)[number]
  /** Share of units silenced in training, from 0 to below 1. */
  dropout?: number
  /** Weight of the squared weights in the loss. */
  l2?: number
  /** Epochs without improvement before training stops; 0: never stops early. */
  patience?: number
  /** `balanced`: each class counts as much as any other. */
  classWeight?: (typeof classWeights)[number]
  /** The class that precision, recall and threshold speak of; by default the rarer one. */
  positive?: string
  /** Probability from which the positive class is predicted; 0.5 by default. */
  threshold?: number
  /** Chooses the threshold that makes this metric greatest on the validation split. */
  maximize?: (typeof maximizable)[number]
  /** Columns left out. */
  exclude?: readonly string[]
  /** Types that override what was sniffed. */
  type?: Readonly<Record<string, ColumnType>>
  /** A fraction of the rows (default 0.15), or a file. */
  validation?: number | string
  /** A fraction of the rows (default 0.15), or a file. */
  test?: number | string
  /** By default `stratified` for classes, `random` for numbers. */
  split?: SplitMethod
  /** Rows of one value in this column stay together. */
  group?: string
  /** Oldest rows train, newest test. */
  time?: string
  /** Column whose values get metrics of their own in the report. */
  groupMetrics?: string
  /** A SQL query over the data, which is called `data`. */
  query?: string
  /** Encoding of text files where it is not found out. */
  encoding?: string
  /** Column with the pictures' paths, in a table of pictures; the target is their class. */
  picture?: string
  /** Side of the squares that pictures are brought to; by default from the pictures. */
  pictureSize?: number
  /** What becomes of pictures of other proportions; `cover` by default. */
  fit?: (typeof pictureFits)[number]
  /** Augmentations by name, see `augment.augmentationsNamed`; none by default. */
  augment?: string
  /** Training pictures mixed with others of their batch, see `mixUp` and `cutMix`; none by default. */
  mix?: (typeof mixes)[number]
  /** `balanced`: an epoch shows each class equally often. */
  sampling?: (typeof samplings)[number]
  /**
   * Rows with too few or too many cells: an error (default), or left out and reported. Pictures that cannot
   * be decoded: left out and reported (default), or an error.
   */
  badRows?: (typeof badRowRules)[number]
  /** Default 0. */
  seed?: number
}

/** Where a run of any kind goes, and how it is heard and stopped: nothing that decides its result. */
export interface RunPlace {
  /** Folder for runs; default `runs`. */
  readonly out?: string
  /** Name of the run's folder; by default what is learned and the time. */
  readonly name?: string
  /** Goes on with this run instead of a new one. */
  readonly resume?: string
  /** Trains as this run did: the same data, split, settings and candidates, whatever time they take. */
  readonly repeat?: string
  /** Language of the report. */
  readonly lang?: string
  /** Stops after the step in hand, saves, and throws INTERRUPTED. */
  readonly signal?: AbortSignal
  /** Hears every event that the run writes to its log. */
  readonly onProgress?: (event: RunEvent) => void
}

/** Options of a run on a table or on pictures: its settings and where it goes. */
export interface TrainOptions extends TrainSettings, RunPlace {}

export type ParameterRow = ParameterKind & { readonly help: MessageKey }

/** The rows of an options type. */
export type RowsOf<Options> = { readonly [Name in keyof Required<Options>]: ParameterRow }

export const placeParameters: RowsOf<Omit<RunPlace, 'signal' | 'onProgress'>> = {
  out: { kind: 'text', help: 'helpOut' },
  name: { kind: 'text', help: 'helpName' },
  resume: { kind: 'text', help: 'helpResume' },
  repeat: { kind: 'text', help: 'helpRepeat' },
  lang: { kind: 'choice', choices: ['en', 'zh'], help: 'helpLang' },
}

/** Every setting of tables and pictures: its kind, its range, and what it is for. */
export const trainParameters: RowsOf<TrainSettings> = {
  target: { kind: 'text', help: 'helpTarget' },
  task: { kind: 'choice', choices: tasks, help: 'helpTask' },
  model: { kind: 'choice', choices: [...modelKinds, ...pictureModelNames], help: 'helpModel' },
  timeBudget: { kind: 'number', low: 0, high: 1e6, open: 'low', help: 'helpTimeBudget' },
  metric: { kind: 'choice', choices: metricNames, help: 'helpMetric' },
  set: { kind: 'settings', help: 'helpSet' },
  hidden: { kind: 'integers', low: 1, high: 65536, help: 'helpHidden' },
  epochs: { kind: 'integer', low: 1, high: 1_000_000, help: 'helpEpochs' },
  batchSize: { kind: 'integer', low: 1, high: 1_000_000, help: 'helpBatchSize' },
  optimizer: { kind: 'choice', choices: optimizers, help: 'helpOptimizer' },
  learningRate: { kind: 'rate', low: 0, high: 1e6, help: 'helpLearningRate' },
  schedule: { kind: 'choice', choices: schedules, help: 'helpSchedule' },
  dropout: { kind: 'number', low: 0, high: 1, open: 'high', help: 'helpDropout' },
  l2: { kind: 'number', low: 0, high: 1e6, help: 'helpL2' },
  patience: { kind: 'integer', low: 0, high: 1_000_000, help: 'helpPatience' },
  classWeight: { kind: 'choice', choices: classWeights, help: 'helpClassWeight' },
  positive: { kind: 'text', help: 'helpPositive' },
  threshold: { kind: 'number', low: 0, high: 1, help: 'helpThreshold' },
  maximize: { kind: 'choice', choices: maximizable, help: 'helpMaximize' },
  exclude: { kind: 'names', help: 'helpExclude' },
  type: { kind: 'types', help: 'helpType' },
  validation: { kind: 'part', help: 'helpValidation' },
  test: { kind: 'part', help: 'helpTest' },
  split: { kind: 'choice', choices: splitMethods, help: 'helpSplit' },
  group: { kind: 'text', help: 'helpGroup' },
  time: { kind: 'text', help: 'helpTime' },
  groupMetrics: { kind: 'text', help: 'helpGroupMetrics' },
  query: { kind: 'text', help: 'helpQuery' },
  encoding: { kind: 'text', help: 'helpEncoding' },
  badRows: { kind: 'choice', choices: badRowRules, help: 'helpBadRows' },
  picture: { kind: 'text', help: 'helpPicture' },
  pictureSize: { kind: 'integer', low: 1, high: 1024, help: 'helpPictureSize' },
  fit: { kind: 'choice', choices: pictureFits, help: 'helpFit' },
  augment: { kind: 'text', help: 'helpAugment' },
  mix: { kind: 'choice', choices: mixes, help: 'helpMix' },
  sampling: { kind: 'choice', choices: samplings, help: 'helpSampling' },
  seed: { kind: 'integer', low: 0, high: Number.MAX_SAFE_INTEGER, help: 'helpSeed' },
}

export type ParameterName = keyof typeof trainParameters
export const parameterNames = Object.keys(trainParameters) as readonly ParameterName[]

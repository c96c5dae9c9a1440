// All that the report shows, as plain JSON: it is written into the run folder when a run ends, so the
// page can be drawn again from that folder alone.

import type { TextNetKind } from '../../applications/text/kinds.js'
import type { ColumnType } from '../../data/column.js'
import type { DataFinding } from '../../data/finding.js'
import type { Treatment } from '../../features/treatment.js'
import type { Board } from '../board/board.js'
import type { Language } from '../messages/language.js'
import type { FamilyName } from '../model-families.js'
import type { PictureModelName } from '../train-options.js'

export const metricNames = [
  'accuracy',
  'balancedAccuracy',
  'auc',
  'prAuc',
  'f1',
  'precision',
  'recall',
  'logLoss',
  'r2',
  'rmse',
  'mae',
] as const
export type MetricName = (typeof metricNames)[number]

/** Metrics of one model on one set of rows; one that has no meaning there is left out. */
export type MetricValues = Partial<Readonly<Record<MetricName, number>>>

/** Metrics of which more is better. */
export const higherIsBetter: Readonly<Record<MetricName, boolean>> = {
  accuracy: true,
  balancedAccuracy: true,
  auc: true,
  prAuc: true,
  f1: true,
  precision: true,
  recall: true,
  logLoss: false,
  r2: true,
  rmse: false,
  mae: false,
}

export type Point = readonly [x: number, y: number]

export interface Histogram {
  /** One more than `counts`. */
  readonly edges: readonly number[]
  readonly counts: readonly number[]
}

export interface CurveData {
  readonly label: string
  readonly points: readonly Point[]
  /** Area under it. */
  readonly area?: number
}

export interface ClassificationFigures {
  readonly confusion: {
    readonly labels: readonly string[]
    readonly matrix: readonly (readonly number[])[]
    /** Classes there are, when fewer are shown. */
    readonly classes: number
  }
  readonly perClass: readonly {
    readonly label: string
    readonly precision: number
    readonly recall: number
    readonly f1: number
    readonly rows: number
  }[]
  readonly roc: readonly CurveData[]
  readonly precisionRecall: readonly CurveData[]
  /** Mean predicted probability, observed share, rows. */
  readonly calibration: readonly (readonly [predicted: number, observed: number, rows: number])[]
}

export interface RegressionFigures {
  /** Actual and predicted value of test rows, evenly chosen where there are many. */
  readonly points: readonly Point[]
  /** Predicted minus actual. */
  readonly residuals: Histogram
  /** Median and ninth decile of the absolute error. */
  readonly half: number
  readonly ninety: number
}

export interface ColumnFigures {
  readonly name: string
  readonly type: ColumnType
  readonly role: 'input' | 'target' | 'excluded'
  /** Why it has its type. */
  readonly reason: string
  /** How it enters the model, or why it does not; absent where the user left it out. */
  readonly treatment?: Treatment
  readonly rows: number
  readonly missing: number
  readonly distinct: number
  readonly histogram?: Histogram
  readonly range?: readonly [low: string, high: string]
  readonly top?: readonly { readonly value: string; readonly count: number }[]
}

export interface Suspect {
  /** 1-based row of the data as given. */
  readonly row: number
  readonly given: string
  readonly expected: string
  /** Classes: probability of the given one. Numbers: deviations of the residual. */
  readonly score: number
  readonly values: readonly { readonly name: string; readonly value: string }[]
}

/** How predictions move with one column. */
export interface Dependence {
  readonly column: string
  readonly kind: 'number' | 'date' | 'category'
  readonly values: readonly (number | string)[]
  /** Averages over rows: of the number, the positive class, or each of the largest classes. */
  readonly lines: readonly { readonly label: string; readonly mean: readonly number[] }[]
  /** Single rows; none where there are several lines. */
  readonly singles: readonly (readonly number[])[]
}

/** A picture with what a model made of it. */
export interface ShownPicture {
  readonly name: string
  readonly truth: string
  readonly predicted: string
  /** Of the predicted class. */
  readonly probability: number
  /** Of the given class. */
  readonly given: number
  /** PNG as a data URI. */
  readonly picture: string
}

/** What the report of a run on pictures shows beside. */
export interface PictureFigures {
  /** Height, width, channels. */
  readonly shape: readonly number[]
  readonly augment: string
  /** The original first. */
  readonly augmented: readonly { readonly caption: string; readonly pictures: readonly string[] }[]
  readonly confused: readonly {
    readonly truth: string
    readonly predicted: string
    readonly count: number
    /** Test pictures of the true class. */
    readonly of: number
    readonly pictures: readonly ShownPicture[]
  }[]
  readonly losses: readonly ShownPicture[]
  /** Test pictures beside what spoke for the class predicted; none for nets without feature maps. */
  readonly focus: readonly {
    readonly truth: string
    readonly predicted: string
    readonly picture: string
    readonly heat: string
  }[]
  /** Of the first convolution. */
  readonly filters: readonly string[]
  /** Of the first convolution of each size; absent from runs of versions that did not draw them. */
  readonly maps?: readonly LayerMaps[]
}

/** What the filters of a convolution make of some pictures. */
export interface LayerMaps {
  readonly size: readonly [height: number, width: number]
  /** Filters that there are, and those shown: the ones that tell most. */
  readonly channels: number
  readonly shown: readonly number[]
  readonly rows: readonly {
    readonly truth: string
    readonly picture: string
    /** One for each filter shown. */
    readonly maps: readonly string[]
  }[]
}

/** A text with the words that moved the model's answer. */
export interface ShownText {
  /** 1-based row of the data as given. */
  readonly row: number
  readonly truth: string
  readonly predicted: string
  /** Of the predicted class. */
  readonly probability: number
  /** Together the beginning of the text; how much less likely the predicted class is without each. */
  readonly words: readonly (readonly [text: string, influence: number])[]
  /** Whether the text goes on. */
  readonly isCut: boolean
}

/** What the heads of one layer of attention look at in a text. */
export interface AttentionFigure {
  readonly tokens: readonly string[]
  /** 1-based. */
  readonly layer: number
  readonly layers: number
  /** For each head shown the weights, row by row: digits from 0 to 9, whose squares are shares of 81. */
  readonly heads: readonly string[]
}

/** What the report of a run on texts shows beside. */
export interface TextFigures {
  /** The texts whose given class is least likely. */
  readonly losses: readonly ShownText[]
  /** None for nets without attention. */
  readonly attention: readonly (AttentionFigure & { readonly truth: string })[]
}

export interface ReportData {
  readonly format: 1
  readonly language: Language
  readonly version: string
  readonly run: {
    readonly name: string
    /** ISO 8601. */
    readonly created: string
    readonly seconds: number
    /** null for models that are not trained in epochs. */
    readonly epochs: number | null
    /** 1-based. */
    readonly bestEpoch: number | null
    readonly executor: string
  }
  readonly task: 'classification' | 'regression'
  readonly target: string
  readonly classes?: readonly string[]
  readonly positive?: string
  readonly threshold?: number
  readonly model: {
    readonly kind: FamilyName | PictureModelName
    /** Of nets that read texts. */
    readonly net?: TextNetKind
    /** Of nets. */
    readonly parameters?: number
    readonly layers?: readonly {
      readonly name: string
      readonly output: string
      readonly parameters: number
    }[]
    readonly estimator?: {
      readonly name: string
      readonly settings: readonly (readonly [name: string, value: string])[]
      readonly features: number
      readonly rows: number
      readonly bytes: number
    }
  }
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number }
  readonly inputs: number
  readonly headline: MetricName
  readonly metrics: Readonly<Record<'train' | 'validation' | 'test', MetricValues>>
  readonly baseline: Readonly<Record<'dummy' | 'linear', MetricValues>>
  readonly history: {
    readonly train: readonly (number | null)[]
    readonly validation: readonly (number | null)[]
  }
  readonly classification?: ClassificationFigures
  readonly regression?: RegressionFigures
  /** Worsening of the headline metric when a column is shuffled, greatest first. */
  readonly importance?: readonly { readonly column: string; readonly loss: number }[]
  /** What was compared. */
  readonly board?: Board
  /** Of a linear model, the largest first; by class where there are more than two. */
  readonly coefficients?: {
    readonly labels: readonly string[]
    readonly rows: readonly { readonly feature: string; readonly values: readonly number[] }[]
    /** How many there are. */
    readonly features: number
  }
  /** Shares of what a model's splits gained, by column, greatest first. */
  readonly counted?: readonly { readonly column: string; readonly share: number }[]
  /** A decision tree, or the first of a forest or of boosting. */
  readonly tree?: {
    readonly svg: Readonly<Record<Language, string>>
    readonly nodes: number
    /** Levels below the root that are drawn. */
    readonly levels: number
    /** Trees of the model. */
    readonly trees: number
    /** Whether the trees' values are added up. */
    readonly adds: boolean
  }
  readonly dependence?: readonly Dependence[]
  readonly pictures?: PictureFigures & { readonly source: string }
  readonly texts?: TextFigures
  readonly columns: readonly ColumnFigures[]
  readonly columnCount: number
  /** Rows that checks, curves, importances and the linear baseline saw, where memory held no more. */
  readonly sampled?: number
  readonly findings: readonly DataFinding[]
  readonly suspects: readonly Suspect[]
  readonly groups?: {
    readonly column: string
    readonly rows: readonly {
      readonly value: string
      readonly rows: number
      readonly metrics: MetricValues
    }[]
  }
  /** Shown as it is, nested objects as headed lists. */
  readonly manifest: Readonly<Record<string, unknown>>
}

// What is done with a column and why, as data, and in words for the report: one row a treatment, in
// every language (a missing cell doesn't compile).

import type { TokenizerKind } from './text/kinds.js'

export type Treatment =
  | { readonly code: 'identifier' }
  | { readonly code: 'empty' }
  | { readonly code: 'constant'; readonly value: string }
  | { readonly code: 'rareOnly'; readonly categories: number; readonly minimum: number }
  | ({ readonly code: 'scaled' } & Scaled)
  | ({ readonly code: 'ranked' } & Scaled)
  | {
      readonly code: 'date'
      readonly from: number
      readonly to: number
      readonly cycles: readonly Cycle[]
      readonly indicator: boolean
    }
  | {
      readonly code: 'oneHot'
      readonly categories: number
      readonly rare: number
      readonly unseen: 'rare' | 'zeros'
    }
  | { readonly code: 'ordinal'; readonly order: readonly string[] }
  | {
      readonly code: 'boolean'
      readonly low: string
      readonly high: string
      readonly indicator: boolean
    }
  | { readonly code: 'text'; readonly features: number }
  | {
      readonly code: 'tokens'
      readonly tokenizer: TokenizerKind
      readonly vocabulary: number
      /** Tokens of a text that are read. */
      readonly context: number
    }
  | { readonly code: 'asIs' }
  | { readonly code: 'dateParts'; readonly parts: readonly Cycle[] }
  | { readonly code: 'codes'; readonly categories: number; readonly rare: number }
  | { readonly code: 'ordered'; readonly order: readonly string[] }
  | { readonly code: 'flag'; readonly low: string; readonly high: string }

interface Scaled {
  /** Bounds that values are clipped to. */
  readonly lower: number
  readonly upper: number
  /** Piecewise-linear bins, 0 for none. */
  readonly bins: number
  /** What a missing value becomes, and whether a feature says that it was. */
  readonly fill: number
  readonly indicator: boolean
}

export type Cycle = 'month' | 'weekday' | 'hour'

/** Treatments of columns that are left out. */
export type Omission = Extract<
  Treatment,
  { code: 'identifier' | 'empty' | 'constant' | 'rareOnly' }
>

export type TreatmentLanguage = 'en' | 'zh'

type Wording = {
  readonly [C in Treatment['code']]: {
    readonly [L in TreatmentLanguage]: (t: Extract<Treatment, { code: C }>) => string
  }
}

const cycleWords: { readonly [C in Cycle]: { readonly [L in TreatmentLanguage]: string } } = {
  month: { en: 'month', zh: '月份' },
  weekday: { en: 'weekday', zh: '星期' },
  hour: { en: 'hour', zh: '小时' },
}

const tokenWords: { readonly [K in TokenizerKind]: { readonly [L in TreatmentLanguage]: string } } =
  {
    characters: { en: 'characters', zh: '字符' },
    words: { en: 'words', zh: '词' },
    bpe: { en: 'pieces of words (byte pairs)', zh: '子词（字节对编码）' },
  }

const wording: Wording = {
  identifier: {
    en: () => 'left out: an identifier names rows and says nothing about new ones',
    zh: () => '不使用：标识符只用来区分行，对新数据没有意义',
  },
  empty: {
    en: () => 'left out: no training row has a value',
    zh: () => '不使用：训练数据中全部缺失',
  },
  constant: {
    en: t => `left out: constant (${t.value} in every training row)`,
    zh: t => `不使用：常量（训练数据中都是 ${t.value}）`,
  },
  rareOnly: {
    en: t => `left out: ${t.categories} categories, none in ${t.minimum} or more training rows`,
    zh: t => `不使用：${t.categories} 个类别，没有一个出现在 ${t.minimum} 行或更多的训练数据中`,
  },
  scaled: {
    en: t =>
      `clipped to [${short(t.lower)}, ${short(t.upper)}], scaled to mean 0 and deviation 1${binsEn(t.bins)}${fillEn(t)}`,
    zh: t =>
      `截断到 [${short(t.lower)}, ${short(t.upper)}]，缩放为均值 0、标准差 1${binsZh(t.bins)}${fillZh(t)}`,
  },
  ranked: {
    en: t => `mapped by rank onto a normal distribution${binsEn(t.bins)}${fillEn(t)}`,
    zh: t => `按秩映射为正态分布${binsZh(t.bins)}${fillZh(t)}`,
  },
  date: {
    en: t =>
      `time from ${day(t.from)} to ${day(t.to)}, scaled${t.cycles.length > 0 ? `; ${cyclesOf(t.cycles, 'en')} as points on a circle` : ''}; a missing date becomes the median${t.indicator ? ', with an indicator' : ''}`,
    zh: t =>
      `时间（${day(t.from)} 至 ${day(t.to)}）缩放${t.cycles.length > 0 ? `；${cyclesOf(t.cycles, 'zh')}表示为圆上的点` : ''}；缺失日期取中位数${t.indicator ? '，并加缺失标记' : ''}`,
  },
  oneHot: {
    en: t =>
      `one feature for each of ${t.categories} categories${t.rare > 0 ? `; ${t.rare} rare ${t.rare === 1 ? 'one has' : 'ones share'} another` : ''}; unseen categories ${t.rare > 0 && t.unseen === 'rare' ? 'join the rare ones' : 'become all zeros'}`,
    zh: t =>
      `${t.categories} 个类别各一个特征${t.rare > 0 ? `；${t.rare} 个少见类别共用一个特征` : ''}；未见过的类别${t.rare > 0 && t.unseen === 'rare' ? '归入少见类别' : '全部为 0'}`,
  },
  ordinal: {
    en: t =>
      `ordered: ${t.order.join(' < ')}; missing and unseen ones become the middle, with an indicator`,
    zh: t => `有序：${t.order.join(' < ')}；缺失和未见过的取中间值，并加标记`,
  },
  boolean: {
    en: t =>
      `'${t.high}' becomes 1, '${t.low}' -1; missing values become 0${t.indicator ? ', with an indicator' : ''}`,
    zh: t => `“${t.high}”为 1，“${t.low}”为 -1；缺失值为 0${t.indicator ? '，并加缺失标记' : ''}`,
  },
  text: {
    en: t =>
      `words and pairs of words hashed into ${t.features} features, their counts in logarithm, and the text's length`,
    zh: t => `词和相邻词对（中文按字）散列为 ${t.features} 个特征（计数取对数），另加文本长度`,
  },
  tokens: {
    en: t =>
      `read as ${tokenWords[t.tokenizer].en} from a vocabulary of ${t.vocabulary}, ${t.context} at most: of longer texts the beginning and the end`,
    zh: t =>
      `按${tokenWords[t.tokenizer].zh}读取，词表 ${t.vocabulary}，最多 ${t.context} 个词元：更长的文本只取开头和结尾`,
  },
  asIs: {
    en: () => 'as it is; missing values stay missing',
    zh: () => '原值；缺失值保持缺失',
  },
  dateParts: {
    en: t =>
      `year with its fraction${t.parts.length > 0 ? `; ${cyclesOf(t.parts, 'en')}` : ''}; a missing date stays missing`,
    zh: t =>
      `带小数的年份${t.parts.length > 0 ? `；${cyclesOf(t.parts, 'zh')}` : ''}；缺失日期保持缺失`,
  },
  codes: {
    en: t =>
      `${t.categories} categories numbered from the most frequent on${t.rare > 0 ? '; rare and unseen ones share a number' : ''}; missing values stay missing`,
    zh: t =>
      `${t.categories} 个类别按出现频率编号${t.rare > 0 ? '；少见和未见过的类别共用一个编号' : ''}；缺失值保持缺失`,
  },
  ordered: {
    en: t => `numbered in order: ${t.order.join(' < ')}; missing and unseen ones stay missing`,
    zh: t => `按顺序编号：${t.order.join(' < ')}；缺失和未见过的保持缺失`,
  },
  flag: {
    en: t => `'${t.high}' becomes 1, '${t.low}' 0; missing values stay missing`,
    zh: t => `“${t.high}”为 1，“${t.low}”为 0；缺失值保持缺失`,
  },
}

/**
 * The treatment in one sentence.
 *
 * @example
 * ```ts
 * describeTreatment({ code: 'empty' }, 'en') // 'left out: no training row has a value'
 * ```
 */
export function describeTreatment(
  treatment: Treatment,
  language: TreatmentLanguage = 'en',
): string {
  return (wording[treatment.code][language] as (t: Treatment) => string)(treatment)
}

function binsEn(bins: number): string {
  return bins > 0 ? `; spread over ${bins} piecewise-linear bins` : ''
}

function binsZh(bins: number): string {
  return bins > 0 ? `；分为 ${bins} 个分段线性区间` : ''
}

function fillEn({ fill, indicator }: { fill: number; indicator: boolean }): string {
  return `; missing values become ${short(fill)}${indicator ? ', with an indicator' : ''}`
}

function fillZh({ fill, indicator }: { fill: number; indicator: boolean }): string {
  return `；缺失值取 ${short(fill)}${indicator ? '，并加缺失标记' : ''}`
}

function cyclesOf(cycles: readonly Cycle[], language: TreatmentLanguage): string {
  return cycles.map(cycle => cycleWords[cycle][language]).join(language === 'en' ? ', ' : '、')
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)))
}

function day(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? short(ms) : date.toISOString().slice(0, 10)
}

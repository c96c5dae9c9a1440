// The end of a language model's run: measures beside those of counts, samples, what surprised it; then the model
// file and the report.

import {
  generateText,
  type LanguageModel,
  measuresOf,
  measureText,
  mostSurprising,
  NgramModel,
  type TextMeasures,
} from '../../applications/text/index.js'
import { bestNgram } from '../../applications/text/n-gram.js'
import { diagnose } from '../../execute/select.js'
import { removeCheckpoints } from '../checkpoints.js'
import type { RunEventBody } from '../events.js'
import { executorName } from '../manifest.js'
import type { Language } from '../messages/language.js'
import { runPath } from '../run-folder.js'
import { writeDurably } from '../storage.js'
import type { TrainedLayer, TrainingHistory } from '../trained.js'
import { packageVersion } from '../version.js'
import { attentionFigure, mostTokens } from './attention-figure.js'
import type { PreparedText, TextPart } from './language-data.js'
import type { LanguageManifest, LanguageMeasures } from './language-manifest.js'
import { renderLanguageReport } from './language-report.js'
import type { LanguageReport, Sample, Surprise } from './language-report-data.js'
import type { TextGenerator } from './text-generator.js'

/** Tokens of the training part that the net's own measures are taken from, and that counts are made of, at most. */
const mostMeasured = 50_000
const mostCounted = 2_000_000

const temperatures = [0.5, 0.8, 1]
const sampleTokens = { characters: 400, words: 90, bpe: 130 } as const
const promptCharacters = 48
const mostSurprises = 12

export interface LanguageOutcome {
  readonly manifest: LanguageManifest
  readonly measures: LanguageMeasures
  readonly seconds: number
}

export interface ConcludeLanguageOptions {
  readonly folder: string
  readonly manifest: LanguageManifest
  readonly language: Language
  readonly layers: readonly TrainedLayer[]
  readonly history: TrainingHistory
  /** When the run began, by `performance.now()`. */
  readonly began: number
  readonly tell: (event: RunEventBody) => void
}

export async function concludeLanguage(
  data: PreparedText,
  model: TextGenerator,
  options: ConcludeLanguageOptions,
): Promise<LanguageOutcome> {
  const { folder, manifest, history, tell } = options
  tell({ type: 'evaluating' })
  const trainedFor = (performance.now() - options.began) / 1000
  const { ids } = data
  const counted = ids.train.subarray(-mostCounted)
  const unigram = new NgramModel({ size: model.tokenizer.size, order: 1 }).train(counted)
  const ngram = bestNgram(counted, ids.validation, model.tokenizer.size)
  const { scores, from } = await scored(model.language, data, leadOf(model))
  const measures: LanguageMeasures = {
    model: {
      train: await measureTrain(model.language, data),
      validation: await measurePart(model.language, data, 'validation', leadOf(model)),
      test: measuresOf(scores, data.characters.test),
    },
    unigram: {
      validation: await measurePart(unigram, data, 'validation', 1),
      test: await measurePart(unigram, data, 'test', 1),
    },
    ngram: {
      order: ngram.order,
      validation: await measurePart(ngram, data, 'validation', ngram.order),
      test: await measurePart(ngram, data, 'test', ngram.order),
    },
  }
  tell({ type: 'text-measures', measures })
  await writeDurably(runPath(folder, 'model'), model.toBytes())
  const seconds = (performance.now() - options.began) / 1000
  const finished: LanguageManifest = {
    ...manifest,
    status: 'finished',
    finished: new Date().toISOString(),
    epochs: history.epochs,
    bestEpoch: history.bestEpoch,
    seconds: Number(seconds.toFixed(3)),
    measures,
  }
  const perCharacter = (part: TextPart, losses: readonly number[]) =>
    losses.map(loss => {
      const bits = ((loss / Math.LN2) * ids[part].length) / data.characters[part]
      return Number.isFinite(bits) ? Number(bits.toPrecision(6)) : null
    })
  const report: LanguageReport = {
    format: 1,
    kind: 'languageModel',
    language: options.language,
    version: packageVersion(),
    run: {
      name: manifest.name,
      created: manifest.created,
      seconds: trainedFor,
      epochs: history.epochs,
      bestEpoch: history.bestEpoch,
      executor: executorName(diagnose()),
    },
    source: data.source,
    tokenizer: model.tokenizer.kind,
    measures,
    history: {
      train: perCharacter('train', history.trainLoss),
      validation: perCharacter('validation', history.validationLoss),
    },
    layers: options.layers,
    samples: await samplesOf(model, ngram, data),
    surprises: await surprisesOf(model, data, scores, from),
    attention: await attentionInTest(model, data),
    manifest: finished,
  }
  await writeDurably(runPath(folder, 'reportData'), JSON.stringify(report))
  await writeDurably(runPath(folder, 'report'), renderLanguageReport(report))
  await removeCheckpoints(folder)
  return { manifest: finished, measures, seconds }
}

/** Tokens before a part, or before a token, that count: more than a net without states sees. */
const leadOf = ({ context }: TextGenerator) => 2 * context

/** A part after the end of the part before it, which is its context. */
function inContext(data: PreparedText, part: 'validation' | 'test', context: number) {
  const before = part === 'test' ? data.ids.validation : data.ids.train
  const lead = before.subarray(-context)
  const ids = new Int32Array(lead.length + data.ids[part].length)
  ids.set(lead)
  ids.set(data.ids[part], lead.length)
  return { ids, from: lead.length }
}

function measurePart(
  model: Pick<LanguageModel, 'score'>,
  data: PreparedText,
  part: 'validation' | 'test',
  context: number,
): Promise<TextMeasures> {
  const { ids, from } = inContext(data, part, context)
  return measureText(model, ids, data.characters[part], from)
}

async function scored(model: LanguageModel, data: PreparedText, context: number) {
  const { ids, from } = inContext(data, 'test', context)
  return { scores: Float64Array.from(await model.score(ids, from)), from }
}

function measureTrain(model: LanguageModel, data: PreparedText): Promise<TextMeasures> {
  const ids = data.ids.train.subarray(-mostMeasured)
  const share = (ids.length - 1) / data.ids.train.length
  return measureText(model, ids, Math.max(1, Math.round(data.characters.train * share)))
}

async function samplesOf(
  model: TextGenerator,
  ngram: NgramModel,
  { texts }: PreparedText,
): Promise<Sample[]> {
  const prompt = beginningOf(texts.test)
  const length = sampleTokens[model.tokenizer.kind]
  const samples: Sample[] = []
  for (const temperature of temperatures) {
    const text = await model.generateAll({ prompt, temperature, length, seed: 1 })
    samples.push({ by: 'model', temperature, prompt, text })
  }
  let text = ''
  for await (const piece of generateText(ngram, model.tokenizer, { prompt, length, seed: 1 }))
    text += piece
  return [...samples, { by: 'ngram', temperature: 1, prompt, text }]
}

function attentionInTest({ net, tokenizer, context }: TextGenerator, { ids }: PreparedText) {
  const shown = Math.min(context, mostTokens(tokenizer))
  return attentionFigure(net, tokenizer, ids.test.slice(0, shown))
}

/** Whole words of the beginning, about as many characters as a line has. */
function beginningOf(text: string): string {
  const start = text.trimStart()
  const characters = [...start].slice(0, promptCharacters).join('')
  const space = characters.lastIndexOf(' ')
  return space > promptCharacters / 2 ? characters.slice(0, space) : characters
}

async function surprisesOf(
  model: TextGenerator,
  data: PreparedText,
  scores: Float64Array,
  from: number,
): Promise<Surprise[]> {
  const lead = leadOf(model)
  const { ids } = inContext(data, 'test', lead)
  const { tokenizer, language } = model
  const found = mostSurprising(scores, from, mostSurprises)
  const logits = await language.next(
    found.map(({ at }) => ids.subarray(Math.max(0, at - lead), at)),
  )
  const text = (start: number, end: number) =>
    tokenizer.decode(ids.subarray(Math.max(0, start), end))
  return found.map(({ at, bits }, i) => {
    let best = 0
    for (let id = 1; id < logits[i].length; id++) if (logits[i][id] > logits[i][best]) best = id
    return {
      before: [...text(at - 40, at)].slice(-40).join(''),
      token: tokenizer.tokenText(ids[at]),
      after: [...text(at + 1, at + 21)].slice(0, 20).join(''),
      bits: Number(bits.toPrecision(4)),
      expected: tokenizer.tokenText(best),
    }
  })
}

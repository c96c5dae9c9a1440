// A trained speech model: recordings in, text out. Runs in Node and in a browser alike.

import { AthanorError, argumentError, shapeError } from '../../base/errors.js'
import { JsonReader } from '../../base/json-reader.js'
import { OptionTable } from '../../base/options.js'
import { numberIn, valueWords, wholeNumber } from '../../base/value-kinds.js'
import { paddedLength } from '../../data/length-buckets.js'
import type { Sound } from '../../data/sound/sound.js'
import type { Frames } from '../../features/sound/frames.js'
import { type FeatureScaling, normalized } from '../../features/sound/normalization.js'
import { SoundFeatures } from '../../features/sound/sound-features.js'
import type { Json } from '../../modelfile/index.js'
import { Sequential } from '../../nn/sequential.js'
import { type Compiled, compile } from '../../tensor/compile.js'
import { noGrad } from '../../tensor/differentiate.js'
import { type Tensor, tensorOver } from '../../tensor/tensor.js'
import type { Model } from '../../train/model.js'
import { Alphabet } from './alphabet.js'
import { beamDecode } from './beams.js'
import './convolved-frames.js'
import { FramesLayer } from './frames-layer.js'
import { greedyDecode } from './greedy.js'
import { LabelNgrams } from './label-ngrams.js'
import { checkFrames, checkList, checkSounds } from './lists.js'
import type { StepLogits } from './logits.js'
import { writeFrames } from './speech-batches.js'
import './stack-frames.js'

/** Options of `SpeechModel.transcribe`. */
export interface TranscribeOptions {
  /** Texts that a beam search keeps; 1: the likeliest path alone. Default: 16. */
  readonly beams?: number
  /**
   * Weight of the language model of the training transcripts; 0: none. Default: the one that suited the
   * validation recordings best.
   */
  readonly languageWeight?: number
}

const transcribeOptions = new OptionTable<TranscribeOptions>({
  beams: wholeNumber({ min: 1, max: 10_000 }),
  languageWeight: numberIn({ min: 0 }),
})

/** Added to a text's score for each character, for each unit of the language model's weight. */
const bonusOfLanguage = 1

/** Recordings that go through the net at once. */
const batch = 16

const formatVersion = 1

/** What a speech model knows beside its net. */
export interface SpeechModelParts {
  readonly net: Model
  readonly features: SoundFeatures
  /** Null: each recording by its own numbers. */
  readonly scaling: FeatureScaling | null
  readonly alphabet: Alphabet
  readonly language: LabelNgrams | null
  /** Weight of the language model that suited the validation recordings best. */
  readonly languageWeight?: number
  /** Error rates of the run that made it, by part. */
  readonly metrics?: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/**
 * A net from features to characters, with all that turns a recording into features and classes into
 * text. `athanor train --audio` leaves one; `loadModel` reads it.
 *
 * @example
 * ```ts no-run
 * const model = speech.SpeechModel.fromNet(await loadModelFile('runs/digits/model.athanor'))
 * await model?.transcribe([await readWavFile('word.wav')]) // ['seven']
 * ```
 */
export class SpeechModel {
  private readonly step: Compiled<[Tensor], Tensor>
  /** Frames of a step of the net. */
  readonly stack: number

  constructor(readonly parts: SpeechModelParts) {
    const { net } = parts
    const first = net.module instanceof Sequential ? net.module.layers[0] : undefined
    this.stack = first instanceof FramesLayer ? first.frames : 1
    this.step = compile((x: Tensor) => noGrad(() => net.module.forward(x)))
  }

  /** Samples a second of what it hears; others are resampled. */
  get sampleRate(): number {
    return this.parts.features.options.sampleRate
  }

  /**
   * Normalised features of recordings, as the net takes them.
   *
   * @throws AthanorError ARGUMENT for what is no list of recordings.
   */
  async featuresOf(sounds: readonly Sound[]): Promise<Frames[]> {
    checkSounds('SpeechModel.featuresOf', sounds)
    const { features, scaling } = this.parts
    const plain = await features.of(sounds)
    return plain.map(frames => normalized(frames, scaling))
  }

  /**
   * Logits of each recording's steps; the same alone and among others, but for rounding.
   *
   * @throws AthanorError ARGUMENT for what is no list of features; SHAPE for features of another size.
   */
  async logits(features: readonly Frames[]): Promise<StepLogits[]> {
    this.checkFeatures(features)
    const { net, alphabet } = this.parts
    net.module.eval()
    const { classes } = alphabet
    const width = this.parts.features.size + 1
    const out = new Array<StepLogits>(features.length)
    // Similar lengths together.
    const order = [...features.keys()].sort((a, b) => features[a].frames - features[b].frames)
    for (let from = 0; from < order.length; from += batch) {
      const rows = order.slice(from, from + batch)
      const frames = paddedLength(features[rows.at(-1)!].frames)
      const x = new Float32Array(rows.length * frames * width)
      rows.forEach((row, i) => {
        writeFrames(features[row], x, i * frames, width)
      })
      const y = await this.step.async(tensorOver(x, [rows.length, frames, width], 'float32'))
      const values = await y.data()
      const steps = y.shape[1]
      rows.forEach((row, i) => {
        const own = Math.ceil(features[row].frames / this.stack)
        const start = i * steps * classes
        out[row] = { steps: own, classes, values: values.slice(start, start + own * classes) }
      })
    }
    return out
  }

  private checkFeatures(features: readonly Frames[]): void {
    const operation = 'SpeechModel.logits'
    checkList(operation, 'features of recordings', features)
    const { size: wanted } = this.parts.features
    for (const frames of features) {
      checkFrames(operation, frames)
      if (frames.size !== wanted)
        throw shapeError(operation, `frames of ${wanted} features`, String(frames.size))
    }
  }

  /**
   * The text of each recording's logits.
   *
   * @throws AthanorError as `greedyDecode`.
   */
  decode(logits: readonly StepLogits[], options: TranscribeOptions = {}): string[] {
    const { alphabet, language, languageWeight: chosen = 0.3 } = this.parts
    const { beams = 16, languageWeight = chosen } = transcribeOptions.check('transcribe', options)
    checkList('SpeechModel.decode', 'logits of recordings', logits)
    const learned =
      language === null || languageWeight === 0
        ? {}
        : { languageModel: language, languageWeight, labelBonus: languageWeight * bonusOfLanguage }
    return logits.map(steps => {
      const { labels } =
        beams === 1 ? greedyDecode(steps) : beamDecode(steps, { beams, ...learned })[0]
      return alphabet.decode(labels).trim()
    })
  }

  /**
   * The text of each recording; '' for silence.
   *
   * @throws AthanorError ARGUMENT for what is no list of recordings, or a wrong option.
   */
  async transcribe(sounds: readonly Sound[], options: TranscribeOptions = {}): Promise<string[]> {
    transcribeOptions.check('transcribe', options)
    checkSounds('SpeechModel.transcribe', sounds)
    return this.decode(await this.logits(await this.featuresOf(sounds)), options)
  }

  /** What stands in the model's file beside the net. */
  toExtra(): Readonly<Record<string, Json>> {
    const { net: _net, languageWeight = 0.3, metrics = {}, ...parts } = this.parts
    const facts = { format: formatVersion, ...parts, languageWeight, metrics }
    return { speech: JSON.parse(JSON.stringify(facts)) as Json }
  }

  /**
   * The speech model in a net's file; undefined for a net of something else.
   *
   * @throws AthanorError FORMAT for one that was altered, or is of a newer version; ARGUMENT for what is no
   * net.
   */
  static fromNet(net: Model, source = 'model'): SpeechModel | undefined {
    if (typeof (net as Partial<Model> | null)?.extra !== 'object')
      throw argumentError(
        'SpeechModel.fromNet',
        'a model, as loadModelFile gives it',
        valueWords(net),
      )
    if (!Object.hasOwn(net.extra, 'speech')) return undefined
    const reader = new JsonReader(source, net.extra.speech)
    const format = reader.get('format').integer(1)
    if (format > formatVersion)
      throw new AthanorError('FORMAT', {
        operation: `reading ${source}`,
        expected: `a speech model of format ${formatVersion} or older`,
        received: `format ${format}`,
        fix: 'It was written by a newer version of Athanor: update this one',
      })
    const features = SoundFeatures.fromJson(reader.get('features'))
    const alphabet = Alphabet.fromJson(reader.get('alphabet'))
    const language = reader.get('language')
    const last = net.parameters().at(-1)
    if (last?.shape.at(-1) !== alphabet.classes || net.inputShape?.at(-1) !== features.size + 1)
      throw new AthanorError('FORMAT', {
        operation: `reading ${source}`,
        expected: `a net from ${features.size} features to ${alphabet.classes} classes`,
        received: `one from ${net.inputShape?.at(-1)} to ${last?.shape.at(-1)}`,
        fix: 'The file was altered; use another copy',
      })
    return new SpeechModel({
      net,
      features,
      scaling: readScaling(reader.get('scaling'), features.size),
      alphabet,
      language: language.value === null ? null : LabelNgrams.fromJson(language),
      languageWeight: reader.get('languageWeight').number(0),
      metrics: reader.get('metrics').value as SpeechModelParts['metrics'],
    })
  }
}

function readScaling(reader: JsonReader, size: number): FeatureScaling | null {
  if (reader.value === null) return null
  const numbers = (name: string) => Array.from(reader.get(name).numbers(size, size))
  const mean = reader.get('mean').value === null ? null : numbers('mean')
  const scaling = { mean, deviation: numbers('deviation') }
  if (scaling.deviation.some(d => !(d > 0))) reader.fail('deviations above 0')
  return scaling
}

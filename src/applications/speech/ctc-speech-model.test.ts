// The speech net: sizes, masks, what padding does, and a model that is saved and read again.

import { describe, expect, test } from 'vitest'
import { ReferenceExecutor } from '../../execute/reference.js'
import { SoundFeatures } from '../../features/sound/index.js'
import { ctc } from '../../nn/losses/index.js'
import { maskOf } from '../../nn/mask.js'
import { useExecutor } from '../../tensor/engine.js'
import { random, tensor, zeros } from '../../tensor/index.js'
import { modelFromBytes } from '../../train/model-file.js'
import { Alphabet } from './alphabet.js'
import { ctcSpeechModel } from './ctc-speech-model.js'
import { LabelNgrams } from './label-ngrams.js'
import { SpeechModel } from './speech-model.js'
import { StackFrames } from './stack-frames.js'

useExecutor(new ReferenceExecutor())

const small = { features: 4, classes: 3, units: [5], stack: 2 }
const parametersOf = (options: Parameters<typeof ctcSpeechModel>[0]) =>
  ctcSpeechModel(options)
    .parameters()
    .reduce((sum, { size }) => sum + size, 0)

describe('StackFrames', () => {
  test('sets frames side by side, and counts a step where its first frame is there', () => {
    const x = tensor([1, 1, 2, 1, 3, 1, 4, 1, 5, 1, 9, 0], { shape: [1, 6, 2] })
    const y = new StackFrames({ frames: 4 }).forward(x)
    expect(y.arraySync()).toEqual([
      [
        [1, 1, 2, 1, 3, 1, 4, 1],
        [5, 1, 9, 0, 0, 0, 0, 0],
      ],
    ])
    const threes = new StackFrames({ frames: 5 }).forward(x)
    expect(maskOf(y)?.arraySync()).toEqual([[true, true]])
    expect(maskOf(threes)?.arraySync()).toEqual([[true, false]])
  })

  test('refuses what is no sequence of features', () => {
    expect(() => new StackFrames({ frames: 2 }).forward(zeros([3, 4]))).toThrow(/features \+ 1/)
    expect(() => new StackFrames({ frames: 0 })).toThrow(/frames/)
  })
})

describe('ctcSpeechModel', () => {
  test('has as many parameters as is written', () => {
    expect(parametersOf({ features: 40, classes: 28 })).toBe(659_484)
    const [i, u] = [2 * 5, 5]
    expect(parametersOf(small)).toBe(2 * 4 * u * (i + u + 1) + 2 * u * 3 + 3)
    expect(parametersOf({ features: 40, classes: 28, frontEnd: 'convolution' })).toBe(713_420)
    expect(parametersOf({ ...small, cell: 'gru' })).toBe(2 * 3 * u * (i + u + 2) + 2 * u * 3 + 3)
  })

  test('what is padding changes neither logits nor loss', () => {
    random.seed(3)
    const net = ctcSpeechModel({ ...small, units: [5, 4] }).module.eval()
    const own = Array.from({ length: 6 * 5 }, (_, i) => (i % 5 === 4 ? 1 : Math.sin(i)))
    const padded = [...own, ...new Array(8 * 5).fill(0)]
    const alone = net.forward(tensor(own, { shape: [1, 6, 5] }))
    const among = net.forward(tensor(padded, { shape: [1, 14, 5] }))
    expect(alone.shape).toEqual([1, 3, 3])
    expect(among.shape).toEqual([1, 7, 3])
    const values = alone.dataSync()
    among
      .dataSync()
      .slice(0, 9)
      .forEach((x, i) => {
        expect(x).toBeCloseTo(values[i], 6)
      })
    expect(ctc([[1, 2]], among).itemSync()).toBeCloseTo(ctc([[1, 2]], alone).itemSync(), 5)
    expect(ctc([[1, 2, 1, 2]], among).itemSync()).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('SpeechModel', () => {
  const features = new SoundFeatures({ sampleRate: 8000, mels: 4 })
  const alphabet = new Alphabet(['a', 'b'])
  const make = () =>
    new SpeechModel({
      net: ctcSpeechModel(small),
      ...{ features, alphabet, scaling: null, languageWeight: 0.5 },
      language: LabelNgrams.fit([[1, 2]], 2),
    })
  const sound = {
    samples: Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i / 3)),
    sampleRate: 8000,
  }

  test('is saved and read again', async () => {
    const model = make()
    const bytes = model.parts.net.toBytes({ extra: model.toExtra() })
    const again = SpeechModel.fromNet(modelFromBytes(bytes)) as SpeechModel
    expect(again.parts.languageWeight).toBe(0.5)
    expect(await again.transcribe([sound, sound])).toEqual(await model.transcribe([sound, sound]))
    expect(await again.transcribe([])).toEqual([])
  })

  test('what is no recordings, features or logits is refused', async () => {
    const model = make()
    for (const bad of [sound, [sound.samples], [null], [{ ...sound, sampleRate: 0 }], 'a.wav']) {
      const refusal = { name: 'AthanorError', code: 'ARGUMENT' }
      await expect(model.transcribe(bad as never)).rejects.toMatchObject(refusal)
      await expect(model.featuresOf(bad as never)).rejects.toMatchObject(refusal)
    }
    await expect(model.transcribe(sound as never)).rejects.toThrow(/\[sound\]/)
    const [frames] = await model.featuresOf([sound])
    for (const bad of [frames, [sound], null])
      await expect(model.logits(bad as never)).rejects.toMatchObject({ code: 'ARGUMENT' })
    const other = { frames: 1, size: 3, values: new Float32Array(3) }
    await expect(model.logits([other])).rejects.toThrow(/frames of 4 features, received 3/)
    const [logits] = await model.logits([frames])
    expect(() => model.decode(logits as never)).toThrow(/logits of recordings, a list/)
    expect(() => SpeechModel.fromNet(undefined as never)).toThrow(/loadModelFile.*undefined/)
  })

  test('what does not belong together is refused', () => {
    const model = make()
    const { net } = model.parts
    const extra = model.toExtra().speech as Record<string, never>
    const reading = (change: object) => () => {
      net.extra = { speech: { ...extra, ...change } }
      return SpeechModel.fromNet(net)
    }
    expect(reading({})()).toBeInstanceOf(SpeechModel)
    for (const change of [
      { format: 2 },
      { alphabet: ['a'] },
      { alphabet: ['a', 'a'] },
      { features: { mels: 5 } },
      { features: { mels: -1 } },
      { scaling: { mean: [1], deviation: [1] } },
      { scaling: { mean: [1, 1, 1, 1], deviation: [1, 1, 0, 1] } },
      { language: { order: 0 } },
      { languageWeight: -1 },
    ])
      expect(reading(change)).toThrow(expect.objectContaining({ code: 'FORMAT' }))
    net.extra = {}
    expect(SpeechModel.fromNet(net)).toBeUndefined()
  })
})

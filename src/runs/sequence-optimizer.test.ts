// The optimizers of texts, language models and speech: where nothing is asked for, the courses that their runs have
// always had; every other one by its name.

import { expect, test } from 'vitest'
import { CharacterTokenizer } from '../features/text/index.js'
import type { Optimizer, Schedule } from '../optim/index.js'
import { checkRunOptions } from './kind-options.js'
import { makeOptimizer } from './net-optimizers.js'
import { fillSpeechSettings } from './speech/speech-settings.js'
import { buildLanguageNet } from './text/language-net.js'
import { fillLanguageSettings } from './text/language-options.js'
import { buildTextNet } from './text/text-net.js'
import { fillTextSettings } from './text/text-options.js'
import { schedules, sequenceOptimizers } from './train-options.js'

const tokenizer = new CharacterTokenizer().train(['ab'])
const steps = 10
const text = (given: object = {}) => {
  const settings = fillTextSettings({ tokenizer: 'characters', width: 4, epochs: 6, ...given }, 99)
  return buildTextNet(settings, tokenizer, 2, steps).optimizer
}
const language = (given: object = {}) => {
  const asked = { width: 4, epochs: 6, ...given }
  const settings = fillLanguageSettings(asked, { train: 500, validation: 90 })
  return buildLanguageNet(settings, tokenizer.size, steps).net.optimizer
}
const speech = (given: object = {}) => {
  const asked = { audio: 'a', transcript: 't', epochs: 6, ...given }
  return makeOptimizer(fillSpeechSettings(asked, 99, 1), steps, { globalClipNorm: 1 })
}
const kinds = { text, language, speech }

const config = ({ schedule }: Optimizer) => (schedule as Schedule | null)?.config

test('the courses of their own are the default', () => {
  for (const make of Object.values(kinds)) expect(make().name).toBe('adam')
  expect(config(text())).toEqual({
    name: 'cosine',
    options: {
      ...{ initialLearningRate: 3e-3 / 10, warmupTarget: 3e-3, warmupSteps: 10 },
      ...{ decaySteps: 60, alpha: 0.05 },
    },
  })
  expect(config(language())).toEqual({
    name: 'oneCycle',
    options: {
      ...{ maxLearningRate: 5e-3, totalSteps: 60 },
      ...{ warmupFraction: 0.2, divFactor: 10, finalDivFactor: 100 },
    },
  })
  expect(config(speech())).toEqual({
    name: 'cosine',
    options: { initialLearningRate: 3e-3, decaySteps: 60, alpha: 0.01 },
  })
  expect(config(text({ schedule: 'warmup' }))).toEqual(config(text()))
})

test.each(Object.entries(kinds))('%s takes every schedule and optimizer', (_, make) => {
  for (const schedule of schedules)
    for (const optimizer of sequenceOptimizers) {
      const { learningRate } = make({ schedule, optimizer, learningRate: 0.5 })
      expect(learningRate).toBeGreaterThan(0)
      expect(learningRate).toBeLessThanOrEqual(0.5)
    }
  expect(make({ schedule: 'constant', optimizer: 'sgd' }).learningRate).toBeCloseTo(
    100 * make({ schedule: 'constant' }).learningRate,
  )
})

test('one gradient of all rows is not for sequences', () => {
  for (const kind of ['text', 'languageModel', 'speech'] as const)
    expect(() => checkRunOptions(kind, { optimizer: 'gradientDescent' })).toThrow(
      /gradientDescent is not for .*; it is for tables, pictures\. .*adam, adamw, sgd/,
    )
})

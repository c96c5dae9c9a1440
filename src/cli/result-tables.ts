// What was measured, as tables on a terminal.

import type { TextMeasures } from '../applications/text/index.js'
import type { Say } from '../runs/messages/messages.js'
import { metricText } from '../runs/report/parts.js'
import { type MetricValues, metricNames } from '../runs/report/report-data.js'
import type { SpeechMetrics } from '../runs/speech/measure-speech.js'
import type { LanguageMeasures } from '../runs/text/language-manifest.js'
import { textTable } from './output.js'

/** Metrics of the model beside the baselines, as lines. */
export function metricLines(
  columns: readonly (readonly [name: string, values: MetricValues])[],
  say: Say,
): string[] {
  const names = metricNames.filter(name => columns.some(([, values]) => values[name] !== undefined))
  return textTable([
    ['', ...columns.map(([name]) => name)],
    ...names.map(name => [
      `  ${say(name)}`,
      ...columns.map(([, values]) => metricText(name, values[name], say)),
    ]),
  ])
}

/** Error rates of a speech model. */
export function rateLines(
  columns: readonly (readonly [name: string, metrics: SpeechMetrics])[],
  say: Say,
): string[] {
  const rows = [
    [say('characterErrors'), 'characterErrorRate'],
    [say('wordErrors'), 'wordErrorRate'],
    [say('exactTranscripts'), 'exact'],
  ] as const
  return textTable([
    ['', ...columns.map(([name]) => name)],
    ...rows.map(([title, name]) => [
      `  ${title}`,
      ...columns.map(([, metrics]) => say.percent(metrics[name])),
    ]),
  ])
}

/** Measures of a language model beside those of counts. */
export function languageLines({ model, ngram, unigram }: LanguageMeasures, say: Say): string[] {
  const columns = [
    [say('model'), model.test],
    [say('ngramModel', { order: ngram.order }), ngram.test],
    [say('unigramModel'), unigram.test],
  ] as const
  return textMeasureLines(columns, say)
}

/** Bits per character and perplexity. */
export function textMeasureLines(
  columns: readonly (readonly [
    name: string,
    measures: Pick<TextMeasures, 'bitsPerCharacter' | 'perplexity'>,
  ])[],
  say: Say,
): string[] {
  return textTable([
    ['', ...columns.map(([name]) => name)],
    [
      `  ${say('bitsPerCharacter')}`,
      ...columns.map(([, { bitsPerCharacter }]) => bitsPerCharacter.toFixed(3)),
    ],
    [`  ${say('perplexity')}`, ...columns.map(([, { perplexity }]) => perplexity.toFixed(2))],
  ])
}

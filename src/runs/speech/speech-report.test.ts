// The report of a speech run says what its numbers mean.

import { expect, test } from 'vitest'
import { renderSpeechReport } from './speech-report.js'
import type { SpeechReportData } from './speech-report-data.js'

const rates = (characterErrorRate: number, wordErrorRate: number) => ({
  ...{ characterErrorRate, wordErrorRate },
  exact: 0,
})

const part = rates(0.932, 1)

const path = (name: string) => `${'folder/'.repeat(30)}${name}`

const data: SpeechReportData = {
  ...{ format: 1, kind: 'speech', language: 'en', version: '0.0.0' },
  run: {
    ...{ name: 'digits', created: '2025-01-01T00:00:00.000Z', seconds: 3 },
    ...{ epochs: 1, bestEpoch: 1, executor: 'native' },
  },
  columns: { audio: 'file', transcript: 'transcript' },
  rows: { train: 70, validation: 15, test: 16 },
  ...{ minutes: 1, sampleRate: 8000, characters: 15, languageWeight: 0, layers: [], parameters: 0 },
  metrics: { train: part, validation: part, test: part },
  baseline: { text: 'one', metrics: rates(0.803, 0.9) },
  edits: { substitutions: 1, insertions: 0, deletions: 90, length: 100 },
  history: { train: [3], validation: [3] },
  pictures: [],
  worst: [{ file: path('worst.wav'), said: 'three', heard: '', edits: 5 }],
  findings: [],
  manifest: { data: { source: 'data/spoken digits/digits.csv' } },
}

test('a model that is no better than one answer for all is told to be so', () => {
  const html = renderSpeechReport(data)
  expect(html).toContain('verdict bad">Not better than the same answer for all<')
  expect(html).toMatch(/class="rivals">.*Same answer.*80\.3%.*word errors.*Same answer.*90\.0%/)
  expect(renderSpeechReport(data, 'zh')).toContain('未优于固定回答')
  const equal = { ...data, baseline: { text: 'one', metrics: part } }
  expect(renderSpeechReport(equal)).toContain('Not better than')
  const worse = { ...data, baseline: { text: 'one', metrics: rates(0.95, 1) } }
  expect(renderSpeechReport(worse)).toContain('verdict bad">0.0% of transcripts entirely right')
  const { baseline: _, ...older } = data
  expect(renderSpeechReport(older)).not.toMatch(/Same answer|Not better/)
})

test('the title says what it is about, not what columns are called', () => {
  expect(renderSpeechReport(data)).toMatch(
    /<h1>Speech to text: digits\.csv<\/h1><p class="subtitle">[^<]*learned from 70 recordings and checked on 16 recordings it never heard/,
  )
  expect(renderSpeechReport(data, 'zh')).toContain('<h1>语音转文字：digits.csv</h1>')
})

test('of a long path the end is shown, and the whole of it in the title', () => {
  const html = renderSpeechReport(data)
  expect(html).toContain(`title="${path('worst.wav')}"`)
  expect(html).toMatch(/>…[^<]*worst\.wav</)
})

test('findings name their files: twenty, of more the number', () => {
  const finding = (count: number) => {
    const files = Array.from({ length: count }, (_, i) => `gone-${i + 1}.wav`)
    return { fault: 'missingFile', count, example: files[0], files } as const
  }
  const html = (count: number) => renderSpeechReport({ ...data, findings: [finding(count)] })
  expect(html(1)).not.toContain('<details>')
  expect(html(5)).toMatch(/<summary>all 5<\/summary>.*<li>gone-5\.wav<\/li>/)
  expect(html(30)).toContain('the first 20 of 30; report.json has all')
  expect(html(30)).toContain('<li>gone-20.wav</li>')
  expect(html(30)).not.toContain('gone-21.wav')
  const { files: _, ...older } = finding(5)
  expect(renderSpeechReport({ ...data, findings: [older] })).toContain('5 files are not there')
})

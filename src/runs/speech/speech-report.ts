// The report of a run that learned speech, as one HTML file.

import type { Language } from '../messages/language.js'
import { type Say, sayIn } from '../messages/messages.js'
import { type Line, learningChart } from '../report/charts.js'
import { type HtmlValue, html } from '../report/html.js'
import { pageOf } from '../report/page-frame.js'
import { axisText, card, clip, durationText, legend, pathEnd } from '../report/parts.js'
import { rateSection } from '../report/rate-section.js'
import { manifestCard } from '../report/sections.js'
import { spectrogramChart } from './spectrogram-chart.js'
import type { SpeechReportData } from './speech-report-data.js'

const parts = ['train', 'validation', 'test'] as const

type Section = (data: SpeechReportData, say: Say) => HtmlValue

/** Draws the report. `language` overrides the one the run was made in. */
export function renderSpeechReport(
  data: SpeechReportData,
  language: Language = data.language,
): string {
  const say = sayIn(language)
  const { train: rows, test } = data.rows
  return pageOf({
    language,
    kind: say('speechReport'),
    title: titleOf(data, say),
    subtitle: say('speechSubtitle', { rows, test }),
    name: data.run.name,
    created: data.run.created,
    version: data.version,
    body: html`${hero(data, say)}
${facts(data, say)}
<div class="grid2">
${[errors, learning, rates, heard, worst, model, findings].map(section => section(data, say))}
${manifestCard(data.manifest, say)}
</div>`,
  })
}

/** By the list's name. */
function titleOf({ manifest, run }: SpeechReportData, say: Say): string {
  const { source } = (manifest.data ?? {}) as { readonly source?: unknown }
  const path = typeof source === 'string' ? source : run.name
  return say('speechTitle', { source: path.split(/[\\/]/).at(-1) ?? path })
}

const hero: Section = ({ metrics, baseline, rows }, say) => {
  const { test } = metrics
  const { characterErrorRate: rate, exact } = test
  const isWorse = baseline !== undefined && rate >= baseline.metrics.characterErrorRate
  const tone = isWorse ? 'bad' : rate < 0.1 ? 'good' : rate < 0.3 ? 'fair' : 'bad'
  const verdict = isWorse
    ? say('speechNotBetter')
    : say('speechVerdict', { exact: say.percent(exact) })
  const kinds = [
    ['characterErrors', 'characterErrorRate', 1],
    ['wordErrors', 'wordErrorRate', 2],
  ] as const
  const bars = kinds.flatMap(([key, name, colour]) => [
    { title: say(key), value: test[name], colour },
    ...(baseline === undefined
      ? []
      : [{ title: say('sameAnswer'), value: baseline.metrics[name], colour: 6 }]),
  ])
  const high = Math.max(1, ...bars.map(({ value }) => value).filter(Number.isFinite))
  return html`<section class="hero"><div class="score"><p class="eyebrow">${say('characterErrors')} · ${say('onTest', { rows: rows.test })}</p><p class="big">${say.percent(rate)}</p><p class="verdict ${tone}">${verdict}</p></div><div class="rivals">${bars.map(
    ({ title, value, colour }) =>
      html`<div class="rival"><span class="name">${title}</span><span class="track"><span class="bar fill${colour}" style="width:${Math.max(0.5, Math.min(100, (100 * value) / high)).toFixed(1)}%"></span></span><span class="value">${say.percent(value)}</span></div>`,
  )}<p class="note">${say('betterLower')}</p></div></section>`
}

const facts: Section = (data, say) => {
  const { train, validation, test } = data.rows
  const rows: readonly (readonly [string, string, string])[] = [
    [
      say('factRecordings'),
      say.number(train + validation + test),
      say('factSplit', { train, validation, test }),
    ],
    [say('factMinutes'), say.number(Number(data.minutes.toFixed(1))), `${data.sampleRate} Hz`],
    [
      say('factEpochs'),
      say.number(data.run.epochs),
      say('factStopped', { best: data.run.bestEpoch }),
    ],
    [
      say('factTime'),
      durationText(data.run.seconds, say),
      say('factLearnedIn', { executor: data.run.executor }),
    ],
  ]
  return html`<section class="facts">${rows.map(
    ([name, value, detail]) =>
      html`<div><p class="eyebrow">${name}</p><p class="fact">${value}</p><p class="note">${detail}</p></div>`,
  )}</section>`
}

const errors: Section = (data, say) => {
  const kinds = [
    ['characterErrors', 'characterErrorRate'],
    ['wordErrors', 'wordErrorRate'],
    ['exactTranscripts', 'exact'],
  ] as const
  const { length, ...edits } = data.edits
  const share = (count: number) => say.percent(length === 0 ? 0 : count / length)
  return card(
    say('sectionErrors'),
    html`<div class="scroll"><table class="figures scores"><thead><tr><th>${say('metricColumn')}</th>${parts.map(part => html`<th class="n${part === 'test' ? ' strong' : ''}">${say(part)}</th>`)}${data.baseline && html`<th class="n">${say('sameAnswer')}</th>`}</tr></thead><tbody>${kinds.map(
      ([key, name]) =>
        html`<tr><th>${say(key)}</th>${parts.map(part => html`<td class="n${part === 'test' ? ' strong' : ''}">${say.percent(data.metrics[part][name])}</td>`)}${data.baseline && html`<td class="n">${say.percent(data.baseline.metrics[name])}</td>`}</tr>`,
    )}</tbody></table></div><p class="note">${say('test')}: ${say('substitutionsColumn')} ${share(edits.substitutions)} · ${say('insertionsColumn')} ${share(edits.insertions)} · ${say('deletionsColumn')} ${share(edits.deletions)}</p>`,
    { note: [say('speechErrorsNote'), baselineNote(data, say)].filter(Boolean).join(' ') },
  )
}

function baselineNote({ baseline }: SpeechReportData, say: Say): string {
  if (baseline === undefined) return ''
  return say('sameAnswerNote', { text: baseline.text === '' ? say('noSpeech') : baseline.text })
}

const learning: Section = (data, say) => {
  const points = (values: readonly (number | null)[]) =>
    values.flatMap((value, i) => (value === null ? [] : [[i + 1, value] as const]))
  const lines: Line[] = [
    { name: say('train'), points: points(data.history.train), colour: 1 },
    { name: say('validation'), points: points(data.history.validation), colour: 2 },
  ].filter(line => line.points.length > 0)
  const best = data.run.bestEpoch
  if (lines.length === 0) return undefined
  const text = {
    title: say('sectionLearning'),
    xLabel: say('axisEpoch'),
    yLabel: say('axisLoss'),
    xText: String,
    yText: axisText(say),
  }
  return card(
    say('sectionLearning'),
    [learningChart(lines, text, { epoch: best, label: say('bestEpoch') }), legend(lines)],
    { note: say('learningNote', { best }) },
  )
}

const rates: Section = (data, say) => rateSection(data.manifest, say)

const heard: Section = (data, say) =>
  data.pictures.length > 0 &&
  card(
    say('sectionHeard'),
    data.pictures.map(
      picture =>
        html`<figure class="sound"><figcaption>${pathEnd(picture.file, 80)} · ${say('saidColumn')}: <b>${clip(picture.said, 120)}</b> · ${say('heardColumn')}: <b>${picture.heard === '' ? say('noSpeech') : clip(picture.heard, 120)}</b></figcaption>${spectrogramChart(picture, say)}</figure>`,
    ),
    { note: say('heardNote'), wide: true },
  )

const worst: Section = (data, say) =>
  data.worst.length > 0 &&
  card(
    say('sectionWorst'),
    html`<div class="scroll"><table class="figures"><thead><tr><th>${say('saidColumn')}</th><th>${say('heardColumn')}</th><th class="n">${say('editsColumn')}</th><th class="path">${say('fileColumn')}</th></tr></thead><tbody>${data.worst.map(
      row =>
        html`<tr><th class="said">${clip(row.said, 200)}</th><td>${row.heard === '' ? say('noSpeech') : clip(row.heard, 200)}</td><td class="n">${row.edits}</td><td class="quiet path">${pathEnd(row.file, 120)}</td></tr>`,
    )}</tbody></table></div>`,
    { note: say('worstNote'), wide: true },
  )

const model: Section = (data, say) =>
  card(
    say('sectionModel'),
    html`<table class="figures"><thead><tr><th>${say('layerColumn')}</th><th class="n">${say('outputColumn')}</th><th class="n">${say('parametersColumn')}</th></tr></thead><tbody>${data.layers.map(
      layer =>
        html`<tr><th>${layer.name}</th><td class="n">${layer.output}</td><td class="n">${say.number(layer.parameters)}</td></tr>`,
    )}<tr class="sum"><th>${say('factParameters')}</th><td></td><td class="n">${say.number(data.parameters)}</td></tr></tbody></table>`,
  )

const findings: Section = (data, say) =>
  data.findings.length > 0 &&
  card(
    say('sectionFindings'),
    html`<ul class="findings">${data.findings.map(
      ({ fault, count, example, files = [] }) =>
        html`<li><span class="badge warning">${say('severityWarning')}</span><div>${say(fault, { count, example: clip(example, 240) })}${fileList(files, say)}</div></li>`,
    )}</ul>`,
  )

/** Files that are named of each fault. */
const mostFiles = 20

function fileList(files: readonly string[], say: Say): HtmlValue {
  if (files.length < 2) return undefined
  const shown = files.slice(0, mostFiles)
  const summary =
    shown.length === files.length
      ? say('allFiles', { count: files.length })
      : say('firstFiles', { shown: shown.length, count: files.length })
  return html`<details><summary>${summary}</summary><ul class="files">${shown.map(
    file => html`<li>${clip(file, 400)}</li>`,
  )}</ul></details>`
}

// The report of outliers: the strangest rows and why, and how all rows are spread.

import type { Language } from '../messages/language.js'
import { type Say, sayIn } from '../messages/messages.js'
import { scoreHistogram } from '../report/charts.js'
import { html } from '../report/html.js'
import { pageOf } from '../report/page-frame.js'
import { axisText, card, clip, durationText, figure } from '../report/parts.js'
import { packageVersion } from '../version.js'
import type { Outliers } from './outliers.js'
import type { Unusual } from './unusual.js'

export function renderOutliers(found: Outliers, language: Language, now = new Date()): string {
  const say = sayIn(language)
  const { rows, columns, leftOut } = found
  const facts: readonly (readonly [string, string, string])[] = [
    [say('factRows'), say.number(rows), ''],
    [
      say('factInputs'),
      say.number(columns.length),
      leftOut.length > 0 ? say('leftOut', { columns: leftOut.join(', ') }) : '',
    ],
    [say('outlierFact'), say.number(found.outliers), say.percent(found.outliers / rows)],
    [say('timeTaken'), durationText(found.seconds, say), ''],
  ]
  return pageOf({
    language,
    kind: say('outlierReport'),
    title: say('outlierTitle', { source: found.source }),
    subtitle: say('outlierSubtitle', { rows, columns: columns.length }),
    name: found.source,
    created: now.toISOString(),
    version: packageVersion(),
    body: html`<section class="facts">${facts.map(
      ([name, value, detail]) =>
        html`<div><p class="eyebrow">${name}</p><p class="fact">${value}</p><p class="note">${detail}</p></div>`,
    )}</section>
<div class="grid2">
${card(
  say('outlierRanking'),
  html`<div class="scroll"><table class="figures"><thead><tr><th class="n">${say('rankColumn')}</th><th class="n">${say('rowNumber')}</th><th class="n">${say('anomalyScore')}</th><th>${say('whyColumn')}</th></tr></thead><tbody>${found.top.map(
    row =>
      html`<tr><td class="n">${row.rank}</td><td class="n">${row.row}</td><td class="n${row.outlier ? ' strong' : ''}">${row.score.toFixed(3)}</td><td class="quiet">${row.unusual.length === 0 ? say('whyNothing') : row.unusual.map((what, i) => [i > 0 && html`<br>`, unusualText(what, say)])}</td></tr>`,
  )}</tbody></table></div>`,
  { note: say('outlierRankingNote'), wide: true },
)}
${card(
  say('outlierScores'),
  scoreHistogram(found.histogram, found.threshold, {
    title: say('outlierScores'),
    xLabel: say('axisOutlierScore'),
    yLabel: say('axisRows'),
    xText: axisText(say),
    yText: axisText(say),
  }),
  { note: say('outlierScoresNote') },
)}
</div>`,
  })
}

/** What is unusual about a value, in words. */
export function unusualText(what: Unusual, say: Say): string {
  const column = clip(what.column, 30)
  if (what.kind === 'missing') return say('whyMissing', { column, share: say.percent(what.share) })
  if (what.kind === 'category')
    return say('whyCategory', {
      column,
      value: clip(what.value, 30),
      share: say.percent(what.share),
    })
  const shown = (value: number) =>
    what.kind === 'date' ? new Date(value).toISOString().slice(0, 10) : figure(value, say)
  return say('whyNumber', {
    column,
    value: shown(what.value),
    low: shown(what.low),
    high: shown(what.high),
  })
}

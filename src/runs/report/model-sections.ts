// What was compared, whether more data would help, and what the model has learned.

import { type BoardEntry, ranked } from '../board/board.js'
import type { Say } from '../messages/messages.js'
import {
  bestOfFamilies,
  curveText,
  familyTitle,
  noteText,
  parametersText,
  scoreText,
  sizeText,
  timeText,
} from './board-text.js'
import { type HtmlValue, html } from './html.js'
import { boardChart, dependenceChart, rowsChart } from './model-charts.js'
import { axisText, card, clip, figure, legend, metricText, type Section } from './parts.js'
import { safePicture } from './picture.js'
import { type Dependence, higherIsBetter, type ReportData } from './report-data.js'
import { niceRange } from './scale.js'

/** Rows of the board's table at most. */
const mostEntries = 30

export const board: Section = (data, say) => {
  const { board: found } = data
  if (found === undefined) return undefined
  const { metric, entries, chosen } = found
  const winner = entries[chosen]
  const all = ranked(found, higherIsBetter[metric]).map(entry => ({
    ...entry,
    entry,
    model: entry.family,
  }))
  const best = bestOfFamilies(all, ({ entry }) => entry === winner).filter(
    ({ score }) => score !== null,
  )
  const whole = {
    rows: Math.max(...entries.map(({ rows }) => rows)),
    folds: Math.max(...entries.map(({ folds }) => folds)),
  }
  const chart = boardChart(
    best.map(({ entry, score, spread }) => ({
      name: familyTitle(entry.family, say),
      score: score ?? 0,
      spread: spread ?? 0,
      text: scoreText(metric, entry, say),
      isChosen: entry === winner,
      isDummy: entry.family === 'dummy',
    })),
    {
      title: say('sectionBoard'),
      xLabel: say(metric),
      yLabel: '',
      xText: value => metricText(metric, value, say),
      yText: axisText(say),
    },
  )
  const shown = [
    ...all
      .filter(({ family }) => family !== 'dummy')
      .filter(({ entry }, i) => i < mostEntries || entry === winner),
    ...all.filter(({ family }) => family === 'dummy'),
  ]
  return card(
    say('sectionBoard'),
    [
      html`<div class="scroll">${chart}</div>`,
      html`<div class="scroll"><table class="figures board"><thead><tr><th>${say('boardModel')}</th><th>${say('boardSettings')}</th><th class="n">${say(metric)}</th><th class="n">${say('boardFit')}</th><th class="n">${say('boardPredict')}</th><th class="n">${say('boardSize')}</th><th>${say('boardNote')}</th></tr></thead><tbody>${shown.map(
        ({ entry }) =>
          boardRow(
            entry,
            entry !== winner
              ? ''
              : say(entry === all[0].entry ? 'boardChosen' : 'boardChosenSurest'),
            whole,
            data,
            say,
          ),
      )}</tbody></table></div>`,
    ],
    {
      note: say('boardSectionNote', {
        folds: whole.folds,
        rows: whole.rows,
        count: entries.filter(({ score }) => score !== null).length,
        time: timeText(found.seconds, say),
      }),
      wide: true,
    },
  )
}

function boardRow(
  entry: BoardEntry,
  choice: string,
  whole: { readonly rows: number; readonly folds: number },
  data: ReportData,
  say: Say,
): HtmlValue {
  const metric = data.board?.metric ?? data.headline
  const settings = parametersText(entry.parameters)
  const features = entry.features === 'binned' ? say('boardBinned') : ''
  const isChosen = choice !== ''
  const note = [choice, features, noteText(entry, whole, say)]
  return html`<tr class="${isChosen ? 'chosen' : entry.family === 'dummy' ? 'foot' : ''}"><th title="${entry.estimator}">${familyTitle(entry.family, say)}</th><td class="quiet settings">${settings === '' ? say('boardStandard') : clip(settings, 120)}</td><td class="n${isChosen ? ' strong' : ''}">${scoreText(metric, entry, say)}</td><td class="n">${timeText(entry.fitSeconds, say)}</td><td class="n">${timeText(entry.predictSeconds, say)}</td><td class="n">${sizeText(entry.bytes)}</td><td class="quiet">${note.filter(text => text !== '').join(' · ')}</td></tr>`
}

export const moreData: Section = (data, say) => {
  const curve = data.board?.learningCurve
  if (data.board === undefined || curve === undefined || curve === null) return undefined
  const { metric } = data.board
  return card(
    say('moreDataTitle'),
    rowsChart(curve.points, {
      title: say('moreDataTitle'),
      xLabel: say('axisTrainingRows'),
      yLabel: say(metric),
      xText: value => say.number(value),
      yText: value => metricText(metric, value, say),
    }),
    { note: curveText(curve, metric, say).replace(say('moreDataTitle'), '').trim() },
  )
}

export const coefficients: Section = (data, say) => {
  const { coefficients: found } = data
  if (found === undefined || found.rows.length === 0) return undefined
  const largest = Math.max(1e-300, ...found.rows.flatMap(({ values }) => values.map(Math.abs)))
  const isNumber = data.task === 'regression'
  const note = isNumber
    ? say('coefficientsNumber', { target: data.target })
    : found.labels.length === 0
      ? say('coefficientsClass', { positive: data.positive ?? '' })
      : say('coefficientsClasses')
  return card(
    say('sectionCoefficients'),
    [
      found.labels.length === 0
        ? html`<div class="coefficients">${found.rows.map(({ feature, values }) => bar(feature, values[0], largest, say))}</div>`
        : heatTable(found.labels, found.rows, largest, say),
      found.features > found.rows.length &&
        html`<p class="note">${say('coefficientsLimited', { shown: found.rows.length, count: found.features })}</p>`,
    ],
    { note },
  )
}

/** A bar to the left for less, to the right for more. */
function bar(feature: string, value: number, largest: number, say: Say): HtmlValue {
  const share = (50 * Math.abs(value)) / largest
  const place = value < 0 ? `right:50%` : `left:50%`
  return html`<div class="rival"><span class="name" title="${feature}">${feature}</span><span class="track both"><span class="bar fill${value < 0 ? 2 : 1}" style="${place};width:${share.toFixed(1)}%"></span></span><span class="value">${figure(value, say)}</span></div>`
}

function heatTable(
  labels: readonly string[],
  rows: NonNullable<ReportData['coefficients']>['rows'],
  largest: number,
  say: Say,
): HtmlValue {
  const cell = (value: number) =>
    html`<td class="n ${value < 0 ? 'other' : 'same'}" style="--s:${((80 * Math.abs(value)) / largest).toFixed(0)}%">${figure(value, say)}</td>`
  return html`<div class="scroll"><table class="figures heat"><thead><tr><th></th>${labels.map(label => html`<th class="n">${clip(label, 18)}</th>`)}</tr></thead><tbody>${rows.map(
    ({ feature, values }) =>
      html`<tr><th title="${feature}">${clip(feature, 34)}</th>${values.map(cell)}</tr>`,
  )}</tbody></table></div>`
}

export const counted: Section = (data, say) => {
  const { counted: found } = data
  if (found === undefined || found.length === 0) return undefined
  const rows = found.slice(0, 12)
  const high = Math.max(1e-12, rows[0].share)
  return card(
    say('sectionCounted'),
    html`<div class="importance">${rows.map(
      ({ column, share }) =>
        html`<div class="rival"><span class="name" title="${column}">${column}</span><span class="track"><span class="bar fill3" style="width:${Math.max(0.4, (100 * share) / high).toFixed(1)}%"></span></span><span class="value">${say.percent(share)}</span></div>`,
    )}</div>`,
    { note: say('countedNote') },
  )
}

export const tree: Section = (data, say) => {
  const { tree: found } = data
  const picture = found === undefined ? undefined : safePicture(found.svg[say.language] ?? '')
  if (found === undefined || picture === undefined) return undefined
  const note = say('treeNote', { nodes: found.nodes, levels: found.levels })
  return card(say('sectionTree'), html`<div class="scroll tree">${picture}</div>`, {
    note: [
      ...(found.trees > 1 ? [say('treeFirst', { trees: found.trees })] : []),
      ...(found.adds ? [say('treeAdds')] : []),
      note,
    ].join(' '),
    wide: true,
  })
}

export const dependence: Section = (data, say) => {
  const { dependence: found } = data
  if (found === undefined || found.length === 0) return undefined
  const all = found.flatMap(({ lines, singles }) => [
    ...lines.flatMap(({ mean }) => mean),
    ...singles.flat(),
  ])
  const isNumber = data.task === 'regression'
  const range = isNumber ? niceRange(Math.min(...all), Math.max(...all), 4) : ([0, 1] as const)
  const { lines } = found[0]
  const several = lines.length > 1
  return card(
    say('sectionDependence'),
    [
      html`<div class="dependences">${found.map(figures => one(figures, range, isNumber, data, say))}</div>`,
      several && legend(lines.map(({ label }, i) => ({ name: label, colour: i + 1 }))),
    ],
    {
      note: say(several ? 'dependenceNoteClasses' : 'dependenceNote', {
        what: isNumber ? data.target : say('probabilityOf', { label: lines[0].label }),
      }),
      wide: true,
    },
  )
}

function one(
  figures: Dependence,
  range: readonly [number, number],
  isNumber: boolean,
  data: ReportData,
  say: Say,
): HtmlValue {
  const { kind, values, column } = figures
  const axis = axisText(say)
  const years = (Number(values[values.length - 1]) - Number(values[0])) / 3.156e10
  const xText = (value: number) =>
    kind === 'category'
      ? clip(String(values[Math.round(value)] ?? ''), 9)
      : kind === 'date'
        ? new Date(value).toISOString().slice(0, years > 3 ? 4 : 7)
        : axis(value)
  return html`<figure><figcaption>${clip(column, 40)}</figcaption>${dependenceChart(
    figures,
    range,
    {
      title: column,
      xLabel: '',
      yLabel: isNumber ? clip(data.target, 24) : say('axisProbability'),
      xText,
      yText: axis,
    },
  )}</figure>`
}

// The report's sections, each a function of the run's data; one that has nothing to show is left out.

import { describeTreatment } from '../../features/treatment.js'
import type { MessageKey, Say } from '../messages/messages.js'
import { modelTitle } from './board-text.js'
import {
  calibrationChart,
  histogramChart,
  type Line,
  learningChart,
  scatterChart,
  sparkHistogram,
  unitChart,
} from './charts.js'
import { type HtmlValue, html } from './html.js'
import { manifestEntries } from './manifest-entries.js'
import {
  axisText,
  card,
  clip,
  durationText,
  figure,
  legend,
  metricText,
  type Section,
  shares,
  withSample,
} from './parts.js'
import {
  type ColumnFigures,
  type CurveData,
  higherIsBetter,
  type MetricName,
  metricNames,
  type ReportData,
} from './report-data.js'

export const hero: Section = (data, say) => {
  const { headline, metrics, baseline } = data
  const value = metrics.test[headline]
  const rivals = [
    { key: 'model', value, colour: 1 },
    { key: 'linear', value: baseline.linear[headline], colour: 2 },
    { key: 'dummy', value: baseline.dummy[headline], colour: 6 },
  ] as const
  const shown = rivals.filter(
    rival => rival.value !== undefined && !(rival.key === 'linear' && data.model.kind === 'linear'),
  )
  const finite = shown.map(rival => rival.value ?? 0)
  const high = higherIsBetter[headline] && headline !== 'r2' ? 1 : Math.max(1e-12, ...finite)
  const better = (than: number | undefined) =>
    than === undefined || value === undefined
      ? undefined
      : higherIsBetter[headline]
        ? value > than
        : value < than
  const linear = data.model.kind === 'linear' ? undefined : better(baseline.linear[headline])
  const dummy = better(baseline.dummy[headline])
  const verdict: MessageKey =
    dummy === false
      ? 'verdictNone'
      : linear === undefined
        ? 'verdictGood'
        : linear
          ? 'verdictBetterBoth'
          : 'verdictBetterDummy'
  return html`<section class="hero"><div class="score"><p class="eyebrow">${say(headline)} · ${say('onTest', { rows: data.rows.test })}</p><p class="big">${metricText(headline, value, say)}</p><p class="verdict ${verdict === 'verdictNone' ? 'bad' : verdict === 'verdictBetterDummy' ? 'fair' : 'good'}">${say(verdict)}</p></div><div class="rivals">${shown.map(
    rival =>
      html`<div class="rival"><span class="name">${say(rival.key)}</span><span class="track"><span class="bar fill${rival.colour}" style="width:${Math.max(0.5, Math.min(100, (100 * Math.max(0, rival.value ?? 0)) / high)).toFixed(1)}%"></span></span><span class="value">${metricText(headline, rival.value, say)}</span></div>`,
  )}<p class="note">${say(higherIsBetter[headline] ? 'betterHigher' : 'betterLower')}</p></div></section>`
}

export const facts: Section = (data, say) => {
  const total = data.rows.train + data.rows.validation + data.rows.test
  const rows: readonly (readonly [string, string, string])[] = [
    [
      say(data.pictures === undefined ? 'factRows' : 'factPictures'),
      say.number(total),
      say('factSplit', {
        train: data.rows.train,
        validation: data.rows.validation,
        test: data.rows.test,
      }),
    ],
    inputFact(data, say),
    data.run.epochs === null
      ? [
          say('factFeatures'),
          say.number(data.model.estimator?.features ?? 0),
          data.model.estimator?.name ?? '',
        ]
      : [
          say('factEpochs'),
          say.number(data.run.epochs),
          say('factStopped', { best: data.run.bestEpoch ?? data.run.epochs }),
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

function inputFact(data: ReportData, say: Say): readonly [string, string, string] {
  const kind = modelTitle(data.model, say)
  if (data.pictures === undefined) return [say('factInputs'), say.number(data.inputs), kind]
  const [height, width, channels] = data.pictures.shape
  const colours = say(channels === 1 ? 'factGrey' : 'factColour')
  return [say('factPictureSize'), `${width} × ${height}`, `${colours} · ${kind}`]
}

export const learning: Section = (data, say) => {
  const points = (values: readonly (number | null)[]) =>
    values.flatMap((value, i) => (value === null ? [] : [[i + 1, value] as const]))
  const lines: Line[] = [
    { name: say('train'), points: points(data.history.train), colour: 1 },
    { name: say('validation'), points: points(data.history.validation), colour: 2 },
  ].filter(line => line.points.length > 0)
  const best = data.run.bestEpoch
  if (lines.length === 0 || best === null) return undefined
  return card(
    say('sectionLearning'),
    [
      learningChart(
        lines,
        {
          title: say('sectionLearning'),
          xLabel: say('axisEpoch'),
          yLabel: say('axisLoss'),
          xText: String,
          yText: axisText(say),
        },
        { epoch: best, label: say('bestEpoch') },
      ),
      legend(lines),
    ],
    { note: say('learningNote', { best }) },
  )
}

export const metricsTable: Section = (data, say) => {
  const columns = [
    ['train', data.metrics.train],
    ['validation', data.metrics.validation],
    ['test', data.metrics.test],
    ['linear', data.baseline.linear],
    ['dummy', data.baseline.dummy],
  ] as const
  const names = metricNames.filter(name => columns.some(([, values]) => values[name] !== undefined))
  return card(
    say('sectionBaselines'),
    html`<div class="scroll"><table class="figures scores"><thead><tr><th>${say('metricColumn')}</th>${columns.map(([key]) => html`<th class="n${key === 'test' ? ' strong' : ''}">${say(key)}</th>`)}</tr></thead><tbody>${names.map(
      name =>
        html`<tr><th>${say(name)} <span class="arrow" title="${say(higherIsBetter[name] ? 'betterHigher' : 'betterLower')}">${higherIsBetter[name] ? '↑' : '↓'}</span></th>${columns.map(([key, values]) => html`<td class="n${key === 'test' ? ' strong' : ''}">${metricText(name, values[name], say)}</td>`)}</tr>`,
    )}</tbody></table></div>`,
    withSample(say('baselinesNote'), 'sampledLinear', data, say),
  )
}

export const confusion: Section = (data, say) => {
  const figures = data.classification?.confusion
  if (figures === undefined || figures.labels.length === 0) return undefined
  const { labels, matrix } = figures
  const dense = labels.length > 8
  const cell = (count: number, sum: number, same: boolean) => {
    const share = sum === 0 ? 0 : count / sum
    const strength = count === 0 ? 0 : Math.round(8 + 84 * share)
    return html`<td class="${same ? 'same' : 'other'}${share > 0.55 ? ' deep' : ''}" style="--s:${strength}%" title="${say.percent(share)}">${count === 0 && dense ? '' : say.number(count)}</td>`
  }
  return card(
    say('sectionConfusion'),
    [
      html`<div class="scroll"><table class="confusion${dense ? ' dense' : ''}"><thead><tr><td class="corner"><span>${say('trueClass')} ↓</span> <span>${say('predictedClass')} →</span></td>${labels.map(label => html`<th scope="col" title="${label}"><span>${label}</span></th>`)}</tr></thead><tbody>${labels.map(
        (label, i) => {
          const sum = matrix[i].reduce((total, count) => total + count, 0)
          return html`<tr><th scope="row" title="${label}"><span>${label}</span></th>${matrix[i].map((count, j) => cell(count, sum, i === j))}</tr>`
        },
      )}</tbody></table></div>`,
      figures.classes > labels.length &&
        html`<p class="note">${say('confusionLimited', { count: labels.length })}</p>`,
    ],
    { note: say('confusionNote'), wide: labels.length > 12 },
  )
}

export const perClass: Section = (data, say) => {
  const rows = data.classification?.perClass
  if (rows === undefined || rows.length === 0) return undefined
  return card(
    say('sectionPerClass'),
    html`<div class="scroll"><table class="figures"><thead><tr><th>${say('classColumn')}</th><th class="n">${say('rowsColumn')}</th><th class="n">${say('precision')}</th><th class="n">${say('recall')}</th><th class="n">${say('f1')}</th></tr></thead><tbody>${rows.map(
      row =>
        html`<tr><th>${row.label}</th><td class="n">${say.number(row.rows)}</td><td class="n">${say.percent(row.precision)}</td><td class="n">${say.percent(row.recall)}</td><td class="n">${row.f1.toFixed(3)}</td></tr>`,
    )}</tbody></table></div>`,
    data.positive !== undefined
      ? {
          note: [
            say('positiveClass', { positive: data.positive }),
            ...(data.threshold === undefined
              ? []
              : [say('atThreshold', { threshold: Number(data.threshold.toFixed(4)) })]),
          ].join(' · '),
        }
      : {},
  )
}

function curves(
  data: ReportData,
  list: readonly CurveData[] | undefined,
  say: Say,
  keys: { title: MessageKey; x: MessageKey; y: MessageKey; area: MetricName; diagonal: boolean },
): HtmlValue {
  if (list === undefined || list.length === 0) return undefined
  const lines = list.slice(0, 6).map((curve, i) => ({
    name: curve.label,
    points: curve.points,
    colour: i + 1,
    detail: curve.area === undefined ? undefined : curve.area.toFixed(3),
  }))
  const plain = say as unknown as (key: MessageKey) => string
  return card(
    plain(keys.title),
    [
      unitChart(
        lines,
        {
          title: plain(keys.title),
          xLabel: plain(keys.x),
          yLabel: plain(keys.y),
          xText: axisText(say),
          yText: axisText(say),
        },
        keys.diagonal,
      ),
      legend(lines),
    ],
    withSample(undefined, 'sampledCurves', data, say),
  )
}

export const roc: Section = (data, say) =>
  curves(data, data.classification?.roc, say, {
    title: 'sectionRoc',
    x: 'rocX',
    y: 'rocY',
    area: 'auc',
    diagonal: true,
  })

export const precisionRecall: Section = (data, say) =>
  curves(data, data.classification?.precisionRecall, say, {
    title: 'sectionPr',
    x: 'prX',
    y: 'prY',
    area: 'prAuc',
    diagonal: false,
  })

export const calibration: Section = (data, say) => {
  const points = data.classification?.calibration
  if (points === undefined || points.length === 0) return undefined
  return card(
    say('sectionCalibration'),
    calibrationChart(points, {
      title: say('sectionCalibration'),
      xLabel: say('calibrationX'),
      yLabel: say('calibrationY'),
      xText: axisText(say),
      yText: axisText(say),
    }),
    { ...withSample(say('calibrationNote'), 'sampledCurves', data, say), tall: true },
  )
}

export const predictedActual: Section = (data, say) => {
  const points = data.regression?.points
  if (points === undefined || points.length === 0) return undefined
  return card(
    say('sectionPredictedActual'),
    scatterChart(points, {
      title: say('sectionPredictedActual'),
      xLabel: say('axisActual'),
      yLabel: say('axisPredicted'),
      xText: axisText(say),
      yText: axisText(say),
    }),
    { note: say('predictedActualNote') },
  )
}

export const residuals: Section = (data, say) => {
  const figures = data.regression
  if (figures === undefined || figures.residuals.counts.length === 0) return undefined
  return card(
    say('sectionResiduals'),
    histogramChart(figures.residuals, {
      title: say('sectionResiduals'),
      xLabel: say('axisResidual'),
      yLabel: say('axisRows'),
      xText: axisText(say),
      yText: axisText(say),
    }),
    {
      note: say('residualsNote', {
        half: figure(figures.half, say),
        ninety: figure(figures.ninety, say),
      }),
    },
  )
}

export const importance: Section = (data, say) => {
  const all = data.importance?.filter(row => Number.isFinite(row.loss))
  if (all === undefined || all.length === 0) return undefined
  const rows = all.slice(0, 12)
  const high = Math.max(1e-12, ...rows.map(row => row.loss))
  return card(
    say('sectionImportance'),
    html`<div class="importance">${rows.map(
      row =>
        html`<div class="rival"><span class="name" title="${row.column}">${row.column}</span><span class="track"><span class="bar fill3" style="width:${Math.max(0.4, (100 * Math.max(0, row.loss)) / high).toFixed(1)}%"></span></span><span class="value">${shares.has(data.headline) ? say.percent(row.loss) : figure(row.loss, say)}</span></div>`,
    )}</div>`,
    withSample(say('importanceNote', { metric: say(data.headline) }), 'sampledCurves', data, say),
  )
}

export const groups: Section = (data, say) => {
  const figures = data.groups
  if (figures === undefined) return undefined
  const names = metricNames.filter(name =>
    figures.rows.some(row => row.metrics[name] !== undefined),
  )
  return card(
    say('sectionGroups', { column: figures.column }),
    html`<div class="scroll"><table class="figures"><thead><tr><th>${say('groupValue')}</th><th class="n">${say('rowsColumn')}</th>${names.map(name => html`<th class="n">${say(name)}</th>`)}</tr></thead><tbody>${figures.rows.map(
      row =>
        html`<tr><th>${row.value}</th><td class="n">${say.number(row.rows)}</td>${names.map(name => html`<td class="n">${metricText(name, row.metrics[name], say)}</td>`)}</tr>`,
    )}</tbody></table></div>`,
    { note: say('groupsNote'), wide: true },
  )
}

export const findings: Section = (data, say) => {
  const order = { error: 0, warning: 1, info: 2 } as const
  const rows = [...data.findings].sort((a, b) => order[a.severity] - order[b.severity])
  const label = {
    error: 'severityError',
    warning: 'severityWarning',
    info: 'severityInfo',
  } as const
  return card(
    say('sectionFindings'),
    rows.length === 0
      ? html`<p class="note">${say('noFindings')}</p>`
      : html`<ul class="findings">${rows
          .slice(0, 60)
          .map(
            row =>
              html`<li><span class="badge ${row.severity}">${say(label[row.severity])}</span><span>${say.finding(row)}</span></li>`,
          )}</ul>`,
    { ...withSample(undefined, 'sampledChecks', data, say), wide: true },
  )
}

export const suspects: Section = (data, say) => {
  if (data.suspects.length === 0) return undefined
  const classes = data.task === 'classification'
  const names = data.suspects[0].values.map(value => value.name)
  return card(
    say('sectionSuspects'),
    html`<div class="scroll"><table class="figures"><thead><tr><th class="n">${say('rowNumber')}</th><th>${say('givenValue')}</th><th>${say('expectedValue')}</th><th class="n">${say(classes ? 'probabilityOfGiven' : 'deviation')}</th>${names.map(name => html`<th class="quiet">${name}</th>`)}</tr></thead><tbody>${data.suspects.map(
      row =>
        html`<tr><td class="n">${row.row}</td><td><b>${row.given}</b></td><td>${row.expected}</td><td class="n">${classes ? say.percent(row.score) : `${row.score.toFixed(1)} σ`}</td>${row.values.map(({ value }) => html`<td class="quiet">${clip(value, 28)}</td>`)}</tr>`,
    )}</tbody></table></div>`,
    { note: say('suspectsNote'), wide: true },
  )
}

export const columns: Section = (data, say) => {
  if (data.columns.length === 0) return undefined
  const use = (column: ColumnFigures) =>
    column.role === 'target'
      ? html`<b class="role target">${say('roleTarget')}</b>`
      : column.treatment !== undefined
        ? describeTreatment(column.treatment, say.language)
        : say(column.role === 'excluded' ? 'excludedByUser' : 'roleFeature')
  return card(
    say('sectionColumns'),
    [
      html`<div class="scroll"><table class="columns"><thead><tr><th>${say('columnName')}</th><th>${say('columnType')}</th><th>${say('columnDistribution')}</th><th class="n">${say('columnMissing')}</th><th class="n">${say('columnDistinct')}</th><th>${say('columnUse')}</th></tr></thead><tbody>${data.columns.map(
        column =>
          html`<tr class="${column.role}"><th title="${column.reason}">${clip(column.name, 40)}</th><td>${say(column.type)}</td><td class="dist">${distribution(column, say)}</td><td class="n">${column.missing === 0 ? '–' : say.percent(column.missing / Math.max(1, column.rows))}</td><td class="n">${say.number(column.distinct)}</td><td class="use">${use(column)}</td></tr>`,
      )}</tbody></table></div>`,
      data.columnCount > data.columns.length &&
        html`<p class="note">${say('columnsLimited', { shown: data.columns.length, count: data.columnCount })}</p>`,
    ],
    { note: say('columnsNote', { used: data.inputs }), wide: true },
  )
}

function distribution(column: ColumnFigures, say: Say): HtmlValue {
  if (column.histogram !== undefined && column.histogram.counts.length > 0)
    return html`${sparkHistogram(column.histogram, column.name)}${column.range !== undefined && html`<span class="range"><span>${column.range[0]}</span><span>${column.range[1]}</span></span>`}`
  const { top } = column
  if (top === undefined || top.length === 0) return ''
  const total = Math.max(1, column.rows - column.missing)
  return html`<div class="tops">${top
    .slice(0, 3)
    .map(
      ({ value, count }) =>
        html`<div class="top"><span class="fill" style="width:${((100 * count) / total).toFixed(1)}%"></span><span class="text">${clip(value, 26)}</span><span class="share">${say.percent(count / total)}</span></div>`,
    )}</div>`
}

export const manifest: Section = (data, say) => manifestCard(data.manifest, say)

export function manifestCard(given: Readonly<Record<string, unknown>>, say: Say): HtmlValue {
  return card(say('sectionManifest'), html`<div class="manifest">${manifestEntries(given)}</div>`, {
    note: say('manifestNote'),
    wide: true,
  })
}

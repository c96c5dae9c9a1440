// What the report's sections are made of: cards, legends, and figures as people read them.

import type { Say } from '../messages/messages.js'
import { formatNumber } from '../messages/table.js'
import { type Html, type HtmlValue, html } from './html.js'
import type { MetricName, ReportData } from './report-data.js'

export type Section = (data: ReportData, say: Say) => HtmlValue

export const shares: ReadonlySet<MetricName> = new Set([
  'accuracy',
  'balancedAccuracy',
  'precision',
  'recall',
])

/** A metric as people quote it: shares in percent, the others with three or four figures. */
export function metricText(name: MetricName, value: number | undefined, say: Say): string {
  if (value === undefined || !Number.isFinite(value)) return '–'
  if (shares.has(name)) return say.percent(value)
  if (name === 'rmse' || name === 'mae') return figure(value, say)
  return value.toFixed(name === 'logLoss' ? 4 : 3).replace('-', '−')
}

/** Four significant figures. */
export function figure(value: number, say: Say): string {
  if (!Number.isFinite(value)) return '–'
  const rounded = Number(value.toPrecision(4))
  return Math.abs(rounded) < 1e-3 || Math.abs(rounded) >= 1e12
    ? formatNumber(rounded, say.language)
    : new Intl.NumberFormat(say.language === 'zh' ? 'zh-CN' : 'en', { maximumSignificantDigits: 4 })
        .format(rounded)
        .replace('-', '−')
}

export function axisText(say: Say): (value: number) => string {
  const compact = new Intl.NumberFormat(say.language === 'zh' ? 'zh-CN' : 'en', {
    notation: 'compact',
    maximumSignificantDigits: 3,
  })
  return value =>
    value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e15)
      ? value.toExponential(0).replace('e+', 'e').replace('-', '−')
      : compact.format(value).replace('-', '−')
}

export function card(
  title: string,
  body: HtmlValue,
  options: { wide?: boolean; tall?: boolean; note?: string } = {},
): Html {
  return html`<section class="card${options.wide ? ' wide' : ''}${options.tall ? ' tall' : ''}"><h2>${title}</h2>${options.note !== undefined && html`<p class="note">${options.note}</p>`}${body}</section>`
}

/** A note, and where rows were drawn for what it stands by, how many. */
export function withSample(
  note: string | undefined,
  key: 'sampledLinear' | 'sampledCurves' | 'sampledChecks',
  { sampled }: ReportData,
  say: Say,
): { note?: string } {
  const parts = [note, sampled === undefined ? undefined : say(key, { sample: sampled })]
  const text = parts.filter(part => part !== undefined).join(say.language === 'zh' ? '' : ' ')
  return text === '' ? {} : { note: text }
}

export function legend(lines: readonly { name: string; colour: number; detail?: string }[]): Html {
  return html`<ul class="legend">${lines.map(
    line =>
      html`<li><i class="swatch fill${line.colour}"></i>${line.name}${line.detail !== undefined && html` <b>${line.detail}</b>`}</li>`,
  )}</ul>`
}

export function durationText(seconds: number, say: Say): string {
  if (seconds < 60) return say('secondsShort', { seconds: Number(seconds.toPrecision(2)) })
  const whole = Math.round(seconds)
  return say('minutesShort', { minutes: Math.floor(whole / 60), seconds: whole % 60 })
}

/** At most so many characters. */
export function clip(text: string, length: number): string {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}

/** A path as a cell: of a long one its end, the whole of it where the pointer rests. */
export function pathEnd(path: string, length: number): Html {
  const characters = [...path]
  return characters.length <= length
    ? html`${path}`
    : html`<span title="${path}">…${characters.slice(1 - length).join('')}</span>`
}

/** White space is made visible where it is the token itself. */
export function tokenShown(token: string): string {
  return token.replace(/\n/g, '⏎').replace(/^ +| +$/g, spaces => '␣'.repeat(spaces.length))
}

// What the model is: the layers of a net, or an estimator and its parameters.

import { formatBytes } from '../../base/format-bytes.js'
import type { Say } from '../messages/messages.js'
import { type HtmlValue, html } from './html.js'
import { card, type Section } from './parts.js'
import type { ReportData } from './report-data.js'

export const modelSection: Section = (data, say) => {
  const { estimator, layers } = data.model
  if (layers !== undefined) return card(say('sectionModel'), layersTable(data, layers, say))
  if (estimator === undefined) return undefined
  const rows = [
    ...estimator.settings,
    [say('factFeatures'), say.number(estimator.features)],
    [say('rowsLearned'), say.number(estimator.rows)],
    [say('sizeColumn'), formatBytes(estimator.bytes)],
  ] as const
  return card(
    say('sectionModel'),
    html`<table class="figures"><thead><tr><th>${estimator.name}</th><th class="n">${say('groupValue')}</th></tr></thead><tbody>${rows.map(
      ([name, value]) => html`<tr><th>${name}</th><td class="n">${value}</td></tr>`,
    )}</tbody></table>`,
    { note: say('settingsNote') },
  )
}

function layersTable(
  { model }: ReportData,
  layers: NonNullable<ReportData['model']['layers']>,
  say: Say,
): HtmlValue {
  return html`<table class="figures"><thead><tr><th>${say('layerColumn')}</th><th class="n">${say('outputColumn')}</th><th class="n">${say('parametersColumn')}</th></tr></thead><tbody>${layers.map(
    layer =>
      html`<tr><th>${layer.name}</th><td class="n">${layer.output}</td><td class="n">${say.number(layer.parameters)}</td></tr>`,
  )}<tr class="sum"><th>${say('factParameters')}</th><td></td><td class="n">${say.number(model.parameters ?? 0)}</td></tr></tbody></table>`
}

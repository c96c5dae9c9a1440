// The report of a run as one HTML file.

import type { Language } from '../messages/language.js'
import { sayIn } from '../messages/messages.js'
import { modelTitle } from './board-text.js'
import { html } from './html.js'
import { modelSection } from './model-section.js'
import * as models from './model-sections.js'
import { pageOf } from './page-frame.js'
import type { Section } from './parts.js'
import * as pictures from './picture-sections.js'
import { rateSection } from './rate-section.js'
import type { ReportData } from './report-data.js'
import * as sections from './sections.js'
import * as texts from './text-sections.js'

const order: readonly Section[] = [
  sections.hero,
  sections.facts,
  models.board,
  models.moreData,
  sections.metricsTable,
  sections.learning,
  (data, say) => rateSection(data.manifest, say),
  sections.confusion,
  sections.perClass,
  pictures.confusedPairs,
  pictures.highestLosses,
  pictures.focus,
  pictures.augmentation,
  texts.textLosses,
  texts.textAttention,
  sections.predictedActual,
  sections.residuals,
  sections.roc,
  sections.precisionRecall,
  sections.calibration,
  sections.importance,
  pictures.filters,
  pictures.featureMaps,
  models.counted,
  models.coefficients,
  models.tree,
  models.dependence,
  modelSection,
  sections.groups,
  sections.findings,
  sections.suspects,
  sections.columns,
  sections.manifest,
]

/**
 * Draws the report. `language` overrides the one the run was made in.
 *
 * @example
 * ```ts
 * await writeFile('report.html', renderReport(JSON.parse(await readFile('report.json', 'utf8'))))
 * ```
 */
export function renderReport(data: ReportData, language: Language = data.language): string {
  const say = sayIn(language)
  const [hero, facts, ...rest] = order.map(section => section(data, say))
  const kind = modelTitle(data.model, say)
  const subtitle =
    data.classes !== undefined
      ? say(data.pictures === undefined ? 'reportSubtitleClasses' : 'reportSubtitlePictures', {
          model: capital(kind),
          classes: data.classes.length,
          rows: data.rows.train,
          test: data.rows.test,
        })
      : say('reportSubtitleNumber', {
          model: capital(kind),
          rows: data.rows.train,
          test: data.rows.test,
        })
  const title =
    data.pictures === undefined
      ? say('reportFor', { target: data.target })
      : say('reportForPictures', { source: data.pictures.source })
  return pageOf({
    language,
    kind: say('reportTitle'),
    title,
    subtitle,
    name: data.run.name,
    created: data.run.created,
    version: data.version,
    body: html`${hero}
${facts}
<div class="grid2">
${rest.map(section => html`${section}\n`)}
</div>`,
  })
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

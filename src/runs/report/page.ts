// The report as one HTML file: no script, nothing from the network, light, dark and print.

import type { Language } from '../messages/language.js'
import { sayIn } from '../messages/messages.js'
import { familyTitle } from './board-text.js'
import { Html, html } from './html.js'
import { modelSection } from './model-section.js'
import * as models from './model-sections.js'
import type { Section } from './parts.js'
import type { ReportData } from './report-data.js'
import * as sections from './sections.js'
import { styleSheet } from './style-sheet.js'

const order: readonly Section[] = [
  sections.hero,
  sections.facts,
  models.board,
  models.moreData,
  sections.metricsTable,
  sections.learning,
  sections.confusion,
  sections.perClass,
  sections.predictedActual,
  sections.residuals,
  sections.roc,
  sections.precisionRecall,
  sections.calibration,
  sections.importance,
  models.counted,
  models.coefficients,
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
  const kind = familyTitle(data.model.kind, say)
  const subtitle =
    data.classes !== undefined
      ? say('reportSubtitleClasses', {
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
  const title = say('reportFor', { target: data.target })
  const date = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(new Date(data.run.created))
  return html`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} · Athanor</title>
<style>${new Html(styleSheet)}</style>
</head>
<body>
<main>
<header><div><p class="brand">${flame}<span>Athanor</span> · ${say('reportTitle')}</p><h1>${title}</h1><p class="subtitle">${subtitle}</p></div><p class="stamp">${data.run.name}<br>${date} UTC</p></header>
${hero}
${facts}
<div class="grid2">
${rest.map(section => html`${section}\n`)}
</div>
<footer>${say('footer', { version: data.version })}</footer>
</main>
</body>
</html>
`.text
}

const flame = new Html(
  '<svg class="flame" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1c.6 3-1 4.3-2.7 6.2C5.6 9 4 10.7 4 13.2 4 16.6 6.7 19 10 19s6-2.4 6-5.8c0-2-.9-3.5-2-4.9-.3 1.2-.9 2-1.9 2.6C12.6 7.2 12.3 3.3 10 1z"/></svg>',
)

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

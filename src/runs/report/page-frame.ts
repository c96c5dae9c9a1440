// What every page has: one HTML file, no script, nothing from the network, light, dark and print.

import type { Language } from '../messages/language.js'
import { sayIn } from '../messages/messages.js'
import { Html, type HtmlValue, html } from './html.js'
import { styleSheet } from './style-sheet.js'

export interface PageParts {
  readonly language: Language
  /** What kind of page it is, above the title. */
  readonly kind: string
  readonly title: string
  readonly subtitle: string
  readonly name: string
  /** ISO 8601. */
  readonly created: string
  readonly version: string
  readonly body: HtmlValue
}

export function pageOf(parts: PageParts): string {
  const { language, kind, title, subtitle, name, created, version, body } = parts
  const say = sayIn(language)
  const date = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(new Date(created))
  return html`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title} · Athanor</title>
<style>${new Html(styleSheet)}</style>
</head>
<body>
<main>
<header><div><p class="brand">${flame}<span>Athanor</span> · ${kind}</p><h1>${title}</h1><p class="subtitle">${subtitle}</p></div><p class="stamp">${name}<br>${date} UTC</p></header>
${body}
<footer>${say('footer', { version })}</footer>
</main>
</body>
</html>
`.text
}

const flame = new Html(
  '<svg class="flame" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1c.6 3-1 4.3-2.7 6.2C5.6 9 4 10.7 4 13.2 4 16.6 6.7 19 10 19s6-2.4 6-5.8c0-2-.9-3.5-2-4.9-.3 1.2-.9 2-1.9 2.6C12.6 7.2 12.3 3.3 10 1z"/></svg>',
)

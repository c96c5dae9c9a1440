// A manifest as nested lists of names and values.

import { type HtmlValue, html } from './html.js'
import { clip } from './parts.js'

/** Up to four levels deep. */
export function manifestEntries(manifest: Readonly<Record<string, unknown>>): HtmlValue {
  return entries(manifest, 0)
}

/** Lists of records, and long lists of numbers, are only counted: whoever wants them reads manifest.json. */
function shortEntry(value: unknown): string {
  if (!Array.isArray(value)) return String(value)
  const isLong = value.length > 20 && typeof value[0] === 'number'
  return isLong || value.some(item => typeof item === 'object')
    ? `[${value.length}]`
    : value.join(', ')
}

function entries(object: Readonly<Record<string, unknown>>, depth: number): HtmlValue {
  const list = Object.entries(object).filter(([, value]) => value !== undefined && value !== null)
  const simple = list.filter(([, value]) => typeof value !== 'object' || Array.isArray(value))
  const nested = list.filter(([, value]) => typeof value === 'object' && !Array.isArray(value))
  return html`${simple.length > 0 && html`<dl>${simple.map(([key, value]) => html`<div><dt>${key}</dt><dd>${clip(shortEntry(value), 400)}</dd></div>`)}</dl>`}${
    depth < 3 &&
    nested.map(
      ([key, value]) =>
        html`<div class="nest"><h3>${key}</h3>${entries(value as Record<string, unknown>, depth + 1)}</div>`,
    )
  }`
}

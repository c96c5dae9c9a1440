// HTML and SVG built from templates that escape by themselves: only what `html` made goes in as it is.

export class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text
  }
}

export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[]

/**
 * @example
 * ```ts
 * html`<td>${'a < b'}</td>`.text // '<td>a &lt; b</td>'
 * ```
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = strings[0]
  for (let i = 0; i < values.length; i++) text += render(values[i]) + strings[i + 1]
  return new Html(text)
}

function render(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return value.map(render).join('')
  return escapeHtml(String(value))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Also replaces what may not stand in a page at all: control characters and lone surrogates. */
export function escapeHtml(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}&<>"']/gu, character =>
    Object.hasOwn(entities, character)
      ? entities[character]
      : character === '\n' || character === '\t'
        ? character
        : '\ufffd',
  )
}

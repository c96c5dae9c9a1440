// A picture that comes as an SVG text: it goes into the page only if it holds nothing but shapes and
// texts, since the file that it is read from may have been altered.

import { Html } from './html.js'

const elements: ReadonlySet<string> = new Set([
  'svg',
  'style',
  'g',
  'title',
  'rect',
  'path',
  'line',
  'circle',
  'text',
  'tspan',
])

/** undefined for a text that could do more than draw. */
export function safePicture(svg: string): Html | undefined {
  const tags = [...svg.matchAll(/<\/?([^\s/>]*)/g)].map(([, name]) => name)
  const isKnown = tags.length > 0 && tags.every(name => elements.has(name))
  const mayAct = /\son\w+\s*=|javascript:|href|url\(|@import|expression\(|<!|&#/i.test(
    svg.replaceAll('&#39;', ''),
  )
  // Within a page the name of the language of pictures is known.
  const inline = svg.replace(' xmlns="http://www.w3.org/2000/svg"', '')
  return svg.startsWith('<svg ') && isKnown && !mayAct ? new Html(inline) : undefined
}

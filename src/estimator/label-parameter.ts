// A parameter whose value is a class label.

import type { Label } from '../base/label.js'
import type { Parameter } from '../base/parameters.js'

/** A number, a text or a boolean. */
export function labelParameter(options: { readonly doc: string }): Parameter<Label> {
  return {
    kind: 'object',
    doc: options.doc,
    expected: 'a label: a number, a text or a boolean',
    accepts: (value): value is Label =>
      (typeof value === 'number' && Number.isFinite(value)) ||
      typeof value === 'string' ||
      typeof value === 'boolean',
    bad: [null, {}, [], Number.NaN],
    parse: text => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text),
  }
}

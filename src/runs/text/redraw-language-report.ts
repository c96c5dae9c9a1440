// The report of a language model drawn again from its data.

import type { JsonReader } from '../../base/json-reader.js'
import type { Language } from '../messages/language.js'
import { checkAttention } from '../report/read-figures.js'
import { renderLanguageReport } from './language-report.js'
import type { LanguageReport } from './language-report-data.js'

/** @throws AthanorError FORMAT for data that are not those of such a report. */
export function redrawLanguageReport(reader: JsonReader, language?: Language): string {
  reader.get('format').integer(1, 1)
  reader.get('kind').oneOf(['languageModel'])
  reader.get('language').oneOf(['en', 'zh'])
  for (const part of ['run', 'measures', 'history', 'manifest'])
    reader.get(part).only(...Object.keys(reader.get(part).value as object))
  for (const list of ['samples', 'surprises', 'layers']) reader.get(list).items()
  if (reader.has('attention')) checkAttention(reader.get('attention'))
  return renderLanguageReport(reader.value as LanguageReport, language)
}

// A speech run's report drawn again from its folder.

import type { JsonReader } from '../../base/json-reader.js'
import type { Language } from '../messages/language.js'
import { renderSpeechReport } from './speech-report.js'
import type { SpeechReportData } from './speech-report-data.js'

/** `language` overrides the one of the run; throws FORMAT for data that are not a report's. */
export function redrawSpeechReport(reader: JsonReader, language?: Language): string {
  reader.get('format').integer(1, 1)
  reader.get('language').oneOf(['en', 'zh'])
  for (const name of ['audio', 'transcript']) reader.get('columns').get(name).string()
  for (const part of ['run', 'rows', 'metrics', 'edits', 'history', 'manifest'])
    reader.get(part).only(...Object.keys(reader.get(part).value as object))
  for (const list of ['layers', 'pictures', 'worst', 'findings']) reader.get(list).items()
  return renderSpeechReport(reader.value as SpeechReportData, language)
}

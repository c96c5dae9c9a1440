// A report drawn again from the run's folder alone.

import { existsSync } from 'node:fs'
import { JsonReader } from '../base/json-reader.js'
import type { Language } from './messages/language.js'
import { renderReport } from './report/page.js'
import { checkLayerMaps, checkTextFigures } from './report/read-figures.js'
import { metricNames, type ReportData } from './report/report-data.js'
import { runError } from './run-error.js'
import { readManifest, runPath, shownPath } from './run-folder.js'
import { readJson, writeDurably } from './storage.js'

/** Returns the path written. `language` overrides the one of the run. */
export async function redrawReport(
  folder: string,
  out = runPath(folder, 'report'),
  language?: Language,
): Promise<string> {
  const { kind } = await readManifest(folder)
  const source = runPath(folder, 'reportData')
  if (!existsSync(source)) throw runError('DATA', 'runUnfinished', { run: shownPath(folder) })
  const reader = new JsonReader(shownPath(source), await readJson(source))
  if (kind === 'languageModel') {
    const { redrawLanguageReport } = await import('./text/redraw-language-report.js')
    await writeDurably(out, redrawLanguageReport(reader, language))
    return out
  }
  if (kind === 'speech') {
    const { redrawSpeechReport } = await import('./speech/redraw-speech-report.js')
    await writeDurably(out, redrawSpeechReport(reader, language))
    return out
  }
  reader.get('format').integer(1, 1)
  reader.get('language').oneOf(['en', 'zh'])
  reader.get('target').string()
  reader.get('headline').oneOf(metricNames)
  reader.get('columns').items()
  for (const part of ['run', 'rows', 'model', 'metrics', 'baseline', 'history', 'manifest'])
    reader.get(part).only(...Object.keys(reader.get(part).value as object))
  if (reader.has('texts')) checkTextFigures(reader.get('texts'))
  if (reader.has('pictures') && reader.get('pictures').has('maps'))
    checkLayerMaps(reader.get('pictures').get('maps'))
  await writeDurably(out, renderReport(reader.value as ReportData, language))
  return out
}

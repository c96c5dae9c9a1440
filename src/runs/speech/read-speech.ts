// What a speech run reads: its list, and lists of their own for validation and test, one behind the other.

import type { DataSource } from '../read-data.js'
import { type ReadingOptions, type RecordingList, readRecordings } from './read-recordings.js'
import type { SpeechSettings } from './speech-settings.js'

/** Rows of a part's own list follow those before it, as the parts of a table do. */
export async function readSpeech(
  source: DataSource,
  settings: SpeechSettings,
  options: Pick<ReadingOptions, 'signal' | 'onReading'>,
): Promise<RecordingList> {
  const { audio, transcript, group, query, encoding } = settings
  const reading = {
    ...options,
    ...(query === undefined ? {} : { query }),
    ...(encoding === undefined ? {} : { encoding }),
  }
  const columns = { audio, transcript }
  let all = await readRecordings(
    source,
    { ...columns, ...(group === undefined ? {} : { group }) },
    reading,
  )
  for (const part of ['validation', 'test'] as const) {
    const file = settings[part]
    if (typeof file !== 'string') continue
    const own = await readRecordings(file, columns, { ...reading, firstRow: all.rows })
    all.findings.addAll(own.findings)
    all = {
      ...all,
      fingerprint: `${all.fingerprint}+${own.fingerprint}`,
      rows: all.rows + own.rows,
      recordings: [...all.recordings, ...own.recordings],
      partRows: { ...all.partRows, [part]: [all.rows, all.rows + own.rows] },
    }
  }
  return all
}

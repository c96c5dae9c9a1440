// A list of recordings read whole: each file opened once, each row checked, and what cannot be used
// counted and left out.

import { dirname, isAbsolute, join, resolve } from 'node:path'
import { plainTranscript } from '../../applications/speech/alphabet.js'
import { AthanorError } from '../../base/errors.js'
import { cellText, isMissing } from '../../data/column.js'
import type { Sound } from '../../data/sound/sound.js'
import type { Table } from '../../data/table.js'
import { blaming } from '../absent-column.js'
import { checkColumn, type DataSource } from '../read-data.js'
import { shownPath } from '../run-folder.js'
import { readRecording, soundFaults } from './read-recording.js'
import { faultyRecordings, SpeechFindings } from './speech-findings.js'

/** One row that can be used. */
export interface Recording {
  /** 0-based row of the list. */
  readonly row: number
  /** As it stands in the list. */
  readonly file: string
  /** As it is learned (`plainTranscript`). */
  readonly transcript: string
  readonly sound: Sound
}

export interface RecordingList {
  /** What to call the data. */
  readonly source: string
  /** That files are looked for from. */
  readonly folder: string
  readonly fingerprint: string
  /** Rows of the list, used or not. */
  readonly rows: number
  readonly recordings: readonly Recording[]
  /** Texts of the group column, one for each row of the list. */
  readonly groups?: readonly string[]
  /** Rows of parts that have a list of their own: from the first up to before the second. */
  readonly partRows?: Readonly<Partial<Record<'validation' | 'test', readonly [number, number]>>>
  readonly findings: SpeechFindings
}

export interface ListColumns {
  readonly audio: string
  readonly transcript: string
  readonly group?: string
}

export interface ReadingOptions {
  readonly query?: string
  readonly encoding?: string
  readonly signal?: AbortSignal
  readonly onReading?: (source: string, rows?: number) => void
  /** Row number of the list's first row. Default: 0. */
  readonly firstRow?: number
}

/**
 * Reads the list and every recording in it. Files are found from the folder that the list is in. Rows
 * without a file, with one that is no WAV file, has no samples, none that is a number or a strange rate, or
 * without a transcript are left out and counted; a file cut short is used as far as it goes, samples that
 * are no numbers are silence, and both are counted.
 */
export async function readRecordings(
  source: DataSource,
  { audio, transcript, group }: ListColumns,
  options: ReadingOptions,
): Promise<RecordingList> {
  const { query, encoding, signal, onReading, firstRow = 0 } = options
  const findings = new SpeechFindings()
  const { openDataset } = await import('../../data/node/index.js')
  const name = typeof source === 'string' ? source : 'rows'
  onReading?.(name)
  const columns = { audio, transcript, group }
  const dataset = await openDataset(source, {
    signal,
    types: { [audio]: 'text', [transcript]: 'text' },
    ...(query === undefined ? {} : { query }),
    ...(encoding === undefined ? {} : { encoding }),
  }).catch(blaming(column => (column === audio ? '--audio' : '--transcript')))
  try {
    checkColumn('--group', group, dataset.names)
    const names = Object.values(columns).filter(column => column !== undefined)
    const table = await dataset.table([...new Set(names)])
    const folder = typeof source === 'string' ? dirname(resolve(source)) : process.cwd()
    const recordings: Recording[] = []
    let told = performance.now()
    for (let row = 0; row < table.rows; row++) {
      if (signal?.aborted) throw new AthanorError('INTERRUPTED', { operation: `reading ${name}` })
      const recording = await readRow(table, row, columns, folder, findings)
      if (recording !== undefined) recordings.push({ ...recording, row: firstRow + row })
      if (performance.now() - told < 200) continue
      told = performance.now()
      onReading?.(name, row + 1)
    }
    if (recordings.length === 0) throw noRecordings(name, folder, findings)
    return {
      source: name,
      folder,
      fingerprint: dataset.fingerprint,
      rows: table.rows,
      recordings,
      ...(group === undefined ? {} : { groups: textsOf(table, group) }),
      findings,
    }
  } finally {
    await dataset.close()
  }
}

/** DATA: what is wrong with all the rows of a list, by kind. */
export function noRecordings(source: string, folder: string, findings: SpeechFindings) {
  return faultyRecordings(findings, (say, reasons) =>
    say('noRecordings', {
      source,
      reasons: reasons === '' ? say('listEmpty') : reasons,
      folder: shownPath(folder),
    }),
  )
}

function textsOf(table: Table, name: string): string[] {
  const column = table.column(name)
  return Array.from({ length: table.rows }, (_, row) => cellText(column, row))
}

async function readRow(
  table: Table,
  row: number,
  { audio, transcript: spoken }: ListColumns,
  folder: string,
  findings: SpeechFindings,
): Promise<Recording | undefined> {
  const [files, texts] = [table.column(audio), table.column(spoken)]
  const file = isMissing(files, row) ? '' : cellText(files, row).trim()
  if (file === '') {
    findings.add('missingFile', `row ${row + 1}`)
    return undefined
  }
  const transcript = isMissing(texts, row) ? '' : plainTranscript(cellText(texts, row))
  if (transcript === '') {
    findings.add('emptyTranscript', file)
    return undefined
  }
  try {
    const sound = await readRecording(isAbsolute(file) ? file : join(folder, file))
    for (const fault of soundFaults(sound)) findings.add(fault, file)
    return sound.samples.length === 0 ? undefined : { row, file, transcript, sound }
  } catch (error) {
    if (!(error instanceof AthanorError)) throw error
    const isMissingFile = (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
    findings.add(
      isMissingFile ? 'missingFile' : 'unreadableFile',
      isMissingFile ? file : `${file} (${error.message.replace(/^.*?: /, '')})`,
    )
    return undefined
  }
}

// What is found wrong with the recordings of a list: counted by kind, every file kept.

import type { Say } from '../messages/messages.js'
import { RunError } from '../run-error.js'

/** Why rows were left out, or what is to be known of them. */
export const speechFaults = [
  'missingFile',
  'unreadableFile',
  'silentFile',
  'emptyTranscript',
  'longTranscript',
  'unknownCharacters',
  'truncatedFile',
  'damagedSamples',
] as const
export type SpeechFault = (typeof speechFaults)[number]

/** How many rows have a fault, and which. */
export interface SpeechFinding {
  readonly fault: SpeechFault
  readonly count: number
  /** The first of `files`. */
  readonly example: string
  /** All of them, in the order of the list, with what was wrong where that is to be said. */
  readonly files: readonly string[]
}

export class SpeechFindings {
  private readonly found = new Map<SpeechFault, string[]>()

  add(fault: SpeechFault, file: string): void {
    const before = this.found.get(fault)
    if (before === undefined) this.found.set(fault, [file])
    else before.push(file)
  }

  /** Those of another list behind its own. */
  addAll({ list }: SpeechFindings): void {
    for (const { fault, files } of list) for (const file of files) this.add(fault, file)
  }

  get list(): SpeechFinding[] {
    return speechFaults.flatMap(fault => {
      const files = this.found.get(fault)
      return files === undefined
        ? []
        : [{ fault, count: files.length, example: files[0], files: [...files] }]
    })
  }
}

/** DATA, saying of each kind of fault how often it was met, and where first. */
export function faultyRecordings(
  { list }: SpeechFindings,
  text: (say: Say, reasons: string) => string,
): RunError {
  return new RunError('DATA', say =>
    text(
      say,
      list
        .map(({ fault, count, example }) => say(fault, { count, example }))
        .join(say.language === 'zh' ? '；' : '; '),
    ),
  )
}

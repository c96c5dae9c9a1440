// What is wrong with recordings, as notes on a terminal: a line for each fault, and the files behind it.

import type { Say } from '../runs/messages/messages.js'
import type { SpeechFinding } from '../runs/speech/speech-findings.js'
import type { Style } from './output.js'

/** Files that are named of each fault. */
const mostFiles = 20

/** `place`: where all files stand, if they are more. */
export function findingNotes(
  findings: readonly SpeechFinding[],
  place: string,
  say: Say,
  { warn, dim }: Style,
): string[] {
  return findings.flatMap(({ fault, count, example, files }) => {
    const others = files.slice(1, mostFiles)
    const rest = count - 1 - others.length
    return [
      warn(say('warning')) + say(fault, { count, example }),
      ...others.map(file => dim(`  ${file}`)),
      ...(rest > 0 ? [dim(`  ${say('moreFiles', { count: rest, place })}`)] : []),
    ]
  })
}

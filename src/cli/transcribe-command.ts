// athanor transcribe: WAV files in, text out.

import { runError } from '../runs/run-error.js'
import type { CommandInput } from './command.js'
import { findingNotes } from './finding-notes.js'

export async function transcribeCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const [run, ...files] = input.positionals
  if (run === undefined) throw runError('ARGUMENT', 'runMissing', { command: 'transcribe' })
  if (files.length === 0) throw runError('ARGUMENT', 'filesMissing')
  const { beams, languageWeight } = input.options as Record<string, number | undefined>
  const { transcribeFiles } = await import('../runs/speech/transcribe-files.js')
  const { path, texts, faults, findings } = await transcribeFiles(run, files, {
    ...(beams === undefined ? {} : { beams }),
    ...(languageWeight === undefined ? {} : { languageWeight }),
  })
  for (const note of findingNotes(findings, '--json', say, output.style)) output.note(note)
  if (input.options.json === true) {
    const transcripts = files.map((file, i) => ({
      ...{ file, transcript: texts[i] },
      ...(faults[i].length === 0 ? {} : { damaged: faults[i] }),
    }))
    output.json({ run: path, transcripts, findings })
    return 0
  }
  files.forEach((file, i) => {
    const text = texts[i] === '' ? output.style.dim(say('noSpeech')) : texts[i]
    output.result(files.length === 1 ? text : `${file}: ${text}`)
  })
  return 0
}

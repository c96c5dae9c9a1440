// athanor evaluate and athanor predict: a run's model on other data.

import type { EvaluateOptions, RunEvaluation } from '../runs/evaluate-run.js'
import type { Say } from '../runs/messages/messages.js'
import type { PredictedRow } from '../runs/predicted-row.js'
import { runError } from '../runs/run-error.js'
import { shownPath } from '../runs/run-folder.js'
import type { CommandInput } from './command.js'
import { findingNotes } from './finding-notes.js'
import { interruptible } from './interruption.js'
import type { Output } from './output.js'
import { readingLine } from './progress-view.js'
import { metricLines, rateLines, textMeasureLines } from './result-tables.js'

/** The run, and the data for it. */
function given({ command, positionals }: CommandInput): readonly [run: string, ...data: string[]] {
  const [run, ...data] = positionals
  if (run === undefined) throw runError('ARGUMENT', 'runMissing', { command })
  if (data.length === 0) throw runError('ARGUMENT', 'dataMissing', { command: `${command} <run>` })
  return [run, ...data]
}

export async function evaluateCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const [run, data] = given(input)
  const { json, help: _help, lang: _lang, ...options } = input.options
  const found = await interruptible(async signal => {
    const { evaluateRun } = await import('../runs/evaluate-run.js')
    return evaluateRun(run, data, {
      ...(options as EvaluateOptions),
      signal,
      onReading: (source, rows) => output.live(readingLine(say, source, rows)),
    })
  })
  for (const note of notesOf(found, say, output)) output.note(note)
  if (json === true) output.json(factsOf(found, say))
  else for (const line of linesOf(found, say)) output.result(line)
  return 0
}

type Of<Kind extends RunEvaluation['kind']> = Extract<RunEvaluation, { kind: Kind }>

/** Rows that could not be measured. */
function notesOf(found: RunEvaluation, say: Say, { style }: Output): string[] {
  if (found.kind === 'languageModel') return []
  if (found.kind === 'speech') return findingNotes(found.findings, '--json', say, style)
  const { unseen: count, kind } = found
  const broken = found.findings.map(finding => say.finding(finding))
  if (count === 0) return broken
  const unseen =
    kind === 'table'
      ? say('unseenClasses', { count, target: targetOf(found, say) })
      : say.finding({ code: 'pictures-without-class', severity: 'warning', count, details: {} })
  return [...broken, unseen]
}

function targetOf({ target }: Of<'table' | 'pictures'>, say: Say): string {
  return target ?? say('pictureClass')
}

/** For --json. */
function factsOf(found: RunEvaluation, say: Say): object {
  if (found.kind === 'languageModel' || found.kind === 'speech') {
    const { before: _, ...facts } = found
    return facts
  }
  const { kind, run, task, rows, metrics } = found
  return { kind, run, task, target: targetOf(found, say), rows, metrics }
}

function linesOf(found: RunEvaluation, say: Say): string[] {
  const beside = <T>(values: T, before: T | undefined) => [
    [say('thisData'), values] as const,
    ...(before === undefined ? [] : [[say('test'), before] as const]),
  ]
  if (found.kind === 'languageModel') {
    const { measures, before } = found
    const { characters } = measures
    return [
      say('evaluatedCharacters', { characters }),
      ...textMeasureLines(beside(measures, before), say),
    ]
  }
  const title = say('evaluatedRows', { rows: found.rows })
  return found.kind === 'speech'
    ? [title, ...rateLines(beside(found.metrics, found.before), say)]
    : [title, ...metricLines(beside(found.metrics, found.before), say)]
}

export async function predictCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const [run, ...data] = given(input)
  const out = input.options.out as string | undefined
  const isJson = input.options.json === true
  let separator = '{"predictions":['
  const { path, rows } = await interruptible(async signal => {
    const { predictRun } = await import('../runs/predict-run.js')
    output.live(readingLine(say, data[0]))
    return predictRun(run, data, {
      out,
      query: input.options.query as string | undefined,
      encoding: input.options.encoding as string | undefined,
      signal,
      onText: text => output.piece(text),
      // As they come: one object that a table of any length fits in.
      ...(isJson && {
        onPredictions: (predictions: readonly PredictedRow[]) => {
          output.piece(separator + predictions.map(row => JSON.stringify(row)).join(','))
          separator = ','
        },
      }),
      onFinding: finding => output.note(say.finding(finding)),
    })
  })
  if (out === undefined && isJson)
    output.piece(`],${JSON.stringify({ run: path, rows }).slice(1)}\n`)
  else if (isJson) output.json({ run: path, rows, out })
  else if (out !== undefined) output.note(say('predictionsSaved', { rows, path: shownPath(out) }))
  return 0
}

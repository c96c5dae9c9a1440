// What the command line says of a run that has finished, by its kind.

import type { Say } from '../runs/messages/messages.js'
import { readManifest } from '../runs/run-folder.js'
import type { RunKind } from '../runs/run-kinds.js'
import type { AnyRun, Run } from '../runs/run-results.js'
import { boardLines } from './leaderboard.js'
import type { Output } from './output.js'
import { languageLines, metricLines, rateLines } from './result-tables.js'

type Lines<R extends AnyRun> = (run: R, say: Say, output: Output) => string[] | Promise<string[]>

const lines: { readonly [Kind in RunKind]: Lines<Extract<AnyRun, { kind: Kind }>> } = {
  table: classLines,
  pictures: classLines,
  text: classLines,
  languageModel: ({ measures }, say, { style }) => {
    const { characters } = measures.model.test
    return [style.bold(say('languageTestTitle', { characters })), ...languageLines(measures, say)]
  },
  speech: ({ metrics, baseline, rows }, say, { style }) => {
    const { test, validation, train } = metrics
    const columns = [
      [say('test'), test],
      [say('validation'), validation],
      [say('train'), train],
      [say('sameAnswer'), baseline.metrics],
    ] as const
    return [style.bold(say('speechResult', { rows: rows.test })), ...rateLines(columns, say)]
  },
}

export async function runLines(run: AnyRun, say: Say, output: Output): Promise<string[]> {
  return (lines[run.kind] as Lines<AnyRun>)(run, say, output)
}

async function classLines(run: Run, say: Say, { style }: Output): Promise<string[]> {
  const { leaderboard, learningCurve, metrics, baseline } = run
  const { split } = await readManifest(run.path)
  const columns = [
    [say('model'), metrics.test],
    [say('linear'), baseline.linear],
    [say('dummy'), baseline.dummy],
  ] as const
  const board = leaderboard.length > 0 ? [...boardLines(leaderboard, learningCurve, say), ''] : []
  return [
    ...board,
    style.bold(say('resultTitle', { rows: split.test })),
    ...metricLines(columns, say),
  ]
}

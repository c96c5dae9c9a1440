// athanor compare: the board alone; nothing is written.

import { type BoardEntry, chosenEntry } from '../runs/board/board.js'
import { leaderboard } from '../runs/board/leaderboard.js'
import type { RunEvent } from '../runs/events.js'
import { higherIsBetter, type MetricName } from '../runs/report/report-data.js'
import { runError } from '../runs/run-error.js'
import { targetMissing } from '../runs/target-missing.js'
import type { TrainOptions } from '../runs/train-options.js'
import type { CommandInput } from './command.js'
import { interruptible } from './interruption.js'
import { boardLines } from './leaderboard.js'
import { ProgressView } from './progress-view.js'

export async function compareCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const [data] = input.positionals
  const { json: _json, help: _help, lang: _lang, ...options } = input.options
  if (data === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'compare' })
  if (options.target === undefined) throw await targetMissing(data)
  const view = new ProgressView(say, output)
  const entries: BoardEntry[] = []
  let metric: MetricName = 'accuracy'
  let wasStopped = false
  try {
    const compared = await interruptible(
      async signal => {
        const { compare } = await import('../runs/compare.js')
        return compare(data, {
          ...(options as TrainOptions),
          signal,
          onProgress: (event: RunEvent) => {
            view.hear(event)
            if (event.type !== 'candidate') return
            entries.push(event.entry)
            metric = event.metric
          },
        })
      },
      () => {
        wasStopped = true
        output.note(say('interruptedOnce'))
      },
    )
    if (input.options.json === true) {
      output.json(compared)
      return 0
    }
    for (const line of boardLines(compared.leaderboard, compared.learningCurve, say))
      output.result(line)
    return 0
  } catch (error) {
    // What was measured before Ctrl-C is shown all the same.
    const chosen = chosenEntry(entries, higherIsBetter[metric])
    if (!wasStopped || chosen < 0) throw error
    const board = leaderboard({ entries, chosen, metric })
    if (input.options.json === true)
      output.json({ metric, leaderboard: board, learningCurve: null, interrupted: true })
    else for (const line of boardLines(board, null, say)) output.result(line)
    throw error
  }
}

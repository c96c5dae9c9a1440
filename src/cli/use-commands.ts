// athanor evaluate and athanor predict: a run's model on other data.

import type { Dataset } from '../data/dataset.js'
import { runError } from '../runs/run-error.js'
import { shownPath } from '../runs/run-folder.js'
import type { CommandInput } from './command.js'
import { listenForInterrupt } from './interruption.js'
import { metricLines } from './progress-view.js'

async function open(input: CommandInput, signal: AbortSignal) {
  const [run, data] = input.positionals
  if (run === undefined) throw runError('ARGUMENT', 'runMissing', { command: input.command })
  if (data === undefined)
    throw runError('ARGUMENT', 'dataMissing', { command: `${input.command} <run>` })
  const { openRunModel, openForModel } = await import('../runs/use-model.js')
  const out = input.command === 'evaluate' ? input.options.out : undefined
  const { model, path } = await openRunModel(run, out as string | undefined)
  input.output.live(input.say('reading', { source: data }))
  const dataset = await openForModel(model, data, {
    query: input.options.query as string | undefined,
    encoding: input.options.encoding as string | undefined,
    signal,
  })
  return { model, path, dataset }
}

export async function evaluateCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const { evaluateModel } = await import('../runs/use-model.js')
  const { model, path, result } = await withData(input, async (opened, signal) => ({
    ...opened,
    result: await evaluateModel(opened.model, opened.dataset, signal),
  }))
  if (result.unseen > 0)
    output.note(say('unseenClasses', { count: result.unseen, target: model.target }))
  if (input.options.json === true) {
    output.json({
      run: path,
      task: model.task,
      target: model.target,
      rows: result.rows,
      metrics: result.metrics,
    })
    return 0
  }
  output.result(say('evaluatedRows', { rows: result.rows }))
  const columns = [
    [say('thisData'), result.metrics],
    [say('test'), model.metrics.test ?? {}],
  ] as const
  for (const line of metricLines(columns, say)) output.result(line)
  return 0
}

export async function predictCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const { predictToFile } = await import('../runs/use-model.js')
  const out = input.options.out as string | undefined
  const isJson = input.options.json === true
  const { path, rows } = await withData(input, async (opened, signal) => ({
    path: opened.path,
    rows: await predictToFile(
      opened.model,
      opened.dataset,
      out,
      text => {
        if (!isJson) output.piece(text)
      },
      signal,
    ),
  }))
  if (isJson) output.json({ run: path, rows, ...(out === undefined ? {} : { out }) })
  else if (out !== undefined) output.note(say('predictionsSaved', { rows, path: shownPath(out) }))
  return 0
}

/** Ctrl-C stops the work; what was read to disk is removed either way. */
async function withData<T>(
  input: CommandInput,
  work: (opened: Awaited<ReturnType<typeof open>>, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const interruption = listenForInterrupt(() => {})
  let dataset: Dataset | undefined
  try {
    const opened = await open(input, interruption.signal)
    dataset = opened.dataset
    return await work(opened, interruption.signal)
  } finally {
    interruption.stop()
    await dataset?.close()
  }
}

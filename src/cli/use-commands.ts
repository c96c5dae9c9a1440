// athanor evaluate and athanor predict: a run's model on other data.

import type { Dataset } from '../data/dataset.js'
import type { PictureDataset } from '../data/pictures/index.js'
import type { PictureModel } from '../runs/pictures/picture-model.js'
import { runError } from '../runs/run-error.js'
import { shownPath } from '../runs/run-folder.js'
import type { TableModel } from '../runs/table-model.js'
import type { Evaluation } from '../runs/use-model.js'
import type { CommandInput } from './command.js'
import { listenForInterrupt } from './interruption.js'
import { metricLines } from './progress-view.js'

type Opened = { readonly path: string } & (
  | { readonly kind: 'table'; readonly model: TableModel; readonly dataset: Dataset }
  | { readonly kind: 'pictures'; readonly model: PictureModel; readonly pictures: PictureDataset }
)

async function open(input: CommandInput, signal: AbortSignal): Promise<Opened> {
  const [run, ...data] = input.positionals
  if (run === undefined) throw runError('ARGUMENT', 'runMissing', { command: input.command })
  if (data.length === 0)
    throw runError('ARGUMENT', 'dataMissing', { command: `${input.command} <run>` })
  const { openAnyModel, openForModel } = await import('../runs/use-model.js')
  const { PictureModel } = await import('../runs/pictures/picture-model.js')
  const out = input.command === 'evaluate' ? input.options.out : undefined
  const { model, path } = await openAnyModel(run, out as string | undefined)
  input.output.live(input.say('reading', { source: data[0] }))
  if (model instanceof PictureModel) {
    const { openForPictureModel } = await import('../runs/pictures/use-pictures.js')
    const pictures = await openForPictureModel(model, data, path, {
      isMeasured: input.command === 'evaluate',
      signal,
    })
    const broken = pictures.findings.find(({ code }) => code === 'broken-pictures')
    if (broken !== undefined) input.output.note(input.say.finding(broken))
    return { kind: 'pictures', model, path, pictures }
  }
  if (data.length > 1) throw runError('ARGUMENT', 'tooManyArguments', { value: data[1] })
  const dataset = await openForModel(model, data[0], {
    query: input.options.query as string | undefined,
    encoding: input.options.encoding as string | undefined,
    signal,
  })
  return { kind: 'table', model, path, dataset }
}

async function evaluated(opened: Opened, signal: AbortSignal): Promise<Evaluation> {
  if (opened.kind === 'table') {
    const { evaluateModel } = await import('../runs/use-model.js')
    return evaluateModel(opened.model, opened.dataset, signal)
  }
  const { evaluatePictures } = await import('../runs/pictures/use-pictures.js')
  return evaluatePictures(opened.model, opened.pictures)
}

export async function evaluateCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const { opened, result } = await withData(input, async (data, signal) => ({
    opened: data,
    result: await evaluated(data, signal),
  }))
  const { model, path } = opened
  const target = opened.kind === 'table' ? opened.model.target : say('pictureClass')
  const count = result.unseen
  if (count > 0)
    output.note(
      opened.kind === 'table'
        ? say('unseenClasses', { count, target })
        : say.finding({
            code: 'pictures-without-class',
            severity: 'warning',
            count,
            details: {},
          }),
    )
  if (input.options.json === true) {
    output.json({
      run: path,
      task: model.task,
      target,
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
  const out = input.options.out as string | undefined
  const isJson = input.options.json === true
  const onText = (text: string) => {
    if (!isJson) output.piece(text)
  }
  const { path, rows } = await withData(input, async (opened, signal) => {
    if (opened.kind === 'table') {
      const { predictToFile } = await import('../runs/use-model.js')
      const { model, dataset } = opened
      return { ...opened, rows: await predictToFile(model, dataset, out, onText, signal) }
    }
    const { predictPicturesToFile } = await import('../runs/pictures/use-pictures.js')
    const { model, pictures } = opened
    return { ...opened, rows: await predictPicturesToFile(model, pictures, out, onText, signal) }
  })
  if (isJson) output.json({ run: path, rows, ...(out === undefined ? {} : { out }) })
  else if (out !== undefined) output.note(say('predictionsSaved', { rows, path: shownPath(out) }))
  return 0
}

/** Ctrl-C stops the work; what was read to disk is removed either way. */
async function withData<T>(
  input: CommandInput,
  work: (opened: Opened, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const interruption = listenForInterrupt(() => {})
  let opened: Opened | undefined
  try {
    opened = await open(input, interruption.signal)
    return await work(opened, interruption.signal)
  } finally {
    interruption.stop()
    if (opened?.kind === 'table') await opened.dataset.close()
  }
}

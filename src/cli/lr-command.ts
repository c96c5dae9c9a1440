// athanor lr: a learning rate for the net that `train` would make, with the curve as a picture.

import { basename } from 'node:path'
import type { RunEvent } from '../runs/events.js'
import { runError } from '../runs/run-error.js'
import { shownPath } from '../runs/run-folder.js'
import { writeDurably } from '../runs/storage.js'
import type { SuggestLearningRateOptions } from '../runs/suggest-learning-rate.js'
import type { CommandInput } from './command.js'
import { listenForInterrupt } from './interruption.js'

export async function lrCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const [data] = input.positionals
  const { json, help: _help, lang: _lang, out, ...options } = input.options
  if (data === undefined) throw runError('ARGUMENT', 'dataMissing', { command: 'lr' })
  const interruption = listenForInterrupt(() => {})
  const { suggestLearningRate } = await import('../runs/suggest-learning-rate.js')
  try {
    const found = await suggestLearningRate(data, {
      ...(options as SuggestLearningRateOptions),
      signal: interruption.signal,
      onProgress: (event: RunEvent) => {
        if (event.type !== 'reading') return
        const { source, rows } = event
        output.live(
          rows === undefined ? say('reading', { source }) : say('readingRows', { source, rows }),
        )
      },
    })
    const picture = typeof out === 'string' ? out : pictureOf(data)
    await writeDurably(picture, found.svg())
    const { svg: _, ...values } = found
    if (json === true) {
      output.json({ ...values, picture })
      return 0
    }
    const { suggestion, suggestedBy, standard } = found
    output.result(
      suggestion === null || suggestedBy === null
        ? say('lrNone', { standard: short(standard) })
        : say(suggestedBy === 'steepest' ? 'lrSteepest' : 'lrTenth', {
            rate: short(suggestion),
            standard: short(standard),
          }),
    )
    output.result(say('lrPicture', { path: shownPath(picture) }))
    return 0
  } finally {
    interruption.stop()
  }
}

function pictureOf(data: string): string {
  const name = basename(data)
    .replace(/\.[^.]*$/, '')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
  return `${name === '' ? 'data' : name}-learning-rate.svg`
}

/** Two digits say all that such a curve knows. */
function short(rate: number): string {
  return String(Number(rate.toPrecision(2)))
}

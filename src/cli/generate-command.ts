// athanor generate: a language model writes on from a prompt.

import { runError } from '../runs/run-error.js'
import type { CommandInput } from './command.js'
import { interruptible } from './interruption.js'

export async function generateCommand(input: CommandInput): Promise<number> {
  const { say, output, options } = input
  const [run] = input.positionals
  if (run === undefined) throw runError('ARGUMENT', 'runMissing', { command: 'generate' })
  const { openGenerator } = await import('../runs/text/open-generator.js')
  const { model, path } = await openGenerator(run)
  const prompt = (options.prompt as string | undefined) ?? ''
  const unknown = model.unknownIn(prompt)
  if (unknown.length > 0)
    output.note(
      output.style.warn(say('warning')) +
        say('promptUnknown', { list: unknown.slice(0, 20).join(' ') }),
    )
  const tokens = model.promptLength(prompt)
  if (tokens > model.reach)
    output.note(say('note') + say('promptLong', { tokens, context: model.reach }))
  const isJson = options.json === true
  let text = ''
  await interruptible(async signal => {
    if (!isJson) output.piece(prompt)
    for await (const piece of model.generate({
      prompt,
      temperature: (options.temperature as number | undefined) ?? 0.8,
      length: (options.length as number | undefined) ?? 300,
      topK: options.topK as number | undefined,
      topP: options.topP as number | undefined,
      repetitionPenalty: options.repetitionPenalty as number | undefined,
      stop: options.stop === undefined ? [] : [options.stop as string],
      seed: options.seed as number | undefined,
    })) {
      if (isJson) text += piece
      else output.piece(piece)
      if (signal.aborted) throw runError('INTERRUPTED', 'interruptedEarly')
    }
    if (!isJson) output.piece('\n')
  })
  if (isJson) output.json({ run: path, prompt, text })
  return 0
}

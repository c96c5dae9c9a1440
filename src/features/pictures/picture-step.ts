// One step of augmentation from a table of its options and what it does to a picture.

import { argumentError } from '../../base/errors.js'
import { type OptionRows, OptionTable } from '../../base/options.js'
import { numberIn } from '../../base/value-kinds.js'
import type { PictureAugmentation } from './augmentation.js'

/** Every option with its value. */
type Settings<O> = Required<O> & ReturnType<PictureAugmentation['config']>

interface StepDefinition<O extends object> {
  /** As the library exports it, and `config` belongs to. */
  readonly name: string
  readonly options: OptionRows<O>
  readonly defaults: Settings<O>
  /** What it does under some settings; throws for settings that do not go together. */
  change(settings: Settings<O>): PictureAugmentation['apply']
}

/** A number from 0 to 1: how often, or how much. */
export const share = numberIn({ min: 0, max: 1 })

/** The function that makes steps of one kind: checks their options, fills in defaults. */
export function pictureStep<O extends object>({
  name,
  options,
  defaults,
  change,
}: StepDefinition<O>): (given?: O) => PictureAugmentation {
  const table = new OptionTable<O>(options)
  return given => {
    const settings = { ...defaults, ...table.check(`augment.${name}`, given) }
    return { name, apply: change(settings), config: () => settings }
  }
}

/** @throws AthanorError ARGUMENT where a smallest size is above the largest. */
export function requireRange(
  name: string,
  { smallest, largest }: { readonly smallest: number; readonly largest: number },
): void {
  if (smallest > largest)
    throw argumentError(`augment.${name}`, 'smallest up to largest', `${smallest}, ${largest}`)
}

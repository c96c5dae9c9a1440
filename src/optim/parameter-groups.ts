// Which parameters an optimizer updates, and with which settings.

import { argumentError } from '../base/errors.js'
import { OptionTable, required } from '../base/options.js'
import { formatShape } from '../base/shape.js'
import { numberIn, orNull, tested } from '../base/value-kinds.js'
import { Variable } from '../tensor/variable.js'
import { type LearningRate, rateOrSchedule } from './schedule.js'

/** Parameters with settings of their own; what is not given comes from the optimizer. */
export interface ParameterGroup {
  readonly parameters: readonly Variable[]
  /** A rate, not a factor: what the optimizer's own rate or schedule says has no effect on this group. */
  readonly learningRate?: LearningRate
  readonly weightDecay?: number | null
}

const groupOptions = new OptionTable<ParameterGroup>({
  parameters: required(tested<ParameterGroup['parameters']>('a list of Variables', Array.isArray)),
  learningRate: rateOrSchedule,
  weightDecay: orNull(numberIn({ min: 0 })),
})

/** Parameters, or groups of them. */
export type Parameters = readonly Variable[] | readonly ParameterGroup[]

export interface BoundGroup {
  /** Its own, if it has one; a plateau lowers it. */
  learningRate: LearningRate | undefined
  readonly weightDecay: number
}

export interface Bound {
  readonly parameters: readonly Variable[]
  /** The group of each parameter. */
  readonly groupOf: readonly number[]
  readonly groups: readonly BoundGroup[]
}

/** @throws AthanorError ARGUMENT for things that are no Variables, or one given twice. */
export function boundTo(operation: string, parameters: Parameters, decay: number): Bound {
  const groups = grouped(parameters)
  const all = groups.flatMap(group => group.parameters)
  const twice = all.find((parameter, i) => all.indexOf(parameter) !== i)
  if (twice !== undefined)
    throw argumentError(operation, 'each parameter once', `${nameOf(twice)} twice`)
  return {
    parameters: all,
    groupOf: groups.flatMap((group, i) => group.parameters.map(() => i)),
    groups: groups.map(({ learningRate, weightDecay }) => ({
      learningRate,
      weightDecay: weightDecay ?? decay,
    })),
  }
}

function grouped(parameters: Parameters): readonly ParameterGroup[] {
  if (!Array.isArray(parameters))
    throw argumentError('optimizer', 'an array of parameters or of groups', typeof parameters)
  const isGroup = (item: Variable | ParameterGroup): item is ParameterGroup =>
    !(item instanceof Variable) && Array.isArray(item?.parameters)
  const groups = parameters.some(isGroup)
    ? parameters.map(group => groupOptions.check('parameter group', group as ParameterGroup))
    : [{ parameters: parameters as readonly Variable[] }]
  for (const { parameters: list } of groups)
    for (const item of list)
      if (!(item instanceof Variable))
        throw argumentError(
          'optimizer',
          'Variables, as model.parameters() gives them',
          item === null ? 'null' : typeof item,
        )
  return groups
}

function nameOf(parameter: Variable): string {
  return parameter.name || `a variable of shape ${formatShape(parameter.shape)}`
}

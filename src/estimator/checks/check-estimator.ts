// The estimator contract, run: whatever is called an estimator goes through this, nets included (the
// idea is scikit-learn's check_estimator).

import { refuseName } from '../../base/options.js'
import type { EstimatorClass } from '../contract.js'
import { degenerateChecks } from './degenerate.js'
import { fittingChecks } from './fitting.js'
import { inputChecks } from './input.js'
import { kindChecks } from './kinds.js'
import { savingChecks } from './saving.js'
import { type CheckedEstimator, type Subject, subjectOf } from './subject.js'
import { threadChecks } from './threads.js'

type Check = (subject: Subject) => Promise<string | undefined>

const checks = {
  ...fittingChecks,
  ...inputChecks,
  ...savingChecks,
  ...kindChecks,
  ...degenerateChecks,
  ...threadChecks,
}

/** The name of a check of `checkEstimator`. */
export type CheckName = keyof typeof checks

/** The names of all checks. */
export const checkNames = Object.keys(checks) as readonly CheckName[]

/**
 * What is wrong with an estimator, one sentence each, the check's name first; nothing when it keeps the
 * contract. Takes a class, or `{ make, fromJSON }` for other parameters than the defaults; `skip` leaves
 * checks out, each with a reason.
 *
 * The estimator is fitted on some forty rows, several hundred times.
 *
 * @example
 * ```ts
 * await checkEstimator(Ridge) // []
 * await checkEstimator({ make: () => new Ridge({ alpha: 0.5 }), fromJSON: Ridge.fromJSON }) // []
 * ```
 */
export async function checkEstimator(
  checked: EstimatorClass | CheckedEstimator,
): Promise<string[]> {
  const given: CheckedEstimator =
    'make' in checked
      ? checked
      : { make: () => new checked(), fromJSON: json => checked.fromJSON(json) }
  const skip = given.skip ?? {}
  for (const name of Object.keys(skip))
    if (!Object.hasOwn(checks, name)) refuseName('checkEstimator', 'check', name, checkNames)
  const subject = subjectOf(given)
  const found: string[] = []
  for (const [name, check] of Object.entries<Check>(checks)) {
    if (Object.hasOwn(skip, name)) continue
    try {
      const wrong = await check(subject)
      if (wrong !== undefined) found.push(`${name}: ${wrong}`)
    } catch (error) {
      found.push(`${name}: threw ${error}`)
    }
  }
  return found
}

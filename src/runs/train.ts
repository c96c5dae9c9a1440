// A run from data to report: what `athanor train` does, from code. The kind of run is found from data and options,
// and only its code is loaded.

import type { AnyOptions, EarlierRunOptions, Train } from './any-options.js'
import { findRunKind } from './find-kind.js'
import { courseOf } from './kind-courses.js'
import type { DataSource } from './read-data.js'
import type { AnyRun } from './run-results.js'

async function trainAny(
  first: DataSource | EarlierRunOptions | undefined,
  second?: AnyOptions,
): Promise<AnyRun> {
  const isOptions = typeof first === 'object' && first !== null && !Array.isArray(first)
  const [data, options] = isOptions
    ? [undefined, first as EarlierRunOptions]
    : [(first ?? undefined) as DataSource | undefined, second ?? {}]
  const kind = await findRunKind(data, options)
  return (await courseOf(kind, options)).run(data as DataSource)
}

/** Errors: those of the kind of run; ARGUMENT for options that no kind takes. */
export const train = trainAny as Train

// Features for an estimator that holds others: read in the form that those take, checked once, and passed
// on to them as they are.

import type { EstimatorCore, Tags } from './contract.js'
import { frameOf } from './frame.js'
import {
  type Features,
  type FeaturesLike,
  type MatrixLike,
  type MatrixNeeds,
  matrixOf,
} from './matrix.js'
import { textsOf } from './texts.js'

/** What all of them take; the form of the first. */
export function innerTags(inner: readonly EstimatorCore[]): Tags {
  const all = inner.map(estimator => (estimator as { tags?: Tags }).tags ?? {})
  const every = (name: 'allowNaN' | 'sparse' | 'oneClass' | 'ignoresFeatures') =>
    all.length > 0 && all.every(tags => tags[name] === true)
  const some = (name: 'noSampleWeight' | 'nonNegative') => all.some(tags => tags[name] === true)
  return {
    input: all[0]?.input,
    targets: all[0]?.targets,
    allowNaN: every('allowNaN'),
    sparse: every('sparse'),
    oneClass: every('oneClass'),
    ignoresFeatures: every('ignoresFeatures'),
    noSampleWeight: some('noSampleWeight'),
    nonNegative: some('nonNegative'),
  }
}

/** Reads features as the tags ask. Errors: those of `matrixOf`, `frameOf` and `textsOf`. */
export async function featuresFor(
  { input }: Tags,
  operation: string,
  x: FeaturesLike,
  needs: MatrixNeeds,
): Promise<Features> {
  if (input === 'texts') return textsOf(operation, x, needs)
  if (input === 'table') return frameOf(operation, x, needs)
  return matrixOf(operation, x as MatrixLike, needs)
}

/** Read features as they can be given to an estimator. */
export function givenTo(features: Features): FeaturesLike {
  return 'texts' in features
    ? (features as { texts: readonly string[] }).texts
    : (features as unknown as FeaturesLike)
}

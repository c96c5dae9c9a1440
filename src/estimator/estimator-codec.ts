// A fitted estimator as a field of what another one learned.

import type { EstimatorCore } from './contract.js'
import { estimatorFromJSON, isEstimator } from './estimator-parameter.js'
import type { Codec } from './state.js'

interface WithParts {
  toParts?(): unknown
}

/** An estimator of any known class; read, it has to have learned. */
export const estimatorCodec: Codec<EstimatorCore> = {
  write: value => (value as WithParts).toParts?.() ?? value.toJSON(),
  read: json => {
    const estimator = estimatorFromJSON(json.value)
    return estimator.isFitted ? estimator : json.fail('a fitted estimator', 'one before fit')
  },
}

/** An estimator, or a text that stands in its place ('passthrough', 'drop'). */
export const estimatorOr = <W extends string>(words: readonly W[]): Codec<EstimatorCore | W> => ({
  write: value => (isEstimator(value) ? estimatorCodec.write(value) : value),
  read: json => (typeof json.value === 'string' ? json.oneOf(words) : estimatorCodec.read(json)),
})

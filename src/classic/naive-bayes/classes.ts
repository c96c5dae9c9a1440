// What the naive Bayes classifiers share: classes' priors, softmax, and learning from part after part.

import { AthanorError, shapeError } from '../../base/errors.js'
import type { Label } from '../../base/label.js'
import type { AnyMatrix, ClassifierTraining } from '../../estimator/base-classifier.js'
import type { Frame, Training } from '../../estimator/base-estimator.js'
import type { MatrixLike } from '../../estimator/matrix.js'
import { encodeLabels, type Targets, targetsOf } from '../../estimator/targets.js'

/** Logarithms of the classes' shares, or of what is given in their place; −Infinity for none. */
export function logPriors(counts: Float64Array, given?: ArrayLike<number>): Float64Array {
  if (given !== undefined) return Float64Array.from(given, Math.log)
  const total = counts.reduce((a, b) => a + b)
  return counts.map(count => Math.log(count / total))
}

/** e to the scores, each row's made to sum to 1, in place. */
export function softmaxRows(scores: Float64Array, classes: number): Float64Array {
  for (let at = 0; at < scores.length; at += classes) {
    let most = -Infinity
    for (let k = 0; k < classes; k++) most = Math.max(most, scores[at + k])
    let sum = 0
    for (let k = 0; k < classes; k++) {
      scores[at + k] = Math.exp(scores[at + k] - most)
      sum += scores[at + k]
    }
    for (let k = 0; k < classes; k++) scores[at + k] /= sum
  }
  return scores
}

/** Rows of the classes that had any, spread over those of all classes; the others 0. */
export function spreadOver(frame: Frame, values: Float64Array, width: number): Float64Array {
  const { present, classes = [] } = frame
  if (present === undefined) return values
  const out = new Float64Array(classes.length * width)
  present.forEach((place, k) => {
    out.set(values.subarray(k * width, (k + 1) * width), place * width)
  })
  return out
}

/**
 * A part of the rows for `partialFit`, its labels as places among all classes.
 *
 * @throws AthanorError SHAPE for another width than before; ARGUMENT for a label that was not named;
 * DATA for other column names.
 */
export async function partOf(
  operation: string,
  training: Training<AnyMatrix>,
  x: MatrixLike,
  y: Targets,
  before: Frame | undefined,
  named: readonly Label[] | undefined,
): Promise<ClassifierTraining<AnyMatrix>> {
  const { rows, width } = training
  if (before !== undefined && before.nFeaturesIn !== width)
    throw shapeError(operation, `${before.nFeaturesIn} features, as before`, String(width))
  const [names, known] = [training.x.names, before?.featureNamesIn]
  if (names !== undefined && known !== undefined && names.some((name, i) => name !== known[i]))
    throw new AthanorError('DATA', {
      operation,
      expected: `the columns ${known.join(', ')}, as before`,
      received: names.join(', '),
    })
  const given = await targetsOf(operation, x, y)
  const { classes, codes } = encodeLabels(operation, given, rows, before?.classes ?? named)
  return { ...training, operation, codes, classes: classes.length, labels: classes }
}

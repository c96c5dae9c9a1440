// Ops whose gradient has no gradient of its own: what is said to whoever asks for one.

import { AthanorError } from '../base/errors.js'
import type { Node } from '../graph/node.js'
import type { OpName } from '../graph/ops.js'

export type FirstOnly = 'lstm' | 'gru' | 'simpleRnn' | 'ctcLoss'

interface Words {
  readonly expected: string
  readonly received: string
  readonly fix: string
}

const steps: Words = {
  expected: 'a layer that is computed step by step',
  received: 'one whose steps are a single kernel, which has first derivatives only',
  fix: 'Make the layer with unroll: true',
}

const words: { readonly [K in FirstOnly]: Words } = {
  lstm: steps,
  gru: steps,
  simpleRnn: steps,
  ctcLoss: {
    expected: 'a first derivative of the loss',
    received: 'a second one, which it does not have',
    fix: 'Wrap the gradient in stopGradient, or take first derivatives only',
  },
}

export function secondDerivative(op: FirstOnly): AthanorError {
  return new AthanorError('ARGUMENT', {
    operation: `gradient of a gradient through ${op}`,
    ...words[op],
  })
}

/** The rule of a gradient op that has no rule. */
export function refuseSecond(_upstream: Node, { op }: { readonly op: OpName }): never {
  throw secondDerivative(op.replace('Gradient', '') as FirstOnly)
}

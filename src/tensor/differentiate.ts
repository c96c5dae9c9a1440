// Gradients of functions, as in JAX.

import { gradients } from '../autodiff/gradients.js'
import { AthanorError, shapeError } from '../base/errors.js'
import { formatShape } from '../base/shape.js'
import * as g from '../graph/build.js'
import { type Node, topological, withoutGradient } from '../graph/node.js'
import { makeNode } from '../graph/ops.js'
import { context } from './context.js'
import { evaluate } from './flush.js'
import { Tensor } from './tensor.js'
import { callsBelow, mostCalls, recordCall } from './together.js'
import { takeApart } from './tree.js'

/**
 * The function that computes both `f`'s value and its gradient with respect to its first argument (a
 * tensor, or objects and arrays of tensors; the gradient has the same form).
 *
 * @throws AthanorError SHAPE if `f` does not return a scalar tensor.
 * @example
 * ```ts
 * const f = (p: { w: Tensor; b: Tensor }, x: Tensor) => x.mul(p.w).add(p.b).square().sum()
 * const { value, gradient } = valueAndGrad(f)({ w: tensor(2), b: tensor(1) }, tensor([1, 2]))
 * ```
 */
export function valueAndGrad<P, A extends readonly unknown[]>(
  f: (parameters: P, ...rest: A) => Tensor,
): (parameters: P, ...rest: A) => { value: Tensor; gradient: P } {
  return (parameters, ...rest) => {
    const { tensors, rebuild } = takeApart(parameters)
    const given = tensors.map(t => t.node)
    let below = callsBelow(given)
    if (below >= mostCalls) {
      evaluate(given)
      below = 0
    }
    // A node of its own for each argument: only what flows through the argument counts.
    const inner = given.map(outside => {
      const node = makeNode('reshape', [outside], { shape: outside.shape })
      node.tracked = true
      return node
    })
    inner.forEach((node, i) => {
      if (!g.isFloatNode(node))
        throw new AthanorError('DTYPE', {
          operation: 'grad',
          expected: 'float tensors as first argument',
          received: `${tensors[i].dtype} ${formatShape(tensors[i].shape)}`,
          fix: 'Pass integers as a later argument',
        })
    })
    const value = f(rebuild(inner.map(node => new Tensor(node))) as P, ...rest)
    if (!(value instanceof Tensor) || value.size !== 1)
      throw shapeError(
        'grad',
        'a function that returns a scalar tensor',
        value instanceof Tensor ? formatShape(value.shape) : typeof value,
        'End it with sum() or mean()',
      )
    const upstream = g.filled(value.shape, 1, value.dtype)
    const found = gradients([value.node], inner, [upstream])
    const parts = found.map((node, i) => node ?? g.zerosLike(inner[i]))
    const results = [value.node, ...parts]
    forgetArguments(results, inner)
    recordCall(given, results, below)
    return { value, gradient: rebuild(parts.map(node => new Tensor(node))) as P }
  }
}

/** Within the function all that its arguments lead to is tracked; outside, only what was before. */
function forgetArguments(results: readonly Node[], inner: readonly Node[]): void {
  const oldest = Math.min(...inner.map(node => node.id))
  const assigned = new Set(context().assigns.values())
  for (const node of topological(results, ({ id }) => id < oldest))
    if (node.id >= oldest && node.tracked && node.inputs.length > 0 && !assigned.has(node))
      node.tracked = node.inputs.some(input => input.tracked)
}

/**
 * The gradient of `f` with respect to its first argument. Applied to its own result it gives second
 * derivatives.
 *
 * @example
 * ```ts
 * const cube = (x: Tensor) => x.mul(x).mul(x)
 * await grad(cube)(tensor(2)).item()            // 12
 * await grad((x: Tensor) => grad(cube)(x))(tensor(2)).item() // 12
 * ```
 */
export function grad<P, A extends readonly unknown[]>(
  f: (parameters: P, ...rest: A) => Tensor,
): (parameters: P, ...rest: A) => P {
  const both = valueAndGrad(f)
  return (parameters, ...rest) => both(parameters, ...rest).gradient
}

/** Runs `body` without recording anything for gradients: evaluation, metrics, updates by hand. */
export function noGrad<T>(body: () => T): T {
  return withoutGradient(body)
}

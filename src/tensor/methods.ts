// Puts the functions of tensors onto Tensor as methods: add(a, b) is also a.add(b).

import * as operations from './operations.js'
import * as structure from './structure.js'
import { Tensor } from './tensor.js'

// What does not begin with the tensor itself stays a function only.
const { where, softmaxCrossEntropy, ...computing } = operations
const { concat, stack, oneHot, scatterAdd, ...moving } = structure

const methods = { ...computing, ...moving }

type Method<F> = F extends (x: never, ...rest: infer R) => infer Out ? (...rest: R) => Out : never
type Methods = { [K in keyof typeof methods]: Method<(typeof methods)[K]> }

declare module './tensor.js' {
  // The methods' documentation is that of the functions of the same names.
  interface Tensor extends Methods {}
}

for (const [name, method] of Object.entries(methods)) {
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, ...rest: unknown[]) {
      return (method as (x: Tensor, ...rest: unknown[]) => unknown)(this, ...rest)
    },
    writable: true,
    configurable: true,
  })
}

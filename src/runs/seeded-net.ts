// A run's net as it is before its training: the same weights and names for the same seed, whatever was built before.

import { BaseLayer } from '../nn/base-layer.js'
import { namedAnew } from '../nn/layer-names.js'
import { l2 } from '../nn/regularizers.js'
import { random } from '../tensor/index.js'
import type { Model } from '../train/model.js'

/** With `l2` > 0, l2 · Σw² of every kernel is in its loss. */
export function seededNet(
  { seed, l2: factor }: { readonly seed: number; readonly l2: number },
  build: () => Model,
): Model {
  random.seed(seed)
  const net = namedAnew(build)
  if (factor > 0)
    for (const part of net.module.modules())
      if (part instanceof BaseLayer) part.penalizeKernels(l2(factor))
  return net
}

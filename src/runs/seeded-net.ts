// A run's net as it is before its training: the same weights and names for the same seed, whatever was built before.

import { namedAnew } from '../nn/layer-names.js'
import { random } from '../tensor/index.js'

export function seededNet<Net>(seed: number, build: () => Net): Net {
  random.seed(seed)
  return namedAnew(build)
}

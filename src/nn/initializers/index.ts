// Initialisers by name.

import { byName } from '../../base/by-name.js'
import { argumentError } from '../../base/errors.js'
import { constant, identity, ones, zeros } from './constant.js'
import type { Initializer, InitializerConfig } from './initializer.js'
import { orthogonal } from './orthogonal.js'
import { randomNormal, randomUniform, truncatedNormal } from './random.js'
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  varianceScaling,
} from './variance-scaling.js'

export type { Initializer, InitializerConfig, SeedOption } from './initializer.js'
export type { OrthogonalOptions } from './orthogonal.js'
export type { NormalOptions, UniformOptions } from './random.js'
export type { VarianceScalingOptions } from './variance-scaling.js'
export {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  identity,
  lecunNormal,
  lecunUniform,
  ones,
  orthogonal,
  randomNormal,
  randomUniform,
  truncatedNormal,
  varianceScaling,
  zeros,
}

const makers = {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  identity,
  lecunNormal,
  lecunUniform,
  ones,
  orthogonal,
  randomNormal,
  randomUniform,
  truncatedNormal,
  varianceScaling,
  zeros,
}

/** Names under which initialisers are found. */
export type InitializerName = keyof typeof makers

/** An initialiser, its name, or what a saved model says of it. */
export type InitializerLike = Initializer | InitializerName | InitializerConfig

/**
 * @throws AthanorError ARGUMENT for an unknown name.
 */
export function getInitializer(initializer: InitializerLike): Initializer {
  if (typeof initializer === 'function') return initializer
  const { name, options } =
    typeof initializer === 'string' ? { name: initializer, options: {} } : initializer
  const make = byName<(options: never) => Initializer>('initializer', name, makers)
  return make(options as never)
}

/** @throws AthanorError ARGUMENT for a plain function, which cannot be saved. */
export function initializerConfig(initializer: Initializer): InitializerConfig {
  if (initializer.config !== undefined) return initializer.config
  throw argumentError(
    'saving a layer',
    'initialisers of the library',
    'a plain function',
    'Use initializers.* in models that are saved',
  )
}

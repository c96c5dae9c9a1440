// Terms in a saved state: distinct texts, at least one.

import type { Codec } from '../../estimator/state.js'

export const termsCodec: Codec<readonly string[]> = {
  write: terms => terms,
  read: json => json.distinctStrings(1, 50_000_000),
}

// What the attention of a model looks at, as plain numbers.

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { oneOf } from '../../base/value-kinds.js'
import { recordAttention } from '../../nn/attention/record-attention.js'
import { withFreshStates } from '../../nn/carried.js'
import { inMode } from '../../nn/mode.js'
import type { ModuleOutput } from '../../nn/module-output.js'
import { noGrad } from '../../tensor/differentiate.js'
import { evaluateAsync } from '../../tensor/flush.js'
import { mean } from '../../tensor/operations.js'
import { Tensor } from '../../tensor/tensor.js'
import type { Model } from '../../train/model.js'

/** Options of `attentionOf`. */
export interface AttentionOptions {
  /** `mean`: one map for a layer, the mean of its heads. Default: each. */
  readonly heads?: 'each' | 'mean'
}

const attentionOptions = new OptionTable<AttentionOptions>({ heads: oneOf(['each', 'mean']) })

/** Attention of one layer. */
export interface AttentionMaps {
  /** The name of the attention layer. */
  readonly layer: string
  /** 1 where they were averaged. */
  readonly heads: number
  readonly queries: number
  readonly keys: number
  /** Row-major [batch, heads, queries, keys], the keys of a query adding up to 1. */
  readonly values: Float32Array
}

/**
 * How much each token of a text looks at each other one, in every attention layer of a model, in the order of the
 * layers; the model is in inference mode meanwhile. For a model of one attention layer see also `attend`, for a
 * function of tensors `recordAttention`.
 *
 * @param inputs what the model takes: ids [batch, tokens], or a list where it takes several
 * @throws AthanorError ARGUMENT for options, and a model without attention; what the model throws.
 * @example
 * ```ts
 * const net = transformerLanguageModel({ vocabulary: 9, context: 8, width: 8, heads: 2, layers: 3 })
 * const maps = await attentionOf(net, tensor([[4, 5, 6]], { dtype: 'int32' }))
 * maps.map(({ heads, values }) => [heads, values.length]) // [[2, 18], [2, 18], [2, 18]]
 * ```
 */
export async function attentionOf<Output extends ModuleOutput>(
  model: Model<Output>,
  inputs: Tensor | readonly Tensor[],
  options: AttentionOptions = {},
): Promise<AttentionMaps[]> {
  const { heads: which = 'each' } = attentionOptions.check('attentionOf', options)
  const { module } = model
  const given = inputs instanceof Tensor ? [inputs] : inputs
  const maps = await withFreshStates(module, async () => {
    const { attention } = inMode(module, false, () =>
      recordAttention(() => noGrad(() => module.forward(...given))),
    )
    const shown = attention.map(({ layer, scores }) => ({
      layer,
      scores: which === 'each' ? scores : mean(scores, { axis: 1, keepDims: true }),
    }))
    // All at once, while states are those that they were computed from.
    await evaluateAsync(shown.map(({ scores }) => scores.node))
    return shown
  })
  if (maps.length === 0) throw argumentError('attentionOf', 'a model with attention', 'one without')
  return Promise.all(
    maps.map(async ({ layer, scores }) => {
      const [, heads, queries, keys] = scores.shape
      return { layer, heads, queries, keys, values: Float32Array.from(await scores.data()) }
    }),
  )
}

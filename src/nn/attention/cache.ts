// Keys and values of the tokens so far, and the states of recurrent layers, so that generating one more costs one token and
// not all of them.

import { AthanorError, argumentError, shapeError } from '../../base/errors.js'
import { OptionTable, required } from '../../base/options.js'
import { formatShape } from '../../base/shape.js'
import { valueWords, wholeNumber } from '../../base/value-kinds.js'
import { context, everyRun } from '../../tensor/context.js'
import { arange, ones, runtimeScalar } from '../../tensor/creation.js'
import { noGrad } from '../../tensor/differentiate.js'
import { evaluate } from '../../tensor/flush.js'
import {
  add,
  clip,
  greater,
  greaterEqual,
  less,
  logicalAnd,
  sub,
  where,
} from '../../tensor/operations.js'
import { gather, reshape } from '../../tensor/structure.js'
import { Tensor } from '../../tensor/tensor.js'
import { takeApart } from '../../tensor/tree.js'
import { type Variable, variable } from '../../tensor/variable.js'

/** Options of `KeyValueCache`. */
export interface KeyValueCacheOptions {
  /** Most tokens that fit. Memory and the cost of a step grow with it. */
  readonly maxLength: number
}

const cacheOptions = new OptionTable<KeyValueCacheOptions>({
  maxLength: required(wholeNumber({ min: 1 })),
})

interface Entry {
  readonly keys: Variable
  readonly values: Variable
  /** Which places count; null as long as all of them do. */
  mask: Variable | null
}

/** @internal The step of a cache that is being recorded. */
export interface CacheStep {
  readonly cache: KeyValueCache
  /** Where the step's first token goes: an int32 scalar. */
  readonly position: Tensor
  readonly tokens: number
}

let current: CacheStep | null = null

/** @internal The step that runs now, or null outside of one. */
export function cacheStep(): CacheStep | null {
  return current
}

/**
 * @internal For layers whose result at a step is made of other steps, which no cache keeps: alone with the step's tokens
 * they would be silently wrong.
 */
export function refuseOtherSteps(layer: string, x: Tensor): void {
  if (current === null || x.rank < 3 || x.shape[1] !== current.tokens) return
  throw new AthanorError('STATE', {
    operation: 'KeyValueCache.run',
    expected:
      'layers that know earlier steps from the cache (causal attention, recurrent layers that read forwards) or look at each step alone',
    received: layer,
    fix: 'Run the whole sequence without a cache; an encoder of something else runs before, outside of run()',
  })
}

/**
 * Remembers keys and values of every causal attention layer of a model while it generates, and the states of
 * every recurrent layer that reads forwards. Within `run`, those layers go on from the tokens before, and
 * positional encodings count from where the last step ended; the results are those of the whole sequence at
 * once. Layers that would need other steps (convolutions, pooling, attention to what is still to come) are refused. Shapes stay the same from step to step, so that a compiled step is traced once. Attention to an
 * encoder's output is not cached.
 *
 * @example
 * ```ts
 * const net = sequential([
 *   layers.tokenAndPositionEmbedding({ vocabularySize: 50, sequenceLength: 16, embeddingDim: 8 }),
 *   layers.transformerDecoder({ intermediateDim: 16, numHeads: 2 }),
 *   layers.dense({ units: 50 }),
 * ])
 * const cache = new KeyValueCache({ maxLength: 16 })
 * const next = (tokens: Tensor) => cache.run(tokens, x => net.module.forward(x))
 * next(tensor([[7, 2, 9]], { dtype: 'int32' })).shape // [1, 3, 50]
 * next(tensor([[4]], { dtype: 'int32' })).shape // [1, 1, 50]
 * cache.length // 4
 * ```
 */
export class KeyValueCache {
  readonly maxLength: number
  private readonly entries = new Map<object, Entry>()
  private readonly states = new Map<object, readonly Variable[]>()
  private count = 0

  constructor(options: KeyValueCacheOptions) {
    this.maxLength = cacheOptions.check('KeyValueCache', options).maxLength
  }

  /** Tokens that have gone through. */
  get length(): number {
    return this.count
  }

  /**
   * Runs `step` on the next tokens.
   *
   * @param tokens [batch, tokens] or [batch, tokens, features]; the first call may have many (the prompt)
   * @throws AthanorError ARGUMENT for something else than tokens; STATE where they do not fit any more; SHAPE for
   * another batch size than before.
   */
  run<T>(tokens: Tensor, step: (tokens: Tensor) => T): T {
    if (!(tokens instanceof Tensor) || tokens.rank < 2)
      throw argumentError(
        'KeyValueCache.run',
        'tokens of shape [batch, tokens, …]',
        tokens instanceof Tensor ? formatShape(tokens.shape) : valueWords(tokens),
      )
    const more = tokens.shape[1]
    let start = 0
    everyRun(
      () => {
        this.requireRoom(more)
        start = this.count
        this.count += more
      },
      () => {
        this.count -= more
      },
    )
    const position = runtimeScalar(() => start, { dtype: 'int32' })
    const before = current
    current = { cache: this, position, tokens: more }
    try {
      const result = noGrad(() => step(tokens))
      // Outside compile, at once: a later step would replace the values that this one needs.
      if (context().trace === null) evaluate(takeApart(result).tensors.map(({ node }) => node))
      return result
    } catch (error) {
      this.count = start
      throw error
    } finally {
      current = before
    }
  }

  private requireRoom(more: number): void {
    if (this.count + more <= this.maxLength) return
    throw new AthanorError('STATE', {
      operation: 'KeyValueCache.run',
      expected: `at most ${this.maxLength} tokens`,
      received: `${this.count} and ${more} more`,
      fix: 'Make it with a greater maxLength, or call reset() and start with the last tokens',
    })
  }

  /** Starts anew; the memory is kept. */
  reset(): void {
    this.count = 0
  }

  /**
   * Takes other rows of the batch, in this order: what a beam search needs when some beams go on twice.
   *
   * @param rows one number of a row for each row of the batch
   * @throws AthanorError SHAPE for more or fewer
   */
  reorder(rows: Tensor): void {
    const entries = [...this.entries.values()].flatMap(({ keys, values, mask }) => [
      keys,
      values,
      ...(mask === null ? [] : [mask]),
    ])
    for (const kept of [...entries, ...[...this.states.values()].flat()]) {
      if (rows.rank !== 1 || rows.shape[0] !== kept.shape[0])
        throw shapeError(
          'KeyValueCache.reorder',
          `${kept.shape[0]} numbers of rows`,
          formatShape(rows.shape),
        )
      kept.assign(gather(kept, rows))
    }
  }

  /** @internal The states [batch, units] in which a recurrent `layer` ended the step before; zeros in the first. */
  statesOf(layer: object, { position }: CacheStep, zeros: readonly Tensor[]): readonly Tensor[] {
    let states = this.states.get(layer)
    if (states === undefined) {
      states = zeros.map(({ shape, dtype, size }) =>
        variable(new Float64Array(size), { name: 'cache', dtype, shape, trainable: false }),
      )
      this.states.set(layer, states)
    }
    const [batch] = zeros[0].shape
    if (states[0].shape[0] !== batch) throw otherBatch(states[0].shape[0], batch)
    const goesOn = greater(position, 0)
    return states.map((state, i) => where(goesOn, state, zeros[i]))
  }

  /** @internal */
  keepStates(layer: object, states: readonly Tensor[]): void {
    this.states.get(layer)!.forEach((kept, i) => {
      kept.assign(states[i])
    })
  }

  /**
   * @internal Adds the step's keys and values [batch, heads, tokens, size], and the mask [batch, tokens] that they
   * carry, to those of `layer`, and gives all of them: [batch, heads, maxLength, size] and [batch, maxLength].
   */
  extended(
    layer: object,
    { position, tokens }: CacheStep,
    keys: Tensor,
    values: Tensor,
    mask: Tensor | null,
  ) {
    let entry = this.entries.get(layer)
    if (entry === undefined) {
      entry = { keys: this.room(keys), values: this.room(values), mask: null }
      this.entries.set(layer, entry)
    }
    const [batch] = keys.shape
    if (mask !== null && entry.mask === null) entry.mask = this.places(batch)
    const slots = arange(0, this.maxLength, 1, { dtype: 'int32' })
    const from = sub(slots, position)
    const isNew = logicalAnd(greaterEqual(from, 0), less(from, tokens))
    const which = clip(from, 0, tokens - 1)
    const put = (kept: Variable, fresh: Tensor, isHere: Tensor, axis: number): Tensor => {
      if (kept.shape[0] !== fresh.shape[0]) throw otherBatch(kept.shape[0], fresh.shape[0])
      const spread = tokens === 1 ? fresh : gather(fresh, which, { axis })
      const next = where(isHere, spread, kept)
      kept.assign(next)
      return next
    }
    const isRow = reshape(isNew, [-1, 1])
    const counts = () => mask ?? ones([batch, tokens], { dtype: 'bool' })
    return {
      keys: put(entry.keys, keys, isRow, 2),
      values: put(entry.values, values, isRow, 2),
      mask: entry.mask === null ? null : put(entry.mask, counts(), isNew, 1),
    }
  }

  private places(batch: number): Variable {
    const shape = [batch, this.maxLength]
    const all = new Uint8Array(batch * this.maxLength).fill(1)
    return variable(all, { name: 'cache', dtype: 'bool', shape, trainable: false })
  }

  private room({ shape: [batch, heads, , size], dtype }: Tensor): Variable {
    const shape = [batch, heads, this.maxLength, size]
    const zeros = new Float64Array(batch * heads * this.maxLength * size)
    return variable(zeros, { name: 'cache', dtype, shape, trainable: false })
  }
}

function otherBatch(before: number, now: number): AthanorError {
  return shapeError(
    'KeyValueCache.run',
    `a batch of ${before}, as before`,
    String(now),
    'Make a cache for each batch size',
  )
}

/** @internal 0, 1, … for the tokens of a sequence, counted on from the cache's step that runs now. */
export function tokenPositions(tokens: number): Tensor {
  const numbers = arange(0, tokens, 1, { dtype: 'int32' })
  return current === null ? numbers : add(numbers, current.position)
}

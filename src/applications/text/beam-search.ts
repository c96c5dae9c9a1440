// The likeliest continuation, searched with several in hand (beam search), long ones measured fairly by the length
// penalty of Wu et al. 2016 (GNMT, equation 14).

import { argumentError } from '../../base/errors.js'
import { OptionTable } from '../../base/options.js'
import { listOf, numberIn, wholeNumber } from '../../base/value-kinds.js'
import { logSumExp, readerOf, type TokenSource } from './language-model.js'
import { adjusted, checkScores, samplingRows } from './sampling.js'

/** Options of `beamSearch`. */
export interface BeamOptions {
  /** Continuations kept at each step. Default: 4. */
  readonly beams?: number
  /** Tokens of a continuation at most. Default: 50. */
  readonly length?: number
  /** α: scores are divided by ((5 + length) ÷ 6)^α; 0 favours short ones. Default: 0.6. */
  readonly lengthPenalty?: number
  /** As in sampling. Default: 1. */
  readonly repetitionPenalty?: number
  /** Tokens that end a continuation; they count for its score and are not part of it. Default: none. */
  readonly stop?: readonly number[]
  /** Tokens that must not come. Default: none. */
  readonly avoid?: readonly number[]
}

/** @internal */
export const beamOptions = new OptionTable<BeamOptions>({
  beams: wholeNumber({ min: 1, max: 1000 }),
  length: wholeNumber({ min: 1 }),
  lengthPenalty: numberIn({ min: 0 }),
  repetitionPenalty: samplingRows.repetitionPenalty,
  stop: listOf(wholeNumber({ min: 0 })),
  avoid: samplingRows.avoid,
})

/** A continuation that was found. */
export interface Continuation {
  /** Without the prompt and without the token that ended it. */
  readonly ids: Int32Array
  readonly logProbability: number
  /** By which they are ranked. */
  readonly score: number
  /** Whether a token of `stop` ended it. */
  readonly ended: boolean
}

interface Beam {
  readonly tokens: readonly number[]
  readonly logProbability: number
}

/**
 * The likeliest continuations of a prompt, the best first. The search ends when as many as there are beams have
 * met a stop token, or at `length`. Of equal scores the one with the smaller ids comes first.
 *
 * @throws AthanorError ARGUMENT for a wrong option; DATA for logits that are not numbers.
 * @example
 * ```ts
 * const coin: NextTokens = contexts => contexts.map(() => [Math.log(0.7), Math.log(0.3)])
 * const [best] = await beamSearch(coin, [0], { length: 3, lengthPenalty: 0 })
 * best.ids // Int32Array [0, 0, 0]
 * best.logProbability // about -1.07
 * ```
 */
export async function beamSearch(
  source: TokenSource,
  prompt: ArrayLike<number>,
  options?: BeamOptions,
): Promise<Continuation[]> {
  const checked = beamOptions.check('beamSearch', options)
  const { beams = 4, length = 50, lengthPenalty = 0.6, stop = [] } = checked
  const { avoid = [], repetitionPenalty = 1 } = checked
  const reader = readerOf(source)
  const before = Array.from(prompt)
  const ends = new Set(stop)
  const finished: Continuation[] = []
  let live: Beam[] = [{ tokens: before, logProbability: 0 }]
  const close = ({ tokens, logProbability }: Beam, ended: boolean): Continuation => ({
    ids: Int32Array.from(tokens.slice(before.length, ended ? -1 : undefined)),
    logProbability,
    score: logProbability / ((5 + tokens.length - before.length) / 6) ** lengthPenalty,
    ended,
  })
  try {
    for (let step = 0; step < length && live.length > 0 && finished.length < beams; step++) {
      const logits = await reader.next(live.map(({ tokens }) => Int32Array.from(tokens)))
      const candidates = live.flatMap((beam, i) => {
        if (logits[i] === undefined)
          throw argumentError('beamSearch', 'logits for each context', `${logits.length}`)
        const scores = adjusted(logits[i], beam.tokens, { avoid, repetitionPenalty })
        checkScores(scores)
        return extended(beam, scores, 2 * beams)
      })
      candidates.sort(byProbability)
      live = []
      for (const candidate of candidates.slice(0, 2 * beams)) {
        if (live.length === beams) break
        if (ends.has(candidate.tokens.at(-1)!)) finished.push(close(candidate, true))
        else live.push(candidate)
      }
    }
  } finally {
    reader.close()
  }
  if (finished.length < beams) finished.push(...live.map(beam => close(beam, false)))
  return finished.sort((a, b) => b.score - a.score).slice(0, beams)
}

/** The beam with each of its likeliest next tokens. */
function extended(beam: Beam, scores: Float64Array, most: number): Beam[] {
  const total = logSumExp(scores)
  return Array.from(scores.keys())
    .filter(id => scores[id] > Number.NEGATIVE_INFINITY)
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .slice(0, most)
    .map(id => ({
      tokens: [...beam.tokens, id],
      logProbability: beam.logProbability + scores[id] - total,
    }))
}

function byProbability(a: Beam, b: Beam): number {
  if (a.logProbability !== b.logProbability) return b.logProbability - a.logProbability
  const at = a.tokens.findIndex((id, i) => id !== b.tokens[i])
  return at < 0 ? 0 : a.tokens[at] - b.tokens[at]
}

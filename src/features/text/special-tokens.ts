// The tokens that every tokenizer has, at the same places, so that models need not ask which tokenizer it was.

/**
 * Ids of the tokens that stand for no text: `pad` (0) fills sequences up, `unknown` (1) stands for what the
 * vocabulary lacks, `begin` (2) and `end` (3) mark where a text begins and ends.
 *
 * @example
 * ```ts
 * specialTokens.pad // 0
 * ```
 */
export const specialTokens = { pad: 0, unknown: 1, begin: 2, end: 3 } as const

/** How many of them there are: the first id of a token of text. */
export const specialCount = 4

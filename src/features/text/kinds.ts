// The kinds of tokenizers; by themselves, so that a command's options need none of them.

export const tokenizerKinds = ['characters', 'words', 'bpe'] as const

/** How a tokenizer cuts texts. */
export type TokenizerKind = (typeof tokenizerKinds)[number]

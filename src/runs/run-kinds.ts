// What a run can learn from.

export const runKinds = ['table', 'pictures', 'text', 'languageModel', 'speech'] as const
export type RunKind = (typeof runKinds)[number]

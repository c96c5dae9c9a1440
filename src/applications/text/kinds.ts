// How a classifier of texts can read them; by itself, so that a command's options need no net.

export const textClassifierKinds = ['average', 'lstm', 'gru', 'transformer'] as const
export type TextNetKind = (typeof textClassifierKinds)[number]

// The kinds of jobs, with their numbers in kernels/learn/kinds.h.

export const jobKinds = {
  histGradientBoosting: 10,
  predictTrees: 11,
  sumOfSquares: 0,
} as const

export type JobKind = keyof typeof jobKinds

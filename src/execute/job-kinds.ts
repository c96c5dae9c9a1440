// The kinds of jobs, with their numbers in kernels/learn/kinds.h.

export const jobKinds = {
  growTrees: 30,
  sumOfSquares: 0,
} as const

export type JobKind = keyof typeof jobKinds

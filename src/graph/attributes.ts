// What each operation carries beside its inputs. The op table (ops.ts) has a row for each of these.

import type { DType } from '../base/dtype.js'
import type { Shape } from '../base/shape.js'
import type { ElementwiseOp } from './elementwise.js'

export interface None {
  readonly none?: never
}
export interface Reduce {
  readonly axes: readonly number[]
  readonly keepDims: boolean
}

export interface Recurrence {
  /** From the last step to the first; results still lie at their step. */
  readonly goBackwards: boolean
  /** The last input says which steps count. */
  readonly masked: boolean
}

export interface Alignment {
  /** The class that stands for no label. */
  readonly blank: number
  /** Rows whose labels do not fit their steps lose 0 instead of ∞. */
  readonly zeroInfinity: boolean
}

/** [height, width]. */
export type Pair = readonly [number, number]

/** How windows move over [batch, height, width, channels]: how far apart, and how far past the edges. */
export interface Windows {
  readonly strides: Pair
  /** Rows and columns of padding before and after the picture. */
  readonly before: Pair
  readonly after: Pair
}
export interface FilterWindows extends Windows {
  /** From one element of the window to the next. */
  readonly dilation: Pair
  readonly groups: number
}
/** Windows of `size`. */
export interface PoolWindows extends Windows {
  readonly size: Pair
}

/** What each op carries beside its inputs. Axes are non-negative and sorted by then. */
export type Attributes = { readonly [K in ElementwiseOp]: None } & {
  /** Leaf: values that exist. */
  readonly input: { readonly shape: Shape; readonly dtype: DType }
  /** Leaf: one number that is read anew at every run. */
  readonly scalar: { readonly dtype: DType }
  /** One number fixed in the program. */
  readonly constant: { readonly value: number; readonly dtype: DType }
  readonly cast: { readonly dtype: DType }
  readonly sum: Reduce
  readonly prod: Reduce
  readonly max: Reduce
  readonly min: Reduce
  readonly argMax: { readonly axis: number }
  readonly argMin: { readonly axis: number }
  readonly cumulativeSum: {
    readonly axis: number
    readonly exclusive: boolean
    readonly reverse: boolean
  }
  /** A whole sequence of a recurrent cell in one kernel; inputs and results: recurrence.ts. */
  readonly lstm: Recurrence
  readonly lstmGradient: Recurrence
  readonly gru: Recurrence
  readonly gruGradient: Recurrence
  readonly simpleRnn: Recurrence
  readonly simpleRnnGradient: Recurrence
  readonly matmul: { readonly transposeLeft: boolean; readonly transposeRight: boolean }
  /** Inputs: x [batch, height, width, inputs], filter [height, width, inputs / groups, outputs]. */
  readonly convolution: FilterWindows
  /** Inputs: upstream of a convolution, its filter; `size`: height and width of the x it had. */
  readonly convolutionInput: FilterWindows & { readonly size: Pair }
  /** Inputs: x, upstream of a convolution; `size`: height and width of the filter it had. */
  readonly convolutionFilter: FilterWindows & { readonly size: Pair }
  /** Padding never is the largest; of equals the first. */
  readonly maxPool: PoolWindows
  /** Inputs: x, upstream; each window's upstream at the place of its maximum. */
  readonly maxPoolGradient: PoolWindows
  /** Inputs: x, values like x; of each window the value at the place of x's maximum. */
  readonly maxPoolPick: PoolWindows
  /** Padding counts as 0. */
  readonly sumPool: PoolWindows
  /** Input: upstream of a sumPool; `input`: height and width of the x it had. */
  readonly sumPoolGradient: PoolWindows & { readonly input: Pair }
  readonly reshape: { readonly shape: Shape }
  readonly transpose: { readonly permutation: readonly number[] }
  readonly broadcast: { readonly shape: Shape }
  /** Elements start, start + step, … of each axis, `size` of them; a step may be negative. */
  readonly slice: { readonly start: Shape; readonly size: Shape; readonly step: readonly number[] }
  readonly pad: { readonly before: Shape; readonly after: Shape; readonly value: number }
  readonly concat: { readonly axis: number }
  readonly gather: { readonly axis: number }
  /** Inputs: indices [n], updates with n along `axis`; the result has `size` there. */
  readonly scatterAdd: { readonly axis: number; readonly size: number }
  /** Counts 0, 1, 2, … along `axis`. */
  readonly iota: { readonly shape: Shape; readonly axis: number; readonly dtype: DType }
  /** Input: the counter, a float64 scalar. */
  readonly random: {
    readonly distribution: 'bits' | 'uniform'
    readonly shape: Shape
    readonly dtype: 'int32' | 'float32' | 'float64'
    readonly seedLow: number
    readonly seedHigh: number
    readonly stream: number
  }
  readonly softmax: None
  readonly logSoftmax: None
  /** Inputs: logits [..., classes], int32 labels [...]. */
  readonly softmaxCrossEntropy: None
  /** Inputs: logits, labels, upstream [...] or a scalar. */
  readonly softmaxCrossEntropyGradient: None
  /** Inputs: logits [batch, steps, classes], int32 labels [batch, most], input and label lengths [batch]. */
  readonly ctcLoss: Alignment
  /** Inputs: those of ctcLoss, upstream [batch] or a scalar. */
  readonly ctcLossGradient: Alignment
  /** The value, through which no gradient flows. */
  readonly stopGradient: None
}

export type OpName = keyof Attributes

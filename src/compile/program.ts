// The Program: a flat list of kernel calls over one arena of memory. Executors receive it whole and
// run it whole; nothing is dispatched op by op.

import type { DType } from '../base/dtype.js'
import type { Shape } from '../base/shape.js'
import type { Cell, ReduceKind, RegisterOp } from '../graph/opcodes.js'

/** Index into `Program.buffers`. */
export type BufferId = number

/**
 * Where an instruction's array lies: `slot` 0 is the arena, slot k ≥ 1 is the k-th binding that the
 * caller passes to a run. Contiguous, row-major. Arena offsets are multiples of 64 bytes.
 */
export interface Buffer {
  readonly slot: number
  readonly byteOffset: number
  readonly dtype: DType
  /** Number of elements. */
  readonly length: number
}

/**
 * One binding. `input`: read only, a tensor's values. `state`: a Variable, read and written in
 * place. `scalars`: the run's numbers (learning rate, counters), 8 bytes apart. `outputs`: one fresh
 * block that receives all results, each at a multiple of 64 bytes.
 */
export interface Slot {
  readonly kind: 'input' | 'state' | 'scalars' | 'outputs'
  readonly dtype: DType
  /** Elements for input and state; bytes for scalars and outputs. */
  readonly length: number
}

/** An array read by a fused kernel: its strides (in elements, 0 = repeated) over the kernel's shape. */
export interface FusedInput {
  readonly buffer: BufferId
  readonly strides: readonly number[]
}

/**
 * One line of a fused kernel's register program. Operands: [0, inputs) name an input, then come the
 * constants, then the registers: operand = inputs + constants + register.
 */
export interface RegisterLine {
  readonly op: RegisterOp
  /** Register written (without the offset that operands carry). */
  readonly into: number
  readonly operands: readonly number[]
}

export interface FusedOutput {
  readonly buffer: BufferId
  readonly operand: number
  readonly reduce: ReduceKind
}

/**
 * Elementwise work over one shape, tile by tile, with reductions at its end. All arithmetic happens
 * in `computeType`; other element types are converted when an input is read (bool → 0 or 1) and when
 * an output is stored (to int32 by truncation, to bool as ≠ 0). Comparisons yield 0 or 1.
 * Reductions see the shape as [outer, reduced, inner] and reduce the middle; a kernel's reducing
 * outputs all share that view. A stored output may be the same array as an input that is read
 * contiguously over the whole shape: every tile is read before it is written.
 */
export interface FusedInstruction {
  readonly kind: 'fused'
  readonly computeType: 'float32' | 'float64' | 'int32'
  readonly shape: Shape
  readonly inputs: readonly FusedInput[]
  readonly constants: readonly number[]
  readonly lines: readonly RegisterLine[]
  readonly registers: number
  readonly outputs: readonly FusedOutput[]
  readonly outer: number
  readonly reduced: number
  readonly inner: number
}

/** Strides of one operand of a matmul, in elements; any sign of layout, so transposes are free. */
export interface MatmulOperand {
  readonly buffer: BufferId
  readonly batchStride: number
  readonly rowStride: number
  readonly columnStride: number
}

/** out[b] = activation(left[b] · right[b] + bias); out is contiguous [batch, rows, columns]. */
export interface MatmulInstruction {
  readonly kind: 'matmul'
  readonly dtype: 'float32' | 'float64'
  readonly batch: number
  readonly rows: number
  readonly columns: number
  readonly depth: number
  readonly left: MatmulOperand
  readonly right: MatmulOperand
  readonly out: BufferId
  /** Length `columns`, or absent. */
  readonly bias?: BufferId
  /** A one-operand register op applied last, `copy` for none. */
  readonly activation: RegisterOp
}

/**
 * Windows over pictures [batch, height, width, channels], out planes of outHeight × outWidth. Window
 * (y, x) has its element (i, j) at row y · strideHeight − top + i · dilationHeight, column likewise;
 * what lies outside the picture is padding.
 */
export interface WindowGeometry {
  readonly batch: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly outHeight: number
  readonly outWidth: number
  readonly windowHeight: number
  readonly windowWidth: number
  readonly strideHeight: number
  readonly strideWidth: number
  readonly top: number
  readonly left: number
  readonly dilationHeight: number
  readonly dilationWidth: number
}

/** A filter [windowHeight, windowWidth, channels / groups, outputs] beside the windows it is laid on. */
export interface FilterGeometry extends WindowGeometry {
  readonly dtype: 'float32' | 'float64'
  readonly outputs: number
  readonly groups: number
}

/** target[n, y, x, o] = activation(Σ x[window element, c] · filter[i, j, c, o] + bias[o]), padding 0. */
export interface ConvolutionInstruction extends FilterGeometry {
  readonly kind: 'convolution'
  readonly source: BufferId
  readonly filter: BufferId
  readonly target: BufferId
  /** Length `outputs`, or absent. */
  readonly bias?: BufferId
  /** A one-operand register op applied last, `copy` for none. */
  readonly activation: RegisterOp
}

/** From the upstream of a convolution to the gradient of its x, which `target` receives. */
export interface ConvolutionInputInstruction extends FilterGeometry {
  readonly kind: 'convolutionInput'
  readonly upstream: BufferId
  readonly filter: BufferId
  readonly target: BufferId
}

/** From the upstream of a convolution to the gradient of its filter, which `target` receives. */
export interface ConvolutionFilterInstruction extends FilterGeometry {
  readonly kind: 'convolutionFilter'
  readonly source: BufferId
  readonly upstream: BufferId
  readonly target: BufferId
}

interface PoolGeometry extends WindowGeometry {
  readonly dtype: 'float32' | 'float64'
}

/** The largest of each window, NaN if there is one. Every window holds some of the picture. */
export interface MaxPoolInstruction extends PoolGeometry {
  readonly kind: 'maxPool'
  readonly source: BufferId
  readonly target: BufferId
}

/** Adds each window's upstream at the place of its (first) maximum in `source`; others are 0. */
export interface MaxPoolGradientInstruction extends PoolGeometry {
  readonly kind: 'maxPoolGradient'
  readonly source: BufferId
  readonly upstream: BufferId
  readonly target: BufferId
}

/** Of each window the element of `values` at the place of the (first) maximum in `source`. */
export interface MaxPoolPickInstruction extends PoolGeometry {
  readonly kind: 'maxPoolPick'
  readonly source: BufferId
  readonly values: BufferId
  readonly target: BufferId
}

export interface SumPoolInstruction extends PoolGeometry {
  readonly kind: 'sumPool'
  readonly source: BufferId
  readonly target: BufferId
}

/** For each element of a picture the sum over the windows it is in; `source` is the upstream. */
export interface SumPoolGradientInstruction extends PoolGeometry {
  readonly kind: 'sumPoolGradient'
  readonly source: BufferId
  readonly target: BufferId
}

/** Strided copy: slice, transpose, reverse, repeat, a part of concat or pad. Offsets in elements. */
export interface CopyInstruction {
  readonly kind: 'copy'
  readonly dtype: DType
  readonly shape: Shape
  readonly source: BufferId
  readonly sourceOffset: number
  readonly sourceStrides: readonly number[]
  readonly target: BufferId
  readonly targetOffset: number
  readonly targetStrides: readonly number[]
}

export interface FillInstruction {
  readonly kind: 'fill'
  readonly dtype: DType
  readonly target: BufferId
  readonly length: number
  readonly value: number
}

/** target[o, j, i] = source[o, indices[j], i]; an index outside [0, axisSize) stops the run. */
export interface GatherInstruction {
  readonly kind: 'gather'
  readonly dtype: DType
  readonly outer: number
  readonly axisSize: number
  readonly inner: number
  readonly count: number
  readonly source: BufferId
  readonly indices: BufferId
  readonly target: BufferId
}

/** target = 0; target[o, indices[j], i] += source[o, j, i], in the order of j. */
export interface ScatterAddInstruction {
  readonly kind: 'scatterAdd'
  readonly dtype: 'float32' | 'float64' | 'int32'
  readonly outer: number
  readonly axisSize: number
  readonly inner: number
  readonly count: number
  readonly source: BufferId
  readonly indices: BufferId
  readonly target: BufferId
}

/** First position (int32) of the largest or smallest along the middle of [outer, reduced, inner]. */
export interface ArgReduceInstruction {
  readonly kind: 'argReduce'
  readonly dtype: DType
  readonly largest: boolean
  readonly outer: number
  readonly reduced: number
  readonly inner: number
  readonly source: BufferId
  readonly target: BufferId
}

export interface CumulativeSumInstruction {
  readonly kind: 'cumulativeSum'
  readonly dtype: 'float32' | 'float64' | 'int32'
  readonly outer: number
  readonly reduced: number
  readonly inner: number
  readonly exclusive: boolean
  readonly reverse: boolean
  readonly source: BufferId
  readonly target: BufferId
}

/**
 * A recurrent cell over all steps, from the last to the first if `backwards`. `inputs` are the steps'
 * pre-activations without their recurrent part, [batch, steps, gates · units]; `kernel` [units, gates ·
 * units]; `bias` [gates · units] (gru); `hidden` and `cellState` (lstm) [batch, units]; `mask` [batch,
 * steps]: where it is 0, a row keeps its state. `target` holds planes [batch, steps, units]:
 *
 *   lstm       h, c, i, f, g, o: c = f c₋ + i g, h = o tanh c
 *   gru        h, z, r, n, m: m = h₋ R + bias, n = tanh(x + r m), h = z h₋ + (1 − z) n
 *   simpleRnn  h = tanh(x + h₋ R)
 */
export interface RecurrentInstruction {
  readonly kind: 'recurrent'
  readonly cell: Cell
  readonly dtype: 'float32' | 'float64'
  readonly batch: number
  readonly steps: number
  readonly units: number
  readonly backwards: boolean
  readonly inputs: BufferId
  readonly kernel: BufferId
  readonly bias?: BufferId
  readonly hidden: BufferId
  readonly cellState?: BufferId
  readonly mask?: BufferId
  readonly target: BufferId
}

/**
 * The gradients of what `record` was computed from. `upstream`, and `cellUpstream` (lstm), are
 * [batch, steps, units], or [batch, units] for the step computed last. `target`: of `inputs`
 * [batch, steps, gates · units]; for gru, of the recurrent part likewise; of `hidden`; for lstm, of
 * `cellState`.
 */
export interface RecurrentGradientInstruction {
  readonly kind: 'recurrentGradient'
  readonly cell: Cell
  readonly dtype: 'float32' | 'float64'
  readonly batch: number
  readonly steps: number
  readonly units: number
  readonly backwards: boolean
  readonly record: BufferId
  readonly kernel: BufferId
  readonly hidden: BufferId
  readonly cellState?: BufferId
  readonly mask?: BufferId
  readonly upstream: BufferId
  readonly upstreamLast: boolean
  readonly cellUpstream?: BufferId
  readonly cellUpstreamLast: boolean
  readonly target: BufferId
}

/** Along the last axis of [rows, columns]: exp(x − max) / Σ, or its logarithm. */
export interface SoftmaxInstruction {
  readonly kind: 'softmax'
  readonly dtype: 'float32' | 'float64'
  readonly logarithm: boolean
  readonly rows: number
  readonly columns: number
  readonly source: BufferId
  readonly target: BufferId
}

/** target[r] = logΣexp(logits[r]) − logits[r, labels[r]]; a label outside [0, columns) stops the run. */
export interface SoftmaxCrossEntropyInstruction {
  readonly kind: 'softmaxCrossEntropy'
  readonly dtype: 'float32' | 'float64'
  readonly rows: number
  readonly columns: number
  readonly logits: BufferId
  readonly labels: BufferId
  readonly target: BufferId
}

/** target[r, c] = (softmax(logits[r])[c] − [c = labels[r]]) · upstream[r · upstreamStride]. */
export interface SoftmaxCrossEntropyGradientInstruction {
  readonly kind: 'softmaxCrossEntropyGradient'
  readonly dtype: 'float32' | 'float64'
  readonly rows: number
  readonly columns: number
  readonly logits: BufferId
  readonly labels: BufferId
  readonly upstream: BufferId
  readonly upstreamStride: 0 | 1
  readonly target: BufferId
}

/** What the loss of connectionist temporal classification and its gradient work on. */
export interface AlignmentParts {
  readonly dtype: 'float32' | 'float64'
  readonly batch: number
  readonly steps: number
  readonly classes: number
  readonly mostLabels: number
  readonly blank: number
  readonly zeroInfinity: boolean
  /** [batch, steps, classes]. */
  readonly logits: BufferId
  /** int32 [batch, mostLabels]; what lies behind a row's length is not read. */
  readonly labels: BufferId
  /** int32 [batch], 0 to steps. */
  readonly inputLengths: BufferId
  /** int32 [batch], 0 to mostLabels. */
  readonly labelLengths: BufferId
}

/**
 * target[b] = −log of the probability, summed over all paths, that the softmax of row b's first
 * inputLengths[b] steps spells its labels (Graves et al. 2006, equation 8); ∞ (or 0) where no path
 * does. A length outside its axis, or a label that is the blank or no class, stops the run.
 */
export interface CtcLossInstruction extends AlignmentParts {
  readonly kind: 'ctcLoss'
  readonly target: BufferId
}

/**
 * target[b, t, c] = (softmax(logits[b, t])[c] − posterior[b, t, c]) · upstream[b · upstreamStride];
 * 0 from inputLengths[b] on; NaN (or 0) in rows whose loss is infinite.
 */
export interface CtcLossGradientInstruction extends AlignmentParts {
  readonly kind: 'ctcLossGradient'
  readonly upstream: BufferId
  readonly upstreamStride: 0 | 1
  readonly target: BufferId
}

/**
 * Philox4x32-10. Key (seedLow, seedHigh); element i comes from word i mod 4 of the block with counter
 * (⌊i / 4⌋, counter mod 2³², ⌊counter / 2³²⌋, stream). `bits`: int32. `uniform` float32:
 * (word >>> 8) · 2⁻²⁴; float64: element i uses words 2(i mod 2), 2(i mod 2)+1 of block ⌊i / 2⌋:
 * ((high >>> 5) · 2²⁶ + (low >>> 6)) · 2⁻⁵³ with the even word as high.
 */
export interface RandomInstruction {
  readonly kind: 'random'
  readonly distribution: 'bits' | 'uniform'
  readonly dtype: 'int32' | 'float32' | 'float64'
  readonly seedLow: number
  readonly seedHigh: number
  readonly stream: number
  /** float64 scalar, a whole number below 2⁵³. */
  readonly counter: BufferId
  readonly length: number
  readonly target: BufferId
}

/** target[o, r, i] = r over [outer, reduced, inner]. */
export interface IotaInstruction {
  readonly kind: 'iota'
  readonly dtype: DType
  readonly outer: number
  readonly reduced: number
  readonly inner: number
  readonly target: BufferId
}

/** Stops the run (status notFinite) unless the scalar is finite: what follows, updates of states, stays undone. */
export interface RequireFiniteInstruction {
  readonly kind: 'requireFinite'
  readonly dtype: 'float32' | 'float64'
  readonly source: BufferId
}

export type Instruction =
  | FusedInstruction
  | MatmulInstruction
  | ConvolutionInstruction
  | ConvolutionInputInstruction
  | ConvolutionFilterInstruction
  | MaxPoolInstruction
  | MaxPoolGradientInstruction
  | MaxPoolPickInstruction
  | SumPoolInstruction
  | SumPoolGradientInstruction
  | CopyInstruction
  | FillInstruction
  | GatherInstruction
  | ScatterAddInstruction
  | ArgReduceInstruction
  | CumulativeSumInstruction
  | RecurrentInstruction
  | RecurrentGradientInstruction
  | SoftmaxInstruction
  | SoftmaxCrossEntropyInstruction
  | SoftmaxCrossEntropyGradientInstruction
  | CtcLossInstruction
  | CtcLossGradientInstruction
  | RandomInstruction
  | IotaInstruction
  | RequireFiniteInstruction

export interface Program {
  readonly buffers: readonly Buffer[]
  /** Bindings in the order a run passes them: slot k of a buffer is `slots[k − 1]`. */
  readonly slots: readonly Slot[]
  readonly instructions: readonly Instruction[]
  readonly arenaBytes: number
  /** Operations, an estimate. */
  readonly flops: number
  /** For each instruction, what the user would call it (layer path and op), for error messages. */
  readonly labels: readonly string[]
}

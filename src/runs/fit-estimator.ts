// One estimator fitted to rows of a run's table: its features, targets, weights and parameters.

import type { Parameter } from '../base/parameters.js'
import type { Table } from '../data/table.js'
import type { FitProgress } from '../estimator/contract.js'
import type { Matrix } from '../estimator/matrix.js'
import type { TargetEncoder } from '../features/target-encoder.js'
import { balancedRowWeights } from './class-weights.js'
import { estimatorClass } from './estimator-classes.js'
import { EstimatorCore } from './estimator-core.js'
import type { Member } from './model-families.js'
import type { ModelFeatures } from './model-features.js'

export interface FitRequest {
  readonly member: Member
  /** Beside those of the member. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly seed: number
  readonly features: ModelFeatures
  readonly encoder: TargetEncoder
  readonly table: Table
  readonly rows: Uint32Array
  /** Of these rows, where they have been made already. */
  readonly x?: Matrix
  /** Each class counts as much as any other. */
  readonly balanced: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: FitProgress) => void
}

export async function fitEstimator(request: FitRequest): Promise<EstimatorCore> {
  const { member, features, encoder, table, rows, balanced, signal, onProgress } = request
  const Class = await estimatorClass(member.estimator)
  const x = request.x ?? features.matrix(table, rows)
  const estimator = new Class(
    parametersFor(request, Class.definition.parameters, { rows: rows.length, width: x.width }),
  )
  const column = table.column(encoder.name)
  const unit = member.unit ?? (isExtreme(encoder) ? 'scaled' : 'own')
  const told = { signal, ...(onProgress === undefined ? {} : { onProgress }) }
  if (estimator.estimatorType === 'classifier') {
    const codes = encoder.encode(column, rows)
    const classes = encoder.classes.map((_, i) => i)
    const sampleWeight = balanced ? balancedRowWeights(codes, classes.length) : undefined
    await estimator.fit(x, codes, { classes, sampleWeight, ...told })
  } else {
    const numbers = unit === 'own' ? encoder.numbers(column, rows) : encoder.encode(column, rows)
    await estimator.fit(x, Float64Array.from(numbers), told)
  }
  return new EstimatorCore(estimator, features, encoder, unit)
}

/** Whether squares of the targets would leave the range of numbers. */
function isExtreme({ mean, std }: TargetEncoder): boolean {
  const size = Math.abs(mean) + std
  return size > 1e100 || size < 1e-100
}

/** The seed where the class takes one, what its family gives, what was asked for. */
function parametersFor(
  { member, parameters, seed, features }: FitRequest,
  table: Readonly<Record<string, Parameter<unknown>>>,
  size: { readonly rows: number; readonly width: number },
): Record<string, unknown> {
  return {
    ...('randomState' in table ? { randomState: seed } : {}),
    ...member.parameters?.({ ...size, categorical: features.categorical }),
    ...parameters,
  }
}

// What training gives, whatever was trained: what answers, what it is, and how the same is learned from
// other rows.

import type { TextNetKind } from '../applications/text/kinds.js'
import type { FamilyName } from './model-families.js'
import type { TableCore } from './table-core.js'

export interface TrainedLayer {
  readonly name: string
  readonly output: string
  readonly parameters: number
}

/** What a model is made of, for report and manifest. */
export type ModelParts =
  | {
      readonly kind: 'net'
      /** Of texts: what `--model` chose. */
      readonly net?: TextNetKind
      readonly layers: readonly TrainedLayer[]
      /** `144 → 64 → 3` */
      readonly shape: string
      readonly parameters: number
    }
  | {
      readonly kind: 'estimator'
      /** Its class. */
      readonly estimator: string
      /** As they were given; the others are the class's defaults. */
      readonly parameters: Readonly<Record<string, unknown>>
      readonly features: number
      /** Rows that it learned from. */
      readonly rows: number
      readonly bytes: number
    }

export interface Trained {
  readonly family: FamilyName
  readonly core: TableCore
  readonly parts: ModelParts
  /** Of nets; null for models that are not trained in epochs. */
  readonly history: TrainingHistory | null
  /** The same model, learned from these rows of the sample alone. */
  retrain(rows: Uint32Array): Promise<TableCore>
}

/** Losses as reports keep them: six digits, null where they are not finite. */
export function keptLosses(losses: readonly number[]): (number | null)[] {
  return losses.map(loss => (Number.isFinite(loss) ? Number(loss.toPrecision(6)) : null))
}

export interface TrainingHistory {
  readonly epochs: number
  /** 1-based. */
  readonly bestEpoch: number
  readonly trainLoss: readonly number[]
  readonly validationLoss: readonly number[]
}

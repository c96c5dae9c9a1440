// Features of the folds: preprocessing learned from each fold's own training rows, matrices kept while
// they are small enough.

import { availableMemory } from '#platform'
import type { Matrix } from '../../estimator/matrix.js'
import { TablePreprocessor } from '../../features/table-preprocessor.js'
import { type FeatureKind, ModelFeatures } from '../model-features.js'
import type { PreparedData } from '../prepare-data.js'
import type { RowFold } from './folds.js'

export interface TrainMatrix {
  readonly features: ModelFeatures
  readonly x: Matrix
}

/** Bytes of matrices that are kept at most. */
const mostBytes = 2 ** 29

export class FoldData {
  private readonly preprocessors = new Map<number, TablePreprocessor>()
  private readonly kept = new Map<string, TrainMatrix>()
  private bytes = 0

  constructor(
    readonly data: PreparedData,
    readonly folds: readonly RowFold[],
  ) {}

  /** Learned from the training rows of the fold. */
  preprocessor(fold: number): TablePreprocessor {
    let found = this.preprocessors.get(fold)
    if (found === undefined) {
      const { sample, preprocessor } = this.data
      found = TablePreprocessor.fit(sample.table, this.folds[fold].train, {
        exclude: preprocessor.excluded,
      })
      this.preprocessors.set(fold, found)
    }
    return found
  }

  features(fold: number, kind: FeatureKind): ModelFeatures {
    return ModelFeatures.of(kind, this.preprocessor(fold))
  }

  /** Features of the fold's training rows. */
  training(fold: number, kind: FeatureKind): TrainMatrix {
    const name = `${kind} ${fold}`
    const found = this.kept.get(name)
    if (found !== undefined) return found
    const { table } = this.data.sample
    const features = this.features(fold, kind)
    const made = { features, x: features.matrix(table, this.folds[fold].train) }
    const size = made.x.x.byteLength
    if (this.bytes + size <= Math.min(mostBytes, availableMemory() / 4)) {
      this.kept.set(name, made)
      this.bytes += size
    }
    return made
  }
}

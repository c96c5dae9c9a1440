// A prediction with what it is of, as `athanor predict --json` prints it.

import type { Prediction } from './table-model.js'

export type PredictedRow = Prediction &
  (
    | {
        /** In the data, from 1. */
        readonly row: number
      }
    | {
        /** Its path as given, or below the folder given. */
        readonly picture: string
      }
  )

// What the checks of a table are told.

import type { Column } from '../column.js'
import type { ColumnSchema } from '../schema.js'
import type { Split } from '../split.js'
import type { Table } from '../table.js'

/** Options of `checkData`. */
export interface CheckOptions {
  readonly target: string
  readonly task: 'classification' | 'regression'
  /** Rows with a target, by part. */
  readonly split: Split
  /** Columns that are left out anyway. */
  readonly exclude?: readonly string[]
  /** What was counted while reading: infinite and unreadable cells. */
  readonly schema?: readonly ColumnSchema[]
}

/** What each check receives. */
export interface CheckContext extends CheckOptions {
  readonly table: Table
  readonly targetColumn: Column
  /** Columns a model may use: neither the target nor excluded. */
  readonly features: readonly Column[]
}

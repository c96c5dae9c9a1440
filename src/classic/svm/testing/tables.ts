// For tests beside the code: the tables on which scripts/oracles/svm.py fitted its machines.

import { readFileSync } from 'node:fs'
import type { Matrix } from '../../../estimator/matrix.js'
import { SparseMatrix } from '../../../estimator/sparse.js'
import type { Json } from '../../testing/oracle.js'

const { tables } = JSON.parse(
  readFileSync(new URL('../fixtures/tables.json', import.meta.url), 'utf8'),
)

/** The table of a case: features (kernel values where the case wants them), targets, weights. */
export function tableOf(c: Json): { x: Matrix; y: number[]; sampleWeight: number[] | undefined } {
  const { x: rows, y, weights } = tables[c.data]
  const plain = { x: Float64Array.from(rows.flat()), rows: rows.length, width: rows[0].length }
  const x = c.kernelMatrix === true ? products(plain) : plain
  return { x, y, sampleWeight: c.weighted ? weights : undefined }
}

/** The table of words as CSR. */
export function words(): SparseMatrix {
  const { x, indptr, indices, values } = tables.words
  return new SparseMatrix({ rows: x.length, width: x[0].length, indptr, indices, values })
}

/** The first rows. */
export function head({ x, width }: Matrix, rows: number): Matrix {
  return { x: x.subarray(0, rows * width), rows, width }
}

function products({ x, rows, width }: Matrix): Matrix {
  const out = new Float64Array(rows * rows)
  for (let a = 0; a < rows; a++)
    for (let b = 0; b < rows; b++)
      for (let j = 0; j < width; j++) out[a * rows + b] += x[a * width + j] * x[b * width + j]
  return { x: out, rows, width: rows }
}

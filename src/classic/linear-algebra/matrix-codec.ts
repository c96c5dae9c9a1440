// Training rows that a model keeps, in its saved state: as wide as they were given, or sparse.

import type { JsonReader } from '../../base/json-reader.js'
import type { AnyMatrix } from '../../estimator/base-classifier.js'
import { isSparse } from '../../estimator/matrix.js'
import { SparseMatrix } from '../../estimator/sparse.js'
import { type Codec, choice, float32s, float64s, int32s, integer } from '../../estimator/state.js'

/** Dense rows of either precision, or CSR. */
export const matrixCodec: Codec<AnyMatrix> = {
  write(x) {
    const { rows, width } = x
    if (isSparse(x)) {
      const { indptr, indices, values } = x
      return { type: 'sparse', rows, width, indptr, indices, values }
    }
    const type = x.x instanceof Float32Array ? 'float32' : 'float64'
    return { type, rows, width, values: x.x }
  },
  read(json) {
    const type = choice(['float32', 'float64', 'sparse']).read(json.get('type'))
    const rows = integer(0, 2 ** 31 - 1).read(json.get('rows'))
    const width = integer(0, 2 ** 31 - 1).read(json.get('width'))
    if (type === 'sparse') return readSparse(json, rows, width)
    json.only('type', 'rows', 'width', 'values')
    const rule = { length: rows * width }
    const values = type === 'float32' ? float32s(rule) : float64s(rule)
    return { x: values.read(json.get('values')), rows, width }
  },
}

function readSparse(json: JsonReader, rows: number, width: number): SparseMatrix {
  json.only('type', 'rows', 'width', 'indptr', 'indices', 'values')
  const indptr = int32s().read(json.get('indptr'))
  const indices = int32s().read(json.get('indices'))
  const values = float64s().read(json.get('values'))
  try {
    return new SparseMatrix({ rows, width, indptr, indices, values })
  } catch (error) {
    return json.fail('a sparse matrix', (error as Error).message)
  }
}

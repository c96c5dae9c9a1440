// Element types: their storage, their width and how two of them combine.

/** Element types of tensors. */
export type DType = 'float32' | 'float64' | 'int32' | 'bool'
export type FloatDType = 'float32' | 'float64'

/** The typed arrays that hold elements: one for each element type. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array

interface DTypeRow {
  /** Number that stands for the type in a Program (kernels/opcodes.h). */
  readonly code: number
  readonly bytes: number
  /** Place in the promotion order; the higher of two wins. */
  readonly rank: number
  readonly isFloat: boolean
  readonly array: new (
    source: number | ArrayBuffer | ArrayLike<number>,
    byteOffset?: number,
    length?: number,
  ) => TypedArray
}

type ArrayConstructor = DTypeRow['array']

export const dtypes: { readonly [K in DType]: DTypeRow } = {
  float32: { code: 0, bytes: 4, rank: 2, isFloat: true, array: Float32Array as ArrayConstructor },
  float64: { code: 1, bytes: 8, rank: 3, isFloat: true, array: Float64Array as ArrayConstructor },
  int32: { code: 2, bytes: 4, rank: 1, isFloat: false, array: Int32Array as ArrayConstructor },
  bool: { code: 3, bytes: 1, rank: 0, isFloat: false, array: Uint8Array as ArrayConstructor },
}

/** The type that holds both: bool < int32 < float32 < float64. */
export function promote(a: DType, b: DType): DType {
  return dtypes[a].rank >= dtypes[b].rank ? a : b
}

export function isFloat(dtype: DType): dtype is FloatDType {
  return dtypes[dtype].isFloat
}

/** The type a typed array's elements have; Uint8Array counts as bool only where the caller says so. */
export function dtypeOfArray(array: TypedArray): DType {
  if (array instanceof Float32Array) return 'float32'
  if (array instanceof Float64Array) return 'float64'
  if (array instanceof Int32Array) return 'int32'
  return 'bool'
}

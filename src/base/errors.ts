// Every error of the library: a stable code and a message that says which operation failed, what it
// expected, what it received and what to do.

/** What kind of error it was: stable, for programs to test. */
export type ErrorCode =
  | 'SHAPE' // shapes that do not fit
  | 'DTYPE' // an element type that the operation does not take
  | 'ARGUMENT' // a parameter outside its range or of the wrong kind
  | 'STATE' // called at the wrong time (before build, after dispose, a replaced value)
  | 'INDEX' // an index outside its axis
  | 'MEMORY' // more memory planned than the machine has
  | 'NOT_FINITE' // a loss or a gradient became NaN or infinite
  | 'DATA' // a table, picture or text that cannot be used as given
  | 'FILE' // reading or writing failed
  | 'FORMAT' // a file that is not what it should be: truncated, altered, from a newer version
  | 'EXECUTOR' // kernels that cannot be found, loaded or used
  | 'INTERRUPTED' // stopped by an AbortSignal
  | 'INTERNAL' // a fault of the library itself

export interface ErrorParts {
  /** What was being done, in the user's words: `matmul`, `layers.dense (dense_1)`. */
  readonly operation: string
  readonly expected?: string
  readonly received?: string
  /** What the user can do about it. */
  readonly fix?: string
  readonly cause?: unknown
}

/**
 * The one error class the library throws.
 *
 * @example
 * ```ts
 * try { matmul(a, b) } catch (error) {
 *   if (error instanceof AthanorError && error.code === 'SHAPE') console.error(error.message)
 * }
 * ```
 */
export class AthanorError extends Error {
  override readonly name = 'AthanorError'
  readonly code: ErrorCode
  readonly operation: string

  constructor(code: ErrorCode, parts: ErrorParts | string) {
    const p: ErrorParts = typeof parts === 'string' ? { operation: parts } : parts
    super(wording(p), p.cause === undefined ? undefined : { cause: p.cause })
    this.code = code
    this.operation = p.operation
  }
}

function wording(parts: ErrorParts): string {
  let text = parts.operation
  if (parts.expected !== undefined) text += `: expected ${parts.expected}`
  if (parts.received !== undefined)
    text +=
      parts.expected === undefined ? `: received ${parts.received}` : `, received ${parts.received}`
  if (parts.fix !== undefined) text += `. ${parts.fix}`
  return text
}

export function shapeError(operation: string, expected: string, received: string, fix?: string) {
  return new AthanorError('SHAPE', { operation, expected, received, fix })
}

export function dtypeError(operation: string, expected: string, received: string, fix?: string) {
  return new AthanorError('DTYPE', { operation, expected, received, fix })
}

export function argumentError(operation: string, expected: string, received: string, fix?: string) {
  return new AthanorError('ARGUMENT', { operation, expected, received, fix })
}

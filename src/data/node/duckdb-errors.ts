// DuckDB's failures in the words of this library: what is wrong with the data, where, what to do.

import { AthanorError } from '../../base/errors.js'
import { messageOf } from './duckdb.js'

interface Translation {
  readonly when: RegExp
  readonly error: (
    match: RegExpExecArray,
    file: string,
  ) => {
    readonly code: 'DATA' | 'FILE' | 'FORMAT' | 'MEMORY' | 'ARGUMENT' | 'INTERRUPTED'
    readonly expected?: string
    readonly received: string
    readonly fix?: string
  }
}

const translations: readonly Translation[] = [
  {
    when: /CSV Error on Line: (\d+)[\s\S]*?Expected Number of Columns: (\d+) Found: (\d+)/,
    error: ([, line, expected, found]) => ({
      code: 'DATA',
      expected: `${expected} cells in every row`,
      received: `${found} in line ${line}`,
      fix: "Correct the file, or leave such rows out with badRows: 'skip'",
    }),
  },
  {
    when: /CSV Error on Line: (\d+)[\s\S]*?unterminated quote/i,
    error: ([, line]) => ({
      code: 'DATA',
      expected: 'every quote closed (a quote inside a quoted cell is written twice)',
      received: `an open quote in line ${line}`,
    }),
  },
  {
    when: /CSV Error on Line: (\d+)[\s\S]*?(?:not utf-8|Invalid unicode)/i,
    error: ([, line]) => ({
      code: 'DATA',
      expected: 'text in UTF-8',
      received: `a broken character in line ${line}`,
      fix: "Name the file's encoding, for example encoding: 'gb18030', 'utf-16le' or 'windows-1252'",
    }),
  },
  {
    when: /CSV Error on Line: (\d+)[\s\S]*?Maximum line size/i,
    error: ([, line]) => ({
      code: 'DATA',
      expected: 'rows of at most 2 MB',
      received: `a longer one at line ${line}`,
      fix: 'Look for a quote that is not closed',
    }),
  },
  {
    when: /Out of Memory/i,
    error: () => ({
      code: 'MEMORY',
      received: 'more than the memory limit allows',
      fix: 'Raise memoryLimit',
    }),
  },
  {
    when: /No space left|could not write/i,
    error: () => ({ code: 'FILE', received: 'a full disk', fix: 'Free some space' }),
  },
  {
    when: /(?:Conflicting|could not set) lock/i,
    error: () => ({
      code: 'FILE',
      received: 'a database that another program holds open',
      fix: 'Close it there, or copy the file',
    }),
  },
  {
    when: /extension.*(?:not found|needs to be|install|load)/i,
    error: match => ({
      code: 'ARGUMENT',
      expected: 'only what DuckDB carries (CSV, JSON, Parquet, DuckDB files)',
      received: match.input.split('\n')[0],
    }),
  },
  {
    when: /(?:Malformed JSON|Invalid JSON|JSON)[\s\S]*/i,
    error: match => ({
      code: 'DATA',
      expected: 'JSON: an array of objects, or an object per line',
      received: match.input.replace(/^.*?Error:\s*/, '').split('\n')[0],
    }),
  },
  {
    when: /(?:Parser|Binder|Catalog) Error: (.*)/,
    error: ([, message]) => ({
      code: 'ARGUMENT',
      expected: 'SQL that DuckDB takes',
      received: message,
    }),
  },
  { when: /INTERRUPT/i, error: () => ({ code: 'INTERRUPTED', received: 'an interruption' }) },
]

/** The error a user sees for a failure inside DuckDB; an AthanorError stays what it is. */
export function translateDuckDbError(cause: unknown, file: string): AthanorError {
  if (cause instanceof AthanorError) return cause
  const message = messageOf(cause)
  for (const { when, error } of translations) {
    const match = when.exec(message)
    if (match === null) continue
    const { code, ...parts } = error(match, file)
    return new AthanorError(code, { operation: `reading '${file}'`, ...parts, cause })
  }
  const first = message.split('\n')[0]
  return new AthanorError('FORMAT', { operation: `reading '${file}'`, received: first, cause })
}

// The formats that DuckDB carries beside CSV: JSON, Parquet and its own files.

import { argumentError } from '../../base/errors.js'
import type { Dataset } from '../dataset.js'
import { messageOf, quoteName, quoteText } from './duckdb.js'
import { chooseTable } from './options.js'
import type { Session } from './session.js'

/** Rows from which the types of JSON fields are decided at first. */
const jsonSample = 100_000

export async function readJson(session: Session, files: readonly string[]): Promise<Dataset> {
  const utf8 = await session.asUtf8(files)
  const read = (sample: number) =>
    session.relation(`read_json(${list(utf8)}, union_by_name=true, sample_size=${sample})`)
  try {
    return await read(jsonSample)
  } catch (error) {
    // A late row has another type than those before it: all are looked at.
    if (!/sample_size|JSON transform/i.test(messageOf(error))) throw error
    return read(-1)
  }
}

export async function readParquet(session: Session, files: readonly string[]): Promise<Dataset> {
  return session.relation(`read_parquet(${list(files)}, union_by_name=true)`)
}

export async function readDuckDbFile(session: Session, files: readonly string[]): Promise<Dataset> {
  if (files.length > 1)
    throw argumentError('openDataset', 'one DuckDB file', `${files.length} of them`)
  const db = await session.duckDb()
  await db.connection.run(`ATTACH ${quoteText(files[0])} AS source (READ_ONLY)`)
  const tables = (
    await db.rows(
      `SELECT table_schema AS s, table_name AS t FROM information_schema.tables
       WHERE table_catalog = 'source' ORDER BY 1, 2`,
    )
  ).map(row => ({ schema: String(row.s), table: String(row.t) }))
  const { query, table } = session.options
  if (query !== undefined) {
    await db.connection.run('USE source')
    if (table === undefined && tables.length !== 1) return session.sql(query)
  }
  const names = tables.map(entry => entry.table)
  const chosen = chooseTable(files[0], names, table)
  const { schema } = tables.find(entry => entry.table === chosen)!
  return session.relation(`source.${quoteName(schema)}.${quoteName(chosen)}`)
}

function list(files: readonly string[]): string {
  return `[${files.map(quoteText).join(', ')}]`
}

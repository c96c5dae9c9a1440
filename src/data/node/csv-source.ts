// Reading CSV files to the end: what goes wrong with a file the first time is put right and tried again.

import type { Dataset } from '../dataset.js'
import {
  applyOverrides,
  csvColumns,
  csvRelation,
  isLineEndFailure,
  isRaggedFailure,
  layoutOf,
  mayBeBrokenText,
  planCsv,
  relent,
  withoutRaggedRows,
} from './csv.js'
import { findBrokenText, transcode } from './encoding.js'
import { checkNames, type OpenOptions } from './options.js'
import type { Session } from './session.js'

export async function readCsvFiles(session: Session, given: readonly string[]): Promise<Dataset> {
  const files = await session.asUtf8(given)
  try {
    return await read(session, files, session.options)
  } catch (error) {
    if (isLineEndFailure(error))
      return read(session, await withOneLineEnd(session, files), session.options)
    if (mayBeBrokenText(error))
      for (const file of files) {
        const broken = await findBrokenText(file)
        if (broken !== undefined) throw broken
      }
    throw error
  }
}

async function read(
  session: Session,
  files: readonly string[],
  options: OpenOptions,
): Promise<Dataset> {
  try {
    return await readPlanned(session, files, options)
  } catch (error) {
    if (options.badRows !== 'skip' || !isRaggedFailure(error)) throw error
    const { copy, options: copyOptions } = await withoutRagged(session, files, options)
    return readPlanned(session, [copy], copyOptions)
  }
}

async function readPlanned(
  session: Session,
  files: readonly string[],
  options: OpenOptions,
): Promise<Dataset> {
  const plan = await planCsv(await session.duckDb(), files, options)
  const { query } = options
  if (query === undefined) {
    checkNames(plan.names, options)
    applyOverrides(plan, session.types)
  }
  session.findings.push(...plan.findings)
  for (;;) {
    const relation = csvRelation(plan)
    try {
      return query === undefined
        ? await session.collect(relation, csvColumns(plan, session.types, session.exclude))
        : await session.query(relation, plan.names)
    } catch (error) {
      if (relent(plan, error)) continue
      for (const finding of plan.findings)
        session.findings.splice(session.findings.indexOf(finding), 1)
      throw error
    }
  }
}

/** A copy without the ragged rows, and the options by which it is read. */
async function withoutRagged(
  session: Session,
  files: readonly string[],
  options: OpenOptions,
): Promise<{ copy: string; options: OpenOptions }> {
  const plan = await layoutOf(files, options)
  const copy = await session.temporary('rows.csv')
  const { skipped, lines } = await withoutRaggedRows(await session.duckDb(), plan, copy)
  session.findings.push(...plan.findings, {
    code: 'skipped-rows',
    severity: 'warning',
    count: skipped,
    details: { lines: lines.join(', ') },
  })
  const { delimiter } = plan.dialect
  return {
    copy,
    options: { ...options, badRows: 'error', header: false, delimiter, names: plan.names },
  }
}

async function withOneLineEnd(session: Session, files: readonly string[]): Promise<string[]> {
  const copies: string[] = []
  for (const [i, file] of files.entries()) {
    const copy = await session.temporary(`lines-${i}.csv`)
    await transcode(file, 'utf-8', copy, true)
    copies.push(copy)
  }
  session.findings.push({ code: 'line-ends', severity: 'info', count: files.length, details: {} })
  return copies
}

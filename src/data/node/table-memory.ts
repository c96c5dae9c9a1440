// How much of a table may lie in memory; rows beyond it go to disk and are read from there.

import { availableMemory, env } from '#platform'
import { argumentError } from '../../base/errors.js'

/** Share of free memory that a table may take: features, checks and the net need the rest. */
const share = 1 / 3

const units: Readonly<Record<string, number>> = {
  '': 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
}

/** Bytes that the environment allows (`ATHANOR_TABLE_MEMORY=512M`); undefined where it says nothing. */
export function tableMemoryAsked(): number | undefined {
  const text = env('ATHANOR_TABLE_MEMORY')
  if (text === undefined) return undefined
  const parts = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim())
  if (parts === null)
    throw argumentError('ATHANOR_TABLE_MEMORY', 'bytes, or a size such as 512M or 2G', text)
  return Number(parts[1]) * units[parts[2].toUpperCase()]
}

/** Bytes that a table may take in memory: what the environment says, or a third of what is free. */
export function tableMemory(): number {
  return tableMemoryAsked() ?? share * availableMemory()
}

// Candidates as entries of a board, and entries as candidates again.

import type { Candidate } from '../candidates.js'
import { type FamilyName, families } from '../model-families.js'
import { runError } from '../run-error.js'
import type { Task } from '../train-options.js'
import { type BoardEntry, deviationOf, meanOf } from './board.js'
import type { Measured } from './measure.js'

export function isDummy({ member }: Candidate): boolean {
  return member?.estimator.startsWith('Dummy') === true
}

/** The candidate that an entry was made from. Errors: FORMAT for one that isn't known here. */
export function candidateOf(entry: BoardEntry, task: Task): Candidate {
  const family = entry.family as FamilyName
  const { parameters } = entry
  if (family === 'neural' && entry.estimator === 'net') return { family, parameters }
  const member = families[family]?.members[task]?.find(
    ({ estimator, features }) => estimator === entry.estimator && features === entry.features,
  )
  if (member === undefined)
    throw runError('FORMAT', 'candidateUnknown', { estimator: entry.estimator })
  return { family, member, parameters }
}

/** The same for equal candidates. */
export function nameOf({ member, parameters }: Candidate): string {
  return JSON.stringify([member?.estimator ?? 'net', member?.features ?? null, parameters])
}

/** `nameOf` the candidate that an entry was made from. */
export function entryName({ estimator, features, parameters }: BoardEntry): string {
  return JSON.stringify([estimator, features ?? null, parameters])
}

/** Of a candidate that was not measured. */
export function emptyEntry({ family, member, parameters }: Candidate, seed: number): BoardEntry {
  return {
    family,
    estimator: member?.estimator ?? 'net',
    ...(member === undefined ? {} : { features: member.features }),
    parameters,
    seed,
    folds: 0,
    rows: 0,
    scores: [],
    score: null,
    spread: null,
    fitSeconds: null,
    predictSeconds: null,
    bytes: null,
  }
}

export function entryOf(
  candidate: Candidate,
  measured: readonly Measured[],
  seed: number,
): BoardEntry {
  const scores = measured.flatMap(({ score }) => (score === undefined ? [] : [score]))
  const losses = measured.flatMap(({ logLoss }) => (logLoss === undefined ? [] : [logLoss]))
  return {
    ...emptyEntry(candidate, seed),
    ...(scores.length === 0 ? { omitted: 'metric' as const } : {}),
    folds: measured.length,
    rows: Math.max(...measured.map(({ rows }) => rows)),
    scores,
    score: scores.length === 0 ? null : meanOf(scores),
    spread: scores.length === 0 ? null : deviationOf(scores),
    ...(losses.length === measured.length ? { logLoss: meanOf(losses) } : {}),
    fitSeconds: round(meanOf(measured.map(({ fitSeconds }) => fitSeconds))),
    predictSeconds: round(Math.min(...measured.map(({ predictSeconds }) => predictSeconds))),
    bytes: Math.max(...measured.map(({ bytes }) => bytes)),
  }
}

function round(seconds: number): number {
  return Number(seconds.toPrecision(3))
}

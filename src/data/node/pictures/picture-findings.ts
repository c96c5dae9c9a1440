// What is to be said about pictures that were read.

import type { PictureHead } from '../../../platform/picture-decoding.js'
import type { DataFinding } from '../../finding.js'
import type { BrokenPicture, PictureShape } from '../../pictures/picture-dataset.js'

import type { PictureList } from './list-pictures.js'

/** Broken pictures, or folders, that are named. */
const mostNames = 3

export function namesOf(broken: readonly BrokenPicture[]): string {
  return listed(broken.map(({ name, reason }) => `${name} (${reason})`))
}

function listed(names: readonly string[]): string {
  const more = names.length - mostNames
  return `${names.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

export function findingsOf(
  { ignored, empty, outside }: Pick<PictureList, 'ignored' | 'empty' | 'outside'>,
  heads: readonly PictureHead[],
  [height, width]: PictureShape,
  broken: readonly BrokenPicture[],
  labels: Int32Array,
  duplicateOf: Uint32Array,
): DataFinding[] {
  const findings: DataFinding[] = []
  if (broken.length > 0)
    findings.push({
      code: 'broken-pictures',
      severity: 'warning',
      count: broken.length,
      details: { names: namesOf(broken) },
    })
  if (ignored > 0)
    findings.push({ code: 'ignored-files', severity: 'info', count: ignored, details: {} })
  if (empty.length > 0)
    findings.push({
      code: 'ignored-folders',
      severity: 'info',
      count: empty.length,
      details: { names: listed(empty) },
    })
  if (outside > 0)
    findings.push({ code: 'links-outside', severity: 'info', count: outside, details: {} })
  const resized = heads.filter(head => head.height !== height || head.width !== width).length
  if (resized > 0)
    findings.push({
      code: 'resized-pictures',
      severity: 'info',
      count: resized,
      details: { size: `${width} × ${height}` },
    })
  return [...findings, ...duplicateFindings(labels, duplicateOf)]
}

export function duplicateFindings(labels: Int32Array, duplicateOf: Uint32Array): DataFinding[] {
  let equal = 0
  let conflicting = 0
  let without = 0
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] < 0) without++
    if (duplicateOf[row] === row) continue
    equal++
    if (labels[duplicateOf[row]] !== labels[row]) conflicting++
  }
  const findings: DataFinding[] = []
  if (equal > 0)
    findings.push({ code: 'duplicate-pictures', severity: 'info', count: equal, details: {} })
  if (conflicting > 0)
    findings.push({
      code: 'conflicting-labels',
      severity: 'warning',
      count: conflicting,
      details: {},
    })
  if (without > 0 && without < labels.length)
    findings.push({
      code: 'pictures-without-class',
      severity: 'warning',
      count: without,
      details: {},
    })
  return findings
}

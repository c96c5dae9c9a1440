// Names of files that a command writes where it is told none.

import { basename } from 'node:path'

/** `customers.csv` → `customers-clusters.csv`; beside nothing of the user's, in the folder where the command runs. */
export function fileFor(data: string, otherwise: string, end: string): string {
  const name = basename(data)
    .replace(/\.[^.]*$/, '')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
  return `${name === '' ? otherwise : name}-${end}`
}

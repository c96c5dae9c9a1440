// Folders of this process under the system's temporary one, removed when done with or at the latest
// when the process exits.

import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = new Set<string>()
let watching = false

export async function makeTemporaryFolder(purpose: string): Promise<string> {
  if (!watching) {
    watching = true
    process.once('exit', () => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    })
  }
  const folder = await mkdtemp(join(tmpdir(), `athanor-${purpose}-`))
  folders.add(folder)
  return folder
}

export async function removeTemporaryFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  folders.delete(folder)
}

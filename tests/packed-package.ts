// What a user gets: the package is packed and laid into an empty folder, as `npm install` would do,
// without asking a registry. Its dependencies are linked from this repository's node_modules.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)

export const repository = fileURLToPath(new URL('..', import.meta.url))

export interface PackedFolder {
  /** A folder outside the repository with node_modules/athanor in it. */
  readonly folder: string
  /** The files of the package, relative to its root. */
  readonly files: readonly string[]
  remove(): Promise<void>
}

export async function installPacked(): Promise<PackedFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'athanor-packed-'))
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { stdout } = await execute(
    npm,
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    { cwd: repository, maxBuffer: 1 << 26 },
  )
  const report = JSON.parse(stdout) as PackReport[] | Record<string, PackReport>
  const packed = (Array.isArray(report) ? report : Object.values(report))[0] as PackReport
  await execute('tar', ['-xzf', join(folder, packed.filename), '-C', folder])
  await mkdir(join(folder, 'node_modules'))
  await rename(join(folder, 'package'), join(folder, 'node_modules', 'athanor'))
  await rm(join(folder, packed.filename))

  const manifest = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'))
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(folder, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    const target = join(repository, 'node_modules', name)
    if (!existsSync(target)) throw new Error(`${name} is not installed: run npm ci`)
    await symlink(target, link, 'junction')
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }\n')
  return {
    folder,
    files: packed.files.map(file => file.path),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}

interface PackReport {
  readonly filename: string
  readonly files: readonly { path: string }[]
}

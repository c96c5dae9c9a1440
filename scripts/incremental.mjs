// What makes a second build cheap: content hashes of a step's inputs, remembered in dist/.build.json,
// and a lock so that two builds started at once do not write over each other.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root, with a trailing separator removed. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const stateFile = join(root, 'dist', '.build.json')
const lockFile = join(root, 'build', 'lock')

/** All files below `folder` (absolute paths, sorted) that `keep` accepts; [] where there is none. */
export async function filesBelow(folder, keep = () => true) {
  if (!existsSync(folder)) return []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => keep(relative(root, path).split(sep).join('/')))
    .sort()
}

/** One hash over names and contents of `files` and over the strings in `facts`. */
export async function contentHash(files, facts = []) {
  const hash = createHash('sha256')
  for (const fact of facts) hash.update(`${fact}\0`)
  const contents = await Promise.all(files.map(path => readFile(path)))
  files.forEach((path, i) => {
    hash.update(`${relative(root, path)}\0${contents[i].length}\0`)
    hash.update(contents[i])
  })
  return hash.digest('hex')
}

/** step name → { hash, outputs } of the last build that succeeded. */
export async function readState() {
  try {
    return JSON.parse(await readFile(stateFile, 'utf8'))
  } catch {
    return {}
  }
}

export async function writeState(state) {
  await mkdir(dirname(stateFile), { recursive: true })
  const temporary = `${stateFile}.${process.pid}`
  await writeFile(temporary, `${JSON.stringify(state, null, 1)}\n`)
  await rename(temporary, stateFile)
}

/** Whether a step's remembered result still stands: same inputs, every output there. */
export function isFresh(remembered, hash) {
  return (
    remembered?.hash === hash && remembered.outputs.every(output => existsSync(join(root, output)))
  )
}

/** Runs `work` while no other build runs in this folder. A lock whose process has died is ignored. */
export async function withLock(work, log) {
  await mkdir(dirname(lockFile), { recursive: true })
  let announced = false
  for (;;) {
    try {
      const handle = await open(lockFile, 'wx')
      await handle.writeFile(String(process.pid))
      await handle.close()
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (await lockIsStale()) await rm(lockFile, { force: true })
    else {
      if (!announced) log('waiting for another build in this folder')
      announced = true
      await new Promise(resolve => setTimeout(resolve, 150))
    }
  }
  try {
    return await work()
  } finally {
    await rm(lockFile, { force: true })
  }
}

async function lockIsStale() {
  try {
    const owner = Number(await readFile(lockFile, 'utf8'))
    // An empty file is a lock being taken this moment, unless it has been so for a while.
    if (!owner) return Date.now() - (await stat(lockFile)).mtimeMs > 5000
    process.kill(owner, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

// A run's folder: its files, how it is named, found and listed.

import { existsSync } from 'node:fs'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { JsonReader } from '../base/json-reader.js'
import type { Manifest } from './manifest.js'
import { manifestFormat } from './manifest.js'
import type { Say } from './messages/messages.js'
import { didYouMean, RunError, runError } from './run-error.js'
import { runKinds } from './run-kinds.js'
import { makeFolder, readJson, writeError } from './storage.js'

export const runFiles = {
  manifest: 'manifest.json',
  events: 'events.jsonl',
  checkpoints: 'checkpoints',
  model: 'model.athanor',
  split: 'split.json',
  predictions: 'test-predictions.csv',
  report: 'report.html',
  reportData: 'report.json',
} as const

export type RunFile = keyof typeof runFiles

export function runPath(folder: string, file: RunFile): string {
  return join(folder, runFiles[file])
}

/** Makes a new folder below `out`; throws when the name is taken. */
export async function createRunFolder(
  out: string,
  name: string | undefined,
  target: string,
  now = new Date(),
): Promise<{ name: string; path: string }> {
  await makeFolder(out)
  if (name !== undefined) {
    if (!/^[^/\\\0:*?"<>|]{1,120}$/.test(name) || /^\.+$/.test(name))
      throw runError('ARGUMENT', 'badName', { name })
    return { name, path: await claim(out, name, true) }
  }
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  const slug = target.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'run'
  const base = `${[...slug].slice(0, 32).join('')}-${stamp}`
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? base : `${base}-${i}`
    const path = await claim(out, candidate, false)
    if (path !== '') return { name: candidate, path }
  }
}

/** The folder, made by us alone; '' where somebody else has it. */
async function claim(out: string, name: string, asked: boolean): Promise<string> {
  const path = resolve(out, name)
  try {
    await mkdir(path)
    await mkdir(join(path, runFiles.checkpoints))
    return path
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw writeError(path, error)
    if (!asked) return ''
    throw runError('ARGUMENT', 'nameTaken', { path: shownPath(path) })
  }
}

/** A path as a user would type it. */
export function shownPath(path: string): string {
  const from = relative('', path)
  return from === '' || from.startsWith('..') ? path : from
}

/** The folder of a run given by path, or by name below `out`. */
export async function findRun(run: string, out = 'runs'): Promise<string> {
  for (const candidate of [run, join(out, run)]) {
    const isFolder = await stat(candidate).then(
      found => found.isDirectory(),
      () => false,
    )
    if (isFolder && existsSync(runPath(candidate, 'manifest'))) return resolve(candidate)
    if (isFolder && candidate === run)
      throw runError('FORMAT', 'notARun', { path: shownPath(candidate) })
  }
  const names = (await readdir(out).catch(() => [])).filter(name =>
    existsSync(runPath(join(out, name), 'manifest')),
  )
  throw new RunError('FILE', say => {
    const meant = didYouMean(run, names, say) || didYouMean(basename(run), names, say)
    return say('runNotFound', { run }) + (meant || runsThere(out, names, say))
  })
}

/** Runs that are named. */
const mostNames = 10

function runsThere(out: string, names: readonly string[], say: Say): string {
  const folder = shownPath(out)
  if (names.length === 0) return (say.language === 'zh' ? '' : ' ') + say('noRuns', { folder })
  const list = names.slice(0, mostNames).join(', ') + (names.length > mostNames ? ', …' : '')
  return say('runsAre', { folder, list })
}

/** Throws FORMAT for a manifest that is damaged or of a newer version. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = runPath(folder, 'manifest')
  const reader = new JsonReader(shownPath(path), await readJson(path))
  const format = reader.get('format').integer(1)
  const version = reader.get('athanor').string()
  if (format > manifestFormat)
    throw runError('FORMAT', 'runNewer', { path: shownPath(folder), version })
  reader.get('name').string()
  reader.get('status').oneOf(['running', 'interrupted', 'failed', 'finished'])
  reader.get('settings').only(...Object.keys(reader.get('settings').value as object))
  const isTable = !Object.hasOwn(reader.value as object, 'kind')
  if (isTable) reader.get('settings').get('target').string()
  else reader.get('kind').oneOf(runKinds)
  reader.get('data').get('fingerprint').string()
  return reader.value as Manifest
}

export interface ListedRun {
  readonly name: string
  readonly path: string
  /** Absent where the manifest cannot be read. */
  readonly manifest?: Manifest
}

/** All runs below a folder, oldest first. */
export async function listRuns(out: string): Promise<ListedRun[]> {
  const entries = await readdir(out, { withFileTypes: true }).catch(() => [])
  const runs: ListedRun[] = []
  for (const entry of entries) {
    const path = join(out, entry.name)
    if (!entry.isDirectory() || !existsSync(runPath(path, 'manifest'))) continue
    const manifest = await readManifest(path).catch(() => undefined)
    runs.push({ name: entry.name, path, ...(manifest === undefined ? {} : { manifest }) })
  }
  return runs.sort((a, b) => (a.manifest?.created ?? '').localeCompare(b.manifest?.created ?? ''))
}

// Which pictures a source has, and what it says of each: a folder a class, or a manifest.

import { open, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { AthanorError } from '../../../base/errors.js'
import { suggestName } from '../../../base/nearest-name.js'
import { pictureFormat } from '../../../platform/picture-decoding.js'
import { cellText, isMissing } from '../../column.js'
import type { BrokenPicture, GivenPart } from '../../pictures/picture-dataset.js'
import { openDataset } from '../open.js'
import { isPictureName, partNamed } from './picture-names.js'
import type { OpenPicturesOptions } from './picture-options.js'

export interface ListedPicture {
  readonly path: string
  /** As messages call it. */
  readonly name: string
  /** Undefined where the source does not say. */
  readonly label?: string
  readonly part?: GivenPart
}

export interface PictureList {
  readonly pictures: readonly ListedPicture[]
  /** Rows of a table without a path. */
  readonly pathless: readonly BrokenPicture[]
  /** Files passed over: no pictures by name and content. */
  readonly ignored: number
  /** Folders passed over: nothing below them is a picture. */
  readonly empty: readonly string[]
  /** Links passed over, as they lead out of the folder. */
  readonly outside: number
}

const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

interface Walk {
  /** As it was given, for names; and where it really is. */
  readonly folder: string
  readonly root: string
  readonly outside: boolean
  readonly found: ListedPicture[]
  readonly seen: Set<string>
  ignored: number
  leadOut: number
}

/**
 * Pictures below a folder. Its folders are the classes, or parts (`train`, `validation`, `test`) whose
 * folders are the classes; pictures directly in it have no class.
 *
 * @throws AthanorError DATA where parts and other folders of pictures lie beside each other, unless they may
 * be `mixed`: all of them are classes then.
 */
export async function listFolder(
  folder: string,
  { outside = false, mixed = false }: { readonly outside?: boolean; readonly mixed?: boolean } = {},
): Promise<PictureList> {
  const walk: Walk = {
    folder: resolve(folder),
    root: await realpath(folder),
    outside,
    found: [],
    seen: new Set(),
    ignored: 0,
    leadOut: 0,
  }
  const empty: string[] = []
  const holding: string[] = []
  let ignoredInClasses = 0
  for (const entry of await entriesOf(folder)) {
    const { ignored, leadOut } = walk
    const before = walk.found.length
    if (entry.isFolder) await visitFolder(walk, entry.path)
    else await visitFile(walk, entry)
    if (!entry.isFolder) continue
    if (walk.found.length > before) {
      holding.push(entry.name)
      ignoredInClasses += walk.ignored - ignored
    } else if (walk.leadOut === leadOut && !entry.isLink) empty.push(entry.name)
  }
  const parts = holding.filter(name => partNamed(name) !== undefined)
  const others = holding.filter(name => partNamed(name) === undefined)
  if (parts.length > 0 && others.length > 0 && !mixed) throw mixedFolders(folder, parts, others)
  const hasParts = parts.length > 0 && others.length === 0
  return {
    pictures: walk.found.map(picture => ({ ...picture, ...placeOf(picture, hasParts) })),
    pathless: [],
    // Beside the classes' folders a licence or a table is no wonder.
    ignored: holding.length > 0 ? ignoredInClasses : walk.ignored,
    empty,
    outside: walk.leadOut,
  }
}

/** What the folders that a picture lies in say of it. */
function placeOf(
  { name }: ListedPicture,
  hasParts: boolean,
): Pick<ListedPicture, 'label' | 'part'> {
  const folders = name.split('/').slice(0, -1)
  const part = hasParts ? folders.shift() : undefined
  const [label] = folders
  return {
    ...(label === undefined ? {} : { label }),
    ...(part === undefined ? {} : { part: partNamed(part) }),
  }
}

function mixedFolders(
  folder: string,
  parts: readonly string[],
  others: readonly string[],
): AthanorError {
  const listed = (names: readonly string[]) =>
    names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '')
  const [own, other] = [listed(parts), listed(others)]
  return new AthanorError('DATA', {
    operation: `reading '${basename(resolve(folder))}'`,
    expected: 'folders of pictures that are all parts (train, validation, test) or all classes',
    received: `parts (${own}) beside others (${other})`,
    fix: `Move ${other} elsewhere, or into a part where it is a class; if ${own} ${parts.length > 1 ? 'are classes' : 'is a class'}, give the folder another name`,
  })
}

interface Entry {
  readonly name: string
  readonly path: string
  readonly isFolder: boolean
  /** Whether it is a link, which may lead anywhere. */
  readonly isLink: boolean
}

/** What is in a folder, sorted by name whatever the file system's order; hidden things are left out. */
async function entriesOf(folder: string): Promise<Entry[]> {
  const all = await readdir(folder, { withFileTypes: true })
  const seen = all
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => byName(a.name, b.name))
  const entries: Entry[] = []
  for (const entry of seen) {
    const { name } = entry
    const path = join(folder, name)
    const isLink = entry.isSymbolicLink()
    // A link to nothing counts as a file, so that it is missed.
    const found = isLink ? await stat(path).catch(() => undefined) : entry
    if (found === undefined || found.isDirectory() || found.isFile())
      entries.push({ name, path, isFolder: found?.isDirectory() ?? false, isLink })
  }
  return entries
}

/** What a Mac puts beside the files it packs. */
const macLeavings = '__MACOSX'

async function visitFolder(walk: Walk, folder: string): Promise<void> {
  if (basename(folder) === macLeavings) return
  const real = await realpath(folder)
  if (walk.seen.has(real)) return
  walk.seen.add(real)
  if (!(await isAllowed(walk, folder))) return
  for (const entry of await entriesOf(folder))
    if (entry.isFolder) await visitFolder(walk, entry.path)
    else await visitFile(walk, entry)
}

/** The folder it lies in has been found to be inside. */
async function visitFile(walk: Walk, { path, isLink }: Entry): Promise<void> {
  if (isLink && !(await isAllowed(walk, path))) return
  if (!(isPictureName(path) || (await looksLikePicture(path)))) {
    walk.ignored++
    return
  }
  const name = relative(walk.folder, resolve(path)).split(sep).join('/')
  walk.found.push({ path, name })
}

/** Whether it lies in the folder, or may lie elsewhere; counts what does not. What is not there is no leak. */
async function isAllowed(walk: Walk, path: string): Promise<boolean> {
  if (walk.outside) return true
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined || isInside(walk.root, real)) return true
  walk.leadOut++
  return false
}

export function isInside(root: string, path: string): boolean {
  const from = relative(root, path)
  return from !== '..' && !from.startsWith(`..${sep}`) && resolve(root, from) === path
}

/** A picture under a name that does not say so. */
async function looksLikePicture(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return false
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(12), 0, 12, 0)
    return pictureFormat(buffer.subarray(0, bytesRead)) !== undefined
  } finally {
    await file.close()
  }
}

const manifestNames = /\.(csv|tsv|jsonl|ndjson|json|parquet)$/i

export function isManifest(path: string): boolean {
  return manifestNames.test(path)
}

const usualColumns = {
  picture: ['path', 'picture', 'image', 'file', 'filename', 'file_name'],
  label: ['label', 'class', 'target', 'category'],
} as const

/**
 * The rows of a table with a path and a class each, and perhaps a column `split`. Paths are relative to the
 * table's folder and stay below it unless `outside`.
 *
 * @throws AthanorError DATA for a column that is not there, a path that leads out, an unknown part.
 */
export async function listManifest(
  file: string,
  { pictureColumn, labelColumn, outside = false }: OpenPicturesOptions,
): Promise<PictureList> {
  const first = await openDataset(file)
  const { names } = first
  await first.close()
  const picture = columnFor(file, 'picture', pictureColumn, names)
  const label = columnFor(file, 'label', labelColumn, names, true)
  const wanted = [picture, label, names.includes('split') ? 'split' : undefined].filter(
    name => name !== undefined,
  )
  const types = Object.fromEntries(wanted.map(name => [name, 'category' as const]))
  const dataset = await openDataset(file, { types })
  try {
    const table = await dataset.table(wanted)
    const folder = await realpath(dirname(file))
    const text = (name: string | undefined, row: number) => {
      if (name === undefined) return undefined
      const column = table.column(name)
      return isMissing(column, row) ? undefined : cellText(column, row)
    }
    const pictures: ListedPicture[] = []
    const pathless: BrokenPicture[] = []
    for (let row = 0; row < table.rows; row++) {
      const given = text(picture, row)
      if (given === undefined) {
        pathless.push({ name: `row ${row + 1}`, reason: 'no path' })
        continue
      }
      const path = resolve(folder, given)
      if (!outside) {
        const real = await realpath(path).catch(() => path)
        if (!isInside(folder, path) || !isInside(folder, real))
          throw manifestError(
            file,
            'paths below the folder of the file',
            `'${given}' in row ${row + 1}`,
            'Allow it with the option outside',
          )
      }
      const part = partOf(file, row, text(names.includes('split') ? 'split' : undefined, row))
      const known = text(label, row)
      pictures.push({
        path,
        name: given,
        ...(known === undefined ? {} : { label: known }),
        ...(part === undefined ? {} : { part }),
      })
    }
    return { pictures, pathless, ignored: 0, empty: [], outside: 0 }
  } finally {
    await dataset.close()
  }
}

function partOf(file: string, row: number, text: string | undefined): GivenPart | undefined {
  if (text === undefined) return undefined
  const part = partNamed(text)
  if (part === undefined)
    throw manifestError(
      file,
      "train, validation or test in column 'split'",
      `'${text}' in row ${row + 1}`,
    )
  return part
}

function columnFor(
  file: string,
  what: keyof typeof usualColumns,
  asked: string | undefined,
  names: readonly string[],
  optional = false,
): string | undefined {
  if (asked !== undefined) {
    if (names.includes(asked)) return asked
    throw manifestError(file, `a column '${asked}'`, names.join(', '), suggestName(asked, names))
  }
  const usual = usualColumns[what].find(name => names.includes(name))
  if (usual !== undefined || optional) return usual
  throw manifestError(
    file,
    `a column with the pictures' paths (${usualColumns[what].join(', ')})`,
    names.join(', '),
    'Name it with the option pictureColumn',
  )
}

function manifestError(file: string, expected: string, received: string, fix?: string) {
  return new AthanorError('DATA', { operation: `reading '${file}'`, expected, received, fix })
}

/** Pictures named one by one: they have no class, and are called as they were named. */
export function listFiles(paths: readonly string[]): PictureList {
  return {
    pictures: paths.map(path => ({ path, name: path })),
    pathless: [],
    ignored: 0,
    empty: [],
    outside: 0,
  }
}

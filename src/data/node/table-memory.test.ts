// ATHANOR_TABLE_MEMORY: sizes as people write them, and what it does to a small file.

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { openDataset } from './open.js'
import { tableMemory } from './table-memory.js'

afterEach(() => vi.unstubAllEnvs())

test('sizes may have units; anything else is an error', () => {
  const read = (text: string) => {
    vi.stubEnv('ATHANOR_TABLE_MEMORY', text)
    return tableMemory()
  }
  expect([read('1000'), read('2K'), read('512M'), read('1.5 GiB'), read('2gb')]).toEqual([
    1000,
    2048,
    512 * 2 ** 20,
    1.5 * 2 ** 30,
    2 ** 31,
  ])
  expect(() => read('much')).toThrow(/512M or 2G.*much/)
  expect(read('')).toBeGreaterThan(2 ** 20)
})

test('rows beyond it go to disk, and leave it when the dataset is closed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'athanor-memory-'))
  vi.stubEnv('TMPDIR', folder)
  const file = join(folder, 'rows.csv')
  await writeFile(
    file,
    `a,b\n${Array.from({ length: 500 }, (_, i) => `${i},x${i % 3}`).join('\n')}`,
  )
  const small = await openDataset(file)
  vi.stubEnv('ATHANOR_TABLE_MEMORY', '1K')
  const stored = await openDataset(file)
  expect([small.inMemory, stored.inMemory]).toEqual([true, false])
  expect(stored.fingerprint).toBe(small.fingerprint)
  expect(await stored.table()).toEqual(await small.table())
  await stored.close()
  expect(await readdir(folder)).toEqual(['rows.csv'])
  await rm(folder, { recursive: true })
})

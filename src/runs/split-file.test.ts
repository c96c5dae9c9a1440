// split.json is read as it was written, from other tools' layouts too; anything else is refused.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PreparedData } from './prepare-data.js'
import { readSplit, writeSplit } from './split-file.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-split-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('round trip, by this reader and by any other of JSON', async () => {
  const path = join(folder, 'split.json')
  const split = {
    train: Uint32Array.from({ length: 200_000 }, (_, i) => i * 7),
    validation: Uint32Array.of(4_294_967_295),
    test: new Uint32Array(0),
  }
  const data = { split, splitMethod: '[random]', fingerprint: 'f', store: { rows: 9 } }
  await writeSplit(path, data as unknown as PreparedData, 5)
  expect(await readSplit(path)).toEqual(split)
  const json = JSON.parse(await readFile(path, 'utf8'))
  expect(json).toMatchObject({ format: 1, method: '[random]', seed: 5, rows: 9, test: [] })
  expect(Uint32Array.from(json.train)).toEqual(split.train)
  await writeFile(path, JSON.stringify(json, null, 2))
  expect(await readSplit(path)).toEqual(split)
})

test.each([
  ['truncated', '{ "format": 1, "train": [1, 2'],
  ['not a list', '{ "format": 1, "train": 7, "validation": [1], "test": [2] }'],
  ['a text', '{ "format": 1, "train": ["1"], "validation": [1], "test": [2] }'],
  ['a fraction', '{ "format": 1, "train": [1.5], "validation": [1], "test": [2] }'],
  ['a negative row', '{ "format": 1, "train": [-1], "validation": [1], "test": [2] }'],
  ['a row beyond 2^32', '{ "format": 1, "train": [4294967296], "validation": [1], "test": [2] }'],
  ['two numbers in one', '{ "format": 1, "train": [1 2], "validation": [1], "test": [2] }'],
  ['a newer format', '{ "format": 2, "train": [1], "validation": [1], "test": [2] }'],
  ['a part absent', '{ "format": 1, "train": [1], "validation": [1] }'],
])('%s', async (_, text) => {
  const path = join(folder, 'bad.json')
  await writeFile(path, text)
  await expect(readSplit(path)).rejects.toMatchObject({ code: 'FORMAT' })
})

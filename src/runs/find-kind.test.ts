import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findRunKind } from './find-kind.js'
import { findRun } from './run-folder.js'
import { targetMissing } from './target-missing.js'
import { train } from './train.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-find-'))
  await writeFile(join(folder, 'book.txt'), 'Call me Ishmael.')
  await writeFile(join(folder, 'rows.csv'), 'a,b\n1,2\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('data that are not there come before all that is wrong with the options', async () => {
  const nowhere = join(folder, 'bok.txt')
  const missing = /bok\.txt': expected a file, received nothing of that name\. .*book\.txt/
  await expect(findRunKind(nowhere, { model: 'resnet21' } as object)).rejects.toThrow(missing)
  await expect(train(nowhere, { epochs: 1 })).rejects.toThrow(missing)
  await expect(targetMissing(nowhere)).rejects.toThrow(missing)
  await expect(findRunKind(join(folder, '*.parquet'), {})).rejects.toThrow(/some file matches/)
})

test('a text without a target is perhaps to be continued', async () => {
  const { message } = await targetMissing(join(folder, 'book.txt'))
  expect(message).toMatch(/book\.txt is a text.*--task language-model.*--target/)
  expect((await targetMissing(join(folder, 'rows.csv'))).message).toMatch(/^Which column/)
})

test('a run that is not there: the nearest name, or those there are', async () => {
  const runs = join(folder, 'runs')
  await expect(findRun('nosuch', runs)).rejects.toThrow(/no run 'nosuch'\. No runs in /)
  for (const name of ['tones', 'clothes']) {
    await mkdir(join(runs, name), { recursive: true })
    await writeFile(join(runs, name, 'manifest.json'), '{}')
  }
  await mkdir(join(runs, 'no-run'))
  await expect(findRun('runs/nosuch', runs)).rejects.toThrow(
    /no run 'runs\/nosuch'\. Runs in .*runs: clothes, tones$/,
  )
  await expect(findRun('runs/tone', runs)).rejects.toThrow(/Did you mean 'tones'\?/)
})

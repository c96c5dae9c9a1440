// Files that must survive: what is there stays whole when the disk is full or a line is torn.

import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EventLog, readEvents } from './event-log.js'
import { createRunFolder, findRun, listRuns, readManifest } from './run-folder.js'
import { readJson, writeDurably, writeError } from './storage.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-storage-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('writeDurably', () => {
  test('replaces a file and leaves nothing else behind', async () => {
    const inside = join(folder, 'durable')
    const { path } = await createRunFolder(inside, 'run', 'y')
    await writeDurably(join(path, 'a.txt'), 'one')
    await writeDurably(join(path, 'a.txt'), 'two')
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('two')
    expect((await readdir(path)).sort()).toEqual(['a.txt', 'checkpoints'])
  })

  test('names path and reason, and keeps the old file', async () => {
    await expect(writeDurably(join(folder, 'nowhere', 'a.txt'), 'x')).rejects.toMatchObject({
      code: 'FILE',
      message: expect.stringMatching(/nowhere.*cannot be written.*no such file.*Nothing saved/),
    })
    const full = writeError('/data/model', Object.assign(new Error('x'), { code: 'ENOSPC' }))
    expect(full.message).toMatch(/\/data\/model cannot be written: the disk is full/)
  })
})

describe('the event log', () => {
  test('is read as far as it is whole, and cut back to an epoch', async () => {
    const path = join(folder, 'events.jsonl')
    const log = new EventLog(path)
    log.append({ type: 'started', run: 'r', path: '/r' })
    for (let epoch = 1; epoch <= 3; epoch++)
      log.append({
        type: 'epoch',
        epoch,
        epochs: 3,
        loss: 1 / epoch,
        learningRate: 0.1,
        rowsPerSecond: 1,
        secondsLeft: 1,
        best: true,
      })
    log.close()
    await appendFile(path, '{"type":"epo')
    const read = await readEvents(path)
    expect(read.events.map(event => event.type)).toEqual(['started', 'epoch', 'epoch', 'epoch'])
    const again = new EventLog(path, read.lengthAt(2))
    again.append({ type: 'resumed', epoch: 2 })
    again.close()
    const lines = (await readFile(path, 'utf8')).trim().split('\n')
    expect(lines.map(line => JSON.parse(line).type)).toEqual([
      'started',
      'epoch',
      'epoch',
      'resumed',
    ])
  })

  test.skipIf(!existsSync('/dev/full'))('says so when the disk is full', () => {
    const log = new EventLog('/dev/full')
    expect(() => log.append({ type: 'evaluating' })).toThrow(/the disk is full/)
    log.close()
  })

  test('a log that is not there is empty', async () => {
    expect((await readEvents(join(folder, 'none'))).events).toEqual([])
  })
})

describe('run folders', () => {
  test('are named by target and time, never twice', async () => {
    const out = join(folder, 'runs')
    const now = new Date('2026-05-04T09:30:12Z')
    const names = []
    for (let i = 0; i < 2; i++)
      names.push((await createRunFolder(out, undefined, '是否 流失/?', now)).name)
    expect(names).toEqual(['是否-流失-20260504-093012', '是否-流失-20260504-093012-2'])
    await expect(createRunFolder(out, '../x', 'y')).rejects.toThrow(/cannot be the name/)
    await expect(createRunFolder(out, names[0], 'y')).rejects.toThrow(/is there already/)
  })

  test('a manifest that is damaged is refused and listed as unreadable', async () => {
    const out = join(folder, 'broken')
    const { path } = await createRunFolder(out, 'torn', 'y')
    await writeFile(join(path, 'manifest.json'), '{ "format": 1, ')
    await expect(readManifest(path)).rejects.toMatchObject({ code: 'FORMAT' })
    expect((await listRuns(out)).map(run => [run.name, run.manifest])).toEqual([
      ['torn', undefined],
    ])
    await expect(findRun('torm', out)).rejects.toThrow(/no run 'torm'.*Did you mean 'torn'/)
    await expect(readJson(join(path, 'manifest.json'))).rejects.toMatchObject({ code: 'FORMAT' })
  })
})

// The rules for recordings that are not as they should be: the same where a list is read to learn from, where it is
// measured on, and where files are transcribed.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Alphabet, ctcSpeechModel, SpeechModel } from '../../applications/speech/index.js'
import { writeWav } from '../../data/sound/wav.js'
import { SoundFeatures } from '../../features/sound/index.js'
import { sayIn } from '../messages/messages.js'
import type { RunError } from '../run-error.js'
import { evaluateSpeech } from './evaluate-speech.js'
import { prepareSpeech } from './prepare-speech.js'
import { readRecordings } from './read-recordings.js'
import { readSpeech } from './read-speech.js'
import { transcribeFiles } from './transcribe-files.js'

const sampleRate = 8000
const columns = { audio: 'file', transcript: 'text' }

let folder: string
const at = (name: string) => join(folder, name)
const tone = (length = 1600) => Float32Array.from({ length }, (_, i) => Math.sin(i / 3))
const wav = (name: string, samples: Float32Array) =>
  writeFile(at(name), writeWav({ samples, sampleRate }, { format: 'float32' }))

function makeModel(): SpeechModel {
  return new SpeechModel({
    net: ctcSpeechModel({ features: 4, classes: 3, units: [2], stack: 3 }),
    features: new SoundFeatures({ sampleRate, mels: 4 }),
    alphabet: new Alphabet(['a', 'b']),
    ...{ scaling: null, language: null },
  })
}

async function list(name: string, ...rows: readonly string[]): Promise<string> {
  await writeFile(at(name), `file,text\n${rows.join('\n')}\n`)
  return at(name)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-recordings-'))
  await wav('good.wav', tone())
  await wav('some-nan.wav', tone().fill(Number.NaN, 100, 120))
  await wav('all-nan.wav', new Float32Array(1600).fill(Number.NaN))
  await wav('empty.wav', new Float32Array(0))
  const whole = writeWav({ samples: tone(), sampleRate })
  await writeFile(at('short.wav'), whole.subarray(0, whole.length - 500))
  await writeFile(at('head.wav'), whole.subarray(0, 44))
  const model = makeModel()
  await writeFile(at('model.athanor'), model.parts.net.toBytes({ extra: model.toExtra() }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a list', () => {
  test('keeps every file of each fault', async () => {
    const names = ['good', 'some-nan', 'all-nan', 'empty', 'short', 'head', 'gone', 'gone-too']
    const path = await list('all.csv', ...names.map(name => `${name}.wav,a`))
    const { recordings, findings } = await readRecordings(path, columns, {})
    expect(recordings.map(({ file }) => file)).toEqual(['good.wav', 'some-nan.wav', 'short.wav'])
    const notNumbers = expect.stringMatching(/^all-nan\.wav \(.*numbers.*1600 that are NaN/)
    expect(findings.list).toEqual([
      { fault: 'missingFile', count: 2, example: 'gone.wav', files: ['gone.wav', 'gone-too.wav'] },
      { fault: 'unreadableFile', count: 1, example: notNumbers, files: [notNumbers] },
      {
        fault: 'silentFile',
        count: 2,
        example: 'empty.wav',
        files: ['empty.wav', 'head.wav'],
      },
      { fault: 'truncatedFile', count: 1, example: 'short.wav', files: ['short.wav'] },
      { fault: 'damagedSamples', count: 1, example: 'some-nan.wav', files: ['some-nan.wav'] },
    ])
  })

  test('of nothing usable says why, by kind', async () => {
    const path = await list('bad.csv', 'empty.wav,a', 'all-nan.wav,a', 'head.wav,a', 'good.wav,')
    const refused = await readRecordings(path, columns, {}).catch((error: RunError) => error)
    expect(refused).toMatchObject({ code: 'DATA' })
    const reasons =
      /1 file cannot be read, first all-nan\.wav \(.*NaN.*; 2 files have no samples, first empty\.wav.*; 1 transcript is empty, first that of good\.wav.*looked for from/
    expect((refused as RunError).message).toMatch(reasons)
    expect((refused as RunError).inLanguage(sayIn('zh'))).toMatch(
      /2 个文件没有采样数据（首个：empty\.wav）/,
    )
    const none = await list('none.csv')
    await expect(readRecordings(none, columns, {})).rejects.toThrow(/rows/)
  })

  test('of too little says what was wrong with the rest', async () => {
    const path = await list('few.csv', 'good.wav,a', 'gone.wav,a', 'empty.wav,a')
    const settings = { ...columns, seed: 0 }
    const read = await readSpeech(path, settings, {})
    await expect(prepareSpeech(read, settings)).rejects.toThrow(
      /1 recording that can be used: 10 are needed.*What is wrong: 1 file is not there, first gone\.wav.*; 1 file has no samples, first empty\.wav/,
    )
  })

  test('of one part is answered for by its own files', async () => {
    const path = await list('main.csv', 'good.wav,a', 'gone.wav,a')
    const own = await list('test.csv', 'gone-too.wav,a')
    const read = readSpeech(path, { ...columns, test: own }, {})
    await expect(read).rejects.toThrow(/test\.csv.*1 file is not there, first gone-too\.wav/)
    const other = await list('usable.csv', 'good.wav,b', 'gone-too.wav,b')
    const { findings } = await readSpeech(path, { ...columns, test: other }, {})
    expect(findings.list).toMatchObject([{ count: 2, files: ['gone.wav', 'gone-too.wav'] }])
  })
})

describe('measuring on a list', () => {
  test('counts unknownCharacters and damagedSamples, and leaves out what cannot be said', async () => {
    const long = 'ab'.repeat(100)
    const path = await list(
      'measured.csv',
      ...['good.wav,ab', 'good.wav,abc', 'some-nan.wav,b', `good.wav,${long}`],
    )
    const { rows, metrics, findings } = await evaluateSpeech(makeModel(), path, columns, {})
    expect(rows).toBe(3)
    expect(metrics.characterErrorRate).toBeGreaterThan(0)
    expect(findings.map(({ fault, count, files }) => ({ fault, count, files }))).toEqual([
      { fault: 'longTranscript', count: 1, files: ['good.wav'] },
      { fault: 'unknownCharacters', count: 1, files: ['good.wav'] },
      { fault: 'damagedSamples', count: 1, files: ['some-nan.wav'] },
    ])
    const only = await list('long.csv', `good.wav,${long}`)
    await expect(evaluateSpeech(makeModel(), only, columns, {})).rejects.toThrow(
      /no recording that can be used: 1 transcript is longer/,
    )
  })
})

describe('transcribing', () => {
  test('says which files are damaged, and how', async () => {
    const names = ['good.wav', 'short.wav', 'some-nan.wav', 'empty.wav']
    const { texts, faults, findings } = await transcribeFiles(at('model.athanor'), names.map(at))
    expect(texts.length).toBe(4)
    expect(faults).toEqual([[], ['truncatedFile'], ['damagedSamples'], ['silentFile']])
    expect(findings).toMatchObject([
      { fault: 'silentFile', count: 1, files: [at('empty.wav')] },
      { fault: 'truncatedFile', count: 1, files: [at('short.wav')] },
      { fault: 'damagedSamples', count: 1, files: [at('some-nan.wav')] },
    ])
  })

  test('refuses a file without a sample that is a number, as training leaves it out', async () => {
    const refused = transcribeFiles(at('model.athanor'), [at('all-nan.wav')])
    await expect(refused).rejects.toMatchObject({ code: 'FORMAT' })
    await expect(refused).rejects.toThrow(/all-nan\.wav: expected samples that are numbers/)
  })
})

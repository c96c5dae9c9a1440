// A speech run from files to transcripts: tones that stand for letters, and everything that can be wrong
// with a list.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { SpeechModel } from '../../applications/speech/index.js'
import { Random } from '../../base/philox.js'
import { readWav, writeWav } from '../../data/sound/wav.js'
import type { RunEvent } from '../events.js'
import { loadModel } from '../load-model.js'
import type { DataSource } from '../read-data.js'
import { redrawReport } from '../redraw-report.js'
import type { SpeechRun } from '../run-results.js'
import type { SpeechOptions } from './speech-settings.js'
import { SpeechCourse } from './train-speech.js'
import { transcribeFiles } from './transcribe-files.js'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const sampleRate = 8000

const trainSpeech = (data: DataSource | undefined, given: SpeechOptions) =>
  new SpeechCourse(given).run(data)

/** Each letter is a tone of its own for a tenth of a second, with silence behind it. */
function spoken(text: string, random: Random): Uint8Array {
  const pieces = [...text].flatMap(letter => {
    const hertz = 400 + 450 * (letter.charCodeAt(0) - 97)
    const length = 700 + random.integer(300)
    return Array.from({ length: length + 300 }, (_, i) =>
      i < length ? 0.5 * Math.sin((2 * Math.PI * hertz * i) / sampleRate) : 0,
    )
  })
  return writeWav({
    samples: Float32Array.from(pieces, x => x + (random.uniform() - 0.5) / 50),
    sampleRate,
  })
}

let folder: string
let list: string
const options = {
  ...{ audio: 'file', transcript: 'text', lang: 'en' },
  ...{ hidden: [24], epochs: 30, learningRate: 0.01, dropout: 0 },
} as const satisfies SpeechOptions

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-speech-'))
  await mkdir(join(folder, 'wav'))
  const random = new Random(5)
  const lines = ['file,text']
  for (let i = 0; i < 80; i++) {
    const text = Array.from(
      { length: 1 + random.integer(4) },
      () => 'abcd'[random.integer(4)],
    ).join('')
    await writeFile(join(folder, `wav/${i}.wav`), spoken(text, random))
    lines.push(`wav/${i}.wav,${text}`)
  }
  const whole = spoken('ab', random)
  await writeFile(join(folder, 'wav/short.wav'), whole.subarray(0, whole.length - 500))
  await writeFile(
    join(folder, 'wav/silent.wav'),
    writeWav({ samples: new Float32Array(0), sampleRate }),
  )
  await writeFile(
    join(folder, 'wav/text.wav'),
    'no sound at all, but longer than a header has to be',
  )
  lines.push('wav/short.wav,ab', 'wav/silent.wav,a', 'wav/text.wav,a', 'wav/gone.wav,a')
  lines.push('wav/0.wav,', 'wav/1.wav,…', `wav/2.wav,${'abcd'.repeat(30)}`, ',a')
  list = join(folder, 'list.csv')
  await writeFile(list, `${lines.join('\n')}\n`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a run', () => {
  let run: SpeechRun
  const events: RunEvent[] = []
  beforeAll(async () => {
    const onProgress = (event: RunEvent) => events.push(event)
    run = await trainSpeech(list, { ...options, out: folder, name: 'tones', onProgress })
  })

  test('hears what it was taught, on recordings it was not', () => {
    expect(run.metrics.test.characterErrorRate).toBeLessThan(0.1)
    expect(run.metrics.validation.exact).toBeGreaterThan(0.7)
    expect(run.rows.train + run.rows.validation + run.rows.test).toBe(81)
  })

  test('is held against saying the same of every recording', async () => {
    const { text, metrics } = run.baseline
    expect(text).toMatch(/^[a-d]*$/)
    expect(metrics.characterErrorRate).toBeGreaterThan(0.4)
    const report = await readFile(join(run.path, 'report.html'), 'utf8')
    expect(report).toContain(`Same answer: “${text}” for every recording`)
  })

  test('counts what cannot be used, and says of what', async () => {
    const found = events.find(event => event.type === 'recordings')
    const text = expect.stringContaining('wav/text.wav')
    const findings = [
      {
        fault: 'missingFile',
        count: 2,
        example: 'wav/gone.wav',
        files: ['wav/gone.wav', 'row 88'],
      },
      { fault: 'unreadableFile', count: 1, example: text, files: [text] },
      { fault: 'silentFile', count: 1, example: 'wav/silent.wav', files: ['wav/silent.wav'] },
      {
        fault: 'emptyTranscript',
        count: 2,
        example: 'wav/0.wav',
        files: ['wav/0.wav', 'wav/1.wav'],
      },
      { fault: 'longTranscript', count: 1, example: 'wav/2.wav', files: ['wav/2.wav'] },
      { fault: 'truncatedFile', count: 1, example: 'wav/short.wav', files: ['wav/short.wav'] },
    ]
    expect(found?.type === 'recordings' && found.findings).toEqual(findings)
    expect(run.findings).toEqual(findings)
    expect(run.leftOut).toBe(7)
    const report = JSON.parse(await readFile(join(run.path, 'report.json'), 'utf8'))
    expect(report.findings).toEqual(findings)
  })

  test('leaves a model that transcribes files and sounds, alone or together', async () => {
    const files = [0, 1, 2, 3, 4].map(i => join(folder, `wav/${i}.wav`))
    const { texts } = await transcribeFiles(run.path, files)
    const model = await loadModel(run.path)
    for (const [i, file] of files.entries())
      expect(await model.transcribe([readWav(await readFile(file))])).toEqual([texts[i]])
    const said = (await readFile(list, 'utf8')).split('\n').slice(1, 6)
    const right = said.filter((row, i) => row.split(',')[1] === texts[i])
    expect(right.length).toBeGreaterThanOrEqual(4)
    expect(await model.transcribe([{ samples: new Float32Array(0), sampleRate }])).toEqual([''])
  })

  test('leaves transcripts of the test recordings, and a report in both languages', async () => {
    const csv = (await readFile(join(run.path, 'test-predictions.csv'), 'utf8')).trim().split('\n')
    expect(csv[0]).toBe('row,file,transcript,heard,edits')
    expect(csv.length).toBe(run.rows.test + 1)
    const report = await readFile(join(run.path, 'report.html'), 'utf8')
    expect(report).toContain('Sound and text')
    expect(report.match(/<svg class="chart"/g)?.length).toBeGreaterThanOrEqual(4)
    expect(report).not.toMatch(/NaN|undefined/)
    const chinese = join(folder, 'zh.html')
    await redrawReport(run.path, chinese, 'zh')
    expect(await readFile(chinese, 'utf8')).toContain('字错误率')
  })
})

test.each(['stack', 'convolution'] as const)(
  '%s: interrupted and resumed, it ends with the same model',
  async frontEnd => {
    const given = { ...options, epochs: 6, out: folder, frontEnd }
    const whole = await trainSpeech(list, { ...given, name: `${frontEnd}-whole` })
    const stop = new AbortController()
    const onProgress = (event: RunEvent) => {
      if (event.type === 'epoch' && event.epoch === 3) stop.abort()
    }
    const interrupted = trainSpeech(list, {
      ...given,
      name: `${frontEnd}-parts`,
      signal: stop.signal,
      onProgress,
    })
    await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' })
    const resumed = await trainSpeech(undefined, { resume: join(folder, `${frontEnd}-parts`) })
    expect(resumed.metrics).toEqual(whole.metrics)
    const model = (path: string) => readFile(join(path, 'model.athanor'))
    expect(await model(resumed.path)).toEqual(await model(whole.path))
    const manifest = JSON.parse(await readFile(join(resumed.path, 'manifest.json'), 'utf8'))
    expect(manifest.settings.frontEnd).toBe(frontEnd)
    expect(manifest.model.layers.includes('convolution')).toBe(frontEnd === 'convolution')
  },
)

test('scaled by its own numbers, a recording may be as soft as it likes', async () => {
  const given = { ...options, epochs: 2, out: folder, soundScaling: 'recording' } as const
  const { path } = await trainSpeech(list, { ...given, name: 'own scale' })
  const { samples } = readWav(await readFile(join(folder, 'wav/0.wav')))
  const sounds = [1, 1 / 8].map(factor => ({ samples: samples.map(x => factor * x), sampleRate }))
  const differenceIn = async (run: string) => {
    const model = await loadModel(run)
    if (!(model instanceof SpeechModel)) throw new Error('a speech model')
    const [loud, soft] = await model.featuresOf(sounds)
    return Math.max(...loud.values.map((value, i) => Math.abs(value - soft.values[i])))
  }
  expect(await differenceIn(path)).toBeLessThan(0.02)
  const byAll = await trainSpeech(list, {
    ...given,
    soundScaling: 'training',
    name: 'common scale',
  })
  expect(await differenceIn(byAll.path)).toBeGreaterThan(0.5)
})

test('takes lists of their own for validation and test', async () => {
  const [header, ...rows] = (await readFile(list, 'utf8')).trim().split('\n')
  const write = (name: string, own: readonly string[]) =>
    writeFile(join(folder, name), `${[header, ...own].join('\n')}\n`)
  await write('main.csv', rows.slice(0, 60))
  await write('watch.csv', rows.slice(60, 70))
  await write('apart.csv', [...rows.slice(70, 80), 'wav/gone.wav,a'])
  const run = await trainSpeech(join(folder, 'main.csv'), {
    ...{ ...options, epochs: 1, out: folder, name: 'files' },
    validation: join(folder, 'watch.csv'),
    test: join(folder, 'apart.csv'),
  })
  expect(run.rows).toEqual({ train: 60, validation: 10, test: 10 })
  const manifest = JSON.parse(await readFile(join(run.path, 'manifest.json'), 'utf8'))
  expect(manifest.split.method).toBe('files')
  expect(manifest.data.rows).toBe(81)
  const heard = await readFile(join(run.path, 'test-predictions.csv'), 'utf8')
  expect(heard.split('\n')[1]).toMatch(/^71,wav\/70\.wav,/)
})

describe('refuses', () => {
  const refused = (data: string, given: SpeechOptions) =>
    expect(trainSpeech(data, { audio: 'file', transcript: 'text', out: folder, ...given })).rejects

  test('options that are wrong, or for other runs', async () => {
    await refused(list, { target: 'text' } as SpeechOptions).toThrow(
      /--target is not for speech; it is for tables, pictures, texts/,
    )
    await refused(list, { transcript: undefined }).toThrow(/needs --transcript/)
    await refused(list, { validation: 'other.csv' }).toThrow(/other\.csv/)
    await refused(list, { validation: 0.6, test: 0.4 }).toThrow(/train/)
    await refused(list, { audio: 'fil' }).toThrow(/fil.*file/s)
    await refused(list, { epochs: 0 }).toThrow(/epochs/)
    await refused(list, { frontEnd: 'wavelets' as never }).toThrow(/stack.*convolution/)
  })

  test('lists without recordings', async () => {
    const empty = join(folder, 'empty.csv')
    await writeFile(empty, 'file,text\nnowhere.wav,a\nnot-here.wav,b\n')
    await refused(empty, {}).toThrow(/no recording that can be used.*nowhere\.wav/s)
    const few = join(folder, 'few.csv')
    await writeFile(few, 'file,text\nwav/1.wav,a\nwav/2.wav,b\n')
    await refused(few, {}).toThrow(/2 recordings.*10 are needed/s)
    await refused(join(folder, 'none.csv'), {}).toMatchObject({ code: 'FILE' })
  })
})

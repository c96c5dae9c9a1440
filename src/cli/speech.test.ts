// athanor train --audio and athanor transcribe, as real processes.

import { mkdir } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { writeWav } from '../data/sound/wav.js'
import { Workplace } from './testing/run-cli.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let place: Workplace
beforeAll(async () => {
  place = await Workplace.open()
  await mkdir(place.path('wav'))
  const lines = ['file,text']
  for (let i = 0; i < 16; i++) {
    const hertz = [500, 1500][i % 2]
    const samples = Float32Array.from({ length: 1600 + 40 * i }, (_, t) =>
      Math.sin((2 * Math.PI * hertz * t) / 8000),
    )
    await place.write(`wav/${i}.wav`, writeWav({ samples, sampleRate: 8000 }))
    lines.push(`wav/${i}.wav,${['低', '高'][i % 2]}`)
  }
  const samples = new Float32Array(1600).fill(Number.NaN)
  const damaged = (name: string) =>
    place.write(name, writeWav({ samples, sampleRate: 8000 }, { format: 'float32' }))
  await damaged('wav/all-nan.wav')
  samples.fill(0.1, 800)
  await damaged('wav/half-nan.wav')
  await place.write('list.csv', `${lines.join('\n')}\nwav/none.wav,高\n`)
})
afterAll(() => place?.close())

const words = ['train', 'list.csv', '--audio', 'file', '--transcript', 'text', '--hidden', '8']

test('trains and transcribes, in Chinese too', async () => {
  const trained = await place.run(...words, '--epochs', '60', '--name', 'tones', '--lang', 'zh')
  expect(trained.stderr).toContain('1 个文件不存在（首个：wav/none.wav），已略过')
  expect(trained.code).toBe(0)
  expect(trained.stdout).toContain('字错误率')
  const heard = await place.run('transcribe', 'tones', 'wav/0.wav', 'wav/1.wav')
  expect(heard.stdout).toBe('wav/0.wav: 低\nwav/1.wav: 高\n')
  const json = await place.run('transcribe', 'runs/tones', 'wav/1.wav', '--json')
  expect(JSON.parse(json.stdout).transcripts).toEqual([{ file: 'wav/1.wav', transcript: '高' }])
  const damaged = ['transcribe', 'tones', 'wav/0.wav', 'wav/half-nan.wav', '--json']
  const { stdout, stderr } = await place.run(...damaged)
  expect(stderr).toMatch(/1 file has samples that are no numbers.*wav\/half-nan\.wav/)
  expect(JSON.parse(stdout)).toMatchObject({
    transcripts: [{ file: 'wav/0.wav' }, { file: 'wav/half-nan.wav', damaged: ['damagedSamples'] }],
    findings: [{ fault: 'damagedSamples', count: 1 }],
  })
  const report = await place.run('report', 'tones', '--lang', 'en', '--out', 'english.html')
  expect(report.code).toBe(0)
  expect((await place.run('runs')).stdout).toMatch(/tones .* character errors/)
  const measured = await place.run('evaluate', 'tones', 'list.csv')
  expect(measured.stderr).toMatch(/wav\/none\.wav/)
  expect(measured.stdout).toMatch(/^On 16 rows\n.*character errors +0\.0%/s)
  await place.write('others.csv', 'file,text\nwav/0.wav,低\nwav/1.wav,异\n')
  const strange = await place.run('evaluate', 'tones', 'others.csv')
  expect(strange.stderr).toMatch(
    /1 transcript has characters that no training transcript has.*1\.wav/,
  )
  const other = ['--audio', 'file', '--transcript', 'text', '--json']
  const facts = await place.run('evaluate', 'runs/tones/model.athanor', 'list.csv', ...other)
  expect(JSON.parse(facts.stdout)).toMatchObject({ kind: 'speech', rows: 16 })
  expect((await place.run('evaluate', 'runs/tones/model.athanor', 'list.csv')).stderr).toMatch(
    /--audio/,
  )
})

test('--json is one object', async () => {
  const { stdout, code } = await place.run(...words, '--epochs', '1', '--name', 'short', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ kind: 'speech', run: 'short', epochs: 1, leftOut: 1 },
    findings: [{ fault: 'missingFile', count: 1, files: ['wav/none.wav'] }],
  })
})

test('what is wrong is said, with code 2', async () => {
  for (const [given, message] of [
    [['transcribe'], /run/],
    [['transcribe', 'tones'], /Which WAV files\?/],
    [['transcribe', 'tones', 'none.wav'], /none\.wav.*no such file/],
    [['transcribe', 'tones', 'wav/all-nan.wav'], /all-nan\.wav.*1600 that are NaN/],
    [['transcribe', 'tones', 'list.csv'], /list\.csv.*ffmpeg/],
    [['transcribe', 'tones', 'wav/0.wav', '--beams', '0'], /beams/],
    [['train', 'list.csv', '--audio', 'file'], /--transcript/],
    [['train', 'list.csv', '--target', 'text', '--front-end', 'stack'], /--front-end/],
    [[...words, '--front-end', 'wavelets'], /--front-end.*stack.*convolution/],
    [[...words, '--sound-scaling', 'none'], /--sound-scaling.*training.*mean.*recording/],
    [['predict', 'tones', 'list.csv'], /athanor transcribe/],
    [
      [...words, '--model', 'tree'],
      /--model is not for speech; it is for tables, pictures, texts, language models/,
    ],
  ] as const) {
    const { code, stderr } = await place.run(...given)
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  }
})

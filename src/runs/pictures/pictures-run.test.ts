// Runs on pictures, whole: from a folder to the folder of the run, its report, its model.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeContainer, encodeContainer, type Json } from '../../modelfile/index.js'
import { encodePng } from '../../platform/node-pictures.js'
import type { RunEvent } from '../events.js'
import { loadModel } from '../load-model.js'
import { openModel } from '../open-model.js'
import { redrawReport } from '../redraw-report.js'
import { train } from '../train.js'
import type { PictureModel } from './picture-model.js'
import { evaluatePictures, openForPictureModel, predictPicturesToFile } from './use-pictures.js'

let place: string
let shapes: string
let out: string

/** Discs and crosses, 16 × 16 grey, each somewhere else: learned in an epoch or two. */
function shapePicture(kind: 'cross' | 'disc', i: number) {
  const pixels = new Uint8Array(256)
  const [cx, cy] = [6 + (i % 5), 5 + ((i >> 2) % 6)]
  for (let y = 0; y < 16; y++)
    for (let x = 0; x < 16; x++) {
      const [dx, dy] = [Math.abs(x - cx), Math.abs(y - cy)]
      const isSet = kind === 'disc' ? dx * dx + dy * dy < 18 : (dx < 1 || dy < 1) && dx + dy < 6
      pixels[16 * y + x] = isSet ? 200 + (i % 50) : (x * y + i) % 9
    }
  return { pixels, height: 16, width: 16, channels: 1 as const }
}

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'pictures-run-'))
  shapes = join(place, 'shapes')
  out = join(place, 'runs')
  for (const kind of ['cross', 'disc'] as const) {
    await mkdir(join(shapes, kind), { recursive: true })
    for (let i = 0; i < 40; i++)
      await writeFile(join(shapes, kind, `${i}.png`), await encodePng(shapePicture(kind, i)))
  }
  await writeFile(join(shapes, 'cross', 'broken.png'), 'not a picture')
})
afterAll(() => rm(place, { recursive: true, force: true }))

/** Layers are numbered through a process, so that files differ in names. */
async function weightsOf(name: string) {
  const { net } = (await loadModel(join(out, name))) as PictureModel
  return Promise.all(net.parameters().map(parameter => parameter.data()))
}

const quick = () => ({ out, model: 'lenet', epochs: 6, batchSize: 8, lang: 'en' }) as const

describe('a run', () => {
  test('goes from a folder to a report, and its model predicts from files and from pixels', async () => {
    const events: RunEvent[] = []
    const run = await train(shapes, {
      ...quick(),
      name: 'first',
      augment: 'crop',
      onProgress: event => events.push(event),
    })
    expect(run).toMatchObject({
      task: 'classification',
      model: 'lenet',
      target: 'class',
      epochs: 6,
    })
    expect(run.metrics.test.accuracy).toBeGreaterThan(0.9)
    expect(run.baseline.dummy.accuracy).toBeLessThan(0.7)
    const types = new Set(events.map(event => event.type))
    for (const type of ['started', 'reading', 'data', 'model', 'epoch', 'metrics', 'finished'])
      expect(types).toContain(type)
    const data = events.find(event => event.type === 'data')
    expect(data).toMatchObject({ rows: 80, pictures: [16, 16, 1], classes: ['cross', 'disc'] })
    expect(data).toMatchObject({ findings: [{ code: 'broken-pictures', count: 1 }] })

    const manifest = JSON.parse(await readFile(join(run.path, 'manifest.json'), 'utf8'))
    expect(manifest).toMatchObject({
      kind: 'pictures',
      status: 'finished',
      settings: { model: 'lenet', augment: 'crop', epochs: 6 },
      pictures: { shape: [16, 16, 1] },
      data: { rows: 80, broken: 1 },
    })
    const report = await readFile(join(run.path, 'report.html'), 'utf8')
    expect(report).toMatch(/Pictures of shapes/)
    expect(report).toMatch(/img-src data:/)
    expect(report).toMatch(/<img src="data:image\/png;base64,/)
    expect(report).toMatch(/Augmentation/)
    expect(report).toMatch(/Maps of 16 × 16: 6 of 6/)
    const { pictures } = JSON.parse(await readFile(join(run.path, 'report.json'), 'utf8'))
    expect(pictures.filters).toHaveLength(6)
    const [first, second] = pictures.maps
    expect(first).toMatchObject({ size: [16, 16], channels: 6, shown: [0, 1, 2, 3, 4, 5] })
    expect(second).toMatchObject({ size: [4, 4], channels: 16, rows: [{}, {}] })
    expect(second.rows[0].maps).toHaveLength(12)
    const redrawn = await redrawReport(run.path, join(place, 'zh.html'), 'zh')
    expect(await readFile(redrawn, 'utf8')).toMatch(/图片增强/)
    const lines = (await readFile(join(run.path, 'test-predictions.csv'), 'utf8')).split('\n')
    expect(lines[0]).toBe('picture,class,prediction,probability_cross,probability_disc')
    expect(lines[1]).toMatch(/^cross\/\d+\.png,cross,/)

    const model = (await loadModel(run.path)) as PictureModel
    const file = join(shapes, 'disc', '3.png')
    const [byPath, byBytes, byPixels] = await model.predict([
      file,
      new Uint8Array(await readFile(file)),
      shapePicture('disc', 3),
    ])
    expect(byPath.prediction).toBe('disc')
    expect(byBytes).toEqual(byPath)
    expect(byPixels).toEqual(byPath)
    const rgba = new Uint8ClampedArray(32 * 32 * 4).fill(255)
    expect(await model.predict([{ pixels: rgba, height: 32, width: 32 }])).toHaveLength(1)
    await expect(model.predict([{ pixels: rgba, height: 3, width: 3 }])).rejects.toThrow(/4096/)
    await expect(model.predict(file as never)).rejects.toThrow(/list of pictures/)
    await expect(model.predict([join(place, 'none.png')])).rejects.toMatchObject({ code: 'FILE' })
  })

  test('is the same again, bit for bit, when repeated', async () => {
    const again = await train(undefined, { out, repeat: 'first', name: 'again', lang: 'en' })
    if (again.kind !== 'pictures') throw new TypeError(again.kind)
    expect(await weightsOf('again')).toEqual(await weightsOf('first'))
    expect(again.metrics.test).toBeDefined()
  })

  test('stopped in the middle goes on to the same model', async () => {
    const stop = new AbortController()
    const stopping = train(shapes, {
      ...quick(),
      name: 'stopped',
      augment: 'crop',
      signal: stop.signal,
      onProgress: event => {
        if (event.type === 'epoch' && event.epoch === 3) stop.abort()
      },
    })
    await expect(stopping).rejects.toMatchObject({ code: 'INTERRUPTED' })
    const run = await train(undefined, { out, resume: 'stopped', lang: 'en' })
    expect(run.epochs).toBe(6)
    expect(await weightsOf('stopped')).toEqual(await weightsOf('first'))
    await expect(train(undefined, { out, resume: 'stopped' })).rejects.toThrow(/finished/)
  })

  test('mixes its training pictures alone, and goes on to the same model', async () => {
    const mixed = { ...quick(), mix: 'cutmix', classWeight: 'balanced' } as const
    const run = await train(shapes, { ...mixed, name: 'mixed', epochs: 12 })
    expect(run.metrics.test.accuracy).toBeGreaterThan(0.8)
    const manifest = JSON.parse(await readFile(join(run.path, 'manifest.json'), 'utf8'))
    expect(manifest.settings).toMatchObject({ mix: 'cutmix' })
    const stop = new AbortController()
    const stopping = train(shapes, {
      ...mixed,
      ...{ name: 'mixed-stopped', epochs: 12, signal: stop.signal },
      onProgress: event => {
        if (event.type === 'epoch' && event.epoch === 3) stop.abort()
      },
    })
    await expect(stopping).rejects.toMatchObject({ code: 'INTERRUPTED' })
    await train(undefined, { out, resume: 'mixed-stopped', lang: 'en' })
    expect(await weightsOf('mixed-stopped')).toEqual(await weightsOf('mixed'))
    const blended = { ...quick(), mix: 'mixup', name: 'blended', epochs: 1 } as const
    expect((await train(shapes, blended)).epochs).toBe(1)
    await train(undefined, { out, repeat: 'blended', name: 'blended-again', lang: 'en' })
    expect(await weightsOf('blended-again')).toEqual(await weightsOf('blended'))
  })

  test('is evaluated and predicts for other pictures', async () => {
    const { model, path } = await openModel('first', out)
    const pictures = await openForPictureModel(model as PictureModel, [shapes], path)
    const evaluation = await evaluatePictures(model as PictureModel, pictures)
    expect(evaluation).toMatchObject({ rows: 80, unseen: 0 })
    expect(evaluation.metrics.accuracy).toBeGreaterThan(0.9)
    const unknown = await openForPictureModel(model as PictureModel, [join(shapes, 'disc')], path)
    await expect(evaluatePictures(model as PictureModel, unknown)).rejects.toThrow(
      /class that the model knows \(cross, disc\)/,
    )
    const two = [join(shapes, 'disc', '1.png'), join(shapes, 'cross', '2.png')]
    const some = await openForPictureModel(model as PictureModel, two, path)
    let text = ''
    const count = await predictPicturesToFile(model as PictureModel, some, undefined, piece => {
      text += piece
    })
    expect(count).toBe(2)
    expect(
      text
        .split('\n')
        .slice(0, 3)
        .map(line => line.split(',').slice(0, 2)),
    ).toEqual([
      ['picture', 'prediction'],
      [two[0], 'disc'],
      [two[1], 'cross'],
    ])
    await expect(evaluatePictures(model as PictureModel, some)).rejects.toThrow(
      /knows \(cross, disc\)/,
    )
  })

  test('says that classes are uneven, and what helps', async () => {
    const rows = ['cross', 'disc'].flatMap(kind =>
      Array.from({ length: kind === 'disc' ? 3 : 40 }, (_, i) => `${kind}/${i}.png,${kind}`),
    )
    await writeFile(join(shapes, 'uneven.csv'), `file,kind\n${rows.join('\n')}\n`)
    const found = async (name: string, more: object) => {
      const told: RunEvent[] = []
      await train(join(shapes, 'uneven.csv'), {
        ...quick(),
        ...{ name, model: 'mlp', epochs: 1, picture: 'file', target: 'kind' },
        ...more,
        onProgress: event => told.push(event),
      })
      const data = told.find(event => event.type === 'data')
      return data?.type === 'data' ? data.findings : []
    }
    const uneven = { code: 'picture-class-imbalance', severity: 'warning' }
    expect(await found('uneven', {})).toContainEqual({
      ...uneven,
      details: { largest: 'cross', most: 28, smallest: 'disc', least: 1 },
    })
    expect(await found('evened', { sampling: 'balanced' })).not.toContainEqual(
      expect.objectContaining(uneven),
    )
  })

  test('is not read from a file that was altered', async () => {
    const { model } = await openModel('first', out)
    const { kind, tensors, metadata } = decodeContainer((model as PictureModel).toBytes(), 'model')
    const { pictures } = metadata.extra as { pictures: Record<string, Json> }
    const { shape, classes } = pictures as Record<string, Json[]>
    for (const change of [
      { classes: classes.slice(1) },
      { classes: [...classes, 'other'] },
      { shape: [(shape[0] as number) + 1, ...shape.slice(1)] },
      { shape: [1e9, 1e9, 1] },
      { std: [] },
      { std: [0] },
      { std: [1e-320] },
      { mean: [null] },
      { fit: 'squeeze' },
      { format: 9 },
    ] as Record<string, Json>[]) {
      const extra = { pictures: { ...pictures, ...change } }
      const bytes = encodeContainer({ kind, tensors, metadata: { ...metadata, extra } })
      await expect(loadModel(bytes), JSON.stringify(change)).rejects.toMatchObject({
        code: 'FORMAT',
      })
    }
  })

  test('weights and samples classes, on a table of pictures, with a residual net', async () => {
    const rows = ['cross', 'disc'].flatMap(kind =>
      Array.from({ length: kind === 'disc' ? 10 : 40 }, (_, i) => `${kind}/${i}.png,${kind}`),
    )
    await writeFile(join(shapes, 'list.csv'), `file,kind\n${rows.join('\n')}\n`)
    const run = await train(join(shapes, 'list.csv'), {
      ...quick(),
      name: 'table',
      model: 'cnn',
      epochs: 2,
      picture: 'file',
      target: 'kind',
      classWeight: 'balanced',
      sampling: 'balanced',
    })
    expect(run.target).toBe('kind')
    const manifest = JSON.parse(await readFile(join(run.path, 'manifest.json'), 'utf8'))
    expect(manifest.split).toMatchObject({ method: 'stratified' })
    const residual = await train(shapes, {
      ...quick(),
      name: 'residual',
      model: 'resnet20',
      epochs: 1,
    })
    expect(residual.model).toBe('resnet20')
  })
})

describe('refusals', () => {
  test.each([
    ['a model of tables', { model: 'tree' }, /--model tree is not for pictures; it is for tables/],
    [
      'an option of tables',
      { group: 'x' },
      /--group is not for pictures; it is for tables, texts, speech/,
    ],
    ['a part as a file', { test: 'test.csv' }, /--test test\.csv is not for pictures/],
    ['too large parts', { validation: 0.6, test: 0.6 }, /./],
    ['an unknown way to mix', { mix: 'blend' }, /mix.*none, mixup, cutmix/],
    ['an unknown augmentation', { augment: 'flop' }, /'flip'/],
    ['pictures that are too small', { model: 'resnet18' }, /at least 32 × 32 pixels/],
    ['broken pictures, when they are errors', { badRows: 'error' }, /broken\.png/],
  ] as const)('%s', async (_, options, says) => {
    await expect(train(shapes, { ...quick(), ...(options as object) })).rejects.toThrow(says)
  })

  test('pictures without classes, of one class, none at all, and options of pictures for tables', async () => {
    const flat = join(place, 'flat')
    await mkdir(join(flat, 'one'), { recursive: true })
    for (let i = 0; i < 12; i++)
      await writeFile(join(flat, `${i}.png`), await encodePng(shapePicture('disc', i)))
    await expect(train(flat, quick())).rejects.toThrow(/have no classes/)
    const single = join(place, 'single')
    await mkdir(join(single, 'disc'), { recursive: true })
    for (let i = 0; i < 12; i++)
      await writeFile(join(single, 'disc', `${i}.png`), await encodePng(shapePicture('disc', i)))
    await expect(train(single, quick())).rejects.toThrow(/one class \(disc\)/)
    await mkdir(join(place, 'nothing'))
    await expect(train(join(place, 'nothing'), quick())).rejects.toThrow(/received nothing/)
    await writeFile(join(place, 'table.csv'), 'a,b\n1,2\n')
    await expect(
      train(join(place, 'table.csv'), { out, target: 'b', augment: 'light' }),
    ).rejects.toThrow(/--augment is not for tables; it is for pictures/)
    await expect(
      train(join(place, 'table.csv'), { out, target: 'b', model: 'cnn' }),
    ).rejects.toThrow(/--model cnn is not for tables; it is for pictures/)
  })
})

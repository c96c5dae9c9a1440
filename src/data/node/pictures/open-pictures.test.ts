import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodePicture, encodePng, openPicture } from '../../../platform/node-pictures.js'
import { withDepth, writeIdx } from '../../pictures/index.js'
import { openPictures, openPicturesToPredict } from './open-pictures.js'
import { partNamed } from './picture-names.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function put(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
  return path
}

/** One colour; `rgba` where a fourth number is given. */
const plain = (colour: readonly number[], width = 6, height = 4) =>
  sharp(Buffer.from(Array.from({ length: width * height }, () => colour).flat()), {
    raw: { width, height, channels: colour.length as 1 | 3 | 4 },
  })

const png = (colour: readonly number[], width?: number, height?: number) =>
  plain(colour, width, height)
    .toColourspace(colour.length === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer()

const noisy = Uint8Array.from(
  { length: 40 * 40 * 3 },
  (_, i) => Math.imul(i + 1, 2654435761) >>> 24,
)

/** Four grey pixels, uncompressed, of any type of values. */
function greyTiff(bits: number, format: number): Uint8Array {
  const values = new DataView(new ArrayBuffer(bits / 2))
  for (const [i, share] of [0, 0.5, 1, 0.25].entries()) {
    const whole = Math.round(share * (2 ** bits - 1))
    if (format === 3) values.setFloat32(4 * i, share, true)
    else if (bits === 32) values.setUint32(4 * i, whole, true)
    else values.setUint16(2 * i, whole, true)
  }
  const tags = [
    [256, 2], // width
    [257, 2], // height
    [258, bits],
    [259, 1], // uncompressed
    [262, 1], // black is 0
    [273, 8], // where the values are
    [277, 1],
    [278, 2],
    [279, values.byteLength],
    [339, format],
  ]
  const directory = new DataView(new ArrayBuffer(6 + 12 * tags.length))
  directory.setUint16(0, tags.length, true)
  for (const [i, [tag, value]] of tags.entries()) {
    directory.setUint16(2 + 12 * i, tag, true)
    directory.setUint16(4 + 12 * i, 4, true)
    directory.setUint32(6 + 12 * i, 1, true)
    directory.setUint32(10 + 12 * i, value, true)
  }
  const head = Buffer.from([0x49, 0x49, 42, 0, 8 + values.byteLength, 0, 0, 0])
  return Buffer.concat([head, Buffer.from(values.buffer), Buffer.from(directory.buffer)])
}

describe('decoding', () => {
  test.each([
    ['PNG', (s: Sharp) => s.png()],
    ['JPEG', (s: Sharp) => s.jpeg({ quality: 100 })],
    ['WebP', (s: Sharp) => s.webp({ lossless: true })],
    ['GIF', (s: Sharp) => s.gif()],
    ['TIFF', (s: Sharp) => s.tiff({ compression: 'none' })],
  ])('%s', async (_, encode) => {
    const bytes = await encode(plain([200, 40, 90])).toBuffer()
    expect((await openPicture(bytes)).head).toEqual({ width: 6, height: 4, grey: false })
    const { pixels, channels } = await decodePicture(bytes)
    expect(channels).toBe(3)
    for (const [c, value] of [200, 40, 90].entries())
      expect(Math.abs(pixels[c] - value)).toBeLessThanOrEqual(4)
  })

  test('transparent parts are white; grey stays grey; grey becomes colours when asked', async () => {
    const { pixels } = await decodePicture(await png([255, 0, 0, 0]))
    expect([...pixels.subarray(0, 3)]).toEqual([255, 255, 255])
    const grey = await png([77])
    const own = await decodePicture(grey)
    expect([own.channels, own.pixels.length, own.pixels[5]]).toEqual([1, 24, 77])
    const coloured = await decodePicture(grey, { channels: 3 })
    expect([...coloured.pixels.subarray(0, 6)]).toEqual([77, 77, 77, 77, 77, 77])
  })

  test('colours become grey as everywhere else', async () => {
    const pixels = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 200, 90)
    const file = await encodePng({ pixels, height: 2, width: 2, channels: 3 })
    const { pixels: grey } = await decodePicture(file, { channels: 1 })
    expect(grey).toEqual(withDepth(pixels, 3, 1))
  })

  test('CMYK and 16 bits become 8-bit colours', async () => {
    const cmyk = await plain([200, 40, 90]).toColourspace('cmyk').jpeg().toBuffer()
    expect(await decodePicture(cmyk)).toMatchObject({ channels: 3, width: 6 })
    const deep = await plain([128]).toColourspace('grey16').png().toBuffer()
    const { pixels, channels } = await decodePicture(deep)
    expect([channels, pixels.length]).toEqual([1, 24])
    expect(Math.abs(pixels[0] - 128)).toBeLessThanOrEqual(1)
  })

  test('an EXIF orientation is followed', async () => {
    const turned = await plain([1, 2, 3]).jpeg().withMetadata({ orientation: 6 }).toBuffer()
    expect((await openPicture(turned)).head).toMatchObject({ width: 4, height: 6 })
    expect(await decodePicture(turned)).toMatchObject({ width: 4, height: 6 })
  })

  test('what is no picture, not whole or too large is refused', async () => {
    const whole = await sharp({
      create: {
        width: 80,
        height: 80,
        channels: 3,
        background: '#123456',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    })
      .jpeg()
      .toBuffer()
    const half = whole.subarray(0, whole.length >> 1)
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"/>')
    for (const [bytes, says] of [
      [new Uint8Array(0), /an empty file/],
      [Buffer.from('hello, world'), /neither PNG/],
      [svg, /neither PNG/],
      [half, /received/],
    ] as const)
      await expect(decodePicture(bytes)).rejects.toThrow(says)
    await expect(openPicture(whole, 6399)).rejects.toThrow(/80 × 80 pixels, more than 6399/)
    await expect(openPicture(whole, 6399)).rejects.toMatchObject({ code: 'FORMAT' })
  })

  test('damaged ones are called so, and values that nothing says the range of are refused', async () => {
    const whole = await sharp(noisy, { raw: { width: 40, height: 40, channels: 3 } })
      .png()
      .toBuffer()
    const flipped = Buffer.from(whole)
    flipped[200] ^= 0x55
    const narrow = Buffer.from(whole)
    narrow.writeUInt32BE(60, 16)
    for (const bytes of [flipped, narrow, whole.subarray(0, 700), whole.subarray(0, 40)])
      await expect(decodePicture(bytes)).rejects.toThrow(/received damaged or cut short/)
    for (const [bits, format] of [
      [32, 1],
      [32, 3],
      [16, 2],
    ])
      await expect(decodePicture(greyTiff(bits, format))).rejects.toThrow(/values of type/)
    expect((await decodePicture(greyTiff(16, 1))).pixels).toEqual(Uint8Array.of(0, 128, 255, 64))
  })

  test('of moving pictures the first one, of one pixel that one', async () => {
    const frames = Buffer.concat([50, 200].map(value => Buffer.alloc(48, value)))
    const raw = { width: 4, height: 8, channels: 3, pageHeight: 4 } as const
    for (const format of ['gif', 'webp'] as const) {
      const bytes = await sharp(frames, { raw })
        .toFormat(format, { delay: [9, 9] })
        .toBuffer()
      const { pixels, height } = await decodePicture(bytes)
      expect([height, Math.round(pixels[0] / 10)]).toEqual([4, 5])
    }
    const one = await decodePicture(await png([9], 1, 1), { size: [3, 5], channels: 3 })
    expect([...one.pixels]).toEqual(Array(45).fill(9))
  })

  test('a PNG holds what it was made from', async () => {
    const pixels = Uint8Array.from({ length: 12 }, (_, i) => 20 * i)
    for (const channels of [1, 3] as const) {
      const picture = { pixels: pixels.slice(0, 4 * channels), height: 2, width: 2, channels }
      expect(await decodePicture(await encodePng(picture))).toEqual(picture)
    }
  })
})

describe('a folder a class', () => {
  test('gives sorted classes, and the same rows in the same order at any number of workers', async () => {
    for (const [i, name] of ['b/2', 'b/1', 'a/1', 'a/deep/3', 'a/2'].entries())
      await put(`plain/${name}.png`, await png([10 * i, 0, 0]))
    await put('plain/a/notes.txt', 'no picture')
    await put('plain/.hidden/4.png', await png([9, 9, 9]))
    const pictures = await openPictures(join(folder, 'plain'))
    expect(pictures.classes).toEqual(['a', 'b'])
    expect([...pictures.labels]).toEqual([0, 0, 0, 1, 1])
    expect(pictures.shape).toEqual([4, 6, 3])
    expect(pictures.name(2)).toBe('a/deep/3.png')
    expect(pictures.findings).toMatchObject([{ code: 'ignored-files', count: 1 }])
    const all = Uint32Array.of(0, 1, 2, 3, 4)
    const seen: number[] = []
    const again = await openPictures(join(folder, 'plain'), {
      workers: 4,
      memoryLimit: 0,
      onProgress: ({ done }) => seen.push(done),
    })
    expect(again.batch(all)).toBeInstanceOf(Promise)
    expect(await again.batch(all)).toEqual(pictures.batch(all))
    expect(again.fingerprint).toBe(pictures.fingerprint)
    expect(seen).toEqual([1, 2, 3, 4, 5])
  })

  test('parts of its own are kept', async () => {
    for (const part of ['train', 'val', 'test'])
      for (const name of ['x', 'y'])
        await put(
          `parts/${part}/${name}/1.png`,
          await png([part.length * 10, name.charCodeAt(0), 1]),
        )
    const pictures = await openPictures(join(folder, 'parts'))
    expect(pictures.classes).toEqual(['x', 'y'])
    expect(pictures.parts).toEqual(['test', 'test', 'train', 'train', 'validation', 'validation'])
  })

  test('folders without pictures beside the parts, or the classes, are passed over and named', async () => {
    for (const part of ['train', 'dev', 'test'])
      for (const name of ['x', 'y'])
        await put(`zip/${part}/${name}/1.png`, await png([10 * part.length, name.charCodeAt(0), 1]))
    await put('zip/docs/readme.txt', 'how it was made')
    await put('zip/__MACOSX/train/x/._1.png', 'a fork')
    await put('zip/__MACOSX/train/x/1.png', 'a fork')
    await put('zip/.cache/1.png', await png([9, 9, 9]))
    const pictures = await openPictures(join(folder, 'zip'))
    expect(pictures.classes).toEqual(['x', 'y'])
    expect(pictures.parts).toEqual(['validation', 'test', 'train'].flatMap(part => [part, part]))
    expect(pictures.findings).toEqual([
      {
        code: 'ignored-folders',
        severity: 'info',
        count: 2,
        details: { names: '__MACOSX, docs' },
      },
    ])
    await put('bare/cat/1.png', await png([1, 1, 1]))
    await put('bare/dog/1.png', await png([2, 2, 2]))
    await put('bare/test/notes.txt', 'none yet')
    const bare = await openPictures(join(folder, 'bare'))
    expect([bare.classes, bare.parts]).toEqual([['cat', 'dog'], undefined])
    expect(bare.findings.map(({ code }) => code)).toEqual(['ignored-folders'])
  })

  test('parts beside other folders of pictures are refused, unless classes do not matter', async () => {
    for (const [i, name] of ['train/x/1', 'train/y/1', 'test/x/1', 'extra/deep/1'].entries())
      await put(`mixed/${name}.png`, await png([10 * i, 0, 0]))
    await expect(openPictures(join(folder, 'mixed'))).rejects.toThrow(
      /'mixed': expected .*received parts \(test, train\) beside others \(extra\).*Move extra/,
    )
    await expect(openPictures(join(folder, 'mixed'))).rejects.toMatchObject({ code: 'DATA' })
    expect((await openPicturesToPredict(join(folder, 'mixed'), {})).rows).toBe(4)
  })

  test.each(['val', 'valid', 'validation', 'dev', 'eval', 'Dev'])('%s is for validation', name => {
    expect(partNamed(name)).toBe('validation')
  })

  test('files named one by one are called as they were named', async () => {
    const paths = [
      await put('one/1.png', await png([1, 1, 1])),
      await put('two/1.png', await png([2, 2, 2])),
      await put('three/1.png', 'broken'),
    ]
    const pictures = await openPictures(paths)
    expect([pictures.name(0), pictures.name(1)]).toEqual(paths.slice(0, 2))
    expect(pictures.findings[0].details.names).toMatch(`${paths[2]} (`)
  })

  test('broken pictures are named and left out, or refused', async () => {
    await put('broken/a/1.png', await png([1, 1, 1]))
    await put('broken/a/2.jpg', new Uint8Array(0))
    await put('broken/a/3.jpg', 'hello')
    await put('broken/b/4.jpg', await png([4, 4, 4])) // by content a PNG
    await put('broken/b/5.bmp', 'BM')
    await put('broken/c/6.png', (await png([6, 6, 6])).subarray(0, 50))
    const pictures = await openPictures(join(folder, 'broken'))
    expect(pictures.rows).toBe(2)
    expect(pictures.classes).toEqual(['a', 'b'])
    expect(pictures.broken.map(({ name }) => name)).toEqual([
      'a/2.jpg',
      'a/3.jpg',
      'b/5.bmp',
      'c/6.png',
    ])
    expect([...(pictures.batch(Uint32Array.of(1)) as Uint8Array)].slice(0, 3)).toEqual([4, 4, 4])
    expect(pictures.findings).toMatchObject([{ code: 'broken-pictures', count: 4 }])
    expect(String(pictures.findings[0].details.names)).toMatch(/a\/2.jpg \(an empty file\).*1 more/)
    await expect(openPictures(join(folder, 'broken'), { strict: true })).rejects.toThrow(
      /no broken pictures \(strict\), received 4: a\/2.jpg/,
    )
    await put('allbroken/a/1.png', 'x')
    await expect(openPictures(join(folder, 'allbroken'))).rejects.toThrow(/none: a\/1.png/)
  })

  test('sizes: the only one, the median square, or the one asked for; colours when one has them', async () => {
    await put('sizes/a/1.png', await png([50], 40, 100))
    await put('sizes/a/2.png', await png([50, 60, 70], 64, 64))
    await put('sizes/b/3.png', await png([150], 300, 90))
    const pictures = await openPictures(join(folder, 'sizes'))
    expect(pictures.shape).toEqual([64, 64, 3])
    expect(pictures.findings).toMatchObject([{ code: 'resized-pictures', count: 2 }])
    const asked = await openPictures(join(folder, 'sizes'), {
      pictureSize: [8, 12],
      channels: 1,
      fit: 'contain',
    })
    expect(asked.shape).toEqual([8, 12, 1])
    const [first] = asked.batch(Uint32Array.of(0)) as Uint8Array
    expect(first).toBe(0) // a black border
    await put('large/a/1.png', await png([1], 230, 225))
    expect((await openPictures(join(folder, 'large'))).shape).toEqual([224, 224, 1])
  })

  test.each([
    ['of one size', [[6, 4, 3]]],
    [
      'grey ones before a coloured one',
      [
        [6, 4, 1],
        [6, 4, 3],
      ],
    ],
    [
      'of other sizes',
      [
        [6, 4, 3],
        [4, 4, 3],
        [50, 60, 3],
      ],
    ],
    ['all large', [[260, 230, 3]]],
  ] as const)('%s: pixels are those of a second reading, shape given', async (name, kinds) => {
    for (let i = 0; i < 9; i++) {
      const [width, height, channels] = kinds[Math.min(i, kinds.length - 1)]
      const colour = [20 * i, 90, 150].slice(0, channels)
      await put(`passes ${name}/a/${i}.png`, i === 1 ? 'broken' : await png(colour, width, height))
    }
    const path = join(folder, `passes ${name}`)
    const done: number[] = []
    const pictures = await openPictures(path, { onProgress: ({ done: now }) => done.push(now) })
    const [height, width, channels] = pictures.shape
    const again = await openPictures(path, {
      pictureSize: [height, width],
      channels: channels as 1 | 3,
      workers: 1,
    })
    expect(pictures.rows).toBe(8)
    expect([channels, done.at(-1)]).toEqual([3, 9])
    const all = Uint32Array.from({ length: 8 }, (_, i) => i)
    expect(again.batch(all)).toEqual(pictures.batch(all))
    expect(again.fingerprint).toBe(pictures.fingerprint)
    expect(again.duplicateOf).toEqual(pictures.duplicateOf)
  })

  test('equal pictures are reported, and labels that contradict each other', async () => {
    await put('twice/a/1.png', await png([5, 5, 5]))
    await put('twice/b/1.png', await png([5, 5, 5]))
    const pictures = await openPictures(join(folder, 'twice'))
    expect([...(pictures.duplicateOf as Uint32Array)]).toEqual([0, 0])
    expect(pictures.findings.map(({ code }) => code)).toEqual([
      'duplicate-pictures',
      'conflicting-labels',
    ])
  })

  test('links that lead out are passed over unless allowed', async () => {
    const outside = await put('elsewhere/1.png', await png([3, 3, 3]))
    await put('links/a/1.png', await png([1, 1, 1]))
    await symlink(outside, join(folder, 'links/a/2.png'))
    await symlink(dirname(outside), join(folder, 'links/b'))
    const inside = await openPictures(join(folder, 'links'))
    expect([inside.rows, inside.classes]).toEqual([1, ['a']])
    expect(inside.findings).toEqual([
      { code: 'links-outside', severity: 'info', count: 2, details: {} },
    ])
    expect((await openPictures(join(folder, 'links'), { outside: true })).rows).toBe(3)
    await symlink(join(folder, 'links'), join(folder, 'to links'))
    expect((await openPictures(join(folder, 'to links'))).name(0)).toBe('a/1.png')
    await symlink(join(folder, 'gone.png'), join(folder, 'links/a/gone.png'))
    const { broken } = await openPictures(join(folder, 'links'))
    expect(broken).toEqual([{ name: 'a/gone.png', reason: 'no such file' }])
    await put('far/a/1.png', await png([2, 2, 2]))
    await put('part links/train/a/1.png', await png([1, 1, 1]))
    await symlink(join(folder, 'far'), join(folder, 'part links/test'))
    expect((await openPictures(join(folder, 'part links'))).rows).toBe(1)
  })

  test('only a table has columns', async () => {
    const options = { pictureColumn: 'path' }
    await expect(openPictures(join(folder, 'plain'), options)).rejects.toThrow(/no pictureColumn/)
  })
})

describe('a manifest', () => {
  test('names paths below its folder, classes and parts', async () => {
    await put('list/p/1.png', await png([1, 1, 1]))
    await put('list/p/2.png', await png([2, 2, 2]))
    const csv = await put(
      'list/all.csv',
      'image,kind,split\np/1.png,cat,train\np/2.png,dog,test\np/3.png,dog,test\n,dog,test\n',
    )
    const pictures = await openPictures(csv, { labelColumn: 'kind' })
    expect(pictures.classes).toEqual(['cat', 'dog'])
    expect(pictures.parts).toEqual(['train', 'test'])
    expect(pictures.broken).toEqual([
      { name: 'row 4', reason: 'no path' },
      { name: 'p/3.png', reason: 'no such file' },
    ])
    const lines = await put(
      'list/all.jsonl',
      '{"path":"p/1.png","label":"x"}\n{"path":"p/2.png","label":"y"}\n',
    )
    expect([...(await openPictures(lines)).labels]).toEqual([0, 1])
  })

  test('is refused where columns are absent or paths lead out', async () => {
    await put('elsewhere/1.png', await png([3, 3, 3]))
    await put('list/out.csv', 'path,label\n../elsewhere/1.png,a\n')
    const out = join(folder, 'list/out.csv')
    await expect(openPictures(out)).rejects.toThrow(
      /below the folder.*'\.\.\/elsewhere\/1\.png' in row 1/,
    )
    expect((await openPictures(out, { outside: true })).rows).toBe(1)
    await expect(openPictures(out, { pictureColumn: 'pth' })).rejects.toThrow(/Did you mean 'path'/)
    const none = await put('list/none.csv', 'a,b\n1,2\n')
    await expect(openPictures(none)).rejects.toThrow(/pictureColumn/)
  })
})

describe('IDX files in a folder', () => {
  const images = (count: number) => ({
    shape: [count, 3, 3],
    values: Uint8Array.from({ length: 9 * count }, (_, i) => i),
  })
  const labels = (values: number[]) => ({ shape: [values.length], values: Uint8Array.from(values) })

  test('are training and test parts; names of classes lie beside', async () => {
    await put('idx/train-images-idx3-ubyte', writeIdx(images(4)))
    await put('idx/train-labels-idx1-ubyte', writeIdx(labels([0, 1, 0, 1])))
    await put('idx/t10k-images-idx3-ubyte', writeIdx(images(2)))
    await put('idx/t10k-labels-idx1-ubyte', writeIdx(labels([1, 0])))
    await put('idx/classes.txt', 'left\nright\n')
    const pictures = await openPictures(join(folder, 'idx'))
    expect(pictures.shape).toEqual([3, 3, 1])
    expect(pictures.classes).toEqual(['left', 'right'])
    expect([...pictures.labels]).toEqual([0, 1, 0, 1, 1, 0])
    expect(pictures.parts).toEqual(['train', 'train', 'train', 'train', 'test', 'test'])
    expect(pictures.name(4)).toBe('t10k 1')
    expect([...(pictures.duplicateOf as Uint32Array)]).toEqual([0, 1, 2, 3, 0, 1])
    const larger = await openPictures(join(folder, 'idx'), { pictureSize: 6, channels: 3 })
    expect(larger.shape).toEqual([6, 6, 3])
    const known = await openPictures(join(folder, 'idx'), { classes: ['right', 'left'] })
    expect([...known.labels]).toEqual([1, 0, 1, 0, 0, 1])
  })

  test('packed and unpacked beside each other are one', async () => {
    const place = await mkdtemp(join(tmpdir(), 'athanor-idx-twice-'))
    const images = writeIdx({
      shape: [2, 3, 3],
      values: Uint8Array.from({ length: 18 }, (_, i) => i),
    })
    const labels = writeIdx({ shape: [2], values: Uint8Array.of(0, 1) })
    for (const end of ['', '.gz']) {
      const packed = (bytes: Uint8Array) => (end === '' ? bytes : gzipSync(bytes))
      await writeFile(join(place, `train-images-idx3-ubyte${end}`), packed(images))
      await writeFile(join(place, `train-labels-idx1-ubyte${end}`), packed(labels))
    }
    expect((await openPictures(place)).rows).toBe(2)
    await rm(place, { recursive: true })
  })

  test('one that is named brings its own pair alone', async () => {
    for (const name of ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte']) {
      const pictures = await openPictures(join(folder, 'idx', name))
      expect([pictures.rows, pictures.parts, pictures.name(3)]).toEqual([4, undefined, 'train 4'])
      expect(pictures.classes).toEqual(['left', 'right'])
    }
    const test = await openPictures(join(folder, 'idx/t10k-images-idx3-ubyte'))
    expect([...test.labels]).toEqual([1, 0])
  })

  test("a set's name may stand before the part; two sets in a folder are refused", async () => {
    for (const part of ['train', 'test']) {
      await put(`sets/letters-${part}-images-idx3-ubyte`, writeIdx(images(2)))
      await put(`sets/letters-${part}-labels-idx1-ubyte`, writeIdx(labels([0, 1])))
    }
    const pictures = await openPictures(join(folder, 'sets'))
    expect(pictures.parts).toEqual(['train', 'train', 'test', 'test'])
    await put('sets/digits-train-images-idx3-ubyte', writeIdx(images(2)))
    await put('sets/digits-train-labels-idx1-ubyte', writeIdx(labels([0, 1])))
    await expect(openPictures(join(folder, 'sets'))).rejects.toThrow(/one file for train/)
  })

  test('options hold for them, or are refused', async () => {
    const idx = join(folder, 'idx')
    const seen: unknown[] = []
    await openPictures(idx, { onProgress: progress => seen.push(progress) })
    expect(seen).toEqual([0, 6].map(done => ({ done, of: 6 })))
    await expect(openPictures(idx, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
    await expect(openPictures(idx, { maxPixels: 8 })).rejects.toThrow(/maxPixels.*3 × 3/)
    await expect(openPictures(idx, { memoryLimit: 53 })).rejects.toThrow(/memoryLimit.*54/)
    await expect(openPictures(idx, { labelColumn: 'label' })).rejects.toThrow(/no labelColumn/)
    await mkdir(join(folder, 'linked'))
    for (const name of ['images-idx3-ubyte', 'labels-idx1-ubyte'])
      await symlink(join(idx, `train-${name}`), join(folder, 'linked', name))
    await expect(openPictures(join(folder, 'linked'))).rejects.toThrow(/option outside/)
    expect((await openPictures(join(folder, 'linked'), { outside: true })).rows).toBe(4)
  })

  test('without labels, or with too few names, are refused', async () => {
    await put('idx2/train-images-idx3-ubyte', writeIdx(images(2)))
    await expect(openPictures(join(folder, 'idx2'))).rejects.toThrow(/train-labels-idx1-ubyte/)
    await put('idx2/train-labels-idx1-ubyte', writeIdx(labels([0, 1])))
    await put('idx2/classes.txt', 'only\n')
    await expect(openPictures(join(folder, 'idx2'))).rejects.toThrow(/each of 2 classes/)
  })
})

test('nothing there, nothing in it, wrong options', async () => {
  await expect(openPictures(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'FILE' })
  await mkdir(join(folder, 'empty'))
  await expect(openPictures(join(folder, 'empty'))).rejects.toThrow(/received nothing/)
  await expect(openPictures(folder, { fit: 'squeeze' as 'fill' })).rejects.toThrow(/'cover'/)
  const single = await put('one.png', await png([1, 1, 1]))
  expect([...(await openPictures([single])).labels]).toEqual([-1])
})

test('the examples: the same pictures as IDX files and as PNG files', async () => {
  const data = fileURLToPath(new URL('../../../../examples/data/', import.meta.url))
  const small = await openPictures(join(data, 'fashion-mnist-small'))
  const tiny = await openPictures(join(data, 'fashion-mnist-tiny'))
  expect([small.rows, small.shape, small.classes.length]).toEqual([6000, [28, 28, 1], 10])
  expect([tiny.rows, tiny.shape, tiny.classes.length]).toEqual([40, [28, 28, 1], 10])
  const boot = small.labels.indexOf(small.classes.indexOf('Ankle boot'))
  expect(tiny.name(0)).toBe('ankle-boot/1.png')
  expect(tiny.batch(Uint32Array.of(0))).toEqual(small.batch(Uint32Array.of(boot)))
})

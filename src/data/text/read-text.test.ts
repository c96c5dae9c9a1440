import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { readTextFile } from './read-text.node.js'

const folder = mkdtempSync(join(tmpdir(), 'athanor-read-text-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** 「今天天气很好。今天我们去公园。」 in GB18030. */
const gb18030 = Uint8Array.from(
  'bdf1ccecccecc6f8badcbac3a1a3bdf1ccecced2c3c7c8a5b9abd4b0a1a3'.match(/../g) as string[],
  pair => Number.parseInt(pair, 16),
)

describe('readTextFile', () => {
  test.each([
    ['utf8.txt', 'naïve 你好', 'utf-8', 'naïve 你好'],
    ['bom.txt', '\ufeffabc', 'utf-8', 'abc'],
    ['lines.txt', 'a\r\nb\rc\n', 'utf-8', 'a\nb\nc\n'],
    ['le.txt', Buffer.from('\ufeffabc 你', 'utf16le'), 'utf-16le', 'abc 你'],
    ['no-bom-le.txt', Buffer.from('plain words', 'utf16le'), 'utf-16le', 'plain words'],
    ['be.txt', Buffer.from('\ufeffabc 你', 'utf16le').swap16(), 'utf-16be', 'abc 你'],
    ['gb.txt', gb18030, 'gb18030', '今天天气很好。今天我们去公园。'],
    ['packed.txt.gz', gzipSync('packed'), 'utf-8', 'packed'],
    ['empty.txt', '', 'utf-8', ''],
  ])('%s', async (name, content, encoding, text) => {
    expect(await readTextFile(file(name, content))).toMatchObject({ text, encoding })
  })

  test('takes an encoding that is named', async () => {
    const path = file('latin.txt', Uint8Array.of(0x63, 0x61, 0x66, 0xe9))
    expect((await readTextFile(path, { encoding: 'windows-1252' })).text).toBe('café')
    await expect(readTextFile(path)).rejects.toThrow(/broken character.*encoding/)
    await expect(readTextFile(path, { encoding: 'utf-8' })).rejects.toThrow(/text in utf-8/)
    await expect(readTextFile(path, { encoding: 'klingon' })).rejects.toMatchObject({
      code: 'ARGUMENT',
    })
  })

  test.each([
    [
      'picture.txt',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49),
    ],
    ['numbers.txt', new Uint8Array(new Float32Array([1, 2.5, -3, 7e9]).buffer)],
    ['zeros.txt', new Uint8Array(100)],
  ])('%s is binary and says so', async (name, content) => {
    await expect(readTextFile(file(name, content))).rejects.toMatchObject({
      code: 'DATA',
      message: expect.stringMatching(/a text file, received binary data/),
    })
  })

  test('a file that is not there, and a folder', async () => {
    file('moby.txt', 'x')
    await expect(readTextFile(join(folder, 'mobi.txt'))).rejects.toThrow(/moby\.txt/)
    await expect(readTextFile(folder)).rejects.toMatchObject({ code: 'FILE' })
    await expect(readTextFile(file('broken.txt.gz', 'no gzip'))).rejects.toMatchObject({
      code: 'FILE',
    })
  })
})

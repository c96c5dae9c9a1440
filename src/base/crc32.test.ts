import { crc32 as zlibCrc32 } from 'node:zlib'
import { expect, it } from 'vitest'
import { crc32 } from './crc32.js'

it('agrees with zlib, whole and in parts', () => {
  const bytes = Uint8Array.from({ length: 1003 }, (_, i) => (i * 37) ^ (i >> 3))
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  expect(crc32(bytes)).toBe(zlibCrc32(bytes))
  expect(crc32(bytes.subarray(400), crc32(bytes.subarray(0, 400)))).toBe(zlibCrc32(bytes))
  expect(crc32(new Uint8Array(0))).toBe(0)
})

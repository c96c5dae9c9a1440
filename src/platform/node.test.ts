// Files that are whole or not there, and what the machine says about itself.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import * as browser from './browser.js'
import * as node from './node.js'

const folder = mkdtempSync(join(tmpdir(), 'athanor-platform-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('files', () => {
  test('are replaced whole, and leave no temporary behind', () => {
    const path = join(folder, 'a.json')
    writeFileSync(path, 'old')
    node.writeFileAtomically(path, 'new ä')
    expect(new TextDecoder().decode(node.readFile(path))).toBe('new ä')
    node.writeFileAtomically(path, new Uint8Array(3_000_000).fill(7))
    expect(readFileSync(path).every(byte => byte === 7)).toBe(true)
    expect(readdirSync(folder)).toEqual(['a.json'])
  })

  test('a write that fails leaves the old file and nothing else', () => {
    const path = join(folder, 'no', 'such', 'folder')
    const failing = () => node.writeFileAtomically(path, 'x')
    expect(failing).toThrow(expect.objectContaining({ code: 'FILE' }))
    expect(() => node.writeFileAtomically(folder, 'x')).toThrow()
    expect(readdirSync(folder)).toEqual(['a.json'])
  })

  test('that are missing are named', () => {
    expect(() => node.readFile(join(folder, 'absent'))).toThrow(/absent/)
    expect(node.fileExists(join(folder, 'absent'))).toBe(false)
    expect(node.fileExists(folder)).toBe(true)
  })
})

test('the machine has memory and processors', () => {
  expect(node.availableMemory()).toBeGreaterThan(2 ** 20)
  expect(node.availableMemory()).toBeLessThanOrEqual(totalmem())
  expect(node.processors()).toBeGreaterThanOrEqual(1)
  expect(node.nowMs()).toBeLessThanOrEqual(node.nowMs())
})

test('both platforms offer the same', () => {
  expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort())
})

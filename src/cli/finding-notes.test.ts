import { expect, test } from 'vitest'
import { sayIn } from '../runs/messages/messages.js'
import { findingNotes } from './finding-notes.js'

const plain = (text: string) => text
const style = { bold: plain, dim: plain, good: plain, warn: plain, bad: plain }

const notesOf = (count: number) => {
  const files = Array.from({ length: count }, (_, i) => `gone-${i + 1}.wav`)
  const finding = { fault: 'missingFile', count, example: files[0], files } as const
  return findingNotes([finding], 'report.json', sayIn('en'), style)
}

test('a line for the fault, and the files behind the first', () => {
  expect(notesOf(1).length).toBe(1)
  expect(notesOf(3)).toEqual([
    expect.stringMatching(/3 files are not there, first gone-1\.wav/),
    '  gone-2.wav',
    '  gone-3.wav',
  ])
})

test('twenty files at most, and where all are', () => {
  expect(notesOf(20).length).toBe(20)
  const notes = notesOf(25)
  expect(notes.at(-2)).toBe('  gone-20.wav')
  expect(notes.at(-1)).toBe('  … and 5 more; all of them are in report.json')
})

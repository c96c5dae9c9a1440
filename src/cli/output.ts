// Where the command line writes: results to stdout, everything else to stderr; colours and the live
// line only on a terminal.

import { writeSync } from 'node:fs'

export interface Output {
  /** A result: stdout. With --json only `json` writes there. */
  result(text: string): void
  /** A piece of a result, as it is: stdout. */
  piece(text: string): void
  /** A line about what is going on: stderr. */
  note(text: string): void
  /** Replaces the live line on a terminal; elsewhere nothing. */
  live(text: string): void
  /** The one object of --json. */
  json(value: unknown): void
  /** Whether live lines are shown. */
  readonly isLive: boolean
  readonly style: Style
}

export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly good: (text: string) => string
  readonly warn: (text: string) => string
  readonly bad: (text: string) => string
}

const plain = (text: string) => text
const ansi = (code: number, end: number) => (text: string) => `\u001b[${code}m${text}\u001b[${end}m`

const coloured: Style = {
  bold: ansi(1, 22),
  dim: ansi(2, 22),
  good: ansi(32, 39),
  warn: ansi(33, 39),
  bad: ansi(31, 39),
}
const uncoloured: Style = { bold: plain, dim: plain, good: plain, warn: plain, bad: plain }

export function openOutput(): Output {
  const { stderr, stdout } = process
  const isLive = stderr.isTTY === true && process.env.TERM !== 'dumb'
  const colours = isLive && stdout.isTTY === true && !process.env.NO_COLOR
  let liveShown = false
  const clear = () => {
    if (liveShown) stderr.write('\r\u001b[2K')
    liveShown = false
  }
  // A reader that goes away (`athanor runs | head -1`) is no fault.
  for (const stream of [stdout, stderr])
    stream.on('error', error => {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
    })
  return {
    isLive,
    style: colours ? coloured : uncoloured,
    result(text) {
      clear()
      stdout.write(`${text}\n`)
    },
    piece(text) {
      clear()
      stdout.write(text)
    },
    note(text) {
      clear()
      stderr.write(`${text}\n`)
    },
    live(text) {
      if (!isLive) return
      const width = Math.max(20, (stderr.columns ?? 80) - 1)
      stderr.write(`\r\u001b[2K${clipToWidth(text, width)}`)
      liveShown = true
    },
    json(value) {
      clear()
      // Synchronous, so that nothing is lost when the process ends.
      const bytes = Buffer.from(`${JSON.stringify(value)}\n`)
      for (let at = 0; at < bytes.length; )
        try {
          at += writeSync(1, bytes, at)
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'EPIPE') return
          if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
        }
    },
  }
}

/** Columns that a text takes on a terminal: East Asian wide characters take two (UAX 11). */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (/\p{M}|\p{Cf}/u.test(character)) continue
    width += isWide(code) ? 2 : 1
  }
  return width
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  )
}

function clipToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let shown = ''
  let used = 1
  for (const character of text) {
    used += displayWidth(character)
    if (used > width) break
    shown += character
  }
  return `${shown}…`
}

/** A plain table: first column to the left, the others to the right. */
export function textTable(
  rows: readonly (readonly string[])[],
  left: readonly number[] = [0],
): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map(row => displayWidth(row[i] ?? ''))))
  return rows.map(row =>
    row
      .map((cell, i) => {
        const space = ' '.repeat(widths[i] - displayWidth(cell))
        return left.includes(i) ? cell + space : space + cell
      })
      .join('  ')
      .trimEnd(),
  )
}

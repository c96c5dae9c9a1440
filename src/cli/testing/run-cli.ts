// Runs the built command line as a real process, in a folder of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../', import.meta.url))
/** ATHANOR_CLI names another build to test. */
const main = process.env.ATHANOR_CLI ?? join(root, 'dist', 'cli', 'main.js')

export interface Finished {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly child: ChildProcess
  readonly finished: Promise<Finished>
}

export class Workplace {
  private constructor(readonly folder: string) {}

  static async open(): Promise<Workplace> {
    return new Workplace(await mkdtemp(join(tmpdir(), 'athanor-cli-')))
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts)
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    await writeFile(this.path(name), content)
    return name
  }

  start(...words: string[]): Started {
    return this.spawn(process.execPath, [main, ...words])
  }

  /** With files limited to so many KiB. */
  runLimited(kib: number, ...words: string[]): Promise<Finished> {
    const script = `ulimit -f ${kib}; exec "$0" "$@"`
    return this.spawn('bash', ['-c', script, process.execPath, main, ...words]).finished
  }

  private spawn(command: string, words: readonly string[]): Started {
    const child = spawn(command, words, {
      cwd: this.folder,
      env: { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text
    })
    const finished = new Promise<Finished>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
    })
    return {
      child,
      finished,
    }
  }

  run(...words: string[]): Promise<Finished> {
    return this.start(...words).finished
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A table that a linear model nearly solves: numbers, a category in Chinese, two classes. */
export function smallTable(rows = 120): string {
  const lines = ['size,weight,城市,kind']
  for (let i = 0; i < rows; i++) {
    const size = ((i * 37) % 100) / 10
    const weight = ((i * 53) % 70) / 7
    const city = ['北京', '上海', 'Oslo'][i % 3]
    const kind = size + weight + (city === 'Oslo' ? 3 : 0) > 10.5 ? 'large' : 'small'
    lines.push(`${size},${weight.toFixed(3)},${city},${kind}`)
  }
  return `${lines.join('\n')}\n`
}

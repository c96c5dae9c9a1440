// A contender as a child process that answers commands, so that contenders can take turns.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

export class Child {
  constructor(command, args, env = {}) {
    this.process = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.errors = ''
    this.waiting = []
    this.process.on('error', error => this.fail(error.message))
    this.process.on('exit', code => this.fail(`ended with ${code}: ${this.errors.slice(-600)}`))
    this.process.stdin.on('error', () => {})
    this.process.stderr.on('data', text => {
      this.errors = (this.errors + text).slice(-4000)
    })
    createInterface({ input: this.process.stdout }).on('line', line => {
      if (!line.startsWith('{"ok"')) return // a library's greeting
      this.waiting.shift()?.(JSON.parse(line))
    })
  }

  fail(reason) {
    this.gone = reason
    for (const answer of this.waiting.splice(0)) answer({ ok: false, error: reason })
  }

  /** Sends one command and resolves to its answer; rejects when the worker reports an error. */
  async ask(message, timeoutSeconds = 600) {
    if (this.gone !== undefined) throw new Error(this.gone)
    let timer
    const answer = await new Promise(resolve => {
      this.waiting.push(resolve)
      timer = setTimeout(
        () => resolve({ ok: false, error: 'no answer in time' }),
        timeoutSeconds * 1000,
      )
      this.process.stdin.write(`${JSON.stringify(message)}\n`)
    })
    clearTimeout(timer)
    if (!answer.ok) throw new Error(answer.error)
    return answer
  }

  /** Peak and present resident bytes, from the kernel's account (Linux). */
  memory() {
    try {
      const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8')
      const kilobytes = name => Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))?.[1]) * 1024
      return { peak: kilobytes('VmHWM'), now: kilobytes('VmRSS') }
    } catch {
      return undefined
    }
  }

  close() {
    if (this.gone === undefined) this.process.kill()
  }
}

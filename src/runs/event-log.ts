// The append-only log of a run: one JSON object a line. A crash may tear the last line; readers pass
// over it and a run that goes on cuts it off.

import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { RunEvent, RunEventBody } from './events.js'
import { readError, writeError } from './storage.js'

/** Events after which the log must be on disk. */
const syncedAfter: ReadonlySet<RunEvent['type']> = new Set(['interrupted', 'failed', 'finished'])

export class EventLog {
  private readonly file: number
  /** Bytes written so far: a checkpoint keeps it, and a resumed run cuts the log back to it. */
  offset: number

  /** Opens the log for appending; what stands behind `offset` is cut off. */
  constructor(
    readonly path: string,
    offset = 0,
  ) {
    try {
      this.file = openSync(path, offset === 0 ? 'w' : 'r+')
      if (offset > 0) ftruncateSync(this.file, offset)
    } catch (error) {
      throw writeError(path, error)
    }
    this.offset = offset
  }

  append(body: RunEventBody): RunEvent {
    const event: RunEvent = { time: new Date().toISOString(), ...body }
    const line = Buffer.from(`${JSON.stringify(event)}\n`)
    try {
      // One write a line, at its own place: a line is never mixed with another.
      let done = 0
      while (done < line.length)
        done += writeSync(this.file, line, done, line.length - done, this.offset + done)
      this.offset += line.length
      if (syncedAfter.has(event.type)) fsyncSync(this.file)
    } catch (error) {
      throw writeError(this.path, error)
    }
    return event
  }

  close(): void {
    closeSync(this.file)
  }
}

export interface LoggedEvents {
  readonly events: readonly RunEvent[]
  /** Bytes of whole, readable lines at the beginning of the file. */
  readonly length: number
  /** Bytes up to and with the end of an epoch (1-based): what stands behind was not kept. */
  readonly lengthAt: (epoch: number) => number
}

/** Reads a log as far as it is whole. */
export async function readEvents(path: string): Promise<LoggedEvents> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return { events: [], length: 0, lengthAt: () => 0 }
    throw readError(path, error)
  }
  const events: RunEvent[] = []
  const ends: number[] = []
  let start = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    try {
      const event = JSON.parse(bytes.toString('utf8', start, end))
      if (typeof event?.type !== 'string') break
      events.push(event)
    } catch {
      break
    }
    start = end + 1
    ends.push(start)
  }
  return {
    events,
    length: start,
    lengthAt: epoch => {
      const last = events.findLastIndex(event =>
        epoch === 0
          ? event.type === 'model' || event.type === 'data' || event.type === 'started'
          : event.type === 'epoch' && event.epoch === epoch,
      )
      return last < 0 ? 0 : ends[last]
    },
  }
}

// The same model at any number of threads.

import { defaultExecutor, openExecutor } from '../../execute/select.js'
import { fitted, type Subject } from './subject.js'

export const threadChecks = {
  async 'the same model at any number of threads'(subject: Subject) {
    const own = defaultExecutor()
    if (own.name !== 'native') return undefined
    const saved: string[] = []
    try {
      // Opening sets the number for the whole process.
      for (const threads of [1, 2, 3]) {
        openExecutor({ name: 'native', isa: own.isa, threads })
        saved.push(JSON.stringify(await fitted(subject)))
      }
    } finally {
      openExecutor({ name: 'native', isa: own.isa, threads: own.threads })
    }
    const other = saved.findIndex(json => json !== saved[0])
    return other < 0 ? undefined : `${other + 1} threads give another model than 1`
  },
} as const

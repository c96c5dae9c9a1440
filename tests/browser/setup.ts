// Says once whether browser tests can run here.

import buildOnce from '../build-once.js'
import { findChromium } from './chromium.js'

export default function setup() {
  buildOnce()
  if (findChromium() !== undefined) return
  const line = 'Chromium not found: browser tests are skipped (install it, or set CHROMIUM)'
  if (process.env.ATHANOR_FORBID_SKIPS === '1') throw new Error(line)
  console.warn(line)
}
